"""The gate: a policy goes live only if the log says that it loses no more than is tolerated."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import isfinite
from typing import Any

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.diagnosis import Diagnosis
from equipoise.evaluation.offpolicy.estimate import Estimate
from equipoise.evaluation.offpolicy.gain_slates import gain_of_slates
from equipoise.evaluation.offpolicy.slates import RewardInteractionIPS
from equipoise.evaluation.offpolicy.slates.slates import OfSlates
from equipoise.evaluation.offpolicy.sources.decisions import DecisionLog
from equipoise.evaluation.offpolicy.sources.streamed import SlateTargetPolicy, Streamed, streamed
from equipoise.evaluation.offpolicy.verdict import Limits, Verdict, judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the log says: `gain` of the candidate over the present policy, and of each its value a slate.

    `diagnosis` is of the log under the candidate.
    """

    gain: Estimate
    candidate: Estimate
    present: Estimate
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Whether a candidate may pass, and `why`; without evidence where the log could not be read for it."""

    passes: bool
    why: str
    evidence: Evidence | None = None

    def row(self) -> dict[str, Any]:
        """Return the ruling as JSON values."""
        told: dict[str, Any] = {"passes": self.passes, "why": self.why}
        if self.evidence is None:
            return told | {"gain": None, "values": None, "diagnosis": None}
        found = self.evidence
        values = {"candidate": _figures(found.candidate), "present": _figures(found.present)}
        return told | {
            "gain": _figures(found.gain),
            "values": values,
            "diagnosis": _finite(asdict(found.diagnosis)),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Passes a candidate whose gain, at the lower end of its interval, is above minus `tolerance`.

    `tolerance` is in reward a slate: 0 lets pass only what earns more. A comparison beyond `limits` passes
    nothing, whatever it says.
    """

    tolerance: float = 0.0
    estimator: OfSlates = field(default_factory=lambda: RewardInteractionIPS(self_normalised=True))
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if not 0.0 <= self.tolerance < float("inf"):
            raise BadInputError("--tolerance", f"must be 0 or more, in reward a slate, not {self.tolerance}")

    def rule(self, log: DecisionLog, candidate: SlateTargetPolicy, present: SlateTargetPolicy) -> Ruling:
        """Return the ruling on `candidate`, reading `log` once."""
        try:
            told = streamed(log.pieces(), {"candidate": candidate, "present": present}, together=True)
            evidence = self._evidence(told["candidate"], told["present"])
        except BadInputError as error:
            return Ruling(passes=False, why=f"the log cannot tell: {error.reason}")
        for of, one in told.items():
            verdict = judged(one.diagnosis, self.limits)
            if not verdict.supported:
                why = f"the log cannot tell what the {of} is worth: {verdict.why}"
                return Ruling(passes=False, why=why, evidence=evidence)
        return self._on_gain(evidence, judged(evidence.diagnosis, self.limits))

    def _evidence(self, candidate: Streamed, present: Streamed) -> Evidence:
        ours, theirs = (self.estimator.of(one.slates) for one in (candidate, present))
        return Evidence(
            gain=gain_of_slates(self.estimator, candidate, present),
            candidate=ours,
            present=theirs,
            diagnosis=candidate.diagnosis,
        )

    def _on_gain(self, evidence: Evidence, verdict: Verdict) -> Ruling:
        gain = evidence.gain
        passes = gain.low > -self.tolerance
        found = f"the gain is {gain.value:+.4g} a slate, between {gain.low:+.4g} and {gain.high:+.4g}"
        bound = f"must be above {-self.tolerance if self.tolerance else 0.0:g} throughout"
        return Ruling(passes=passes, why=f"{found}, and {bound}; {verdict.why}", evidence=evidence)


def _figures(estimate: Estimate) -> dict[str, Any]:
    return _finite(asdict(estimate))


def _finite(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Return `numbers` with None for what JSON cannot hold."""
    return {name: None if x is None or not isfinite(x) else x for name, x in numbers.items()}
