"""Two towers, one of histories and one of items, on in-batch softmax corrected for popularity (Yi et al.,
2019).

An item's vector is its own plus one of what is known of it, and its own is left out at random in training
(Volkovs et al., 2017, "DropoutNet"), so that an item nobody has met is scored by what is known of it. The
other items of a batch are the negatives; taking log q_j off the logit of item j, q_j its share of the
targets, makes up for popular ones being negatives more often. Fitted in PyTorch, scored in NumPy.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError, MissingExtraError
from equipoise.models.cosines import nearest, unit_rows
from equipoise.models.dense import DenseScorer
from equipoise.models.learner import TopK
from equipoise.models.space import Between, Whole, tunable
from equipoise.types import Floats, Ints

_NEWEST = 20
"""Of longer histories the newest items are learnt from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoTower:
    """Vectors of `embedding_size`; an item of a history counts `decay` for each place of age.

    `content` tells of the items, without it they are known by who met them alone. `content_only` is the share
    of training in which an item goes by its content; vectors have length 1, and `temperature` divides their
    cosine.
    """

    content: ItemContent | None = None
    embedding_size: int = tunable(64, Whole(16, 256, log=True))
    decay: float = tunable(0.8, Between(0.3, 1.0))
    content_only: float = tunable(0.5, Between(0.0, 0.9))
    temperature: float = tunable(0.2, Between(0.02, 0.5, log=True))
    reg: float = tunable(1.0, Between(1e-3, 10.0, log=True))
    epochs: int = tunable(5, Whole(1, 100, log=True))
    batch_size: int = 512
    learning_rate: float = tunable(3e-3, Between(3e-4, 3e-2, log=True))

    def __post_init__(self) -> None:
        if min(self.embedding_size, self.epochs) < 1 or self.batch_size < 2:
            raise BadInputError("two_tower", "embedding_size and epochs must be at least 1, batch_size 2")
        if not (0 < self.decay <= 1 and 0 <= self.content_only < 1):
            raise BadInputError("two_tower", "decay must lie in (0, 1], content_only in [0, 1)")
        if not (min(self.temperature, self.learning_rate) > 0 and self.reg >= 0):
            raise BadInputError("two_tower", "temperature and learning_rate must be above 0, reg 0 or more")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> "TwoTowerScorer":
        """Train; raise `MissingExtraError` without PyTorch."""
        try:
            from equipoise.models.neural.two_tower_training import trained
        except ModuleNotFoundError as error:
            raise MissingExtraError("deep", "training two_tower") from error
        nothing = sparse.csr_matrix((data.n_items, 0), dtype=np.float32)
        content = nothing if self.content is None else self.content.checked(data.n_items)
        return trained(self, Examples.of(data, self.decay), content, rng)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """`items` (m, length) met before each of `targets` (m,), and how much each counts, `weights` (m, length).

    A place that is empty has weight 0. `met` (n_items,) is how often each item is in the data.
    """

    items: Ints
    weights: Floats
    targets: Ints
    met: Ints

    @classmethod
    def of(cls, data: Interactions, decay: float) -> "Examples":
        """Return one example for each interaction but a user's first."""
        offsets = data.histories().offsets
        starts = np.repeat(offsets[:-1], np.diff(offsets))
        ends = np.flatnonzero(np.arange(len(data)) > starts)
        length = min(_NEWEST, int(np.diff(offsets).max(initial=1)))
        places = ends[:, None] - np.arange(length, 0, -1)
        inside = places >= starts[ends][:, None]
        aged = np.where(inside, decay ** np.arange(length - 1, -1, -1.0), 0.0)
        return cls(
            items=data.items[np.where(inside, places, 0)] if len(ends) else np.zeros((0, length), np.int64),
            weights=aged.astype(np.float32),
            targets=data.items[ends],
            met=np.bincount(data.items, minlength=data.n_items),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoTowerScorer(DenseScorer):
    """`inputs` and `outputs` (n_items, d), vectors of items in a history and as candidates, and `start` (d,).

    A history's vector is the start plus the aged sum of its inputs; a score is `scale` times the cosine.
    """

    inputs: Floats
    outputs: Floats
    start: Floats
    decay: float
    scale: float

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return len(self.outputs)

    def score(self, histories: Histories) -> Floats:
        """Return the scaled cosines of each history with every item, (n, n_items)."""
        met = histories.matrix(self.n_items, self.decay).astype(np.float32)
        asked = unit_rows(np.asarray(met @ self.inputs) + self.start)
        return np.asarray(self.scale * (asked @ self.outputs.T), np.float32)

    def similar(self, items: Ints, k: int) -> TopK:
        """Return the items whose vectors point the same way, never the item itself."""
        return nearest(self.outputs, items, k)
