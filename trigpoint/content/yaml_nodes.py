"""YAML text as Nodes that know their line.

The only door to yaml. Nothing is ever constructed: a scalar stays the text that
was written, and what YAML would take it for is only asked (`kind`). The limits
hold while the text is read, so no header can cost more than its 64 kB.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import yaml

from trigpoint.fault_list import FaultList, Place, Position

DEPTH = 20
KEYS = 500
TYPE = "tag:yaml.org,2002:"
REPEATED = 2000
"""The nodes that aliases may add to a foreign header."""

DEEP = (f"This is nested deeper than {DEPTH} levels.", "Keep the header flat.")

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
RESOLVERS: dict[str, list[tuple[str, Any]]] = yaml.SafeLoader.yaml_implicit_resolvers


@dataclass(slots=True)
class Scalar:
    """A value as it was written; `plain` is false inside quotes and in blocks of text."""

    text: str
    plain: bool
    line: int
    column: int

    @property
    def kind(self) -> str:
        """What YAML takes it for: "text", "number", "date", "yes or no" or "nothing"."""
        if not self.plain:
            return "text"
        for tag, pattern in RESOLVERS.get(self.text[:1], ()):
            if pattern.match(self.text):
                return KINDS.get(tag.rpartition(":")[2], "text")
        return "text"


@dataclass(slots=True)
class Sequence:
    """A list."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    """Names with values, in the order of writing."""

    line: int
    column: int
    entries: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    key: Scalar | None = None


Node = Scalar | Sequence | Mapping
Made = TypeVar("Made", Scalar, Mapping | Sequence)
KINDS = {"int": "number", "float": "number", "timestamp": "date", "bool": "yes or no", "null": "nothing"}


class YamlRefusedError(Exception):
    """The text is YAML, but more or other than a header may hold. Stays inside this folder."""

    def __init__(self, place: Place, sentence: str, cure: str) -> None:
        super().__init__(sentence)
        self.place, self.sentence, self.cure = place, sentence, cure


class YamlUnreadableError(Exception):
    """The text is no YAML; `place` is where the parser gave up. Stays inside this folder."""

    def __init__(self, place: Place, problem: str) -> None:
        super().__init__(problem)
        self.place, self.problem = place, problem


def composed(text: str, first_line: int, report: FaultList) -> Node | None:
    """The text's root Node (None where it holds nothing); a key that comes twice is reported.

    Raises YamlRefusedError and YamlUnreadableError.
    """
    loader = Loader(text)
    try:
        return _Composer(text, first_line, report).root(_events(loader, first_line))
    finally:
        loader.dispose()


def _events(loader: Any, first_line: int) -> Iterator[Any]:
    try:
        while not isinstance(event := loader.get_event(), yaml.StreamEndEvent):
            yield event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if mark and "nesting depth" in str(error.problem):
            raise YamlRefusedError(Position(mark.line + first_line, mark.column + 1), *DEEP) from None
        raise YamlUnreadableError(
            Position(mark.line + first_line, mark.column + 1) if mark else Position(), str(error.problem)
        ) from None
    except (yaml.YAMLError, ValueError, IndexError) as error:
        # PyYAML's own scanner answers a few malformed escapes and versions with Python's errors.
        raise YamlUnreadableError(Position(), str(error).splitlines()[0] if str(error) else "unreadable") from None


class _Composer:
    """Builds Nodes from events with a stack of its own: nesting cannot exhaust Python's."""

    def __init__(self, text: str, first_line: int, report: FaultList) -> None:
        self.text = text
        self.first_line = first_line
        self.report = report
        self.open: list[Sequence | Mapping] = []
        self.top: Node | None = None
        self.keys = 0
        self.anchors: dict[str, Node] = {}
        self.merged: list[tuple[Mapping, Node]] = []
        self.room = REPEATED

    def root(self, events: Iterator[Any]) -> Node | None:
        documents = 0
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._accept(event)
                is_plain = not event.style and event.implicit[0]
                self._place(self._named(event, Scalar(event.value, is_plain, *self._spot(event))))
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._accept(event)
                made = Mapping if kind is yaml.MappingStartEvent else Sequence
                self._begin(self._named(event, made(*self._spot(event))))
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._end(self.open.pop())
            elif kind is yaml.AliasEvent:
                self._place(self._aliased(event))
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1 or event.explicit:
                    raise YamlRefusedError(
                        Position(*self._spot(event)),
                        "A second YAML document starts here, and a header is only one.",
                        "Remove the line that begins with ---.",
                    )
        return self.top

    def _spot(self, event: Any) -> tuple[int, int]:
        mark = event.start_mark
        return mark.line + self.first_line, mark.column + 1

    def _named(self, event: Any, node: Made) -> Made:
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def _aliased(self, event: Any) -> Node:
        """The node that has this name, in a foreign header; as often as there is room for all that is in it."""
        place, node = Position(*self._spot(event)), self.anchors.get(event.anchor)
        if not self.report.forgiving or node is None:
            raise YamlRefusedError(
                place, f'"*{event.anchor}" is an alias to YAML, and aliases are not accepted.', QUOTES
            )
        self.room -= _size(node, self.room)
        if self.room <= 0 or any(node is each for each in self.open):
            raise YamlRefusedError(place, f'"*{event.anchor}" repeats too much.', "Write out what is meant.")
        return node

    def _end(self, node: Sequence | Mapping) -> None:
        """What a mapping merges (`<<: *a`) gives it the entries that it has not."""
        for parent, merged in self.merged if isinstance(node, Mapping) else ():
            for each in merged.items if isinstance(merged, Sequence) else [merged]:
                if parent is node and isinstance(each, Mapping):
                    node.entries |= {name: entry for name, entry in each.entries.items() if name not in node.entries}

    def _accept(self, event: Any) -> None:
        is_used = self.report.forgiving and event.anchor is not None and f"*{event.anchor}" in self.text
        if event.anchor is not None and not is_used:
            raise YamlRefusedError(
                Position(*self._spot(event)),
                f'"&{event.anchor}" is an anchor to YAML, and anchors and aliases are not accepted.',
                QUOTES,
            )
        if event.tag is not None and not (self.report.forgiving and event.tag.startswith(TYPE)):
            name = event.tag.replace(TYPE, "!!")
            raise YamlRefusedError(
                Position(*self._spot(event)),
                f'"{name}" is a type to YAML, and types are not accepted: nothing in a header is run.',
                QUOTES,
            )

    def _begin(self, node: Sequence | Mapping) -> None:
        self._place(node)
        self.open.append(node)
        if len(self.open) > DEPTH:
            raise YamlRefusedError(node, *DEEP)

    def _place(self, node: Node) -> None:
        if not self.open:
            self.top = node
            return
        parent = self.open[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif parent.key is None:
            parent.key = self._key(node)
        else:
            self._enter(parent, parent.key, node)
            parent.key = None

    def _key(self, node: Node) -> Scalar:
        self.keys += 1
        if self.keys > KEYS:
            raise YamlRefusedError(
                node,
                f"This is key number {KEYS + 1} of the header, and {KEYS} are the most.",
                "Put tables of values into the text.",
            )
        if not isinstance(node, Scalar):
            raise YamlUnreadableError(node, "a list or a mapping stands where the name of a field is expected")
        return node

    def _enter(self, parent: Mapping, key: Scalar, node: Node) -> None:
        if key.text == "<<" and key.plain and self.report.forgiving:
            self.merged.append((parent, node))
            return
        earlier = parent.entries.get(key.text)
        if earlier is None:
            parent.entries[key.text] = (key, node)
            return
        self.report.doubt(
            key,
            f'"{key.text}" stands here for the second time; the first is in line {earlier[0].line}.',
            "Keep one of the two.",
        )
        parent.entries[key.text] = (key, node)  # Where that is a warning, the last one counts, as to most programs.


def _size(node: Node, most: int) -> int:
    """The nodes in this one, with itself; counted up to so many."""
    size, rest = 0, [node]
    while rest and size < most:
        each = rest.pop()
        size += 1
        if isinstance(each, Sequence):
            rest += each.items
        elif isinstance(each, Mapping):
            rest += [value for _, value in each.entries.values()]
    return size


QUOTES = "If it is meant as text, put the value in quotes."
