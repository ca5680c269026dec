"""The nets, losses and inputs that are compared on Beauty, and their settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from equipoise.data.dataset import Dataset
from equipoise.models import GRU, LSTM, Caser, GatedSASRec, SASRec
from equipoise.models.neural.sequence_learner import SequenceLearner

Settings = Mapping[str, Any]
STRONG: Settings = MappingProxyType(
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
        "patience": 8,
    }
)
"""Chosen on the validation items of Beauty, with content."""
STOPPED: Settings = MappingProxyType({"epochs": 100, "validation_users": 2000})
"""The last visits of some users are kept back to stop by."""
WHOLE: Settings = MappingProxyType({"epochs": 25, "anneal": True, "validation_users": 0})
"""Nothing is kept back to stop by: about as many epochs as were best before, and a rate that falls."""
SHORT: Settings = MappingProxyType(
    {
        "dropout": 0.5,
        "negatives": "uniform",
        "start": "random",
        "horizon": 1,
        "targets": None,
        "batch_items": 1200,
        "averaging": 0.99,
        "weight_decay": 0.0,
        "epochs": 15,
        "anneal": True,
        "validation_users": 0,
    }
)
"""Alike for all nets and losses, 64 wide, and few epochs, so that all of them can be measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A net with settings other than its own; with `content`, told of the items' attributes too."""

    net: type[SequenceLearner] = GatedSASRec
    content: bool = False
    settings: Settings = field(default_factory=dict)

    def learner(self, data: Dataset) -> SequenceLearner:
        """Return the learner for `data`."""
        known = {"content": data.content} if self.content else {}
        return self.net(**{**known, **self.settings})

    def told(self, learner: SequenceLearner) -> dict[str, Any]:
        """Return the settings of `learner` as JSON values."""
        names = [each.name for each in fields(learner) if each.name != "content"]
        return {"content": self.content, **{name: str(getattr(learner, name)) for name in names}}


def _short(net: type[SequenceLearner] = GatedSASRec, *, content: bool = False, **changed: Any) -> Run:
    return Run(net=net, content=content, settings={**SHORT, **changed})


NETS: Mapping[str, type[SequenceLearner]] = MappingProxyType(
    {"sasrec": SASRec, "gru": GRU, "lstm": LSTM, "caser": Caser, "gated_sasrec": GatedSASRec}
)
LOSSES: Mapping[str, Settings] = MappingProxyType(
    {
        "softmax": {},
        "bce": {"loss": "bce"},
        "gbce": {"loss": "gbce"},
        "bpr_max": {"loss": "bpr_max"},
    }
)
CHANGED: Mapping[str, Settings] = MappingProxyType(
    {
        "content": {"content": True},
        "item dropout .1": {"item_dropout": 0.1},
        "fading targets": {"horizon": 10, "fading": 0.23},
        "full softmax": {"negatives": "all"},
        "mixed negatives": {"negatives": "mixed"},
        "in-batch negatives": {"negatives": "in_batch"},
        "hard negatives": {"negatives": "hard"},
        "hard negatives, gbce": {"negatives": "hard", "loss": "gbce"},
        "dropout .2": {"dropout": 0.2},
        "width 128": {"embedding_size": 128},
        "width 32": {"embedding_size": 32},
        "length 10": {"length": 10},
        "spectral start": {"start": "spectral"},
        "cosines": {"unit": True},
    }
)
"""What is changed in the short run of `gated_sasrec` with softmax, one thing at a time."""

SHORT_NETS: Mapping[str, Run] = MappingProxyType(
    {
        **{
            f"{net}, {loss}": _short(NETS[net], **changed) for loss, changed in LOSSES.items() for net in NETS
        },
        "sasrec, bce, 1 negative each": _short(SASRec, loss="bce", negatives="own", n_negatives=1),
    }
)
"""The nets by the losses; and SASRec as it was first taught."""

RUNS: Mapping[str, Run] = MappingProxyType(
    {
        "gated_sasrec + content": Run(content=True, settings={**STRONG, **WHOLE}),
        "gated_sasrec": Run(settings={**STRONG, **WHOLE}),
        "gated_sasrec + content, stopped early": Run(content=True, settings={**STRONG, **STOPPED}),
        **{f"short {name}": run for name, run in SHORT_NETS.items()},
        **{f"short gated_sasrec, {name}": _short(**changed) for name, changed in CHANGED.items()},
    }
)
"""By name, the most telling first."""
