"""The digest of the engine's code and of the versions of libraries that shape what it writes."""

from __future__ import annotations

import ast
import os
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path
from zoneinfo import TZPATH

from trigpoint.notes import Digest, digest_of, digest_of_bytes

LIBRARIES = (
    "flask",
    "flask-flatpages",
    "frozen-flask",
    "jinja2",
    "markdown",
    "markdown-it-py",
    "markupsafe",
    "math-core",
    "merman",
    "pillow",
    "pygments",
    "pyyaml",
    "selectolax",
    "tzdata",
    "werkzeug",
)


_TEXTS = ("characters.py", "encoding.py", "fault_list.py", "faults.py", "languages.py", "toml_lines.py")
_COUNTING = ("markup", "content/pages.py", "content/slugs.py", "search/tokens.py", "loading/word_store.py", *_TEXTS)

MADE_BY: Mapping[str, tuple[str, ...]] = {
    "sources": ("content", "markup", "search/tokens.py", "inventory.py", "loading/sources.py", "loading/rendering.py",
                "loading/workers.py", *_TEXTS),
    "documents": ("markup", "content/abstract.py", "content/pages.py", "content/slugs.py", "search/tokens.py",
                  "loading/documents.py", "loading/rendering.py", "loading/workers.py", *_TEXTS),
    "words": _COUNTING,
    "manifests": (*_COUNTING, "search", "loading/search_index.py"),
    "commits": ("content", "markup", "inventory.py", "library/snapshot.py", "loading/git.py", "loading/git_log.py",
                *_TEXTS),
    "changes": ("content", "markup", "library/snapshot.py", "loading/git.py", "loading/git_changes.py", *_TEXTS),
    "pictures": ("images/pictures.py", "images/gps.py"),
    "drawings": ("images", "characters.py"),
}  # fmt: skip
"""The folders and modules that make what the cache keeps: other versions of them do not take it for their own.

An upgrade that changed none of them makes nothing of it anew (decision 0011). A test reads their imports, and says
which one is not named here.
"""

PACKAGE, STANDARD = Path(__file__).parent, Path(ast.__file__).parent
INSTALLED = frozenset(("site-packages", "dist-packages"))
"""The folders of this package and of Python's own modules, and the names of those of all that is installed."""

SHIPPED = "_shipped"
"""The folder in the wheel that holds the theme and the files of a new site: no part of the program."""


@cache
def program_digest(*folders: str) -> Digest:
    """Another digest whenever the same sources could give other bytes (decision 0007).

    With the names of folders or modules (`covers.py`) in the package, it speaks of their code alone.
    """
    code = [each for each in _modules() if not folders or each[0].startswith(_prefixes(folders))]
    return digest_of((code, versions()))


def _prefixes(folders: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name if name.endswith(".py") else f"{name}/" for name in folders)


@cache
def _modules() -> tuple[tuple[str, Digest], ...]:
    """This package's modules, as they were when this was first asked: when the application was made (`application`).

    A process that runs on while an upgrade is laid beneath it keeps nothing in the name of the new program.
    """
    return code_in(PACKAGE)


def maker_digest(kind: str) -> Digest:
    """The digest of the program as far as it makes what the cache keeps as this kind (of MADE_BY)."""
    return program_digest(*MADE_BY[kind])


@cache
def versions() -> tuple[tuple[str, str], ...]:
    """The versions of what takes part in writing a page: libraries, Python and its Unicode, zlib, time zones."""
    python = sys.version.split()[0]
    below = (("python", python), ("zlib", zlib.ZLIB_RUNTIME_VERSION), ("zones", _version_of_zones()))
    return (*below, *((name, _version(name)) for name in LIBRARIES))


def _version_of_zones() -> str:
    """The version of the system's time zones, which Python takes before those of `tzdata`."""
    for folder in map(Path, TZPATH):
        with suppress(OSError), (folder / "tzdata.zi").open("rb") as file:
            return file.readline(100).decode("utf-8", "replace").strip()
    return ""


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # merman is not made for every machine.
        return ""


