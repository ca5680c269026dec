"""What every exported learner promises, whatever it is."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped,unused-ignore]

from equipoise.artifact import load_artifact, save_artifact
from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.data.item_content import ItemContent
from equipoise.models import (
    ALS,
    BPR,
    EASE,
    ELSA,
    GRU,
    LSTM,
    SLIM,
    SLIST,
    BiasedSVD,
    Blend,
    BorrowedRules,
    Caser,
    ContentKNN,
    ContentRegression,
    GatedSASRec,
    GraphFilter,
    ItemKNN,
    Learner,
    Popularity,
    PureSVD,
    ReciprocalRank,
    RP3Beta,
    SASRec,
    Scorer,
    SegmentPopularity,
    SequentialRules,
    SessionBlend,
    SessionKNN,
    Stacking,
    TwoTower,
    UserKNN,
)
from equipoise.models.fusion.trees import Growth
from equipoise.models.fusion.validation import LaterDays
from equipoise.models.registry import named, names
from equipoise.random import derive

N_USERS, N_ITEMS = 60, 30
TAGS = ItemContent.of_tags([[f"mod-{item % 4}", f"half-{item // 15}"][: item % 3] for item in range(N_ITEMS)])
SMALL: dict[str, Learner] = {
    "als": ALS(embedding_size=8, iterations=4),
    "popularity": Popularity(),
    "item_knn": ItemKNN(n_neighbors=5),
    "biased_svd": BiasedSVD(embedding_size=8, epochs=3, time_bins=4),
    "bpr": BPR(embedding_size=8, epochs=5),
    "pure_svd": PureSVD(embedding_size=8),
    "user_knn": UserKNN(n_neighbors=10),
    "rp3beta": RP3Beta(n_neighbors=5),
    "graph_filter": GraphFilter(rank=8),
    "ease": EASE(reg=10.0),
    "session_knn": SessionKNN(n_neighbors=20),
    "sequential_rules": SequentialRules(),
    "borrowed_rules": BorrowedRules(),
    "session_blend": SessionBlend(),
    "elsa": ELSA(embedding_size=8, epochs=2, batch_size=32),
    "slim": SLIM(l1=0.5, l2=3.0, n_neighbors=8),
    "slist": SLIST(reg=3.0, consistency=0.2),
    "sasrec": SASRec(embedding_size=8, length=6, epochs=2, batch_items=200, validation_users=10),
    "gated_sasrec": GatedSASRec(embedding_size=8, heads=2, epochs=2, n_negatives=8, content=TAGS),
    "gru": GRU(embedding_size=8, hidden_size=6, epochs=2, negatives="mixed", loss="bpr_max"),
    "lstm": LSTM(embedding_size=8, hidden_size=6, epochs=2, negatives="in_batch", loss="gbce"),
    "caser": Caser(embedding_size=8, filters=4, epochs=2, negatives="popularity", loss="bce"),
    "blend": Blend(learners={"popularity": Popularity(), "ease": EASE(reg=10.0)}, later=LaterDays(1e-10)),
    "reciprocal_rank": ReciprocalRank(learners={"popularity": Popularity(), "ease": EASE(reg=10.0)}),
    "stacking": Stacking(
        learners={"popularity": Popularity(), "ease": EASE(reg=10.0)},
        candidates=6,
        growth=Growth(trees=5, min_rows=5),
    ),
    "content_knn": ContentKNN(content=TAGS, n_neighbors=5, decay=0.8),
    "content_regression": ContentRegression(content=TAGS, reg=1.0),
    "two_tower": TwoTower(content=TAGS, embedding_size=8, epochs=2, batch_size=64),
    "segment_popularity": SegmentPopularity(content=TAGS, last=2),
}
"""Every exported learner, in a size fit for tests."""
HISTORIES = Histories.of([[1, 2, 3], [], [4, 4, 5, 1, 0, 2, 9], [N_ITEMS + 7], [6, N_ITEMS], [29]])


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Small matrices on a busy machine: threads that wait for one another make them many times slower."""
    torch.set_num_threads(1)
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="module")
def data() -> Interactions:
    rng = derive(11)
    users = np.repeat(np.arange(N_USERS), 8)
    n = len(users)
    return Interactions(
        users=users,
        items=(rng.integers(0, N_ITEMS // 2, n) + users % 2 * (N_ITEMS // 2)).astype(np.int64),
        times=np.tile(np.arange(8), N_USERS),
        weights=np.ones(n),
        values=rng.uniform(1, 9, n),
        n_users=N_USERS,
        n_items=N_ITEMS,
    )


@pytest.fixture(scope="module", params=sorted(SMALL))
def learner(request: pytest.FixtureRequest) -> Learner:
    return SMALL[request.param]


@pytest.fixture(scope="module")
def scorer(learner: Learner, data: Interactions) -> Scorer:
    return learner.fit(data, rng=derive(5))


def test_every_exported_learner_is_here() -> None:
    assert sorted(SMALL) == names()
    assert all(type(named(name)) is type(learner) for name, learner in SMALL.items())


def test_both_follow_their_protocols(learner: Learner, scorer: Scorer) -> None:
    assert isinstance(learner, Learner)
    assert isinstance(scorer, Scorer)
    assert scorer.n_items == N_ITEMS


def test_both_are_frozen(learner: Any, scorer: Any) -> None:
    for thing in (learner, scorer):
        first = dataclasses.fields(thing)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, first, None)


def test_same_seed_same_bits(learner: Learner, scorer: Scorer, data: Interactions) -> None:
    again = learner.fit(data, rng=derive(5))
    np.testing.assert_array_equal(again.score(HISTORIES), scorer.score(HISTORIES))


def test_nothing_given_is_changed(learner: Learner, data: Interactions) -> None:
    before = [getattr(data, field.name) for field in dataclasses.fields(data)]
    copies = [np.copy(value) for value in before]
    items, offsets = HISTORIES.items.copy(), HISTORIES.offsets.copy()
    fitted = learner.fit(data, rng=derive(5))
    first = fitted.score(HISTORIES)
    fitted.top(HISTORIES, 3)
    fitted.similar(np.array([1, 2]), 3)
    fitted.score_candidates(HISTORIES, np.zeros((len(HISTORIES), 2), np.int64))
    assert all(np.array_equal(one, two) for one, two in zip(before, copies, strict=True))
    assert np.array_equal(items, HISTORIES.items)
    assert np.array_equal(offsets, HISTORIES.offsets)
    np.testing.assert_array_equal(fitted.score(HISTORIES), first)


def test_scores_are_finite_float32_for_every_history(scorer: Scorer) -> None:
    scores = scorer.score(HISTORIES)
    assert scores.shape == (len(HISTORIES), N_ITEMS)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()


def test_one_history_scores_as_it_does_among_others(scorer: Scorer) -> None:
    together = scorer.score(HISTORIES)
    for row, history in enumerate(HISTORIES):
        np.testing.assert_allclose(scorer.score(Histories.of([history]))[0], together[row], atol=2e-5)


def test_unknown_codes_are_left_out(scorer: Scorer) -> None:
    strange, known = Histories.of([[N_ITEMS + 3, 2, -1, 10**9]]), Histories.of([[2]])
    np.testing.assert_array_equal(scorer.score(strange), scorer.score(known))
    similar = scorer.similar(np.array([N_ITEMS + 3, -1]), 4)
    assert similar.items.shape == (2, 4)


def test_no_histories_no_rows(scorer: Scorer) -> None:
    none = Histories.of([])
    assert scorer.score(none).shape == (0, N_ITEMS)
    assert scorer.top(none, 3).items.shape == (0, 3)
    assert scorer.score_candidates(none, np.zeros((0, 2), np.int64)).shape == (0, 2)
    assert scorer.similar(np.zeros(0, np.int64), 3).items.shape == (0, 3)


def test_survives_the_disk(scorer: Any, tmp_path: Path) -> None:
    save_artifact(scorer, tmp_path / "scorer")
    again = load_artifact(type(scorer), tmp_path / "scorer")
    np.testing.assert_array_equal(again.score(HISTORIES), scorer.score(HISTORIES))


def test_the_settings_survive_the_disk(learner: Any, tmp_path: Path) -> None:
    save_artifact(learner, tmp_path / "learner")
    assert load_artifact(type(learner), tmp_path / "learner") == learner


def test_candidates_score_as_in_the_whole(scorer: Scorer) -> None:
    candidates = derive(3).integers(0, N_ITEMS, (len(HISTORIES), 7))
    expected = np.take_along_axis(scorer.score(HISTORIES), candidates, axis=1)
    np.testing.assert_allclose(scorer.score_candidates(HISTORIES, candidates), expected, atol=1e-6)


def test_candidates_that_cannot_be_scored_are_minus_infinity(scorer: Scorer) -> None:
    candidates = np.tile([-1, 0, N_ITEMS, 10**9], (len(HISTORIES), 1))
    found = scorer.score_candidates(HISTORIES, candidates)
    assert np.isneginf(found[:, [0, 2, 3]]).all()
    assert np.isfinite(found[:, 1]).all()


def test_the_best_are_in_order_and_have_their_scores(scorer: Scorer) -> None:
    best = scorer.top(HISTORIES, 5, exclude_seen=False)
    scores = scorer.score(HISTORIES)
    np.testing.assert_allclose(np.take_along_axis(scores, best.items, axis=1), best.scores, atol=1e-6)
    np.testing.assert_allclose(best.scores, -np.sort(-scores, axis=1)[:, :5], atol=1e-6)


def test_what_was_seen_is_never_among_the_best(scorer: Scorer) -> None:
    best = scorer.top(HISTORIES, N_ITEMS)
    for seen, items in zip(HISTORIES, best.items, strict=True):
        assert not set(seen.tolist()) & set(items.tolist())
        assert len(set(items[items >= 0].tolist())) == (items >= 0).sum()


def test_k_beyond_the_items(scorer: Scorer) -> None:
    best = scorer.top(HISTORIES, N_ITEMS + 5)
    assert best.items.shape == best.scores.shape == (len(HISTORIES), N_ITEMS + 5)
    assert (best.items[:, N_ITEMS:] == -1).all()
    assert np.isneginf(best.scores[best.items == -1]).all()
    assert np.isfinite(best.scores[best.items >= 0]).all()


def test_nothing_is_similar_to_itself(scorer: Scorer) -> None:
    items = np.arange(N_ITEMS)
    found = scorer.similar(items, N_ITEMS)
    assert not (found.items == items[:, None]).any()
    assert found.items.max() < N_ITEMS


def test_nothing_to_learn_from_still_scores(learner: Learner, data: Interactions) -> None:
    nothing = data.where(np.zeros(len(data), np.bool_))
    scores = learner.fit(nothing, rng=derive(5)).score(HISTORIES)
    assert scores.shape == (len(HISTORIES), N_ITEMS)
    assert np.isfinite(scores).all()


def test_one_user_with_one_item_is_enough(learner: Learner, data: Interactions) -> None:
    lone = data.where(np.arange(len(data)) == 0)
    scores = learner.fit(lone, rng=derive(5)).score(HISTORIES)
    assert scores.shape == (len(HISTORIES), N_ITEMS)
    assert np.isfinite(scores).all()
