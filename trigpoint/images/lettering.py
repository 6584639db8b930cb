"""Letters as pixels: a text in the first of several fonts that has them, and a title as large as its room allows.

A title is never cut: its letters get smaller until all of it is there. Pure but for one look at the fonts of the
system, for scripts that a site's own fonts have no letters of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from unicodedata import category

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from trigpoint.characters import HAN_AND_KANA

SYSTEM = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/Library/Fonts"), Path("C:/Windows/Fonts"))
FAVOURITES = ("NotoSans-Bold", "DejaVuSans-Bold.", "NotoSansCJK-Bold", "NotoSans", "wqy", "DejaVu", "unifont")
"""What to look into first, where our own fonts lack a letter."""

JOINERS = re.compile("(?<=[\u0600-\u0fff])[\u200c\u200d](?=[\u0600-\u0fff])")
"""What Arabic and Indic scripts are joined or parted by; anywhere else these signs join emoji."""

UNDRAWN = ("Cc", "Cf", "Cs", "Cn", "Co")
"""Categories of Unicode that no font draws by themselves."""

SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")

LARGEST, SMALLEST = 76, 12
LINE_HEIGHT = 1.16
"""Of the size of letters."""


class Room(NamedTuple):
    """The pixels that a title may take."""

    width: int
    height: int


def drawable(text: str, fonts: tuple[bytes, ...]) -> str:
    """What of a text some font can draw: boxes in place of letters are worse than none.

    Signs that only direct other signs (of variation, of direction) and emoji go; "" where nothing is left.
    """
    joiners = {found.start() for found in JOINERS.finditer(text)}
    seen = "".join(
        " " if letter.isspace() else letter
        for place, letter in enumerate(text)
        if letter.isspace() or place in joiners or category(letter) not in UNDRAWN
    )
    seen = SELECTORS.sub("", seen)
    fonts = tuple(filter(is_font, fonts))
    chain = [*(opened(content, 32) for content in fonts), *_system(seen, fonts, 32)]
    return " ".join("".join(letter for letter in seen if any(_has(font, letter) for font in chain)).split())


class Letters:
    """Text in a chain of fonts: each letter by the first that has it."""

    def __init__(self, fonts: tuple[bytes, ...]) -> None:
        self._fonts = fonts

    def width(self, text: str, size: int) -> float:
        return sum(font.getlength(run) for run, font in self._runs(text, size))

    def drawn(self, place: tuple[float, float], text: str, size: int) -> Iterator[tuple[Image.Image, tuple[int, int]]]:
        """The text as shares of an ink, in 255ths, and where each piece begins; the baseline starts at this place."""
        x, y = place
        for run, font in self._runs(text, size):
            shares, left, top = _drawn(run, font)
            yield shares, (round(x) + left, round(y) + top)
            x += font.getlength(run)

    def _runs(self, text: str, size: int) -> Iterator[tuple[str, FreeTypeFont]]:
        """Where one font has all letters, the whole; else pieces, each with its font."""
        whole = next((font for font in self._chain(text, size) if _has_all(font, text)), None)
        if whole:
            yield text, whole
            return
        chain = list(self._chain(text, size))
        run, current = "", chain[0]
        for letter in text:
            font = next((font for font in chain if _has(font, letter)), current)
            if font is not current and run:
                yield run, current
                run = ""
            run, current = run + letter, font
        yield run, current

    def _chain(self, text: str, size: int) -> Iterator[FreeTypeFont]:
        """Never empty; the fonts of the system are looked at where ours were not enough."""
        yield from (opened(content, size) for content in self._fonts)
        yield from _system(text, self._fonts, size)


@lru_cache(maxsize=64)
def _drawn(run: str, font: FreeTypeFont) -> tuple[Image.Image, int, int]:
    """The letters as shares of an ink, and where that begins from the start of the baseline.

    What each card says, such as the site's name, is drawn once.
    """
    left, top, right, bottom = map(round, font.getbbox(run, anchor="ls"))
    shares = Image.new("L", (max(1, right - left), max(1, bottom - top)))
    ImageDraw.Draw(shares).text((-left, -top), run, fill=255, font=font, anchor="ls")
    return shares, left, top


@lru_cache(maxsize=256)
def opened(content: bytes, size: int) -> FreeTypeFont:
    """A font of our own; a variable one in its bold."""
    font = ImageFont.truetype(BytesIO(content), size)
    try:
        font.set_variation_by_axes([680])
    except OSError:  # It has one weight only.
        return font
    return font


def is_font(content: bytes) -> bool:
    """Whether these bytes are a font that can be opened."""
    try:
        opened(content, 32)
    except OSError:
        return False
    return True


@lru_cache(maxsize=64)
def default(size: int) -> FreeTypeFont:
    """The font that comes with Pillow."""
    font = ImageFont.load_default(size)
    assert isinstance(font, FreeTypeFont)
    return font


@lru_cache(maxsize=4096)
def _has(font: FreeTypeFont, letter: str) -> bool:
    if letter.isspace() or not letter.isprintable():
        return True
    try:
        return bytes(font.getmask(letter)) != bytes(font.getmask("\U0010fffd"))
    except (OSError, ValueError):  # Raqm lays out no sign that stands for nothing by itself.
        return False


def _has_all(font: FreeTypeFont, text: str) -> bool:
    return all(_has(font, letter) for letter in set(text))


def lacking(text: str, fonts: tuple[bytes, ...]) -> str:
    """The letters of this text that none of these fonts has."""
    ours = [opened(content, 32) for content in fonts if is_font(content)]
    return "".join(sorted({letter for letter in text if not any(_has(font, letter) for font in ours)}))


def _system(text: str, fonts: tuple[bytes, ...], size: int) -> Iterator[FreeTypeFont]:
    """The first font of this machine that has the letters that ours lack; then Pillow's."""
    if letters := lacking(text, fonts):
        found = _system_font(letters)
        each = (found,) if found or len(letters) == 1 else map(_system_font, letters)
        yield from (ImageFont.truetype(name, size) for name in dict.fromkeys(filter(None, each)))
    if not fonts:
        yield default(size)


