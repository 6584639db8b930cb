"""Which form of a word stands behind a whole number, by language. Pure. Source: CLDR, plural rules of cardinals.

A test compares with a browser's `Intl.PluralRules`, which the scripts ask. What is not here has one form for 1, and one
for all else.
"""

from __future__ import annotations

from collections.abc import Callable

Rule = Callable[[int], str]
"""Gives the name of a form: "zero", "one", "two", "few", "many" or "other"."""

FORMS = ("zero", "one", "two", "few", "many", "other")


def _one(n: int) -> str:
    return "one" if n == 1 else "other"


def _alike(n: int) -> str:
    return "other"


def _one_from_zero(n: int) -> str:
    return "one" if n < 2 else "other"


def _arabic(n: int) -> str:
    if n < 3:
        return FORMS[n]
    rest = n % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


def _hebrew(n: int) -> str:
    return {1: "one", 2: "two"}.get(n, "other")


def _ends_in_one(n: int) -> str:
    return "one" if n % 10 == 1 and n % 100 != 11 else "other"


def _is_few(n: int) -> bool:
    return 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14


def _east_slavic(n: int) -> str:
    return "one" if _ends_in_one(n) == "one" else "few" if _is_few(n) else "many"


def _south_slavic(n: int) -> str:
    return "one" if _ends_in_one(n) == "one" else "few" if _is_few(n) else "other"


def _polish(n: int) -> str:
    return "one" if n == 1 else "few" if _is_few(n) else "many"


def _czech(n: int) -> str:
    return "one" if n == 1 else "few" if 2 <= n <= 4 else "other"


def _slovenian(n: int) -> str:
    return {1: "one", 2: "two", 3: "few", 4: "few"}.get(n % 100, "other")


def _lithuanian(n: int) -> str:
    if 11 <= n % 100 <= 19 or n % 10 == 0:
        return "other"
    return "one" if n % 10 == 1 else "few"


def _latvian(n: int) -> str:
    return "zero" if n % 10 == 0 or 11 <= n % 100 <= 19 else _ends_in_one(n)


def _romanian(n: int) -> str:
    return "one" if n == 1 else "few" if n == 0 or 1 <= n % 100 <= 19 else "other"


RULES: dict[str, Rule] = {
    **dict.fromkeys(["id", "ja", "km", "ko", "lo", "ms", "my", "th", "vi", "yue", "zh"], _alike),
    **dict.fromkeys(["am", "bn", "fa", "fr", "gu", "hi", "hy", "kn", "pt", "zu"], _one_from_zero),
    **dict.fromkeys(["be", "ru", "uk"], _east_slavic),
    **dict.fromkeys(["bs", "hr", "sr"], _south_slavic),
    **dict.fromkeys(["cs", "sk"], _czech),
    **dict.fromkeys(["is", "mk"], _ends_in_one),
    "ar": _arabic,
    "he": _hebrew,
    "lt": _lithuanian,
    "lv": _latvian,
    "pl": _polish,
    "pt-PT": _one,
    "ro": _romanian,
    "sl": _slovenian,
}


def plural_form(language: str, count: int) -> str:
    """The name of the form that stands behind this number in the language of this tag."""
    return _rule(language)(count)


def forms_of(language: str) -> frozenset[str]:
    """The names of all forms that a language has for whole numbers."""
    return frozenset(map(_rule(language), range(201)))


def _rule(language: str) -> Rule:
    return RULES.get(language) or RULES.get(language.partition("-")[0], _one)
