import numpy as np

from equipoise.policies.hidden_layer import HiddenLayer
from equipoise.random import derive
from equipoise.types import Floats

RNG = derive(1, "hidden")
LAYER = HiddenLayer.random(3, 8, derive(2, "layer"))
FEATURES, LAST = RNG.normal(size=(64, 3)), RNG.normal(size=11)
EXPOSURE = RNG.random(64)


def loss(layer: HiddenLayer, targets: Floats) -> float:
    said = layer.represent(FEATURES) @ LAST
    return float((EXPOSURE * said**2 / 2.0 - targets * said).mean())


def test_it_holds_the_features_themselves() -> None:
    assert LAYER.represent(FEATURES).shape == (64, 11)
    np.testing.assert_array_equal(LAYER.represent(FEATURES)[:, :3], FEATURES)


def test_the_first_step_of_adam_goes_down_the_gradient() -> None:
    """It moves every weight by the learning rate, against the sign of the numerical gradient."""
    targets = RNG.normal(size=64)
    stepped = LAYER.trained(FEATURES, EXPOSURE, targets, LAST, learning_rate=1e-3, rng=derive(3, "order"))
    for place in np.ndindex(3, 8):
        weights = LAYER.weights.copy()
        weights[place] += 1e-6
        slope = loss(_with(weights), targets) - loss(LAYER, targets)
        np.testing.assert_allclose(
            stepped.weights[place] - LAYER.weights[place], -1e-3 * np.sign(slope), rtol=0.01
        )


def _with(weights: Floats) -> HiddenLayer:
    return HiddenLayer(
        weights=weights,
        biases=LAYER.biases,
        sizes=LAYER.sizes,
        first=LAYER.first,
        second=LAYER.second,
        steps=0,
    )


def test_it_learns_a_product() -> None:
    """x0 * x1 is not linear; what the layer makes of them becomes nearly so."""
    features = derive(4, "product").normal(size=(2_000, 3))
    target, layer = features[:, 0] * features[:, 1], LAYER
    errors = []
    for epoch in range(100):
        seen = layer.represent(features)
        last = np.linalg.solve(seen.T @ seen + 0.1 * np.eye(11), seen.T @ target)
        errors.append(((seen @ last - target) ** 2).mean())
        layer = layer.trained(
            features, np.ones(2_000), target, last, learning_rate=0.01, rng=derive(5, "order", epoch)
        )
    assert errors[-1] < 0.3 * errors[0]
