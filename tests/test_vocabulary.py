"""Words are counted once for each content, and never old ones given."""

from __future__ import annotations

import pytest

from blog import vocabulary
from blog.content import Post
from blog.terms import Words

from .conftest import SiteWith, SmallSite, post_text


def words(small: SmallSite) -> list[str]:
    post = small.library.post("a")
    assert isinstance(post, Post)
    return list(small.library.contents.words(post, small.library.contents.file_digest).words)


def forbidden(*arguments: object) -> Words:
    raise AssertionError("counted again")


def test_an_edit_is_counted(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A", body="before", summary="s")})
    assert "before" in words(small)
    small.write("posts/a.md", post_text("A", body="after", summary="s"))
    assert "after" in words(small)
    assert "before" not in words(small)


def test_nothing_is_counted_twice(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    small = site_with({"a": post_text("A", body="before")})
    known = words(small)
    monkeypatch.setattr(vocabulary, "words_of", forbidden)
    assert words(small) == known


def test_another_process_finds_the_words_on_the_disk(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    small = site_with({"a": post_text("A", body="before")})
    known = words(small)
    monkeypatch.setattr(vocabulary, "words_of", forbidden)
    loader = small.site.loader
    loader._vocabulary._kept.clear()
    assert words(small) == known


def test_a_changed_file_beside_the_post_is_counted(site_with: SiteWith) -> None:
    files: dict[str, str | bytes] = {
        "posts/a/index.md": post_text("A", body='```py file="x.py"\n```'),
        "posts/a/x.py": "before()\n",
    }
    small = site_with(files=files)
    assert "before" in words(small)
    small.write("posts/a/x.py", "after()\n")
    assert "after" in words(small)
