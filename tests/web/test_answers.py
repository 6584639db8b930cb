"""A remembered answer equals a fresh one, whatever was edited; what strangers ask for fills no memory."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from urllib.parse import unquote

import pytest

from tests.conftest import SiteWith, SmallSite, post_text
from trigpoint.application import create_app
from trigpoint.library.library import Library
from trigpoint.markup.document import Document
from trigpoint.notes import first_stale
from trigpoint.web.kinds import all_addresses


def every_answer(small: SmallSite) -> dict[str, tuple[int, bytes]]:
    small.site.loader.refresh()
    addresses = [unquote(address) for address in all_addresses(small.app, small.site.loader.library)]
    found = {}
    for address in [*addresses, "/not/there/", "/static/notes.txt"]:
        with small.client.get(address) as response:
            found[address] = (response.status_code, response.get_data())
    return found


def edit_body(small: SmallSite) -> None:
    small.write("posts/b.md", post_text("B", "2026-01-03", "Other words, as many.", tags="[Go]", description="Same."))


def retitle(small: SmallSite) -> None:
    small.write("posts/a.md", post_text("Another A", "2026-01-02", tags="[Go]", aliases="[/old/]"))


def retag(small: SmallSite) -> None:
    small.write("posts/b.md", post_text("B", "2026-01-03", "Words in the body.", tags="[C++]", description="Same."))


def remove(small: SmallSite) -> None:
    (small.pages / "posts/c.md").unlink()


def add(small: SmallSite) -> None:
    small.write("posts/d.md", post_text("D", "2026-02-03", tags="[Go]"))


def hide(small: SmallSite) -> None:
    small.write("posts/c.md", post_text("C", "2026-01-04", draft="true"))


def rename_tag(small: SmallSite) -> None:
    (small.pages / "tags.toml").write_text('[go]\nname = "Golang"\n[cpp]\nname = "C++"\n')


def include_other(small: SmallSite) -> None:
    small.write("posts/bundle/code.py", "print('other')\n")


def edit_template(small: SmallSite) -> None:
    path = small.root / "templates/post.html"
    path.write_text(path.read_text().replace("Related articles", "See also ones too"))


def edit_template_of_errors(small: SmallSite) -> None:
    path = small.root / "templates/not_found.html"
    path.write_text(path.read_text().replace("{% block main %}", "{% block main %}<p>Lost?</p>"))


def edit_stylesheet(small: SmallSite) -> None:
    with (small.root / "static/css/base.css").open("a") as stylesheet:
        stylesheet.write("\nhr { color: inherit }\n")


def edit_asset(small: SmallSite) -> None:
    (small.root / "static/notes.txt").write_text("Other notes.")


def edit_font(small: SmallSite) -> None:
    (small.root / "static/fonts/a.woff2").write_bytes(b"two")


EDITS = (
    edit_body,
    retitle,
    retag,
    remove,
    add,
    hide,
    rename_tag,
    include_other,
    edit_template,
    edit_template_of_errors,
    edit_stylesheet,
    edit_asset,
    edit_font,
)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_a_remembered_answer_equals_a_fresh_one_after_any_edit(
    site_with: SiteWith, edit: Callable[[SmallSite], None]
) -> None:
    small = site_with(
        {
            "a": post_text("A", "2026-01-02", tags="[Go]", aliases="[/old/]"),
            "b": post_text("B", "2026-01-03", "Words in the body.", tags="[Go]", description="Same."),
            "c": post_text("C", "2026-01-04", "To [a](a.md)."),
        },
        {
            "posts/bundle/index.md": post_text("Bundle", "2025-01-04", "```py file=code.py\n```"),
            "posts/bundle/code.py": "print('first')\n",
            "about.md": "---\ntitle: About\n---\n\nHello.\n",
        },
    )
    (small.root / "static/notes.txt").write_text("The notes.")
    (small.root / "static/fonts").mkdir(exist_ok=True)
    (small.root / "static/fonts/a.woff2").write_bytes(b"one")
    with (small.root / "static/css/base.css").open("a") as stylesheet:
        stylesheet.write("\n@font-face { font-family: a; src: url(../fonts/a.woff2) }\n")
    before = every_answer(small)
    edit(small)
    after = every_answer(small)
    assert after != before, "the edit shows somewhere"
    fresh = SmallSite(small.root, create_app(small.root))
    try:
        assert after == every_answer(fresh)
    finally:
        fresh.site.loader.stop()


SETTINGS = (
    ("A test blog", "Another name"),
    ("What the tests read.", "Other words."),
    ("Ada Tester", "Eve"),
    ("https://blog.example", "https://other.example"),
    ('language = "en"', 'language = "de"'),
    ("Europe/Berlin", "Asia/Tokyo"),
    ("posts_per_page = 2", "posts_per_page = 1"),
    ('label = "Tags"', 'label = "Words"'),
    ('kicker = "Notes"', 'edit_url = "https://git.example/{path}"'),
)


@pytest.mark.parametrize(("old", "new"), SETTINGS)
def test_an_answer_that_a_setting_changes_has_a_note_that_says_so(site_with: SiteWith, old: str, new: str) -> None:
    small = site_with(
        {f"p{n}": post_text(f"P{n}", f"2026-01-0{n}", tags="[Go]", aliases=f"[/old/{n}/]") for n in range(1, 6)},
        {"about.md": "---\ntitle: About\n---\n\nHello.\n"},
    )
    before = every_answer(small)
    known = {address: small.site.responses.get(address) for address in before}
    path = small.root / "site.toml"
    path.write_text(path.read_text().replace(old, new))
    changed = SmallSite(small.root, create_app(small.root))
    try:
        after = every_answer(changed)
        different = [address for address in before if address in after and before[address] != after[address]]
        assert different
        for address in different:
            remembered = known[address]
            assert remembered is None or first_stale(
                remembered.notes, lambda note: changed.site.digest_now(note, changed.site.loader.library)
            ), address
    finally:
        changed.site.loader.stop()


def test_an_answer_is_made_once_while_it_holds(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A"), "b": post_text("B", "2026-05-05", description="Same.")})
    small.text("/posts/a/")
    known = small.site.responses.get("/posts/a/")
    small.write("posts/b.md", post_text("B", "2026-05-05", "Another body.", description="Same."))
    small.text("/posts/a/")
    assert small.site.responses.get("/posts/a/") is known


def test_an_unchanged_answer_is_not_sent_again(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A")})
    _, _, headers = small.answer("/posts/a/")
    status, body, _ = small.answer("/posts/a/", headers={"If-None-Match": headers["ETag"]})
    assert (status, body) == (304, b"")
    small.write("posts/a.md", post_text("A", body="New words."))
    status, body, _ = small.answer("/posts/a/", headers={"If-None-Match": headers["ETag"]})
    assert status == 200
    assert b"New words." in body


def test_a_question_by_head_is_answered_alike_without_a_body(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A")})
    for _ in range(2):
        with small.client.head("/posts/a/") as head, small.client.get("/posts/a/") as got:
            assert head.get_data() == b""
            assert head.headers["ETag"] == got.headers["ETag"]
            assert head.headers["Content-Length"] == got.headers["Content-Length"]


def test_a_half_written_template_costs_no_page_that_readers_had(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A"), "b": post_text("B")})
    good = small.text("/posts/a/")
    template = small.root / "templates/post.html"
    text = template.read_text()
    template.write_text(text[: len(text) // 2])
    assert small.text("/posts/a/") == good
    assert small.status("/posts/b/") == 500
    template.write_text(text)
    assert small.text("/posts/a/") == good
    assert small.status("/posts/b/") == 200


def test_an_old_library_is_not_kept_alive_by_the_answers_made_in_it(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A"), "b": post_text("B")})
    small.text("/posts/a/")
    old = weakref.ref(small.site.loader.library)
    small.write("posts/b.md", post_text("Another B"))
    small.text("/posts/b/")
    gc.collect()
    assert old() is None


def test_an_address_that_names_some_digest_is_not_remembered(site_with: SiteWith) -> None:
    small = site_with()
    small.text("/tags/")
    known = len(small.site.responses)
    for number in range(50):
        assert small.client.get(f"/static/js/theme.{number:010x}.js").status_code == 200
    assert len(small.site.responses) == known


def test_the_alias_of_any_spelling_has_an_address_that_works(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(aliases='["/größe/", "/100%25/", "/a%2541/"]')})
    small.site.loader.refresh()
    aliases = list(all_addresses(small.app, small.site.loader.library))[-3:]
    assert [small.status(alias) for alias in aliases] == [301, 301, 301]


def test_a_storm_of_edits_fills_no_memory(site_with: SiteWith) -> None:
    """Of an answer, a Document and a Library that were replaced, nothing is remembered."""
    small = site_with({"a": post_text("A"), "b": post_text("B", "2026-01-03")})
    site = small.site

    def edit(number: int) -> None:
        small.write("posts/a.md", post_text(f"Title {number:03}", body=f"{number:03} {'words ' * 400}"))
        for address in ("/", "/posts/a/", "/feed.xml", "/search/docs.json"):
            assert small.status(address) == 200

    def alive(kind: type) -> int:
        gc.collect()
        return sum(type(each) is kind for each in gc.get_objects())

    edit(0)
    answers, documents = site.responses.size, site.loader.documents.size
    libraries, kept = alive(Library), alive(Document)
    for number in range(1, 301):
        edit(number)
    assert abs(site.responses.size - answers) < 1000
    assert abs(site.loader.documents.size - documents) < 100
    assert alive(Library) <= libraries + 1
    assert alive(Document) <= kept + 1


def test_an_answer_and_a_document_of_a_page_that_is_gone_are_let_go(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A"), "b": post_text("B", "2026-01-03")})
    small.text("/posts/b/")
    small.status("/nope/")
    answers, documents = small.site.responses.size, small.site.loader.documents.size
    small.write("posts/c.md", post_text("C", "2020-01-01"))
    small.text("/posts/c/")
    assert small.site.loader.documents.size > documents
    (small.pages / "posts/c.md").unlink()
    assert small.status("/posts/c/") == 404
    assert small.site.responses.get("/posts/c/") is None
    assert small.site.loader.documents.size == documents
    assert abs(small.site.responses.size - answers) < 100
