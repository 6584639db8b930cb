"""A table of words as its file has it; and the theme's tables, which have every word of the theme."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
from werkzeug.http import HTTP_STATUS_CODES

from trigpoint.web.errors import SENTENCES
from trigpoint.web.wording.plurals import forms_of
from trigpoint.web.wording.tables import read_entries

ROOT = Path(__file__).parents[3]
TABLES = sorted((ROOT / "templates/words").glob("*.toml"))
OF_AUTHORS = ("_banner.html", "styleguide.html", "_styleguide_tokens.html")
"""Templates that no reader sees, with the preview's findings and the parts of the design."""
OF_BODIES = {
    *("Note", "Tip", "Important", "Warning", "Caution"),
    *("Diagram as text", "Formula", "Done", "To do"),
}
"""What `bodies` takes from the body itself."""
SIGNS = {"404", "(zip)."}
"""Texts in templates that are the same in all languages."""
TEXT = r'"((?:[^"\\]|\\.)*)"'
IN_TEMPLATE = re.compile(rf"\b_\(\s*{TEXT}(?:\s*,\s*{TEXT})?")
IN_SCRIPT = re.compile(rf"\bsay\(\s*{TEXT}")


def of_templates() -> Iterator[str]:
    for path in (ROOT / "templates").glob("*.*"):
        yield from (found[2] or found[1] for found in IN_TEMPLATE.finditer(path.read_text()))


def of_views() -> Iterator[str]:
    """The first argument of each call of `said`, `plain` or `words`."""
    for path in (ROOT / "trigpoint/web").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if name in ("said", "plain", "words") and isinstance(first, ast.Constant):
                yield str(first.value)


def of_scripts() -> set[str]:
    texts = [path.read_text() for path in (ROOT / "static/js").glob("*.js")]
    return {found[1] for text in texts for found in IN_SCRIPT.finditer(text)}


def of_pages() -> set[str]:
    errors = {*SENTENCES.values(), *(HTTP_STATUS_CODES[code] for code in SENTENCES if code != 404)}
    return {*of_templates(), *of_views(), *errors, *OF_BODIES}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_of_the_theme_has_every_word_and_no_other(path: Path) -> None:
    entries, problems = read_entries(path.read_text())
    assert problems == ()
    assert set(entries.pages) ^ of_pages() == set()
    assert set(entries.scripts) ^ of_scripts() == set()
    assert entries.dates


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_of_the_theme_has_every_form_of_its_language(path: Path) -> None:
    german = read_entries((ROOT / "templates/words/de.toml").read_text())[0]
    entries = read_entries(path.read_text())[0]
    forms = forms_of(path.stem)
    for section in ("pages", "scripts"):
        counted = {key for key, word in getattr(german, section).items() if isinstance(word, Mapping)}
        for key, word in getattr(entries, section).items():
            if isinstance(word, Mapping):
                assert word.keys() == forms, key
            elif key in counted:
                assert len(forms) == 1, key


class Visible(HTMLParser):
    """The texts and spoken labels of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [
            value for name, value in attrs if value and name in ("aria-label", "title", "alt", "placeholder")
        ]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("path", sorted((ROOT / "templates").glob("*.html")), ids=lambda path: path.name)
def test_a_template_has_no_text_of_its_own(path: Path) -> None:
    """What readers see stands in `_("…")`, so that the tables can say it."""
    if path.name in (*OF_AUTHORS, "_written.html"):  # That one is the attributes of an element.
        return
    visible = Visible()
    visible.feed(re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", path.read_text(), flags=re.S))
    words = [word for text in visible.texts for word in text.split() if re.search(r"\w", word)]
    assert [word for word in words if word not in SIGNS] == []


@pytest.mark.parametrize("path", sorted((ROOT / "static/js").glob("*.js")), ids=lambda path: path.name)
def test_a_script_has_no_sentence_of_its_own(path: Path) -> None:
    """A text that begins like one stands in `say("…")`."""
    code = re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.M)
    code = IN_SCRIPT.sub("", re.sub(r"say\([^()]*(?:\([^()]*\)[^()]*)*\)", "", code))
    sentences = [found for found in re.findall(r"[\"`]([A-Z][a-z]+[^\"`]*)[\"`]", code) if found not in KEYS]
    assert sentences == []


KEYS = {"Escape", "Enter"}
"""Names of keys."""

GERMAN = '[pages]\n"Read article" = "Artikel lesen"\n'


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('"{count} min" = "Min."', '3 "{count} min" has no place for "count".'),
        ('"Copy" = "Kopie {name}"', '3 "Copy" has a place for "name".'),
        ('"[a](b)" = "a"', '3 "[a](b)" has no place for "b".'),
        ('"Copy" = 3', '3 "Copy" is neither a text nor a table of forms.'),
        ('"{count} a" = { one = "{count} a" }', '3 "{count} a" has no form "other".'),
        ('"{count} a" = { ome = "a", other = "{count} a" }', '3 "{count} a" has a form "ome".'),
        ('"{count} a" = { one = "a", other = "a" }', '3 "{count} a" has no place for "count".'),
        ("[worts]", '3 "worts" is no section.'),
        ("[dates]\nday = 3", "3 [dates] says not how a day is written."),
        ('"Copy" = "Kopie', "3 This is not TOML: a quote is never closed."),
    ],
)
def test_what_is_wrong_in_a_table_is_named_by_its_line(line: str, told: str) -> None:
    entries, problems = read_entries(f"{GERMAN}{line}\n")
    assert [f"{each.line} {each.sentence}" for each in problems] == [told]
    assert set(entries.pages) <= {"Read article"}


def test_a_form_may_say_its_number_in_words() -> None:
    entries, problems = read_entries('[pages]\n"{count} a" = { one = "ein a", other = "{count} a" }\n')
    assert (set(entries.pages), problems) == ({"{count} a"}, ())
