"""A real Chromium reads a real site over real HTTP: with JavaScript and without, on a phone and a desk, light and dark.

One browser serves all tests, and a page is looked at from all sides while it is open: the whole takes about a minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from tests.conftest import ROOT, SITE, TAGS, SiteWith, png, post_text, preview_of, server_of
from tests.test_weight import OF_THEME
from trigpoint.application import create_app

pytestmark = pytest.mark.browser

SHOTS = ROOT / "artefacts"
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
SHIFTS = """new Promise(tell => {
    let total = 0;
    new PerformanceObserver(list => list.getEntries().forEach(each => total += each.value))
        .observe({type: "layout-shift", buffered: true});
    setTimeout(() => tell(total), 150);
})"""
STILL = 0.01
"""Below this, a layout shift is nothing that anyone sees (and Lighthouse calls it 0)."""
SHOWN = {390: "dark", 1440: "light"}
ARTICLE = "/posts/everything/"
PAGES = ("/", "/page/1/", ARTICLE, "/posts/rtl/", "/tags/", "/tags/go/", "/archive/", "/series/", "/series/basics/",
         "/search/", "/about/", "/nope/")  # fmt: skip
EMPTY = ("/", "/tags/", "/archive/", "/series/", "/nope/")


@dataclass(frozen=True)
class Served:
    """The addresses of three sites: with every kind of page, with nothing yet, and in preview."""

    full: str
    empty: str
    preview: str


def made_site(root: Path, posts: dict[str, str]) -> Path:
    """A site with these posts, and the templates and files of the blog."""
    for folder in ("templates", "static"):
        (root / folder).parent.mkdir(parents=True, exist_ok=True)
        (root / folder).symlink_to(ROOT / folder)
    url = 'https://git.example/{path}"'
    (root / "site.toml").write_text(f'{SITE}edit_url = "{url}\nchanges_url = "{url}\n')
    (root / "pages/posts").mkdir(parents=True)
    (root / "pages/tags.toml").write_text(TAGS)
    for slug, text in posts.items():
        (root / f"pages/posts/{slug}.md").write_text(text)
    return root


def every_kind(root: Path) -> Path:
    sample = (ROOT / "templates/styleguide.md").read_text()
    series = "{name: Basics, part: %d}"
    posts = {
        "everything": post_text(
            "Everything in one article", "2026-05-03", sample, tags="[Go, C]", updated="2026-06-01", series=series % 1
        ),
        "rtl": post_text("دليل المهندس إلى الأنظمة الموزعة", "2026-05-02", "نص قصير.\n\n## مقدمة\n\nنص.", lang="ar"),
        "long": post_text("pneumonoultramicroscopicsilicovolcanoconiosis_as_an_identifier", tags="[Go, C, C++]"),
    }
    posts |= {f"p{n}": post_text(f"Article {n}", f"2025-0{n}-01", tags="[Go]", series=series % n) for n in (2, 3, 4)}
    posts["p3"] = post_text("Article 3", "2025-03-01", "Text.\n\n![A plot](plot.png)", tags="[Go]", series=series % 3)
    made_site(root, posts)
    (root / "pages/posts/plot.png").write_bytes(png(900, 300, b"\xff\xff\xff"))
    (root / "pages/posts/plot.dark.png").write_bytes(png(900, 300, b"\0\0\0"))
    (root / "pages/about.md").write_text("---\ntitle: About\n---\n\nWho writes here.\n")
    return root


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    app.test_client().get("/search/docs.json").close()  # The index is there: no reader has to come again for it.
    with server_of(app) as address:
        yield address


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = every_kind(tmp_path_factory.mktemp("full") / "site")
    empty = made_site(tmp_path_factory.mktemp("empty") / "site", {})
    with serving(create_app(root)) as full, serving(create_app(empty)) as bare, serving(preview_of(root)) as seen:
        yield Served(full, bare, seen)


SETTLED = """document.fonts.ready.then(() => new Promise(done =>
    requestAnimationFrame(() => requestAnimationFrame(done))))"""
"""All fonts are there, and what looks at sizes has looked at them."""


ALL_SHOWN = """(async () => {
    for (const each of document.querySelectorAll(".code")) each.style.contentVisibility = "visible";
    await new Promise(requestAnimationFrame);
    await document.fonts.ready;
})()"""
"""What is laid out only when it comes near is laid out, in its own font."""


TOO_SMALL = """() => {
    const closed = [...document.querySelectorAll("details:not([open])")];
    for (const each of closed) each.open = true;
    const texts = (place) => place.textContent.trim().length;
    const isInSentence = (target) => {
        let block = target;
        while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
        const ofLinks = [...block.querySelectorAll("a")].reduce((sum, each) => sum + texts(each), 2);
        return block !== target && texts(block) > ofLinks;
    };
    const area = (target) => target.closest(target.matches(".card-title a") ? ".card" : "label") ?? target;
    const shown = [...document.querySelectorAll("a[href], button, input, select, summary")]
        .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.disabled && !isInSentence(each));
    const sizes = shown.map(each => [each, area(each).getBoundingClientRect()]);
    for (const each of closed) each.open = false;
    return sizes.filter(([, {width, height}]) => width < 24 || height < 24)
        .map(([each, {width, height}]) => `${width} x ${height}: ${each.outerHTML.slice(0, 120)}`);
}"""
"""What can be pressed and is no link in a sentence, and has less than 24 by 24 px (WCAG 2.5.8)."""

NO_NUMBERS = """["tabindex", "width", "height", "start", "colspan"].flatMap(name =>
    [...document.querySelectorAll(`[${name}]`)].map(each => each.getAttribute(name)))
    .filter(each => !/^-?[\\d.]+%?$/.test(each))"""
"""What stands in an attribute that is for a number."""


class Visit:
    """A page in a window of its own, with all that went wrong in it."""

    def __init__(self, browser: Browser, address: str, width: int = 1440, **options: Any) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.requested: list[str] = []
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        self.page.on("pageerror", lambda error: self._note(f"error: {error}"))
        self.page.on("request", lambda request: self._watch(request.url, address))
        self.page.on("response", lambda response: self._judge(response.status, response.url))

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *error: object) -> None:
        self.context.close()

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning", "assert"):
            self._note(f"console: {text}")

    def _note(self, complaint: str) -> None:
        # Chromium's words where it goes on without the fade, and about the page that is not there.
        known = ("Transition was aborted", "Transition was skipped", "status of 404")
        if not any(words in complaint for words in known):
            self.complaints.append(complaint)

    def _watch(self, url: str, address: str) -> None:
        self.requested.append(url.removeprefix(address))
        if not url.startswith((address, "data:")):
            self.complaints.append(f"elsewhere: {url}")

    def _judge(self, status: int, url: str) -> None:
        if status >= 400 and "/nope/" not in url:
            self.complaints.append(f"{status}: {url}")

    def violations(self, rules: str = "") -> list[str]:
        """What axe finds, each with the first place; of all its rules, or of one."""
        self.page.evaluate(SETTLED)
        self.page.evaluate(f"window.axe || (() => {{ {AXE} }})()")
        only = f"runOnly: ['{rules}']," if rules else ""
        run = f"axe.run(document, {{{only} resultTypes: ['violations']}}).then(each => each.violations)"
        found = self.page.evaluate(run)
        return [f"{each['id']}: {each['nodes'][0]['html'][:120]} ({len(each['nodes'])})" for each in found]

    def small_targets(self) -> list[str]:
        found: list[str] = self.page.evaluate(TOO_SMALL)
        return found

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def keep(self, name: str) -> None:
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def named(path: str) -> str:
    return path.strip("/").replace("/", "-") or "front"


def examine(browser: Browser, address: str, path: str, width: int, name: str) -> None:
    """A page from all sides: both themes, complaints, shifts, what axe says."""
    with Visit(browser, address, width, color_scheme="light", reduced_motion="reduce") as visit:
        visit.page.goto(address + path)
        assert visit.page.evaluate(SHIFTS) < STILL
        assert visit.overflow() <= 0
        assert visit.violations() == []
        assert visit.small_targets() == []
        assert visit.page.evaluate(NO_NUMBERS) == []
        visit.page.emulate_media(color_scheme="dark")
        assert visit.violations("color-contrast") == []
        visit.page.emulate_media(color_scheme=SHOWN[width])  # type: ignore[arg-type]
        visit.keep(f"{name}-{width}-{SHOWN[width]}")
        assert visit.complaints == []


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound_on_a_phone_and_a_desk_light_and_dark(
    browser: Browser, served: Served, path: str, width: int
) -> None:
    examine(browser, served.full, path, width, named(path))


@pytest.mark.parametrize("path", EMPTY)
def test_a_page_without_articles_is_sound(browser: Browser, served: Served, path: str) -> None:
    examine(browser, served.empty, path, 390, f"empty-{named(path)}")


def test_the_style_guide_is_sound(browser: Browser, served: Served) -> None:
    examine(browser, served.preview, "/styleguide/", 1440, "styleguide")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound_without_scripts(browser: Browser, served: Served, path: str) -> None:
    """The scripts are empty, not forbidden: where they are forbidden axe can't run either."""
    with Visit(browser, served.full, 1440) as visit:
        visit.page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        visit.page.goto(served.full + path)
        assert visit.violations() == []
        assert visit.complaints == []


