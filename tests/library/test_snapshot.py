"""One rule says what readers see."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.library.test_paging import post
from trigpoint.library.snapshot import hidden_because

NOW = dt.datetime(2026, 5, 1, 12, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"date": NOW}, ""),
        ({"date": NOW, "expires": NOW + SECOND}, ""),
        ({"date": NOW + SECOND}, "This appears on 2026-05-01 12:00 UTC: until then readers do not see it."),
        ({"date": NOW - SECOND, "expires": NOW}, "This expired on 2026-05-01 12:00 UTC: readers no longer see it."),
        ({"date": NOW, "draft": True}, "This is a draft: readers do not see it."),
    ],
)
def test_a_page_is_hidden_for_a_reason_that_is_told(fields: dict[str, object], sentence: str) -> None:
    assert hidden_because(post(1, **fields), NOW) == sentence
