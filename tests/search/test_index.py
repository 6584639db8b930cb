"""Every word of every post is in exactly one shard, wherever the shards are split."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trigpoint.search import index as index_files
from trigpoint.search.index import Index, Postings, numbered, patched, postings_of, starts, starts_apart
from trigpoint.search.tokens import PostTokens, ordered, path_of

POST = st.dictionaries(st.text("abcж東", min_size=1, max_size=5), st.integers(1, 99))
POSTS = st.lists(POST, max_size=8)


def all_postings(posts: list[dict[str, int]]) -> dict[str, dict[str, Postings]]:
    words = [ordered(post) for post in posts]
    return {start: postings_of(start, words, numbers) for start, numbers in starts(words).items()}


def index_of(posts: list[dict[str, int]]) -> Index:
    found = all_postings(posts)
    made = {start: index_files.shards(start, postings) for start, postings in found.items()}
    families = {start: {name: shard.digest for name, shard in family.items()} for start, family in made.items()}
    return Index(families, found.__getitem__)


@given(POSTS, st.integers(2, 200))
def test_the_shards_hold_what_the_posts_have(posts: list[dict[str, int]], largest: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_files, "LARGEST", largest)
        index = index_of(posts)
        found: dict[str, Mapping[int, int]] = {}
        for name in index.all_names():
            shard = index.shard(name)
            assert shard is not None
            for word, postings in shard.words.items():
                assert word not in found
                assert path_of(word).startswith(name)
                found[word] = dict(numbered(postings))
        wanted = {
            word: {n: post[word] for n, post in enumerate(posts) if word in post} for post in posts for word in post
        }
        assert found == wanted


def test_a_large_shard_is_split_and_a_small_one_is_not() -> None:
    few = {"code": (0, 1), "coal": (0, 1)}
    assert list(index_files.shards("co", few)) == ["co"]
    many = {f"co{letter}{n:03}": tuple(range(20)) for letter in "abc" for n in range(200)} | {"co": (0, 1)}
    found = index_files.shards("co", many)
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


@given(POSTS, POST, st.integers(0, 8))
def test_postings_in_which_one_post_is_another_are_those_that_are_made_anew(
    posts: list[dict[str, int]], post: dict[str, int], number: int
) -> None:
    number = min(number, len(posts))
    before = ordered(posts[number]) if number < len(posts) else PostTokens()
    found = all_postings(posts)
    for start in starts_apart(before, ordered(post)):
        found[start] = patched(found.get(start, {}), start, number, before, ordered(post))
    assert {start: each for start, each in found.items() if each} == all_postings(
        [*posts[:number], post, *posts[number + 1 :]]
    )


def test_a_digest_is_of_what_a_shard_holds() -> None:
    one, other, more = index_of([{"code": 2}]), index_of([{"code": 3}]), index_of([{"code": 2}, {"data": 1}])
    assert one.digest("co") == more.digest("co") != other.digest("co")
    assert one.digest("da") == one.digest("cod") == one.digest("") == ""


def test_a_shard_of_hashed_words_is_split_in_two_by_the_next_digit_in_which_they_differ() -> None:
    """So there is no chain of shards without words of their own."""
    many = {f"по{letter}{n:03}": tuple(range(20)) for letter in "лс" for n in range(200)}
    found = index_files.shards("~fe", many)
    assert found["~fe"].words == {}
    assert len(found["~fe"].split) == 2
    assert len(found) == 3


def test_any_words_make_at_most_some_hundred_shards() -> None:
    """Each pair of thousands of letters, in as many posts; long words of any letters; and words with one beginning."""
    chance = random.Random(5)
    letters = [chr(point) for point in [*range(0x4E00, 0x9FFF), *range(0xA000, 0xA48C), *range(0x400, 0x530)]]
    pairs = {"".join(chance.choices(letters, k=2)): 2 for _ in range(30_000)}
    longer = {"".join(chance.choices(letters, k=9)): 2 for _ in range(10_000)}
    alike = {"ab" + letter: 2 for letter in letters}
    for post, most in ((pairs, 257), (longer, 900), (alike, 40)):
        assert len([*index_of([post]).all_names()]) <= most
