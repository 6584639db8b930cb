"""Code in tags of template languages becomes fences, in a time that grows with the text."""

from __future__ import annotations

from time import process_time

import pytest

from tests.markup.foreign.test_linear_time import ENDED, FLOOR, OPENINGS, SIZE
from trigpoint.importing.dialects.verbatim import resolved, unveiled

DIALECTS = ("liquid", "hugo")


def seconds(text: str) -> float:
    start = process_time()
    resolved(text, DIALECTS)
    return process_time() - start


@pytest.mark.parametrize("opening", OPENINGS)
def test_code_in_tags_is_found_in_a_time_that_grows_with_the_text(opening: str) -> None:
    count = SIZE // len(opening)
    for end in ("", ENDED.get(opening, "")):
        whole = seconds(opening * count + end)
        assert whole < FLOOR or whole < 3 * seconds(opening * (count // 2) + end)


def test_a_code_span_of_three_ticks_at_the_start_of_a_line_is_no_fence() -> None:
    text = "```x``` is code.\n\n{% highlight go %}\nf()\n{% endhighlight %}\n"
    assert unveiled(resolved(text, DIALECTS)) == "```x``` is code.\n\n```go\nf()\n```\n"
