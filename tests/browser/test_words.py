from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def calls(page: Page, module: str, expression: str) -> Any:
    """Evaluate `expression` with the exports of a module of the pages as `m`."""
    page.goto("/docs")
    return page.evaluate(
        f"async () => {{ const m = await import('/static/{module}'); return {expression}; }}"
    )


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("WHITE HANGING HEART T-LIGHT HOLDER", "White Hanging Heart T-Light Holder"),
        ("SET/20 RED RETROSPOT PAPER NAPKINS ", "Set/20 Red Retrospot Paper Napkins"),
        ("PAPER CHAIN KIT 50'S CHRISTMAS", "Paper Chain Kit 50's Christmas"),
        ("LUNCH BAG  BLACK SKULL.", "Lunch Bag Black Skull"),
        ("SET OF 3 CAKE TINS", "Set of 3 Cake Tins"),
        ("Set Of 6 Ribbons", "Set of 6 Ribbons"),
        ("DOORMAT COME IN", "Doormat Come In"),
        ("RED LED LIGHT", "Red LED Light"),
        ("iPhone case", "iPhone case"),
    ],
)
def test_titles_are_set_in_title_case(page: Page, told: str, read: str) -> None:
    assert calls(page, "words.js", f"m.titleCase({told!r})") == read


def test_numbers_read_well(page: Page) -> None:
    read = calls(
        page,
        "words.js",
        "[m.percent(0.0324), m.percent(0.42), m.percent(0.0032), m.percent(0), m.percent(null),"
        " m.money(1234.5, 'GBP'), m.money(1234.5, null), m.money(null, 'GBP'),"
        " m.duration(0.4), m.duration(75), m.duration(7300)]",
    )
    assert [text.replace("\xa0", " ") for text in read] == [
        "3.2 %", "42 %", "0.32 %", "0 %", "–", "£1,234.50", "1,234.50", "–",
        "less than a second", "1 min", "2 h",
    ]  # fmt: skip


def test_unknown_sources_are_still_said(page: Page) -> None:
    read = calls(page, "words.js", "[m.sourceInWords('two_tower'), m.sourceInWords('toString')]")
    assert read == ["Two tower", "ToString"]


def test_a_picture_is_the_same_each_time_and_follows_the_title(page: Page) -> None:
    item = "{item_id: '1', title: 'ALARM CLOCK BAKELIKE RED'}"
    once, again = calls(page, "art.js", f"[m.art({item}).outerHTML, m.art({item}).outerHTML]")
    assert once == again
    titles = ("ALARM CLOCK BAKELIKE RED", "JUMBO BAG OWLS", "RABBIT NIGHT LIGHT", "6 RIBBONS RUSTIC CHARM")
    listed = ", ".join(f"m.emblemOf(' {title.lower()} ', 0)" for title in titles)
    assert calls(page, "art.js", f"[{listed}]") == ["clock", "tote", "lamp", "ribbon"]


def test_every_title_word_leads_to_a_drawing_that_exists(page: Page) -> None:
    page.goto("/docs")
    missing = page.evaluate(
        """async () => {
        const { CALLS, SPARE } = await import("/static/art.js");
        const { EMBLEMS } = await import("/static/emblems.js");
        return [...CALLS.map(([name]) => name), ...SPARE].filter((name) => !(name in EMBLEMS));
        }"""
    )
    assert missing == []


def test_running_means_skip_what_is_missing(page: Page) -> None:
    assert calls(page, "chart.js", "m.running([1, null, 3, 5], 3)") == [1, None, 4, 4]
    assert calls(page, "chart.js", "[0.13, 0.5, 3, 70].map(m.niceStep)") == [0.2, 0.5, 5, 100]
