"""What an opening and its end enclose."""

from __future__ import annotations

import re
import tracemalloc

from trigpoint.markup.foreign.code_marks import FENCE
from trigpoint.markup.pairs import in_turn, pair

ROUND = pair(r"\(", r"\)")
SQUARE = pair(r"\[", r"\]")


def found(text: str) -> list[str]:
    return [each[0] for each in in_turn(text, (ROUND, SQUARE))]


def test_of_two_pairs_that_overlap_the_one_that_begins_first_counts() -> None:
    assert found("a (b [c) d] [e (f] g)") == ["(b [c)", "[e (f]"]


def test_an_opening_without_an_end_hides_nothing_behind_it() -> None:
    assert found("( [ a ] ( b") == ["[ a ]"]


def test_a_long_run_of_ticks_takes_memory_that_grows_with_it() -> None:
    tracemalloc.start()
    text = f"```\n{'`' * 20_000}\n"
    assert [re.sub("`+", "`", each[0]) for each in FENCE.finditer(text)] == ["`\n`"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000
