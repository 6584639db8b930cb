"""Pictures: sizes by the header, forms that are never larger, and files that are not what they say."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from tests.conftest import SiteWith, png, post_text
from trigpoint.cache import Cache
from trigpoint.images.pictures import WIDTHS, Pictures, picture_in
from trigpoint.inventory import content_digest, stamp_of
from trigpoint.library.snapshot import Picture

Save = Callable[..., bytes]


def saved(width: int, height: int, kind: str = "PNG", **options: object) -> bytes:
    """A picture with something in it."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    ImageDraw.Draw(image).ellipse((0, 0, width // 2, height // 2), fill="#a8431a")
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def turned(width: int, height: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "A camera"
    return saved(width, height, "JPEG", exif=exif.tobytes())


def in_folder(folder: Path, name: str, content: bytes) -> Pictures:
    (folder / name).write_bytes(content)
    pictures = Pictures(folder, lambda path: content_digest(str(folder / path)), Cache(folder / ".cache"))
    pictures.stamps = {name: stamp_of(str(folder / name))}
    return pictures


def read(folder: Path, name: str, content: bytes) -> Picture:
    found = in_folder(folder, name, content).picture(name)
    assert found
    return found


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_forms_are_as_wide_as_is_useful_and_never_wider_than_the_picture(tmp_path: Path, kind: str) -> None:
    name = f"a.{kind.lower()}"
    kinds = ("avif", "webp") if kind == "JPEG" else ("webp",)
    assert read(tmp_path, name, saved(1600, 900, kind)) == Picture(1600, 900, WIDTHS, kinds=kinds)
    assert read(tmp_path, name, saved(500, 300, kind)) == Picture(500, 300, (480, 500), kinds=kinds)
    assert read(tmp_path, name, saved(30, 20, kind)) == Picture(30, 20, (30,)), "no photograph, however it is kept"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.gif", saved(640, 480, "GIF")),
        ("a.webp", saved(640, 480, "WEBP")),
        ("a.webp", saved(640, 480, "WEBP", lossless=True)),
        ("a.webp", saved(640, 480, "WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0")),
        ("a.avif", saved(640, 480, "AVIF")),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480px"/>'),
        ("a.svg", b'<?xml version="1.0"?><svg viewBox="0 0 640 480"></svg>'),
    ],
)
def test_other_kinds_have_a_size_and_no_forms(tmp_path: Path, name: str, content: bytes) -> None:
    assert read(tmp_path, name, content) == Picture(640, 480)


def test_a_turned_photo_has_the_size_that_is_seen_and_its_forms_no_exif(tmp_path: Path) -> None:
    pictures = in_folder(tmp_path, "a.jpg", turned(900, 600))
    assert pictures.picture("a.jpg") == Picture(600, 900, (480, 600), kinds=("avif", "webp"))
    made = Image.open(BytesIO(pictures.variant("a.jpg", 480, "webp") or b""))
    assert made.size == (480, 720)
    assert not made.getexif()
    assert b"camera" not in (pictures.variant("a.jpg", 480, "webp") or b"")


def bomb(side: int) -> bytes:
    """A PNG of side times side pixels in a few bytes."""
    small = png(1, 1)
    header = side.to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    sealed = b"\0\0\0\rIHDR" + header + zlib.crc32(b"IHDR" + header).to_bytes(4, "big")
    return small[:8] + sealed + small[33:]


def test_a_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    pictures = in_folder(tmp_path, "a.png", bomb(30_000))
    assert pictures.picture("a.png") == Picture(30_000, 30_000, problem="too large")
    assert pictures.variant("a.png", 480, "webp") is None


