"""Estimators of single actions by name, as on the command line."""

from collections.abc import Callable, Mapping
from typing import TypeVar

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
from equipoise.evaluation.offpolicy.tuning import Tuned

T = TypeVar("T")

ESTIMATORS: Mapping[str, OfRounds] = {
    "auto": Auto(),
    "replay": Replay(),
    "direct_method": DirectMethod(),
    "ips": IPS(),
    "clipped_ips": Tuned(estimator=IPS()),
    "self_normalised": SelfNormalisedIPS(),
    "sub_gaussian": Tuned(estimator=SubGaussianIPS()),
    "doubly_robust": DoublyRobust(),
    "clipped_dr": Tuned(estimator=DoublyRobust()),
    "self_normalised_dr": SelfNormalisedDR(),
    "switch_dr": Tuned(estimator=SwitchDR()),
    "shrinkage_dr": Tuned(estimator=ShrinkageDR()),
    "sub_gaussian_dr": Tuned(estimator=SubGaussianDR()),
}
"""Those that need nothing but a log, a target and perhaps a reward model; what can be tuned is."""

SLATES: Mapping[str, OfSlates] = {
    "auto": RewardInteractionIPS(self_normalised=True),
    "reward_interaction": RewardInteractionIPS(),
    "self_normalised_reward_interaction": RewardInteractionIPS(self_normalised=True),
    "standard": SlateIPS(),
    "self_normalised_standard": SlateIPS(self_normalised=True),
}
"""Those that fit slates filled from the top, of which the chances given those above are logged."""

INTERVALS: Mapping[str, Callable[[], Interval]] = {
    "bootstrap": Bootstrap,
    "studentised": lambda: Bootstrap(kind="studentised"),
    "normal": Normal,
    "bernstein": EmpiricalBernstein,
    "betting": Betting,
    "asymptotic": AsymptoticSequence,
}


def picked(names: str, known: Mapping[str, T], field: str) -> dict[str, T]:
    """Return what the `names`, with commas between, stand for; refuse one that is unknown."""
    chosen = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in chosen if name not in known]
    if unknown or not chosen:
        wrong = f"there is no {unknown[0]!r}" if unknown else "names nothing"
        raise BadInputError(field, f"{wrong}; choose of {', '.join(known)}")
    return {name: known[name] for name in chosen}
