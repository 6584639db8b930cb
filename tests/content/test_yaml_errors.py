"""Why a header is no YAML: the line of the mistake, and only that line."""

from __future__ import annotations

import pytest

from trigpoint.content.yaml_entries import entries
from trigpoint.fault_list import FaultList

FINE = """\
summary: "A quote
  that runs on: over lines"
tags: [a,
  "b: c"]
description: |
  Title: a: b
  @home "and
aliases:
  - /a/
  - "/b/" # said: twice
extra: {a: {b: c}}
"""


def told_by(header: str) -> list[str]:
    report = FaultList("p")
    entries(header, report)
    return [str(fault) for fault in report.faults]


def test_what_is_fine_is_not_blamed_for_a_mistake_beside_it() -> None:
    assert not told_by(FINE)
    (told,) = told_by(f"{FINE}title: a: b\n")
    assert told.startswith("p:13:9: There is a second colon")


@pytest.mark.parametrize(
    ("line", "column", "cure"),
    [
        ("title: a: b", 9, '`title: "a: b"`'),
        ('title: a "b": c', 13, "`title: 'a \"b\": c'`"),
        ("title: 'a' b: \"c\"", 11, '`title: "\'a\' b: \\"c\\""`'),
        ("title: @a", 8, '`title: "@a"`'),
        ("  - @a", 5, '`- "@a"`'),
        ("title: [a] b", 8, '`title: "[a] b"`'),
        ("title: {{ x }} b", 8, '`title: "{{ x }} b"`'),
        ("title:a", 6, "`title: a`"),
    ],
)
def test_the_cure_is_the_line_as_it_should_be(line: str, column: int, cure: str) -> None:
    (told,) = told_by(f"id: x\nextra:\n{line}\nlang: en: x" if line.startswith(" ") else f"id: x\n{line}\nlang: en")[:1]
    assert told.startswith(f"p:{4 if line.startswith(' ') else 3}:{column}:") and cure in told


def test_an_url_needs_no_quotes() -> None:
    assert not told_by("extra: {}\nid: https://blog.example/a\n")


@pytest.mark.parametrize("value", ["a #b", "a\t#b c"])
def test_a_comment_that_eats_a_value_is_told(value: str) -> None:
    (told,) = told_by(f"id: x\ntitle: {value}\n")
    assert told.startswith("p:3:10: warning:")


@pytest.mark.parametrize("value", ["C#", "'a #b'", "a # a comment", "[a] #b", "#b"])
def test_a_comment_that_is_one_is_not_told(value: str) -> None:
    assert not told_by(f"title: {value}\n")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("tags:\n- a\n-b\ndate: x", 'p:4:2: A space is missing after "-". Write `- b`.'),
        (
            "title: 'It's'",
            'p:2:12: The quoted text ends here, but "s\'" follows it. Put the title in quotes: `title: "It\'s"`.',
        ),
        ('title: "A \\d"', "write single quotes, or two backslashes."),
    ],
)
def test_the_cure_fits_the_mistake(header: str, expected: str) -> None:
    (told,) = told_by(header)
    assert expected in told
