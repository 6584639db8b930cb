"""Dates and times as authors write them: always aware, and the day stays the day as written."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FORM = "Write 2026-05-01, 2026-05-01 14:30 or 2026-05-01T14:30:00+02:00."
PLAIN = str.maketrans("äàâéèûüçź", "aaaeeuucz")
FIRST_YEAR, LAST_YEAR = 1970, 2199

SHAPE = re.compile(
    r"(?P<year>\d{1,5})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
    r"[ \t]*(?P<zone>[Zz]|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?)?",
    re.ASCII,
)
MONTHS = (
    "jan jän ene gen sty янв", "feb fév fev lut фев", "mar mär maa mrz мар", "apr avr abr kwi апр",
    "may mai mag mei maj май мая", "jun juin giu cze июн", "jul juil lug lip июл", "aug aoû ago sie авг",
    "sep set wrz сен", "oct okt ott out paź окт", "nov lis ноя", "dec dez déc dic gru дек",
)  # fmt: skip
"""How the names of each month begin: in English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Polish
and Russian."""

MONTH_OF = {start.translate(PLAIN): number for number, starts in enumerate(MONTHS, 1) for start in starts.split()}
WORD = r"[^\W\d_]{3,12}"
MONTH = rf"(?:de )?(?P<month>{WORD})\.?(?: de)?"
FOREIGN = (
    re.compile(r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})(?P<rest>.*)", re.ASCII),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?P<rest>)", re.ASCII),
    re.compile(rf"{MONTH} (?P<day>[0-9]{{1,2}}),? (?P<year>[0-9]{{4}})(?:,? at|,)?(?P<rest>.*)"),
    re.compile(rf"(?P<day>[0-9]{{1,2}})\.? {MONTH},? (?P<year>[0-9]{{4}})(?P<rest>.*)"),
    re.compile(rf"{MONTH},? (?P<year>[0-9]{{4}})(?P<rest>)(?P<day>)"),
    re.compile(r"(?P<year>\d{4}) ?年 ?(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?日(?P<rest>.*)", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?P<rest>.*)", re.ASCII),
    re.compile(r"(?P<day>1[3-9]|2\d|3[01])[/-](?P<month>\d{1,2})[/-](?P<year>\d{4})(?P<rest>.*)", re.ASCII),
    re.compile(r"(?P<month>\d{1,2})[/-](?P<day>1[3-9]|2\d|3[01])[/-](?P<year>\d{4})(?P<rest>.*)", re.ASCII),
    re.compile(r"(?P<month>\d{1,2})[/-](?P<day>\d{1,2})[/-](?P<year>\d{4})(?P<rest>.*)", re.ASCII),
    re.compile(r"(?P<year>\d{4})(?:[-/](?P<month>\d{1,2}))?(?P<rest>)(?P<day>)", re.ASCII),
)
"""Other ways to write a day. The last but one can mean two (`with_day_first` gives the other); the last is a month or
a year, whose first day is meant."""

NOISE = (
    (re.compile(r"(?i)\A(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? (?=[a-z]+\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})"), ""),
    (re.compile(r"(?i)(?<=\d)(?:st|nd|rd|th|er|º)\b"), ""),
    (re.compile(rf"\A{WORD}\.?,? (?=[0-9]{{1,2}}\.? (?:de )?{WORD}\b)"), ""),
    (re.compile(r"\A[<\[](.*)[>\]]\Z"), r"\1"),
    (re.compile(r" ?\([^\W\d_]{1,9}\.?\)"), ""),
    (re.compile(r"(?<=\d{4}-\d\d-\d\d) [^\W\d_]{2,9}\.?(?= \d|\Z)"), ""),
    (re.compile(r"(?<=\d),(?= \d{1,2}:\d\d)"), ""),
    (re.compile(r"(?<= \d)h(?=\d\d\b)|(?<= \d\d)h(?=\d\d\b)"), ":"),
    (re.compile(r"(?<![:\d])(\d{1,2}:\d\d)\.\d+"), r"\1"),
    (re.compile(r"(?<=\d)\[[A-Z]\w+/[\w/]+\]\Z"), ""),
    (re.compile(r" ?(?:GMT|UTC)([+-]\d{1,2}(?::?\d\d)?)(?: \(.*\))?\Z"), r"\1"),
    (re.compile(r"(?<=[+-]\d{4}) [A-Z]{2,5}\Z"), ""),
    (re.compile(r"(?i)(?<=\d) at (?=\d)"), " "),
    (re.compile(r"(?i)(?<![:\d])(\d{1,2}) ?([ap]\.?m\b)"), r"\1:00 \2"),
    (re.compile(r"(?<=\d):(\d)(?=[:. ]|\Z)"), r":0\1"),
    (re.compile(r"(?<=\d)-([A-Za-z]{3,9})-(?=\d{4})"), r" \1 "),
)
"""What stands in a date and says nothing more of it: days of the week, fractions of a minute, a zone beside an offset,
what JavaScript and Nikola write of zones; and what is written in another way: `3pm`, `3:4`, `2-Jan-2020`."""

HALF = re.compile(r"(?P<day>.*?)(?P<hour>\d{1,2}):(?P<rest>\d\d(?::\d\d)?) ?(?P<half>[AaPp])\.?[Mm]\.?(?P<zone>.*)")
MIDNIGHT = re.compile(r"(?P<day>.*[ Tt])24:00(?::00(?:\.0+)?)?(?P<zone>(?:[ ]?[A-Za-z+-].*)?)")
PLACE = re.compile(r"(?P<moment>.*\d) (?P<zone>[A-Z]\w+/\w+(?:/\w+)?)")
SHORT = re.compile(r"(?P<moment>.*\d) ?(?P<zone>[ECMP][SD]T|CET|CEST|BST|JST)")
OFFSETS = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2,
    "BST": 1, "JST": 9,
}  # fmt: skip
"""Hours from UTC of the zones that Americans and Europeans write by letters (RFC 822 for the former)."""

SECONDS = re.compile(r"\d{10}(?:\d{3})?", re.ASCII)
"""Seconds since 1970, or thousandths."""

IN_PATH = re.compile(
    r"(?:^|/)(?P<year>(?:19|20)\d\d)(?:-|/|_)(?P<month>\d{1,2})(?:-|/|_)(?P<day>\d{1,2})(?=[-_ /.]|$)"
    r"|(?:^|/)(?P<years>(?:19|20)\d\d)(?P<months>\d\d)(?P<days>\d\d)(?=[-_ /]|$)",
    re.ASCII,
)
"""A day in the names of a file and its folders: `2020-1-2-a`, `20200102-a`, `2020/01/02/a`, `2020/2020-01-02/index`."""

SHORT_YEAR = re.compile(r"(?:.*/)?(?P<year>\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})-(?=[^/]+\Z)", re.ASCII)
"""A file's name as Jekyll reads it, too: `16-5-3-a`."""

