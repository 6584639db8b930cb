"""The code of an article: which file a block is taken from, when all of it last ran, and the whole as one archive.

An article that has code has a folder code/ beside its index.md. A results.json beside that says of a run: `date`,
`tools` (their versions by name), `machine`, and `code`, the digest of the files that ran.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Response, abort, url_for

from trigpoint.content.pages import Post
from trigpoint.faults import Fault
from trigpoint.file_reading import opened, unsettled
from trigpoint.library.library import Library
from trigpoint.markup.document import RESULTS
from trigpoint.notes import digest_of_bytes
from trigpoint.web.files.author import is_for_readers
from trigpoint.web.kinds import kind
from trigpoint.web.site import Site, current_library, current_settings, current_site

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of each file in an archive, which is the same bytes for the same files."""


@dataclass(frozen=True, slots=True)
class CodeRun:
    """A run of the code that lies beside an article: `tools` are names with versions, `results` is an address."""

    date: dt.date
    tools: tuple[str, ...]
    machine: str
    results: str


@dataclass(frozen=True, slots=True)
class CodeBundle:
    """The code of an article: the address of its archive, how many files there are, its last run where one is told."""

    archive: str
    count: int
    run: CodeRun | None


def posts_with_code(library: Library) -> Iterable[Mapping[str, object]]:
    site = current_site()
    for post in library.posts:
        if any(is_for_readers(site, path) for path in library.code_files(post.path)):
            yield {"slug": post.slug}


@kind("/posts/<slug>/code.zip", posts_with_code)
def code_archive(slug: str) -> Response:
    """The files in code/ that readers get, and results.json, in a folder named after the article. The same files give
    the same bytes."""
    library = current_library()
    found = library.post(slug)
    paths = _for_readers(library, found.path) if found else ()
    if not found or not paths:
        abort(404)
    folder = posixpath.dirname(found.path)
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in (*paths, f"{folder}/{RESULTS}"):
            content = _as_served(library, path)
            if content is not None:
                archive.writestr(_member(f"{slug}{path.removeprefix(folder)}", content), content)
    return Response(written.getvalue(), content_type="application/zip")


def code_bundle(post: Post) -> CodeBundle | None:
    """What an article's page says of its code; None where it has none."""
    library = current_library()
    count = len(_for_readers(library, post.path))
    if not count:
        return None
    run = _run(library, post.path, library.code_files(post.path))
    return CodeBundle(url_for("code_archive", slug=post.slug), count, run)


def file_link(library: Library, path: str, name: str) -> str:
    """The link to the file of this name beside the page at `path`, "" where readers have none."""
    address = library.file_address(posixpath.normpath(posixpath.join(posixpath.dirname(path), name)))
    return current_settings().link(address) if address else ""


def changed_code(site: Site) -> Iterator[Fault]:
    """A Fault for each results.json that is of other code than lies beside it."""
    with site.app.app_context():
        yield from tuple(_changed(site.loader.library))


def _changed(library: Library) -> Iterator[Fault]:
    for post in library.posts:
        paths = library.code_files(post.path)
        told = _results(library, post.path) if paths else {}
        if "code" in told and told["code"] != _digest(library, post.path, paths):
            name = f"{current_settings().pages}/{posixpath.dirname(post.path)}/{RESULTS}"
            sentence = "This is of other code than lies in the folder code/ beside it."
            cure = "Run the code again and write it anew; until then no page says when the code ran."
            yield Fault(name, 0, 0, sentence, cure, warning=True, kind="code-changed")


def _run(library: Library, path: str, paths: tuple[str, ...]) -> CodeRun | None:
    """The run that results.json tells of; None where it tells of none, or of other code."""
    told = _results(library, path)
    if told.get("code") != _digest(library, path, paths):
        return None
    try:
        date = dt.date.fromisoformat(told["date"])
        tools = tuple(f"{name} {version}" for name, version in dict(told.get("tools", {})).items())
    except (KeyError, TypeError, ValueError):
        return None
    results = file_link(library, path, RESULTS)
    return CodeRun(date, tools, str(told.get("machine", "")), results)


def _results(library: Library, path: str) -> Mapping[str, Any]:
    content = _content(library, f"{posixpath.dirname(path)}/{RESULTS}")
    try:
        told = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _digest(library: Library, path: str, paths: tuple[str, ...]) -> str:
    """The sha256 over each file's path below code/ and its own sha256, in the order of their paths."""
    start = f"{posixpath.dirname(path)}/code/"
    whole = hashlib.sha256()
    for each in sorted(paths, key=lambda each: each.split("/")):
        own = hashlib.sha256(_content(library, each) or b"").hexdigest()
        whole.update(f"{each.removeprefix(start)} {own}\n".encode())
    return whole.hexdigest()


def _for_readers(library: Library, path: str) -> tuple[str, ...]:
    """The files in code/ that readers get. What is in each is noted, as it may say that they do not."""
    site = current_site()
    return tuple(
        each for each in library.code_files(path) if library.sibling_digest(each) and is_for_readers(site, each)
    )


def _as_served(library: Library, path: str) -> bytes | None:
    """The file at this path below pages/ as readers get it at its own address; None where there is none."""
    content, inputs = _content(library, path), current_site().loader.inputs
    if content is None or inputs.location(path) != "removable":
        return content
    return inputs.pictures.original(path)


def _content(library: Library, path: str) -> bytes | None:
    """The bytes of the file at this path below pages/, None where there is none. Noted by the digest that it had in
    the last look. Raises UnsettledError where it has changed since, other kinds of OSError."""
    digest = library.sibling_digest(path)
    filename = current_site().loader.inputs.disk_path(path) if digest else None
    if filename is None:
        return None
    with opened(filename) as file:
        content = file.read()
    if digest_of_bytes(content) != digest:
        raise unsettled(filename, "This has changed since it was looked at")
    return content


def _member(name: str, content: bytes) -> zipfile.ZipInfo:
    """A file of an archive; one that names its interpreter may be run."""
    member = zipfile.ZipInfo(name, EPOCH)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = (0o100755 if content.startswith(b"#!") else 0o100644) << 16
    return member
