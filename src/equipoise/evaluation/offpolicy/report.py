"""What was found, as plain data and as a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any

from equipoise.evaluation.offpolicy.compare import Judged
from equipoise.evaluation.offpolicy.estimate import Estimate


def summary(log: str, rows: Sequence[Judged], refused: Mapping[str, int]) -> dict[str, Any]:
    """Return the result of a comparison, fit for JSON: `log`, `rounds`, `refused`, `estimates`, `verdict`."""
    return {
        "log": log,
        "rounds": rows[0].diagnosis.rounds,
        "refused": dict(refused),
        "estimates": [_row(row) for row in rows],
        "diagnostics": {row.target: _finite(asdict(row.diagnosis)) for row in rows},
        "verdict": [sentence(row) for row in _firsts(rows)],
    }


def sentence(row: Judged) -> str:
    """Say whether the log can tell what the target of `row` is worth, and whether that is more."""
    if row.estimate is None or row.gain is None or not row.verdict.supported:
        return f"This log cannot tell what {row.target} is worth: {row.verdict.why}."
    gain, value = row.gain, row.estimate
    if max(abs(gain.low), abs(gain.high)) <= 1e-9 * abs(value.value):
        ends = f"{value.low:.4g} to {value.high:.4g}"
        return f"{row.target} is what was logged: {value.value:.4g} a round, {ends}."
    range_ = f"between {gain.low:+.4g} and {gain.high:+.4g} a round against what was logged"
    if gain.low <= 0.0 <= gain.high:
        return f"This log cannot tell whether {row.target} earns more or less: {range_}; {row.verdict.why}."
    more = "more" if gain.low > 0.0 else "less"
    return f"This log can tell: {row.target} earns {more}, {range_}; {row.verdict.why}."


def _firsts(rows: Sequence[Judged]) -> list[Judged]:
    """Return the row of the first estimator for each target."""
    return list({row.target: row for row in reversed(rows)}.values())[::-1]


def _row(row: Judged) -> dict[str, Any]:
    told: dict[str, Any] = {"target": row.target, "estimator": row.estimator}
    told |= _ends(row.estimate) | {"ess": row.diagnosis.ess if row.estimate is None else row.estimate.ess}
    told |= {"supported": row.verdict.supported, "why": row.verdict.why, "gain": _ends(row.gain)}
    return told


def _ends(estimate: Estimate | None) -> dict[str, float | None]:
    if estimate is None:
        return {"value": None, "low": None, "high": None}
    return _finite({"value": estimate.value, "low": estimate.low, "high": estimate.high})


def _finite(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Return `numbers` with None for what JSON cannot hold."""
    return {name: None if x is None or not isfinite(x) else x for name, x in numbers.items()}
