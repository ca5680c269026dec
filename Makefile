# make demo   sets everything up, runs the whole loop on a real shop's orders and opens the page
# make test   sets everything up, then runs formatting, lint, types and every test
# make docs   builds the documentation into docs/_build

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test docs long clean

demo: $(VENV)/.installed
	$(BIN)/equipoise demo $(ARGS)

test: $(VENV)/.tested-with
	sh tests/setup.sh
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	OMP_NUM_THREADS=1 $(BIN)/pytest $(ARGS)

long: $(VENV)/.tested-with
	sh tests/setup.sh
	OMP_NUM_THREADS=1 $(BIN)/pytest -m long $(ARGS)

docs: $(VENV)/.documented-with
	$(BIN)/sphinx-build -W --keep-going -b html docs docs/_build

$(VENV)/bin/python:
	sh scripts/venv.sh $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --constraint constraints.txt --editable '.[all]'
	touch $@

$(VENV)/.tested-with: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev --group docs
	touch $@

$(VENV)/.documented-with: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group docs
	touch $@

clean:
	rm -rf $(VENV) docs/_build .pytest_cache .mypy_cache .ruff_cache
