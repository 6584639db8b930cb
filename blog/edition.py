"""The edition of the program: the digest of its code and of the libraries that shape what it writes."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from blog.notes import Digest, digest_of, digest_of_bytes

LIBRARIES = (
    "flask",
    "flask-flatpages",
    "frozen-flask",
    "jinja2",
    "markdown",
    "markupsafe",
    "math-core",
    "merman",
    "pillow",
    "pygments",
    "pymdown-extensions",
    "pyyaml",
    "selectolax",
    "werkzeug",
)


@cache
def edition(*folders: str) -> Digest:
    """Another digest whenever the same sources could give other bytes (decision 0007).

    With the names of folders or modules (`covers.py`) in the package, it speaks of their code alone.
    """
    package = Path(__file__).parent
    code = [code_in(package / folder) for folder in folders] or [code_in(package)]
    return digest_of((code, versions()))


@cache
def versions() -> tuple[tuple[str, str], ...]:
    """The versions of the libraries that take part in writing a page."""
    return tuple((name, _version(name)) for name in LIBRARIES)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # merman is not made for every machine.
        return ""


def code_in(package: Path) -> tuple[tuple[str, Digest], ...]:
    """The package's modules, those in its folders too: path below it, and digest; or the one module that is named."""
    if package.is_file():
        return ((package.name, digest_of_bytes(package.read_bytes())),)
    modules = sorted((path.relative_to(package).as_posix(), path) for path in package.rglob("*.py"))
    return tuple((name, digest_of_bytes(path.read_bytes())) for name, path in modules)
