"""The nets, losses and inputs that are compared on Beauty, and their settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from equipoise.data.dataset import Dataset
from equipoise.models import GRU, LSTM, Caser, GatedSASRec, SASRec
from equipoise.models.neural.sequence_learner import SequenceLearner

SHARED: Mapping[str, Any] = MappingProxyType({"epochs": 100, "patience": 8, "validation_users": 2000})
STRONG: Mapping[str, Any] = MappingProxyType(
    {
        "embedding_size": 128,
        "n_negatives": 512,
        "dropout": 0.55,
        "item_dropout": 0.1,
        "horizon": 10,
        "fading": 0.23,
        "batch_items": 2000,
        "learning_rate": 2.5e-3,
        "averaging": 0.995,
    }
)
"""Chosen on the validation items of Beauty, with content."""
WHOLE: Mapping[str, Any] = MappingProxyType({"epochs": 25, "anneal": True, "validation_users": 0})
"""Nothing is kept back to stop by: about as many epochs as were best before, and a rate that falls."""
AS_OTHERS: Mapping[str, Any] = MappingProxyType(
    {
        "dropout": 0.5,
        "negatives": "uniform",
        "start": "random",
        "horizon": 1,
        "targets": None,
        "batch_items": 1200,
        "averaging": 0.99,
        "anneal": False,
        "weight_decay": 0.0,
    }
)
"""What SASRec, whose defaults are for orders with dates, takes to be trained as the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A net with settings other than its own; with `content`, told of the items' attributes too."""

    net: type[SequenceLearner] = GatedSASRec
    content: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)

    def learner(self, data: Dataset) -> SequenceLearner:
        """Return the learner for `data`."""
        known = {"content": data.content} if self.content else {}
        return self.net(**{**SHARED, **known, **self.settings})

    def told(self, learner: SequenceLearner) -> dict[str, Any]:
        """Return the settings of `learner` as JSON values."""
        names = [each.name for each in fields(learner) if each.name != "content"]
        return {"content": self.content, **{name: str(getattr(learner, name)) for name in names}}


RUNS: Mapping[str, Run] = MappingProxyType(
    {
        "gated_sasrec + content": Run(content=True, settings=STRONG | WHOLE),
        "gated_sasrec": Run(settings=STRONG | WHOLE),
        "gated_sasrec + content, stopped early": Run(content=True, settings=STRONG),
        "gated_sasrec, defaults": Run(),
        "sasrec": Run(net=SASRec, settings=AS_OTHERS),
        "gru": Run(net=GRU),
        "lstm": Run(net=LSTM),
        "caser": Run(net=Caser),
        "gated_sasrec, mixed negatives": Run(settings={"negatives": "mixed"}),
        "gated_sasrec, in-batch negatives": Run(settings={"negatives": "in_batch"}),
        "gated_sasrec, gbce": Run(settings={"loss": "gbce"}),
        "gated_sasrec, bce": Run(settings={"loss": "bce", "n_negatives": 1}),
        "gated_sasrec, bpr_max": Run(settings={"loss": "bpr_max"}),
        "gated_sasrec, full softmax": Run(settings={"negatives": "all"}),
    }
)
"""By name, the most telling first."""
