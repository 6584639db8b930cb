"""Pagination: the front page grows, the pages behind it never change again (decision 0005).

Pure: posts and a size in, pages out. The Library asks, for all posts and for each tag's.
"""

from __future__ import annotations

from dataclasses import dataclass

from trigpoint.content.pages import Post


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list of posts, and the numbers of the pages beside it.

    The front (number 0) has the newest; the pages behind it are numbered from
    the oldest, so that a new post changes the front alone. `newer` and `older`
    are numbers, or None at the ends.
    """

    posts: tuple[Post, ...]
    number: int
    newer: int | None
    older: int | None


def numbers(posts: tuple[Post, ...], size: int) -> range:
    """The numbers of the pages behind the front."""
    return range(1, _behind(posts, size) + 1)


def listing(posts: tuple[Post, ...], number: int, size: int) -> Listing | None:
    """The page of that number: 0 is the front, others count from the oldest. None where there is no such page.

    The front holds what is left over and one full page more, so that it is
    never nearly empty: from `size` to twice `size` less one.
    """
    behind = _behind(posts, size)
    if not 0 <= number <= behind or (number == 0 and not posts):
        return None
    if number == 0:
        return Listing(posts[: len(posts) - behind * size], 0, None, behind or None)
    start = len(posts) - number * size
    newer = number + 1 if number < behind else 0
    return Listing(posts[start : start + size], number, newer, number - 1 or None)


def _behind(posts: tuple[Post, ...], size: int) -> int:
    """How many full pages there are behind the front."""
    return max(0, len(posts) // size - 1)
