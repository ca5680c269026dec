from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from equipoise.data.prepare import Prepared, prepare, prepare_tables
from equipoise.errors import BadInputError
from equipoise.events.facts import EVENT_TYPES


def prepared(shop: Any) -> Prepared:
    return prepare_tables(shop.events, shop.items)


def test_item_codes_follow_the_first_appearance_in_the_log(shop: Any) -> None:
    shop.item("b").item("a").item("b", title="newer").event("purchase", "a", user_id="u")
    assert prepared(shop).vocabulary.ids == ("b", "a")


def test_the_newest_version_of_an_item_is_current(shop: Any) -> None:
    shop.item("a", price=1.0).item("b").item("a", price=2.0, available=False)
    catalogue = prepared(shop.event("purchase", "a", user_id="u")).catalogue
    np.testing.assert_array_equal(catalogue.prices, [2.0, np.nan])
    assert catalogue.available.tolist() == [False, True]


def test_the_currency_is_that_of_most_items(shop: Any) -> None:
    shop.item("a", currency="GBP").item("b", currency="EUR").item("c", currency="GBP").item("d")
    assert prepared(shop.event("click", "a", user_id="u")).currency == "GBP"


def test_an_item_arrives_when_it_is_first_told_or_met(shop: Any) -> None:
    shop.item("a", 50).item("b", 60).item("a", 90)
    shop.event("view", "a", 70, user_id="u").event("purchase", "b", 55, user_id="u")
    assert prepared(shop).catalogue.arrived.tolist() == [50, 55]


def test_rows_are_sorted_by_user_then_time_then_arrival(shop: Any) -> None:
    shop.item("a").item("b").item("c")
    shop.event("purchase", "c", 5, user_id="late").event("purchase", "b", 5, user_id="late")
    shop.event("purchase", "a", 9, user_id="early").event("purchase", "a", 2, user_id="late")
    found = prepared(shop)
    assert found.users.ids == ("late", "early")
    assert [list(row) for row in found.interactions.histories()] == [[0, 2, 1], [0]]
    assert found.interactions.times.tolist() == [2, 5, 5, 9]


def test_repeats_stay(shop: Any) -> None:
    shop.item("a")
    for time in (1, 2, 2):
        shop.event("purchase", "a", time, user_id="u")
    assert prepared(shop).interactions.items.tolist() == [0, 0, 0]


def test_events_weigh_by_type_and_only_purchases_have_money(shop: Any) -> None:
    shop.item("a")
    shop.event("click", "a", 1, user_id="u", value=3.0).event("purchase", "a", 2, user_id="u", value=4.0)
    shop.event("purchase", "a", 3, user_id="u").event("impression", "a", 4, user_id="u")
    interactions = prepared(shop).interactions
    np.testing.assert_allclose(interactions.weights, [0.3, 1.0, 1.0])
    assert interactions.kinds is not None
    assert [EVENT_TYPES[kind] for kind in interactions.kinds] == ["click", "purchase", "purchase"]
    assert interactions.values.tolist() == [0.0, 4.0, 0.0]


def test_visitors_without_a_user_id_are_known_by_their_session(shop: Any) -> None:
    shop.item("a")
    shop.event("click", "a", user_id="s1").event("click", "a", session_id="s1").event("click", "a")
    found = prepared(shop)
    assert found.users.ids == ("s1", "session s1")
    assert len(found.interactions) == 2


def test_events_of_unknown_items_are_left_out(shop: Any) -> None:
    shop.item("a").event("click", "a", user_id="u").event("click", "ghost", user_id="v")
    found = prepared(shop)
    assert found.users.ids == ("u",)
    assert len(found.interactions) == 1


def test_nothing_to_learn_from_is_one_clear_error(shop: Any) -> None:
    with pytest.raises(BadInputError, match=r"holds no purchase or cart .* `equipoise ingest` some first"):
        prepared(shop.item("a").event("impression", "a", user_id="u"))


def test_content_is_encoded_from_title_brand_and_categories(shop: Any) -> None:
    shop.item("a", title="Red mug", brand="Acme", categories=["kitchen"])
    shop.item("b", title="red MUG", brand="acme", categories=["kitchen"]).item("c", title="Lamp")
    found = prepared(shop.event("click", "a", user_id="u"))
    likeness = (found.catalogue.content @ found.catalogue.content.T).toarray()
    np.testing.assert_allclose(likeness, [[1, 1, 0], [1, 1, 0], [0, 0, 0]], atol=1e-6)


class ScannedShop:
    """The reading half of a log, in several batches."""

    def __init__(self, shop: Any) -> None:
        self.tables = {"events": shop.events, "items": shop.items}

    def scan(self, table: str, after: int = 0) -> Iterator[pa.RecordBatch]:
        yield from self.tables[table].to_batches(max_chunksize=1)


def test_a_log_is_read_batch_by_batch(shop: Any) -> None:
    shop.item("a").item("b").event("click", "a", user_id="u").event("click", "b", 2, user_id="u")
    log: Any = ScannedShop(shop)
    assert prepare(log).interactions.items.tolist() == [0, 1]


def test_an_empty_log_is_one_clear_error(shop: Any) -> None:
    log: Any = ScannedShop(shop)
    with pytest.raises(BadInputError, match="holds no events; `equipoise ingest FILE` reads some in"):
        prepare(log)
