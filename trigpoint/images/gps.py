"""Where a picture or video was taken, as its metadata says: found, and taken out of JPEG, PNG and WebP without loss.

Pixels, orientation and colour profile stay as they are. Only metadata is read, within bounds, and whatever is wrong
with it costs nobody more than that file. The kind is taken from the content: a name may lie.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Literal
from zlib import crc32, decompressobj

from PIL import Image

from trigpoint.library.snapshot import Location

ORIENTATION, GPS = 0x0112, 0x8825
POSITION = frozenset((2, 4, 20, 22))
"""Tags of latitude and longitude, of the camera and of what it looks at. Source: Exif 3.0, table 15."""

LARGEST = 100_000_000
"""Bytes of a file that is rewritten in memory."""

METADATA = 4_000_000
"""Bytes of one piece of metadata."""

PARTS = 100_000
"""Segments, chunks or boxes that are walked through."""

SEARCHED = 32_000_000
"""Bytes of a HEIC or AVIF in which its metadata is looked for: the place of it is anywhere."""

XMP_POSITION = re.compile(rb"GPS(?:Latitude|Longitude|Position)")
TIFF_START = re.compile(rb"II\*\0|MM\0\*")
EXIF_START = re.compile(rb"Exif\0\0(?=II|MM)")
VIDEO_POSITION = re.compile(rb"\xa9xyz|location\.ISO6709|\0\0..loci\0\0\0\0", re.S)
MARKER = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")
KEPT_SEGMENTS = (b"ICC_PROFILE\0", b"Adobe", b"JFIF\0")
TEXT_CHUNKS = (b"tEXt", b"zTXt", b"iTXt")

Part = tuple[bytes, int, int]
"""A part of a file: its kind, where its content starts, and how long that is."""


def location_in(path: Path) -> Location:
    """Whether this file says where it was taken."""
    try:
        with path.open("rb") as opened:
            return _location(opened, path.stat().st_size)
    except Exception:  # Metadata of strangers' programs: what cannot be read says nothing.
        return ""


def _location(opened: BinaryIO, size: int) -> Location:
    start = opened.read(12)
    if start[:3] == b"\xff\xd8\xff":
        found = any(map(_tells_jpeg, _contents(opened, _jpeg_parts(opened)))) or _tells_behind(opened)
    elif start[:8] == b"\x89PNG\r\n\x1a\n":
        found = any(_tells(_tells_png, *part) for part in _named(opened, _png_parts(opened)))
    elif start[:4] == b"RIFF" and start[8:] == b"WEBP":
        found = any(_tells_webp(kind, content) for kind, content in _named(opened, _riff_parts(opened)))
    else:
        return "fixed" if _tells_other(opened, start) else ""
    return ("removable" if size <= LARGEST else "fixed") if found else ""


def without_location(content: bytes) -> bytes:
    """A JPEG, PNG or WebP without its metadata but for what a browser needs to show it as it was shown."""
    if content[:3] == b"\xff\xd8\xff":
        return _bare_jpeg(content)
    return _bare_png(content) if content[:4] == b"\x89PNG" else _bare_webp(content)


def _tells(tells: Callable[[bytes, bytes], bool], kind: bytes, content: bytes) -> bool:
    """Whether this part has a position; one that cannot be read may have."""
    try:
        return tells(kind, content)
    except Exception:  # Damaged compression, hex digits that are none, and so on.
        return True


def _contents(opened: BinaryIO, parts: Iterator[Part]) -> Iterator[bytes]:
    yield from (content for _, content in _named(opened, parts))


def _named(opened: BinaryIO, parts: Iterator[Part]) -> Iterator[tuple[bytes, bytes]]:
    """The kind and content of those parts that may be metadata."""
    for kind, start, length in parts:
        if kind in (b"\xe1", b"eXIf", *TEXT_CHUNKS, b"EXIF", b"XMP "):
            opened.seek(start)
            yield kind, opened.read(min(length, METADATA))


def _jpeg_parts(opened: BinaryIO) -> Iterator[Part]:
    """The segments before the picture's data, by the second byte of their markers. Source: ITU-T T.81, B.1.1."""
    at = 2
    for _ in range(PARTS):
        opened.seek(at)
        head = opened.read(4)
        if len(head) < 4 or head[0] != 0xFF or head[1] == 0xDA:
            return
        if head[1] == 0xFF:  # A byte that fills up.
            at += 1
            continue
        length = int.from_bytes(head[2:], "big")
        yield head[1:2], at + 4, max(0, length - 2)
        at += 2 + max(2, length)


