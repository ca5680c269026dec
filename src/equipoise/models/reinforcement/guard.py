"""Training that went wrong stops at once, with a line that says so."""

import math

from equipoise.errors import EquipoiseError


class DivergedError(EquipoiseError):
    """A loss is no number any more; what was saved before is as it was."""


def finite(loss: float, what: str, updates: int) -> float:
    """Return `loss`, refused if it is no number."""
    if not math.isfinite(loss):
        raise DivergedError(
            f"{what}: the loss is {loss} after {updates:,} updates, so training stopped; the last artifact "
            "stands. Lower learning_rate, or look for rewards that are too large"
        )
    return loss