def code_in(package: Path) -> tuple[tuple[str, Digest], ...]:
    """The package's modules, those in its folders too: path below it, and digest."""
    modules = sorted(
        (path.relative_to(package).as_posix(), path) for path in package.rglob("*.py") if SHIPPED not in path.parts
    )
    return tuple((name, digest_of_bytes(path.read_bytes())) for name, path in modules)


def code_of_site(files: Iterable[Path], root: Path) -> tuple[tuple[str, Digest | str], ...]:
    """A site's own modules: these, what they import from the site's folder or from beside them, in turn, and what was
    loaded from the site's folder by another road (`sys.path`, a name that is computed). And the versions of the
    packages that they import.

    What lies in this package is left out: `program_digest` is about that.
    """
    known: dict[Path, bytes] = {}
    waiting = sorted(file.resolve() for file in files)
    folders = tuple(dict.fromkeys((root.resolve(), *(file.parent for file in waiting))))
    waiting += sorted(_loaded_from(folders[0]))
    while waiting:
        file = waiting.pop()
        if file not in known and not file.is_relative_to(PACKAGE.resolve()):
            known[file] = file.read_bytes() if file.is_file() else b""
            waiting += _imported(known[file], file, folders)
    own = sorted((_name_of(file, folders), digest_of_bytes(code)) for file, code in known.items())
    names = {name.partition(".")[0] for code in known.values() for level, name in _names_in(code) if not level}
    ours = {PACKAGE.name, *LIBRARIES, *(part.removesuffix(".py") for name, _ in own for part in name.split("/"))}
    return (*own, *_packages(names - ours - sys.stdlib_module_names))


def _loaded_from(root: Path) -> Iterator[Path]:
    """The files below this folder that modules were loaded from, but for what is installed there, as in `.venv`."""
    foreign = (f"{PACKAGE}{os.sep}", f"{STANDARD}{os.sep}")
    names = {str(getattr(module, "__file__", None) or "") for module in tuple(sys.modules.values())}
    for name in names:
        if name.endswith(".py") and not name.startswith(foreign) and INSTALLED.isdisjoint(Path(name).parts):
            file = Path(name).resolve()
            if file.is_relative_to(root):
                yield file


def _packages(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The versions of the packages that are imported by these names.

    Most are called as their distribution is; to look for the others takes longer than all else here.
    """
    others = []
    for name in sorted(names):
        if found := _version(name):
            yield name, found
        else:
            others.append(name)
    by_name = packages_distributions() if others else {}
    for name in others:
        yield from ((each, _version(each)) for each in sorted({*by_name.get(name, ())}))


def _name_of(file: Path, folders: tuple[Path, ...]) -> str:
    """The path below the folder: the same on every machine."""
    return next((file.relative_to(each).as_posix() for each in folders if file.is_relative_to(each)), file.name)


def _imported(code: bytes, file: Path, folders: tuple[Path, ...]) -> Iterator[Path]:
    """The files in these folders that a module could mean by its imports, packages included."""
    for level, name in _names_in(code):
        for folder in (file.parents[level - 1],) if level else folders:
            parts = name.split(".")
            for place in (folder.joinpath(*parts[:end]) for end in range(1, len(parts) + 1)):
                found = (place.with_name(f"{place.name}.py"), place / "__init__.py")
                yield from (each.resolve() for each in found if each.is_file())


@cache
def _names_in(code: bytes) -> tuple[tuple[int, str], ...]:
    """What a module imports: the number of leading dots, and the dotted name."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):  # Compiled, or of another language: its bytes are all that is known.
        return ()
    return tuple(name for node in ast.walk(tree) for name in _names_of(node))


def _names_of(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Import):
        yield from ((0, alias.name) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        start = f"{node.module}." if node.module else ""
        yield from ((node.level, start + alias.name) for alias in node.names)
