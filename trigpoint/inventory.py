"""The files of a folder with their stamps (size, times, inode), which tell whether something changed without reading.

Only plain files inside the folder count. Editors' leftovers and hidden files
are passed over in silence, and copies of texts are named. Paths are in NFC
whatever the disk has (`on_disk`); links that lead out, devices, pipes and names that
no host can serve are named as Faults and never opened. Errors of the system
are kept apart from the author's mistakes: what can't be looked at now is as it
was before.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Container, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from unicodedata import is_normalized, normalize

from trigpoint.faults import Fault
from trigpoint.file_reading import SETTLING, Stamp, UnsettledError, content_digest, settled, stamp_in
from trigpoint.notes import Digest

__all__ = ["SETTLING", "Stamp", "content_digest", "settled"]  # Of `file_reading`, for who looks at folders.

Mark = tuple[int, int]
"""Size and time of modification (ns) of a frozen file. Not the time of change: that is another with each link to the
file, and with each that goes; and a copy, or a cache that is laid out again, keeps what is here."""

LEFTOVERS = re.compile(
    r"(?:\..*|.*~|~\$.*|\#.*\#|.*___jb_(?:tmp|old)___|4913|nohup\.out"
    r"|.*\.(?:sw[a-p]|te?mp|part|partial|crdownload|download|bak|orig|rej|old|new|save|lck|kate-swp|autosave)"
    r"|(?:eh)?thumbs\.db|desktop\.ini|icon\r|@eadir|\#recycle|@recycle|\$recycle\.bin|lost\+found"
    r"|system volume information|__macosx|__pycache__|node_modules)",
    re.IGNORECASE,
)
"""Whole names of what editors, browsers, disks and package managers leave behind."""

SET_ASIDE = re.compile(
    r"\.sync-conflict-\d|\((?:[^()]*\s)?conflicted copy\b|\(case conflict\b|\[conflict\b|\bin conflict\b.*\d{4}",
    re.IGNORECASE,
)
"""In names of what Syncthing, Dropbox, Nextcloud and others set aside where a file was changed in two places."""

COPY_OF_SOURCE = re.compile(r"\.(?:md|markdown)(?![A-Za-z0-9]).", re.IGNORECASE)
"""In names of files that may hold the text of an article, a draft's too: `a.md.1`, `a.md (copy)`."""