def _png_parts(opened: BinaryIO) -> Iterator[Part]:
    """Source: PNG, section 5.3."""
    yield from _parts(opened, 8, ">", b"IEND")


def _riff_parts(opened: BinaryIO) -> Iterator[Part]:
    """Source: RFC 9649, section 2.3."""
    yield from _parts(opened, 12, "<", b"")


def _parts(opened: BinaryIO, at: int, order: Literal["<", ">"], last: bytes) -> Iterator[Part]:
    for _ in range(PARTS):
        opened.seek(at)
        head = opened.read(8)
        if len(head) < 8:
            return
        if order == ">":
            (length,), kind = struct.unpack(">I", head[:4]), head[4:]
            yield kind, at + 8, length
            at += 12 + length
        else:
            (length,), kind = struct.unpack("<I", head[4:]), head[:4]
            yield kind, at + 8, length
            at += 8 + length + length % 2
        if kind == last:
            return


def _tells_jpeg(content: bytes) -> bool:
    if content.startswith(b"Exif\0"):
        return _tells_exif(content[6:], unreadable=True)
    return XMP_POSITION.search(content) is not None


def _tells_behind(opened: BinaryIO) -> bool:
    """Whether another picture, which an index names that stands before the first, has a position. Source: CIPA DC-007.

    Without an index it is not looked for: every picture would be read to its end.
    """
    for marker, start, _ in _jpeg_parts(opened):
        opened.seek(start)
        if marker == b"\xe2" and opened.read(4) == b"MPF\0":
            opened.seek(0)
            content = opened.read(SEARCHED)
            behind = content[_end_of_jpeg(content, 2) :]
            starts = [found.end() for _, found in zip(range(20), EXIF_START.finditer(behind), strict=False)]
            return XMP_POSITION.search(behind) is not None or any(
                _tells_exif(behind[at : at + METADATA], unreadable=True) for at in starts
            )
    return False


def _tells_png(kind: bytes, content: bytes) -> bool:
    if kind == b"eXIf":
        return _tells_exif(content, unreadable=True)
    keyword, _, text = content.partition(b"\0")
    if kind == b"zTXt":
        text = _inflated(text[1:])
    elif kind == b"iTXt":
        written = text[2:].split(b"\0", 2)[-1]
        text = _inflated(written) if text[:1] == b"\1" else written
    if not keyword.lower().startswith(b"raw profile type"):
        return XMP_POSITION.search(text) is not None
    profile = bytes.fromhex(b"".join(text.split()[2:]).decode("ascii"))
    return XMP_POSITION.search(profile) is not None or _tells_exif(profile.removeprefix(b"Exif\0\0"), unreadable=True)


def _tells_webp(kind: bytes, content: bytes) -> bool:
    if kind == b"EXIF":
        return _tells_exif(content.removeprefix(b"Exif\0\0"), unreadable=True)
    return XMP_POSITION.search(content) is not None