def test_no_page_scrolls_sideways_at_any_width_or_zoom(browser: Browser, served: Served) -> None:
    """320 px is also a desk's window at 400 %, 720 px one at 200 %; last, letters twice as large on a small phone."""
    with Visit(browser, served.full) as visit:
        for path in PAGES:
            visit.page.goto(served.full + path)
            for width in (320, 390, 720, 768, 1024, 1440, 1920):
                visit.page.set_viewport_size({"width": width, "height": 900})
                assert visit.overflow() <= 0, f"{path} at {width} px"
            visit.page.set_viewport_size({"width": 320, "height": 900})
            visit.page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert visit.overflow() <= 0, f"{path} with large letters"


def test_the_last_row_of_cards_is_as_wide_as_the_others(browser: Browser, served: Served) -> None:
    """However many there are: the sample's six, five, … one, with the newest across the page and without."""
    edges = "all => all.map(each => Math.round(each.getBoundingClientRect().right))"
    with Visit(browser, served.preview) as visit:
        for width in (800, 1440):
            visit.page.set_viewport_size({"width": width, "height": 900})
            for has_lead in (True, False):
                visit.page.goto(f"{served.preview}/styleguide/")
                if not has_lead:
                    visit.page.locator(".lead").evaluate("each => each.classList.remove('lead')")
                for _ in range(6):
                    *others, last = visit.page.locator(".cards > li").evaluate_all(edges)
                    assert last == max([*others, last]), (width, has_lead, len(others) + 1)
                    visit.page.locator(".cards > li").last.evaluate("each => each.remove()")


