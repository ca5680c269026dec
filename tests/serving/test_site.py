"""The pages, as files."""

import re
from typing import Any

import pytest

from equipoise.serving.site import PAGES


@pytest.mark.parametrize("path", PAGES)
def test_a_page_may_run_nothing_but_our_own_files(client: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|<style|javascript:", answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_what_a_page_uses_is_there(client: Any, path: str) -> None:
    used = re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get(path).text)
    assert used
    assert {client.get(each).status_code for each in used} == {200}


def test_scripts_have_their_type(client: Any) -> None:
    assert client.get("/static/api.js").headers["content-type"].startswith("text/javascript")


def test_a_browser_that_has_it_gets_no_second_copy(client: Any) -> None:
    tag = client.get("/static/api.js").headers["etag"]
    again = client.get("/static/api.js", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_nothing_else_is_served(client: Any) -> None:
    for path in ("/static/../settings.py", "/static/%2e%2e/settings.py", "/static/", "/shop.html"):
        assert client.get(path).status_code == 404
