"""The dialog of the search in a real Chromium: the keyboard, what is shown, and what happens when something fails."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import SiteWith, SmallSite, post_text
from tests.test_browser import Visit, serving
from tests.test_search_ranking import site_of_the_table
from trigpoint.web.files.search import NEWEST, VOLUME

pytestmark = pytest.mark.browser

BAD = [
    "",
    " ",
    "x" * 10_000,
    "a b " * 2_500,
    '"' * 500,
    "<b>&amp;",
    "\\",
    "[",
    "🙂",
    "שלום",
    "ﷺ",
    "\0",
    "tag:",
    "-",
    "\ud800",
]


@pytest.fixture
def small(site_with: SiteWith) -> SmallSite:
    return site_of_the_table(site_with)


@pytest.fixture
def address(small: SmallSite) -> Iterator[str]:
    with serving(small.app) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    visit = Visit(browser, address)
    visit.page.goto(address)
    yield visit
    visit.context.close()


UPDATE = "async () => (await import(document.querySelector('[data-search]').dataset.search)).update()"


def test_whatever_is_typed_the_reader_gets_a_sentence(visit: Visit) -> None:
    page = visit.page
    page.keyboard.press("/")
    for text in BAD:
        page.locator(".search-field").fill(text)
        page.evaluate(UPDATE)
        assert page.locator(".search-status").inner_text()
    assert visit.complaints == []


def test_nothing_is_loaded_before_the_search_is_opened(visit: Visit) -> None:
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.page.reload(wait_until="networkidle")
    assert not [url for url in asked if "/search/" in url or re.search(r"/search\.\w+\.js", url)]


@pytest.mark.parametrize("key", ["/", "Control+k", "Meta+k"])
def test_the_keyboard_opens_chooses_and_goes(visit: Visit, key: str) -> None:
    page = visit.page
    page.keyboard.press(key)
    page.wait_for_selector("dialog[open] [role=option]")
    expect(page.locator(".search-status")).to_have_text("The newest articles")
    page.keyboard.type("vote")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(page.locator(".search-status")).to_have_text("1 result")
    expect(chosen).to_have_attribute("href", "/posts/raft/")
    page.wait_for_selector(".search-snippet")
    page.keyboard.press("ArrowDown")
    expect(chosen.locator(".search-section")).to_have_text("Leader election")
    expect(chosen.locator("mark").first).to_have_text("votes")
    expect(chosen).to_have_attribute("href", "/posts/raft/#leader-election:~:text=asks%20for-,votes")
    expect(page.locator("[role=combobox]")).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    page.keyboard.press("Enter")
    page.wait_for_url("**/posts/raft/**")
    assert visit.complaints == []


def test_the_single_key_is_turned_off_by_keyboard_on_this_device(visit: Visit) -> None:
    """WCAG 2.1.4: whoever dictates says it by mistake."""
    page = visit.page
    choice = page.get_by_role("checkbox", name="/ opens the search")
    dialog, hint = page.locator("dialog[open]"), page.locator(".search-button kbd")
    page.keyboard.press("/")
    expect(choice).to_be_checked()
    page.wait_for_selector("dialog[open] [role=option]")
    for _ in range(30):  # Links to tags come first.
        page.keyboard.press("Tab")
        if choice.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Space")
    expect(choice).not_to_be_checked()
    assert visit.violations() == []
    page.keyboard.press("Escape")
    for _ in range(2):
        expect(dialog).to_have_count(0)
        page.keyboard.press("/")
        expect(dialog).to_have_count(0)
        expect(hint).to_be_hidden()
        page.reload()
    expect(page.locator(".search-button")).to_have_attribute("aria-keyshortcuts", "Control+K Meta+K")
    page.keyboard.press("Control+k")
    expect(choice).not_to_be_checked()
    choice.check()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("/")
    expect(dialog).to_have_count(1)
    assert visit.complaints == []


def test_the_page_of_the_search_has_the_same_switch(visit: Visit, address: str) -> None:
    page = visit.page
    page.goto(f"{address}/search/")
    page.wait_for_selector("[role=option]")
    page.get_by_role("checkbox", name="/ opens the search").uncheck()
    page.goto(address)
    page.keyboard.press("/")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_the_arrows_go_round(visit: Visit) -> None:
    page = visit.page
    page.keyboard.press("/")
    page.wait_for_selector("dialog [role=option]")
    count = page.locator("[role=option]").count()
    for key, place in (("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", count - 1), ("ArrowDown", 0)):
        page.keyboard.press(key)
        expect(page.locator("[aria-selected=true]")).to_have_id(f"search-{place}")


def test_escape_closes_and_gives_the_focus_back(visit: Visit) -> None:
    page = visit.page
    page.locator(".search-button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] [role=option]")
    page.keyboard.type("raft")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator(".search-button")).to_be_focused()


QUEUES = """A queue holds what waits.

