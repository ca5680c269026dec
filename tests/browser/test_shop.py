import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

pytestmark = pytest.mark.browser


def slate_of(page: Page) -> list[str]:
    names = page.locator("#slate .name").all_inner_texts()
    assert names
    return names


def open_shop(page: Page) -> list[str]:
    page.goto("/")
    expect(page.locator("#slate .card")).to_have_count(12)
    expect(page.locator("#slate")).to_have_attribute("aria-busy", "false")
    return slate_of(page)


def sent(requests: list[Request], path: str) -> list[Any]:
    return [request.post_data_json for request in requests if request.url.endswith(path)]


def told(requests: list[Request], kind: str) -> list[dict[str, Any]]:
    return [event for body in sent(requests, "/v1/events") for event in body if event["event_type"] == kind]


def requests_of(page: Page) -> list[Request]:
    """A list that fills with what the page asks for from now on."""
    seen: list[Request] = []
    page.on("request", lambda request: seen.append(request))
    return seen


def test_the_shop_shows_named_products_with_prices(any_page: Page, tmp_path: Path) -> None:
    names = open_shop(any_page)
    assert len(set(names)) == 12
    assert any(re.fullmatch(r"[A-Z0-9][\w'+-]*( [\w'+/-]+)+", name) for name in names)
    assert not any(name.isupper() for name in names)
    prices = any_page.locator("#slate .price").all_inner_texts()
    assert all(re.fullmatch(r"£\d+\.\d\d", price) for price in prices)
    expect(any_page.locator("#slate svg.art")).to_have_count(12)
    any_page.screenshot(path=tmp_path / "shop.png", full_page=True)


def test_a_click_posts_an_event_and_the_slate_changes(any_page: Page, tmp_path: Path) -> None:
    requests = requests_of(any_page)
    before = open_shop(any_page)
    with any_page.expect_response("**/v1/recommendations"):
        any_page.locator("#slate .open").first.click()
    expect(any_page.locator("#product")).to_be_visible()
    expect(any_page.locator("#product .similar .card").first).to_be_visible()
    expect(any_page.locator("#notes")).to_contain_text(re.compile(r"\d of your 12 suggestions (is|are) new"))
    click = told(requests, "click")[0]
    assert click["position"] == 0
    assert {"recommendation_id", "item_id", "session_id"} <= click.keys()
    assert slate_of(any_page) != before
    any_page.screenshot(path=tmp_path / "product.png")


def test_what_was_seen_is_told_once_a_position(any_page: Page) -> None:
    requests = requests_of(any_page)
    open_shop(any_page)
    any_page.mouse.wheel(0, 20_000)
    expect(any_page.locator("#made")).to_be_in_viewport()
    any_page.wait_for_timeout(1_000)
    positions = [event["position"] for event in told(requests, "impression")]
    assert positions == sorted(set(positions))
    assert positions[-1] == 11


def test_a_title_cannot_run_script(page: Page) -> None:
    open_shop(page)
    evil = page.locator("#slate .name", has_text="<script>")
    for _ in range(20):
        if evil.count() > 0:
            break
        with page.expect_response("**/v1/recommendations"):
            page.get_by_role("button", name="Show others").click()
        expect(page.locator("#slate")).to_have_attribute("aria-busy", "false")
    expect(evil.first).to_contain_text("<script>window.owned = true</script><img src=x")
    assert page.locator("#slate script, #slate img").count() == 0
    evil.first.click()
    expect(page.locator("#product-title")).to_contain_text("<script>")
    page.wait_for_timeout(300)
    assert page.evaluate("window.owned") is None


def test_a_products_own_picture_is_shown_and_a_missing_one_is_drawn(page: Page) -> None:
    def with_pictures(route: Route) -> None:
        answer = route.fetch().json()
        for place, item in enumerate(answer["items"]):
            item["image_url"] = "/static/mark.svg" if place == 0 else "/pictures/none.png"
        route.fulfill(json=answer)

    page.route("**/v1/items?*", with_pictures)
    open_shop(page)
    expect(page.locator("#slate svg.art")).to_have_count(11)
    expect(page.locator("#slate img.art")).to_have_count(1)


def test_a_card_says_why_it_is_there(page: Page) -> None:
    open_shop(page)
    for card in page.locator("#slate .card").all():
        card.locator("summary").click()
        reasons = card.locator(".reasons")
        expect(reasons).to_be_visible()
        expect(reasons).to_contain_text(re.compile(r"chance \d+(\.\d+)?\s%"))
        expect(reasons).to_contain_text(re.compile(r"propensity [01]\.\d{4}"))
        is_tried = card.locator(".trying").count() == 1
        words = "We are trying this one: shown to learn" if is_tried else "Our best guess"
        expect(reasons).to_contain_text(words)
    expect(page.locator("#made-policy")).to_have_text("lin_boltzmann")
    expect(page.locator("#made-reason")).not_to_be_empty()


def test_a_basket_is_filled_thinned_and_paid_for(any_page: Page, tmp_path: Path) -> None:
    requests = requests_of(any_page)
    open_shop(any_page)
    for place in (0, 1):
        any_page.locator("#slate .open").nth(place).click()
        any_page.get_by_role("button", name="Add to basket").click()
        expect(any_page.locator("#basket-count")).to_have_text(str(place + 1))
        any_page.keyboard.press("Escape")
        expect(any_page.locator("#product")).to_be_hidden()
        expect(any_page.locator("#slate")).to_have_attribute("aria-busy", "false")
    any_page.locator("#open-basket").click()
    any_page.screenshot(path=tmp_path / "basket.png")
    any_page.locator("#basket .drop").first.click()
    expect(any_page.locator("#basket .lines li")).to_have_count(1)
    any_page.get_by_role("button", name="Check out").click()
    expect(any_page.locator("#basket")).to_contain_text("Nothing in it yet")
    expect(any_page.locator("#basket-count")).to_have_text("0")
    carts, dropped, bought = (told(requests, kind) for kind in ("cart", "remove_from_cart", "purchase"))
    assert [event["item_id"] for event in carts] == [dropped[0]["item_id"], bought[0]["item_id"]]
    assert bought[0]["value"] > 0
    assert (bought[0]["currency"], bought[0]["quantity"]) == ("GBP", 1)
    assert "recommendation_id" in bought[0]


def test_a_favourite_is_told(page: Page) -> None:
    requests = requests_of(page)
    open_shop(page)
    with page.expect_response("**/v1/events"):
        page.locator("#slate .love").first.click()
    expect(page.locator("#notes")).to_contain_text("is a favourite")
    assert len(told(requests, "favourite")) == 1


def test_another_visitor_starts_afresh(page: Page) -> None:
    requests = requests_of(page)
    open_shop(page)
    page.locator("#visitor summary").click()
    page.get_by_label("Another customer's id").fill("u3")
    with page.expect_response("**/v1/recommendations"):
        page.keyboard.press("Enter")
    expect(page.locator("#who")).to_have_text("Customer u3")
    asked = sent(requests, "/v1/recommendations")
    assert [body.get("user_id") for body in (asked[0], asked[-1])] == [None, "u3"]
    assert asked[0]["session_id"] != asked[-1]["session_id"]


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    open_shop(page)
    page.locator("#slate .open").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#product")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#product")).to_be_hidden()


def test_a_refusal_is_said(page: Page) -> None:
    open_shop(page)
    problem = '{"title": "Bad Request", "detail": "the shop is closed"}'
    page.route("**/v1/events", lambda route: route.fulfill(status=400, body=problem))
    page.locator("#slate .love").first.click()
    expect(page.locator("#notes")).to_contain_text("the shop is closed")