def _tells_other(opened: BinaryIO, start: bytes) -> bool:
    """Of kinds that are not rewritten."""
    if TIFF_START.match(start):
        return _tells_exif_of(opened)
    if start[4:8] == b"ftyp" and start[8:12] not in (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1", b"heim"):
        return VIDEO_POSITION.search(_movie_box(opened)) is not None
    opened.seek(0)
    content = opened.read(SEARCHED)
    if XMP_POSITION.search(content):
        return True
    starts = [found.start() for _, found in zip(range(20), TIFF_START.finditer(content), strict=False)]
    return any(_tells_exif(content[at : at + METADATA]) for at in starts)


def _tells_exif(tiff: bytes, unreadable: bool = False) -> bool:
    """Whether EXIF has a position; what cannot be read may have one, where `unreadable` says so."""
    if b"\x88\x25" not in tiff and b"\x25\x88" not in tiff:
        return False
    try:
        return _tells_exif_of(BytesIO(tiff))
    except Exception:  # Pillow raises nearly everything for damaged EXIF.
        return unreadable


def _tells_exif_of(opened: BinaryIO) -> bool:
    opened.seek(0)
    exif = Image.Exif()
    exif.load_from_fp(opened)
    return not POSITION.isdisjoint(exif.get_ifd(GPS))


def _inflated(content: bytes) -> bytes:
    return decompressobj().decompress(content, METADATA)


def _movie_box(opened: BinaryIO) -> bytes:
    """The `moov` box of a video, in which its metadata is. Source: ISO/IEC 14496-12, section 4.2."""
    at = 0
    for _ in range(PARTS):
        opened.seek(at)
        head = opened.read(16)
        if len(head) < 8:
            return b""
        length, skipped = int.from_bytes(head[:4], "big"), 8
        if length == 1:
            length, skipped = int.from_bytes(head[8:16], "big"), 16
        if head[4:8] == b"moov":
            opened.seek(at + skipped)
            return opened.read(SEARCHED if length == 0 else min(length, SEARCHED))
        if length < skipped:
            return b""
        at += length
    return b""


def _orientation(tiff: bytes) -> bytes:
    """EXIF that says the orientation of this alone, as a TIFF; b"" where it is the usual one or cannot be read."""
    try:
        exif = Image.Exif()
        exif.load_from_fp(BytesIO(tiff))
        turned = int(exif.get(ORIENTATION, 1))
    except Exception:  # As above: then no browser reads it either.
        return b""
    if turned not in range(2, 9):
        return b""
    return b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHHI", ORIENTATION, 3, 1, turned, 0, 0)


def _bare_jpeg(content: bytes) -> bytes:
    opened = BytesIO(content)
    kept, exif, end = [b"\xff\xd8"], b"", 2
    for marker, start, length in _jpeg_parts(opened):
        segment = content[start : start + length]
        end = start + length
        if marker == b"\xe1" and segment.startswith(b"Exif\0") and not exif:
            exif = _orientation(segment[6:])
        if not (b"\xe0" <= marker <= b"\xef" or marker == b"\xfe") or segment.startswith(KEPT_SEGMENTS):
            kept.append(b"\xff" + marker + struct.pack(">H", length + 2) + segment)
    if exif:
        first = 2 if len(kept) > 1 and kept[1][1:2] == b"\xe0" else 1
        kept.insert(first, b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif)
    return b"".join((*kept, content[end : _end_of_jpeg(content, end)]))


def _end_of_jpeg(content: bytes, at: int) -> int:
    """Behind the end of the picture that begins before this place; phones put a second one, or a video, behind it."""
    while found := MARKER.search(content, at):
        if found[1] == b"\xd9":
            return found.end()
        is_alone = found[1] == b"\x01"
        at = found.end() + (0 if is_alone else int.from_bytes(content[found.end() : found.end() + 2], "big"))
    return len(content)


def _bare_png(content: bytes) -> bytes:
    kept, exif = [content[:8]], b""
    parts = list(_png_parts(BytesIO(content)))
    for kind, start, length in parts:
        if kind == b"eXIf":
            exif = _orientation(content[start : start + length])
    for kind, start, length in parts:
        if kind == b"IDAT" and exif:
            kept.append(struct.pack(">I", len(exif)) + b"eXIf" + exif + struct.pack(">I", crc32(b"eXIf" + exif)))
            exif = b""
        if kind != b"eXIf" and kind not in TEXT_CHUNKS:
            kept.append(content[start - 8 : start + length + 4])
    return b"".join(kept)


def _bare_webp(content: bytes) -> bytes:
    kept: list[bytes] = []
    exif = b""
    for kind, start, length in _riff_parts(BytesIO(content)):
        chunk = content[start : start + length]
        if kind == b"EXIF":
            exif = _orientation(chunk.removeprefix(b"Exif\0\0"))
        elif kind != b"XMP ":
            kept.append(kind + struct.pack("<I", len(chunk)) + chunk + b"\0" * (len(chunk) % 2))
    if exif:
        kept.append(b"EXIF" + struct.pack("<I", len(exif)) + exif)
    if kept and kept[0].startswith(b"VP8X"):  # Its flags say which metadata there is.
        flags = kept[0][8] & ~0x0C | (0x08 if exif else 0)
        kept[0] = kept[0][:8] + bytes((flags,)) + kept[0][9:]
    whole = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(whole)) + whole
