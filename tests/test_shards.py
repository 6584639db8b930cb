"""Every word of every post is in exactly one shard, wherever the shards are split."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import shards
from blog.shards import Index, numbered
from blog.terms import ordered

POSTS = st.lists(st.dictionaries(st.text("abcé東", min_size=1, max_size=5), st.integers(1, 99)), max_size=8)


def index_of(posts: list[dict[str, int]]) -> Index:
    return Index(tuple(ordered(post) for post in posts))


@given(POSTS, st.integers(2, 200))
def test_the_shards_hold_what_the_posts_have(posts: list[dict[str, int]], largest: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "LARGEST", largest)
        index = index_of(posts)
        found: dict[str, Mapping[int, int]] = {}
        for name in index.all_names():
            shard = index.shard(name)
            assert shard is not None
            for word, postings in shard.words.items():
                assert word not in found
                assert word.startswith(name)
                found[word] = dict(numbered(postings))
        wanted = {
            word: {n: post[word] for n, post in enumerate(posts) if word in post} for post in posts for word in post
        }
        assert found == wanted


def test_a_large_shard_is_split_and_a_small_one_is_not() -> None:
    few = {"code": (0, 1), "coal": (0, 1)}
    assert list(shards.shards("co", few)) == ["co"]
    many = {f"co{letter}{n:03}": tuple(range(20)) for letter in "abc" for n in range(200)} | {"co": (0, 1)}
    found = shards.shards("co", many)
    assert found["co"].split == ("coa", "cob", "coc")
    assert list(found["co"].words) == ["co"]
    assert len(found["coa"].words) == 200


def test_there_is_no_shard_below_one_that_is_whole() -> None:
    index = index_of([{"code": 2, "c": 1}])
    assert index.names == ("c", "co")
    assert index.shard("c").words == {"c": (0, 1)}  # type: ignore[union-attr]
    for name in ("", "x", "xy", "cod", "code"):
        assert index.shard(name) is None


def test_a_new_post_leaves_the_shards_of_other_words_alone() -> None:
    old = [{"alpha": 2}, {"beta": 4}]
    before, after = index_of(old), index_of([*old, {"gamma": 2}])
    assert [before.shard(name) for name in before.names] == [after.shard(name) for name in before.names]
