"""What is no TOML is named by its place, in the words of an author."""

from __future__ import annotations

import pytest

from trigpoint.toml_lines import TomlError, load_toml


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('[go]\nname = "Go"\n\n[c]\n\n[go]\n', 6, "[go] is there already, in line 1"),
        ('["go"]\n[[go]]\n["go"]\n', 2, "this name has a value already"),
        ("[[go]]\n[go]\n", 2, "[go] is there already, in line 1"),
        ("[a.b]\n[a.b]\n", 2, "[a.b] is there already"),
        ('["a b"]\n["a b"]\n', 2, '["a b"] is there already, in line 1'),
        ("[a]\nb.c = 1\n[a.b]\nd = 1\n", 3, "[a.b] is there already"),
        ("a.b = 1\n[a]\n", 2, "[a] is there already"),
        ("a = [1]\n[[a]]\n", 2, "[a] is there already, in line 1"),
        ("a = 1\na = 2\n", 2, "this name has a value already"),
        ("[x]\na = 1\n[x.a]\n", 3, "this name has a value already"),
    ],
)
def test_what_is_there_twice_is_named_as_it_is_written(text: str, line: int, reason: str) -> None:
    with pytest.raises(TomlError) as error:
        load_toml(text)
    assert (error.value.line, error.value.reason) == (line, reason)
