"""What readers do with a long article, in Chromium: they wrap code, find their place again, enlarge a drawing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import SiteWith, png, post_text
from tests.test_browser import ALL_SHOWN, SETTLED, SHIFTS, STILL, Visit, serving, until
from trigpoint.application import create_app

pytestmark = pytest.mark.browser

PARAGRAPH = "A system that moves money has two halves that disagree, and a third that makes them agree again. " * 12
SECTIONS = "\n\n".join(f"## Part {n}\n\n{PARAGRAPH}\n\n{PARAGRAPH}" for n in range(1, 11))
TABLE = (
    "| What breaks | How it is seen | What it costs |\n|---|---|---|\n"
    "| the queue of one subscriber | it grows while others are served | memory, until it is cut off |\n"
)
SEQUENCE = "```mermaid\nsequenceDiagram\n    A->>B: a message\n    Note over A,B: what both know\n```"
WIDE = (
    "```mermaid\nflowchart LR\n" + "\n".join(f"    n{n}[Station number {n}] --> n{n + 1}" for n in range(14)) + "\n```"
)
CALLOUT = "> [!WARNING] Mind the *gap* of `take()`\n> It is wide.\n\n> [!TIP]- A *folded* one\n> It opens."
CODE = "\n\n".join(f"```text\n{'x' * width}\n```" for width in (96, 97))
TAGS_OF_ALL = "[" + ", ".join(f"Subject number {n}" for n in range(14)) + "]"
BLOCK_AT_THE_PLACE = """[...document.querySelectorAll('.prose > *')]
    .find((block) => block.getBoundingClientRect().bottom >= innerHeight / 3 - 1)"""
ARABIC = "نص قصير `queue.Push()` هنا.\n\n```go\nqueue.Push()\n```\n\n" + TABLE

BEFORE_THE_TEXT = """code => {
    const range = new Range();
    range.selectNodeContents(code);
    return range.getBoundingClientRect().left - code.getBoundingClientRect().left;
}"""


@pytest.fixture
def address(site_with: SiteWith) -> Iterator[str]:
    """A site of eight articles, whose newest is long."""
    body = f"{PARAGRAPH}\n\n{TABLE}\n\n{SEQUENCE}\n\n{WIDE}\n\n{CODE}\n\n![A plot](plot.png 'A caption')\n\n"
    body += f"![Without a title](plot.png)\n\n![A small one](small.png)\n\n{CALLOUT}\n\n{SECTIONS}"
    posts = {
        "arabic": post_text("دليل المهندس", "2026-01-20", ARABIC, lang="ar", tags="[Go]"),
        "maths": post_text("Maths", "2026-01-19", "A matrix: $$\\begin{pmatrix} a \\\\ b \\\\ c \\end{pmatrix}$$"),
        **{f"p{n}": post_text(f"Article {n}", f"2026-01-0{n}", PARAGRAPH, tags=TAGS_OF_ALL) for n in range(1, 6)},
    }
    files = {
        "posts/long/index.md": post_text("The long one", "2026-02-01", body),
        "posts/long/plot.png": png(1600, 900),
        "posts/long/small.png": png(60, 40),
    }
    small = site_with(posts, files, settings='tags = "open"\n')
    settings = small.root / "site.toml"
    written = settings.read_text().replace("posts_per_page = 2", "posts_per_page = 12")
    settings.write_text(written.replace("https://", "http://"))  # So that no redirect is led to TLS.
    with serving(create_app(small.root)) as served:
        yield served


def box_of(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).first.bounding_box()
    assert found
    return dict(found)


# Nothing is lost.


def test_a_table_wraps_before_it_scrolls(browser: Browser, address: str) -> None:
    with Visit(browser, address, 390) as visit:
        visit.page.goto(f"{address}/posts/long/")
        assert (
            visit.page.evaluate("(each => each.scrollWidth - each.clientWidth)(document.querySelector('.table'))") <= 1
        )
        table = box_of(visit.page, ".table")
        assert table["x"] + table["width"] <= 390 - 16, "not up to the edge of the window"


def test_a_desk_shows_the_columns_that_the_check_allows(browser: Browser, address: str) -> None:
    """`WIDEST` of trigpoint/markup/code.py."""
    cut = "[...document.querySelectorAll('figure.code pre')].map(each => each.scrollWidth > each.clientWidth)"
    with Visit(browser, address, 1440) as visit:
        visit.page.goto(f"{address}/posts/long/")
        visit.page.evaluate(ALL_SHOWN)
        assert visit.page.evaluate(cut) == [False, True]


def test_wrapped_code_is_remembered_and_known_to_the_page_one_goes_back_to(browser: Browser, address: str) -> None:
    cut = "(each => each.scrollWidth > each.clientWidth)(document.querySelector('figure.code pre'))"
    with Visit(browser, address, 390, has_touch=True, is_mobile=True) as visit:
        page = visit.page
        page.goto(f"{address}/posts/long/")
        until(page, cut)
        button = page.get_by_role("button", name="Wrap long lines: Code, text", exact=True)
        assert button.get_attribute("aria-pressed") == "false"
        button.click()
        until(page, f"!{cut}")
        page.reload()
        until(page, f"!{cut}")
        assert button.get_attribute("aria-pressed") == "true"
        button.click()
        until(page, cut)
        assert visit.complaints == []


def test_code_that_goes_on_beyond_the_edge_casts_a_shadow(browser: Browser, address: str) -> None:
    with Visit(browser, address, 1440) as visit:
        visit.page.goto(f"{address}/posts/long/")
        whole, cut = (each.screenshot() for each in visit.page.locator("figure.code pre").all())
        assert (
            visit.page.evaluate("getComputedStyle(document.querySelector('.code pre')).backgroundImage").count(
                "gradient"
            )
            == 4
        )
        assert whole != cut


@pytest.mark.parametrize("media", ["screen", "print"])
def test_the_notes_of_a_diagram_are_drawn(browser: Browser, address: str, media: Any) -> None:
    with Visit(browser, address, 1440) as visit:
        visit.page.goto(f"{address}/posts/long/")
        visit.page.emulate_media(media=media)
        note = visit.page.locator("rect.note").first
        assert note.evaluate("each => each.getBoundingClientRect().width") > 50
        assert note.evaluate("each => getComputedStyle(each).display") != "none"


def test_code_runs_from_the_left_in_a_text_that_runs_from_the_right(browser: Browser, address: str) -> None:
    with Visit(browser, address, 1440) as visit:
        page = visit.page
        page.goto(f"{address}/posts/arabic/")
        for each in page.locator(".prose code").all():
            assert each.evaluate("each => getComputedStyle(each).direction") == "ltr"
        assert page.locator("pre code").evaluate(BEFORE_THE_TEXT) < 40
        assert visit.overflow() <= 0


@pytest.mark.parametrize(("of_site", "of_text"), [("en", "ar"), ("ar", "en"), ("ar", "ar")])
def test_wide_blocks_stand_beside_the_contents_in_every_script(
    browser: Browser, site_with: SiteWith, of_site: str, of_text: str
) -> None:
    body = "## A\n\nText.\n\n```text\ncode\n```\n\n## B\n\nText."
    small = site_with({"a": post_text("A", body=body, lang=of_text)})
    settings = small.root / "site.toml"
    settings.write_text(settings.read_text().replace('language = "en"', f'language = "{of_site}"'))
    with serving(create_app(small.root)) as served, Visit(browser, served) as visit:
        for width in (1160, 1280, 1440):
            visit.page.set_viewport_size({"width": width, "height": 900})
            visit.page.goto(f"{served}/posts/a/")
            assert visit.overflow() <= 0, width
            block, prose, contents = (box_of(visit.page, each) for each in ("figure.code", ".prose", ".toc"))
            assert block["width"] > prose["width"] + 70
            first, second = sorted((block, contents), key=lambda box: box["x"])
            assert first["x"] + first["width"] + 24 < second["x"], width


WIDTHS = (
    "each => [each.getBoundingClientRect().width, Number(each.getAttribute('width')), each.parentElement.clientWidth]"
)


@pytest.mark.parametrize(("stations", "fits"), [(2, True), (4, True), (14, False)])
def test_a_diagram_shrinks_to_fit_by_a_quarter_at_most(
    browser: Browser, site_with: SiteWith, stations: int, fits: bool
) -> None:
    lines = "\n".join(f"    n{n}[Station] --> n{n + 1}[Station]" for n in range(stations - 1))
    small = site_with({"a": post_text("A", body=f"```mermaid\nflowchart LR\n{lines}\n```")})
    with serving(small.app) as served, Visit(browser, served, 1440) as visit:
        visit.page.goto(f"{served}/posts/a/")
        width, own, box = visit.page.locator(".diagram svg").evaluate(WIDTHS)
        assert width == pytest.approx(min(own, max(box - 32, 0.75 * own)), abs=1)
        assert (width <= box) == fits
        assert (own <= box - 32) == (stations < 4), "both kinds are tried"
        visit.page.set_viewport_size({"width": 390, "height": 900})
        width, own, _ = visit.page.locator(".diagram svg").evaluate(WIDTHS)
        assert width == pytest.approx(0.72 * own, abs=1), "its letters are no smaller on a phone"


@pytest.mark.parametrize("kind", ["[!CAUTION]", "[!TIP]+"])
def test_nothing_is_below_the_code_that_a_box_ends_with(browser: Browser, site_with: SiteWith, kind: str) -> None:
    small = site_with({"a": post_text("A", body=f"> {kind}\n> Text.\n>\n> ```text\n> code\n> ```\n\nText.")})
    with serving(small.app) as served, Visit(browser, served) as visit:
        visit.page.goto(f"{served}/posts/a/")
        code, box = box_of(visit.page, "figure.code"), box_of(visit.page, ".callout")
        assert box["y"] + box["height"] - code["y"] - code["height"] < 24


def test_a_feed_is_as_wide_as_a_phone(browser: Browser, address: str) -> None:
    with Visit(browser, address, 390, has_touch=True, is_mobile=True) as visit:
        visit.page.goto(f"{address}/feed.xml")
        assert visit.page.evaluate("innerWidth") == 390


def test_a_formula_brings_its_font_and_no_other_page_does(browser: Browser, address: str) -> None:
    with Visit(browser, address) as visit:
        visit.page.goto(f"{address}/posts/long/")
        visit.page.evaluate("document.fonts.ready.then(() => null)")
        assert not any("math" in each for each in visit.requested)
        visit.page.goto(f"{address}/posts/maths/")
        visit.page.evaluate("document.fonts.ready.then(() => null)")
        assert visit.page.evaluate("document.fonts.check('16px \"Field Math\"')")
        bracket = box_of(visit.page, "math mo")
        assert bracket["height"] > 50, "a bracket as high as its matrix"


def test_a_formula_is_as_right_in_the_fonts_of_the_system(browser: Browser, site_with: SiteWith) -> None:
    body = "$$\\begin{pmatrix} a \\\\ b \\\\ c \\end{pmatrix}$$"
    small = site_with({"maths": post_text(body=body), "none": post_text()}, settings='fonts = "system"\n')
    with serving(small.app) as served, Visit(browser, served) as visit:
        visit.page.goto(f"{served}/posts/none/")
        visit.page.goto(f"{served}/posts/maths/")
        visit.page.evaluate("document.fonts.ready.then(() => null)")
        assert box_of(visit.page, "math mo")["height"] > 50
        assert all("math" in each for each in visit.requested if "woff2" in each)


@pytest.mark.parametrize("width", [390, 800, 1440])
def test_a_drawn_cover_stands_on_the_rule(browser: Browser, address: str, width: int) -> None:
    with Visit(browser, address, width) as visit:
        visit.page.goto(f"{address}/posts/long/")
        cover, rule = box_of(visit.page, ".article-cover.drawn"), box_of(visit.page, ".article-head > .rule")
        assert cover["y"] + cover["height"] == pytest.approx(rule["y"], abs=0.5)


# Cards.


def test_eight_cards_are_one_three_two_and_two(browser: Browser, address: str) -> None:
    with Visit(browser, address, 1440) as visit:
        visit.page.goto(address)
        tops = visit.page.locator(".cards > li").evaluate_all("all => all.map(each => each.offsetTop)")
        rows = [tops.count(top) for top in sorted(set(tops))]
        assert rows == [1, 3, 2, 2]


@pytest.mark.parametrize("width", [390, 1440])
def test_the_tags_of_a_card_take_two_lines_and_open(browser: Browser, address: str, width: int) -> None:
    with Visit(browser, address, width) as visit:
        page = visit.page
        page.goto(address)
        card = page.locator(".card", has_text="Article 1")
        tops = "all => new Set(all.map(each => each.getBoundingClientRect().top)).size"
        assert card.locator(".card-foot").is_visible()
        assert card.locator(".chips").first.locator("> li").evaluate_all(tops) <= 2
        more = card.locator("summary")
        hidden = int(more.inner_text().split("\n")[0].removeprefix("+"))
        assert hidden + card.locator(".chips").first.locator("> li > a").count() == 14
        more.focus()
        page.keyboard.press("Enter")
        expect(card.get_by_role("link", name="#Subject number 13")).to_be_visible()
        assert visit.overflow() <= 0


# The scale.


@dataclass
class Reader:
    """One who reads the long article at one width."""

    page: Page

    def go_to(self, section: str) -> None:
        heading = self.page.locator(f"h2:has-text('{section}')")
        heading.evaluate("each => scrollBy({top: each.getBoundingClientRect().top + 40})")
        self.page.evaluate(SETTLED)

    def left(self) -> int:
        return int(self.page.locator(".scale-left").inner_text().split()[0])


def test_the_scale_says_how_much_is_left(browser: Browser, address: str) -> None:
    with Visit(browser, address, 1440) as visit:
        page = visit.page
        page.goto(f"{address}/posts/long/")
        expect(page.locator(".scale")).to_be_hidden()
        reader = Reader(page)
        reader.go_to("Part 2")
        early = reader.left()
        mark, text = box_of(page, ".scale-rule b"), box_of(page, ".scale-left")
        assert mark["y"] + mark["height"] <= text["y"], "the mark runs above the text"
        assert visit.violations() == []
        reader.go_to("Part 9")
        assert 1 <= reader.left() < early
        assert page.locator(".scale-rule path").count() == 2
        expect(page.locator(".scale-open")).to_be_hidden()
        page.locator(".article-foot").evaluate("each => each.scrollIntoView()")
        expect(page.locator(".scale")).to_be_hidden()
        assert visit.violations() == []
        assert visit.complaints == []


def test_the_contents_are_opened_from_the_middle_of_a_phone_by_keyboard(browser: Browser, address: str) -> None:
    with Visit(browser, address, 390) as visit:
        page = visit.page
        page.goto(f"{address}/posts/long/")
        Reader(page).go_to("Part 5")
        opener = page.get_by_role("button", name="On this page: Part 5")
        opener.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog", name="On this page")).to_be_visible()
        assert page.evaluate("document.activeElement.textContent") == "Part 5"
        assert visit.violations() == []
        assert visit.small_targets() == []
        page.keyboard.press("Escape")
        expect(page.locator("dialog.sheet")).to_be_hidden()
        assert opener.evaluate("each => each === document.activeElement")
        page.keyboard.press("Enter")
        page.locator("dialog.sheet").get_by_role("link", name="Part 7").click()
        expect(page.locator("dialog.sheet")).to_be_hidden()
        until(page, "(top => top > 40 && top < 200)(document.querySelector('#part-7').getBoundingClientRect().top)")
        assert visit.complaints == []


def test_the_place_is_remembered_and_forgotten(browser: Browser, address: str) -> None:
    with Visit(browser, address, 390, reduced_motion="reduce") as visit:
        page = visit.page
        page.goto(f"{address}/posts/long/")
        assert page.locator(".resume").count() == 0
        Reader(page).go_to("Part 6")
        page.goto(address)
        page.goto(f"{address}/posts/long/")
        told = page.locator(".resume")
        expect(told).to_contain_text("You stopped in “Part 6”")
        expect(told).to_contain_text("This device alone knows.")
        assert page.evaluate(SHIFTS) < STILL
        assert visit.violations() == []
        told.get_by_role("button", name="Continue").click()
        until(page, "(top => Math.abs(top + 40) < 60)(document.querySelector('#part-6').getBoundingClientRect().top)")
        expect(told).to_have_count(0)
        assert page.evaluate(f"document.activeElement === {BLOCK_AT_THE_PLACE}")
        page.goto(address)
        page.goto(f"{address}/posts/long/")
        told.get_by_role("button", name="Forget").click()
        expect(told).to_contain_text("Forgotten")
        expect(page.locator("main")).to_be_focused()
        assert page.evaluate("localStorage.getItem('places')") is None
        Reader(page).go_to("Part 6")
        page.goto(address)
        page.goto(f"{address}/posts/long/")
        assert told.count() == 0
        assert visit.complaints == []


def test_who_waves_the_offer_away_by_keyboard_is_in_the_content(browser: Browser, address: str) -> None:
    with Visit(browser, address, 390, reduced_motion="reduce") as visit:
        page = visit.page
        page.goto(f"{address}/posts/long/")
        Reader(page).go_to("Part 6")
        page.goto(address)
        page.goto(f"{address}/posts/long/")
        page.get_by_role("button", name="Forget").focus()
        page.keyboard.press("Escape")
        expect(page.locator(".resume")).to_have_count(0)
        expect(page.locator("main")).to_be_focused()
        assert page.evaluate("scrollY") == 0
        assert visit.complaints == []


def test_without_scripts_the_rule_is_an_ornament(browser: Browser, address: str) -> None:
    with Visit(browser, address, 390, java_script_enabled=False) as visit:
        visit.page.goto(f"{address}/posts/long/")
        expect(visit.page.locator(".article-head .rule")).to_be_visible()
        assert visit.page.locator(".scale, .resume, .tools").count() == 0


# Small things.


def test_going_back_shows_the_theme_that_was_chosen_meanwhile(browser: Browser, address: str) -> None:
    """Whether the page comes from the browser's memory or anew; a window beside it follows at once."""
    with Visit(browser, address, color_scheme="light") as visit:
        page = visit.page
        page.goto(address)
        other = visit.context.new_page()
        other.goto(f"{address}/archive/")
        while other.evaluate("document.documentElement.dataset.theme") != "dark":
            other.get_by_role("button", name="theme").click()
        until(page, "document.documentElement.dataset.theme === 'dark'")
        assert page.get_by_role("button", name="Theme: dark").count() == 1
        page.evaluate("delete document.documentElement.dataset.theme")
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_page_of_the_search_stays_where_it_is(browser: Browser, address: str) -> None:
    with Visit(browser, address, 390) as visit:
        visit.page.goto(f"{address}/search/?q=money")
        visit.page.wait_for_selector(".search-result")
        assert visit.page.evaluate(SHIFTS) < STILL


