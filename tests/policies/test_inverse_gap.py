import numpy as np

from equipoise.policies.inverse_gap import InverseGap, InverseRelativeGap
from equipoise.policies.sampler import Slot
from equipoise.random import derive


def slot(*left: float) -> Slot:
    worth = np.array([left])
    return Slot(
        0, worth, worth.max(axis=1, keepdims=True), np.zeros((1, 1), np.int64), np.zeros((1, 0), int), 0
    )


def test_it_is_the_formula_of_the_paper() -> None:
    weights = InverseGap(np.array([[10.0]]))(slot(0.5, 0.3, 0.0, -np.inf))
    np.testing.assert_allclose(weights, [[1.0 - 1 / 5 - 1 / 8, 1 / 5, 1 / 8, 0.0]])


def test_the_best_share_what_is_left() -> None:
    weights = InverseGap(np.array([[10.0]]))(slot(0.5, 0.5, 0.0))
    np.testing.assert_allclose(weights, [[7 / 16, 7 / 16, 1 / 8]])


def test_relative_gaps_do_not_know_the_currency() -> None:
    weigh = InverseRelativeGap(np.array([[10.0]]), 1e-9)
    np.testing.assert_allclose(weigh(slot(0.5, 0.3, 0.0)), weigh(slot(50.0, 30.0, 0.0)))
    np.testing.assert_allclose(weigh(slot(0.5, 0.3, 0.0))[0, 1:], [1 / 7, 1 / 13])


def test_relative_gaps_bound_regret_by_what_there_is_to_earn() -> None:
    """The inequality behind FastCB holds for rewards: with triangular discrimination and gamma >= K,

    g(best of g) - E[g] <= 4 K f(best of f) / gamma + 4 gamma E[(f - g)^2 / (f + g)] + E[f + g] / gamma,
    whatever is predicted (f) and true (g), a drawn by the weights.
    """
    rng, K = derive(1, "inequality"), 5
    for _ in range(2_000):
        f, g = rng.random((2, K)) ** rng.integers(1, 8)
        gamma = K * (1.0 + 50.0 * rng.random())
        chances = InverseRelativeGap(np.array([[gamma]]), 1e-12)(slot(*f))[0]
        regret = g.max() - chances @ g
        bound = 4 * K * f.max() / gamma + 4 * gamma * (chances @ ((f - g) ** 2 / (f + g)))
        assert regret <= bound + chances @ (f + g) / gamma + 1e-12
