"""What a reward is worth, given that there is one: two banks, one of amounts and one of their logarithms.

Money is heavy-tailed, and close to log-normal given what is known of an item; other rewards are not. Which
bank is right is told by the densities that they gave to the amounts seen. A mean of logarithms becomes
one of amounts by the ratio of what came to what was foretold (a ratio form of the smearing of Duan, 1983).
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.policies.bank.draws import Draws
from equipoise.policies.bank.state_space import StateSpace, Utilities
from equipoise.types import Floats, Ints

_MEMORY = 0.999
_CONSTANT_VARIANCE, _WEIGHT_VARIANCE = 4.0, 0.1
_MIXES = tuple(((1.0, spread),) for spread in (0.001, 0.01, 0.1, 1.0))
_RATES = (0.0, 1e-3)
_LARGEST = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """A bank with Gaussian noise, whose variance is what residuals turned out to be.

    `squares` and `count` sum squared residuals and rows, fading; `evidence` is the logarithm of the
    density that was given to what was seen, fading too.
    """

    bank: StateSpace
    squares: float = 1.0
    count: float = 1.0
    evidence: float = 0.0

    @property
    def noise(self) -> float:
        """The variance of an outcome about its mean."""
        return self.squares / self.count

    def learn(self, features: Floats, items: Ints, outcomes: Floats) -> "Regression":
        """Return the regression after rows (n,)."""
        told = self.bank.predict(features, items)
        gaps = outcomes - told.mean(told.means)
        keep = _MEMORY ** len(items)
        ones, first = np.ones(len(items)), np.ones(len(items), np.bool_)
        bank = self.bank.learn(features, items, outcomes, ones, first, noise=max(self.noise, 1e-6))
        return replace(
            self,
            bank=bank,
            squares=self.squares * keep + float(gaps @ gaps),
            count=self.count * keep + len(items),
            evidence=self.evidence * keep + self._evidence(told, outcomes),
        )

    def _evidence(self, told: Utilities, outcomes: Floats) -> float:
        variances = told.variances + max(self.noise, 1e-6)
        densities = np.exp(-0.5 * (outcomes - told.means) ** 2 / variances) / np.sqrt(2 * np.pi * variances)
        return float(np.log(told.mean(densities) + 1e-300).sum())


def _regression(n_features: int, *, usual: float) -> Regression:
    bank = StateSpace.prior(
        n_features,
        constant=usual,
        constant_variance=_CONSTANT_VARIANCE,
        weight_variance=_WEIGHT_VARIANCE,
        rates=_RATES,
        mixes=_MIXES,
    )
    return Regression(bank=bank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Amounts in units of `unit`, by one regression on themselves and one on their logarithms.

    While all amounts are alike, as with clicks, `unit` is all there is to know and nothing is fitted.
    `came` and `foretold` sum amounts and their means by logarithms; `signed` once any was below 0.
    """

    plain: Regression
    logged: Regression
    unit: float = 1.0
    started: bool = False
    alike: bool = True
    signed: bool = False
    came: float = 1.0
    foretold: float = 1.0

    @classmethod
    def prior(cls, n_features: int) -> "Values":
        """Return the values before any reward: all are 1, and their logarithms 0."""
        return cls(plain=_regression(n_features, usual=1.0), logged=_regression(n_features, usual=0.0))

    @property
    def by_logarithm(self) -> bool:
        """Whether logarithms foretold the amounts better than the amounts themselves did."""
        return not self.signed and self.logged.evidence > self.plain.evidence

    @property
    def smearing(self) -> float:
        """The mean of an amount over the exponential of its mean logarithm."""
        return self.came / self.foretold

    def learn(self, features: Floats, items: Ints, amounts: Floats) -> "Values":
        """Return the values after rewards `amounts` (n,), none of them 0."""
        if len(amounts) == 0:
            return self
        unit = self.unit if self.started else float(np.sqrt(np.mean(amounts**2)))
        opened = replace(self, unit=unit, started=True)
        scaled = amounts / unit
        if self.alike and np.allclose(scaled, 1.0, rtol=1e-9):
            return opened
        return opened._fitted(features, items, scaled)

    def _fitted(self, features: Floats, items: Ints, scaled: Floats) -> "Values":
        plain = self.plain.learn(features, items, scaled)
        if self.signed or (scaled < 0.0).any():
            return replace(self, plain=plain, alike=False, signed=True)
        told = self.logged.bank.predict(features, items)
        foretold = np.exp(np.minimum(told.mean(told.means), _LARGEST))
        logarithms = np.log(scaled)
        logged = self.logged.learn(features, items, logarithms)
        logged = replace(logged, evidence=logged.evidence - float(logarithms.sum()))
        keep = _MEMORY ** len(scaled)
        return replace(
            self,
            plain=plain,
            logged=logged,
            alike=False,
            came=self.came * keep + float(scaled.sum()),
            foretold=self.foretold * keep + float(foretold.sum()),
        )

    def means(self, features: Floats, items: Ints) -> Floats:
        """Return the expected amount of a reward of each of n `items`, (n,)."""
        if self.alike:
            return np.full(len(items), self.unit)
        if self.by_logarithm:
            told = self.logged.bank.predict(features, items)
            return self._amounts(told.mean(told.means))
        told = self.plain.bank.predict(features, items)
        return np.asarray(self.unit * told.mean(told.means))

    def drawn(self, features: Floats, items: Ints, turn: int) -> tuple[Floats, Floats]:
        """Return means (n,) and posterior draws (n, s), or (n, 1) where all are alike, of the amounts."""
        if self.alike:
            return np.full(len(items), self.unit), np.full((len(items), 1), self.unit)
        bank = self.logged.bank if self.by_logarithm else self.plain.bank
        told = bank.predict(features, items)
        draws = Draws.of(bank, turn, purpose="values").utilities(items, told, told.own_variances)
        means = told.mean(told.means)
        if self.by_logarithm:
            return self._amounts(means), self._amounts(draws)
        return self.unit * means, self.unit * draws

    def _amounts(self, logarithms: Floats) -> Floats:
        amounts: Floats = np.exp(np.minimum(logarithms, _LARGEST)) * (self.smearing * self.unit)
        return amounts
