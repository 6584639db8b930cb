"""Which commits changed which article: one `git log` for all of them, kept while the same commit is checked out.

Only what the branch had itself counts, one state after another (`--first-parent`): what a side branch went through
before it was merged, no reader ever had. Uncommitted changes do not count.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from unicodedata import normalize

from trigpoint.cache import Cache
from trigpoint.characters import CONTROLS, NONCHARACTERS, SEPARATORS, shortened
from trigpoint.code_digest import maker_digest
from trigpoint.content.pages import Page, Post
from trigpoint.content.places import is_post
from trigpoint.faults import Fault
from trigpoint.inventory import PATIENCE, is_source
from trigpoint.library.snapshot import Commit, Role
from trigpoint.loading.git import GitError, Repository, State, repository_of, run
from trigpoint.notes import digest_of
from trigpoint.settings import Settings, written_at

MOST = 50
"""Commits of one article, the newest: what is older is cut off."""

SUBJECT = 200
"""Characters of a subject at most."""

WAITS = 10
"""Where git failed, it is asked again after so many times what that took: a call that hangs may take a minute."""

LOG = ("-c", "log.showRoot=true", "log", "-z", "--format=%H%x00%ct%x00%at%x00%s", "--encoding=UTF-8", "--first-parent",
       "-m", "--name-status", "-M", "-l1000", "--relative", "--no-color", "--no-notes",
       "--no-show-signature")  # fmt: skip
ID = re.compile(r"\n?[0-9a-f]{40,64}")
UNPRINTABLE = re.compile(rf"[{CONTROLS}{NONCHARACTERS}{SEPARATORS}\u202a-\u202e\u2066-\u2069\s]+")
SAME = "R100"
"""How git says that a file has another name now, and the same content."""

Commits = Mapping[str, tuple[Commit, ...]]
"""The commits of each article by its path, the newest first."""


@dataclass(frozen=True, slots=True)
class GitLog:
    """What git knows of the articles; `ignored` are ids of commits that are passed over."""

    commits: Commits = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()

    def changes(self, post: Post) -> Iterator[Commit]:
        """The commits that changed this article after the day of its date, the newest first."""
        for each in self.commits.get(post.path, ()):
            if each.role == "change" and each.committed.date() > post.date.date():
                yield each

    def updated(self, post: Post) -> dt.datetime | None:
        """When this article was changed last; None where git knows of no change."""
        return next((each.committed for each in self.changes(post) if each.id not in self.ignored), None)


class GitReader:
    """Reads the log where a setting asks for it, and again only when something of the repository was touched."""

    def __init__(self, settings: Settings, cache: Cache) -> None:
        self._settings, self._cache = settings, cache
        self._wants = next((name for name in ("updated_from_git", "history") if getattr(settings, name)), "")
        self._state: State | None = None
        self._try_again_at = 0.0
        self._dated: dict[str, tuple[Page, Page]] = {}
        self.log = GitLog()

    @property
    def state(self) -> State:
        """What tells, without running git, whether the log may be another now."""
        repository = repository_of(self._settings.pages_folder) if self._wants else None
        return repository.state if repository else ()

    def look(self) -> GitLog:
        """The log as it is now; the same object while it is not another. While git does not answer, the last one."""
        state = self.state
        if self._wants and state != self._state and time.monotonic() >= self._try_again_at:
            self._state = state
            found = self._read()
            if found != self.log:
                self.log = found
        return self.log

    def shown(self, pages: Iterable[Page]) -> Commits:
        """The commits of those of these pages whose history is shown: of articles that were changed."""
        posts = (page for page in pages if isinstance(page, Post)) if self._settings.history else ()
        return {post.path: self.log.commits[post.path] for post in posts if any(self.log.changes(post))}

    def dated(self, page: Page) -> Page:
        """The page, with the day of its last change where it says none. The same object for the same page."""
        if not (self._settings.updated_from_git and isinstance(page, Post)) or page.updated:
            return page
        updated = self.log.updated(page)
        known = self._dated.get(page.path)
        if known is None or known[0] is not page or known[1].updated != updated:
            known = self._dated[page.path] = (page, replace(page, updated=updated) if updated else page)
        return known[1]

    def _read(self) -> GitLog:
        repository = repository_of(self._settings.pages_folder)
        if repository is None:
            return GitLog(faults=(self._fault("there is no repository here.", "Take the setting out, or `git init`."),))
        started = time.monotonic()
        try:
            commits = self._commits(repository)
        except GitError as error:
            self._state, now = None, time.monotonic()
            self._try_again_at = now + max(PATIENCE, WAITS * (now - started))
            cure = "Until it answers, articles have what it said before."
            return replace(self.log, faults=(self._fault(f"{error}.", cure),))
        cure = "`git fetch --unshallow` brings the rest (actions/checkout: `fetch-depth: 0`)."
        shallow = self._fault("this clone is shallow: of older commits nothing is known.", cure)
        return GitLog(commits, repository.ignored, (shallow,) if repository.cut_off_at else ())

    def _fault(self, reason: str, cure: str) -> Fault:
        place, line = written_at(self._settings.root, self._wants)
        sentence = f'"{self._wants}" is on, and {reason}'
        return Fault(place, line, 0, sentence, cure, warning=True, kind="git-history")

    def _commits(self, repository: Repository) -> Commits:
        """From the cache, or from git. Raises GitError."""
        folder, cut_off = self._settings.pages_folder, repository.cut_off_at
        head = run(folder, "rev-parse", "--verify", "--quiet", "HEAD", fine=1).decode().strip()
        if not head:  # Nothing was ever committed.
            return {}
        zone, program = self._settings.time_zone, maker_digest("commits")
        key = digest_of((str(folder.resolve()), head, sorted(cut_off), zone, program))
        known: Commits | None = self._cache.value("commits", key)
        if known is None:
            paths = _texts(run(folder, "ls-tree", "-r", "--name-only", "-z", head, "--", "."))
            said = run(folder, *LOG, head, "--", ".")
            known = commits_in(_texts(said), paths, cut_off, self._settings.zone)
            self._cache.keep("commits", key, known)
        return known


def _texts(said: bytes) -> list[str]:
    return said.decode(errors="surrogateescape").split("\0")[:-1]


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a commit did to one file: git's letter for it, the name that it left it, and the one before."""

    status: str
    name: str
    older: str


