"""Bytes as text, and the byte that is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trigpoint.content.decode import decoded
from trigpoint.fault_list import FaultList


def test_each_newline_is_one_newline() -> None:
    assert decoded(b"a\r\nb\rc\nd", FaultList("p")) == "a\nb\nc\nd"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn"]), max_size=50), st.booleans())
def test_clean_text_is_kept(text: str, marked: bool) -> None:
    report = FaultList("p")
    raw = text.encode("utf-8-sig" if marked else "utf-8")
    assert decoded(raw, report) == text.removeprefix("\ufeff" if not marked else "")
    assert not report.faults


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_bad_byte_is_named_with_its_place(mark: bytes) -> None:
    report = FaultList("p")
    assert decoded(mark + "ä\r\nöb".encode() + b"\xe4!!!", report) is None
    assert str(report.faults[0]).startswith(f"p:2:3: Byte {7 + len(mark)} (0xE4) is not UTF-8: it looks like Latin-1")


def test_control_characters_are_named_and_left_out() -> None:
    report = FaultList("p")
    assert decoded("a\0b\n\x85\x9b\ufffe\t".encode(), report) == "ab\n\x85\t"
    assert [(fault.line, fault.column) for fault in report.faults] == [(1, 2), (2, 2), (2, 3)]
    assert all(fault.warning for fault in report.faults)


def test_many_control_characters_are_not_named_one_by_one() -> None:
    report = FaultList("p")
    text = decoded(b"text " * 10 + b"\x01" * 100_000, report)
    assert text == "text " * 10 and len(report.faults) == 21


@pytest.mark.parametrize(
    ("raw", "text", "encoding"),
    [
        ("ä\n€".encode() + b"\xe4 \x92", "ä\n€ä ’", "Windows-1252"),
        (b"\xef\xbb\xbfa\xe4", "aä", "Windows-1252"),
        ("ä\nb".encode("utf-16"), "ä\nb", "UTF-16"),
        ("ä\nb".encode("utf-32"), "ä\nb", "UTF-32"),
    ],
)
def test_in_a_foreign_folder_other_bytes_are_read_and_told(raw: bytes, text: str, encoding: str) -> None:
    report = FaultList("p", forgiving=True)
    assert decoded(raw, report) == text
    (fault,) = report.faults
    assert fault.warning and fault.sentence.endswith(f"it is read as {encoding}.")