WELL_KNOWN = ".well-known"
"""The one hidden folder that is served, at the top: security.txt and the like live there. Source: RFC 8615."""
UNSERVABLE = re.compile(r"[\x00-\x1f\x7f\\\udc80-\udcff]")
READABLE = (".markdown", ".mdx", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")
"""Endings behind `.md` that are no copy of a text; a `.markdown` or `.mdx` is named by who reads sources."""

SUFFIX = ".md"
"""How the name of a source ends."""

COMPUTED_SUFFIXES = (".qmd", ".rmd", ".rmarkdown")
"""How the names of sources end whose code Quarto or knitr runs."""

FOREIGN_SUFFIXES = (SUFFIX, ".markdown", ".mdown", ".mkd", ".mkdn", ".mdx", *COMPUTED_SUFFIXES)
"""How the names of sources end in the folder of another blog, in any case."""

TWO_FORMS = (
    "has the same name as another, in another Unicode form (NFC and NFD); it is not read.",
    "Rename one of them.",
)
DEEPEST = 100
"""Folders in each other. Many more, and neither Python nor a host could go down there."""

PATIENCE = 2.0
"""Seconds until a file is tried again that the system did not give."""

SIZE_LIMIT = 2_000_000
"""Bytes of one source: sixty times a long article."""


HTML_POST = re.compile(r"posts/(?:.*/)?\d{4}-\d{1,2}-\d{1,2}-[^/]+\.html?\Z", re.I)
"""A post in HTML, as Jekyll has them; other files in HTML are published as they are."""


def is_source(path: str, lenient: bool) -> bool:
    """Whether the file at this path is read as the text of a page. `lenient`: it lies in the folder of another blog."""
    is_foreign = lenient and (path.lower().endswith(FOREIGN_SUFFIXES) or HTML_POST.match(path) is not None)
    return path.endswith(SUFFIX) or is_foreign


def is_knitted(path: str, paths: Container[str]) -> bool:
    """Whether beside this source, whose code is run, lies the text that came of it: that one is the page."""
    stem, suffix = os.path.splitext(path)
    made = (f"{stem}{ending}" for ending in (SUFFIX, ".markdown", ".html"))
    return suffix.lower() in COMPUTED_SUFFIXES and any(each in paths and is_source(each, lenient=True) for each in made)


@dataclass(frozen=True, slots=True)
class Inventory:
    """The files below a folder: `stamps` by path ("posts/a.md"), and what was found wrong."""

    stamps: Mapping[str, Stamp] = field(default_factory=lambda: MappingProxyType({}))
    faults: tuple[Fault, ...] = ()
    missing: bool = False


def inventory(root: Path, name: str, before: Inventory) -> Inventory:
    """What is below `root` now. `name` is what Faults call it; a part that can't be listed is as it was `before`."""
    walk = _Walk(os.path.realpath(root), name, before)
    try:
        walk.enter("", walk.root)
    except (FileNotFoundError, NotADirectoryError):
        fault = Fault(
            name, 0, 0, "There is no such folder.", "Bring it back, or set `pages` in site.toml.", kind="no-folder"
        )
        return Inventory(before.stamps, (fault,), missing=True)
    return Inventory(MappingProxyType(dict(sorted(walk.stamps.items()))), tuple(sorted(walk.faults)))


class _Walk:
    def __init__(self, root: str, name: str, before: Inventory) -> None:
        self.root, self.name, self.before = root, name, before
        self.stamps: dict[str, Stamp] = {}
        self.faults: list[Fault] = []
        self.entered: set[str] = set()

    def enter(self, folder: str, place: str) -> None:
        """Take stock of a folder ("" or "posts/"), which lies at this place on the disk."""
        try:
            with os.scandir(place) as entries:
                shown = [entry for entry in entries if not _is_passed_over(folder, entry.name)]
                found = sorted(shown, key=lambda entry: (not is_normalized("NFC", entry.name), entry.name))
        except (FileNotFoundError, NotADirectoryError):
            if not folder:
                raise
            return
        except OSError as error:
            self._keep(folder, error)
            return
        for entry in found:
            self._take(folder + normalize("NFC", entry.name), entry)

    def _take(self, path: str, entry: os.DirEntry[str]) -> None:
        if UNSERVABLE.search(entry.name):
            self._blame(path, "has a character in its name that no address can hold.", "Rename it.")
            return
        if found := _not_for_readers(entry.name):
            self._blame(path, *found, warning=True)
            return
        try:
            if entry.is_symlink():
                self._follow(path, entry)
            elif entry.is_dir(follow_symlinks=False):
                self._descend(path, entry.path)
            else:
                self._stamp(path, entry.stat(follow_symlinks=False))
        except FileNotFoundError:
            return
        except OSError as error:
            self._keep(path, error)

    def _descend(self, path: str, place: str) -> None:
        if path in self.entered:
            self._blame(path, *TWO_FORMS)
        elif path.count("/") < DEEPEST:
            self.entered.add(path)
            self.enter(path + "/", place)
        else:
            self._blame(path, f"lies in more than {DEEPEST} folders; it is not looked into.", "Move it further up.")

    def _stamp(self, path: str, status: os.stat_result) -> None:
        if path in self.stamps:
            self._blame(path, *TWO_FORMS)
        elif stat.S_ISREG(status.st_mode):
            self.stamps[path] = stamp_in(status)
        else:
            self._blame(path, "is a pipe, a socket or a device, and a file is wanted.", "Move it out of the folder.")

    def _follow(self, path: str, entry: os.DirEntry[str]) -> None:
        target = os.path.realpath(entry.path)
        inside = target == self.root or target.startswith(self.root + os.sep)
        steps = os.path.relpath(target, self.root).split(os.sep) if inside and target != self.root else []
        inside = inside and not any(_is_passed_over("/".join(steps[:at]), step) for at, step in enumerate(steps))
        if inside and os.path.isfile(target):
            self._stamp(path, os.stat(target))
        elif not (inside and os.path.isdir(target) and entry.path.startswith(target)):
            # (A loop shows what is listed already.)
            fate = _fate(target, inside)
            self._blame(path, f"is a link that {fate}; it is not followed.", "Copy what it points at, or remove it.")

    def _blame(self, path: str, sentence: str, cure: str, warning: bool = False) -> None:
        shown = f"{self.name}/{path}".encode(errors="backslashreplace").decode()
        printable = UNSERVABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), shown)
        self.faults.append(Fault(printable, 0, 0, f"This {sentence}", cure, warning, kind="file-name"))

    def _keep(self, path: str, error: OSError) -> None:
        """What the system does not let us see is as it was: a file, or all in a folder ("" or with or without `/`)."""
        self.faults.append(unreadable(f"{self.name}/{path}".rstrip("/"), error))
        path, before = path.rstrip("/"), self.before.stamps.items()
        self.stamps |= {
            known: stamp for known, stamp in before if not path or known == path or known.startswith(path + "/")
        }


