"""The questions about authors: who has a page, and which posts are theirs. The Library answers them with its others."""

from __future__ import annotations

from functools import cached_property

from trigpoint.content.pages import Author, Post
from trigpoint.library import lists, paging
from trigpoint.library.lists import AuthorCount
from trigpoint.library.paging import Listing
from trigpoint.library.questions import Answering, question
from trigpoint.library.snapshot import Snapshot
from trigpoint.notes import DependsOn


class AuthorQuestions(Answering):
    """Answers about authors, from the posts that readers see."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self.snapshot = snapshot

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """All posts that readers see, newest first."""
        raise NotImplementedError

    @cached_property
    def _by_author(self) -> dict[str, tuple[Post, ...]]:
        return lists.by_author(self.posts)

    @question('the author "{0}"', DependsOn.LISTS)
    def author(self, slug: str) -> Author | None:
        """The registered author, where at least one post is theirs."""
        return next((each for each in self.snapshot.authors if each.slug == slug and slug in self._by_author), None)

    @question("which authors there are", DependsOn.LISTS)
    def authors(self) -> tuple[AuthorCount, ...]:
        """Every registered author of a post, in the order of the name."""
        counts = [
            AuthorCount(each, len(self._by_author[each.slug]))
            for each in self.snapshot.authors
            if each.slug in self._by_author
        ]
        return tuple(sorted(counts, key=lambda each: (each.author.name.casefold(), each.author.slug)))

    @question('which posts list page {1} of the author "{0}" shows', DependsOn.LISTS)
    def written_by(self, slug: str, number: int) -> Listing | None:
        """A page of the posts of this author; None where there is no such page."""
        return paging.listing(self._by_author.get(slug, ()), number, self.snapshot.posts_per_page)

    @question('the list of the newest posts of the author "{0}" ({1} at most)', DependsOn.LISTS)
    def newest_by(self, slug: str, count: int) -> tuple[Post, ...]:
        return self._by_author.get(slug, ())[:count]

    @question('how many articles the author "{0}" has', DependsOn.LISTS)
    def author_count(self, slug: str) -> int:
        """How many posts are by this author."""
        return len(self._by_author.get(slug, ()))

    def author_numbers(self, slug: str) -> range:
        """The numbers of the pages behind an author's front."""
        return paging.numbers(self._by_author.get(slug, ()), self.snapshot.posts_per_page)
