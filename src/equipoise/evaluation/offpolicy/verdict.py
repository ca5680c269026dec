"""The sentence after the figures: whether a log supports a comparison, and why not."""

from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.diagnosis import Diagnosis

RARE = 1e-4
"""A chance below which something is not put down to chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Beyond these a comparison is refused.

    `certain` share of rounds without a choice; `unlogged` share of the target's choices never logged; `ess`
    least effective sample size.
    """

    certain: float = 0.5
    unlogged: float = 0.01
    ess: float = 1_000.0

    def __post_init__(self) -> None:
        if not (0.0 <= self.certain <= 1.0 and 0.0 <= self.unlogged <= 1.0 and self.ess >= 0.0):
            raise BadInputError("limits", "shares must lie in [0, 1], and the sample size not be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the log supports the comparison; `why` says what stands against it, or what to mind."""

    supported: bool
    why: str


def judged(diagnosis: Diagnosis, limits: Limits | None = None) -> Verdict:
    """Return the verdict on what was found."""
    refusals = list(_refusals(diagnosis, limits or Limits()))
    warnings = list(_warnings(diagnosis))
    if refusals:
        return Verdict(supported=False, why="; ".join(refusals))
    told = f"the log speaks of the target with {diagnosis.ess:,.0f} of its {diagnosis.rounds:,} rounds"
    return Verdict(supported=True, why="; but ".join([told, *warnings]))


def _refusals(found: Diagnosis, limits: Limits) -> Iterator[str]:
    if found.certain > limits.certain:
        yield f"the logging policy had no choice in {found.certain:.0%} of rounds: let it explore"
    if found.unlogged is not None and found.unlogged > limits.unlogged:
        yield f"{found.unlogged:.1%} of the target's choices were never logged: let the log's policy try them"
    if found.ess < limits.ess:
        yield (
            f"the effective sample size is {found.ess:,.0f}, below {limits.ess:,.0f}: "
            "log more, or judge a target nearer to the logging policy"
        )


def _warnings(found: Diagnosis) -> Iterator[str]:
    off = abs(found.mean_weight - 1.0)
    if off > 4.0 * found.mean_weight_error and off > 0.01:
        yield f"the mean weight is {found.mean_weight:.3f} instead of 1: propensities or support are wrong"
    if found.tail is not None and found.tail < 2.0:
        yield "a few rounds weigh so much that the interval may be too narrow"
    if found.mismatch is not None and found.mismatch < RARE:
        yield "actions were not taken as often as their propensities say (sample-ratio mismatch)"
    if found.drift < RARE:
        yield "rewards changed within the log, and may again"
    if found.unseen is not None and found.unseen > 0.2:
        yield f"{found.unseen:.0%} of decisions have no sign of having been seen"
