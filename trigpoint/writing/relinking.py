"""The links of a source that name a page are led to its new name; nothing else of the source is another then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from trigpoint.content.pages import Page
from trigpoint.content.read_page import read_page, read_source
from trigpoint.markup.targets import FOREIGN
from trigpoint.web.site import Site
from trigpoint.writing.header_text import HeaderText, header_text
from trigpoint.writing.links import IsMeant, relinked, renamed
from trigpoint.writing.refusal import WritingError
from trigpoint.writing.sources import fields_of, rules_of, shown


@dataclass(frozen=True, slots=True)
class Relinking:
    """Which links of a source are meant, and the segments of paths that have other names, old to new."""

    is_meant: IsMeant
    names: Mapping[str, str]

    def target(self, written: str) -> str:
        """What is written in the place of this target."""
        is_led = not FOREIGN.match(written) and self.is_meant(written)
        return renamed(written, self.names) if is_led else written

    def body(self, text: str) -> str:
        """The same for a whole body."""
        return relinked(text, self.is_meant, self.names)


def relinked_source(site: Site, page: Page, raw: bytes, relinking: Relinking) -> bytes:
    """The bytes of this page with its links led on. Raises WritingError where that can't be done safely."""
    text = header_text(raw)
    if text is None:
        return raw
    led = {target: new for _, target in _targets_of(page) if (new := relinking.target(target)) != target}
    fence, newline, body = text.rest.partition("\n")
    rest = fence + newline + relinking.body(body)
    changed = replace(text, lines=_relinked_lines(page, text, led), rest=rest).raw
    if (led or changed != raw) and not _says_what_is_meant(site, page, (raw, changed), relinking, led):
        names = ", ".join(f"`{name}`" for name, target in _targets_of(page) if target in led)
        cure = f"Lead {names or 'its links'} to the new name by hand; nothing was changed."
        raise WritingError(f"{shown(site, page.path)} can't be changed safely. {cure}")
    return changed


def _relinked_lines(page: Page, text: HeaderText, led: Mapping[str, str]) -> tuple[str, ...]:
    lines = list(text.lines)
    for name, target in _targets_of(page):
        at = page.source.line_of(name, target) - 2  # Behind the fence, and from 0.
        if target in led and 0 <= at < len(lines):
            lines[at] = lines[at].replace(target, led[target], 1)
    return tuple(lines)


def _targets_of(page: Page) -> Iterator[tuple[str, str]]:
    """The fields of a header that hold a link, with what they hold."""
    if page.cover:
        yield "cover", page.cover.image
    for name in ("superseded_by", "translation_of"):
        if target := getattr(page, name, ""):
            yield name, target


def _says_what_is_meant(
    site: Site, page: Page, raw: tuple[bytes, bytes], relinking: Relinking, led: Mapping[str, str]
) -> bool:
    """Whether the site would find all links led on and nothing else changed. `raw`: the bytes before and after."""
    rules = rules_of(site)
    old, new = read_source(page.path, raw[0], rules), read_page(page.path, raw[1], rules)[0]
    if old is None or new is None or new.source.body != relinking.body(old.body or ""):
        return False
    are_led = [led.get(target, target) for _, target in _targets_of(page)] == [each for _, each in _targets_of(new)]
    return are_led and _is_led(fields_of(old), fields_of(new.source), led)


def _is_led(old: object, new: object, led: Mapping[str, str]) -> bool:
    """Whether these are the same values but for targets that are led on."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_is_led(old[name], new[name], led) for name in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(_is_led(*pair, led) for pair in zip(old, new, strict=True))
    return old == new or (isinstance(old, tuple) and new == (led.get(old[0]), *old[1:]))
