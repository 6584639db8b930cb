"""Where a picture was taken is not published: found in real metadata, and taken out without a loss."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from tests.conftest import SiteWith, freeze_all, post_text
from trigpoint.freezing.checks.sources import findings
from trigpoint.images.gps import location_in, without_location

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description exif:GPSLatitude="52,31.2N"/></x:xmpmeta>'


def exif_of(turned: int = 6, with_position: bool = True) -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = turned, "A camera"
    if with_position:
        exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0)})
    return exif.tobytes()


def picture(kind: str, **options: object) -> bytes:
    written = BytesIO()
    Image.linear_gradient("L").resize((64, 40)).convert("RGB").save(written, kind, **options)
    return written.getvalue()


def kept(tmp_path: Path, content: bytes) -> str:
    (tmp_path / "x").write_bytes(content)
    return location_in(tmp_path / "x")


def with_raw_profile() -> bytes:
    info = PngImagePlugin.PngInfo()
    hexed = exif_of().hex()
    info.add_text("Raw profile type exif", f"\nexif\n{len(hexed) // 2}\n{hexed}\n", zip=True)
    return picture("PNG", pnginfo=info)


def with_xmp_text() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    return picture("PNG", pnginfo=info)


TELLING = {
    "JPEG": picture("JPEG", exif=exif_of(), icc_profile=PROFILE, progressive=True),
    "JPEG with XMP": picture("JPEG", xmp=XMP),
    "JPEG with a video behind it": picture("JPEG", exif=exif_of()) + b"\0\0\0\x18ftypmp42 \xa9xyz+52.5+013.4/",
    "JPEG with another behind it": picture("MPO", save_all=True, append_images=[Image.new("RGB", (8, 8))])
    + picture("JPEG", exif=exif_of()),
    "PNG": picture("PNG", exif=exif_of(), icc_profile=PROFILE),
    "PNG of ImageMagick": with_raw_profile(),
    "PNG with XMP": with_xmp_text(),
    "WebP": picture("WEBP", exif=exif_of(), icc_profile=PROFILE, lossless=True),
    "WebP with XMP": picture("WEBP", xmp=XMP),
}


@pytest.mark.parametrize("kind", TELLING)
def test_the_location_is_taken_out_and_the_picture_stays(tmp_path: Path, kind: str) -> None:
    assert kept(tmp_path, TELLING[kind]) == "removable"
    bare = without_location(TELLING[kind])
    assert kept(tmp_path, bare) == ""
    assert not any(word in bare for word in (b"GPS", b"A camera", b"\xa9xyz", b"Raw profile"))
    before, after = Image.open(BytesIO(TELLING[kind])), Image.open(BytesIO(bare))
    assert before.tobytes() == after.tobytes()
    if kind != "PNG of ImageMagick":  # No browser turns a picture by that.
        assert before.getexif().get(0x0112, 1) == after.getexif().get(0x0112, 1)
    assert before.info.get("icc_profile") == after.info.get("icc_profile")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_without_a_location_is_served_as_it_is(tmp_path: Path, kind: str) -> None:
    assert kept(tmp_path, picture(kind, exif=exif_of(with_position=False))) == ""


FIXED = {
    "AVIF": picture("AVIF", exif=exif_of()),
    "TIFF": picture("TIFF", exif=exif_of()),
    "GIF": picture("GIF") + XMP,
    "MP4": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0\0\0\x20moov\0\0\0\x18udta\0\0\0\x10\xa9xyz+52+013/.",
    "QuickTime": b"\0\0\0\x14ftypqt  \0\0\0\0qt  \0\0\0\x30moovcom.apple.quicktime.location.ISO6709....",
    "SVG": b"<svg>" + XMP + b"</svg>",
}


@pytest.mark.parametrize("kind", FIXED)
def test_what_cannot_be_rewritten_is_known(tmp_path: Path, kind: str) -> None:
    assert kept(tmp_path, FIXED[kind]) == "fixed"


@pytest.mark.parametrize("kind", ["AVIF", "TIFF", "GIF"])
def test_other_kinds_without_a_location_say_nothing(tmp_path: Path, kind: str) -> None:
    assert kept(tmp_path, picture(kind)) == ""


def test_a_file_with_a_location_that_stays_is_an_error_and_is_named(site_with: SiteWith) -> None:
    small = site_with(posts={"a": post_text()}, files={"posts/a.tiff": FIXED["TIFF"], "posts/b.jpg": TELLING["JPEG"]})
    small.site.loader.refresh()
    (fault,) = [fault for fault in findings(small.site) if not fault.warning]
    assert fault.path == "pages/posts/a.tiff" and "GPS" in fault.sentence


def test_live_and_frozen_give_the_same_picture_without_its_location(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(posts={"a": post_text(body="![x](b.jpg)")}, files={"posts/b.jpg": TELLING["JPEG"]})
    status, body, headers = small.answer("/posts/b.jpg")
    assert (status, body, headers["Content-Type"]) == (200, without_location(TELLING["JPEG"]), "image/jpeg")
    assert small.answer("/posts/b.jpg", headers={"If-None-Match": headers["ETag"]})[0] == 304
    freeze_all(small.site, tmp_path / "frozen")
    assert (tmp_path / "frozen/posts/b.jpg").read_bytes() == body


def test_a_large_file_of_nothing_costs_nothing(tmp_path: Path) -> None:
    for start in (TELLING["JPEG"], TELLING["PNG"], FIXED["MP4"], b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0"):
        path = tmp_path / "sparse.jpg"
        path.write_bytes(start)
        with path.open("r+b") as opened:
            opened.truncate(12_000_000_000)
        assert location_in(path) in ("", "fixed")


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([*TELLING.values(), *FIXED.values()]), st.data())
def test_no_damage_makes_it_raise(tmp_path: Path, content: bytes, data: st.DataObject) -> None:
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, min(600, len(damaged) - 1)))] = data.draw(st.integers(0, 255))
    if kept(tmp_path, bytes(damaged)) == "removable":
        without_location(bytes(damaged))


def test_a_gps_directory_that_cannot_be_read_is_taken_out(tmp_path: Path) -> None:
    broken = b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHII", 0x8825, 4, 1, 0xFFFFFF00)
    content = picture("JPEG", exif=b"Exif\0\0" + broken)
    assert b"GPS" not in content and kept(tmp_path, without_location(content)) == ""
