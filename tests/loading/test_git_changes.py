"""What differs between two versions of an article, and which versions readers could have had."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import SiteWith, SmallSite, post_text
from tests.repositories import commit, git
from trigpoint.content.pages import Post, Rules
from trigpoint.content.read_page import read_page
from trigpoint.library.snapshot import Commit
from trigpoint.loading import git_changes
from trigpoint.loading.git_changes import LARGEST_CHANGE, LARGEST_TEXT, Change, Version, contents_of, word_diffs


def differing(old: str, new: str) -> str:
    """The difference as signs: [-gone-]{+new+}, and … for what is left out."""
    (parts,) = word_diffs([old, new])
    assert parts is not None
    marks = {"": "%s", "del": "[-%s-]", "ins": "{+%s+}", "gap": "…%s"}
    return "".join(marks[kind] % text for kind, text in parts)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("A fast queue.", "A slow queue.", "A [-fast-] {+slow+} queue."),
        ("Words.", "Words.\n\nMore.", "Words.\n\n{+More.+}"),
        ("One.\n\nTwo.\n", "Two.\n", "[-One.-]\n\nTwo.\n"),
        ("Größe zählt", "Größen zählen", "[-Größe zählt-]{+Größen zählen+}"),
        ("我喜欢茶", "我喜欢咖啡", "我喜欢[-茶-]{+咖啡+}"),
        ("", "All", "{+All+}"),
        ("All", "", "[-All-]"),
        ("a\nb", "a b", ""),
        ("same", "same", ""),
        ("-- @@ -1 +1 @@", "++ @@ -2 +1 @@", "[----] {++++} @@ -[-1-] {+2+} +1 @@"),
        ("diff --git a/0 b/0\n", "diff --git a/1 b/0\n", "diff --git a/[-0-] {+1+} b/0\n"),
    ],
)
def test_words_are_compared(old: str, new: str, told: str) -> None:
    assert differing(old, new) == told


def test_what_is_far_from_a_change_is_left_out() -> None:
    far = "far " * 500
    told = differing(f"{far}old {far}same old {far}", f"{far}new {far}same new {far}")
    assert told.startswith("…far far")
    assert told.count("…") == 3
    assert told.count("far") == 4 * git_changes.AROUND - 1  # One is the "same"
    assert told.endswith("far …")


WORDS = st.text(st.sampled_from("ab .-+\n@\\ äß茶\x0b\u2028\x1c"), max_size=40)


@given(st.lists(WORDS, max_size=5))
@settings(max_examples=60)
def test_a_difference_holds_both_texts(texts: list[str]) -> None:
    """Without what was taken out it has the words of the new text, without what was added those of the old one."""

    def words(parts: Sequence[tuple[str, str]] | None, without: str) -> str:
        return "".join("".join(text.split()) for kind, text in parts or () if kind != without)

    for (old, new), parts in zip(pairwise(texts), word_diffs(texts), strict=True):
        if parts:
            assert words(parts, "del") == "".join(new.split())
            assert words(parts, "ins") == "".join(old.split())
        else:
            assert old.split() == new.split() or "".join(old.split()) == "".join(new.split())


def test_the_author_of_a_configuration_changes_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".gitconfig").write_text("[diff]\n  external = false\n  orderFile = /nowhere\n[color]\n  ui = always\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    assert differing("one", "two") == "[-one-]{+two+}"


def test_a_text_that_is_too_large_is_not_compared() -> None:
    large = "x " * LARGEST_TEXT
    before, after, next_one = word_diffs(["a", large, "b", "c"])
    assert before is after is None
    assert next_one == (("del", "b"), ("ins", "c"))


def test_of_many_texts_the_newest_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_changes, "LARGEST_TEXTS", 3)
    assert [each is None for each in word_diffs(["a", "b", "c", "d", "e"])] == [True, True, False, False]


def test_objects_are_told_apart_by_their_names(tmp_path: Path) -> None:
    git(tmp_path, "init")
    (tmp_path / "a blob 3.md").write_bytes(b"one\n\ntwo")
    (tmp_path / "b").write_bytes(b"")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "First")
    head = git(tmp_path, "rev-parse", "HEAD")
    names = ("a blob 3.md", "none blob 3", "b", "a\nb", "a blob", "")
    found = contents_of(tmp_path, [f"{head}:./{name}" for name in names])
    assert found == [b"one\n\ntwo", None, b"", None, None, None]


def test_the_marks_of_foreign_markdown_are_no_words() -> None:
    """HTML that ends without an empty line, and a table without a head."""
    text = b"---\ntitle: A\n---\n<div>x</div>\n**b**\n\n| c | d |\n| e | f |\n"
    page, _ = read_page("posts/2020-01-02-a.md", text, Rules(dt.UTC, lenient=True))
    assert page and page.source.body and re.search("[\ue0f0-\ue0ff]", page.source.body)
    day = dt.datetime(2020, 1, 2, tzinfo=dt.UTC)
    shown = Version(Commit("0" * 40, day, day, "A", "posts/a.md", "first"), page).body
    assert not re.search("[\ue0f0-\ue0ff]", shown)
    assert "| c | d |" in shown


def history(small: SmallSite) -> list[Change]:
    found = small.library.post("a")
    assert isinstance(found, Post)
    return list(small.site.loader.inputs.changes.changes(found, small.library.commits(found.path)))


def edit(small: SmallSite, body: str, day: str, written: str = "", **fields: object) -> None:
    small.write("posts/a.md", post_text("A", fields.pop("date", "2026-02-01"), body, **fields))  # type: ignore[arg-type]
    commit(small, f"Say {body}", day, written)


def told(small: SmallSite) -> list[tuple[str, str]]:
    """The subject of each change, and what of the text it shows."""
    return [(each.commit.subject, " ".join(text.strip() for _, text in each.parts or ())) for each in history(small)]


@pytest.fixture
def small(site_with: SiteWith) -> SmallSite:
    return site_with(settings="history = true\n")


def test_what_was_a_draft_is_not_told(small: SmallSite) -> None:
    """Neither in a difference nor by a subject; a draft since the day of the article is none the less one."""
    edit(small, "Secret one.", "2026-01-10", draft="true")
    edit(small, "Secret two.", "2026-02-10", draft="true")
    edit(small, "Secret three.", "2026-02-11", draft="true")
    edit(small, "Public one.", "2026-02-12")
    edit(small, "Public two.", "2026-03-01")
    edit(small, "Secret four.", "2026-03-02", draft="true")
    edit(small, "Public three.", "2026-03-03")
    assert [each.commit.subject for each in history(small)] == [
        "Say Public three.",
        "Say Public two.",
        "Say Public one.",
    ]
    assert "Secret" not in str(history(small))


def test_what_was_scheduled_is_not_told(small: SmallSite) -> None:
    """Until the day of the article is over each version is only on its way."""
    edit(small, "Secret one.", "2026-01-10")
    edit(small, "Secret two.", "2026-01-31")
    edit(small, "Public one.", "2026-02-01")
    edit(small, "Public two.", "2026-02-02")
    assert told(small) == [("Say Public two.", "Public one two ."), ("Say Public one.", "")]
    assert "Secret" not in str(history(small))


def test_what_was_written_before_counts_from_then(small: SmallSite) -> None:
    """Commits that were set anew upon others (`git rebase`) are of another day than they were written."""
    edit(small, "Secret one.", "2026-02-10", written="2026-01-10")
    edit(small, "Secret two.", "2026-02-10", written="2026-01-11")
    edit(small, "Public one.", "2026-02-10", written="2026-01-31")
    edit(small, "Public two.", "2026-02-20")
    assert [subject for subject, _ in told(small)] == ["Say Public two.", "Say Public one."]
    assert "Secret" not in str(history(small))


def test_another_date_of_an_old_version_counts(small: SmallSite) -> None:
    edit(small, "Secret one.", "2026-02-10", date="2026-09-09")
    edit(small, "Public one.", "2026-02-12")
    edit(small, "Public two.", "2026-03-01")
    assert [subject for subject, _ in told(small)] == ["Say Public two.", "Say Public one."]


def test_what_could_not_be_read_was_not_published(small: SmallSite) -> None:
    edit(small, "Public one.", "2026-01-10")
    small.write("posts/a.md", "---\ntitle: [unclosed\n---\n\nSecret\n")
    commit(small, "Break it", "2026-03-01")
    edit(small, "Public two.", "2026-03-02")
    assert [subject for subject, _ in told(small)] == ["Say Public two.", "Say Public one."]


def test_a_tag_that_is_gone_hides_no_version(small: SmallSite) -> None:
    edit(small, "One.", "2026-01-10", tags="[Gone]")
    edit(small, "One.", "2026-03-01")
    first, last = history(small)[::-1]
    assert (first.is_first, first.parts) == (True, ())
    assert (last.is_first, last.parts) == (False, ())


def test_the_front_matter_is_not_compared(small: SmallSite) -> None:
    edit(small, "One.", "2026-01-10", summary="Secret")
    edit(small, "Two.", "2026-03-01", summary="Other")
    assert told(small)[0][1] == "One Two ."


def test_a_change_that_is_too_much_for_a_page_is_only_named(small: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(small, "One.", "2026-01-10")
    edit(small, "large " * LARGEST_CHANGE, "2026-03-01")
    edit(small, "Two.", "2026-03-02")
    assert [each.parts is None for each in history(small)] == [True, True, False]
    monkeypatch.setattr(git_changes, "LARGEST_PAGE", 100)
    for number in range(3):
        edit(small, f"{number} " * 20, f"2026-03-1{number}")
    small.site.loader.cache.forget()
    assert [each.parts is None for each in history(small)] == [False, True, True, True, True, False]


def test_changes_are_made_once(small: SmallSite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    edit(small, "One.", "2026-01-10")
    edit(small, "Two.", "2026-03-01")
    before = history(small)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert history(small) == before
