"""Pictures beside the pages: how large they are, by their headers alone, and smaller variants, as WebP and AVIF.

Nothing is decoded to learn a size, and nothing of more than PIXELS is ever decoded. With `social_cards` and
`lettering` the only door to Pillow.
"""

from __future__ import annotations

import os
import posixpath
import re
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

from PIL import Image
from PIL.Image import Resampling, Transpose

from trigpoint.background import refuse_in_a_hurry
from trigpoint.cache import Cache
from trigpoint.code_digest import maker_digest
from trigpoint.file_reading import LFS, Stamp, content_digest, stamp_in
from trigpoint.images.gps import location_in, without_location
from trigpoint.inventory import on_disk
from trigpoint.library.snapshot import PICTURES, FileDigest, Location, Picture
from trigpoint.notes import Digest, digest_of

Image.MAX_IMAGE_PIXELS = None  # Pillow would warn, where we refuse: PIXELS is looked at before anything is decoded.

PIXELS = 40_000_000
"""What is decoded at most: 160 MB of memory."""

TRANSPARENT_PIXELS = 16_000_000
"""The same of a picture that may be transparent: Pillow makes two or three copies of it."""

LARGEST_FILE = 100_000_000
"""Bytes of a file that is looked into."""

LARGEST_SIDE = 16_383
"""Pixels that a WebP has at most, in width and in height."""

PIECE = 1 << 20
"""Bytes that are read at a time."""

WIDTHS = (480, 800, 1200)
"""Of smaller variants, in pixels: a phone, the column of text, the same on a fine screen."""

QUALITIES = {"webp": (78, 60, 40, 20, 5), "avif": (55, 40, 25, 10)}
"""The next is tried where a WebP is larger than the original, and an AVIF is no smaller than the WebP."""

AVIF = {"speed": 6, "max_threads": 1}
"""At this speed an AVIF takes six times as long as a WebP; faster ones are hardly smaller than it (decision 0017)."""

PHOTO_WIDTH = 480
"""A JPEG of that many pixels is a photograph, which has AVIF variants. A PNG is a drawing, and WebP suits it."""

DIRECT = ("RGB", "RGBA", "L")
"""Modes of Pillow that need no conversion."""

ORIENTATION = 0x0112
TURNED = (5, 6, 7, 8)
"""EXIF orientations that swap width and height."""

TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM, 5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270, 7: Transpose.TRANSVERSE, 8: Transpose.ROTATE_90,
}  # fmt: skip
"""What undoes each orientation."""

SIDEWAYS = tuple(TURNS[orientation] for orientation in TURNED)

SVG_START = re.compile(r"<svg\b([^>]*)>", re.S)
SVG_NUMBER = re.compile(r'\s(width|height)\s*=\s*["\'](\d+(?:\.\d+)?)(?:px)?["\']')
SVG_BOX = re.compile(r'\sviewBox\s*=\s*["\'][\s,]*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)')