def test_a_feed_in_a_browser_is_a_page(browser: Browser, served: Served) -> None:
    with Visit(browser, served.full) as visit:
        visit.page.goto(f"{served.full}/feed.xml")
        expect(visit.page.get_by_text("This is a feed")).to_be_visible()
        assert visit.overflow() <= 0
        assert visit.small_targets() == []
        assert visit.complaints == []


@pytest.mark.parametrize("path", ["/", ARTICLE])
def test_nothing_moves_when_the_fonts_come_late(browser: Browser, served: Served, path: str) -> None:
    held: list[Route] = []
    with Visit(browser, served.full) as visit:
        visit.page.route("**/*.woff2", lambda route: held.append(route))
        visit.page.goto(served.full + path, wait_until="domcontentloaded")
        visit.page.wait_for_timeout(300)
        assert held
        for route in held:
            route.continue_()
        visit.page.evaluate("document.fonts.ready.then(() => null)")
        assert visit.page.evaluate(SHIFTS) < STILL


def test_an_article_asks_for_eight_files_at_most(browser: Browser, served: Served) -> None:
    with Visit(browser, served.full) as visit:
        visit.page.goto(f"{served.full}/posts/p2/")
        visit.page.wait_for_load_state("networkidle")
        of_theme = [name for name in visit.requested if OF_THEME.match(name)]
        assert len(of_theme) <= 8, of_theme


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reader_goes_from_the_front_page_to_an_article_to_a_tag_and_back(
    browser: Browser, served: Served, scripts: bool
) -> None:
    with Visit(browser, served.full, java_script_enabled=scripts) as visit:
        page = visit.page
        page.goto(served.full)
        title = page.locator("article h2").first.inner_text()
        page.get_by_role("link", name=title).first.click()
        expect(page.locator("h1")).to_have_text(title)
        page.locator("a[href^='/tags/'][rel~='tag']").first.click()
        page.wait_for_url(f"{served.full}/tags/*/")
        expect(page.get_by_role("link", name=title).first).to_be_visible()
        page.go_back()
        expect(page.locator("h1")).to_have_text(title)
        assert visit.complaints == []


