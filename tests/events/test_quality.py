from pathlib import Path

import pytest

from equipoise.errors import BadInputError
from equipoise.events.quality import QualityReport, load_reports

REPORT = QualityReport(source="orders.csv", read=10, kept=6, refused={"a": 1, "b": 2}, held_back=1, at=5)


def test_rows_must_add_up() -> None:
    with pytest.raises(BadInputError, match="do not add up"):
        QualityReport(source="s", read=10, kept=6, refused={"a": 1}, held_back=1)


def test_reports_come_back_in_their_order(tmp_path: Path) -> None:
    later = QualityReport(source="a.csv", read=1, kept=1, at=6)
    later.save(tmp_path)
    REPORT.save(tmp_path)
    assert load_reports(tmp_path) == [REPORT, later]
    assert load_reports(tmp_path / "none") == []


def test_a_foreign_file_among_the_reports_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(BadInputError, match=r"x\.json: not a quality report"):
        load_reports(tmp_path)


def test_the_reasons_are_read_worst_first() -> None:
    assert [line[1:] for line in REPORT.lines() if line[0] == "refused"] == [("b", 2), ("a", 1)]
