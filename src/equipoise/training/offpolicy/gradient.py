"""Learning a softmax-linear policy from logged choices, by the slope of an off-policy objective."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import minimize

from equipoise.errors import BadInputError
from equipoise.policies.policy import NOTHING
from equipoise.policies.softmax_linear import SIGNALS, SoftmaxLinearPolicy
from equipoise.progress import report
from equipoise.training.offpolicy.choices import Choices
from equipoise.training.offpolicy.objective import Objective, Slopes
from equipoise.training.offpolicy.snips import SNIPS
from equipoise.training.offpolicy.walk import pull, walk
from equipoise.types import Floats

NO_GUESSES = np.zeros((0, 0), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """A policy, and the objective on the log it was learned from: that of the policy that was first
    made to imitate the log, and that of the one learned.
    """

    policy: SoftmaxLinearPolicy
    imitated: float
    reached: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyGradient:
    """Climbs `objective` from a policy that imitates the log, by L-BFGS.

    Positions are learned as choices among what those above had left, the slates above being as the log has
    them: what a choice does to the positions below is not weighed (the first-order gradient of Degris,
    White and Sutton, 2012). `reg` is the price of squared weights, in standard deviations of the reward of a
    slate; `iterations` bounds each of the two climbs. The same choices give the same bits.
    """

    objective: Objective = field(default_factory=SNIPS)
    reg: float = 1e-3
    iterations: int = 100

    def __post_init__(self) -> None:
        if not self.reg > 0.0 or self.iterations < 1:
            raise BadInputError("reg", "must be above 0, and iterations at least 1")

    def fit(self, choices: Choices) -> Learned:
        """Return the policy learned from `choices`."""
        problem = _Problem(choices)
        scale = float(choices.rewards.sum(axis=1).std()) or 1.0
        start = np.zeros(problem.size)
        imitation = self._climb(problem, _imitation(choices), start, 1.0, "imitate the log")
        climbed = self._climb(problem, self._slopes(choices), imitation, scale, "climb the objective")
        before, after = (self._slopes(choices)(*problem.walked(at)).value for at in (imitation, climbed))
        return Learned(policy=problem.policy(climbed), imitated=before, reached=after)

    def _slopes(self, choices: Choices) -> "_Slopes":
        return lambda chances, values: self.objective.of(choices, chances, values)

    def _climb(
        self, problem: "_Problem", slopes: "_Slopes", start: Floats, scale: float, what: str
    ) -> Floats:
        done = 0

        def loss(at: Floats) -> tuple[float, Floats]:
            value, slope = problem.slope(at, slopes)
            price = 0.5 * self.reg * float(at @ at)
            return price - value / scale, self.reg * at - slope / scale

        def tell(_: Floats) -> None:
            nonlocal done
            done += 1
            report(what, done, self.iterations)

        found = minimize(
            loss, start, jac=True, method="L-BFGS-B", options={"maxiter": self.iterations}, callback=tell
        )
        report(what, self.iterations, self.iterations)
        best: Floats = found.x
        return best


_Slopes = Callable[[Floats, Floats], Slopes]


class _Problem:
    """Numbers in a row and the policy they stand for, on one set of choices."""

    def __init__(self, choices: Choices) -> None:
        self._choices, self._there = choices, choices.items != NOTHING
        self._guesses = NO_GUESSES if choices.guesses is None else choices.guesses
        self._shape = (choices.n_items, 1 + choices.context.shape[1])
        self.size = SIGNALS + self._shape[0] * self._shape[1]

    def policy(self, at: Floats) -> SoftmaxLinearPolicy:
        """Return the policy of the numbers `at` (size,)."""
        return SoftmaxLinearPolicy(
            weights=at[:SIGNALS].copy(), items=at[SIGNALS:].reshape(self._shape).copy()
        )

    def walked(self, at: Floats) -> tuple[Floats, Floats]:
        """Return chances of what was logged and mean guesses, (n, k) each."""
        return walk(self._worth(at), self._there, self._choices.actions, self._guesses)

    def slope(self, at: Floats, slopes: _Slopes) -> tuple[float, Floats]:
        """Return the objective and its slope in `at` (size,)."""
        choices, worth = self._choices, self._worth(at)
        chances, values = walk(worth, self._there, choices.actions, self._guesses)
        found = slopes(chances, values)
        on_worth = pull(worth, self._there, choices.actions, self._guesses, found.on_chance, found.on_value)
        on_signals = np.tensordot(on_worth, choices.told, axes=((0, 1), (0, 1)))
        return found.value, np.concatenate((on_signals, self._on_items(on_worth).ravel()))

    def _worth(self, at: Floats) -> Floats:
        choices = self._choices
        return self.policy(at).worth(choices.told, choices.items, choices.context)

    def _on_items(self, on_worth: Floats) -> Floats:
        """Return the slope in each weight of each item, (n_items, 1 + c), from that in worths."""
        choices, (n_items, width) = self._choices, self._shape
        slope = np.empty((n_items, width))
        codes = np.where(self._there, choices.items, n_items).ravel()
        for column in range(width):
            told = on_worth if column == 0 else on_worth * choices.context[:, column - 1, None]
            slope[:, column] = np.bincount(codes, weights=told.ravel(), minlength=n_items + 1)[:n_items]
        return slope


def _imitation(choices: Choices) -> _Slopes:
    """Return the mean log-likelihood of what was logged, as an objective."""
    count = max(int(choices.filled.sum()), 1)
    each = choices.filled / count

    def likelihood(chances: Floats, values: Floats) -> Slopes:
        value = float((each * np.log(chances)).sum())
        return Slopes(value=value, on_chance=each, on_value=np.zeros_like(each))

    return likelihood
