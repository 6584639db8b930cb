"""The edition of the program: the digest of its code and of the libraries that shape what it writes."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from pathlib import Path

from blog.notes import Digest, digest_of, digest_of_bytes

LIBRARIES = (
    "flask",
    "jinja2",
    "markdown",
    "markupsafe",
    "pygments",
    "pymdown-extensions",
    "pyyaml",
    "selectolax",
    "werkzeug",
)


@cache
def edition() -> Digest:
    """Another digest whenever the same sources could give other bytes (decision 0007)."""
    package = Path(__file__).parent
    code = tuple(
        (path.relative_to(package).as_posix(), digest_of_bytes(path.read_bytes()))
        for path in sorted(package.rglob("*.py"))
    )
    return digest_of((code, tuple((name, version(name)) for name in LIBRARIES)))
