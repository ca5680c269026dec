import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from equipoise.cli import app
from equipoise.errors import BadInputError


def test_it_prints_draws_and_writes_a_table_close_to_the_exact_one(tmp_path: Path) -> None:
    told, drawn = tmp_path / "q.json", tmp_path / "q.svg"
    call = ["rl", "table", "--steps", "300000", "--epsilon", "1", "--clusters", "2"]
    result = CliRunner().invoke(app, [*call, "--json", str(told), "--plot", str(drawn)])
    assert result.exit_code == 0, result.output
    assert "keen, 1" in result.output
    assert "*" in result.output
    figures = json.loads(told.read_text())
    assert figures["max_error_share"] < 0.05
    assert figures["greedy"][:8] == np.argmax(figures["q"], axis=1)[:8].tolist()
    assert drawn.read_text().count("<rect") == 1 + 8 * 2


@pytest.mark.parametrize("call", [["--learner", "magic"], ["--plot", "q.png"], ["--discount", "1"]])
def test_bad_options_are_refused(call: list[str]) -> None:
    result = CliRunner().invoke(app, ["rl", "table", *call])
    assert isinstance(result.exception, BadInputError)
