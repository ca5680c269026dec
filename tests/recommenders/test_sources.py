import numpy as np

from equipoise.data.catalogue import Catalogue
from equipoise.recommenders import BestMatch, NewArrivals, Popular, Recommender, Request, View
from equipoise.recommenders.sources import BoughtTogether, merge


def view(recommender: Recommender, catalogue: Catalogue, *history: int) -> View:
    return recommender.views([Request(history=np.array(history, np.int64), now=200)], catalogue)[0]


def test_best_match_leaves_new_arrivals_to_their_own_source(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    catalogue.arrived[9] = 99
    assert BestMatch(quota=3).propose(view(recommender, catalogue)).tolist() == [8, 7, 6]


def test_bought_together_starts_from_the_latest_item(recommender: Recommender, catalogue: Catalogue) -> None:
    neighbours = (np.arange(10)[:, None] + np.array([1, 2])[None, :]) % 10
    source = BoughtTogether(neighbours=neighbours, recent=2, quota=4)
    assert source.propose(view(recommender, catalogue, 0, 3, 6)).tolist() == [7, 4, 8, 5]


def test_popular_skips_what_was_just_seen(recommender: Recommender, catalogue: Catalogue) -> None:
    assert Popular(items=np.array([5, 4, 3]), quota=2).propose(view(recommender, catalogue, 4)).tolist() == [
        5,
        3,
    ]


def test_new_arrivals_close_to_the_history_come_first(recommender: Recommender, catalogue: Catalogue) -> None:
    # Items 10, 11 and 12 share their word with items 0, 1 and 2.
    assert NewArrivals(quota=2).propose(view(recommender, catalogue, 1)).tolist() == [11, 12]


def test_only_the_newest_arrivals_are_considered(recommender: Recommender, catalogue: Catalogue) -> None:
    assert NewArrivals(pool=1, quota=2).propose(view(recommender, catalogue, 1)).tolist() == [12]


def test_a_merge_takes_turns_and_names_the_first_to_propose() -> None:
    merged = merge([np.array([1, 2, 3]), np.array([2, 4]), np.empty(0, np.int64)], limit=3)
    assert merged.items.tolist() == [1, 2, 4]
    assert merged.sources.tolist() == [0, 1, 1]
