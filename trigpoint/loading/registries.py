"""tags.toml and authors.toml as they were last read well, and what is wrong with them now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from trigpoint.content.pages import Author, Page, Post, Tag
from trigpoint.content.registries.authors import AUTHORS, read_authors
from trigpoint.content.registries.tags import read_tags
from trigpoint.faults import Fault, unexpected
from trigpoint.file_reading import UnsettledError, steady
from trigpoint.inventory import SIZE_LIMIT, Inventory, Stamp, unreadable
from trigpoint.settings import Settings

TAGS = "tags.toml"
REGISTRIES = (TAGS, AUTHORS)
"""The files of pages/ that are no pages, and are not served."""

Entry = TypeVar("Entry", Tag, Author)


def missing_registry(settings: Settings, found: Inventory, pages: Iterable[Page]) -> Iterator[Fault]:
    """A Fault where there is no tags.toml, the settings want tags to be registered, and one of these pages has some."""
    if settings.tags == "open" or settings.is_lenient or TAGS in found.stamps:
        return
    tagged = next((page for page in pages if isinstance(page, Post) and page.tags), None)
    if tagged:
        sentence = f"There is no such file, and articles have tags, such as {settings.pages}/{tagged.path}."
        cure = 'Register each tag in it: `[go]`, and below it `name = "Go"`. Or write `tags = "open"` in site.toml.'
        yield Fault(f"{settings.pages}/{TAGS}", 0, 0, sentence, cure, kind="tag-registry")


@dataclass(frozen=True, slots=True)
class Registry(Generic[Entry]):
    """The entries of a file as last read well, and the faults of the last reading. `read` makes both of its bytes.

    Where it `is_optional`, a file that has gone is none; else what it said last still holds.
    """

    file: str
    read: Callable[[str, bytes], tuple[tuple[Entry, ...], tuple[Fault, ...]]]
    is_optional: bool = False
    entries: tuple[Entry, ...] = ()
    faults: tuple[Fault, ...] = ()
    stamp: Stamp | None = None

    @property
    def is_known(self) -> bool:
        """Whether what is not in it is a mistake: not while it could never be read."""
        return bool(self.entries) or (self.stamp is not None and not self.faults)

    def next(self, settings: Settings, stamp: Stamp | None) -> Registry[Entry]:
        """The registry as the file is now. Raises UnsettledError while it is written."""
        if stamp is None:
            return replace(self, entries=() if self.is_optional else self.entries, faults=(), stamp=None)
        if stamp == self.stamp:
            return self
        shown = f"{settings.pages}/{self.file}"
        try:
            entries, faults = self.read(shown, steady(str(settings.pages_folder / self.file), stamp, SIZE_LIMIT + 1))
        except UnsettledError:
            raise
        except OSError as error:
            return replace(self, faults=(unreadable(shown, error),), stamp=None)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            return replace(self, faults=(unexpected(shown, error),), stamp=stamp)
        return replace(self, entries=self.entries if faults else entries, faults=faults, stamp=stamp)


def tag_registry() -> Registry[Tag]:
    return Registry(TAGS, read_tags)


def author_registry() -> Registry[Author]:
    return Registry(AUTHORS, read_authors, is_optional=True)