class Pictures:
    """The pictures of a folder; a header is read again when its stamp changes, a variant made once for each content."""

    def __init__(
        self, root: Path, file_digest: FileDigest, cache: Cache, forms: tuple[str, ...] = ("avif", "webp")
    ) -> None:
        self._forms = frozenset(forms)
        self._root, self._file_digest, self._cache = root, file_digest, cache
        self._known: dict[str, tuple[Stamp, Picture]] = {}
        self._locations: dict[str, tuple[Stamp, Location]] = {}
        self._lock = threading.Lock()
        self.stamps: Mapping[str, Stamp] = {}

    def picture(self, path: str) -> Picture | None:
        """What the header of the picture at this path below pages/ says; None for what is no picture by its name."""
        stamp = self.stamps.get(path)
        if stamp is None or not path.lower().endswith(PICTURES):
            return None
        known = self._known.get(path)
        if known is None or known[0] != stamp:
            picture = self._with_forms(picture_in(self._place(path)))
            if stamp_in(os.stat(self._place(path))) != stamp:  # It is being written: a next look finds it whole.
                return picture
            known = self._known[path] = (stamp, picture)
        return known[1]

    def _with_forms(self, picture: Picture) -> Picture:
        """The picture with the variants that the site wants."""
        kinds = tuple(kind for kind in picture.kinds if kind in self._forms)
        return replace(picture, kinds=kinds, widths=picture.widths if kinds else ())

    def location(self, path: str) -> Location:
        """Whether the file at this path below pages/ says where it was taken."""
        stamp = self.stamps.get(path)
        if stamp is None:
            return ""
        known = self._locations.get(path)
        if known is None or known[0] != stamp:
            known = self._locations[path] = (stamp, location_in(self._place(path)))
        return known[1]

    def original(self, path: str) -> bytes:
        """The file at this path, without the place where it was taken. Raises OSError."""
        content = self._place(path).read_bytes()
        return without_location(content) if self.location(path) == "removable" else content

    def _place(self, path: str) -> Path:
        return Path(on_disk(self._root, path))

    def variant(self, path: str, width: int, kind: str) -> bytes | None:
        """The picture in this width as "webp" or "avif"; None where it is damaged, or has no such variant.

        One at a time: a large picture may take 160 MB while it is made smaller. Raises NotReadyError in a hurry.
        """
        known = self.picture(path)
        if known is None or width not in known.widths or kind not in known.kinds:
            return None
        if kept := self._in_cache(path, width, kind)[1]:
            return kept
        refuse_in_a_hurry(("picture", path, width, kind), partial(self.variant, path, width, kind))
        with self._lock:
            return self._kept(path, width, kind)

    def _in_cache(self, path: str, width: int, kind: str) -> tuple[Digest, bytes | None]:
        """The digest of the picture, by which its variants are kept, and the variant."""
        digest = self._file_digest(path)
        kept = self._cache.value("pictures", self._key(digest, width, kind))
        return digest, kept if isinstance(kept, bytes) else None

    def _key(self, digest: Digest, width: int, kind: str) -> Digest:
        return digest_of((digest, width, kind, maker_digest("pictures")))

    def _kept(self, path: str, width: int, kind: str) -> bytes | None:
        digest, kept = self._in_cache(path, width, kind)
        if kept:
            return kept
        try:
            made = self._made(path, width, kind)
        except Exception:  # Its header is sound, and what follows is not: Pillow raises nearly everything then.
            return None
        if made and content_digest(str(self._place(path))) == digest:  # Else it was written meanwhile.
            self._cache.keep("pictures", self._key(digest, width, kind), made)
        return made

    def _made(self, path: str, width: int, kind: str) -> bytes | None:
        if kind == "webp":
            return _webp(self._place(path), width)
        larger = self._kept(path, width, "webp")
        return _avif(self._place(path), width, len(larger) - 1) if larger else None


def picture_in(path: Path) -> Picture:
    """What the header of this file says. The one place where strangers' pictures are opened: no file makes it raise."""
    ending = posixpath.splitext(path.name)[1].lower()
    reader = READERS.get(ending, _raster)
    try:
        return reader(path) if path.stat().st_size <= LARGEST_FILE else Picture(problem="too heavy")
    except Exception as error:  # A damaged AVIF is a RuntimeError, a mistyped tag a struct.error, and so on.
        if isinstance(error, OSError) and error.errno and not isinstance(error, PermissionError):
            raise  # The system does not give it now: that says nothing of the picture.
        return Picture(problem="lfs" if _is_lfs_pointer(path) else "unknown")


def _is_lfs_pointer(path: Path) -> bool:
    """Whether the file stands for one that Git LFS has not fetched."""
    with suppress(OSError), path.open("rb") as opened:
        return opened.read(len(LFS)) == LFS
    return False


def _raster(path: Path) -> Picture:
    with Image.open(path, formats=("PNG", "JPEG", "GIF", "AVIF")) as image:
        width, height = image.size
        if width * height > PIXELS:
            return Picture(width, height, problem="too large")
        if _orientation(image) in TURNED:
            width, height = height, width
        if image.format == "AVIF" or image.format == "GIF" or getattr(image, "is_animated", False):
            return Picture(width, height)
        if not _is_whole(path, image):
            return Picture(width, height, problem="cut off")
        is_photo = image.format == "JPEG" and width >= PHOTO_WIDTH
        is_transparent = image.mode not in ("RGB", "L", "1", "CMYK", "YCbCr") or "transparency" in image.info
        if is_transparent and width * height > TRANSPARENT_PIXELS:
            return Picture(width, height)
    widths = tuple(sorted({min(width, wanted) for wanted in WIDTHS}))
    widths = tuple(each for each in widths if max(1, round(height * each / width)) <= LARGEST_SIDE)
    return Picture(width, height, widths, kinds=("avif", "webp") if is_photo else ("webp",))


def _orientation(image: Image.Image) -> int:
    """As EXIF counts it; 1 where that cannot be read. Pillow itself would decode a whole PNG to look for it behind."""
    try:
        exif = Image.Exif()
        exif.load(image.info.get("exif", b""))
        return int(exif.get(ORIENTATION, 1))
    except Exception:  # Any tag of it may be damaged, each in its own way; the picture is sound without.
        return 1


def _is_whole(path: Path, image: Image.Image) -> bool:
    """A PNG has sums of its own; a JPEG has an end, and some cameras write more behind it."""
    with path.open("rb") as opened:
        if image.format == "PNG":
            return _sums_hold(opened)
        opened.seek(max(0, path.stat().st_size - 65536))
        return b"\xff\xd9" in opened.read(65536)


