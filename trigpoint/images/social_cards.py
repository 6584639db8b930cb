"""The picture that stands for an article where a link to it is shared: its title, large, on the map of its cover.

Pure but for what `lettering` looks up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from unicodedata import bidirectional

from PIL import Image, ImageDraw

from trigpoint.images import covers
from trigpoint.images.contours import Line
from trigpoint.images.lettering import LINE_HEIGHT, Letters, Room, drawable, fitted, is_font

WIDTH, HEIGHT, MARGIN = 1200, 630, 72
FINE = 2
"""It is drawn so many times as large, and made smaller: that is what smooth lines cost."""

SCALE = 40
"""Pixels of the height that the ruled edge takes."""

PAPER, INK, MUTED = "#fcfbf8", "#101418", "#555d66"
ROOM = Room(WIDTH - 2 * MARGIN, 330)
"""What the title may take."""

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


def _draw_words(image: Image.Image, words: CardText, fonts: tuple[bytes, ...]) -> None:
    letters = Letters(fonts)

    def write(place: tuple[float, float], text: str, size: int, ink: int) -> None:
        """Text with its baseline's start at this place, in the ink whose shades begin there in the palette."""
        for shares, corner in letters.drawn(place, text, size):
            image.paste(shares.point(_shades(ink)), corner, shares.point(SEEN))

    ImageDraw.Draw(image).rectangle((MARGIN, 84, MARGIN + 64, 89), fill=COLOUR_AT + SHADES - 1)
    site, host = drawable(words.site, fonts), drawable(words.host, fonts)
    write((MARGIN + 84, 97), drawable(words.tags[0], fonts) if words.tags else site, 28, COLOUR_AT)
    title = drawable(words.title, fonts)
    size, lines = fitted(title, ROOM, letters.width) if title else (0, [])
    y = 150 + size
    for line in lines:
        write((_start(line, letters.width(line, size)), y), line, size, INK_AT)
        y += round(size * LINE_HEIGHT)
    write((MARGIN, HEIGHT - 72), site, 28, INK_AT)
    write((WIDTH - MARGIN - letters.width(host, 24), HEIGHT - 72), host, 24, MUTED_AT)


def _start(line: str, width: float) -> float:
    """Where a line starts: at the right margin in a script that is written from there."""
    strong = next((side for side in map(bidirectional, line) if side in ("L", "R", "AL")), "L")
    return MARGIN if strong == "L" else WIDTH - MARGIN - width


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