PARTS = ("year", "month", "day")
MONTH_IN_PATH = re.compile(
    r"(?:^|/)(?P<year>(?:19|20)\d\d)[-/_](?P<month>0?[1-9]|1[0-2])(?=[-_/]|$)|(?:^|/)(?P<years>(?:19|20)\d\d)(?=/)",
    re.ASCII,
)
"""The month alone, or the year: `2021/05/a`, `2016-03-00-a`, `2021/a`."""

PREFIX = re.compile(r"(\d{4}-\d{2}-\d{2})-(?=.)", re.ASCII)


def moment(text: str, zone: dt.tzinfo) -> dt.datetime:
    """The moment that was written; `zone` is meant where no other is named.

    Shape: an offset is kept as written, so that `.date()` is the written day.
    Raises ValueError with a reason to follow "…, but".
    """
    found = SHAPE.fullmatch(text.strip())
    if not found:
        raise ValueError("that is no date that can be read")
    year, month, day = (int(found[name]) for name in ("year", "month", "day"))
    _check_day(year, month, day)
    if found["hour"] is None:
        return dt.datetime(year, month, day, tzinfo=zone)
    clock = _clock(found)
    return dt.datetime(year, month, day, *clock, tzinfo=_offset(found["zone"], zone))


def foreign_moment(text: str, zone: dt.tzinfo) -> dt.datetime:
    """As `moment`, in any form that other programs write: `2016/05/03 12:00`; of two days, that with the month first.

    Raises ValueError.
    """
    written = " ".join(text.split())
    for pattern, meant in NOISE:
        written = pattern.sub(meant, written)
    written, zone = _zoned(written, zone)
    if half := HALF.fullmatch(written):
        hour = int(half["hour"]) % 12 + 12 * (half["half"] in "pP")
        written = f"{half['day']}{hour}:{half['rest']}{half['zone']}"
    if SECONDS.fullmatch(written):
        return dt.datetime.fromtimestamp(int(written[:10]), zone)
    if night := MIDNIGHT.fullmatch(written):
        return foreign_moment(f"{night['day']}00:00{night['zone']}", zone) + dt.timedelta(days=1)
    for form in FOREIGN:
        found = form.fullmatch(written)
        if found and (number := _month(found["month"] or "1")):
            return moment(f"{found['year']}-{number}-{found['day'] or 1}{found['rest']}", zone)
    try:
        return moment(written, zone)
    except ValueError as reason:
        return _mail_moment(written, zone, reason)


