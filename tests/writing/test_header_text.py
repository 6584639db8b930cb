"""One field is written, and every other byte of the file stays."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trigpoint.content.pages import Source
from trigpoint.notes import Digest
from trigpoint.writing.header_text import (
    HeaderText,
    header_text,
    value_of,
    with_field,
    with_item,
    without_field,
    without_item,
    written,
)
from trigpoint.writing.sources import fields_of


def text(header: str) -> HeaderText:
    found = header_text(f"---\n{header}---\nBody: x\n---\n".encode())
    assert found
    return found


def header(found: HeaderText) -> str:
    return "".join(f"{line}\n" for line in found.lines)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file_is_the_same_when_nothing_is_changed(newline: str, mark: str) -> None:
    raw = f"{mark}---{newline}title: Größe # x{newline}{newline}---{newline}{newline}Body.{newline}".encode()
    found = header_text(raw)
    assert found and found.raw == raw


@pytest.mark.parametrize("raw", [b"Text.\n", b"---\ntitle: A\n", b"", "---\ntitle: Ä\n---\n".encode("latin-1")])
def test_what_has_no_header_has_no_pieces(raw: bytes) -> None:
    assert header_text(raw) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: A\ndate: 2020-01-01\n", "title: A\ndate: 2026-11-29\n"),
        ("title: A\ndate: 2020-01-01   # the first day\n", "title: A\ndate: 2026-11-29   # the first day\n"),
        ('title: A\nDate : "2020-01-01"\ntags: [x]\n', "title: A\nDate : 2026-11-29\ntags: [x]\n"),
        ("title: A\n# Why.\ntags: [x]\n", "title: A\ndate: 2026-11-29\n# Why.\ntags: [x]\n"),
        ("tags:\n  - x\n", "tags:\n  - x\ndate: 2026-11-29\n"),
        ("date:\nupdated: 2020-01-01\n", "date: 2026-11-29\nupdated: 2020-01-01\n"),
    ],
)
def test_a_value_is_written_where_the_field_stands(before: str, after: str) -> None:
    assert header(with_field(text(before), "date", "2026-11-29", after=("title",))) == after


def test_a_field_goes_and_comments_stay() -> None:
    found = text("title: A\n# Above.\ndraft: true\n# Below.\ntags: [x]\n")
    assert header(without_field(found, "draft", "false")) == "title: A\n# Above.\n# Below.\ntags: [x]\n"
    found = text("draft: true  # until Ann has read it\n")
    assert header(without_field(found, "draft", "false")) == "draft: false  # until Ann has read it\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: A\n", "title: A\naliases: [/old/]\n"),
        ("aliases:\n", "aliases: [/old/]\n"),
        ("aliases: []\n", "aliases: [/old/]\n"),
        ("aliases: [/a/]  # why\n", "aliases: [/a/, /old/]  # why\n"),
        ("aliases: [/a/,\n  /b/]\ntags: [x]\n", "aliases: [/a/,\n  /b/, /old/]\ntags: [x]\n"),
        ("aliases: [\n  /a/,\n]\n", "aliases: [\n  /a/,\n/old/]\n"),
        ("aliases: [\n  /a/ # see [1]\n]\n", "aliases: [\n  /a/ # see [1]\n, /old/]\n"),
        ("aliases:\n  - /a/ # see [1]\n", "aliases:\n  - /a/ # see [1]\n  - /old/\n"),
        ("aliases: /a/\n", "aliases: [/a/, /old/]\n"),
        ("aliases: # none yet\n", "aliases: [/old/] # none yet\n"),
        ("aliases:\n  - /a/\n  # why\ntags: [x]\n", "aliases:\n  - /a/\n  - /old/\n  # why\ntags: [x]\n"),
        ("aliases:\n- /a/\ntags: [x]\n", "aliases:\n- /a/\n- /old/\ntags: [x]\n"),
    ],
)
def test_an_item_is_added_in_the_way_of_the_list(before: str, after: str) -> None:
    assert header(with_item(text(before), "aliases", "/old/")) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("aliases: [/old/]\n", ""),
        ("aliases: [/old/, /b/]\n", "aliases: [/b/]\n"),
        ('aliases: [/a/, "/old/", /b/]\n', "aliases: [/a/, /b/]\n"),
        ("aliases: [/a/, /old]\n", "aliases: [/a/]\n"),
        ("aliases:\n  - /old/\n  - /b/\n", "aliases:\n  - /b/\n"),
        ("aliases:\n  - /old/\ntags: [x]\n", "tags: [x]\n"),
        ("aliases: [/older/]\n", "aliases: [/older/]\n"),
        ("aliases: [\n  /b/,\n  /old/ # why\n]\n", "aliases: [\n  /b/,\n  # why\n]\n"),
        ("aliases:  # was [/old/, /b/]\n  - /old/ # why\n", "aliases:  [] # was [/old/, /b/]\n  # why\n"),
    ],
)
def test_an_item_is_taken_out(before: str, after: str) -> None:
    assert header(without_item(text(before), "aliases", "/old/")) == after


def test_a_header_in_toml_is_written_in_toml() -> None:
    found = header_text(b'+++\ntitle = "A"\n[extra]\ndate = 1\n+++\nBody.\n')
    assert found
    assert header(with_field(found, "date", "2026-11-29", after=("title",))) == (
        'title = "A"\ndate = 2026-11-29\n[extra]\ndate = 1\n'
    )


IN_YAML = {
    "title": ("title: A", 'title: "A: b #1"', "title: |\n  A\n  #2\n\n  b", "title: >-\n  A\n\n  b  #3"),
    "tags": ("tags: [Go]", "tags: [Go, #4\nC]", "tags:\n- Go\n#5\n- C", "tags:\n  - Go #6\n  #7\n  - C", "tags: [\n]"),
    "header image": ("header image: a.png", "'header image' : a.png  #8"),
    "schema.org": ("schema.org: Article", '"schema.org": [a: b, c]'),
    "Übersicht": ("Übersicht: x", "Übersicht:\n  a: |\n    x\n    #9\n  b: 2"),
    "2024": ("2024: a\n  b", '2024: "a\n  #10"', "2024:"),
    "extra": ("extra: {a: 1, b: [2,\n 3]}", "extra:\n  draft: true\n  #11\n  date: 2020-01-01", "extra:\n- draft: a"),
    "#12": ("#12 draft: true",),
    "#13": ("  #13",),
    "": ("",),
    "draft": (
        "draft: true", "draft: true  #14", "draft:\n  true", "Draft : yes", "draft:\n  #15\n  true #16", '"draft": true'
    ),
    "date": ("date: 2020-01-01", "date: '2020-01-01' #17", "date:\n  #18\n  2020-01-01 #19", "date:", "date: #20"),
    "aliases": (
        "aliases: [/a/]", "aliases:\n- /a/", "aliases:\n  - /a/ #21\n  #22\n  - /b/ #23 [x]", "aliases: #24",
        "aliases: []", "aliases: [\n  /a/, #25\n  /b/ #26\n]", "aliases: #27 [/a/,\n  - /a/",
        "aliases: [/b/, /a/] #28 ]", "aliases: /a/ #29",
    ),
}  # fmt: skip
"""Entries of a header by their names, written in many ways; each comment, and what looks like one, has its number."""

IN_TOML = {
    "title": ('title = "A"', 'title = """\ndraft = true #1\n"""', "title = 'a #2' #3"),
    "tags": ('tags = ["Go", #4\n"C"\n]', 'tags=["Go"]'),
    "#5": ("#5 draft = true", "  #5"),
    "x.y": ("x.y = 1", "x.y = {a = 1, b = [\n2]} #6"),
    "draft": ("draft = true", "draft=true #7", '"draft" = true'),
    "date": ("date = 2020-01-01", "date = 2020-01-01T10:00:00Z #8"),
    "aliases": ('aliases = ["/a/"]', 'aliases = [\n  "/a/", #9\n  "/b/" #10 ]\n]', "aliases = [] #11"),
}  # fmt: skip


