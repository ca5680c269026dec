from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.events.codec import pack, pack_ints, unpack, unpack_ints
from equipoise.events.facts import Census, Choice, Decision
from equipoise.types import Floats


def decision(scores: Floats, features: Floats, k: int) -> Decision:
    candidates = tuple(str(code) for code in range(len(scores), 0, -1))
    slate = tuple(
        Choice(
            item_id=candidates[place],
            position=place,
            score=float(scores[place]),
            propensity=1e-9 * (place + 1),
            explored=bool(place % 2),
            source="7",
            by_expert=(0.1 * place, 1e-12),
        )
        for place in range(k)
    )
    return Decision(
        recommendation_id="r",
        user_id=None,
        session_id=None,
        surface="",
        timestamp=0,
        policy="",
        policy_version=0,
        variant="",
        candidates=candidates,
        scores=scores,
        features_version="",
        slate=slate,
        exploration=0.0,
        reason="",
        features=features,
    )


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**40)))
def test_integers_come_back(values: list[int]) -> None:
    assert unpack_ints(pack_ints(np.array(values, np.int64))).tolist() == values


def test_small_integers_take_one_byte() -> None:
    assert len(pack_ints(np.arange(128))) == 128


@pytest.mark.parametrize("size", [1.0, 1e6, 1e30])
def test_scores_and_features_come_back_to_three_digits_whatever_their_size(size: float) -> None:
    rng = np.random.default_rng(0)
    told = decision(size * rng.normal(size=20), (size * rng.normal(size=(4, 3))).astype(np.float32), 4)
    body = unpack(pack(told, int))
    assert body.candidates.tolist() == list(range(1, 21))
    assert body.scores[::-1] == pytest.approx(told.scores, rel=2e-3, abs=1e-4 * size)
    assert body.features == pytest.approx(told.features, rel=2e-3, abs=1e-4 * size)


def test_a_score_that_is_no_number_stays_so() -> None:
    scores = np.array([np.nan, np.inf, 70_000.0, 1.0])
    back = unpack(pack(decision(scores, np.zeros((0, 0)), 0), int)).scores[::-1]
    assert np.isnan(back[0])
    assert np.isinf(back[1])
    assert back[2:] == pytest.approx([70_000.0, 1.0], rel=1e-3)


def test_propensities_come_back_exactly() -> None:
    told = decision(np.zeros(9), np.zeros((9, 2), np.float32), 9)
    body = unpack(pack(told, int))
    assert body.propensities.tolist() == [choice.propensity for choice in told.slate]
    assert body.choices(lambda codes: [str(code) for code in codes]) == told.slate


def test_a_body_from_before_there_were_experts_is_read() -> None:
    told = decision(np.zeros(3), np.zeros((3, 2), np.float32), 3)
    parts = msgspec.msgpack.decode(pack(told, int))
    body = unpack(msgspec.msgpack.encode(parts[:-2]))
    assert [choice.by_expert for choice in body.choices(lambda codes: [str(code) for code in codes])] == [
        ()
    ] * 3
    assert body.propensities.tolist() == [choice.propensity for choice in told.slate]


def test_a_census_comes_back_beside_its_candidates() -> None:
    features = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    told = replace(decision(np.zeros(20), np.zeros((0, 0)), 0), census=Census(features=features, share=0.05))
    census = unpack(pack(told, int)).census
    assert census is not None
    assert census.share == 0.05
    # The codes of the candidates fall, and a body has them in rising order.
    assert census.features[::-1] == pytest.approx(features, rel=2e-3, abs=1e-4)


def test_a_body_without_a_census_is_read_and_costs_a_byte() -> None:
    payload = pack(decision(np.zeros(3), np.zeros((3, 2), np.float32), 3), int)
    before = msgspec.msgpack.encode(msgspec.msgpack.decode(payload)[:-1])
    assert unpack(before).census is None
    assert len(payload) == len(before) + 1


def test_what_is_no_body_is_refused() -> None:
    with pytest.raises(ValueError, match=r"(?i)decode|truncated|expected"):
        unpack(b"\x00")
