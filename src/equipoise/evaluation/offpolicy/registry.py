"""Estimators of single actions by name, as on the command line."""

from collections.abc import Callable, Mapping

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.auto import Auto
from equipoise.evaluation.offpolicy.estimate import Interval
from equipoise.evaluation.offpolicy.estimators import (
    IPS,
    DirectMethod,
    DoublyRobust,
    Replay,
    SelfNormalisedDR,
    SelfNormalisedIPS,
    ShrinkageDR,
    SubGaussianDR,
    SubGaussianIPS,
    SwitchDR,
)
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds
from equipoise.evaluation.offpolicy.intervals import (
    AsymptoticSequence,
    Betting,
    Bootstrap,
    EmpiricalBernstein,
    Normal,
)
from equipoise.evaluation.offpolicy.slates import RewardInteractionIPS, SlateIPS
from equipoise.evaluation.offpolicy.slates.slates import OfSlates

ESTIMATORS: Mapping[str, Callable[..., OfRounds]] = {
    "auto": Auto,
    "replay": Replay,
    "direct_method": DirectMethod,
    "ips": IPS,
    "self_normalised": SelfNormalisedIPS,
    "sub_gaussian": SubGaussianIPS,
    "doubly_robust": DoublyRobust,
    "self_normalised_dr": SelfNormalisedDR,
    "switch_dr": SwitchDR,
    "shrinkage_dr": ShrinkageDR,
    "sub_gaussian_dr": SubGaussianDR,
}
"""Those that need nothing but a log, a target and perhaps a reward model; `switch_dr`, `shrinkage_dr` and the
sub-Gaussian ones are tuned by the estimated mean squared error."""

SLATES: Mapping[str, Callable[..., OfSlates]] = {
    "reward_interaction": RewardInteractionIPS,
    "standard": SlateIPS,
}
"""Those that fit slates filled from the top, whose chances given those above are logged."""

INTERVALS: Mapping[str, Callable[[], Interval]] = {
    "bootstrap": Bootstrap,
    "studentised": lambda: Bootstrap(kind="studentised"),
    "normal": Normal,
    "bernstein": EmpiricalBernstein,
    "betting": Betting,
    "asymptotic": AsymptoticSequence,
}


def picked(names: str, known: Mapping[str, object], field: str) -> list[str]:
    """Return the names in `names`, with commas between; refuse one that is unknown."""
    chosen = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in chosen if name not in known]
    if unknown or not chosen:
        wrong = f"there is no {unknown[0]!r}" if unknown else "names nothing"
        raise BadInputError(field, f"{wrong}; choose of {', '.join(known)}")
    return chosen
