"""The words of scripts in a real browser: in the language of the page, and of the article that they stand in."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import SiteWith, SmallSite, post_text, server_of

pytestmark = pytest.mark.browser

CODE = "Wörter über Warteschlangen.[^1]\n\n```go\nx := 1\n```\n\n[^1]: Fuß.\n"


@pytest.fixture
def german(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    monkeypatch.setenv("BLOG_LANGUAGE", "de")
    posts = {f"a{n}": post_text(f"Artikel {n}", f"2026-01-0{n}", CODE, tags="[Go]") for n in (1, 2)}
    return site_with({**posts, "b": post_text("Strange", "2026-01-03", CODE, lang="en")})


def errors_of(page: Page) -> list[str]:
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    return found


def test_buttons_of_an_article_speak_its_language(german: SmallSite, browser: Browser) -> None:
    with server_of(german.app) as server:
        page = browser.new_page()
        errors = errors_of(page)
        page.goto(f"{server}/posts/a1/")
        expect(page.locator(".code .tools button").last).to_have_text("Kopieren")
        expect(page.locator(".code .tools button").last).to_have_attribute("aria-label", "Code kopieren: Code, go")
        expect(page.locator("[data-theme-switch]")).to_have_attribute("title", "Farbschema: wie das System")
        page.goto(f"{server}/posts/b/")
        expect(page.locator(".code .tools button").last).to_have_text("Copy")
        expect(page.locator("[data-theme-switch]")).to_have_attribute("title", "Farbschema: wie das System")
        assert errors == []
        page.close()


def test_the_search_counts_in_the_language_of_the_site(german: SmallSite, browser: Browser) -> None:
    with server_of(german.app) as server:
        page = browser.new_page()
        errors = errors_of(page)
        page.goto(f"{server}/search/")
        status = page.locator(".search-status")
        expect(status).to_have_text("Die neuesten Artikel")
        expect(page.locator(".search-result").first).to_contain_text("3. Januar 2026")
        for typed, told in (
            ("Artikel", "2 Treffer"),
            ("Strange", "1 Treffer"),
            ("Artikel Strange", "Kein Artikel mit all diesen Wörtern, 3 mit einigen"),
            ("xyzzy {count}", "Nichts gefunden zu „xyzzy {count}“. Versuchen Sie weniger oder andere Wörter, "
             "oder ein Schlagwort:"),
        ):  # fmt: skip
            page.fill(".search-field", typed)
            expect(status).to_have_text(told)
        assert errors == []
        page.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_page_from_the_right_is_mirrored(
    site_with: SiteWith, browser: Browser, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    """The name of the site at the right, the theme's button at the left; a box before its text; nothing scrolls."""
    monkeypatch.setenv("BLOG_LANGUAGE", "ar")
    body = "طابور\n\n- [ ] قياس\n\n```go\nx := 1\n```\n"
    small = site_with({name: post_text("مقال", body=body) for name in "ab"})
    with server_of(small.app) as server:
        page = browser.new_page(viewport={"width": width, "height": 900})
        for address in ("/", "/posts/a/", "/search/"):
            page.goto(server + address)
            brand, button = page.locator(".brand").bounding_box(), page.locator("[data-theme-switch]").bounding_box()
            assert brand and button and brand["x"] > button["x"]
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.goto(server)
        assert page.locator(".card-more").first.inner_text().endswith("←")
        page.goto(f"{server}/posts/a/")
        item, box = page.locator(".task-list-item").bounding_box(), page.locator(".task-list-item input").bounding_box()
        assert item and box and box["x"] >= item["x"] + item["width"] - 1, "the box stands before the text"
        page.close()
