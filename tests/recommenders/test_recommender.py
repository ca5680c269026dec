from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from equipoise.balance.grant import Grant
from equipoise.balance.reason import Reason
from equipoise.data.catalogue import Catalogue
from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models.fusion.blend import BlendScorer
from equipoise.policies import LinGreedy, Policy, Uniform
from equipoise.random import derive
from equipoise.recommenders import Recommendation, Recommender, Request
from equipoise.types import Floats

from .conftest import LastFirst, ShakenLastFirst


def ask(recommender: Recommender, catalogue: Catalogue, *history: int, **more: object) -> Recommendation:
    request = Request(history=np.array(history, np.int64), now=200, **more)  # type: ignore[arg-type]
    return recommender.recommend(request, catalogue, 4, rng=derive(7, "ask"))


def test_the_best_scores_are_shown_and_keep_their_source(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    answer = ask(recommender, catalogue, 3)
    assert answer.items.tolist() == [9, 8, 7, 6]
    assert answer.sources == ("best_match",) * 4
    assert answer.reason == "greedy"


def test_a_candidate_keeps_the_source_that_proposed_it_first(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    answer = ask(replace(recommender, policy=LastFirst()), catalogue, 7)
    named = dict(zip(answer.candidates.tolist(), range(100), strict=False))
    assert list(named)[:4] == [9, 8, 0, 12]
    assert len(named) == len(answer.candidates)


def test_chance_is_called_by_its_name(recommender: Recommender, catalogue: Catalogue) -> None:
    answer = ask(replace(recommender, policy=Uniform().start(0)), catalogue, 3)
    assert answer.explored.any()
    assert answer.reason == "uniform"


def test_what_was_just_seen_is_hidden_as_are_exclusions_and_what_is_sold_out(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    catalogue.available[8] = False
    answer = ask(recommender, catalogue, 9, exclude=np.array([7, 99, -1]))
    assert not {9, 8, 7} & set(answer.candidates.tolist())


def test_only_the_last_items_of_a_history_are_hidden(recommender: Recommender, catalogue: Catalogue) -> None:
    answer = ask(replace(recommender, hide_recent=1), catalogue, 9, 8)
    assert 9 in answer.candidates
    assert 8 not in answer.candidates


def test_new_arrivals_are_candidates_and_give_the_reason_when_explored(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    greedy = ask(recommender, catalogue, 2)
    assert {10, 11, 12} & set(greedy.candidates.tolist())
    assert greedy.new == np.mean(greedy.candidates >= 10)
    explored = ask(replace(recommender, policy=LastFirst()), catalogue, 2)
    assert explored.reason == "new_item"
    assert "new_arrival" in explored.sources
    assert explored.exploration == 1.0


def test_a_change_of_taste_is_the_reason_where_it_was_noticed(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    new = np.array([10, 11, 12])
    calm = ask(replace(recommender, policy=LastFirst()), catalogue, 2, exclude=new)
    assert calm.reason == "uncertain"
    shaken = ask(replace(recommender, policy=ShakenLastFirst()), catalogue, 2, exclude=new)
    assert shaken.reason == "drift"


def test_what_arrived_before_the_models_were_trained_is_not_new(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    known = replace(catalogue, arrived=np.where(np.arange(13) == 4, 60, catalogue.arrived))
    view = recommender.views([Request(history=np.array([1]), now=200)], known)[0]
    assert np.flatnonzero(view.new).tolist() == [4, 10, 11, 12]


def test_an_empty_history_and_unknown_codes_are_no_special_case(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    assert ask(recommender, catalogue).items.tolist() == [9, 8, 7, 6]
    assert np.isfinite(ask(recommender, catalogue, 12, 3).features).all()


def test_an_item_to_resemble_brings_its_neighbours_and_not_itself(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    known, new = ask(recommender, catalogue, item=3), ask(recommender, catalogue, item=12)
    assert {4, 5} <= set(known.candidates.tolist())
    assert {2, 7} <= set(new.candidates.tolist())
    assert 3 not in known.candidates
    assert 12 not in new.candidates


def test_a_shop_with_nothing_to_show_gets_an_empty_slate(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    catalogue.available[:] = False
    answer = ask(recommender, catalogue, 1)
    assert len(answer.items) == 0
    assert answer.reason == "nothing_to_show"


def test_fewer_candidates_than_positions_give_a_shorter_slate(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    catalogue.available[2:] = False
    answer = ask(recommender, catalogue)
    assert sorted(answer.items.tolist()) == [0, 1]
    assert answer.features.shape == (2, 11)


def test_a_batch_gives_each_request_what_it_gets_alone(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    requests = [Request(history=np.array(h, np.int64), now=200) for h in ([1, 2], [], [12])]
    together = recommender.options(requests, catalogue)
    for row, request in enumerate(requests):
        alone = recommender.options([request], catalogue)
        m = alone.options.items.shape[1]
        assert together.options.items[row, :m].tolist() == alone.options.items[0].tolist()
        assert together.options.features[row, :m] == pytest.approx(alone.options.features[0])
        assert (together.options.items[row, m:] == -1).all()


def test_similar_items_of_a_new_item_share_its_words(recommender: Recommender, catalogue: Catalogue) -> None:
    assert recommender.similar(3, catalogue, 2).items.tolist() == [[4, 5]]
    assert recommender.similar(12, catalogue, 4).items.tolist() == [[2, 7, -1, -1]]
    assert recommender.similar(12, catalogue, 4).scores[0, 2:].tolist() == [-np.inf, -np.inf]


def test_nothing_that_was_given_is_changed(recommender: Recommender, catalogue: Catalogue) -> None:
    before = catalogue.available.copy(), catalogue.arrived.copy()
    ask(recommender, catalogue, 1, 2, exclude=np.array([5]))
    assert (catalogue.available == before[0]).all()
    assert (catalogue.arrived == before[1]).all()


def test_a_new_item_borrows_the_scores_of_those_that_share_its_words(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    view = recommender.views([Request(history=np.array([3]), now=200)], catalogue)[0]
    # Item 12 shares its word with items 2 and 7 alone; a third of the weight pulls to 0.
    assert view.parts[:, 12] == pytest.approx((view.parts[:, 2] + view.parts[:, 7]) / 3)
    assert view.blend[12] == pytest.approx((view.blend[2] + view.blend[7]) / 3)


def learning(recommender: Recommender, newcomers: float) -> Recommender:
    """Return one whose policy learns, never explores, and believes that new items are worth less."""
    prior = np.where(np.array(recommender.features.names) == "new", -1.0, 0.0)
    return replace(recommender, policy=LinGreedy().start(len(prior), prior), newcomers=newcomers)


def test_new_arrivals_get_their_share_of_a_policy_that_learns(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    certain, none = (learning(recommender, share) for share in (1.0, 0.0))
    answer = ask(certain, catalogue, 3)
    new = {10, 11, 12} & set(answer.candidates.tolist())
    assert set(answer.items[: len(new)].tolist()) == new
    assert answer.explored.tolist() == [place < len(new) for place in range(4)]
    assert answer.reason == "new_item"
    assert answer.propensities[: len(new)] == pytest.approx(1.0 / np.arange(len(new), 0, -1))
    assert not {10, 11, 12} & set(ask(none, catalogue, 3).items.tolist())


def test_the_share_of_new_arrivals_is_within_what_may_be_explored(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    answer = learning(recommender, 1.0).recommend(
        Request(history=np.array([3]), now=200),
        catalogue,
        4,
        rng=derive(7, "ask"),
        grant=Grant.nothing(4, Reason.KILL_SWITCH),
    )
    assert not {10, 11, 12} & set(answer.items.tolist())
    assert not answer.explored.any()
    assert (answer.reason, answer.refused) == ("kill_switch", 4.0)


@pytest.mark.parametrize("policy", [Uniform().start(0), LastFirst()])
def test_a_policy_that_does_not_learn_or_say_how_it_weighs_chooses_alone(
    recommender: Recommender, catalogue: Catalogue, policy: Policy
) -> None:
    alone = replace(recommender, policy=policy, newcomers=1.0)
    options = alone.options([Request(history=np.array([3]), now=200)], catalogue).options
    assert alone.chooser(options, catalogue) is policy


def test_a_share_of_new_arrivals_that_cannot_be_is_refused(recommender: Recommender) -> None:
    with pytest.raises(BadInputError, match=r"newcomers: must lie in \[0, 1\]"):
        replace(recommender, newcomers=1.5)


@dataclass(frozen=True, slots=True)
class Listening:
    """A blend that keeps what it was asked."""

    blend: BlendScorer
    asked: list[Histories]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.blend, name)

    def parts(self, histories: Histories) -> dict[str, Floats]:
        self.asked.append(histories)
        return self.blend.parts(histories)


def test_models_are_told_by_which_events_items_were_met_and_when(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    listening = Listening(recommender.scorer, [])
    told = Request(history=np.array([1, 2]), now=9, kinds=np.array([0, 5]), times=np.array([3, 4]))
    asking = replace(recommender, scorer=listening)  # type: ignore[arg-type]
    asking.views([told, told], catalogue)
    asking.views([told, Request(history=np.array([1]), now=9)], catalogue)
    both, one = listening.asked
    assert both.kinds is not None
    assert both.times is not None
    assert (both.kinds.tolist(), both.times.tolist()) == ([0, 5, 0, 5], [3, 4, 3, 4])
    assert (one.kinds, one.times) == (None, None)
