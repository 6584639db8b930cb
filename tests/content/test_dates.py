"""Dates and times as authors write them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trigpoint.content.dates import foreign_moment, moment, prefix

NEW_YORK = ZoneInfo("America/New_York")
FIRST, LAST = map(dt.datetime.fromisoformat, ("1970-01-01", "2199-12-31"))


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026-05-01", "2026-05-01T00:00:00-04:00"),
        ("2026-5-1", "2026-05-01T00:00:00-04:00"),
        ("2026-05-01 14:30", "2026-05-01T14:30:00-04:00"),
        ("2026-05-01t4:30:05", "2026-05-01T04:30:05-04:00"),
        ("2026-05-01T14:30:00.5", "2026-05-01T14:30:00.500000-04:00"),
        ("2026-05-01T14:30:00,1234567890", "2026-05-01T14:30:00.123456-04:00"),
        ("2026-05-01T14:30Z", "2026-05-01T14:30:00+00:00"),
        ("2026-05-01 14:30:00 UTC", "2026-05-01T14:30:00+00:00"),
        ("2026-05-01 23:30:00 +05:30", "2026-05-01T23:30:00+05:30"),
        ("2026-05-01T14:30:00-0800", "2026-05-01T14:30:00-08:00"),
        ("2026-05-01T14:30:00+2", "2026-05-01T14:30:00+02:00"),
        ("2026-03-08 02:30", "2026-03-08T02:30:00-05:00"),
        ("2024-02-29", "2024-02-29T00:00:00-05:00"),
    ],
)
def test_an_accepted_form_is_one_moment(written: str, iso: str) -> None:
    assert moment(written, NEW_YORK).isoformat() == iso


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("12 mars 2014", "2014-03-12T00:00:00-04:00"),
        ("mardi 1er août 2017", "2017-08-01T00:00:00-04:00"),
        ("Dienstag, 4. Oktober 2016 10:00", "2016-10-04T10:00:00-04:00"),
        ("12 de marzo de 2014", "2014-03-12T00:00:00-04:00"),
        ("15 juin 2020", "2020-06-15T00:00:00-04:00"),
        ("15 juillet 2020", "2020-07-15T00:00:00-04:00"),
        ("12 мая 2014", "2014-05-12T00:00:00-04:00"),
        ("Sunday, March 1, 2020 3pm", "2020-03-01T15:00:00-05:00"),
        ("2014-03-31 24:00", "2014-04-01T00:00:00-04:00"),
        ("2014-03-31T24:00:00Z", "2014-04-01T00:00:00+00:00"),
    ],
)
def test_other_programs_write_months_by_name_and_midnight_as_the_end_of_a_day(written: str, iso: str) -> None:
    assert foreign_moment(written, NEW_YORK).isoformat() == iso


def test_no_other_word_is_a_month() -> None:
    with pytest.raises(ValueError, match="no date that can be read"):
        foreign_moment("12 Foobar 2014", NEW_YORK)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("yesterday", "no date that can be read"),
        ("2026-05", "no date that can be read"),
        ("05/01/2026", "no date that can be read"),
        ("٢٠٢٦-٠٥-٠١", "no date that can be read"),
        ("2025-02-29", "February 2025 has 28 days"),
        ("2026-00-01", "no month 0"),
        ("2026-05-01 24:00", "no hour 24"),
        ("2026-05-01 12:60", "minutes and seconds"),
        ("1969-12-31", "years from 1970"),
        ("2200-01-01", "years from 1970"),
        ("2026-05-01T00:00+99:00", "no offset from UTC"),
        ("2026-05-01T00:00+14:30", "no offset from UTC"),
    ],
)
def test_anything_else_has_a_reason(written: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        moment(written, NEW_YORK)


@given(
    st.datetimes(FIRST, LAST),
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes))),
)
def test_what_python_writes_is_read_as_it_was(when: dt.datetime, zone: dt.timezone) -> None:
    aware = when.replace(tzinfo=zone)
    read = moment(aware.isoformat(), NEW_YORK)
    assert (read, read.date()) == (aware, when.date())


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("2026-05-01-a-b", ("2026-05-01", "a-b")),
        ("2026-05-01", ("", "2026-05-01")),
        ("2026-05-01-", ("", "2026-05-01-")),
        ("2026-5-1-a", ("", "2026-5-1-a")),
        ("a", ("", "a")),
    ],
)
def test_a_files_name_may_begin_with_its_date(name: str, parts: tuple[str, str]) -> None:
    assert prefix(name) == parts