def _sums_hold(opened: BinaryIO) -> bool:
    """Whether each chunk of a PNG has the sum that it says, up to the last chunk; read piece by piece."""
    opened.seek(8)
    while len(head := opened.read(8)) == 8:
        left, kind = int.from_bytes(head[:4], "big"), head[4:]
        found = crc32(kind)
        while left and (piece := opened.read(min(left, PIECE))):
            found, left = crc32(piece, found), left - len(piece)
        if left or opened.read(4) != found.to_bytes(4, "big"):
            return False
        if kind == b"IEND":
            return True
    return False


def _webp_size(path: Path) -> Picture:
    """By hand: Pillow would make room for the whole picture first. Source: RFC 9649, section 2."""
    with path.open("rb") as opened:
        head = opened.read(30)
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        raise ValueError("no WebP")
    if head[12:16] == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
    elif head[12:16] == b"VP8L":
        packed = int.from_bytes(head[21:25], "little")
        width, height = (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    else:
        width, height = (each & 0x3FFF for each in struct.unpack("<HH", head[26:30]))
    return Picture(width, height, problem="too large" if width * height > PIXELS else "")


def _svg_size(path: Path) -> Picture:
    """A drawing has no pixels; its width and height say its shape."""
    with path.open("rb") as opened:
        start = SVG_START.search(opened.read(65536).decode("utf-8", "replace"))
    if start is None:
        raise ValueError("no SVG")
    sizes = {name: round(float(value)) for name, value in SVG_NUMBER.findall(start[1])}
    box = SVG_BOX.search(start[1])
    if len(sizes) < 2 and box:
        sizes = {"width": round(float(box[1])), "height": round(float(box[2]))}
    return Picture(sizes["width"], sizes["height"]) if len(sizes) == 2 else Picture()


READERS: Mapping[str, Callable[[Path], Picture]] = {".svg": _svg_size, ".webp": _webp_size}


def _webp(path: Path, width: int) -> bytes:
    """Turned as its EXIF says, without EXIF, not larger than the file that it is made from. Raises OSError."""
    with Image.open(path, formats=("PNG", "JPEG")) as image:
        is_png = image.format == "PNG"
        profile = image.info.get("icc_profile") if image.mode in DIRECT else None
        small = _small(image, width)
    most = path.stat().st_size
    if is_png:  # A drawing of few colours is smaller without loss.
        best = QUALITIES["webp"][0]
        either = [_encoded(small, profile, "webp", method=4, quality=best, lossless=lossless) for lossless in (0, 1)]
        if len(found := min(either, key=len)) <= most:
            return found
    return _within(most, small, profile, "webp", method=4)


def _avif(path: Path, width: int, most: int) -> bytes:
    """The same as an AVIF, of so many bytes at most. Raises OSError."""
    with Image.open(path, formats=("JPEG",)) as image:
        profile = image.info.get("icc_profile") if image.mode in DIRECT else None
        small = _small(image, width)
    return _within(most, small, profile, "avif", **AVIF)


def _small(image: Image.Image, width: int) -> Image.Image:
    """The image in this width, in a mode that WebP has.

    It is made smaller step by step, the cheapest first, as each copy of a large one takes 160 MB.
    """
    turn = TURNS.get(_orientation(image))
    across = image.height if turn in SIDEWAYS else image.width
    image.draft(image.mode, (2 * width * image.width // across, 2 * width * image.height // across))
    across = image.height if turn in SIDEWAYS else image.width
    if image.mode not in DIRECT or "transparency" in image.info:
        image = _drawable(image)
    if (factor := across // (3 * width)) > 1:
        image = image.reduce(factor)
    across, along = (image.height, image.width) if turn in SIDEWAYS else (image.width, image.height)
    size = (width, max(1, round(along * width / across)))
    small = image.resize(size[::-1] if turn in SIDEWAYS else size, Resampling.LANCZOS)
    return small.transpose(turn) if turn is not None else small


def _drawable(image: Image.Image) -> Image.Image:
    """In a mode that can be made smaller, and that WebP has."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256).convert("L")
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    return image.convert("RGBA" if has_alpha else "RGB")


def _within(most: int, image: Image.Image, profile: bytes | None, kind: str, **how: int) -> bytes:
    """The image in the best quality that takes no more bytes, else in the least."""
    made = b""
    for quality in QUALITIES[kind]:
        made = _encoded(image, profile, kind, quality=quality, **how)
        if len(made) <= most:
            break
    return made


def _encoded(image: Image.Image, profile: bytes | None, kind: str, **how: int) -> bytes:
    written = BytesIO()
    image.save(written, kind.upper(), icc_profile=profile or b"", **how)
    return written.getvalue()
