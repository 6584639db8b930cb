"""The page of an article's changes: what readers see of it, and when it is made anew."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import Browser

from tests.conftest import SiteWith, SmallSite, post_text
from tests.freezing.test_freeze import freeze, full, has_nothing_to_do, live
from tests.repositories import commit
from tests.test_browser import Visit, serving
from trigpoint.freezing.freeze import FreezeOptions

SETTINGS = "updated_from_git = true\nhistory = true\n"
PAGE = "/posts/a/history/"


def changed(site_with: SiteWith, settings: str = SETTINGS) -> SmallSite:
    """Two articles of 2 January, one of which was changed."""
    small = site_with({"a": post_text("A <b>", body="A *fast* <i>queue</i>."), "b": post_text("B")}, settings=settings)
    commit(small, "Write <script>alert(1)</script>", "2026-01-02")
    small.write("posts/a.md", post_text("A <b>", body="A *slow* <i>queue</i>.\n\n</div><script>x</script>"))
    commit(small, "Say what <b>is</b>", "2026-02-03")
    return small


def test_a_page_shows_the_changes_and_the_article_links_to_it(site_with: SiteWith) -> None:
    small = changed(site_with)
    assert f'<a href="{PAGE}">Changes to this page so far</a>' in small.text("/posts/a/")
    page = small.text(PAGE)
    assert "A *<del>fast</del><ins>slow</ins>* &lt;i&gt;queue&lt;/i&gt;." in page
    assert '<h1>Changes: <span dir="auto">A &lt;b&gt;</span></h1>' in page
    assert '<a href="/posts/a/">Read article</a>' in page
    assert '<time datetime="2026-02-03T13:00:00+01:00">3 February 2026</time>' in page
    assert page.index("Say what") < page.index("Write &lt;script") < page.index("The first version.")
    assert '<meta name="robots" content="noindex">' in page
    assert PAGE not in small.text("/sitemap.xml")


def test_what_is_written_into_commits_and_texts_is_escaped(site_with: SiteWith) -> None:
    page = changed(site_with).text(PAGE)
    assert "<b>is</b>" not in page and "alert(1)</script>" not in page and "<script>x" not in page
    assert "&lt;/div&gt;&lt;script&gt;x" in page


def test_nobodys_address_is_told(site_with: SiteWith) -> None:
    page = changed(site_with).text(PAGE)
    assert "secret.example" not in page and "Ada Tester" in page and "Ada<" not in page


@pytest.mark.parametrize(("address", "settings"), [("/posts/b/", SETTINGS), ("/posts/a/", "updated_from_git = true\n")])
def test_without_changes_or_the_setting_there_is_no_page(site_with: SiteWith, address: str, settings: str) -> None:
    small = changed(site_with, settings)
    assert small.status(f"{address}history/") == 404
    assert "history/" not in small.text(address)


def test_the_page_takes_the_place_of_another_sites(site_with: SiteWith) -> None:
    small = changed(site_with, SETTINGS + 'changes_url = "https://git.example/{path}"\n')
    assert "git.example" not in small.text("/posts/a/")
    assert 'href="https://git.example/pages/posts/b.md"' in small.text("/posts/b/")


def test_a_live_server_follows_new_commits(site_with: SiteWith) -> None:
    small = changed(site_with)
    assert "Again" not in small.text(PAGE)
    small.write("posts/a.md", post_text("A", body="A queue."))
    assert "Again" not in small.text(PAGE)
    commit(small, "Again", "2026-03-04")
    assert "Again" in small.text(PAGE)
    assert "updated <time" in small.text("/posts/a/") and "4 March 2026" in small.text("/posts/a/")


def test_a_freeze_makes_anew_what_a_commit_changes(site_with: SiteWith) -> None:
    small = changed(site_with)
    freeze(small)
    assert "Say what" in live(small)["posts/a/history/index.html"].decode()
    assert has_nothing_to_do(small)
    small.write("posts/b.md", post_text("B", body="Other words."))
    assert "/posts/b/" in freeze(small).rendered
    assert has_nothing_to_do(small)
    commit(small, "Say it in other words", "2026-03-04")
    assert not has_nothing_to_do(small)
    rendered = freeze(small).rendered
    assert {"/posts/b/", "/posts/b/history/"} <= rendered.keys()
    assert PAGE not in rendered
    assert live(small) == full(small)


def test_a_commit_of_something_else_changes_nothing(site_with: SiteWith) -> None:
    small = changed(site_with)
    freeze(small)
    commit(small, "Nothing", "2026-03-04")
    assert not freeze(small).rendered
    assert has_nothing_to_do(small)


def test_without_the_repository_the_pages_go_and_nothing_else_breaks(site_with: SiteWith) -> None:
    small = changed(site_with)
    freeze(small)
    (small.root / ".git").rename(small.root / "away")
    outcome = freeze(small, FreezeOptions(jobs=1))
    assert outcome.dropped == (PAGE,)
    assert [fault.place for fault in outcome.warnings if fault.kind == "git-history"] == ["site.toml:13"]
    assert not has_nothing_to_do(small), "what git does not tell now, it may tell the next time"
    (small.root / "away").rename(small.root / ".git")
    freeze(small)
    assert live(small) == full(small)
    shutil.rmtree(small.root / ".cache")
    assert freeze(small).release is None


@pytest.mark.browser
def test_the_page_is_for_everybody(site_with: SiteWith, browser: Browser) -> None:
    """More than colour tells what is new from what is gone, and nothing is wider than a phone."""
    small = changed(site_with)
    small.write("posts/a.md", post_text("A" * 80, body=f"A *slow* `{'x' * 200}`."))
    commit(small, "y" * 150, "2026-03-04")
    with serving(small.app) as address, Visit(browser, address, 390, color_scheme="light") as visit:
        visit.page.goto(f"{address}{PAGE}")
        assert visit.violations() == []
        visit.page.emulate_media(color_scheme="dark")
        assert visit.violations("color-contrast") == []
        assert visit.overflow() <= 0
        lines = {tag: visit.page.locator(tag).first.evaluate("each => getComputedStyle(each).textDecorationLine")
                 for tag in ("ins", "del")}  # fmt: skip
        assert lines == {"ins": "underline", "del": "line-through"}
        assert visit.complaints == []
