"""A Fault has one printed form, and suggests the nearest word."""

from __future__ import annotations

import pytest

from trigpoint.faults import SHOWN, Fault, counted, did_you_mean, errors, nearest, summed_up


@pytest.mark.parametrize(
    ("line", "column", "place"), [(0, 0, "pages/a.md"), (3, 0, "pages/a.md:3"), (3, 7, "pages/a.md:3:7")]
)
def test_a_place_says_as_much_as_is_known(line: int, column: int, place: str) -> None:
    assert Fault("pages/a.md", line, column, "It is wrong.").place == place


def test_the_printed_form_is_place_sentence_and_cure() -> None:
    assert str(Fault("a.md", 2, 1, "It is wrong.", "Mend it.")) == "a.md:2:1: It is wrong. Mend it."
    assert str(Fault("a.md", 0, 0, "It is wrong.")) == "a.md: It is wrong."


def test_a_warning_says_so_and_stops_nothing() -> None:
    warning = Fault("a.md", 1, 0, "It is odd.", warning=True)
    error = Fault("b.md", 1, 0, "It is wrong.")
    assert str(warning) == "a.md:1: warning: It is odd."
    assert errors([warning, error]) == (error,)


def test_errors_are_told_in_the_order_of_their_places() -> None:
    places = [("b.md", 1), ("a.md", 10), ("a.md", 9)]
    found = errors(Fault(path, line, 0, "It is wrong.") for path, line in places)
    assert [fault.place for fault in found] == ["a.md:9", "a.md:10", "b.md:1"]


def test_one_thing_is_no_plural() -> None:
    said = [counted(number, "post") for number in (0, 1, 2, 1000)]
    assert said == ["0 posts", "1 post", "2 posts", "1,000 posts"]
    assert counted(1, "entry", "entries") == "1 entry" and counted(3, "entry", "entries") == "3 entries"


def test_the_nearest_word_is_found_whatever_its_case() -> None:
    assert nearest("TITEL", ["title", "date"]) == "title"
    assert [nearest(typed, ["url", "name"]) for typed in ("ulr", "uri", "ur", "urls", "nmae")] == ["url"] * 4 + ["name"]
    assert did_you_mean("titel", ["Title", "date"]) == 'Did you mean "Title"?'


def test_where_no_word_is_near_none_is_suggested() -> None:
    assert nearest("xyz", ["title", "date"]) == ""
    assert nearest("title", ["site", "head"]) == "", "two letters of five are others"
    assert did_you_mean("xyz", []) == ""


def tagged(path: str, subject: str, warning: bool = False) -> Fault:
    return Fault(path, 1, 0, f'The tag "{subject}" is odd.', "", warning, "tag", subject)


def test_equal_faults_beyond_a_few_are_summed_up_by_kind_and_subject() -> None:
    many = [tagged(f"{number}.md", "go") for number in range(SHOWN + 1)]
    few = [tagged(f"{number}.md", "zig") for number in range(SHOWN)]
    others = [tagged("9.md", "go", warning=True), Fault("8.md", 1, 0, "Same."), Fault("9.md", 1, 0, "Same.")]
    found = list(summed_up([*others, *few, *many]))
    assert [(fault, len(rest)) for fault, rest in found if rest] == [(many[0], SHOWN)]
    assert len(found) == 1 + len(few) + len(others)
    assert [fault for fault, _ in found] == sorted(fault for fault, _ in found)
