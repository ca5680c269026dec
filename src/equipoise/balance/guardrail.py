"""The guardrail: what exploring may cost, whatever the policy, the shoppers or their drift.

With probability at least 1 - delta, at every time T at once,

    sum_{t<=T} m_t  >=  (1 - loss) sum_{t<=T} b_t                                                (1)

where m_t is the expected reward of the slate shown and b_t that of the slate the policy itself would have
shown as its best guess, to the same request and with the same knowledge: a conservative bandit (Wu et
al., 2016; Kazerouni et al., 2017), with no model of the rewards. They must lie in [0, B], and are clipped.

While there is enough in reserve, a coin decides: with chance q a slate may explore (E), else it is the
best guess (K, for comparison). Without, all are best guesses. A best guess adds loss * b_t to the left side
less the right, so (1) can only fail at an explored slate; that costs at most (1 - loss) B. So it is enough
never to explore unless a lower bound of the difference in (1), valid at all times, is at least that large.

The bound has two parts, each wrong with probability at most delta / 2. Let rho_t = q_t / (1 - q_t).

**What explored slates would have earned as best guesses** is read off the comparisons. The sum of
(1[E] - rho_t 1[K]) b_t is a martingale, for the coin knows nothing of the request; its increments are at
most B and have variance rho_t b_t^2 <= rho_t B b_t. By Freedman's (1975) supermartingale, for any e > 0,
with f = (exp(e) - 1 - e) / e and r the largest rho_t, at all times

    (1 - f r) sum_E b_t  <=  (1 + f) sum_K rho_t b_t  +  B log(2 / delta) / e.                    (2)

**The rewards themselves.** With (2), the difference in (1) is at least the sum of c_t times the expected
reward of what was shown, less (1 - loss) B log(2 / delta) / (e (1 - f r)), where

    c_t = 1 for E,   c_t = loss - (1 - loss) rho_t (1 + f) / (1 - f r) for K.                     (3)

The rewards Y_t that came are unbiased for that, so the empirical Bernstein supermartingale (Fan et al.,
2015; Howard et al., 2021) bounds it from below by sum c_t Y_t - w: with S = B max(abs c_t), psi(u) =
-log(1 - u) - u, V = sum (c_t (Y_t - Z_t))^2 for any Z_t in [0, B] fixed beforehand (the mean so far), and
any u in (0, 1),

    w = (log(2 / delta) + psi(u) V / S^2) S / u.                                                  (4)

Several e and u are tried at once, each with its part of delta (a union bound), and the best is taken.
Slates whose reward is not final yet are charged in full: (1 - loss) B for each that may explore.
"""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats

_TILTS = np.array([0.4, 0.2, 0.1, 0.05])
"""The e of (2): large ones bind early, small ones late."""
_EXCESS = (np.expm1(_TILTS) - _TILTS) / _TILTS
"""The f of (2)."""
_EVERY = 32
"""Slates between two looks at the reserve."""
_RATES = 0.5 ** np.arange(1, 15)
"""The u of (4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail:
    """Exploring may cost at most `loss` of what best guesses would have earned; 1 is no guardrail.

    It may fail with probability `delta`. A slate earns between 0 and `largest`; what is beyond is not
    counted. While there is enough in reserve, a slate may explore with chance `trial`; with a higher one
    fewer are left to compare with, and the reserve is known less well.
    """

    loss: float = 1.0
    delta: float = 0.05
    largest: float = 5.0
    trial: float = 1.0 / 3.0

    def __post_init__(self) -> None:
        for name, high in (("loss", 1.0), ("delta", 0.5), ("trial", 0.7)):
            if not 0.0 < getattr(self, name) <= high:
                raise BadInputError(name, f"must be above 0 and at most {high}, not {getattr(self, name)}")
        if not (self.largest > 0.0 and np.isfinite(self.largest)):
            raise BadInputError("largest", f"must be a positive number, not {self.largest}")

    @property
    def off(self) -> bool:
        """Whether anything may be lost."""
        return self.loss >= 1.0

    @property
    def price(self) -> float:
        """What an explored slate costs at most."""
        return (1.0 - self.loss) * self.largest

    def verdict(self, chance: float, luck: float) -> "Verdict":
        """Return what a coin with `chance` says, where `luck` is uniform in [0, 1)."""
        return Verdict(chance=chance, explore=luck < chance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a slate may explore, and the chance that it might: that of a trial, or none."""

    chance: float
    explore: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardReading:
    """The `reserve` that is certain, what a slate that explores must find there, and the slates so far.

    Of `slates` that are final, `explored` might explore; `pending` more might and are not final.
    """

    reserve: float
    price: float
    slates: int
    explored: int
    pending: int
    may_explore: bool


