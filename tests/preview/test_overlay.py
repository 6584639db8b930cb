"""What is wrong with a page stands over that page: the place, the lines, the cure, the editor; and goes when mended."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import SmallSite, post_text
from tests.preview.test_live import article, is_the_same, opened, preview, server_of
from trigpoint.editors import EDITORS, editor_address
from trigpoint.faults import Fault
from trigpoint.preview import findings as preview_findings
from trigpoint.preview.overlay import overlay

__all__ = ["preview"]  # A fixture.

pytestmark = pytest.mark.browser
OVERLAY = "#preview-overlay"


def test_a_fault_in_the_front_matter_is_shown_over_its_page_until_it_is_mended(
    preview: SmallSite, browser: Browser
) -> None:
    with server_of(preview.app) as address, opened(browser, f"{address}/posts/a/") as page:
        preview.write("posts/a.md", article(tgas="[Go]"))
        shown = page.locator(OVERLAY)
        expect(shown.locator("code").first).to_have_text("pages/posts/a.md:4:1")
        expect(shown).to_contain_text('"tgas" is not a field.')
        expect(shown).to_contain_text('Did you mean "tags"?')
        expect(shown.locator("mark")).to_have_text("    4  tgas: [Go]")
        expect(shown.locator("pre")).to_contain_text("    3  date: 2026-01-02")
        expect(page.get_by_text("Last words.")).to_have_count(1)
        preview.write("posts/a.md", article("Mended."))
        expect(shown).to_have_count(0)
        expect(page.get_by_text("Mended.")).to_have_count(1)
        assert is_the_same(page)


def test_a_dead_link_and_a_missing_cover_are_shown_over_their_page_alone(preview: SmallSite, browser: Browser) -> None:
    preview.write("posts/b.md", post_text("B"))
    with server_of(preview.app) as address, opened(browser, f"{address}/posts/a/") as page:
        preview.write("posts/a.md", article("[x](none.md)", cover="{image: none.png, alt: A}"))
        expect(page.locator(f"{OVERLAY} li")).to_have_count(2)
        expect(page.locator(OVERLAY)).to_contain_text('"none.md" leads to no page or file.')
        page.goto(f"{address}/posts/b/")
        expect(page.locator(OVERLAY)).to_have_count(0)
        expect(page.locator("body > .banner")).to_contain_text("2 to mend")


@pytest.fixture
def go_on(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Checks wait while this is cleared."""
    go_on, check = Event(), preview_findings.all_faults
    go_on.set()

    def slow(*arguments: Any) -> tuple[Fault, ...]:
        go_on.wait(60)
        return check(*arguments)

    monkeypatch.setattr(preview_findings, "all_faults", slow)
    return go_on


def test_a_page_says_that_it_is_still_being_checked_and_does_not_move(
    preview: SmallSite, browser: Browser, go_on: Event
) -> None:
    with server_of(preview.app) as address, opened(browser, f"{address}/posts/a/") as page:
        waiting = page.locator("#preview-waiting")
        expect(waiting).to_have_count(0)
        for edited, faults in (("[x](none.md)", 1), ("Mended.", 0)):
            go_on.clear()
            preview.write("posts/a.md", article(edited))
            expect(waiting).to_be_visible()
            expect(waiting).to_have_text("Still being checked …")
            expect(page.locator(OVERLAY)).to_have_count(0)
            top = page.locator("h1").bounding_box()
            go_on.set()
            expect(waiting).to_have_count(0)
            expect(page.locator(f"{OVERLAY} li")).to_have_count(faults)
            assert faults or page.locator("h1").bounding_box() == top
        assert is_the_same(page)


def test_what_is_known_of_a_page_stays_over_it_while_a_check_runs(
    preview: SmallSite, browser: Browser, go_on: Event
) -> None:
    with server_of(preview.app) as address, opened(browser, f"{address}/posts/a/") as page:
        preview.write("posts/a.md", article("[x](none.md)"))
        expect(page.locator(f"{OVERLAY} li")).to_have_count(1)
        page.locator(OVERLAY).evaluate("(overlay) => { overlay.mark = 'the same'; }")
        for name, text in (("b", post_text("B")), ("a", article("[x](none.md)", description="Other."))):
            go_on.clear()
            preview.write(f"posts/{name}.md", text)
            expect(page.locator("#preview-waiting")).to_have_count(1)
            expect(page.locator(f"{OVERLAY} li")).to_have_count(1)
            go_on.set()
            expect(page.locator("#preview-waiting")).to_have_count(0)
            expect(page.locator(f"{OVERLAY} li")).to_have_count(1)
            is_same = page.locator(OVERLAY).evaluate("(overlay) => overlay.mark")
            assert name == "a" or is_same == "the same"
        preview.write("posts/a.md", article("Mended."))
        expect(page.locator(OVERLAY)).to_have_count(0)
        assert is_the_same(page)


def test_a_page_that_never_was_good_says_why_at_its_address(preview: SmallSite, browser: Browser) -> None:
    with server_of(preview.app) as address, opened(browser, f"{address}/posts/new/") as page:
        preview.write("posts/new.md", "---\ntitle: New\n---\n\nText.\n")
        expect(page.locator(OVERLAY)).to_contain_text("pages/posts/new.md")
        preview.write("posts/new.md", post_text("It is there"))
        expect(page.locator("h1")).to_have_text("It is there")
        expect(page.locator(OVERLAY)).to_have_count(0)


