import numpy as np
from tests.models.conftest import orders

from equipoise.data.histories import PADDING
from equipoise.data.interactions import Interactions
from equipoise.models.neural.aims import fresh
from equipoise.models.neural.batch import Batch
from equipoise.models.neural.sampler import Sampler
from equipoise.random import derive


def sampler(
    data: Interactions,
    *,
    length: int = 4,
    horizon: int = 2,
    fading: float = 1.0,
    targets: int | None = 5,
    batch_items: int = 32,
    half_life_days: float = np.inf,
    repeats: bool = False,
) -> Sampler:
    return Sampler(
        data=data,
        length=length,
        horizon=horizon,
        fading=fading,
        targets=targets,
        batch_items=batch_items,
        half_life_days=half_life_days,
        repeats=repeats,
    )


def examples(batch: Batch) -> list[tuple[list[int], int]]:
    """Return what each example may look at, and its target."""
    rows, places = np.divmod(batch.asked, batch.inputs.shape[1])
    return [
        (batch.inputs[row, : place + 1].tolist(), target)
        for row, place, target in zip(rows.tolist(), places.tolist(), batch.targets.tolist(), strict=True)
    ]


def test_targets_come_soon_after_what_is_looked_at() -> None:
    """Items are numbered in the order in which they were met, so that time can be read from them."""
    data = orders([list(range(9)), list(range(20, 26)), [30, 31]], 40)
    seen = set()
    for epoch in range(30):
        for batch in sampler(data).epoch(derive(1, epoch)):
            for looked_at, target in examples(batch):
                assert looked_at == list(range(looked_at[0], looked_at[-1] + 1))
                assert 1 <= target - looked_at[-1] <= 2
                seen.add((looked_at[-1], target))
    assert {(30, 31), (0, 1), (0, 2), (7, 8), (24, 25), (23, 25)} <= seen


def test_near_targets_are_drawn_more_often_by_the_stated_ratio() -> None:
    data = orders([list(range(7))] * 4000, 7)
    made = sampler(data, targets=None, length=7, horizon=3, fading=0.5, batch_items=100_000)
    drawn = [each for batch in made.epoch(derive(1)) for each in examples(batch)]
    far = np.bincount([target - looked_at[-1] for looked_at, target in drawn if looked_at == [0, 1]])
    np.testing.assert_allclose(far[1:] / far.sum(), np.array([4, 2, 1]) / 7, atol=0.03)
    ends = np.bincount([target for looked_at, target in drawn if looked_at[-1] == 4])
    np.testing.assert_allclose(ends[5:] / ends.sum(), np.array([2, 1]) / 3, atol=0.03)


def test_an_item_met_before_is_no_target() -> None:
    data = orders([[0, 1, 0, 1, 0, 2]] * 5, 3)
    batches = list(sampler(data).epoch(derive(1)))
    for batch in batches:
        for looked_at, target in examples(batch):
            assert target not in looked_at
    assert batches


def test_the_order_inside_a_basket_is_drawn_anew() -> None:
    data = orders([[0, 1, 2, 3]], 4, times=[[1, 1, 1, 1]])
    orders_seen = {
        tuple(row[row != PADDING].tolist())
        for epoch in range(60)
        for batch in sampler(data).epoch(derive(2, epoch))
        for row in batch.inputs
    }
    assert {(0,), (1,), (2,), (3,)} & orders_seen
    assert any(first > second for first, second, *_ in (row for row in orders_seen if len(row) > 1))


def test_old_targets_weigh_less() -> None:
    day = 86_400_000_000
    data = orders([[0, 1, 2]], 3, times=[[0, day, 2 * day]])
    halved = sampler(data, horizon=1, targets=9, half_life_days=1.0)
    weights = {
        target: weight
        for epoch in range(20)
        for batch in halved.epoch(derive(3, epoch))
        for target, weight in zip(batch.targets.tolist(), batch.weights.tolist(), strict=True)
    }
    assert weights == {1: 0.5, 2: 1.0}


def test_users_with_one_item_teach_nothing() -> None:
    assert list(sampler(orders([[0], [1], []], 2)).epoch(derive(1))) == []


def test_the_number_of_batches_is_known_beforehand() -> None:
    data = orders([list(range(9))] * 7, 9)
    made = sampler(data, targets=None, length=9, batch_items=16)
    assert len(list(made.epoch(derive(1)))) == made.steps() == 4


def test_each_place_has_a_target_once() -> None:
    """A history that fits is one stretch, and the very next item is asked at each of its places."""
    data = orders([[3, 1, 2], [0, 1], [4]], 5)
    found = [
        each for batch in sampler(data, targets=None, horizon=1).epoch(derive(1)) for each in examples(batch)
    ]
    assert sorted(found) == [([0], 1), ([3], 1), ([3, 1], 2)]


def test_repeats_are_asked_where_wanted() -> None:
    data = orders([[0, 1, 0]], 2)
    made = sampler(data, targets=None, horizon=1, repeats=True)
    assert [target for batch in made.epoch(derive(1)) for target in batch.targets.tolist()] == [1, 0]


def test_little_of_a_batch_is_padding() -> None:
    rng = derive(3)
    data = orders([list(range(int(length))) for length in rng.geometric(0.12, 400) + 1], 100)
    batches = list(sampler(data, length=50, targets=None, batch_items=300).epoch(rng))
    places = sum(batch.inputs.size for batch in batches)
    assert sum(int(batch.lengths.sum()) for batch in batches) > 0.8 * places
    assert all(batch.inputs.size <= 300 for batch in batches)


def test_times_that_are_places_do_not_age() -> None:
    """Where times are places in an order, half-lives in days must not make any place count less."""
    data = orders([list(range(100))] * 3, 100)
    made = sampler(data, targets=None, horizon=1, half_life_days=1.0)
    weights = np.concatenate([batch.weights for batch in made.epoch(derive(1))])
    np.testing.assert_allclose(weights, 1.0, atol=1e-6)


def test_fresh_marks_the_first_meeting_of_each_user() -> None:
    assert fresh(orders([[0, 1, 0], [0, 0]], 2)).tolist() == [True, True, False, True, False]