def headers_of(entries: dict[str, tuple[str, ...]], fence: str, end: str = "") -> st.SearchStrategy[HeaderText]:
    """Headers of some of these entries, in any order."""

    def header_of(some: tuple[str, ...]) -> HeaderText:
        return HeaderText(f"{fence}\n", tuple(("\n".join(some) + end).split("\n")), f"{fence}\n")

    names = st.lists(st.sampled_from(sorted(entries)), unique=True, min_size=1)
    return names.flatmap(lambda each: st.tuples(*(st.sampled_from(entries[name]) for name in each))).map(header_of)


TABLE = "\n[extra]\ndraft = true #12"
HEADERS = headers_of(IN_YAML, "---") | headers_of(IN_TOML, "+++") | headers_of(IN_TOML, "+++", TABLE)


def said(found: HeaderText) -> dict[str, object]:
    """The fields, as the reader of a foreign folder has them, by their names in lower case."""
    begin = "+++\n" if found.opening.startswith("+++") else ""
    source = Source("a.md", begin + header(found), "", len(found.lines) + 3, Digest(""))
    return {name.casefold(): value for name, value in fields_of(source).items()}


def comments(found: HeaderText) -> Counter[str]:
    return Counter(re.findall(r"#\d+", header(found)))


@given(HEADERS)
def test_publishing_changes_the_mark_and_the_day_alone(before: HeaderText) -> None:
    after = with_field(without_field(before, "draft", "false"), "date", "2026-11-29", after=("title",))
    ours = {"draft": None, "date": None}
    assert said(before) | ours == said(after) | ours
    assert comments(after) == comments(before)
    assert said(after).get("draft", ("false",))[0] == "false"  # type: ignore[index]
    assert said(after)["date"] == ("2026-11-29", "text" if before.opening.startswith("+") else "date")


@given(HEADERS)
def test_renaming_changes_the_aliases_alone(before: HeaderText) -> None:
    item = '"/old/"' if before.opening.startswith("+") else "/old/"
    without = without_item(before, "aliases", "/a/")
    after = with_item(without, "aliases", item)
    for found in (without, after):
        assert said(before) | {"aliases": None} == said(found) | {"aliases": None}
        assert comments(found) == comments(before)
    left = [("/b/", "text")] if "/b/" in header(before) else []
    assert said(after)["aliases"] in ([*left, ("/old/", "text")], [("/a/", "text"), ("/old/", "text")])
    assert ("/a/", "text") not in said(without).get("aliases", ())  # type: ignore[operator]


def test_a_value_is_read_without_its_comment() -> None:
    assert value_of(text("date: 2026-01-01 14:30 # x\n"), "date") == "2026-01-01 14:30"
    assert value_of(text("title: a#b\n"), "title") == "a#b"
    assert value_of(text("title: A\n"), "date") is None


@pytest.mark.parametrize(
    ("plain", "found"),
    [("Go", "Go"), ("Distributed Systems", "Distributed Systems"), ("C++", "C++"), ("C#", "C#"), ("3.10", '"3.10"'),
     ("on", '"on"'), ("a, b", '"a, b"'), ("Größe", "Größe"), ("a: b", '"a: b"'), ("a #b", '"a #b"'), ("x/y", '"x/y"')],
)  # fmt: skip
def test_only_what_yaml_reads_as_a_text_stands_without_quotes(plain: str, found: str) -> None:
    assert written(plain) == found
