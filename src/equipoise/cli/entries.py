"""Models as they are written on the command line, `ease(reg=100, decay=0.7)`, or in a file of settings.

A file has one table a model, the rest of which are its hyperparameters:

    [[model]]
    name = "ease"
    label = "ease, strict"      # where two have the same name
    reg = 1000.0
"""

import math
import re
import tomllib
from ast import literal_eval
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from equipoise.data.dataset import Dataset
from equipoise.errors import BadInputError
from equipoise.models.registry import configured, names
from equipoise.training.contest import Entry

_MODEL = re.compile(r"\s*(?P<name>[\w.:]+)\s*(?:\((?P<settings>[^()]*)\))?\s*")
_COMMA = re.compile(r",(?![^()]*\))")
_WORDS = {"true": True, "false": False, "none": None, "inf": math.inf}
OF_DATA = "data"
"""A value that stands for what the data set knows: `content=data`."""


def entries(models: str | None, config: Path | None, data: Dataset | None = None) -> list[Entry]:
    """Return the models named in `models` and then those of the file `config`."""
    found = [*_written(models, data), *_filed(config, data)]
    if not found:
        raise BadInputError("--models", f"name at least one of {', '.join(names())}")
    twice = next((label for label, n in Counter(each.label for each in found).items() if n > 1), None)
    if twice is not None:
        raise BadInputError("--models", f"{twice} is named twice; leave one out, or give it other settings")
    return found


def entry(
    name: str, settings: Mapping[str, Any], *, label: str | None = None, data: Dataset | None = None
) -> Entry:
    """Return the model called `name` with `settings`; `content=data` takes what `data` tells of its items."""
    learner = configured(name, {key: _of_data(key, value, data) for key, value in settings.items()})
    return Entry(label=label or spelt(name, settings), name=name, learner=learner, settings=settings)


def spelt(name: str, settings: Mapping[str, Any]) -> str:
    """Return a model as it is written on the command line."""
    told = ", ".join(f"{key}={value}" for key, value in settings.items())
    return f"{name}({told})" if told else name


def parsed(text: str) -> tuple[str, dict[str, Any]]:
    """Return the name and the settings of a model as written on the command line."""
    match = _MODEL.fullmatch(text)
    if match is None:
        raise BadInputError("--models", f"{text.strip()!r} is not NAME or NAME(setting=value, ...)")
    pairs = [part.partition("=") for part in (match["settings"] or "").split(",") if part.strip()]
    broken = next((key for key, sign, value in pairs if not (key.strip() and sign and value.strip())), None)
    if broken is not None:
        raise BadInputError("--models", f"{text.strip()!r}: write each setting as name=value")
    return match["name"], {key.strip(): _value(value.strip()) for key, _, value in pairs}


def calls(models: str | None) -> Sequence[str]:
    """Return the models of a comma-separated list, each as it is written."""
    return [text for text in _COMMA.split(models or "") if text.strip()]


def _written(models: str | None, data: Dataset | None) -> Sequence[Entry]:
    return [entry(*parsed(text), data=data) for text in calls(models)]


def _filed(config: Path | None, data: Dataset | None) -> Sequence[Entry]:
    tables = [] if config is None else _tables(config)
    return [
        entry(
            str(table["name"]),
            {key: value for key, value in table.items() if key not in {"name", "label"}},
            label=table.get("label"),
            data=data,
        )
        for table in tables
    ]


def _tables(config: Path) -> list[dict[str, Any]]:
    try:
        found = tomllib.loads(config.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInputError("--config", f"{config} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise BadInputError("--config", f"{config} is not TOML ({error})") from error
    tables = found.get("model")
    if not isinstance(tables, list) or not all("name" in table for table in tables):
        raise BadInputError("--config", f"{config} must have [[model]] tables, each with a name")
    return tables


def _of_data(key: str, value: Any, data: Dataset | None) -> Any:
    if not (key == "content" and value == OF_DATA):
        return value
    if data is None or data.content is None:
        raise BadInputError("--models", "content=data: these files tell nothing of their items")
    return data.content


def _value(text: str) -> Any:
    """Return a number, a truth, None, or else the word itself."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    try:
        return literal_eval(text)
    except (ValueError, SyntaxError):
        return text
