"""Features of a shopper's state, values that fit on disk, and a recommender that looks ahead by them."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from equipoise.artifact import load_artifact, save_artifact
from equipoise.data.catalogue import Catalogue
from equipoise.data.situation import KINDS, Situation
from equipoise.models.reinforcement.values import Network
from equipoise.policies import LinGreedy
from equipoise.random import derive
from equipoise.recommenders import Recommender, Request
from equipoise.recommenders.long_term import ABOUT, OWN, LongTerm, Terms
from equipoise.types import Floats

CLICK, CART = KINDS["click"], KINDS["cart"]
TERMS = Terms(
    groups=np.array([0, 0, 1, 1, 0, 1, 0, 1, 0, 1]),
    again=np.linspace(-1.0, 1.0, 10),
    prices=np.zeros(10),
    n_groups=2,
)


def column(found: Floats, name: str) -> list[float]:
    place = OWN.index(name) if name in OWN else len(OWN) + 2 + ABOUT.index(name)
    return [round(float(value), 3) for value in found[:, place]]


def met(*rows: tuple[int, int]) -> Situation:
    told = [(time, item, kind) for time, (item, kind) in enumerate(rows)]
    return Situation.of(told, told, now=len(rows), most=50)


def values(weights: Floats) -> LongTerm:
    d = TERMS.n_own + len(ABOUT)
    column = np.zeros((d, 1), np.float32)
    column[: len(weights), 0] = weights
    net = Network(
        mean=np.zeros(d, np.float32),
        scale=np.ones(d, np.float32),
        weights=(column,),
        biases=(np.zeros(1, np.float32),),
    )
    names = tuple(f"i{code}" for code in range(10))
    return LongTerm(terms=TERMS, values=net, vocabulary=names, learner="Known", steps=1, learned_until=1)


def test_a_group_tires_what_is_in_the_cart_is_marked_and_mood_is_what_is_bought_again() -> None:
    found = TERMS.features(np.array([2, 4, 99]), np.array([1.0, 0.0, -1.0]), met((3, CLICK), (5, CART)))
    assert column(found, "tired of it") == [1.9, 0.0, 0.0]
    assert column(found, "in cart already") == [1.0, 0.0, 0.0]
    assert column(found, "like the last") == [1.0, 0.0, 0.0]
    assert column(found, "clicks of the visit") == [0.2] * 3
    expected = 0.9 * TERMS.again[3] + TERMS.again[5]
    assert column(found, "mood") == [round(float(expected), 3)] * 3
    assert np.isfinite(TERMS.features(np.arange(3), np.ones(3), Situation.nothing())).all()


def test_what_was_met_long_ago_has_healed() -> None:
    old = Situation.of([(0, 3, CLICK)], (), now=14 * 86_400_000_000, most=5)
    assert column(TERMS.features(np.array([2]), np.ones(1), old), "tired of it") == [0.25]


def test_values_come_back_from_disk_the_same(tmp_path: Path) -> None:
    known = values(derive(1, "w").normal(size=5))
    save_artifact(known, tmp_path / "long-term")
    back = load_artifact(LongTerm, tmp_path / "long-term")
    asked = np.arange(10), np.linspace(0, 1, 10), met((3, CLICK))
    np.testing.assert_array_equal(known.scores(*asked), back.scores(*asked))
    assert len(back.scores(np.empty(0, np.int64), np.empty(0), met())) == 0


def test_the_weight_turns_a_slate_towards_what_is_bought_again(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    again = np.zeros(len(OWN))
    again[OWN.index("bought again")] = 1.0
    score = np.zeros(len(recommender.features))
    score[list(recommender.features.names).index("blend")] = -1.0
    shop = replace(recommender, policy=LinGreedy().start(len(score), score), newcomers=0.0)

    def slate(weight: float) -> list[int]:
        ahead = replace(shop, long_term=values(again), looks_ahead=weight)
        asked = Request(history=np.array([0]), now=60)
        return [int(item) for item in ahead.recommend(asked, catalogue, 3, rng=derive(1, "slate")).items]

    plain = shop.recommend(Request(history=np.array([0]), now=60), catalogue, 3, rng=derive(1, "slate"))
    assert slate(0.0) == plain.items.tolist()
    assert TERMS.again[slate(1.0)[0]] > TERMS.again[slate(0.0)[0]]
