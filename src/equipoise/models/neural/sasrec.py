"""Self-attentive sequential recommendation (Kang & McAuley, 2018, "SASRec").

Trained as in later work that made it strong: a softmax over all items instead of one sampled negative
(Klenitskiy & Vasilev, 2023) and targets from the near future (see `sampler`); started from spectral
item vectors. Fitted in PyTorch, scored in NumPy.
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError, MissingExtraError
from equipoise.models.neural.sampler import Sampler
from equipoise.models.neural.scorer import AttentionScorer
from equipoise.models.neural.spectral import item_vectors
from equipoise.models.neural.validation import Validation
from equipoise.types import Floats

SMOOTHING = 2e-5
"""The least share of all sales that an item is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SASRec:
    """A causal self-attention network over the last `length` items of a history.

    Targets are drawn from the `horizon` items that follow, and count half as much after
    `half_life_days`; once trained, the biases are moved to what sells now, where an interaction counts
    half as much after `trend_half_life_days`. Training stops `patience` epochs after NDCG@10 was best
    on the last visits of `validation_users`, which are kept back for that.
    """

    embedding_size: int = 64
    blocks: int = 1
    length: int = 50
    dropout: float = 0.2
    horizon: int = 50
    targets: int = 10
    half_life_days: float = 30.0
    trend_half_life_days: float = 7.0
    epochs: int = 5
    batch_size: int = 64
    learning_rate: float = 2e-3
    patience: int = 2
    validation_users: int = 300

    def __post_init__(self) -> None:
        counts = (self.embedding_size, self.blocks, self.length, self.horizon, self.targets, self.epochs)
        if min(*counts, self.batch_size, self.patience) < 1:
            raise BadInputError("sasrec", "sizes, epochs and patience must be at least 1")
        if not (
            0 <= self.dropout < 1
            and min(self.half_life_days, self.trend_half_life_days, self.learning_rate) > 0
        ):
            raise BadInputError("sasrec", "dropout must lie in [0, 1), half-lives and learning_rate above 0")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> AttentionScorer:
        """Train; raise `MissingExtraError` without PyTorch."""
        try:
            from equipoise.models.neural.net import AttentionNet
            from equipoise.models.neural.trainer import Trainer, seeded
        except ModuleNotFoundError as error:
            raise MissingExtraError("deep", "training sasrec") from error
        kept = Validation.of(data, users=self.validation_users, rng=rng)
        vectors = item_vectors(kept.train.matrix(), self.embedding_size, rng)
        trainer = Trainer(epochs=self.epochs, learning_rate=self.learning_rate, patience=self.patience)
        with seeded(rng):
            shape = {"length": self.length, "blocks": self.blocks}
            net = AttentionNet(
                vectors, np.log(_shares(kept.train, self.half_life_days)), dropout=self.dropout, **shape
            )
            best = trainer.train(net, self._sampler(kept.train), lambda now: kept.ndcg(now.exported()), rng)
            scorer = best.exported()
        return replace(scorer, bias=scorer.bias + self._trend(data))

    def _sampler(self, data: Interactions) -> Sampler:
        return Sampler(
            data=data,
            length=self.length,
            horizon=self.horizon,
            targets=self.targets,
            batch_size=self.batch_size,
            half_life_days=self.half_life_days,
        )

    def _trend(self, data: Interactions) -> Floats:
        """Return the log of how much more likely an item is now than in training (Saerens et al., 2002)."""
        now, then = (_shares(data, days) for days in (self.trend_half_life_days, self.half_life_days))
        return np.log(now / then).astype(np.float32)


def _shares(data: Interactions, half_life_days: float) -> Floats:
    """Return the share of each item among the interactions, (n_items,), newer ones counting more."""
    counts = np.bincount(data.items, data.weights * data.recency(half_life_days), data.n_items)
    # A small share for everything, so that an item of no late sales is unlikely and not impossible.
    return np.asarray(counts / max(counts.sum(), 1.0) + SMOOTHING)