def is_leftover(name: str) -> bool:
    """Whether a file or folder of this name is passed over in silence: it is hidden, or somebody's leftover."""
    return LEFTOVERS.fullmatch(name) is not None


def is_left_out(name: str) -> bool:
    """Whether a file or folder of this name is in no inventory, in silence or with a Fault."""
    return is_leftover(name) or UNSERVABLE.search(name) is not None or _not_for_readers(name) is not None


def _not_for_readers(name: str) -> tuple[str, str] | None:
    """Why a file of this name is neither read nor served, and what to do: text may be lost in it, or given away."""
    if SET_ASIDE.search(name):
        return (
            "was set aside by a program that syncs files, as it was changed in two places; it is not published.",
            "Take over what is missing, and remove it.",
        )
    if COPY_OF_SOURCE.search(name) and not name.lower().endswith((".md", *READABLE)):
        return (
            "may be the text of an article, but its name does not end in `.md`; it is neither read nor served.",
            "Rename it, or remove it.",
        )
    return None


def on_disk(root: Path, path: str) -> str:
    """The name under which the disk knows the file at this path (in NFC) below `root`; macOS may have written NFD."""
    whole_name = os.path.join(root, path)
    if path.isascii() or os.path.lexists(whole_name):
        return whole_name
    name = str(root)
    for part in path.split("/"):
        name = os.path.join(name, _spelt(name, part))
    return name


def file_below(root: Path, path: str) -> str | None:
    """Where the file at this path below `root` lies on the disk; None where none does.

    What leads out is none: by a link, by `..` (an address may say it), or from the root of the machine.
    """
    if ".." in path.split("/") or "\0" in path:
        return None
    folder = os.path.realpath(root)
    found = os.path.realpath(on_disk(Path(folder), path))
    return found if found.startswith(folder + os.sep) and os.path.isfile(found) else None


def _spelt(folder: str, name: str) -> str:
    """How this folder spells a name; the name as it is where it has none such."""
    if name.isascii() or os.path.lexists(os.path.join(folder, name)):
        return name
    with suppress(OSError), os.scandir(folder) as entries:
        return next((entry.name for entry in entries if normalize("NFC", entry.name) == normalize("NFC", name)), name)
    return name


def _is_passed_over(folder: str, name: str) -> bool:
    return is_leftover(name) and (folder != "" or name != WELL_KNOWN)


def _fate(target: str, inside: bool) -> str:
    if not inside:
        return "leads out of the folder"
    return "leads to a folder" if os.path.isdir(target) else "leads nowhere"


def unreadable(path: str, error: OSError) -> Fault:
    """The Fault of a file or folder that the system does not give us now."""
    reason = (error.strerror or str(error)).lower()
    cure = "Readers get what was there before; it is tried again."
    return Fault(path, 0, 0, f"This can't be read: {reason}.", cure, kind="unreadable")


def stamp_of(filename: str) -> Stamp:
    """The stamp of one file. Raises OSError."""
    return stamp_in(os.lstat(filename))


def mark_of(filename: str) -> Mark:
    """The mark of a frozen file. Raises OSError."""
    status = os.lstat(filename)
    return status.st_size, status.st_mtime_ns


class FileDigests:
    """The digests of the files beside the pages, read again when their stamps change."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[str, tuple[Stamp, Digest]] = {}
        self.stamps: Mapping[str, Stamp] = {}
        self.stop_watching = False
        """Whether a file must be the one that was looked at. A reader gets what is there, and soon the rest."""

    def digest(self, path: str) -> Digest:
        """The digest of the file at this path below pages/, "" where there is none, or it is closed to us.

        Raises OSError where the system does not give it now: that is no answer.
        """
        stamp = self.stamps.get(path)
        if stamp is None:
            return Digest("")
        known = self._known.get(path)
        if known is None or known[0] != stamp:
            filename = on_disk(self._root, path)
            try:
                known = self._known[path] = (stamp, content_digest(filename, stamp))
            except UnsettledError:
                if self.stop_watching:
                    raise
                return content_digest(filename)
            except (FileNotFoundError, PermissionError):  # Their end is seen: it changes a stamp.
                return Digest("")
        return known[1]
