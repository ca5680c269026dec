"""What the targets are compared with. Nothing here needs PyTorch."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from equipoise.models.neural.negatives.everything import Everything
from equipoise.models.neural.negatives.hard import Hard
from equipoise.models.neural.negatives.in_batch import InBatch
from equipoise.models.neural.negatives.mixed import Mixed
from equipoise.models.neural.negatives.negatives import Drawn, Negatives
from equipoise.models.neural.negatives.own import Own
from equipoise.models.neural.negatives.popularity import Popular
from equipoise.models.neural.negatives.uniform import Uniform
from equipoise.types import Floats

NEGATIVES: Mapping[str, Callable[[Floats, int], Negatives]] = MappingProxyType(
    {
        "all": Everything,
        "uniform": Uniform,
        "popularity": Popular,
        "in_batch": InBatch,
        "mixed": Mixed,
        "hard": Hard,
        "own": Own,
    }
)
"""By the names that learners take; each is made of the items' shares, (n_items,), and how many to draw."""

__all__ = ["NEGATIVES", "Drawn", "Negatives"]
