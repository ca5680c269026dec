"""MABWiser as a policy: an arm for every item, chosen among the candidates by its expectations.

Its linear policies keep one model an arm, of a constant and the visitor's traits; features of (visitor,
item) have no place in them. A slate is the candidates of the highest expectations, ties at random. MABWiser
does not say how likely a choice was, and does not ask when it learns: the propensities here are all 1. It
learns in place, so `update` returns the policy itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from mabwiser.mab import MAB, LearningPolicy

from bakeoff_tuning import Family
from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.policy import NOTHING, Options, Slates
from equipoise.types import Floats, Ints

FINALISTS = 1
ARMS = {"same_items": 60, "turnover": 2_000}
"""Items that are ever met, where they are not 1,000."""
FAST_ARMS = 100
NOT_BINARY = ("linear", "revenue")
"""Worlds whose rewards Thompson sampling needs cut to 0 and 1, at the threshold of its setting."""
CONTEXT_FREE = (
    Family(name="mabwiser_ucb1", explorations=tuple(f"alpha={a}" for a in (0.0, 0.02, 0.05, 0.2, 1.0))),
    Family(name="mabwiser_ts", explorations=("",)),
)
LINEAR = (
    Family(
        name="mabwiser_lin_ucb",
        explorations=tuple(f"alpha={a}" for a in (0.02, 0.05, 0.1, 0.3, 1.0)),
        learners=("l2_lambda=1", "l2_lambda=10"),
    ),
    Family(
        name="mabwiser_lin_ts",
        explorations=tuple(f"alpha={a}" for a in (0.02, 0.05, 0.1, 0.3, 1.0)),
        learners=("l2_lambda=1", "l2_lambda=10"),
    ),
    Family(
        name="mabwiser_lin_greedy",
        explorations=tuple(f"epsilon={e}" for e in (0.0, 0.01, 0.03, 0.1, 0.2)),
        learners=("l2_lambda=1", "l2_lambda=10"),
    ),
)
POLICIES: dict[str, Callable[..., Any]] = {
    "mabwiser_ucb1": LearningPolicy.UCB1,
    "mabwiser_lin_ucb": LearningPolicy.LinUCB,
    "mabwiser_lin_ts": LearningPolicy.LinTS,
    "mabwiser_lin_greedy": LearningPolicy.LinGreedy,
}


def families(world: str) -> Sequence[Family]:
    """Return what can be run in `world`."""
    thresholds = Family(
        name="mabwiser_ts", explorations=tuple(f"threshold={t}" for t in (0.0, 0.25, 0.5, 1.0, 2.0))
    )
    context_free = (CONTEXT_FREE[0], thresholds) if world in NOT_BINARY else CONTEXT_FREE
    return context_free if too_slow(world) else context_free + LINEAR


def too_slow(world: str) -> Sequence[Family]:
    """Return what takes too long in `world`: linear policies with many arms."""
    return LINEAR if ARMS.get(world, 1_000) > FAST_ARMS else ()


def configured(world: str, family: str, setting: str, seed: int) -> "MABWiser":
    """Return MABWiser's policy with the values of `setting`."""
    values = {name: float(value) for name, _, value in (part.partition("=") for part in setting.split())}
    if family == "mabwiser_ts":
        threshold = values.get("threshold", 0.0)
        policy = LearningPolicy.ThompsonSampling(lambda arm, reward: float(reward > threshold))
    else:
        policy = POLICIES[family](**values)
    return MABWiser(policy=policy, arms=ARMS.get(world, 1_000), seed=seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class MABWiser:
    """A learning policy of MABWiser over `arms` items."""

    policy: Any
    arms: int
    seed: int

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "MABWiserPolicy":
        """Return it before it has learnt anything."""
        mab = MAB(arms=list(range(self.arms)), learning_policy=self.policy, seed=self.seed)
        drawn = not isinstance(self.policy, LearningPolicy.UCB1)
        return MABWiserPolicy(mab=mab, contextual=mab.is_contextual, drawn=drawn)


@dataclass(slots=True, kw_only=True)
class MABWiserPolicy:
    """A bandit; `drawn` if what it expects differs from one request to the next."""

    mab: Any
    contextual: bool
    drawn: bool
    fitted: bool = False
    latest: Options | None = None

    def decide(self, options: Options, k: int, *, rng: np.random.Generator) -> Slates:
        """Return the `k` candidates of the highest expectations for each request."""
        worth = np.take_along_axis(self._expectations(options), options.items, axis=1)
        order = np.lexsort((rng.random(worth.shape), -worth))[:, :k]
        actions = np.full((len(options), k), NOTHING)
        actions[:, : order.shape[1]] = order
        self.latest = options
        return Slates(
            actions=actions,
            propensities=np.ones(actions.shape),
            explored=np.zeros(actions.shape, dtype=bool),
            exploration=np.zeros(len(options)),
        )

    def propensities(self, options: Options, actions: Ints) -> Floats:
        """Not asked for here."""
        raise NotImplementedError

    def update(self, feedback: LoggedFeedback) -> "MABWiserPolicy":
        """Learn each row; a late reward is one more play of its arm, where no context is needed for that."""
        told = feedback.impressions > 0 if self.contextual else np.full(len(feedback), fill_value=True)
        rows = [feedback.items[told], feedback.rewards[told]]
        if self.contextual:
            assert self.latest is not None
            rows.append(np.repeat(_contexts(self.latest), told.sum() // len(self.latest), axis=0))
        (self.mab.partial_fit if self.fitted else self.mab.fit)(*rows)
        self.fitted = True
        return self

    def _expectations(self, options: Options) -> Floats:
        """Return what each arm is expected to earn in each request, (n, arms); 0 at first."""
        if not self.fitted:
            return np.zeros((len(options), len(self.mab.arms)))
        told = self.mab.predict_expectations(_contexts(options) if self.drawn else None)
        each = told if isinstance(told, list) else [told] * len(options)
        return np.array([list(one.values()) for one in each], dtype=np.float64)


def _contexts(options: Options) -> Floats:
    return np.column_stack((np.ones(len(options)), options.context))
