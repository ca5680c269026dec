"""From what a net made of a row to one logit a target: everything shared, or experts mixed for each
target.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.models.rankers.algebra import Algebra, Array
from equipoise.models.rankers.layers import Dense, Perceptron

HEADS = ("shared_bottom", "mmoe")
_EXPERTS = 4
_WIDTH = 32


@dataclass(frozen=True, slots=True)
class SharedBottom:
    """One linear output a target on the same hidden vector (Caruana, 1997)."""

    out: Dense

    @classmethod
    def start(cls, n_in: int, n_targets: int, rng: np.random.Generator) -> "SharedBottom":
        """Start at probability 1/2."""
        return cls(Dense.nothing(n_in, n_targets))

    def __call__(self, on: Algebra, hidden: Array) -> Array:
        """Return the logits, (n, targets), of `hidden` (n, in)."""
        return self.out(hidden)


@dataclass(frozen=True, slots=True)
class MMoE:
    """Multi-gate mixture of experts (Ma et al., 2018): each target mixes the experts by a gate of its own.

    y_t = v_t · Σ_e softmax(G_t h)_e f_e(h)
    """

    experts: tuple[Perceptron, ...]
    gates: tuple[Dense, ...]
    outs: tuple[Dense, ...]

    @classmethod
    def start(cls, n_in: int, n_targets: int, rng: np.random.Generator) -> "MMoE":
        """Draw the experts; the gates start even, the outputs at probability 1/2."""
        return cls(
            tuple(Perceptron.start(n_in, (_WIDTH,), rng) for _ in range(_EXPERTS)),
            tuple(Dense.nothing(n_in, _EXPERTS) for _ in range(n_targets)),
            tuple(Dense.nothing(_WIDTH, 1) for _ in range(n_targets)),
        )

    def __call__(self, on: Algebra, hidden: Array) -> Array:
        """Return the logits, (n, targets), of `hidden` (n, in)."""
        said = on.stack([expert(on, hidden) for expert in self.experts])
        mixed = [(on.softmax(gate(hidden))[:, :, None] * said).sum(1) for gate in self.gates]
        return on.concat([out(one) for out, one in zip(self.outs, mixed, strict=True)])


def head(name: str, n_in: int, n_targets: int, rng: np.random.Generator) -> SharedBottom | MMoE:
    """Return the head called `name`."""
    kinds: dict[str, type[SharedBottom] | type[MMoE]] = {"shared_bottom": SharedBottom, "mmoe": MMoE}
    return kinds[name].start(n_in, n_targets, rng)
