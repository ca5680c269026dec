"""Vowpal Wabbit's ways to explore, in degrees, each on several learners."""

from collections.abc import Sequence
from functools import lru_cache

from bakeoff_tuning import Family
from bakeoff_vw_policy import VW, Lines

FINALISTS = 2
LEARNERS = ("--power_t 0", "", "--ignore i", "--power_t 0 --ignore i", "--power_t 0 -l 0.1")
FAMILIES = (
    Family(
        name="vw_epsilon",
        explorations=tuple(f"--epsilon {share}" for share in (0, 0.005, 0.02, 0.05, 0.1)),
        learners=LEARNERS,
    ),
    Family(
        name="vw_softmax",
        explorations=tuple(f"--softmax --lambda {sharpness}" for sharpness in (10, 30, 100, 300, 1000)),
        learners=LEARNERS,
    ),
    Family(
        name="vw_bag",
        explorations=(
            "--bag 2 --epsilon 0 --greedify",
            "--bag 4 --epsilon 0 --greedify",
            "--bag 4 --epsilon 0",
            "--bag 8 --epsilon 0 --greedify",
            "--bag 4 --epsilon 0.02 --greedify",
        ),
        learners=LEARNERS,
    ),
    Family(
        name="vw_cover",
        explorations=(
            "--cover 1 --nounif --psi 0.01",
            "--cover 4 --nounif --psi 0.001",
            "--cover 4 --nounif --psi 0.1",
            "--cover 4 --psi 0.01 --epsilon 0.02",
            "--cover 2 --nounif --psi 0.01",
        ),
        learners=LEARNERS,
    ),
    Family(
        name="vw_regcb",
        explorations=(
            "--regcbopt --mellowness 0.0001",
            "--regcbopt --mellowness 0.001",
            "--regcbopt --mellowness 0.01",
            "--regcb --mellowness 0.0001",
            "--regcb --mellowness 0.001",
            "--regcbopt --mellowness 0.1",
        ),
        learners=LEARNERS,
    ),
    Family(
        name="vw_squarecb",
        explorations=(
            "--squarecb --gamma_scale 10",
            "--squarecb --gamma_scale 100",
            "--squarecb --gamma_scale 1000",
            "--squarecb --gamma_scale 10000",
            "--squarecb --gamma_scale 1000 --gamma_exponent 0.25",
        ),
        learners=LEARNERS,
    ),
    Family(
        name="vw_rnd",
        explorations=(
            "--rnd 1 --epsilon 0 --rnd_invlambda 0.1",
            "--rnd 1 --epsilon 0 --rnd_invlambda 0.001",
            "--rnd 1 --epsilon 0 --rnd_invlambda 0.0000001",
            "--rnd 3 --epsilon 0 --rnd_invlambda 0.0000001",
            "--rnd 1 --epsilon 0 --rnd_invlambda 0.0000001 --rnd_alpha 0.01",
        ),
        learners=LEARNERS,
    ),
)
COSTS = {"linear": (-2, 2), "revenue": (-5, 0)}
"""The range of costs that RegCB is told, where they are not those of a click."""


def families(world: str) -> Sequence[Family]:
    """Return all of VW's explorations: they can be run everywhere."""
    return FAMILIES


def too_slow(world: str) -> Sequence[Family]:
    """Return none of them."""
    return ()


def configured(world: str, family: str, setting: str, seed: int) -> VW:
    """Return VW with the arguments of `setting`."""
    low, high = COSTS.get(world, (-1, 0))
    costs = f" --cb_min_cost {low} --cb_max_cost {high}" if family == "vw_regcb" else ""
    return VW(arguments=setting + costs, lines=_lines(world, seed))


@lru_cache(maxsize=1)
def _lines(world: str, seed: int) -> Lines:
    return Lines()
