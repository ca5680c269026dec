"""Trajectories as the arrays that value learners take: candidates with features, and those that followed."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from equipoise.data.experience import Experience
from equipoise.data.trajectories import Shown, Trajectory
from equipoise.data.vocabulary import Vocabulary
from equipoise.errors import BadInputError
from equipoise.recommenders.long_term import Terms
from equipoise.types import Floats, Ints

CANDIDATES = 40
"""Of each decision: the slate, then the best by score."""
LEAST = 100
"""Steps below which there is nothing to learn from."""


def experience(found: Iterable[Trajectory], terms: Terms, vocabulary: Vocabulary) -> Experience:
    """Return the steps of trajectories, each with up to `CANDIDATES` candidates; those of which nobody knows
    what followed are left out.
    """
    steps = [each for number, trajectory in enumerate(found) for each in _followed(number, trajectory)]
    if len(steps) < LEAST:
        raise BadInputError(
            "log", f"shows {len(steps)} slates with what followed; {LEAST} are needed, so serve some more"
        )
    k = max(len(step.shown.rewards) for step in steps)
    seen = {id(one): _Seen.of(one, terms, vocabulary, k) for step in steps for one in (step.shown, step.then)}
    here, there = ([seen[id(one)] for one in column] for column in zip(*map(_Step.pair, steps), strict=True))
    return Experience(
        items=np.stack([one.items for one in here]),
        features=np.stack([one.features for one in here]),
        places=np.stack([one.places for one in here]),
        propensities=np.stack([one.propensities for one in here]),
        rewards=np.stack([one.rewards for one in here]),
        clicked=np.array([step.shown.clicked for step in steps]),
        following_items=np.stack([one.items for one in there]),
        following=np.stack([one.features for one in there]),
        done=np.array([int(step.done) for step in steps]),
        shoppers=np.array([step.shopper for step in steps]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    shopper: int
    shown: Shown
    then: Shown
    done: bool

    def pair(self) -> tuple[Shown, Shown]:
        return self.shown, self.then


def _followed(shopper: int, trajectory: Trajectory) -> list[_Step]:
    pairs = zip(trajectory.steps[:-1], trajectory.steps[1:], strict=True)
    steps = [_Step(shopper=shopper, shown=one, then=then, done=False) for one, then in pairs]
    if not trajectory.over:
        return steps
    last = trajectory.steps[-1]
    return [*steps, _Step(shopper=shopper, shown=last, then=last, done=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """One decision as arrays of one size; fewer candidates than that are repeated."""

    items: Ints
    features: Floats
    places: Ints
    propensities: Floats
    rewards: Floats

    @classmethod
    def of(cls, shown: Shown, terms: Terms, vocabulary: Vocabulary, k: int) -> "_Seen":
        decision = shown.decision
        places = {item: place for place, item in enumerate(decision.candidates)}
        slate = [places[choice.item_id] for choice in decision.slate if choice.item_id in places]
        by_score = np.argsort(-decision.scores, kind="stable")
        kept = np.array(list(dict.fromkeys([*slate, *by_score.tolist()])))[:CANDIDATES]
        kept = np.resize(kept, CANDIDATES)
        items = vocabulary.encode(decision.candidates)
        chances = [choice.propensity for choice in decision.slate if choice.item_id in places]
        return cls(
            items=items[kept],
            features=terms.features(items, np.asarray(decision.scores), shown.situation)[kept],
            places=np.pad(np.arange(len(slate)), (0, k - len(slate)), constant_values=-1),
            propensities=_filled(np.array(chances), k, 1.0),
            rewards=_filled(shown.rewards, k, 0.0),
        )


def _filled(values: Floats, k: int, filler: float) -> Floats:
    return np.pad(values, (0, k - len(values)), constant_values=filler)
