"""Texts as segments of an address, safe on every file system.

A slug is a file name of the release as well as a part of an address, so it has
to work on Linux, macOS and Windows, typed and percent-encoded.
"""

from __future__ import annotations

import re
from unicodedata import category, normalize

from trigpoint.characters import DEVICES

BYTES = 200
"""A slug's length at most, in UTF-8: file systems stop at 255, and `.html` or a digest may follow."""

CHARACTERS = 80
"""The length at most of a slug that somebody chose."""

PLAIN = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
WINDOWS = re.compile(rf"(?:{DEVICES})(?:\..*)?")
SPOKEN = (
    (re.compile(r"^\W*\.(?=[^\W\d_])"), "dot-"),
    (re.compile(r"(?<=\w)#(?!\w)"), "-sharp-"),
    (re.compile(r"\+"), "-plus-"),
)
INVISIBLE = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def slugified(text: str) -> str:
    """A text as a segment of an address: `C++` -> `c-plus-plus`, `Größe` -> `größe`.

    Letters of any script stay. Where nothing stays, the characters are named
    by their numbers: an emoji gives `u-1f600`. Empty only for an empty text.
    """
    if len(text) <= BYTES and PLAIN.fullmatch(text) and not WINDOWS.fullmatch(text):
        return text
    slug = _joined(folded(text))
    slug = slug or "-".join(["u", *(f"{ord(character):x}" for character in _told_apart(text))]) if text else ""
    slug = _cut(slug)
    return f"x-{slug}" if WINDOWS.fullmatch(slug) else slug


def slug_from(name: str) -> str:
    """The slug of a file or folder of this name: the name itself where it is a slug already."""
    whole = normalize("NFC", name)
    fits = is_clean(whole) and len(whole.encode()) <= BYTES and not WINDOWS.fullmatch(whole)
    return whole if fits else slugified(whole)


def folded(text: str) -> str:
    """The text without capitals and without the forms that only look different (NFKC).

    Lower case rather than case folding: that would write `größe` as `grösse`.
    """
    while (again := normalize("NFKC", normalize("NFKC", text).lower())) != text:
        text = again
    return text


def slug_fault(slug: str) -> str:
    """Why this cannot be a slug, to follow "…, but", or "" where it can."""
    if not slug:
        return "it is empty"
    if len(slug) > CHARACTERS:
        return f"it has {len(slug)} characters, and {CHARACTERS} are the most"
    if len(slug.encode("utf-8", "replace")) > BYTES:
        return f"it is longer than {BYTES} bytes"
    if WINDOWS.fullmatch(slug.casefold()):
        return "Windows keeps this name for a device"
    if slug.casefold() == "index":
        return "this name is kept for the page of a folder"
    return "" if is_clean(slug) else "a slug is made of lower-case letters, digits, and - _ . between them"


def is_clean(slug: str) -> bool:
    """Is this a segment of an address as it stands: folded letters and digits, with - _ . between them?"""
    if PLAIN.fullmatch(slug):
        return True
    if ".." in slug or slug != folded(slug) or not slug:
        return False
    return (
        slug[0].isalnum()
        and slug[-1] not in "-_."
        and all(_stays(character) or character in "-." for character in slug)
    )


def _joined(text: str) -> str:
    """The letters and digits of a folded text, with one hyphen for whatever stands between them."""
    for pattern, spoken in SPOKEN:
        text = pattern.sub(spoken, text)
    text = INVISIBLE.sub("", text)
    kept = [character if _stays(character) else "" if category(character) == "Cf" else "-" for character in text]
    text = folded("".join(kept))
    text = re.sub(r"-+", "-", text)
    return _begun_with_a_letter(text).rstrip("-_")


def _begun_with_a_letter(text: str) -> str:
    """A mark without a letter before it would stick to the slash of the address."""
    first = next((place for place, character in enumerate(text) if character.isalnum()), len(text))
    return text[first:]


def _stays(character: str) -> bool:
    return character.isalnum() or character == "_" or category(character) in ("Mn", "Mc")


def _told_apart(text: str) -> str:
    """The characters that name a text without letters: what is seen of it, or all where nothing is seen."""
    seen = "".join(character for character in text if not character.isspace() and category(character)[0] in "SPC")
    seen = "".join(character for character in INVISIBLE.sub("", seen) if category(character) != "Cf")
    return seen or text


def _cut(slug: str) -> str:
    shortened = slug.encode("utf-8", "replace")[:BYTES].decode("utf-8", "ignore")
    return shortened.rstrip("-_") if shortened != slug else slug
