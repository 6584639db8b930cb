"""Characters with a meaning of their own, as parts of regular expressions' classes, and texts cut to a length."""

from __future__ import annotations

CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"
"""The control characters of Unicode but for tab and the ends of lines (\\n, \\r, NEL)."""

NONCHARACTERS = "\ud800-\udfff\ufffe\uffff"
"""Surrogates, and what no text may hold. With CONTROLS: what XML 1.0 forbids or discourages."""

SEPARATORS = "\u2028\u2029"
"""Ends of lines and paragraphs in Unicode, which are none in Markdown."""

HAN_AND_KANA = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Letters that are written without spaces between words, and between which a line may be broken."""

HANGUL = "\uac00-\ud7a3"
"""The syllables of Korean, whose particles stand right behind a word, a formula or code."""

DEVICES = "con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]"
"""The names that Windows keeps for devices, in lower case, as alternatives of a regular expression."""


def shortened(text: str, most: int = 60) -> str:
    """The text; of a longer one its start and an ellipsis, `most` characters in all."""
    return text if len(text) <= most else text[: most - 1] + "…"
