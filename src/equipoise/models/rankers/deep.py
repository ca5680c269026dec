"""What the deep rankers share: how they are fitted, and the ranker that comes of it. A net is one file beside
this.

The newest share of the rows says after how many epochs to stop; then, unless `refit` is off, a new net is
trained for so many epochs on all rows.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.data.impressions.rows import RankingRows
from equipoise.data.impressions.schema import Schema
from equipoise.data.impressions.split import before_and_after
from equipoise.errors import BadInputError, MissingExtraError
from equipoise.models.rankers.algebra import Algebra, Array, OnArrays
from equipoise.models.rankers.heads import HEADS, MMoE, SharedBottom, head
from equipoise.models.rankers.inputs import Batch, Inputs
from equipoise.models.rankers.layers import Table
from equipoise.models.rankers.probabilities import inside, prior_logits
from equipoise.models.space import Between, OneOf, Whole, tunable
from equipoise.types import Floats

_ROWS = 4096


class Body(Protocol):
    """The formula of a net: from the inputs of a row to a hidden vector, `width` long."""

    @property
    def width(self) -> int: ...  # noqa: D102

    def hidden(self, on: Algebra, batch: Batch, table: Table) -> Array:
        """Return the hidden vectors, (n, width)."""
        ...


@dataclass(frozen=True, slots=True)
class RankerNet:
    """The table of categories, a body, a head, and `prior` (targets,), the logits of the means it starts
    from.
    """

    table: Table
    body: Body
    head: SharedBottom | MMoE
    prior: Array

    def logits(self, on: Algebra, batch: Batch) -> Array:
        """Return the logits, (n, targets)."""
        return self.head(on, self.body.hidden(on, batch, self.table)) + self.prior


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepRanker:
    """A fitted net; it predicts in NumPy, in batches of a few thousand rows."""

    inputs: Inputs
    net: RankerNet

    @property
    def schema(self) -> Schema:
        """The columns it was fitted on."""
        return self.inputs.schema

    def predict(self, rows: RankingRows) -> Floats:
        """Return the probability of each target of each row, (n, targets)."""
        self.schema.check_same(rows.schema)
        found = [np.zeros((0, len(self.schema.targets)))]
        for begun in range(0, len(rows), _ROWS):
            batch = self.inputs.encode(rows.take(np.arange(begun, min(begun + _ROWS, len(rows)))))
            found.append(OnArrays().sigmoid(self.net.logits(OnArrays(), batch).astype(np.float64)))
        return inside(np.concatenate(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepLearner(ABC):
    """Hyperparameters of every deep ranker.

    Categories get vectors of `embedding_size`, those of fewer than `min_rows` rows share one; `reg` shrinks
    them. Several targets share everything but the output (`head` shared_bottom), or mix experts (mmoe). The
    newest `validation` share of the rows stops training, `patience` epochs after the best.
    """

    embedding_size: int = tunable(8, Whole(2, 64, log=True))
    min_rows: int = tunable(50, Whole(1, 100, log=True))
    head: str = tunable("shared_bottom", OneOf(HEADS))
    dropout: float = tunable(0.3, Between(0.0, 0.6))
    reg: float = tunable(5.0, Between(1e-2, 50.0, log=True))
    epochs: int = 10
    batch_size: int = 512
    learning_rate: float = tunable(1e-3, Between(1e-4, 1e-2, log=True))
    patience: int = 2
    validation: float = 0.1
    refit: bool = True

    def __post_init__(self) -> None:
        counts = (self.embedding_size, self.min_rows, self.epochs, self.batch_size, self.patience)
        if min(counts) < 1:
            raise BadInputError(
                self.name, "embedding_size, min_rows, epochs, batch_size and patience must be 1 or more"
            )
        if not (
            0 <= self.dropout < 1 and self.reg >= 0 and self.learning_rate > 0 and 0 < self.validation < 1
        ):
            raise BadInputError(
                self.name,
                "dropout must lie in [0, 1), validation in (0, 1), reg be 0 or more, learning_rate above 0",
            )
        if self.head not in HEADS:
            raise BadInputError(self.name, f"head must be one of {', '.join(HEADS)}, is {self.head!r}")

    @property
    def name(self) -> str:
        """The name on the command line."""
        return type(self).__module__.rpartition(".")[2]

    @property
    def looks_back(self) -> int:
        """How many items of its history a row shows the net."""
        return 0

    @abstractmethod
    def body(self, inputs: Inputs, rng: np.random.Generator) -> Body:
        """Return the body as it is before training."""

    def fit(self, rows: RankingRows, *, rng: np.random.Generator) -> DeepRanker:
        """Train; raise `MissingExtraError` without PyTorch, and an error that names the step if it
        diverges.
        """
        try:
            from equipoise.models.rankers.training import Examples, Trainer
        except ModuleNotFoundError as error:
            raise MissingExtraError("deep", f"training {self.name}") from error
        early, late = before_and_after(rows, share=self.validation)
        if len(early) == 0:
            return self._untrained(rows, rng)
        trainer = Trainer(
            name=self.name,
            epochs=self.epochs,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
            reg=self.reg,
            dropout=self.dropout,
            patience=self.patience,
        )
        start = self._untrained(early, rng)
        train, judged = (
            Examples(batch=start.inputs.encode(part), targets=part.targets) for part in (early, late)
        )
        net, epochs = trainer.best(start.net, RankerNet.logits, train, judged, rng)
        if not self.refit or epochs == 0:
            return DeepRanker(inputs=start.inputs, net=net)
        again = self._untrained(rows, rng)
        everything = Examples(batch=again.inputs.encode(rows), targets=rows.targets)
        return DeepRanker(
            inputs=again.inputs, net=trainer.whole(again.net, RankerNet.logits, everything, epochs, rng)
        )

    def _untrained(self, rows: RankingRows, rng: np.random.Generator) -> DeepRanker:
        inputs = Inputs.fit(rows, min_rows=self.min_rows, length=self.looks_back)
        body = self.body(inputs, rng)
        net = RankerNet(
            table=Table.start(inputs.n_places, self.embedding_size, rng),
            body=body,
            head=head(self.head, body.width, len(rows.schema.targets), rng),
            prior=prior_logits(rows.targets).astype(np.float32),
        )
        return DeepRanker(inputs=inputs, net=net)
