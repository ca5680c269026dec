"""What all sequence models share: how they are shown the data, trained, stopped and judged.

A model is a net; the rest is here, and any net goes with any loss and any negatives.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from inspect import signature
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
from scipy import sparse

from equipoise.data.interactions import Interactions
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError, MissingExtraError
from equipoise.events.facts import EVENT_TYPES
from equipoise.models.neural.aims import aimed
from equipoise.models.neural.beside import INPUTS
from equipoise.models.neural.checkpoints import Keeper
from equipoise.models.neural.continued import continued
from equipoise.models.neural.negatives import NEGATIVES
from equipoise.models.neural.net import Net
from equipoise.models.neural.sampler import Sampler
from equipoise.models.neural.scorer import SequenceScorer
from equipoise.models.neural.spectral import item_vectors, random_vectors
from equipoise.models.neural.validation import Validation
from equipoise.models.neural.weights import Weights
from equipoise.models.space import Between, OneOf, Whole, tunable
from equipoise.types import Bools, Floats

LOSSES = ("softmax", "bce", "gbce", "bpr_max")
SMOOTHING = 2e-5
"""The least share of all interactions that an item is given."""


_VECTORS: Mapping[str, Callable[[sparse.csr_matrix, int, np.random.Generator], Floats]] = MappingProxyType(
    {"random": random_vectors, "spectral": item_vectors}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceLearner:
    """Vectors of `embedding_size` for items, read by a net over the last `length` of a history.

    - `loss` is `softmax`, `bce`, `gbce` or `bpr_max`; `negatives` are `all` items, or `n_negatives` of them
      drawn for each batch: `uniform`, by `popularity`, half and half (`mixed`), `in_batch`, or the `hard`est
      for each example of four times as many; or drawn for each example, its `own`. Softmax over `all` is the
      full one, over others the sampled one, corrected by how often each is drawn.
    - With `unit`, vectors have length 1, and scores are cosines times a number that is learnt.
    - Items start from `start`: `spectral` or `random` vectors. Where there is `content`, what it says of an
      item is added to its own vector, which is hidden for a share `id_dropout` of the items in each batch;
      items that nobody met have the content alone.
    - `inputs` are what is read beside the items: the `kinds` of the events, the time `gaps` between them, or
      both. With a `target_kind` the next items met by events of that kind are asked for, such as "purchase".
    - A share `item_dropout` of the places of the histories is left empty in each batch.
    - Targets are drawn from the next `horizon` items after each place, or after `targets` places of a
      stretch, each item `fading` times as often as the one before it; only items new to the user, but for
      `repeats`. They count half as much after `half_life_days`; once trained, the biases are moved to what is
      met now, where an interaction counts half as much after `trend_half_life_days`. Where times are places
      in an order, both say nothing.
    - A batch holds `batch_items` places. AdamW with `learning_rate`, falling to 0 over `epochs` with
      `anneal`; weights are averaged over about 1 / (1 - `averaging`) steps. Training stops `patience`
      epochs after NDCG@10 was best on the last visits of `validation_users`, which are kept back for that.
    """

    name: ClassVar[str]

    embedding_size: int = tunable(64, Whole(32, 256, log=True))
    length: int = 50
    dropout: float = tunable(0.5, Between(0.1, 0.7))
    loss: str = tunable("softmax", OneOf(LOSSES))
    negatives: str = tunable("uniform", OneOf(tuple(NEGATIVES)))
    n_negatives: int = 256
    unit: bool = False
    start: str = "random"
    content: ItemContent | None = None
    inputs: tuple[str, ...] = ()
    target_kind: str | None = None
    id_dropout: float = 0.0
    item_dropout: float = tunable(0.0, Between(0.0, 0.3))
    horizon: int = 1
    fading: float = 1.0
    targets: int | None = None
    repeats: bool = False
    half_life_days: float = np.inf
    trend_half_life_days: float = np.inf
    epochs: int = 100
    batch_items: int = 1200
    learning_rate: float = tunable(2e-3, Between(3e-4, 1e-2, log=True))
    weight_decay: float = 0.0
    averaging: float = 0.99
    anneal: bool = False
    patience: int = 6
    validation_users: int = 1000

    def __post_init__(self) -> None:
        """Refuse what cannot be trained."""
        counts = (
            self.embedding_size,
            self.length,
            self.horizon,
            self.epochs,
            self.batch_items,
            self.patience,
        )
        if min(*counts, self.n_negatives, 1 if self.targets is None else self.targets) < 1:
            raise BadInputError(self.name, "sizes, counts, epochs and patience must be at least 1")
        if not min(self.half_life_days, self.trend_half_life_days, self.learning_rate) > 0:
            raise BadInputError(self.name, "half-lives and learning_rate must be above 0")
        if not 0 < self.fading <= 1:
            raise BadInputError(self.name, "fading must lie in (0, 1]")
        for share in ("dropout", "id_dropout", "item_dropout", "averaging"):
            if not 0 <= getattr(self, share) < 1:
                raise BadInputError(self.name, f"{share} must lie in [0, 1)")
        for chosen, known in (("loss", LOSSES), ("negatives", NEGATIVES), ("start", _VECTORS)):
            if getattr(self, chosen) not in known:
                raise BadInputError(self.name, f"{chosen} must be one of {', '.join(known)}")
        if not set(self.inputs) <= set(INPUTS):
            raise BadInputError(self.name, f"inputs must be among {', '.join(INPUTS)}")
        if self.target_kind not in (None, *EVENT_TYPES):
            raise BadInputError(self.name, f"target_kind must be one of {', '.join(EVENT_TYPES)}")

    @abstractmethod
    def net(self, rng: np.random.Generator) -> Net:
        """Return the network before training."""

    def fit(
        self, data: Interactions, *, rng: np.random.Generator, last: SequenceScorer | None = None
    ) -> SequenceScorer:
        """Train; where `last` is given, go on from what it learnt of earlier events.

        Its items are those of `data`, or the first of them.
        Raises `MissingExtraError` without PyTorch, `BadInputError` where training goes wrong or `last` is of
        another catalogue or net.
        """
        try:
            from equipoise.models.neural.device import seeded
            from equipoise.models.neural.objective import Objective
            from equipoise.models.neural.trainer import Trainer
        except ModuleNotFoundError as error:
            raise MissingExtraError("deep", f"training {self.name}") from error
        self._check(data)
        kept = Validation.of(data, rng=rng, **self._settings(Validation.of))
        lesson = _Lesson.of(kept.train, self.content, self._shares(kept.train, self.half_life_days))
        with seeded(rng):
            objective = Objective.of(
                **self._settings(Objective.of), shares=lesson.shares, content=lesson.content, met=lesson.met
            )
            start = self._start(lesson, objective.biases(lesson.shares), rng)
            if last is not None:
                start = continued(start, last, lesson.content, self._trend(data), unit=self.unit)
            weights = Trainer(**self._settings(Trainer)).train(
                start,
                objective,
                Sampler(data=lesson.data, **self._settings(Sampler)),
                lambda now: kept.ndcg(self._scorer(now, lesson)),
                Keeper.of(self, data, last),
                rng,
            )
        scorer = self._scorer(weights, lesson)
        return replace(scorer, bias=scorer.bias + self._trend(data))

    def _settings(self, of: Callable[..., Any]) -> dict[str, Any]:
        """Return those of the hyperparameters that `of` takes, but for `content`."""
        return {name: getattr(self, name) for name in signature(of).parameters if name in _shared()}

    def _start(self, lesson: "_Lesson", bias: Floats, rng: np.random.Generator) -> Weights:
        vectors = _VECTORS[self.start](lesson.data.matrix(), self.embedding_size, rng)
        terms = 0 if lesson.content is None else lesson.content.shape[1]
        return Weights.start(vectors, bias, self.net(rng), n_terms=terms, inputs=self.inputs, rng=rng)

    def _scorer(self, weights: Weights, lesson: "_Lesson") -> SequenceScorer:
        return weights.exported(lesson.content, lesson.met, length=self.length, unit=self.unit)

    def _trend(self, data: Interactions) -> Floats:
        """Return the log of how much more likely an item is now than in training (Saerens et al., 2002)."""
        now, then = (self._shares(data, days) for days in (self.trend_half_life_days, self.half_life_days))
        return np.log(now / then).astype(np.float32)

    def _shares(self, data: Interactions, half_life_days: float) -> Floats:
        """Return the share of each item among the targets, (n_items,), newer ones counting more."""
        aims = data.weights * data.recency(half_life_days) * aimed(data, self.target_kind)
        counts = np.bincount(data.items, aims, data.n_items)
        # A small share for everything, so that an item of no late sales is unlikely and not impossible.
        return np.asarray(counts / max(counts.sum(), 1.0) + SMOOTHING)

    def _check(self, data: Interactions) -> None:
        """Refuse data that lack what this learner reads."""
        if "kinds" in self.inputs and data.kinds is None:
            raise BadInputError("inputs", "the interactions have no kinds; leave them out, or fit on events")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """What is learned from: `data`, `content` (n_items, n_terms), which items are `met`, and their shares."""

    data: Interactions
    content: sparse.csr_matrix | None
    met: Bools
    shares: Floats

    @classmethod
    def of(cls, data: Interactions, content: ItemContent | None, shares: Floats) -> "_Lesson":
        return cls(
            data=data,
            content=None if content is None else content.checked(data.n_items),
            met=np.bincount(data.items, minlength=data.n_items) > 0,
            shares=shares,
        )


def _shared() -> set[str]:
    return {field.name for field in fields(SequenceLearner)} - {"content"} | {"name"}
