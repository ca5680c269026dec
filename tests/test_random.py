import numpy as np
import pytest

from equipoise.random import derive


def test_the_same_name_gives_the_same_stream() -> None:
    one, two = derive(7, "request", 3), derive(7, "request", 3)
    assert one is not two
    np.testing.assert_array_equal(one.random(5), two.random(5))


def test_the_stream_is_the_same_on_every_machine() -> None:
    assert derive(7, "ease").integers(2**32, size=3).tolist() == [891687207, 764525623, 2741129009]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ((7, "a"), (8, "a")),
        ((7, "a"), (7, "b")),
        ((7, "a", "b"), (7, "ab")),
        ((7, 1, 2), (7, 12)),
        ((7,), (7, "")),
    ],
)
def test_different_names_give_different_streams(one: tuple[int], two: tuple[int]) -> None:
    assert derive(*one).random() != derive(*two).random()


def test_streams_do_not_follow_one_another() -> None:
    draws = np.stack([derive(1, key).normal(size=400) for key in range(40)])
    correlations = np.asarray(np.corrcoef(draws))[np.triu_indices(40, 1)]
    assert abs(correlations).max() < 5 / 400**0.5