@dataclass(slots=True)
class Guard:
    """Keeps a `Guardrail`; a few numbers of memory.

    Each slate asks for a `verdict`, is `open`-ed when it is decided, and `close`-d with its reward in the
    order of decisions, or `drop`-ped if nobody was shown it.
    """

    config: Guardrail
    pending: int = 0
    slates: int = 0
    explored: int = 0
    _sums: Floats = field(default_factory=lambda: np.zeros(len(_TILTS)))
    _squares: Floats = field(default_factory=lambda: np.zeros(len(_TILTS)))
    _seen: dict[bool, tuple[float, int]] = field(
        default_factory=lambda: dict.fromkeys((True, False), (0.0, 0))
    )
    _known: float = -np.inf
    _fresh: int = 0
    _owed: int = 0

    def __post_init__(self) -> None:
        self._known = self.reserve

    def verdict(self, luck: float) -> Verdict:
        """Return whether a slate may explore, by `luck` uniform in [0, 1)."""
        return self.config.verdict(self.config.trial if self.may_explore else 0.0, luck)

    def open(self, verdict: Verdict) -> None:
        """Count a slate whose reward is not known yet."""
        self.pending += verdict.explore

    def drop(self, verdict: Verdict) -> None:
        """Forget an opened slate that was not shown."""
        self.pending -= verdict.explore

    def close(self, verdict: Verdict, reward: float) -> None:
        """Count what an opened slate earned in all."""
        earned = min(max(reward, 0.0), self.config.largest)
        total, count = self._seen[verdict.explore]
        usual = total / count if count else 0.0
        weights = self._weights(verdict)
        self._sums += weights * earned
        self._squares += (weights * (earned - usual)) ** 2
        self._seen[verdict.explore] = total + earned, count + 1
        self.pending -= verdict.explore
        self.slates, self.explored = self.slates + 1, self.explored + verdict.explore
        self._fresh, self._owed = self._fresh + 1, self._owed + verdict.explore

    @property
    def may_explore(self) -> bool:
        """Whether one more explored slate is paid for, whatever it earns.

        The reserve is looked up once in so many slates; those since are charged as if they were pending.
        """
        if self._fresh >= _EVERY:
            self._known, self._fresh, self._owed = self.reserve, 0, 0
        return self._known - (self.pending + self._owed) * self.config.price >= self.config.price

    @property
    def reserve(self) -> float:
        """The lower bound of the difference in (1) over the slates that are closed."""
        return float(np.max(self._sums - self._width() - _terms(self.config).toll))

    @property
    def reading(self) -> GuardReading:
        """The state as a value."""
        return GuardReading(
            reserve=self.reserve,
            price=self.config.price,
            slates=self.slates,
            explored=self.explored,
            pending=self.pending,
            may_explore=self.may_explore,
        )

    def _weights(self, verdict: Verdict) -> Floats:
        """Return the c of (3) for each e."""
        terms = _terms(self.config)
        if verdict.explore:
            return terms.explored
        return terms.compared if verdict.chance > 0.0 else terms.idle

    def _width(self) -> Floats:
        """Return the w of (4) for each e, the best over u."""
        terms = _terms(self.config)
        width: Floats = (terms.fixed + terms.slopes * self._squares[:, None]).min(axis=1)
        return width


@dataclass(frozen=True, slots=True)
class _Terms:
    """The constants of the bounds: `toll` (e,) of (2), and the w of (4) is `fixed` + `slopes` V, (e, u).

    The c of (3) are `explored`, `compared`, and `idle` where there was no coin, each (e,).
    """

    toll: Floats
    fixed: Floats
    slopes: Floats
    explored: Floats
    compared: Floats
    idle: Floats


@lru_cache(maxsize=16)
def _terms(config: Guardrail) -> _Terms:
    odds, ones = config.trial / (1.0 - config.trial), np.ones(len(_TILTS))
    shrunk = 1.0 - _EXCESS * odds
    compared = config.loss - (1.0 - config.loss) * odds * (1.0 + _EXCESS) / shrunk
    wrong = np.log(2.0 * len(_TILTS) / config.delta)
    scales = config.largest * np.maximum(1.0, np.abs(compared))[:, None]
    return _Terms(
        toll=config.price * wrong / (_TILTS * shrunk),
        fixed=(wrong + np.log(len(_RATES))) * scales / _RATES,
        slopes=(-np.log1p(-_RATES) - _RATES) / (_RATES * scales),
        explored=ones,
        compared=compared,
        idle=config.loss * ones,
    )
