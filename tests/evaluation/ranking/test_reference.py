"""Every metric beside a slow one written straight from the definition, on whatever hypothesis draws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.data.split import HeldOut
from equipoise.evaluation.ranking import About, evaluate_ranking
from equipoise.evaluation.ranking.about import Categories, Popularity, Vectors
from equipoise.models.search.rows import best_of_rows
from equipoise.random import derive

from . import reference
from .conftest import Table, held_out

N_ITEMS, N_USERS = 7, 9
KS = (1, 3, 9)
codes = st.integers(0, N_ITEMS + 1)
history = st.lists(codes, max_size=5)
target = st.lists(codes, min_size=1, max_size=4, unique=True)
scores = st.lists(st.sampled_from([-1.0, 0.0, 0.5, 2.0]), min_size=N_ITEMS, max_size=N_ITEMS)
user = st.tuples(history, target, scores)
small = st.sampled_from([0.0, 0.0, 1.0, 2.0])


def rows(width: int) -> st.SearchStrategy[list[list[float]]]:
    row = st.lists(small, min_size=width, max_size=width)
    return st.lists(row, min_size=N_ITEMS, max_size=N_ITEMS)


@given(
    st.lists(user, min_size=1, max_size=4),
    rows(3),
    rows(2),
    st.lists(st.integers(0, N_USERS), min_size=N_ITEMS, max_size=N_ITEMS),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_every_metric_is_what_its_definition_says(
    users: list[tuple[list[int], list[int], list[float]]],
    vectors: list[list[float]],
    belongs: list[list[float]],
    met_by: list[int],
    exclude_seen: bool,
) -> None:
    money = [float(place + 1) for place in range(sum(len(targets) for _, targets, _ in users))]
    asked = held_out([met for met, _, _ in users], [targets for _, targets, _ in users], money)
    about = About(
        popularity=Popularity(met_by=np.array(met_by), n_users=N_USERS),
        vectors=Vectors.of(np.array(vectors)),
        categories=Categories.of(np.array(belongs)),
    )
    scorer = Table(np.array([scores for *_, scores in users]))
    found = evaluate_ranking(scorer, asked, ks=KS, rng=derive(1), exclude_seen=exclude_seen, about=about)
    # The order of equal scores is drawn, so the lists themselves come from a scorer asked the same way.
    lists = ranked(scorer, asked, exclude_seen)
    for k in KS:
        for nth, (met, targets, _) in enumerate(users):
            paid = dict(zip(targets, asked.values[asked.targets.offsets[nth] :], strict=False))
            known, shown = {item for item in met if item < N_ITEMS}, lists[nth][:k]
            expected = (
                reference.accuracy(shown, paid, k)
                | reference.popularity(shown, met_by, N_USERS)
                | reference.likeness(shown, paid, known, vectors, k)
                | {"miscalibration": reference.miscalibration(shown, known, belongs)}
            )
            values = {name: found.per_user[f"{name}@{k}"][nth] for name in expected}
            assert values == pytest.approx(expected, abs=1e-6)
        assert found.coverage[f"gini@{k}"] == pytest.approx(
            reference.gini([shown[:k] for shown in lists], N_ITEMS)
        )
        assert found.coverage[f"coverage@{k}"] == len({i for shown in lists for i in shown[:k]}) / N_ITEMS
    for nth, (met, targets, given_scores) in enumerate(users):
        left_out = set(met) if exclude_seen else set()
        assert found.per_user["auc"][nth] == pytest.approx(reference.auc(given_scores, targets, left_out))


def ranked(scorer: Table, asked: HeldOut, exclude_seen: bool) -> list[list[int]]:
    seeds = derive(1).integers(0, 2**64, len(asked), np.uint64)
    seen = asked.histories if exclude_seen else None
    best, _ = best_of_rows(scorer.score(asked.histories), max(KS), left_out=seen, seeds=seeds)
    return [[item for item in row.tolist() if item >= 0] for row in best]