## Bounds

One without a bound holds everything, until there is no memory.

## In Go

```go
queue := make(chan Order, 8)
```

## A queue of queues

Each waits for another.

## Prices

Nothing waits here.
"""
ABOUT = "---\ntitle: About\n---\n\nWho waits in this queue.\n"


@pytest.fixture
def queues(browser: Browser, site_with: SiteWith, request: pytest.FixtureRequest) -> Iterator[Visit]:
    posts = {
        "queues": post_text("Queues", "2026-01-01", QUEUES, tags="[Go]"),
        "x": post_text("X", "2024-02-02", "Queue."),
    }
    width = getattr(request, "param", 1440)
    with serving(site_with(posts, {"about.md": ABOUT}).app) as address, Visit(browser, address, width) as visit:
        visit.page.goto(f"{address}/search/")
        visit.page.wait_for_selector("[role=option]")
        yield visit


@pytest.mark.parametrize("queues", [390, 1440], indirect=True)
def test_the_sections_with_the_words_stand_below_their_article(queues: Visit) -> None:
    """In the order of the arrows, each a link to its heading; what stands before the first is with the article."""
    page = queues.page
    page.locator(".search-field").fill("queue order")
    page.wait_for_selector(".search-snippet")
    links = page.locator(".search-list a").evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    named = [re.sub("#?:~:.*", "", link) for link in links]
    queue = "/posts/queues/"
    assert named == [queue, f"{queue}#a-queue-of-queues", f"{queue}#in-go", "/posts/x/", "/about/"]
    expect(page.get_by_role("group", name="Queues").get_by_role("option")).to_have_count(2)
    expect(page.locator(".search-code")).to_have_text("queue := make(chan Order, 8)")
    for place in (1, 2, 3):
        page.keyboard.press("ArrowDown")
        expect(page.locator("[aria-selected=true]")).to_have_id(f"search-{place}")
        expect(page.locator(".search-field")).to_have_attribute("aria-activedescendant", f"search-{place}")
    page.keyboard.press("ArrowUp")
    assert queues.violations() == []
    queues.keep(f"search-sections-{page.viewport_size}")
    page.keyboard.press("Enter")
    page.wait_for_url("**/posts/queues/#in-go")
    assert queues.complaints == []


def test_the_filters_write_what_could_be_typed(queues: Visit) -> None:
    page = queues.page
    tag, year = page.get_by_label("Tag", exact=True), page.get_by_label("Year", exact=True)
    page.locator(".search-field").fill("queue")
    expect(page.locator(".search-status")).to_have_text("3 results")
    page.keyboard.press("Tab")
    expect(tag).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".search-field")).to_have_value("tag:go queue")
    expect(page.locator(".search-status")).to_have_text("1 result")
    tag.select_option("")
    year.select_option("2024")
    expect(page.locator(".search-field")).to_have_value("year:2024 queue")
    expect(page.locator(".search-title")).to_have_text("X")
    page.reload()
    expect(year).to_have_value("2024")
    page.locator(".search-field").fill("queue year:2026")
    expect(year).to_have_value("2026")
    assert queues.violations() == []


def test_the_dialog_leads_to_the_filters_with_what_was_typed(visit: Visit) -> None:
    visit.page.keyboard.press("/")
    visit.page.keyboard.type("raft & co")
    visit.page.get_by_role("link", name="Filter by tag or year").click()
    visit.page.wait_for_url("**/search/?q=raft%20%26%20co")
    expect(visit.page.locator(".search-field")).to_have_value("raft & co")


def test_a_slash_in_a_field_is_a_slash(visit: Visit, address: str) -> None:
    visit.page.goto(f"{address}/search/")
    visit.page.wait_for_selector("[role=option]")
    visit.page.keyboard.type("a/b")
    expect(visit.page.locator(".search-field")).to_have_value("a/b")


def test_the_page_of_the_search_keeps_the_query_in_its_address(visit: Visit, address: str) -> None:
    page = visit.page
    page.goto(f"{address}/search/?q=raft+leader")
    page.wait_for_selector("text=1 result")
    expect(page.locator(".search-title")).to_have_text("Raft in five hundred lines")
    page.locator(".search-field").fill("zoë & co")
    page.wait_for_url("**/search/?q=zo%C3%AB%20%26%20co")
    assert visit.complaints == []


def test_without_scripts_the_page_offers_tags_and_archive(browser: Browser, address: str) -> None:
    visit = Visit(browser, address, java_script_enabled=False)
    visit.page.goto(f"{address}/search/")
    expect(visit.page.locator("noscript a[href='/archive/']")).to_be_visible()
    expect(visit.page.locator("noscript a[href='/tags/go/']")).to_be_visible()
    expect(visit.page.locator(".search-field")).to_be_hidden()
    expect(visit.page.locator(".search-button")).to_be_hidden()
    visit.context.close()


def test_a_file_that_does_not_load_is_a_sentence_and_is_tried_again(visit: Visit) -> None:
    page = visit.page
    page.keyboard.press("/")
    page.wait_for_selector("dialog[open] [role=option]")
    visit.context.set_offline(True)
    page.keyboard.type("raft")
    page.wait_for_selector("text=could not be loaded")
    expect(page.locator(".search-rest a")).to_have_attribute("href", "/archive/")
    visit.context.set_offline(False)
    page.keyboard.type(" ")
    page.wait_for_selector("text=1 result")
    assert not [each for each in visit.complaints if each.startswith("error")]


def test_an_index_that_is_being_made_is_asked_for_again(visit: Visit) -> None:
    page = visit.page
    page.route("**/search/docs.json", lambda route: route.fulfill(status=503), times=1)
    page.keyboard.press("/")
    page.wait_for_selector("text=The index of the search is being made.")
    page.keyboard.type("raft")
    page.wait_for_selector("text=1 result")
    assert not [each for each in visit.complaints if each.startswith("error")]


def test_nothing_found_says_so_and_offers_tags(visit: Visit) -> None:
    visit.page.keyboard.press("/")
    visit.page.locator(".search-field").fill("<i>qzxvw")
    visit.page.wait_for_selector("text=Nothing found for “<i>qzxvw”")
    expect(visit.page.locator(".search-rest a")).to_have_count(8)


WIDER = "document.querySelector('dialog').scrollWidth - document.querySelector('dialog').clientWidth"
SENTENCES = {
    "": "The newest articles",
    "latency": "results",
    "raft kafka": "No article with all of these words, 2 with some",
    "qzxvw": "Nothing found",
    "offline": "could not be loaded",
}


@pytest.mark.parametrize("typed", SENTENCES)
@pytest.mark.parametrize("width", [320, 1440])
def test_the_open_dialog_is_for_everybody(browser: Browser, address: str, width: int, typed: str) -> None:
    """Found, not found or broken; on a phone and a desk; light, dark and in colours that the reader forces."""
    with Visit(browser, address, width, reduced_motion="reduce") as visit:
        page = visit.page
        page.goto(address)
        page.keyboard.press("/")
        page.wait_for_selector("dialog [role=option]")
        visit.context.set_offline(typed == "offline")
        page.locator(".search-field").fill(typed)
        page.wait_for_selector(f"dialog >> text={SENTENCES[typed]}")
        if typed == "latency":
            page.wait_for_selector("dialog .search-text mark")
        assert visit.violations() == []
        assert visit.small_targets() == []
        page.emulate_media(forced_colors="active")
        assert visit.violations("color-contrast") == []
        page.emulate_media(color_scheme="dark", forced_colors="none")
        assert visit.violations("color-contrast") == []
        assert page.evaluate(WIDER) <= 0
        visit.keep(f"search-{typed or 'open'}-{width}")


def test_articles_with_some_of_the_words_are_told_apart(visit: Visit) -> None:
    visit.page.keyboard.press("/")
    visit.page.keyboard.type("queue latency")
    visit.page.wait_for_selector("text=1 article with all of these words, 3 with some")


def test_an_article_found_by_its_title_shows_how_it_begins(visit: Visit) -> None:
    visit.page.keyboard.press("/")
    visit.page.keyboard.type("tag:kafka living")
    visit.page.wait_for_selector(".search-text >> text=Consumers in a group share the partitions")
    expect(visit.page.locator(".search-result")).to_have_attribute("href", "/posts/kafka-rebalancing/")


def test_an_older_article_comes_from_its_volume(browser: Browser, site_with: SiteWith) -> None:
    """What the script knows of volumes is what trigpoint/web/files/search.py makes of them."""
    posts = {
        f"p{n:03}": post_text(f"Post {n}", f"2025-{n // 28 + 1:02}-{n % 28 + 1:02}", f"Even{n % 2} nr{n}.")
        for n in range(VOLUME + NEWEST)
    }
    with serving(site_with(posts).app) as address, Visit(browser, address) as visit:
        visit.page.goto(address)
        visit.page.keyboard.press("/")
        visit.page.wait_for_selector("dialog [role=option]")
        titles = visit.page.locator(".search-title")
        for typed, title in (("nr99 ", "Post 99"), ("nr100 ", "Post 100"), ("nr0 ", "Post 0"), ("even0 ", "Post 104")):
            visit.page.locator(".search-field").fill(typed)
            visit.page.wait_for_selector(f'.search-result:first-child .search-title >> text="{title}"')
        expect(titles).to_have_text([f"Post {n}" for n in range(104, 64, -2)])
        assert "/search/posts-0.json" in visit.requested
        assert visit.complaints == []


def test_a_shard_that_does_not_load_is_a_sentence(visit: Visit) -> None:
    """Nor one that is no JSON: the page that a host shows for what is not there."""
    page = visit.page
    page.keyboard.press("/")
    page.wait_for_selector("dialog [role=option]")
    page.route("**/search/words-ra.json", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    for typed in ("raf", "t"):  # What the first letters asked for may still be on its way on a busy machine.
        page.keyboard.type(typed)
        page.wait_for_load_state("networkidle")
    page.wait_for_selector("text=could not be loaded")
    page.unroute("**/search/words-ra.json")
    page.keyboard.type(" ")
    page.wait_for_selector("text=1 result")
    assert visit.complaints == []


def test_a_text_that_does_not_load_leaves_the_result(visit: Visit) -> None:
    page = visit.page
    page.route("**/search/text/**", lambda route: route.abort())
    page.keyboard.press("/")
    page.keyboard.type("raft")
    page.wait_for_selector("text=1 result")
    page.wait_for_timeout(400)
    expect(page.locator("[role=option] .search-title")).to_have_text("Raft in five hundred lines")
    assert not [each for each in visit.complaints if each.startswith("error")]


def test_only_two_texts_are_loaded_and_none_while_the_reader_types(visit: Visit) -> None:
    page = visit.page
    page.keyboard.press("/")
    page.wait_for_selector("dialog [role=option]")
    page.keyboard.type("databases", delay=20)
    page.wait_for_selector("dialog .search-text mark")
    texts = [path for path in visit.requested if path.startswith("/search/text/")]
    assert len(texts) == 2
    with page.expect_request("**/search/text/**"):
        page.keyboard.press("ArrowDown")


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_the_dialog_fits(browser: Browser, address: str, width: int) -> None:
    visit = Visit(browser, address, width)
    visit.page.goto(address)
    visit.page.keyboard.press("/")
    visit.page.keyboard.type("latency")
    visit.page.wait_for_selector("dialog mark")
    assert visit.page.evaluate(WIDER) <= 0
    assert visit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    visit.context.close()