def _month(written: str) -> int:
    """The number of a month by its name in one of the usual languages, or as it stands; 0 for any other word."""
    name = written.lower().translate(PLAIN)
    return int(name) if name.isdecimal() else MONTH_OF.get(name[:4], MONTH_OF.get(name[:3], 0))


def is_before_all(text: str) -> bool:
    """Whether this is a day of a year before those that are accepted: `0001-01-01`, which is Hugo's for none."""
    found = re.match(r"\s*(\d{4})[-/]", text)
    return found is not None and int(found[1]) < FIRST_YEAR


def with_day_first(text: str) -> str:
    """The other day that `05/03/2016` can mean; "" for a text that can mean only one."""
    found = FOREIGN[-2].fullmatch(" ".join(text.split()))
    if found is None or int(found["day"]) > 12 or int(found["month"]) in (0, int(found["day"])):
        return ""
    return f"{found['year']}-{found['day']}-{found['month']}"


def _zoned(written: str, zone: dt.tzinfo) -> tuple[str, dt.tzinfo]:
    """The moment without the name of a zone behind it, and the zone that is meant."""
    if found := SHORT.fullmatch(written):
        return found["moment"], dt.timezone(dt.timedelta(hours=OFFSETS[found["zone"]]))
    if found := PLACE.fullmatch(written):
        try:
            return found["moment"], ZoneInfo(found["zone"])
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return written, zone
    return written, zone


def in_path(path: str) -> str:
    """The day that a path without its suffix names (of a month or a year the first), as `2020-01-02`; or ""."""
    if day := day_in_path(path):
        return day
    month_only = next((found for found in MONTH_IN_PATH.finditer(path) if found["month"]), None)
    part = month_only or MONTH_IN_PATH.search(path)
    return f"{part['year'] or part['years']}-{int(part['month'] or 1):02}-01" if part else ""


def day_in_path(path: str) -> str:
    """The day that a path without its suffix names, as `2020-01-02`; "" where it names none."""
    days = [tuple(int(found[name] or found[f"{name}s"]) for name in PARTS) for found in IN_PATH.finditer(path)]
    if found := SHORT_YEAR.match(path):
        days.append((whole_year(int(found["year"])), int(found["month"]), int(found["day"])))
    for year, month, day in days:
        try:
            _check_day(year, month, day)
        except ValueError:
            continue
        return f"{year:04}-{month:02}-{day:02}"
    return ""


def whole_year(year: int) -> int:
    """A year of two digits with the century that Ruby takes it to be of."""
    return year + (2000 if year < 69 else 1900)


def _mail_moment(written: str, zone: dt.tzinfo, reason: ValueError) -> dt.datetime:
    """A moment as RFC 822 writes it: `Fri, 02 Jan 2020 10:00:00 +0000`."""
    try:
        found = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        raise reason from None
    _check_day(found.year, found.month, found.day)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def prefix(name: str) -> tuple[str, str]:
    """The date before a file's name and the rest: `2026-05-01-a` -> ("2026-05-01", "a"); "" where there is none."""
    found = PREFIX.match(name)
    return (found[1], name[found.end() :]) if found else ("", name)


def _check_day(year: int, month: int, day: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the year is {year}, and years from {FIRST_YEAR} to {LAST_YEAR} are accepted")
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {month}")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ValueError(f"{calendar.month_name[month]} {year} has {last} days")


def _clock(found: re.Match[str]) -> tuple[int, int, int, int]:
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    if hour > 23:
        raise ValueError(f"there is no hour {hour}: a day ends at 23:59, and midnight is 00:00 of the next")
    if minute > 59 or second > 59:
        raise ValueError("minutes and seconds go from 0 to 59")
    return hour, minute, second, int((found["fraction"] or "").ljust(6, "0")[:6])


def _offset(written: str | None, zone: dt.tzinfo) -> dt.tzinfo:
    if written is None:
        return zone
    if written[0] not in "+-":
        return dt.UTC
    digits = written[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if minutes > 59 or hours * 60 + minutes > 14 * 60:
        raise ValueError(f'"{written}" is no offset from UTC: they go from -14:00 to +14:00')
    offset = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-offset if written[0] == "-" else offset)