def test_a_page_that_is_not_there_has_a_search(browser: Browser, address: str) -> None:
    with Visit(browser, address) as visit:
        page = visit.page
        page.goto(f"{address}/nope/")
        page.locator("main").get_by_role("searchbox").fill("money")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=money")
        page.wait_for_selector(".search-result")


def test_a_drawing_that_is_cut_is_enlarged(browser: Browser, address: str) -> None:
    with Visit(browser, address, 390) as visit:
        page = visit.page
        page.goto(f"{address}/posts/long/")
        shown = (("Enlarge: diagram (2)", "svg"), ("Enlarge: A caption", "img"), ("Enlarge: Without a title", "img"))
        for name, thing in shown:
            opener = page.get_by_role("button", name=name).last
            opener.focus()
            page.keyboard.press("Enter")
            sheet = page.locator("dialog.zoom")
            expect(sheet).to_be_visible()
            assert sheet.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 900}
            width = "each => each.getBoundingClientRect().width"
            assert 300 < sheet.locator(thing).first.evaluate(width) <= 390, "as wide as the sheet"
            own = sheet.get_by_role("button", name="In its own size")
            own.click()
            assert sheet.locator(thing).first.evaluate(width) > 390
            assert own.get_attribute("aria-pressed") == "true"
            sheet.evaluate("each => each.scrollTo(each.scrollWidth, 0)")
            expect(sheet.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)
            page.keyboard.press("Escape")
            expect(sheet).to_have_count(0)
            assert opener.evaluate("each => each === document.activeElement")
        assert visit.complaints == []