@pytest.mark.parametrize("path", ["/", "/archive/", ARTICLE])
def test_the_keyboard_reaches_the_content_first_and_always_shows_where_it_is(
    browser: Browser, served: Served, path: str
) -> None:
    with Visit(browser, served.full) as visit:
        page = visit.page
        page.goto(served.full + path)
        page.keyboard.press("Tab")
        assert "skip" in page.locator(":focus").inner_text().lower()
        assert page.locator(":focus").bounding_box() is not None
        page.keyboard.press("Enter")
        page.wait_for_url(f"{served.full}{path}#page-main")
        places = []
        for _ in range(60):
            page.keyboard.press("Tab")
            places.append(page.evaluate(WHERE))
        assert all(each["seen"] for each in places), [each for each in places if not each["seen"]]
        tops = [each["top"] for each in places if each["in"] == "prose"]
        assert tops == sorted(tops), "the order of the focus is that of reading"


WHERE = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
    const marked = style.outlineStyle !== "none" || at.matches(".card-title a");
    const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
    return {seen: at === document.body || (marked && inside), html: at.outerHTML.slice(0, 100),
            top: Math.round(box.top + scrollY),
            in: at.closest(".footnote-box") ? "note" : at.closest(".prose") ? "prose" : ""};
}"""


def test_a_footnote_is_read_in_place_by_keyboard_and_pointer(browser: Browser, served: Served) -> None:
    with Visit(browser, served.full) as visit:
        page = visit.page
        page.goto(served.full + ARTICLE)
        note, first, second = page.locator(".footnote-box"), *page.locator(".footnote-ref").all()[:2]
        first.hover()
        expect(note).to_contain_text("A note that fits in a line")
        page.keyboard.press("Escape")
        expect(note).to_have_count(0)
        first.focus()
        page.keyboard.press("Tab")
        expect(second).to_be_focused()
        expect(note).to_contain_text("And a second paragraph")
        page.keyboard.press("Tab")
        expect(note.locator(":focus")).to_have_attribute("href", "https://example.org/")
        assert visit.violations() == []
        page.keyboard.press("Escape")
        expect(note).to_have_count(0)
        expect(second).to_be_focused()
        assert visit.complaints == []


def test_a_touched_footnote_is_shown_and_the_page_stays(browser: Browser, served: Served) -> None:
    with Visit(browser, served.full, 390, has_touch=True, is_mobile=True) as visit:
        visit.page.goto(served.full + ARTICLE)
        visit.page.locator(".footnote-ref").first.tap()
        expect(visit.page.locator(".footnote-box")).to_be_visible()
        assert "#" not in visit.page.url
        assert visit.overflow() <= 0


def test_the_contents_follow_the_reading(browser: Browser, served: Served) -> None:
    with Visit(browser, served.full) as visit:
        page = visit.page
        page.goto(served.full + ARTICLE)
        for heading in ("Code", "Callouts"):
            page.locator(f"h2:has-text('{heading}')").evaluate("each => each.scrollIntoView()")
            page.locator(f".toc [aria-current]:text-is('{heading}')").wait_for()
        page.set_viewport_size({"width": 390, "height": 900})
        expect(page.locator(".toc details > ol")).to_be_hidden()
        page.locator(".toc summary").click()
        page.locator(".toc a").first.click()
        expect(page.locator(".toc details > ol")).to_be_hidden()


def test_code_is_copied_without_its_line_numbers(browser: Browser, served: Served) -> None:
    with Visit(browser, served.full, permissions=["clipboard-read", "clipboard-write"]) as visit:
        page = visit.page
        page.goto(served.full + ARTICLE)
        block = page.locator("figure.code").first
        block.get_by_role("button", name="Copy code").first.click()
        page.get_by_text("Code copied.").wait_for()  # Copying takes its time on a busy machine.
        assert page.evaluate("navigator.clipboard.readText()") == str(block.locator("code").text_content()).rstrip("\n")


def test_the_theme_is_chosen_and_remembered(browser: Browser, served: Served) -> None:
    with Visit(browser, served.full, color_scheme="light") as visit:
        page = visit.page

        def background() -> str:
            return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))

        page.goto(served.full)
        light = background()
        button = page.get_by_role("button", name="theme")
        for _ in range(3):
            button.click()
            if background() != light:
                break
        dark = background()
        assert dark != light
        page.reload()
        assert background() == dark
        assert visit.complaints == []


PICTURED = "/posts/p3/"
PLOT = "document.querySelector('.prose img').currentSrc"
FRAME = "[...document.querySelectorAll('meta[name=theme-color]')].find(each => matchMedia(each.media).matches).content"


def until(page: Page, expression: str) -> None:
    """Wait for it to be true. Playwright's own waiting calls eval, which the policy of the pages forbids."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(expression)


