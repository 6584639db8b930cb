"""Python-Markdown's footnotes, but a page with thousands of references to them takes no longer for each.

The extension counts from one for each repeated reference, and searches the list of all notes for each.
"""

from __future__ import annotations

from markdown.extensions.footnotes import FootnoteExtension


class Order(list[str]):
    """The notes in the order of their first references, which knows each one's place."""

    def __init__(self) -> None:
        super().__init__()
        self._places: dict[str, int] = {}

    def append(self, label: str) -> None:
        self._places.setdefault(label, len(self))
        super().append(label)

    def __contains__(self, label: object) -> bool:
        return label in self._places

    def index(self, label: str, *bounds: object) -> int:
        return self._places[label]


class Footnotes(FootnoteExtension):
    """The extension for one document at a time; notes are numbered as they are referred to."""

    def __init__(self) -> None:
        super().__init__(BACKLINK_TITLE="Back to reference {}", USE_DEFINITION_ORDER=False)

    def reset(self) -> None:
        super().reset()
        self.footnote_order = Order()

    def unique_ref(self, reference: str, found: bool = False) -> str:
        """`fnref:a` for the first reference to a note, then `fnref2:a` and so on."""
        if not found:
            return reference
        count = self.found_refs.get(reference, 0) + 1
        self.found_refs[reference] = count
        return reference if count == 1 else reference.replace(":", f"{count}:", 1)
