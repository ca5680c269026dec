import numpy as np

from equipoise.simulation.parts.satiation import ByGroup, Insatiable


def test_each_like_item_above_takes_its_share() -> None:
    left = ByGroup(0.5).left(np.array([[3, 1, 3, 3, 1]]))
    np.testing.assert_allclose(left, [[1.0, 1.0, 0.5, 0.25, 0.5]])


def test_the_best_slate_mixes_groups_when_more_of_the_same_tires() -> None:
    worths, groups = np.array([[0.9, 0.8, 0.7, 0.5]]), np.array([[0, 0, 0, 1]])
    assert ByGroup(0.5).best(worths, groups, 3).tolist() == [[0, 3, 1]]
    assert Insatiable().best(worths, groups, 3).tolist() == [[0, 1, 2]]


def test_finding_the_best_leaves_its_input_alone() -> None:
    worths, groups = np.array([[0.9, 0.8]]), np.array([[0, 0]])
    ByGroup(0.5).best(worths, groups, 2)
    assert worths.tolist() == [[0.9, 0.8]]