TRANSITIONS = "document.getAnimations().filter(each => each instanceof CSSTransition)"


def shown_cover(page: Page) -> bytes:
    """A picture of the cover, once it is decoded and its theme is there."""
    cover = page.locator(".article-cover")
    cover.evaluate("img => img.decode()")
    page.evaluate(f"Promise.all({TRANSITIONS}.map(each => each.finished)).then(() => null)")
    return cover.screenshot()


@pytest.mark.parametrize(("system", "chosen"), [("light", "dark"), ("dark", "light")])
def test_a_chosen_theme_reaches_pictures_covers_and_the_frame(
    browser: Browser, served: Served, system: Any, chosen: str
) -> None:
    with Visit(browser, served.full, color_scheme=system) as visit:
        page = visit.page
        page.goto(served.full + PICTURED)
        until(page, f"{PLOT}.includes('.dark.') === {str(system == 'dark').lower()}")
        while page.evaluate("document.documentElement.dataset.theme") != chosen:
            page.get_by_role("button", name="theme").click()
        until(page, f"{PLOT}.includes('.dark.') === {str(chosen == 'dark').lower()}")
        page.reload()
        until(page, f"{PLOT}.includes('.dark.') === {str(chosen == 'dark').lower()}")
        assert page.evaluate(FRAME) == {"light": "#fcfbf8", "dark": "#10141a"}[chosen]
        cover = shown_cover(page)
    with Visit(browser, served.full, color_scheme=chosen) as visit:  # type: ignore[arg-type]
        visit.page.goto(served.full + PICTURED)
        assert shown_cover(visit.page) == cover


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_who_asked_for_less(browser: Browser, served: Served, motion: Any, moves: bool) -> None:
    lasting = "[...document.querySelectorAll('*')].map(each => getComputedStyle(each).transitionDuration)"
    with Visit(browser, served.full, reduced_motion=motion) as visit:
        for path in ("/", ARTICLE):
            visit.page.goto(served.full + path)
            assert visit.page.evaluate(f"{lasting}.some(each => parseFloat(each) > 0)") is moves
            visit.page.locator("a[href]").nth(5).hover()
            assert bool(visit.page.evaluate("document.getAnimations().length")) <= moves


