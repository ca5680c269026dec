import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def visit(address: str, slates: int) -> None:
    """Let shoppers of each variant come and click the first thing they see."""
    with httpx.Client(base_url=address) as client:
        for number in range(slates):
            variant = ("policy", "greedy", "random")[number % 3]
            who = {"session_id": f"visitor-{number}", "k": 6, "context": {"variant": variant}}
            slate = client.post("/v1/recommendations", json=who).raise_for_status().json()
            click = {
                "event_type": "click",
                "session_id": who["session_id"],
                "item_id": slate["items"][0]["item_id"],
                "recommendation_id": slate["recommendation_id"],
            }
            client.post("/v1/events", json=click).raise_for_status()


def figure(page: Page, name: str) -> str:
    tile = page.locator(".tile", has=page.locator("dt", has_text=re.compile(f"^{name}$")))
    return tile.locator(".figure").inner_text()


def test_the_dashboards_figures_move(page: Page, address: str) -> None:
    page.goto("/dashboard")
    expect(page.locator("#live-text")).to_have_text("Live")
    expect(page.locator(".tile")).to_have_count(7)
    page.wait_for_timeout(2_500)
    before = int(figure(page, "Slates").replace(",", ""))
    visit(address, 30)
    expect(page.locator(".tile .figure").nth(4)).to_have_text(f"{before + 30:,}")
    assert re.fullmatch(r"\d+(\.\d+)?\s%", figure(page, "Click rate"))


def test_the_dashboard_compares_variants_and_shows_doubt(
    any_page: Page, address: str, tmp_path: Path
) -> None:
    visit(address, 30)
    any_page.goto("/dashboard")
    expect(any_page.locator("#variants tbody tr")).to_have_count(3)
    expect(any_page.locator("#variants")).to_contain_text(re.compile(r"\d\.\d{3} to \d\.\d{3}"))
    expect(any_page.locator("#unknown meter").first).to_be_visible()
    expect(any_page.locator("#reward-chart .line")).to_have_count(3, timeout=20_000)
    expect(any_page.locator("#explored-chart .line")).to_have_count(1)
    any_page.screenshot(path=tmp_path / "dashboard.png", full_page=True)


def test_decisions_can_be_filtered_and_opened(page: Page, address: str) -> None:
    visit(address, 9)
    page.goto("/dashboard")
    expect(page.locator(".decision").first).to_be_visible()
    page.locator("#filter").select_option("random")
    expect(page.locator(".decision header b").first).to_have_text("random")
    assert set(page.locator(".decision header b").all_inner_texts()) == {"random"}
    page.locator(".decision summary").first.click()
    expect(page.locator(".decision .items li")).to_have_count(6 * page.locator(".decision").count())
    expect(page.locator(".decision .items li").first).to_contain_text("%")


def test_the_dashboard_says_when_the_server_is_away(page: Page) -> None:
    page.goto("/dashboard")
    expect(page.locator("#live-text")).to_have_text("Live")
    page.route("**/dashboard/figures", lambda route: route.fulfill(status=503, body="{}"))
    expect(page.locator("#away")).to_contain_text("Asking again")
    expect(page.locator("#live-text")).to_have_text("Away")
    page.unroute("**/dashboard/figures")
    expect(page.locator("#away")).to_be_hidden()


def test_a_hidden_dashboard_asks_for_nothing(page: Page) -> None:
    page.goto("/dashboard")
    expect(page.locator("#live-text")).to_have_text("Live")
    hide = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
    page.evaluate(hide % "true" + "document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(500)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2_500)
    assert asked == []
    page.evaluate(hide % "false" + "document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(500)
    assert asked


def test_a_call_can_be_tried(any_page: Page, tmp_path: Path) -> None:
    any_page.goto("/docs")
    expect(any_page.locator(".path")).to_contain_text("/v1/recommendations")
    expect(any_page.locator(".fields").first).to_contain_text("session_id")
    any_page.get_by_role("button", name="Send").click()
    expect(any_page.locator(".status")).to_contain_text(re.compile(r"200.*\d ms"))
    expect(any_page.get_by_label("Answer")).to_contain_text("recommendation_id")
    any_page.screenshot(path=tmp_path / "docs.png", full_page=True)
    for link in any_page.locator("#calls a").all():
        link.click()
        expect(any_page.locator(".path")).to_contain_text(link.inner_text().split("\n")[-1])
        expect(any_page.locator("#call h1")).not_to_be_empty()


def test_a_call_that_is_refused_says_so(page: Page) -> None:
    page.goto("/docs#post/v1/recommendations")
    page.get_by_label("Body, JSON").fill('{"k": -1}')
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".status.bad")).to_contain_text("400")
    expect(page.get_by_label("Answer")).to_contain_text('"detail"')


@pytest.mark.parametrize("path", ["/", "/dashboard", "/docs"])
def test_nothing_scrolls_sideways(any_page: Page, path: str) -> None:
    any_page.goto(path)
    any_page.wait_for_timeout(1_500)
    widths = any_page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1]


@pytest.mark.parametrize("path", ["/", "/dashboard", "/docs"])
def test_every_control_has_a_name(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_timeout(1_500)
    nameless = page.evaluate(
        """[...document.querySelectorAll("button, a, input, select, textarea, summary")]
        .filter((e) => !(e.textContent.trim() || e.getAttribute("aria-label") || e.labels?.length))
        .map((e) => e.outerHTML)"""
    )
    assert nameless == []