@lru_cache(maxsize=256)
def _system_font(letters: str) -> str | None:
    if _has_all(default(32), letters):
        return None
    for name in system_fonts():
        try:
            if _has_all(ImageFont.truetype(name, 32), letters):
                return name
        except (OSError, ValueError):
            continue
    return None


@cache
def system_fonts() -> tuple[str, ...]:
    """The fonts of this machine, those that look well first, then by name."""
    found = [str(path) for folder in SYSTEM if folder.is_dir() for path in folder.rglob("*.[to]t[fc]")]

    def rank(name: str) -> tuple[int, str]:
        places = [place for place, favourite in enumerate(FAVOURITES) if favourite in name]
        return (places[0] if places else len(FAVOURITES), name)

    return tuple(sorted(found, key=rank))


def fitted(title: str, room: Room, width: Callable[[str, int], float]) -> tuple[int, list[str]]:
    """The largest size at which the title fits, and its lines at that size, about equally long."""
    width = cache(width)  # The same beginnings of lines are measured again and again.
    size, lines = LARGEST, [title]
    while size >= SMALLEST:
        lines = wrapped(title, room.width, lambda text, size=size: width(text, size))  # type: ignore[misc]
        if len(lines) * size * LINE_HEIGHT <= room.height:
            break
        size -= 4
    return size, _balanced(title, lines, room.width, lambda text: width(text, size))


def wrapped(text: str, most: float, width: Callable[[str], float]) -> list[str]:
    """Lines no wider than `most`: broken at spaces, between letters that stand without, else within a word."""
    lines = [""]
    for piece in _pieces(text):
        if width(lines[-1] + piece.rstrip()) <= most:
            lines[-1] += piece
        elif width(piece.rstrip()) <= most:
            lines.append(piece)
        else:
            lines += [""] if lines[-1] else []
            for letter in piece:
                if width(lines[-1] + letter) > most:
                    lines.append("")
                lines[-1] += letter
    return [line.strip() for line in lines if line.strip()]


def _pieces(text: str) -> Iterable[str]:
    return re.findall(rf"[{HAN_AND_KANA}]\s*|[^\s{HAN_AND_KANA}]+\s*", text)


def _balanced(title: str, lines: list[str], most: int, width: Callable[[str], float]) -> list[str]:
    """As many lines, the longest as short as can be."""
    low, high = 0, most
    while high - low > 8:
        middle = (low + high) // 2
        if len(wrapped(title, middle, width)) <= len(lines):
            high = middle
        else:
            low = middle
    return wrapped(title, high, width)
