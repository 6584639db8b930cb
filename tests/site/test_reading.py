"""Every article of this site as its readers have it: what axe finds, and nothing wider than the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.conftest import ROOT
from tests.test_browser import ALL_SHOWN, Visit, serving
from trigpoint.application import create_app

pytestmark = pytest.mark.browser

ARTICLES = sorted(path.parent.name for path in (ROOT / "pages/posts").glob("*/index.md"))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(create_app(ROOT)) as served:
        yield served


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("has_scripts", [True, False])
@pytest.mark.parametrize("article", ARTICLES)
def test_axe_finds_nothing_in_either_theme(
    browser: Browser, address: str, article: str, has_scripts: bool, width: int
) -> None:
    """Without scripts they are empty, not forbidden: axe is one itself."""
    with Visit(browser, address, width, color_scheme="light", reduced_motion="reduce") as visit:
        if not has_scripts:
            visit.page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        visit.page.goto(f"{address}/posts/{article}/")
        assert visit.violations() == []
        assert visit.small_targets() == []
        visit.page.emulate_media(color_scheme="dark")
        assert visit.violations("color-contrast") == []
        assert visit.complaints == []


@pytest.mark.parametrize("article", ARTICLES)
def test_nothing_is_wider_than_the_window(browser: Browser, address: str, article: str) -> None:
    with Visit(browser, address) as visit:
        visit.page.goto(f"{address}/posts/{article}/")
        for width in (320, 360, 390, 768, 1440):
            visit.page.set_viewport_size({"width": width, "height": 900})
            assert visit.overflow() <= 0, f"{width} px"


@pytest.mark.parametrize("article", ARTICLES)
def test_all_code_is_seen_on_a_desk(browser: Browser, address: str, article: str) -> None:
    cut = "[...document.querySelectorAll('figure.code pre')].filter(each => each.scrollWidth > each.clientWidth).length"
    with Visit(browser, address, 1440) as visit:
        visit.page.goto(f"{address}/posts/{article}/")
        visit.page.evaluate(ALL_SHOWN)
        assert visit.page.evaluate(cut) == 0