def test_forced_colours_keep_what_is_said_by_colour(browser: Browser, served: Served) -> None:
    with Visit(browser, served.full, forced_colors="active") as visit:
        visit.page.goto(served.full + ARTICLE)
        borders = visit.page.evaluate(
            "['.chips a', '.callout', '.neighbours a'].map(each => getComputedStyle(document.querySelector(each))"
            ".borderInlineStartStyle)"
        )
        assert borders == ["solid"] * 3
        visit.keep("everything-forced-colours")


INK = "getComputedStyle(document.querySelector('.prose')).color"


def test_what_is_printed_is_the_article_alone(browser: Browser, served: Served) -> None:
    with Visit(browser, served.full, color_scheme="dark") as visit:
        page = visit.page
        page.goto(served.full + ARTICLE)
        page.emulate_media(media="print", color_scheme="dark")
        page.set_viewport_size({"width": 665, "height": 990})
        cut = ".map(each => each.scrollWidth - each.clientWidth).filter(each => each > 1)"
        assert page.evaluate(f"[...document.querySelectorAll('.table, pre, .diagram-box')]{cut}") == []
        expect(page.get_by_text("Shown when it is opened")).to_be_visible()
        for furniture in (".site-header", ".toc", ".tools", ".neighbours", ".related"):
            expect(page.locator(furniture).first).to_be_hidden()
        printed = page.evaluate(INK)
        page.emulate_media(media="screen", color_scheme="light")
        assert page.evaluate(INK) == printed, "ink of the dark theme is too pale for paper"
        page.emulate_media(media="print", color_scheme="dark")
        address = "getComputedStyle(document.querySelector('.prose a[href^=http]'), '::after').content"
        assert "https://example.org/" in page.evaluate(address)
        SHOTS.mkdir(exist_ok=True)
        page.pdf(path=SHOTS / "everything.pdf")


ADDRESS = (
    "https://code.example/organisation/repository/blob/0123456789abcdef0123456789abcdef01234567/src/main/File.java"
)
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
STRESS = f"""
{ADDRESS} is where it is.

## {LONG}

Text with $f(x) = {" + ".join(f"a_{{{n}}} x^{{{n}}}" for n in range(12))}$ in it, and `{ADDRESS}`.

- A list with $f(x) = {" + ".join(f"a_{{{n}}} x^{{{n}}}" for n in range(12))}$ and {ADDRESS}

$$f(x) = {" + ".join(f"a_{{{n}}} x^{{{n}}}" for n in range(12))}$$

> [!NOTE] {LONG}
> {ADDRESS}

| {LONG} | {LONG} |
|---|---|
| {ADDRESS} | `{ADDRESS}` |

<table><tr><td>{LONG}</td><td>{LONG}</td><td>{ADDRESS}</td></tr></table>

<div><pre>{ADDRESS} {ADDRESS}</pre></div>

<iframe width="900" height="90" title="Frame" src="/about/"></iframe>

<video width="900" height="90" controls></video>

<audio controls></audio>

<svg width="900" height="90"><rect width="900" height="90"/></svg>

<details><summary>{LONG}</summary>{ADDRESS}</details>

Term {LONG}
: {ADDRESS}

```python title="{ADDRESS}"
x = "{ADDRESS}"
```

| {" | ".join(["Column"] * 9)} |
|{"---|" * 9}
| {" | ".join(["some words in a cell"] * 9)} |

```mermaid
sequenceDiagram
    {LONG[:30]}->>B: {"a long message " * 9}
    Note over B: {LONG}
```

## دليل المهندس إلى الأنظمة الموزعة

<div dir="rtl" lang="ar">

نص عربي مع `code_that_is_{LONG.lower()}` وكلمات أخرى، {"وهكذا " * 40}

```go
{ADDRESS}({ADDRESS})
```

</div>

{"漢字かな交じり文" * 40}

{"ข้อความภาษาไทยที่ไม่มีช่องว่าง" * 20}

<ul><li><ul><li><ul><li>{LONG}

> > > `{ADDRESS}`

</li></ul></li></ul></li></ul>

A note.[^1]

[^1]: {ADDRESS}
"""


