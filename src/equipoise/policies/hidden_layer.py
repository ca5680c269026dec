"""One hidden layer that learns a representation of features: plain arrays, trained by Adam."""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.types import Floats

_DECAY, _SQUARE_DECAY, _EPSILON = 0.9, 0.999, 1e-8
_BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenLayer:
    """The features themselves, and beside them tanh((x / sizes) @ weights + biases).

    `weights` (d, h), `biases` (h,), `sizes` (d,). `first` and `second` (d + 1, h) are Adam's moments of the
    gradient after `steps` steps (Kingma and Ba, 2015), the row of the biases last.
    """

    weights: Floats
    biases: Floats
    sizes: Floats
    first: Floats
    second: Floats
    steps: int

    @classmethod
    def random(cls, n_features: int, width: int, rng: np.random.Generator) -> "HiddenLayer":
        """Return `width` random units: as they are, they are random features of a kernel."""
        return cls(
            weights=rng.standard_normal((n_features, width)) / np.sqrt(max(n_features, 1)),
            biases=rng.standard_normal(width),
            sizes=np.ones(n_features),
            first=np.zeros((n_features + 1, width)),
            second=np.zeros((n_features + 1, width)),
            steps=0,
        )

    def represent(self, features: Floats) -> Floats:
        """Return features (..., d) with their hidden units, (..., d + h)."""
        features = features.astype(np.float64)
        return np.concatenate([features, self._units(features)], axis=-1)

    def trained(
        self,
        features: Floats,
        exposure: Floats,
        targets: Floats,
        last: Floats,
        *,
        learning_rate: float,
        rng: np.random.Generator,
    ) -> "HiddenLayer":
        """Return the layer after one pass over n rows in random order.

        The loss of a row is e f^2 / 2 - y f, the squared error of f = `last` . representation, with
        `features` (n, d), `exposure` e and `targets` y (n,), and the weights above it `last` (d + h,).
        """
        layer, order = self, rng.permutation(len(features))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            gradient = layer._gradient(features[rows], exposure[rows], targets[rows], last)
            layer = layer._step(gradient, learning_rate)
        return layer

    def _units(self, features: Floats) -> Floats:
        units: Floats = np.tanh((features / self.sizes) @ self.weights + self.biases)
        return units

    def _gradient(self, features: Floats, exposure: Floats, targets: Floats, last: Floats) -> Floats:
        units, d = self._units(features), features.shape[1]
        errors = exposure * (features @ last[:d] + units @ last[d:]) - targets
        back = np.outer(errors, last[d:]) * (1.0 - units**2)
        return np.concatenate([(features / self.sizes).T @ back, back.sum(axis=0)[None]]) / len(features)

    def _step(self, gradient: Floats, learning_rate: float) -> "HiddenLayer":
        steps = self.steps + 1
        first = _DECAY * self.first + (1.0 - _DECAY) * gradient
        second = _SQUARE_DECAY * self.second + (1.0 - _SQUARE_DECAY) * gradient**2
        mean, square = first / (1.0 - _DECAY**steps), second / (1.0 - _SQUARE_DECAY**steps)
        move = learning_rate * mean / (np.sqrt(square) + _EPSILON)
        return replace(
            self,
            weights=self.weights - move[:-1],
            biases=self.biases - move[-1],
            first=first,
            second=second,
            steps=steps,
        )
