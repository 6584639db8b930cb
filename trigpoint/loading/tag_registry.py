"""tags.toml as it was last read well, and what is wrong with it now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trigpoint.content.pages import Page, Post, Tag
from trigpoint.content.tags import read_tags
from trigpoint.faults import Fault, unexpected
from trigpoint.file_reading import UnsettledError, steady
from trigpoint.inventory import SIZE_LIMIT, Inventory, Stamp, unreadable
from trigpoint.settings import Settings

REGISTRY = "tags.toml"


def missing_registry(settings: Settings, found: Inventory, pages: Iterable[Page]) -> Iterator[Fault]:
    """A Fault where there is no tags.toml, the settings want tags to be registered, and one of these pages has some."""
    if settings.tags == "open" or settings.is_lenient or REGISTRY in found.stamps:
        return
    tagged = next((page for page in pages if isinstance(page, Post) and page.tags), None)
    if tagged:
        sentence = f"There is no such file, and articles have tags, such as {settings.pages}/{tagged.path}."
        cure = 'Register each tag in it: `[go]`, and below it `name = "Go"`. Or write `tags = "open"` in site.toml.'
        yield Fault(f"{settings.pages}/{REGISTRY}", 0, 0, sentence, cure, kind="tag-registry")


@dataclass(frozen=True, slots=True)
class TagRegistry:
    """The tags of tags.toml as last read well, and the faults of the last reading."""

    tags: tuple[Tag, ...] = ()
    faults: tuple[Fault, ...] = ()
    stamp: Stamp | None = None

    @property
    def is_known(self) -> bool:
        """Whether a tag that is not in it is a mistake: not while it could never be read."""
        return bool(self.tags) or (self.stamp is not None and not self.faults)

    def next(self, settings: Settings, stamp: Stamp | None) -> TagRegistry:
        """The registry as the file is now; without a file, as it was. Raises UnsettledError while it is written."""
        if stamp == self.stamp:
            return self
        if stamp is None:
            return TagRegistry(self.tags)
        shown = f"{settings.pages}/{REGISTRY}"
        try:
            tags, faults = read_tags(shown, steady(str(settings.pages_folder / REGISTRY), stamp, SIZE_LIMIT + 1))
        except UnsettledError:
            raise
        except OSError as error:
            return TagRegistry(self.tags, (unreadable(shown, error),))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            return TagRegistry(self.tags, (unexpected(shown, error),), stamp)
        return TagRegistry(self.tags if faults else tags, faults, stamp)
