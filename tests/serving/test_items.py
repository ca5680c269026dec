"""The catalogue over HTTP."""

from typing import Any
from urllib.parse import quote

import pytest

from equipoise.serving.state import State


def test_an_item_comes_back_as_it_was_put(client: Any) -> None:
    told = {
        "item_id": "mug-1",
        "title": "Blue mug",
        "description": "Holds tea.",
        "categories": ["kitchen", "mugs"],
        "brand": "Ours",
        "price": 7.5,
        "margin": 2.0,
        "currency": "GBP",
        "image_url": "https://shop.example/mug.jpg",
        "available": False,
        "properties": {"glaze": "matt"},
    }
    assert client.put("/v1/items", json=told).json() == {"accepted": 1, "rejected": []}
    assert client.get("/v1/items/mug-1").json() == told


@pytest.mark.parametrize("item_id", ["a/b", "a b", "50%", "naïve", "a,b", "?x=1", "../up", "x/similar"])
def test_any_id_can_be_asked_for(client: Any, item_id: str) -> None:
    client.put("/v1/items", json={"item_id": item_id, "title": "odd"})
    assert client.get(f"/v1/items/{quote(item_id, safe='')}").json()["item_id"] == item_id
    listed = client.get(f"/v1/items?ids=i1,{quote(item_id, safe='')}").json()["items"]
    assert [item["item_id"] for item in listed] == ["i1", item_id]


def test_a_new_item_is_a_candidate_of_the_next_slate(client: Any, state: State) -> None:
    client.put("/v1/items", json=[{"item_id": "fresh", "title": "Blue mug 99"}])
    told = client.post("/v1/recommendations", json={"user_id": "u1", "k": 100}).json()
    chosen = {choice["item_id"]: choice for choice in told["items"]}
    assert chosen["fresh"]["source"] == "new_arrival"
    assert state.shelf.catalogue.content[state.shelf.code("fresh")].nnz > 0


def test_an_item_taken_away_is_not_shown_again(client: Any) -> None:
    client.put("/v1/items", json={"item_id": "i3", "title": "Gone", "available": False})
    told = client.post("/v1/recommendations", json={"user_id": "u1", "k": 100}).json()
    assert "i3" not in {choice["item_id"] for choice in told["items"]}


def test_a_new_version_replaces_the_old_and_keeps_its_code(client: Any, state: State) -> None:
    before, arrived = state.shelf.code("i3"), state.shelf.catalogue.arrived[3]
    client.put("/v1/items", json={"item_id": "i3", "title": "New name", "price": 99.0})
    assert client.get("/v1/items/i3").json()["title"] == "New name"
    assert state.shelf.code("i3") == before
    assert state.shelf.catalogue.prices[before] == 99.0
    assert state.shelf.catalogue.arrived[before] == arrived


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"item_id": None}, "item_id"),
        ({"price": -1}, "price"),
        ({"price": "cheap"}, "price"),
        ({"categories": "mugs"}, "categories"),
        ({"image_url": "javascript:alert(1)"}, "image_url"),
        ({"image_url": "//evil.example/x.png"}, "image_url"),
        ({"title": "x" * 2_001}, "title"),
        ({"available": "yes"}, "available"),
        ({"prise": 3}, "prise"),
    ],
)
def test_a_bad_field_is_named(client: Any, change: dict[str, Any], field: str) -> None:
    answer = client.put("/v1/items", json={"item_id": "mug-1", **change})
    assert answer.status_code == 400, answer.text
    assert answer.json()["field"] == field


def test_items_are_listed_in_order_and_by_id(client: Any) -> None:
    page = client.get("/v1/items?offset=38&limit=5").json()
    assert [item["item_id"] for item in page["items"]] == ["i38", "i39"]
    assert page["total"] == 40
    by_id = client.get("/v1/items?ids=i2,unknown,i1").json()
    assert [item["item_id"] for item in by_id["items"]] == ["i2", "i1"]


def test_similar_items_are_near_and_never_the_item_itself(client: Any) -> None:
    told = client.get("/v1/items/i2/similar?k=5").json()
    near = [item["item_id"] for item in told["items"]]
    assert len(near) == 5
    assert "i2" not in near
    assert all(int(item_id[1:]) % 2 == 0 for item_id in near)  # users buy only even items, or only odd ones


def test_similar_items_of_a_new_item_share_its_words(client: Any) -> None:
    client.put("/v1/items", json={"item_id": "fresh", "title": "wooden spoon"})
    near = client.get("/v1/items/fresh/similar?k=3").json()["items"]
    assert {client.get(f"/v1/items/{each['item_id']}").json()["title"].split()[0] for each in near} == {
        "Wooden"
    }


@pytest.mark.parametrize("k", ["0", "101", "-3", "many", "1e2", "", "9" * 50])
def test_a_bad_k_is_a_problem(client: Any, k: str) -> None:
    answer = client.get(f"/v1/items/i2/similar?k={k}")
    assert answer.status_code == 400
    assert answer.json()["field"] == "k"


def test_an_unknown_item_is_not_found(client: Any) -> None:
    for path in ("/v1/items/nothing", "/v1/items/nothing/similar"):
        assert client.get(path).status_code == 404
