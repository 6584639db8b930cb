"""Social cards: 1200 to 630, and a title that is never cut."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from trigpoint.images.covers import hills
from trigpoint.images.lettering import fitted, wrapped
from trigpoint.images.social_cards import HEIGHT, INK, MARGIN, ROOM, WIDTH, CardText, card

LONG = "Designing a Fintech Backend: Crypto + Open Banking Under One Roof"


def drawn(title: str, tags: tuple[str, ...] = ("Go",)) -> Image.Image:
    return Image.open(BytesIO(card(CardText(title, tags, "A test blog", "blog.example"), hills(title), ())))


def inked(image: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Whether something of the colour of letters is in this part."""
    ink = tuple(bytes.fromhex(INK[1:]))
    return any(colour == ink for _, colour in image.convert("RGB").crop(box).getcolors(1 << 24) or ())


@pytest.mark.parametrize("title", ["A", LONG, "Größe und Maß", "x" * 300, "word " * 80, "Ελληνικά", "русский"])
def test_a_card_has_the_size_that_all_ask_for_and_its_title(title: str) -> None:
    image = drawn(title)
    assert (image.size, image.format, image.mode) == ((WIDTH, HEIGHT), "PNG", "P")
    assert inked(image, (MARGIN, 140, WIDTH - MARGIN, 160 + ROOM.height))
    assert not inked(image, (0, 0, MARGIN - 2, HEIGHT - 44)), "letters in the margin"
    assert not inked(image, (WIDTH - MARGIN + 8, 0, WIDTH, HEIGHT - 44)), "letters in the margin"


def test_a_card_is_small_and_always_the_same() -> None:
    words = CardText(LONG, ("Go",), "A test blog", "blog.example")
    assert card(words, hills(LONG), ()) == card(words, hills(LONG), ())
    assert len(card(words, hills(LONG), ())) < 60_000


def test_letters_that_no_font_has_are_not_boxes() -> None:
    assert not inked(drawn("\U0001f9ff\U00012000"), (MARGIN, 140, WIDTH - MARGIN, 160 + ROOM.height))


def test_a_script_from_the_right_starts_there() -> None:
    image = drawn("שלום")
    left = inked(image, (MARGIN, 140, WIDTH // 2, 160 + ROOM.height))
    assert not left


def length(text: str, size: int = 1) -> float:
    return len(text) * size * 0.5


@settings(deadline=None)
@given(st.text("ab -字", min_size=1, max_size=300).filter(str.strip))
def test_no_letter_is_lost_and_no_line_is_too_wide(title: str) -> None:
    lines = wrapped(title, 10, length)
    assert "".join("".join(lines).split()) == "".join(title.split())
    assert all(length(line) <= 10 for line in lines)
    size, fitting = fitted(title, ROOM, length)
    assert len(fitting) * size * 1.16 <= ROOM.height
    assert "".join("".join(fitting).split()) == "".join(title.split())


def test_a_short_title_is_large_and_its_lines_are_of_like_length() -> None:
    size, lines = fitted("one two three four five six seven eight nine ten eleven", ROOM, length)
    assert size == 76
    assert len(lines) == 2
    assert abs(len(lines[0]) - len(lines[1])) < 8


@pytest.mark.parametrize(
    "title",
    [
        "Emoji \U0001f389 party",
        "A \u2764\ufe0f B",
        "\u2714\ufe0f done",
        "a\u202eb\u200d c",
        "bell \x07 end",
        "\ud800 half",
        "क्षि text",
    ],
)
@pytest.mark.parametrize("own", [False, True])
def test_signs_that_no_font_draws_leave_the_rest_of_the_title(title: str, own: bool) -> None:
    names = ("sans", "sans-western", "sans-central")
    fonts = tuple(Path(f"static/fonts/{name}.woff2").read_bytes() for name in names) if own else ()
    image = Image.open(BytesIO(card(CardText(title, (title,), title, "blog.example"), hills("x"), fonts)))
    assert inked(image, (MARGIN, 140, WIDTH - MARGIN, 160 + ROOM.height))


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=20))
def test_no_title_makes_a_card_raise(title: str) -> None:
    fonts = (Path("static/fonts/sans-western.woff2").read_bytes(),)
    assert card(CardText(title, (title,), title, title), hills("x"), fonts)
