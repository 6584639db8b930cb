"""The picture that stands for an article where a link to it is shared: its title, large, on the map of its cover.

A title is never cut: its letters get smaller until all of it is there. Pure but for one look at the fonts of the
system, for scripts that the blog's own fonts have no letters of. With `pictures` the only door to Pillow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from unicodedata import bidirectional, category

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from trigpoint.characters import HAN_AND_KANA
from trigpoint.images import covers
from trigpoint.images.contours import Line

WIDTH, HEIGHT, MARGIN = 1200, 630, 72
FINE = 2
"""It is drawn so many times as large, and made smaller: that is what smooth lines cost."""

SCALE = 40
"""Pixels of the height that the ruled edge takes."""

PAPER, INK, MUTED = "#fcfbf8", "#101418", "#555d66"
LARGEST, SMALLEST = 76, 12
ROOM = 330
"""Pixels of height that a title may take."""

SYSTEM = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/Library/Fonts"), Path("C:/Windows/Fonts"))
FAVOURITES = ("NotoSans-Bold", "DejaVuSans-Bold.", "NotoSansCJK-Bold", "NotoSans", "wqy", "DejaVu", "unifont")
"""What to look into first, where our own fonts lack a letter."""

ZLIB_RLE = 3
"""Of zlib's strategies the one for such pictures: a third of the time, and a tenth larger."""

TINT, LINE = 0.02, 0.3
"""How much of its colour a map's ground has for each level, and its lines."""

SHADES = 12
"""Of each ink, from the palest that the rim of a letter has to the full one."""

SHADE_OF = [round(share / 255 * SHADES) for share in range(256)]
"""Of each share of an ink, in 255ths: the number of its shade from 1, or 0 where it is too little to be seen."""

SEEN = [255 * (shade > 0) for shade in SHADE_OF]
"""As a mask: which shares are seen."""

INK_AT, MUTED_AT, COLOUR_AT = (covers.LEVELS + 1 + SHADES * n for n in range(3))
"""Where the shades begin in a card's palette; before them are the grounds, from the lowest level to the highest."""

JOINERS = re.compile("(?<=[\u0600-\u0fff])[\u200c\u200d](?=[\u0600-\u0fff])")
"""What Arabic and Indic scripts are joined or parted by; anywhere else these signs join emoji."""

UNDRAWN = ("Cc", "Cf", "Cs", "Cn", "Co")
"""Categories of Unicode that no font draws by themselves."""

SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


@dataclass(frozen=True, slots=True)
class CardText:
    """What a card says."""

    title: str
    tags: tuple[str, ...]
    site: str
    host: str


def card(words: CardText, hills: list[list[Line]], fonts: tuple[bytes, ...]) -> bytes:
    """The card as a PNG of 1200 to 630, on the map of these hills. `fonts` are tried in this order for each letter."""
    image = _country(hills)
    image.paste(_scale(), (0, HEIGHT - SCALE))
    _draw_words(image, words, tuple(filter(is_font, fonts)))
    image.putpalette(_palette(covers.colours(words.title, words.tags)[0]))
    written = BytesIO()
    image.save(written, "PNG", compress_type=ZLIB_RLE)
    return written.getvalue()


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


class _Letters:
    """Text in a chain of fonts: each letter by the first that has it."""

    def __init__(self, fonts: tuple[bytes, ...]) -> None:
        self._fonts = fonts

    def width(self, text: str, size: int) -> float:
        return sum(font.getlength(run) for run, font in self._runs(text, size))

    def draw(self, image: Image.Image, place: tuple[float, float], text: str, size: int, ink: int) -> None:
        """The text with its baseline's start at this place, in the ink whose shades begin there in the palette."""
        x, y = place
        for run, font in self._runs(text, size):
            shares, left, top = _drawn(run, font)
            image.paste(shares.point(_shades(ink)), (round(x) + left, round(y) + top), shares.point(SEEN))
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


def _system(text: str, fonts: tuple[bytes, ...], size: int) -> Iterator[FreeTypeFont]:
    """The first font of this machine that has the letters that ours lack; then Pillow's."""
    ours = [opened(content, 32) for content in fonts]
    lacking = "".join(sorted({letter for letter in text if not any(_has(font, letter) for font in ours)}))
    if lacking:
        found = _system_font(lacking)
        each = (found,) if found or len(lacking) == 1 else map(_system_font, lacking)
        yield from (ImageFont.truetype(name, size) for name in dict.fromkeys(filter(None, each)))
    if not fonts:
        yield default(size)


@lru_cache(maxsize=256)
def _system_font(letters: str) -> str | None:
    if _has_all(default(32), letters):
        return None
    for name in _system_fonts():
        try:
            if _has_all(ImageFont.truetype(name, 32), letters):
                return name
        except (OSError, ValueError):
            continue
    return None


@cache
def _system_fonts() -> tuple[str, ...]:
    """The fonts of this machine, those that look well first, then by name."""
    found = [str(path) for folder in SYSTEM if folder.is_dir() for path in folder.rglob("*.[to]t[fc]")]

    def rank(name: str) -> tuple[int, str]:
        places = [place for place, favourite in enumerate(FAVOURITES) if favourite in name]
        return (places[0] if places else len(FAVOURITES), name)

    return tuple(sorted(found, key=rank))


