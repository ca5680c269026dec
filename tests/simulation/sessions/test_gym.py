"""Gymnasium's own checker passes, and the same seed brings the same shopper."""

import numpy as np
import pytest

pytest.importorskip("gymnasium")

from gymnasium.utils.env_checker import check_env

from equipoise.simulation.sessions.gym import RequestEnv, SessionEnv
from equipoise.simulation.sessions.rules import SessionRules
from equipoise.simulation.sessions.shop import SessionShop
from equipoise.simulation.worlds import Slates


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_checker_passes(shop: SessionShop) -> None:
    check_env(SessionEnv(shop, m=10, k=3), skip_render_check=True)


def test_an_episode_ends_with_the_days_and_tells_what_happened(shop: SessionShop) -> None:
    env = SessionEnv(shop, SessionRules(days=3), m=10, k=3)
    env.reset(seed=4)
    ended, steps = False, 0
    while not ended:
        observation, reward, ended, truncated, info = env.step(np.array([0, 1, 2]))
        steps += 1
        assert env.observation_space.contains(observation)
        assert (reward > 0) == (info["clicked"] >= 0)
        assert not truncated
    assert steps >= 1


def test_the_same_seed_gives_the_same_episode(shop: SessionShop) -> None:
    env = SessionEnv(shop, m=10, k=3)

    def played() -> list[float]:
        seen = [float(env.reset(seed=9)[0].sum())]
        for _ in range(5):
            observation, reward, *_ = env.step(np.array([5, 1, 2]))
            seen += [float(observation.sum()), reward]
        return seen

    assert played() == played()


def test_any_environment_has_the_interface(shop: SessionShop) -> None:
    env = RequestEnv(Slates(n_items=40, candidates=6).start(3), k=2, rounds=3)
    env.reset(seed=1)
    truncated = [env.step(np.array([0, 0]))[3] for _ in range(3)]
    assert truncated == [False, False, True]
