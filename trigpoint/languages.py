"""Language tags as BCP 47 has them, for settings and for front matter."""

from __future__ import annotations

import re

TAG = re.compile(
    r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*(?:-x(?:-[A-Za-z0-9]{1,8})+)?"
)


def is_language(written: str) -> bool:
    """Whether this has the form of a language tag: `en`, `pt-BR`, `zh-Hant-TW`."""
    return TAG.fullmatch(written) is not None


def nearest_language(written: str) -> str:
    """The tag that was meant, where an underscore (as in `zh_CN`) is all that is wrong; "" else."""
    fixed = written.replace("_", "-")
    return fixed if is_language(fixed) else ""


OF_THREE_LETTERS = {
    "ara": "ar", "ben": "bn", "ces": "cs", "cze": "cs", "dan": "da", "deu": "de", "ger": "de", "ell": "el", "gre": "el",
    "eng": "en", "spa": "es", "fas": "fa", "per": "fa", "fin": "fi", "fra": "fr", "fre": "fr", "heb": "he", "hin": "hi",
    "hun": "hu", "ind": "id", "ita": "it", "jpn": "ja", "kor": "ko", "nob": "nb", "nld": "nl", "dut": "nl", "pol": "pl",
    "por": "pt", "ron": "ro", "rum": "ro", "rus": "ru", "swe": "sv", "tur": "tr", "ukr": "uk", "vie": "vi", "zho": "zh",
    "chi": "zh",
}  # fmt: skip
"""The codes of three letters of languages that have one of two, which alone is the tag. Source: ISO 639-2, RFC 5646."""


def shortened(language: str) -> str:
    """The tag with the language's code of two letters: `de-AT` for `deu-AT`; as it is where there is no shorter one."""
    first, dash, rest = language.partition("-")
    return OF_THREE_LETTERS.get(first.lower(), first) + dash + rest


OWN_NAMES = {
    "ar": "العربية", "bn": "বাংলা", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά",
    "en": "English", "es": "Español", "fa": "فارسی", "fi": "Suomi", "fr": "Français", "he": "עברית",
    "hi": "हिन्दी", "hu": "Magyar", "id": "Bahasa Indonesia", "it": "Italiano", "ja": "日本語", "ko": "한국어",
    "nb": "Norsk bokmål", "nl": "Nederlands", "pl": "Polski", "pt": "Português", "ro": "Română",
    "ru": "Русский", "sv": "Svenska", "tr": "Türkçe", "uk": "Українська", "vi": "Tiếng Việt", "zh": "中文",
    "zh-hans": "简体中文", "zh-hant": "繁體中文",
}  # fmt: skip
"""What languages call themselves. Source: CLDR."""


def own_name(language: str) -> str:
    """What the language of this tag calls itself; the tag where that is not known, or where it says more."""
    return OWN_NAMES.get(language.lower(), language)


RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"))
"""The languages that are written from the right, by their first subtag."""


def isolated(text: str) -> str:
    """The text in the direction of its own first letter, whatever stands around it. Source: UAX 9, FSI and PDI."""
    return f"\u2068{text}\u2069"


def direction(language: str) -> str:
    """How a language is written: "rtl" or "ltr". `language` is as BCP 47 writes it."""
    return "rtl" if language.lower().split("-")[0] in RIGHT_TO_LEFT else "ltr"
