"""Words are counted once for each content; an index that was patched is the one that is made anew."""

from __future__ import annotations

import random
import shutil
from collections.abc import Mapping

import pytest

from tests.conftest import SiteWith, SmallSite, post_text
from trigpoint.cache import Cache
from trigpoint.loading import search_index
from trigpoint.loading.documents import DocumentStore
from trigpoint.loading.search_index import SearchIndexStore
from trigpoint.loading.word_store import WordStore
from trigpoint.search.index import Index, Postings
from trigpoint.search.tokens import PostTokens


def index(small: SmallSite, counted_before: SearchIndexStore | None = None) -> Index:
    """That of the site as it is now: by what it knows, or by another SearchIndexStore."""
    contents, posts = small.library.snapshot, small.library.posts[::-1]
    return (
        counted_before.index(posts, contents.file_digest)
        if counted_before
        else contents.index(posts, contents.file_digest)
    )


def fresh(small: SmallSite, cache: str) -> SearchIndexStore:
    """As in another process, with this folder for its cache."""
    kept = Cache(small.root / cache)
    return SearchIndexStore(small.site.loader.documents, WordStore(kept), kept)


def every_word(index: Index) -> dict[str, Postings]:
    found: dict[str, Postings] = {}
    for name in index.all_names():
        shard = index.shard(name)
        assert shard is not None
        assert shard.digest == index.digest(name)
        found |= shard.words
    return found


def forbidden(*arguments: object) -> PostTokens:
    raise AssertionError("counted again")


def test_an_edit_is_counted(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A", body="before", summary="s")})
    assert "before" in every_word(index(small))
    small.write("posts/a.md", post_text("A", body="after", summary="s"))
    assert "after" in every_word(index(small))
    assert "before" not in every_word(index(small))


def test_the_process_that_renders_a_post_counts_its_words(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    small = site_with({"a": post_text("A", body="## Kafka\n\nbefore\n\n```text\ncode\n```", tags="[go]")})
    monkeypatch.setattr(search_index, "words_of", forbidden)
    known = every_word(index(small))
    monkeypatch.undo()
    assert known == every_word(index(small, fresh(small, "empty"))), "as counted here"


def test_nothing_is_counted_twice(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    small = site_with({"a": post_text("A", body="before")})
    known = every_word(index(small))
    monkeypatch.setattr(search_index, "words_of", forbidden)
    monkeypatch.setattr(DocumentStore, "document", forbidden)
    assert every_word(index(small)) == known
    assert every_word(index(small, fresh(small, ".cache"))) == known, "another process"


def test_an_edit_makes_only_the_shards_of_its_words(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    small = site_with({"a": post_text("A", body="alpha beta"), "b": post_text("B", "2025-01-01", body="gamma")})
    known = index(small)
    made: list[str] = []
    shards = search_index.shards

    def noted(name: str, postings: Mapping[str, Postings]) -> object:
        made.append(name)
        return shards(name, postings)

    monkeypatch.setattr(search_index, "shards", noted)
    small.write("posts/a.md", post_text("A", body="alpha delta"))
    assert set(known.names) ^ set(index(small).names) == {"be", "de"}
    assert set(made) <= {"be", "de", "su"}, "only of what changed (a summary is made of the text)"


def test_a_changed_file_beside_the_post_is_counted(site_with: SiteWith) -> None:
    files: dict[str, str | bytes] = {
        "posts/a/index.md": post_text("A", body='```py file="x.py"\n```'),
        "posts/a/x.py": "before()\n",
    }
    small = site_with(files=files)
    assert "before" in every_word(index(small))
    small.write("posts/a/x.py", "after()\n")
    assert "after" in every_word(index(small))


@pytest.mark.parametrize("lost", [(), ("words",), ("postings",), ("words", "postings")])
def test_after_any_edits_it_is_the_index_that_is_made_anew(site_with: SiteWith, lost: tuple[str, ...]) -> None:
    """Also where another process edits, and where some of the cache was deleted."""
    chance = random.Random(3)
    words = ["alpha", "alps", "beta", "bevel", "gamma", "game", "delta", "deep", "zoë"]
    small = site_with({f"p{n}": post_text(f"Post {n}", f"2025-01-0{n}") for n in range(1, 6)})
    index(small)
    for step in range(12):
        number, body = chance.randint(1, 7), " ".join(chance.choices(words, k=3))
        if chance.random() < 0.2:
            (small.root / f"pages/posts/p{number}.md").unlink(missing_ok=True)
        else:
            small.write(f"posts/p{number}.md", post_text(f"Post {number}", f"2025-01-0{number}", body))
        for folder in lost if step % 3 == 0 else ():
            shutil.rmtree(small.root / ".cache" / folder, ignore_errors=True)
        anew = every_word(index(small, fresh(small, f"empty{step}")))
        assert every_word(index(small)) == anew
        assert every_word(index(small, fresh(small, ".cache"))) == anew


def test_a_disk_that_takes_nothing_costs_nothing_but_time(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A", body="before")})
    (small.root / "file").write_text("no folder")
    nowhere = fresh(small, "file/cache")
    assert every_word(index(small, nowhere)) == every_word(index(small))
    for edit in range(3):
        small.write("posts/a.md", post_text("A", body=f"after{edit}"))
        assert every_word(index(small, nowhere)) == every_word(index(small))
    assert len(nowhere._held) == len(index(small).names), "what no word is in any more is not held"