@dataclass(slots=True)
class Entry:
    """A commit as the log has it."""

    id: str
    committed: int
    written: int
    subject: str
    changes: list[FileChange]


def entries_in(said: Iterable[str]) -> Iterator[Entry]:
    """The commits of a log in the form of LOG, split at its zero bytes."""
    entry, words = None, iter(said)
    for word in words:
        if ID.fullmatch(word):
            if entry:
                yield entry
            entry = Entry(word.strip(), int(next(words)), int(next(words)), next(words), [])
        elif entry and (status := word.strip()):
            older = next(words)
            entry.changes.append(FileChange(status, next(words) if status[0] in "RC" else older, older))
    if entry:
        yield entry


def commits_in(said: Iterable[str], paths: Iterable[str], cut_off: frozenset[str], zone: dt.tzinfo) -> Commits:
    """The commits of each article, from the words of a log. `paths` are those of all files that are there now."""
    walk = _Walk(paths)
    for entry in entries_in(said):
        for article, (path, is_new) in walk.step(entry.changes).items():
            role: Role = ("edge" if entry.id in cut_off else "first") if is_new else "change"
            commit = _commit(entry, path, role, zone)
            if commit and len(walk.found[article]) <= MOST:
                walk.found[article].append(commit)
    return {normalize("NFC", path): _ended(found) for path, found in walk.found.items() if found[0].role != "edge"}


def _ended(found: list[Commit]) -> tuple[Commit, ...]:
    """So many as are shown; one more says what the oldest of them changed."""
    return tuple(found) if len(found) <= MOST else (*found[:MOST], replace(found[MOST], role="edge"))


def _commit(entry: Entry, path: str, role: Role, zone: dt.tzinfo) -> Commit | None:
    """None where its time is none: anything can be written into a commit."""
    try:
        committed, written = (dt.datetime.fromtimestamp(each, zone) for each in (entry.committed, entry.written))
    except (ValueError, OverflowError, OSError):
        return None
    subject = shortened(UNPRINTABLE.sub(" ", entry.subject).strip(), SUBJECT)
    return Commit(entry.id, committed, written, subject, path, role)


class _Walk:
    """Goes back in time, commit by commit, and follows each article under the names that it had."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._sources = {path: path for path in paths if is_post(path) and is_source(path, lenient=True)}
        """The path that each article had at this time."""
        self._by_name = dict(self._sources)
        self.found: dict[str, list[Commit]] = defaultdict(list)

    def step(self, changes: list[FileChange]) -> dict[str, tuple[str, bool]]:
        """The articles that these changes touched, each with the path of its source, and whether it came with them."""
        touched: dict[str, tuple[str, bool]] = {}
        ends: list[tuple[str, FileChange]] = []
        for change in changes:
            own = self._by_name.get(change.name)
            if own and change.status[0] in "AR":
                ends.append((own, change))
            article = own or self._beside(change.name)
            if article and change.status != SAME:
                is_new = bool(own) and change.status == "A"
                touched[article] = self._sources[article], is_new or touched.get(article, ("", False))[1]
        for article, change in ends:
            self._go_on_under(article, change)
        return touched

    def _beside(self, name: str) -> str | None:
        """The article in whose folder this file lies, or one of the folders above."""
        folder = posixpath.dirname(name)
        while "/" in folder:
            article = self._by_name.get(f"{folder}/index.md")
            if article:
                return article
            folder = posixpath.dirname(folder)
        return None

    def _go_on_under(self, article: str, change: FileChange) -> None:
        """Before this change, the article had another name, or was not there."""
        del self._by_name[change.name]
        if change.status != "A":
            self._by_name[change.older] = article
            self._sources[article] = change.older
