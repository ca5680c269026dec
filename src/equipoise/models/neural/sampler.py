"""What a sequence model is shown: stretches of histories, and items met soon after.

Shoppers fill baskets in no particular order, so the order inside a basket (the same user at the same
time) is drawn anew each epoch, and a target is drawn from the next `horizon` items instead of being
the very next one (Pancha et al., 2022, "PinnerFormer", dense all-action loss), the nearer the more often
where `fading` is below 1. Stretches of like length share a batch, so that little of it is padding.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import PADDING, Histories
from equipoise.data.interactions import Interactions
from equipoise.models.neural.aims import aimed, fresh
from equipoise.models.neural.batch import Batch
from equipoise.models.neural.beside import Codes
from equipoise.models.neural.stretches import Stretches, bundles
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampler:
    """Draws batches of `batch_items` places, of stretches of up to `length` items.

    Each stretch has a target for each of its places, or `targets` of them at places drawn, the last one
    always. A target that lies j places ahead is drawn `fading` ** (j - 1) times as often as the very next
    item, up to j = `horizon` and the end of the history; where there is a `target_kind`, events of other
    kinds are passed over. Targets count half as much after `half_life_days`, and, but for `repeats`, only
    where the user met the item for the first time, for that is what is asked of a recommender.
    """

    data: Interactions
    length: int
    horizon: int
    targets: int | None
    batch_items: int
    half_life_days: float
    fading: float = 1.0
    repeats: bool = False
    target_kind: str | None = None

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        """Yield batches that together pass over every history once."""
        order = _within_baskets(self.data, rng)
        weights = self.data.weights * self.data.recency(self.half_life_days)
        wanted = np.ones(len(self.data), np.bool_) if self.repeats else fresh(self.data)
        shown = _Rows.of(self.data, wanted, weights, aimed(self.data, self.target_kind), order)
        stretches = self._stretches(rng)
        for rows in bundles(stretches.lengths(), self.batch_items, rng):
            batch = self._batch(shown, stretches.take(rows), rng)
            if batch.weights.sum() > 0:
                yield batch

    def steps(self) -> int:
        """Return about how many batches an epoch has."""
        rng = np.random.default_rng(0)
        return len(bundles(self._stretches(rng).lengths(), self.batch_items, rng))

    def _stretches(self, rng: np.random.Generator) -> Stretches:
        return Stretches.of(self.data, self.length, rng, whole=self.targets is None)

    def _batch(self, shown: "_Rows", where: Stretches, rng: np.random.Generator) -> Batch:
        lengths = where.lengths()
        places = np.arange(lengths.max())
        inside = places < lengths[:, None]
        seen = np.where(inside, where.firsts[:, None] + places, 0)
        row, place = np.nonzero(inside) if self.targets is None else _drawn(lengths, self.targets, rng)
        nearest = np.searchsorted(shown.aims, where.firsts[row] + place, side="right")
        left = np.searchsorted(shown.aims, where.stops[row]) - nearest
        some = left > 0
        row, place = row[some], place[some]
        ahead = shown.aims[nearest[some] + self._distances(left[some], rng) - 1]
        asked = shown.wanted[ahead]
        return Batch(
            inputs=np.where(inside, shown.items[seen], PADDING),
            codes=shown.codes.at(seen),
            lengths=lengths,
            asked=(row * len(places) + place)[asked],
            targets=shown.items[ahead[asked]],
            weights=shown.weights[ahead[asked]],
        )

    def _distances(self, left: Ints, rng: np.random.Generator) -> Ints:
        """Draw how far ahead each target lies, 1 to `left` (p,) or `horizon`, (p,)."""
        chances = np.cumsum(self.fading ** np.arange(min(self.horizon, int(left.max(initial=1)))))
        farthest = np.minimum(left, len(chances)) - 1
        drawn = np.searchsorted(chances, rng.random(len(left)) * chances[farthest], side="right")
        return np.asarray(1 + np.minimum(drawn, farthest))


def _drawn(lengths: Ints, targets: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Draw `targets` places of each row, (b * targets,) rows and places; the last is always among them."""
    places = rng.integers(0, lengths[:, None], (len(lengths), targets))
    places[:, 0] = lengths - 1
    return np.repeat(np.arange(len(lengths)), targets), places.ravel()


@dataclass(frozen=True, slots=True)
class _Rows:
    """The interactions in the order of one epoch: items, whether one may be asked for, and weights.

    `aims` are the rows among which a target is looked for, ascending.
    """

    items: Ints
    codes: Codes
    wanted: Bools
    weights: Floats
    aims: Ints

    @classmethod
    def of(cls, data: Interactions, wanted: Bools, weights: Floats, aims: Bools, order: Ints) -> "_Rows":
        kinds = None if data.kinds is None else data.kinds[order]
        histories = Histories(data.items[order], data.histories().offsets, kinds, data.times[order])
        return cls(
            items=histories.items,
            codes=Codes.of(histories),
            wanted=wanted[order],
            weights=weights[order],
            aims=np.flatnonzero(aims[order]),
        )


def _within_baskets(data: Interactions, rng: np.random.Generator) -> Ints:
    return np.lexsort((rng.random(len(data)), data.times, data.users))