def _draw_words(image: Image.Image, words: CardText, fonts: tuple[bytes, ...]) -> None:
    letters = _Letters(fonts)
    ImageDraw.Draw(image).rectangle((MARGIN, 84, MARGIN + 64, 89), fill=COLOUR_AT + SHADES - 1)
    site, host = drawable(words.site, fonts), drawable(words.host, fonts)
    first = drawable(words.tags[0], fonts) if words.tags else site
    letters.draw(image, (MARGIN + 84, 97), first, 28, COLOUR_AT)
    title = drawable(words.title, fonts)
    size, lines = fitted(title, letters.width) if title else (0, [])
    y = 150 + size
    for line in lines:
        letters.draw(image, (_start(line, letters.width(line, size)), y), line, size, INK_AT)
        y += round(size * 1.16)
    letters.draw(image, (MARGIN, HEIGHT - 72), site, 28, INK_AT)
    letters.draw(image, (WIDTH - MARGIN - letters.width(host, 24), HEIGHT - 72), host, 24, MUTED_AT)


def _start(line: str, width: float) -> float:
    """Where a line starts: at the right margin in a script that is written from there."""
    strong = next((side for side in map(bidirectional, line) if side in ("L", "R", "AL")), "L")
    return MARGIN if strong == "L" else WIDTH - MARGIN - width


def fitted(title: str, width: Callable[[str, int], float]) -> tuple[int, list[str]]:
    """The largest size at which the title fits, and its lines at that size, about equally long."""
    width = cache(width)  # The same beginnings of lines are measured again and again.
    size, lines = LARGEST, [title]
    while size >= SMALLEST:
        lines = wrapped(title, WIDTH - 2 * MARGIN, lambda text, size=size: width(text, size))  # type: ignore[misc]
        if len(lines) * size * 1.16 <= ROOM:
            break
        size -= 4
    return size, _balanced(title, lines, lambda text: width(text, size))


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


def _balanced(title: str, lines: list[str], width: Callable[[str], float]) -> list[str]:
    """As many lines, the longest as short as can be."""
    low, high = 0, WIDTH - 2 * MARGIN
    while high - low > 8:
        middle = (low + high) // 2
        if len(wrapped(title, middle, width)) <= len(lines):
            high = middle
        else:
            low = middle
    return wrapped(title, high, width)


def _country(hills: list[list[Line]]) -> Image.Image:
    """The map, in numbers of the palette. Lines become smooth as shares of a colour, before those are numbers."""
    shares = Image.new("L", (WIDTH * FINE, HEIGHT * FINE))
    canvas = ImageDraw.Draw(shares)
    for number, lines in enumerate(hills):
        curves = sorted(((_area(line), _curve(line)) for line in lines), key=lambda pair: -abs(pair[0]))
        for area, curve in curves:
            canvas.polygon(curve, fill=round(255 * TINT * (number + (area > 0))))
        for _, curve in curves:
            canvas.line([*curve, curve[0]], fill=round(255 * LINE), width=(3 if number % 4 == 2 else 2))
    return shares.reduce(FINE).point(_grounds())


@cache
def _grounds() -> list[int]:
    """Where each share of the colour, in 255ths, is in the palette: among the grounds, or its shades where they end."""
    levels = [round(share / 255 / TINT) for share in range(256)]
    shades = _shades(COLOUR_AT)
    return [level if level <= covers.LEVELS else shade for level, shade in zip(levels, shades, strict=True)]


@cache
def _shades(ink: int) -> list[int]:
    """Where each share of an ink, in 255ths, is in the palette."""
    return [ink + max(1, shade) - 1 for shade in SHADE_OF]


@cache
def _scale() -> Image.Image:
    """The ruled edge that all sheets of this survey have, in numbers of the palette."""
    image, ink = Image.new("L", (WIDTH, SCALE)), INK_AT + SHADES - 1
    canvas = ImageDraw.Draw(image)
    canvas.line((0, 0, WIDTH, 0), fill=ink, width=2)
    for tick in range(0, WIDTH, 30):
        canvas.line((tick, 0, tick, 28 if tick % 150 == 0 else 14), fill=ink, width=2)
    return image


def _weights(t: float) -> tuple[float, float, float]:
    """How much each of three control points says of where a B-spline is after this share of the way, on the card."""
    scale = WIDTH * FINE / covers.WIDTH
    return (1 - t) ** 2 / 2 * scale, (0.5 + t - t * t) * scale, t * t / 2 * scale


WEIGHTS = tuple(map(_weights, (0.0, 0.25, 0.5, 0.75)))


def _curve(line: Line) -> list[tuple[float, float]]:
    """Points of the B-spline with these control points, on the card."""
    threes = zip([line[-1], *line[:-1]], line, [*line[1:], line[0]], strict=True)
    return [
        (a * ax + b * bx + c * cx, a * ay + b * by + c * cy)
        for (ax, ay), (bx, by), (cx, cy) in threes
        for a, b, c in WEIGHTS
    ]


def _area(line: Line) -> int:
    """Positive where higher ground is inside."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(line, [*line[1:], line[0]], strict=True))


def _palette(colour: str) -> list[int]:
    """The colours that a card has, as red, green and blue of each."""
    grounds = [_mixed(colour, TINT * level) for level in range(covers.LEVELS + 1)]
    shades = [_mixed(ink, step / SHADES) for ink in (INK, MUTED, colour) for step in range(1, SHADES + 1)]
    return [channel for mixed in (*grounds, *shades) for channel in mixed]


def _mixed(colour: str, share: float) -> tuple[int, ...]:
    """So much of this colour on paper."""
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(PAPER[1:]), strict=True)
    return tuple(round(over * share + under * (1 - share)) for over, under in pairs)
