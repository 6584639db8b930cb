"""One field is written, and every other byte of the file stays."""

from __future__ import annotations

import pytest

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
