"""Addresses as generators make them: slugs of their kinds, and patterns (`/:year/:month/:title/`) filled in. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from posixpath import normpath
from unicodedata import category, normalize
from urllib.parse import unquote

from trigpoint.content import dates

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TOKEN = re.compile(r":([a-z_]+)")


def filled(pattern: str, tokens: Mapping[str, str]) -> str:
    """A pattern with its `:tokens` replaced; the longest name that is known counts, `""` leaves no double slash."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        for end in range(len(name), 0, -1):
            if name[:end] in tokens:
                return tokens[name[:end]] + name[end:]
        return found[0]

    return re.sub(r"/{2,}", "/", TOKEN.sub(value, re.sub(r"\A/?https?://[^/]*", "", pattern)))


def formatted(pattern: str, values: Mapping[str, object]) -> str:
    """A pattern of Python's format (`{date:%Y}/{slug}/`) with its fields replaced; one that is not known stays out."""

    def value(found: re.Match[str]) -> str:
        known = values.get(found[1], "")
        form = found[2] or ""
        return known.strftime(form) if isinstance(known, dt.datetime) and form else str(known)

    return re.sub(r"\{(\w+)(?:\.(?:slug|name))?(?::([^{}]*))?\}", value, pattern)


def date_tokens(date: dt.datetime | None) -> dict[str, str]:
    """The parts of a date under the names that Jekyll, Hugo and Hexo share; {} where there is none."""
    if date is None:
        return {}
    week = date.isocalendar()
    return {
        "year": f"{date.year:04}", "month": f"{date.month:02}", "day": f"{date.day:02}",
        "i_month": str(date.month), "i_day": str(date.day), "short_year": f"{date.year % 100:02}",
        "monthname": MONTHS[date.month - 1].lower(), "long_month": MONTHS[date.month - 1],
        "short_month": MONTHS[date.month - 1][:3], "weekday": str(date.isoweekday() % 7),
        "weekdayname": DAYS[date.weekday()].lower(), "long_day": DAYS[date.weekday()],
        "short_day": DAYS[date.weekday()][:3], "yearday": str(date.timetuple().tm_yday),
        "y_day": f"{date.timetuple().tm_yday:03}", "hour": f"{date.hour:02}", "minute": f"{date.minute:02}",
        "second": f"{date.second:02}", "week": f"{week.week:02}", "w_year": str(week.year),
    }  # fmt: skip


def jekyll_slug(text: str, keep_case: bool = False, pretty: bool = False) -> str:
    """As Jekyll's `slugify`: letters, marks and digits of any script; `pretty` leaves some signs. Utils.slugify."""
    allowed = "._~!$&'()+,;=@" if pretty else ""
    slug = _hyphenated(text, lambda sign: sign in allowed or category(sign)[0] in "LM" or category(sign) == "Nd")
    return slug if keep_case else slug.lower()


@lru_cache(maxsize=64)
def hugo_slug(text: str) -> str:
    """As Hugo's `urlize`: small letters, a hyphen for spaces, signs dropped. paths.SanitizeString, then lower case."""
    kept: list[str] = []
    is_due = False
    for sign in normalize("NFC", text.strip()):
        if category(sign)[0] in "LM" or category(sign) == "Nd" or sign in "./\\_#+~-@":
            if is_due and sign != "-":
                kept.append("-")
            is_due = False
            kept.append(sign)
        elif sign.isspace() and kept and kept[-1] != "-":
            is_due = True
    return "".join(kept).lower()


def hugo_title_slug(title: str) -> str:
    """As Hugo makes the last part of a path of a title."""
    return hugo_slug(title.replace("/", "-")).replace("+", "")


def hugo_name(name: str) -> str:
    """As Hugo makes it of a file's name: each space is a hyphen."""
    return "".join(map(hugo_slug, re.sub(r"\s", "-", name)))


def ascii_slug(text: str) -> str:
    """Latin letters without accents and digits, hyphens between them: Zola's and Eleventy's way."""
    plain = normalize("NFKD", text.replace("ß", "ss").replace("æ", "ae").replace("ø", "o")).encode("ascii", "ignore")
    return _hyphenated(plain.decode().lower(), str.isalnum)


def pelican_slug(text: str) -> str:
    """As Pelican's `slugify` with its default substitutions."""
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip()).lower()


def _hyphenated(text: str, stays: Callable[[str], bool]) -> str:
    kept = "".join(sign if stays(sign) else "-" for sign in text)
    return re.sub(r"-{2,}", "-", kept).strip("-")


def clean_address(address: str) -> str:
    """An address as a path from the root, without `index.html`, query and fragment."""
    path = re.sub(r"^(?:https?:)?//[^/]*", "", address.strip())
    path = re.split(r"[?#]", path, maxsplit=1)[0]
    path = "/" + path.lstrip("/")
    ends = path.endswith(("/", "/."))
    path = normpath(path)
    path = "/" + path.lstrip("/")
    return re.sub(r"/index\.html?$", "/", f"{path}/" if ends and path != "/" else path)


def key_of(address: str) -> str:
    """What two ways to write an address have in common: with or without slash, `.html` and escapes."""
    path = normalize("NFC", unquote(clean_address(address))).casefold()
    return re.sub(r"(?:\.html?)?/?$", "", path) or "/"


def name_without_date(name: str) -> tuple[str, str]:
    """The date at the start of a file's name, as YYYY-MM-DD, and what is behind it; "" where there is none."""
    found = re.match(r"(\d{4})([-_.]?)(\d{1,2})\2(\d{1,2})(?:[-_ T.]+|$)(?=(.*))", name)
    if found and (found[2] or len(found[3]) == len(found[4]) == 2) and _is_day(found):
        return f"{found[1]}-{int(found[3]):02}-{int(found[4]):02}", found[5]
    return "", name


def _is_day(found: re.Match[str]) -> bool:
    return 1970 <= int(found[1]) <= 2199 and 1 <= int(found[3]) <= 12 and 1 <= int(found[4]) <= 31


def date_in_path(path: str) -> str:
    """The date that folders or a path name: `2020/01/02/x.md`, `2020/01/x.md`; "" where there is none."""
    found = re.search(r"(?:^|/)((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])(?:[/-](0?[1-9]|[12]\d|3[01]))?(?=/|[-_])", path)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3] or 1):02}" if found else dates.in_path(path)