@pytest.fixture
def stressed(site_with: SiteWith) -> Iterator[str]:
    posts = {
        "a": post_text(ADDRESS, body=STRESS, tags=f"[Go, {LONG[:50]}]", series=f"{{name: {LONG}, part: 1}}"),
        "b": post_text(LONG, "2026-01-01", body=STRESS, summary=ADDRESS, tags=f"[{LONG[:50]}]"),
    }
    with serving(site_with(posts, settings='\ntags = "open"\n').app) as address:
        yield address


@pytest.mark.parametrize("width", [320, 360, 390, 768, 1440])
def test_nothing_widens_a_page(browser: Browser, stressed: str, width: int) -> None:
    with Visit(browser, stressed, width) as visit:
        for path in ("/", "/posts/a/", "/posts/b/", f"/tags/{LONG[:50].lower()}/", "/tags/", "/archive/", "/search/"):
            visit.page.goto(stressed + path)
            assert visit.overflow() <= 0, path
            visit.keep(f"stress{path.replace('/', '-')}{width}")
        visit.page.goto(stressed)
        visit.page.keyboard.press("/")
        visit.page.keyboard.type("repository")
        visit.page.wait_for_selector("dialog .search-text mark")
        assert visit.overflow() <= 0
        assert (
            visit.page.evaluate("(each => each.scrollWidth - each.clientWidth)(document.querySelector('dialog'))") <= 0
        )


DEMO = """<!doctype html><html lang="en"><title>Demo</title><style>p { color: rgb(1, 2, 3) }</style><p>Shown</p>
<img src="pic.png" alt=""><a href="/posts/a/">Back</a>
<script>document.title = "inline"</script><script src="a.js"></script><script src="/static/js/ours.js"></script>"""


@pytest.mark.parametrize("are_allowed", [False, True])
def test_a_script_beside_a_post_runs_only_where_it_may(
    browser: Browser, site_with: SiteWith, are_allowed: bool
) -> None:
    files = {
        "posts/a/index.md": post_text("Before", body='Text.\n\n<script src="a.js"></script>'),
        "posts/a/a.js": "document.title = 'ran'",
        "demo/index.html": DEMO, "demo/a.js": "document.title = 'ran'", "demo/pic.png": png(40, 30),
    }  # fmt: skip
    small = site_with(files=files, settings="author_scripts = true\n" if are_allowed else "")
    (small.root / "static/js/ours.js").write_text("document.title = 'ours'")
    with serving(small.app) as address, Visit(browser, address) as visit:
        page = visit.page
        page.goto(f"{address}/posts/a/")
        assert (page.title() == "ran") == are_allowed
        page.goto(f"{address}/demo/")
        assert page.title() == ("ours" if are_allowed else "Demo")
        assert page.evaluate("document.querySelector('img').naturalWidth") == 40
        colour = page.evaluate("getComputedStyle(document.querySelector('p')).color")
        assert (colour == "rgb(1, 2, 3)") == (not are_allowed)
        page.click("text=Back")
        page.wait_for_url("**/posts/a/")
