import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models.learner import TopK
from equipoise.models.search import quantised
from equipoise.models.search.quantised import Quantised
from equipoise.random import derive


@pytest.fixture(params=["this processor's codes", "any processor's codes"], autouse=True)
def _processor(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param.startswith("any"):
        monkeypatch.setattr(quantised, "supported", lambda: False)


def vectors(n: int, f: int, name: str) -> np.ndarray:
    return derive(3, name).normal(size=(n, f)).astype(np.float32)


@pytest.mark.parametrize("spread", [0.0, 1.0])
@pytest.mark.parametrize("f", [16, 64, 100])
def test_of_the_best_hundred_at_most_one_in_a_thousand_is_missed(f: int, spread: float) -> None:
    lengths = np.exp(spread * derive(4, "lengths").normal(size=(20_000, 1)))
    items = (vectors(20_000, f, "items") * lengths).astype(np.float32)
    queries = vectors(30, f, "queries")
    found, exact = Quantised.of(items).top(queries, 100), TopK.of(queries @ items.T, 100)
    same = [np.isin(one, other).mean() for one, other in zip(found.items, exact.items, strict=True)]
    assert np.mean(same) >= 0.999
    np.testing.assert_allclose(found.scores[:, 0], exact.scores[:, 0], rtol=1e-5)


@given(st.integers(1, 150), st.integers(1, 70), st.integers(0, 160), st.integers(0, 9))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_small_catalogues_are_searched_whole(m: int, f: int, k: int, seed: int) -> None:
    items, queries = vectors(m, f, f"items {seed}"), vectors(2, f, f"queries {seed}")
    seen = Histories.of([[0, 3, 999], []])
    found = Quantised.of(items).top(queries, k, seen, extra=float(m))
    exact = TopK.of(queries @ items.T, k, left_out=seen)
    np.testing.assert_allclose(found.scores, exact.scores, rtol=1e-4, atol=1e-5)
    assert (found.items == exact.items).mean() > 0.9 if k else True


def test_what_was_seen_is_left_out() -> None:
    items, queries = vectors(1000, 8, "items"), vectors(3, 8, "queries")
    best = Quantised.of(items).top(queries, 20)
    rest = Quantised.of(items).top(queries, 20, Histories.of([row[:15] for row in best.items]))
    for before, after in zip(best.items, rest.items, strict=True):
        assert not np.isin(after, before[:15]).any()
        assert after[:5].tolist() == before[15:].tolist()


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_equal_items_are_in_the_order_of_their_codes(value: float) -> None:
    items = np.full((500, 4), value, np.float32)
    assert Quantised.of(items).top(np.ones((1, 4), np.float32), 5).items.tolist() == [[0, 1, 2, 3, 4]]
    assert Quantised.of(items).top(np.zeros((1, 4), np.float32), 3).items.tolist() == [[0, 1, 2]]


def test_nothing_to_search() -> None:
    assert (
        Quantised.of(np.zeros((0, 4), np.float32)).top(vectors(2, 4, "q"), 3).items.tolist() == [[-1] * 3] * 2
    )
    assert Quantised.of(vectors(5, 4, "i")).top(vectors(0, 4, "q"), 3).items.shape == (0, 3)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(BadInputError, match="finite"):
        Quantised.of(np.array([[np.nan]], np.float32))
    with pytest.raises(BadInputError, match="need \\(n, 4\\)"):
        Quantised.of(vectors(5, 4, "i")).top(vectors(2, 3, "q"), 3)