def test_a_broken_template_is_one_line_over_the_page_as_it_was(
    preview: SmallSite, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    template = preview.root / "templates/_meta.html"
    sound = template.read_text()
    with server_of(preview.app) as address, opened(browser, f"{address}/posts/a/") as page:
        for broken, said in (
            ("{% if %}", "This is no template"),
            ("{{ post.titel }}", '"post" has no "titel". Did you mean "title"?'),
            ("gr\udcf6\udcdfe", 'Byte 6 (0xF6) is not UTF-8: it looks like Latin-1, where it is "ö".'),
        ):
            template.write_text(f"<p>\n{broken}\n", errors="surrogateescape")
            shown = page.locator(OVERLAY)
            expect(shown.locator("code").first).to_contain_text("templates/_meta.html:2")
            expect(shown).to_contain_text(said)
            expect(shown.locator("mark")).to_contain_text(broken.replace("\udcf6\udcdf", "\ufffd\ufffd"))
            expect(page.get_by_text("Last words.")).to_have_count(1)
        page.reload()
        expect(page.locator("h1")).to_have_text("This page can't be made now.")
        expect(shown.locator("code").first).to_have_text("templates/_meta.html:2:3")
        template.write_text(sound)
        expect(page.get_by_text("Last words.")).to_have_count(1)
        expect(shown).to_have_count(0)
    said_on_terminal = [record for record in caplog.records if record.name == preview.app.name]
    assert any("templates/_meta.html:2" in record.getMessage() for record in said_on_terminal)
    assert not any(record.exc_info for record in said_on_terminal)


def test_a_page_that_cannot_be_made_looks_like_the_site_and_leads_home(preview: SmallSite, browser: Browser) -> None:
    (preview.root / "templates/_meta.html").write_text("{{ post.titel }}\n")
    with server_of(preview.app) as address, opened(browser, f"{address}/posts/a/") as page:
        expect(page.locator(".kicker")).to_have_text("Error")
        assert page.locator("h1").evaluate("each => getComputedStyle(each).fontFamily").startswith('"Hanken Grotesk"')
        expect(page.get_by_role("link", name="Back to the front page")).to_have_attribute("href", "/")


def test_a_phone_shows_the_article_and_leads_to_what_is_wrong_with_it(preview: SmallSite, browser: Browser) -> None:
    dead = "\n\n".join(f"[x](none{n}.md)" for n in range(10))
    preview.write("posts/a.md", post_text("A", body=f"First words.\n\n{dead}"))
    with server_of(preview.app) as address, opened(browser, f"{address}/posts/a/") as page:
        items = page.locator(f"{OVERLAY} li")
        expect(items).to_have_count(10)
        expect(items.first).to_be_visible()
        page.set_viewport_size({"width": 390, "height": 844})
        page.reload()
        expect(items.first).to_be_hidden()
        expect(page.get_by_text("First words.", exact=True)).to_be_in_viewport()
        page.get_by_role("link", name="10 of them here").click()
        expect(items.first).to_be_visible()
        page.reload()
        expect(items.first).to_be_visible()
        page.locator(f"{OVERLAY} summary").click()
        page.set_viewport_size({"width": 1200, "height": 700})
        page.reload()
        expect(items.first).to_be_hidden()
        preview.write("posts/a.md", article("[y](none.md)"))
        expect(items).to_have_count(1)
        expect(items.first).to_be_hidden()


def test_faults_of_the_whole_site_are_shown_on_every_page(preview: SmallSite, browser: Browser) -> None:
    settings, tags = preview.root / "site.toml", preview.pages / "tags.toml"
    sound = settings.read_text(), tags.read_text()
    with server_of(preview.app) as address, opened(browser, f"{address}/tags/") as page:
        settings.write_text(sound[0] + '\ntitel = "x"\n')
        expect(page.locator(OVERLAY)).to_contain_text('"titel" is not a setting.')
        expect(page.locator(OVERLAY)).to_contain_text('Did you mean "title"?')
        tags.write_text(sound[1] + "\n[x\n")
        expect(page.locator(f"{OVERLAY} li")).to_have_count(2)
        expect(page.locator(OVERLAY)).to_contain_text("pages/tags.toml")
        settings.write_text(sound[0])
        tags.write_text(sound[1])
        expect(page.locator(OVERLAY)).to_have_count(0)
        assert is_the_same(page)


def test_the_place_is_a_link_that_opens_the_editor(preview: SmallSite) -> None:
    fault = Fault("pages/posts/ä b.md", 4, 1, "A <b> & c.", "Mend it.")
    settings = preview.site.settings
    assert "<a " not in overlay(settings, (fault,))
    object.__setattr__(settings, "editor", "vscode")
    html = overlay(settings, (fault,))
    assert f'<a href="vscode://file{preview.root}/pages/posts/%C3%A4%20b.md:4:1">pages/posts/ä b.md:4:1</a>' in html
    assert "A &lt;b&gt; &amp; c." in html
    assert "<pre" not in html  # There is no such file.
    assert "<pre" not in overlay(settings, (Fault("site.toml", 0, 0, "Something is missing."),))


@pytest.mark.parametrize("editor", [*EDITORS, "mvim://open?url=file://{path}&line={line}"])
def test_every_editor_gets_path_and_line(editor: str) -> None:
    address = editor_address(editor, Path("/x/a.md"), 0, 0)
    assert "/x/a.md" in address and "1" in address and "{" not in address
