"""tags.toml as it was last read well, and what is wrong with it now."""

from __future__ import annotations

from dataclasses import dataclass

from trigpoint.content.pages import Tag
from trigpoint.content.tags import read_tags
from trigpoint.faults import Fault, unexpected
from trigpoint.file_reading import UnsettledError, steady
from trigpoint.inventory import SIZE_LIMIT, Stamp, unreadable
from trigpoint.settings import Settings

REGISTRY = "tags.toml"


@dataclass(frozen=True, slots=True)
class TagRegistry:
    """The tags of tags.toml as last read well, and the faults of the last reading."""

    tags: tuple[Tag, ...] = ()
    faults: tuple[Fault, ...] = ()
    stamp: Stamp | None = None

    def next(self, settings: Settings, stamp: Stamp | None) -> TagRegistry:
        """The registry as the file is now; no file is an empty registry. Raises UnsettledError while it is written."""
        if stamp == self.stamp:
            return self
        if stamp is None:
            return TagRegistry()
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