def test_a_bomb_in_webp_is_refused_by_its_header(tmp_path: Path) -> None:
    head = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\x3f\0\xff\x3f\0"
    assert read(tmp_path, "a.webp", head) == Picture(16384, 16384, problem="too large")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_file_that_is_cut_off_keeps_its_size_and_has_no_forms(tmp_path: Path, kind: str) -> None:
    whole = saved(900, 600, kind)
    assert read(tmp_path, f"a.{kind.lower()}", whole[: len(whole) // 2]) == Picture(900, 600, problem="cut off")


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif", "a.svg", "a.avif"])
@pytest.mark.parametrize("content", [b"", b"Just text.", b"\xff\xd8\xff", b"RIFF1234WEBPVP8 ", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_called_so(tmp_path: Path, name: str, content: bytes) -> None:
    assert read(tmp_path, name, content).problem == "unknown"


def test_other_files_are_not_looked_into(tmp_path: Path) -> None:
    assert in_folder(tmp_path, "a.py", b"print(1)").picture("a.py") is None
    assert in_folder(tmp_path, "a.png", png(1, 1)).picture("b.png") is None


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]), st.integers(0, 600), st.binary(max_size=4))
def test_no_bytes_make_reading_fail(tmp_path: Path, kind: str, at: int, garbage: bytes) -> None:
    content = saved(40, 30, kind)
    (tmp_path / f"a.{kind.lower()}").write_bytes(content[:at] + garbage + content[at + len(garbage) :])
    found = picture_in(tmp_path / f"a.{kind.lower()}")
    assert found.width >= 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_form_is_a_webp_of_its_width_whatever_the_picture_is_made_of(tmp_path: Path, mode: str) -> None:
    image = Image.new(mode, (900, 600))
    written = BytesIO()
    image.save(written, "PNG")
    pictures = in_folder(tmp_path, "a.png", written.getvalue())
    made = pictures.variant("a.png", 480, "webp") or b""
    assert Image.open(BytesIO(made)).size == (480, 320)
    assert Image.open(BytesIO(made)).format == "WEBP"


def test_a_form_is_not_larger_than_its_picture(tmp_path: Path) -> None:
    image = Image.effect_noise((1300, 700), 90).convert("RGB")
    written = BytesIO()
    image.save(written, "JPEG", quality=20)
    pictures = in_folder(tmp_path, "a.jpg", written.getvalue())
    assert len(pictures.variant("a.jpg", 1200, "webp") or b"") <= len(written.getvalue())


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_an_avif_is_smaller_than_the_webp_of_the_same_width(tmp_path: Path, mode: str) -> None:
    image = Image.effect_noise((900, 600), 60).convert(mode)
    written = BytesIO()
    image.save(written, "JPEG", quality=90)
    pictures = in_folder(tmp_path, "a.jpg", written.getvalue())
    avif, webp = (pictures.variant("a.jpg", 480, kind) or b"" for kind in ("avif", "webp"))
    assert Image.open(BytesIO(avif)).format == "AVIF"
    assert Image.open(BytesIO(avif)).size == (480, 320)
    assert 0 < len(avif) < len(webp)


def test_a_drawing_has_no_avif(tmp_path: Path) -> None:
    assert in_folder(tmp_path, "a.png", png(900, 600)).variant("a.png", 480, "avif") is None


def test_no_form_is_made_of_another_width(tmp_path: Path) -> None:
    pictures = in_folder(tmp_path, "a.png", png(900, 600))
    assert pictures.variant("a.png", 1200, "webp") is None
    assert pictures.variant("a.png", 481, "webp") is None


def test_many_may_ask_for_one_form_at_once(tmp_path: Path) -> None:
    pictures = in_folder(tmp_path, "a.png", saved(900, 600))
    found: list[bytes | None] = []
    threads = [threading.Thread(target=lambda: found.append(pictures.variant("a.png", 480, "webp"))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert found[0]


def test_a_form_is_kept_by_the_content_of_its_picture(tmp_path: Path) -> None:
    pictures = in_folder(tmp_path, "a.png", saved(900, 600))
    first = pictures.variant("a.png", 480, "webp")
    assert sum(1 for path in (tmp_path / ".cache/pictures").rglob("*") if path.is_file()) == 1
    assert pictures.variant("a.png", 480, "webp") == first
    assert in_folder(tmp_path, "a.png", png(900, 600)).variant("a.png", 480, "webp") != first


BAD = [
    ("a.png", bomb(30_000), '"a.png" has more than 40 million pixels', False),
    ("a.jpg", b"Just text.", '"a.jpg" is no picture that can be read', False),
    ("a.jpg", saved(900, 600, "JPEG")[:5000], '"a.jpg" is damaged or cut off', True),
]


@pytest.mark.parametrize(("name", "content", "sentence", "is_warning"), BAD)
def test_a_bad_picture_is_a_fault_at_its_line_and_its_page_is_served(
    site_with: SiteWith, name: str, content: bytes, sentence: str, is_warning: bool
) -> None:
    text = post_text(body=f"Text.\n\n![x]({name})")
    small = site_with(files={"posts/a/index.md": text, f"posts/a/{name}": content})
    small.site.loader.refresh()
    result = small.app.test_cli_runner().invoke(args=["check"])
    assert f"pages/posts/a/index.md:8: {'warning: ' if is_warning else ''}{sentence}" in result.output
    assert (result.exit_code == 0) is is_warning
    assert "srcset" not in small.text("/posts/a/").partition("<article")[2]
    assert small.answer(f"/posts/a/{name}")[:2] == (200, content)
    assert small.status(f"/posts/a/{name}.480.webp") == 404


def test_forms_that_no_webp_can_hold_are_not_offered(tmp_path: Path) -> None:
    assert read(tmp_path, "tall.png", png(1200, 17000)).widths == (480, 800)
    assert read(tmp_path, "thread.png", png(10, 17000)).widths == ()


def test_a_mistyped_tag_costs_nothing(tmp_path: Path) -> None:
    tags = struct.pack(">HHI4s", 256, 2, 4, b"xxx\0") + struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\2" + tags + b"\0\0\0\0"
    pictures = in_folder(tmp_path, "a.jpg", saved(1000, 600, "JPEG", exif=exif))
    assert pictures.picture("a.jpg") == Picture(600, 1000, (480, 600), kinds=("avif", "webp"))
    made = pictures.variant("a.jpg", 480, "webp")
    assert made and Image.open(BytesIO(made)).size == (480, 800)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 312), st.integers(0, 255))
def test_a_damaged_avif_is_a_problem_of_that_picture(tmp_path: Path, at: int, byte: int) -> None:
    content = bytearray(saved(64, 40, "AVIF"))
    content[at % len(content)] = byte
    assert read(tmp_path, "a.avif", bytes(content))


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.avif", "a.gif", "a.webp"])
def test_a_file_of_many_bytes_is_not_looked_into(tmp_path: Path, name: str) -> None:
    with (tmp_path / name).open("wb") as opened:
        opened.truncate(12_000_000_000)
    assert picture_in(tmp_path / name).problem == "too heavy"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_orientation_is_undone(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = saved(900, 500, "JPEG", exif=exif.tobytes())
    made = in_folder(tmp_path, "a.jpg", content).variant("a.jpg", 480, "webp")
    upright = ImageOps.exif_transpose(Image.open(BytesIO(content)))
    assert made and upright
    small = Image.open(BytesIO(made)).convert("L")
    wanted = upright.resize(small.size).convert("L")
    corners = [(x * (small.width - 20) + 10, y * (small.height - 20) + 10) for x in (0, 1) for y in (0, 1)]
    for corner in corners:
        there, expected = small.getpixel(corner), wanted.getpixel(corner)
        assert isinstance(there, int) and isinstance(expected, int) and abs(there - expected) < 25


@pytest.mark.parametrize("forms", [("webp",), ("avif",), ()])
def test_variants_have_only_the_forms_that_the_site_wants(tmp_path: Path, forms: tuple[str, ...]) -> None:
    (tmp_path / "a.jpeg").write_bytes(saved(500, 300, "JPEG"))
    pictures = Pictures(tmp_path, lambda path: content_digest(str(tmp_path / path)), Cache(tmp_path / ".cache"), forms)
    pictures.stamps = {"a.jpeg": stamp_of(str(tmp_path / "a.jpeg"))}
    assert pictures.picture("a.jpeg") == Picture(500, 300, (480, 500) if forms else (), kinds=forms)
    assert [kind for kind in ("avif", "webp") if pictures.variant("a.jpeg", 480, kind)] == list(forms)