def test_what_is_shown_in_its_own_size_is_not_enlarged(browser: Browser, address: str) -> None:
    with Visit(browser, address, 390) as visit:
        visit.page.goto(f"{address}/posts/long/")
        expect(visit.page.get_by_role("button", name="Enlarge: Without a title")).to_have_count(1)
        expect(visit.page.get_by_role("button", name="Enlarge: A small one")).to_have_count(0)


TEXT_AMONG_ITEMS = """[...document.querySelectorAll('body *')].filter(each =>
    /flex|grid/.test(getComputedStyle(each).display) && each.children.length
    && [...each.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
).map(each => each.outerHTML)"""


def test_no_text_is_torn_apart_into_items(browser: Browser, address: str) -> None:
    """In a flex box or a grid each element in a sentence would be an item, with a gap around it."""
    with Visit(browser, address) as visit:
        for path in ("/posts/long/", "/", "/tags/", "/archive/", "/search/?q=money"):
            visit.page.goto(address + path)
            visit.page.wait_for_selector("main")
            assert visit.page.evaluate(TEXT_AMONG_ITEMS) == [], path


def test_no_two_buttons_have_one_name(browser: Browser, address: str) -> None:
    with Visit(browser, address) as visit:
        visit.page.goto(f"{address}/posts/long/")
        names = visit.page.locator(".tools button").evaluate_all(
            "all => all.map(each => each.getAttribute('aria-label'))"
        )
        assert len(names) == len(set(names)) >= 4
