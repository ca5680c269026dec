import numpy as np

from equipoise.policies.sampler import replay_slates
from equipoise.policies.votes import ItemVotes


def test_a_candidate_weighs_what_votes_it_has_and_ties_are_split() -> None:
    offsets = np.array([[0.0, 3.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    weigh = ItemVotes(offsets, np.array([[0, 1, 2, 2]]))
    first = [replay_slates(np.zeros((1, 4)), weigh, np.array([[place]]))[0, 0] for place in range(4)]
    np.testing.assert_allclose(first, np.array([1 + 0.25 + 0.5, 1 + 0.25 + 0.5, 0.25, 0.25]) / 4)


def test_votes_for_what_is_taken_go_to_the_next_best() -> None:
    weigh = ItemVotes(np.array([[5.0, 5.0], [1.0, 0.0], [0.0, 1.0]]), np.array([[0, 1, 2]]))
    np.testing.assert_allclose(replay_slates(np.zeros((1, 3)), weigh, np.array([[0, 1, 2]])), [[1, 0.5, 1]])


def test_worth_moves_the_draws() -> None:
    weigh = ItemVotes(np.array([[1.0], [0.0]]), np.array([[0, 1]]))
    assert replay_slates(np.array([[0.0, 2.0]]), weigh, np.array([[1]]))[0, 0] == 1.0
