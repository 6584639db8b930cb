"""Checks of the tables of words: what a site's own ones have wrong, and what those lack that readers of it see.

The theme's table of German has every word of the theme (a test holds all of its tables to that), so its keys are the
words that there are, with those that the site's own templates and scripts ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from trigpoint.encoding import EncodingError, text_of
from trigpoint.faults import Fault, did_you_mean
from trigpoint.file_reading import steady
from trigpoint.languages import shortened
from trigpoint.settings import written_at
from trigpoint.theme import Layer, Overlay, shown
from trigpoint.web.site import Site
from trigpoint.web.wording.tables import ENDING, FOLDER, SECTIONS, line_of, read_entries
from trigpoint.web.wording.words import SOURCE, files_of, tables_of

REFERENCE = f"{FOLDER}de{ENDING}"
TEXT = r'"((?:[^"\\]|\\.)*)"'
IN_TEMPLATE = re.compile(rf"\b_(?:\.plain)?\(\s*{TEXT}(?:\s*,\s*{TEXT})?")
IN_SCRIPT = re.compile(rf"\bsay\(\s*{TEXT}")
NAMED = 5
"""So many missing words are named; of more, their number."""


@dataclass
class Known:
    """The words that somebody asks for, by their sections."""

    pages: set[str] = field(default_factory=set)
    scripts: set[str] = field(default_factory=set)


def words_faults(site: Site) -> Iterator[Fault]:
    """What is wrong with the words of this site."""
    look = site.loader.inputs.overlay("templates")
    known = known_words(look, site.loader.inputs.overlay("static"))
    for layer in look.layers[: max(1, len(look.layers) - 1)]:
        for name in sorted(layer.found.stamps):
            if name.startswith(FOLDER) and name.endswith(ENDING):
                yield from _of_table(layer, name, known, site)
    yield from _missing(site, look, known)


def known_words(templates: Overlay, static: Overlay) -> Known:
    """The words of the theme, and those that a site's own templates and scripts ask for."""
    known = Known()
    theme = templates.layers[-1]
    if REFERENCE in theme.found.stamps:
        entries = read_entries(_text(theme, REFERENCE))[0]
        known = Known(set(entries.pages), set(entries.scripts))
    for text in _own_texts(templates, (".html", ".xml", ".txt")):
        known.pages |= {found[2] or found[1] for found in IN_TEMPLATE.finditer(text)}
    for text in _own_texts(static, (".js",)):
        known.scripts |= {found[1] for found in IN_SCRIPT.finditer(text)}
    return known


def _own_texts(look: Overlay, endings: tuple[str, ...]) -> Iterator[str]:
    for layer in look.layers[:-1]:
        yield from (_text(layer, name) for name in layer.found.stamps if name.endswith(endings))


def _text(layer: Layer, name: str) -> str:
    return _raw(layer, name).decode("utf-8-sig", "replace")


def _raw(layer: Layer, name: str) -> bytes:
    return steady(str(layer.path(name)), layer.found.stamps[name])


def _of_table(layer: Layer, name: str, known: Known, site: Site) -> Iterator[Fault]:
    """A Fault for each entry of a table that cannot be shown, or that nobody asks for."""
    file = shown(layer.folder / name, site.settings.root)
    try:
        text = text_of(file, _raw(layer, name))
    except EncodingError as error:
        yield error.found.fault(file, "words")
        return
    entries, problems = read_entries(text)
    for each in problems:
        yield Fault(file, each.line, 0, each.sentence, each.cure, kind="words")
    for section in SECTIONS:
        wanted = getattr(known, section)
        for key in sorted(getattr(entries, section).keys() - wanted):
            sentence = f'"{key}" of [{section}] is no word that the site asks for.'
            cure = did_you_mean(key, wanted) or "Take it out, or write it as the template has it."
            yield Fault(file, line_of(text, key), 0, sentence, cure, kind="words")


def _missing(site: Site, look: Overlay, known: Known) -> Iterator[Fault]:
    """A warning for each language that readers see and whose words are not all there."""
    own = site.settings.language
    spoken = {own, *(post.lang for post in site.loader.library.posts if post.lang)}
    for language in sorted(each for each in spoken if tables_of(each)[0] != SOURCE):
        files = [path for path, _ in files_of(look, language)]
        if files:
            yield from _lacking(site, language, shown(files[0], site.settings.root), known)
        elif language == own:
            place, line = written_at(site.settings.root, "language")
            sentence = f'"language" is {language}, and there are no words of it: pages say theirs in English.'
            shorter = shortened(language)
            cure = f"Write templates/{FOLDER}{tables_of(language)[0]}{ENDING}."
            cure = f'Did you mean "{shorter}"?' if shorter != language else cure
            yield Fault(place, line, 0, sentence, cure, warning=True, kind="words-missing")


def _lacking(site: Site, language: str, file: str, known: Known) -> Iterator[Fault]:
    entries = site.words.words(language).entries
    lacking = [*sorted(known.pages - entries.pages.keys()), *sorted(known.scripts - entries.scripts.keys())]
    if not entries.dates:
        lacking.insert(0, "[dates]")
    if lacking:
        named = ", ".join(f'"{key}"' for key in lacking[:NAMED])
        more = f" and {len(lacking) - NAMED} more" if len(lacking) > NAMED else ""
        sentence = f"Words of {language} are missing, and are shown in English: {named}{more}."
        yield Fault(file, 0, 0, sentence, "Add them below [pages] or [scripts].", warning=True, kind="words-missing")
