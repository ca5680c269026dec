from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from bakeoff_store import Run, Store, key
from carousel import SLOTS, _reactions, section, value
from carousel_contestants import SCORES, Seen, Shown, contestant
from equipoise.random import derive


def test_the_value_of_a_slate_is_its_share_of_clicks() -> None:
    rng = np.random.default_rng(1)
    rates = rng.uniform(0.0, 0.2, SLOTS)
    clicked, looked = _reactions(np.broadcast_to(rates, (200_000, SLOTS)), rng.random((200_000, SLOTS)))
    assert clicked.any(axis=1).mean() == pytest.approx(value(rates), abs=0.004)
    assert clicked.sum(axis=1).max() == 1
    after = np.cumsum(clicked, axis=1) - clicked > 0
    np.testing.assert_array_equal(looked, ~after)


def test_the_best_rates_first_is_the_best_slate() -> None:
    rates = np.array([0.3, 0.2, 0.1, 0.05, 0.02])
    values = [float(value(np.array(order))) for order in permutations(rates)]
    assert max(values) == pytest.approx(float(value(rates)))


@pytest.mark.parametrize("name", [*SCORES, "lin_greedy"])
def test_everyone_learns_which_playlist_pleases(name: str) -> None:
    player, rng = contestant(name, segments=2, playlists=6), derive(0, name)
    for _ in range(40):
        shown = player.show(n=30, slots=2, rng=rng)
        player = player.learnt(_seen(shown))
    first = player.show(n=200, slots=2, rng=rng).playlists[:, :, 0]
    share = [(first[segment] == segment).mean() for segment in range(2)]
    assert min(share) > (0.8 if name != "random" else 0.0)


def _seen(shown: Shown) -> Seen:
    """Return what comes of it where segment s clicks on playlist s alone, at 60 %."""
    own = np.arange(2)[:, None, None, None]
    pleases = shown.playlists[:, :, None, :] == own
    luck = derive(1, int(shown.playlists.sum())).random(pleases.shape)
    return Seen(shown=shown, looked=np.ones(pleases.shape, bool), clicked=pleases & (luck < 0.6))


def test_regret_is_told_as_a_share_of_that_of_chance() -> None:
    store = Store(Path())
    for seed in range(3):
        for one in (_run("random", 0.4, seed), _run("mine", 0.1, seed)):
            store.runs[key(one)] = one
    assert "| `mine` | 0.250 ± 0.000 | not yet | not yet |" in section(store)


def _run(name: str, regret: float, seed: int) -> Run:
    return Run(
        world="carousel",
        contestant=name,
        setting="",
        rounds=100,
        seed=seed,
        regret=regret,
        reward=0.0,
        explored=0.0,
        seconds=0.0,
    )
