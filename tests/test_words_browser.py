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


FIRST_AND_LAST = """each => {
    const texts = document.createTreeWalker(each, NodeFilter.SHOW_TEXT), places = [];
    for (let text; (text = texts.nextNode()); ) for (let at = 0; at < text.length; at++) {
        const range = new Range();
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        if (/[#.~CG+]/.test(text.data[at])) places.push(range.getBoundingClientRect().left);
    }
    return [places[0], places.at(-1)];
}"""


def test_latin_names_with_signs_are_not_turned_around_from_the_right(
    site_with: SiteWith, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sign before or behind a Latin name has no direction of its own, and would go to its other side."""
    monkeypatch.setenv("BLOG_LANGUAGE", "ar")
    text = post_text("C++", body='طابور\n\n```go title="~/.C++"\nx := 1\n```\n', tags="[C++]")
    small = site_with({"a": text, "b": post_text("مقال", tags="[C++]")}, settings='tags = "open"\n')
    with server_of(small.app) as server:
        page = browser.new_page()
        for address, names in (
            ("/posts/a/", (".chips a", ".kicker a", "figcaption", "h1")),
            ("/tags/", (".columns a bdi",)),
            ("/tags/cpp/", ("h1",)),
            ("/search/?q=C%2B%2B", (".search-title",)),
            ("/search/?q=xyzzy", (".search-rest a",)),
        ):
            page.goto(server + address)
            for name in names:
                first, last = page.locator(name).first.evaluate(FIRST_AND_LAST)
                assert first < last, (address, name)
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
