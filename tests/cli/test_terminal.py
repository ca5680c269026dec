import sys

import pytest

from equipoise.cli import main, terminal


def test_an_error_names_what_is_in_brackets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["equipoise", "simulate", "--env", "[policy]", "--policies", "uniform"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "there is no '[policy]'" in capsys.readouterr().err


def test_a_factory_is_no_picture(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.console.print("own.py:factory: 100 rounds")
    assert capsys.readouterr().out == "own.py:factory: 100 rounds\n"
