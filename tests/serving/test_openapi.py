"""The OpenAPI document says what the table says."""

import re
from typing import Any

from equipoise.serving.openapi import document
from equipoise.serving.routes import ROUTES


def test_every_route_is_in_the_document(client: Any) -> None:
    told = client.get("/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    listed = {(method.upper(), path) for path, methods in told["paths"].items() for method in methods}
    assert listed == {(route.method, route.path) for route in ROUTES}


def test_operations_have_names_of_their_own() -> None:
    names = [
        each["operationId"] for methods in document(ROUTES)["paths"].values() for each in methods.values()
    ]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"\w+", name) for name in names)


def test_every_reference_leads_somewhere() -> None:
    told = document(ROUTES)
    for reference in re.findall(r"#/components/schemas/(\w+)", str(told)):
        assert reference in told["components"]["schemas"]


def test_bodies_may_be_one_or_many() -> None:
    taken = document(ROUTES)["paths"]["/v1/events"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]
    assert taken["oneOf"][1] == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/EventIn"},
        "minItems": 1,
        "maxItems": 1000,
    }


def test_limits_are_told() -> None:
    k = document(ROUTES)["components"]["schemas"]["RecommendationIn"]["properties"]["k"]
    assert {"type": "integer", "minimum": 1, "maximum": 100} in k["anyOf"]
