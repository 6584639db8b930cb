"""The media types that a web server must know: by the endings of the files that the site has. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from mimetypes import guess_type

from trigpoint.library.library import Library
from trigpoint.web.assets import MEDIA_TYPES


def media_types(library: Library) -> Mapping[str, str]:
    """The type of each ending, in their order. A server's own list is another one on each machine."""
    endings = {posixpath.splitext(path)[1].lower() for path in library.addresses.files}
    guessed = {each: found for each in endings if each and (found := guess_type(f"x{each}")[0])}
    return dict(sorted((guessed | MEDIA_TYPES | {".html": "text/html"}).items()))
