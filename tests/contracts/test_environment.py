"""What every world with a known truth must hold."""

from dataclasses import fields, replace
from itertools import permutations

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies.policy import Options, Slates
from equipoise.simulation import worlds
from equipoise.simulation.parts.shop import Shop
from equipoise.simulation.protocol import World, WorldConfig
from equipoise.types import Floats, Ints

SMALL = {name: getattr(worlds, name) for name in worlds.__all__}
SIZES = {"n_items": 40, "candidates": 6}


def small(name: str) -> WorldConfig:
    config = SMALL[name]
    sizes = {"n_items": 6} if name == "SameItems" else SIZES
    made: WorldConfig = config(**sizes)
    return made


def opened(name: str, seed: int = 3) -> Shop:
    shop = small(name).start(seed)
    assert isinstance(shop, Shop)
    return shop


def slates(actions: Ints) -> Slates:
    return Slates(
        actions=actions,
        propensities=np.ones(actions.shape),
        explored=np.zeros(actions.shape, dtype=bool),
        exploration=np.zeros(len(actions)),
    )


def repeated(actions: list[int], n: int) -> Slates:
    return slates(np.tile(actions, (n, 1)))


every_world = pytest.mark.parametrize("name", worlds.__all__)


@every_world
def test_it_is_a_world(name: str) -> None:
    assert isinstance(opened(name), World)


@every_world
def test_the_same_seed_gives_the_same_bits_and_another_seed_others(name: str) -> None:
    def lived(seed: int) -> list[Floats | Ints]:
        shop = opened(name, seed)
        parts: list[Floats | Ints] = []
        for _ in range(3):
            options = shop.requests(50)
            shown = repeated([0, 1, 2], 50)
            parts += [options.features, options.items, shop.react(options, shown), shop.best(options, 3)]
        return parts

    first, again, other = lived(5), lived(5), lived(6)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])
    assert not np.array_equal(first[3], other[3])


@every_world
def test_requests_do_not_depend_on_what_was_shown(name: str) -> None:
    shown, other = opened(name), opened(name)
    shown.react(shown.requests(20), repeated([0, 1], 20))
    other.react(other.requests(20), repeated([3], 20))
    assert np.array_equal(shown.requests(20).features, other.requests(20).features)


@every_world
@pytest.mark.parametrize("k", [1, 3])
def test_the_best_slate_is_the_best_of_all_slates(name: str, k: int) -> None:
    shop = opened(name)
    options = shop.requests(25)
    values = np.array([shop.value(options, repeated(list(p), 25)) for p in permutations(range(6), k)])
    np.testing.assert_allclose(shop.best(options, k), values.max(axis=0), rtol=1e-12)
    assert (values.max(axis=0) > values.min(axis=0)).all()


@every_world
def test_the_value_of_a_slate_is_the_mean_of_what_it_earns(name: str) -> None:
    shop = opened(name)
    options = shop.requests(1)
    shown = repeated([4, 0, 2], 1)
    draws = 20_000
    scene = replace(
        options,
        **{field.name: np.repeat(getattr(options, field.name), draws, axis=0) for field in fields(options)},
    )
    many = repeated([4, 0, 2], draws)
    at_once = shop.react(scene, many).sum(axis=1)
    shop.clock += 1_000_000
    late = shop.late().rewards
    total = (at_once.sum() + late.sum()) / draws
    spread = np.sqrt((at_once.var() * draws + (late**2).sum()) / draws**2)
    assert abs(total - shop.value(options, shown)[0]) < 4 * spread + 1e-9


@every_world
def test_candidates_differ_within_a_request(name: str) -> None:
    items = opened(name).requests(100).items
    assert all(len(set(row)) == len(row) for row in items.tolist())


@every_world
def test_slates_longer_than_the_candidates_and_gaps_earn_nothing_more(name: str) -> None:
    shop = opened(name)
    options = shop.requests(10)
    full, longer = repeated([5, 1], 10), repeated([5, 1, -1, -1], 10)
    np.testing.assert_allclose(shop.value(options, longer), shop.value(options, full))
    assert (shop.react(options, longer)[:, 2:] == 0).all()
    np.testing.assert_allclose(shop.best(options, 9), shop.best(options, 6))


@every_world
def test_no_requests_are_no_trouble(name: str) -> None:
    shop = opened(name)
    options = shop.requests(0)
    assert shop.react(options, slates(np.zeros((0, 2), dtype=np.int64))).shape == (0, 2)
    assert shop.best(options, 2).shape == (0,)


def test_options_of_another_making_are_refused() -> None:
    shop = opened("Linear")
    options = shop.requests(2)
    plain = Options(
        items=options.items, scores=options.scores, features=options.features, context=options.context
    )
    with pytest.raises(BadInputError, match="not of this shop"):
        shop.react(plain, repeated([0], 2))
