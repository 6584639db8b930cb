"""What each commit changed in the text of an article, word by word, as readers may see it.

Shown is only what readers could have had: a version that is a draft, or is followed by another before the day of the
article is over, was never published, and what differs between two such versions is not told. Compared are the bodies
alone; git itself finds what differs, and only the words around that are kept.
"""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path

from trigpoint.cache import Cache
from trigpoint.characters import HAN_AND_KANA
from trigpoint.code_digest import maker_digest
from trigpoint.content.abstract import without_reading
from trigpoint.content.pages import Page, Post, Rules
from trigpoint.content.read_page import read_page
from trigpoint.inventory import SIZE_LIMIT
from trigpoint.library.snapshot import Commit, begins_of
from trigpoint.loading.git import run
from trigpoint.markup.block_reader import unmarked
from trigpoint.notes import digest_of
from trigpoint.settings import Settings

LARGEST_TEXT, LARGEST_TEXTS = 100_000, 2_000_000
"""Characters of a version that is compared (three times a long article), and of all that are; the newest come first."""

LARGEST_CHANGE, LARGEST_PAGE = 6_000, 200_000
"""Words of one change, and characters of all changes of a page, that are shown; the newest come first."""

AROUND = 30
"""Words that are kept on either side of what differs."""

PIECE = re.compile(rf"(?:[{HAN_AND_KANA}]|[^\W{HAN_AND_KANA}]+|[^\w\s])\s*")
"""A word or a sign, with the space behind it. That is not compared, so that a text may be wrapped anew."""

DIFF = ("diff", "--no-index", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--text",
        "--inter-hunk-context=0", "--diff-algorithm=histogram", f"-U{AROUND}", "a", "b")  # fmt: skip
BLOB = re.compile(rb"([0-9a-f]{40,64}) blob (\d+)")
HUNK = re.compile(r"@@ -(\d+)\S* \+(\d+)\S* @@")
KINDS = {" ": "", "-": "del", "+": "ins"}
GAP = "gap", ""

Part = tuple[str, str]
"""What it is: "" (unchanged), "ins", "del" or "gap" (words left out); and the text."""


@dataclass(frozen=True, slots=True)
class Change:
    """A commit, and what differs in the text; None where that is too much to be shown, () where no word differs.

    `is_first`: before it, readers had nothing of the article.
    """

    commit: Commit
    parts: tuple[Part, ...] | None = ()
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """An article as a commit left it; `page` is None where it cannot be read."""

    commit: Commit
    page: Page | None

    @property
    def body(self) -> str:
        return unmarked(self.page.source.body or "") if self.page else ""


class ChangeStore:
    """Gives the changes of an article, made once for each list of commits."""

    def __init__(self, settings: Settings, cache: Cache) -> None:
        self._settings, self._cache = settings, cache

    def changes(self, post: Post, commits: Sequence[Commit]) -> tuple[Change, ...]:
        """What these commits (the newest first) changed for readers of this article, in that order. Raises OSError."""
        settings, program = self._settings, maker_digest("changes")
        key = digest_of((tuple(commits), post.date, settings.time_zone, settings.is_lenient, program))
        known: tuple[Change, ...] | None = self._cache.value("changes", key)
        if known is None:
            known = tuple(self._made(post, commits))
            self._cache.keep("changes", key, known)
        return known

    def _made(self, post: Post, commits: Sequence[Commit]) -> list[Change]:
        contents = contents_of(self._settings.pages_folder, [f"{each.id}:./{each.path}" for each in commits])
        rules = Rules(self._settings.zone, tags_open=True, lenient=self._settings.is_lenient)
        versions = [_version(*each, rules) for each in zip(commits, contents, strict=True)]
        public = list(public_versions(versions[::-1], post.date.date()))
        differences = word_diffs([each.body for each in public])
        found = [Change(new.commit, parts) for new, parts in zip(public[1:], differences, strict=True)]
        first = [Change(public[0].commit, is_first=True)] if public and commits[-1].role == "first" else []
        return [*bounded(found[::-1]), *first]


def _version(commit: Commit, content: bytes | None, rules: Rules) -> Version:
    if content is None:
        return Version(commit, None)
    return Version(commit, read_page(commit.path, content, rules, lambda body, _: without_reading(body))[0])


def public_versions(versions: Sequence[Version], day: dt.date) -> Iterator[Version]:
    """Those of these versions (the oldest first) that readers could have had, of an article of this day."""
    for version, later in zip(versions, [*versions[1:], None], strict=True):
        page = version.page
        if page is None or page.draft:
            continue
        begins = begins_of(page)
        begun = max(day, begins.date()) if begins else day
        if begun < min(later.commit.written, later.commit.committed).date() if later else begun == day:
            yield version


def bounded(changes: Iterable[Change]) -> Iterator[Change]:
    """The same changes, without the parts of those for which a page has no room."""
    room = LARGEST_PAGE
    for change in changes:
        room -= sum(len(text) for _, text in change.parts or ())
        yield change if room >= 0 else replace(change, parts=None)


def contents_of(folder: Path, names: Sequence[str]) -> list[bytes | None]:
    """The content of each of these objects (`<commit>:./<path>`); None: too large, or none. Raises OSError."""
    asked = "".join(f"{'-' if chr(10) in name else name}\n" for name in names).encode(errors="surrogateescape")
    told = run(folder, "cat-file", "--batch-check", given=asked).split(b"\n")[:-1]
    blobs = map(BLOB.fullmatch, told)
    ids = [blob[1] if blob and int(blob[2]) <= SIZE_LIMIT else b"" for blob in blobs]
    wanted = b"".join(b"%s\n" % each for each in dict.fromkeys(ids) if each)
    by_id = _contents(run(folder, "cat-file", "--batch", given=wanted))
    return [by_id.get(each) for each in ids]


def _contents(said: bytes) -> Mapping[bytes, bytes]:
    """The objects that `cat-file --batch` wrote, by their ids."""
    found, at = {}, 0
    while at < len(said):
        start = said.index(b"\n", at) + 1
        name, _, size = said[at:start].split()
        at = start + int(size) + 1
        found[name] = said[start : at - 1]
    return found


def word_diffs(texts: Sequence[str]) -> list[tuple[Part, ...] | None]:
    """What differs between each text and the one before it; None where that is too much, or one of both.

    Raises OSError.
    """
    pieces = list(_pieces(texts[::-1]))[::-1]
    with tempfile.TemporaryDirectory() as folder:
        for side, shown in (("a", pieces[:-1]), ("b", pieces[1:])):
            Path(folder, side).mkdir()
            for number, each in enumerate(shown):
                lines = "".join(f"{piece.rstrip()}\n" for piece in each or ())
                Path(folder, side, str(number)).write_bytes(lines.encode(errors="surrogatepass"))
        alone = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CEILING_DIRECTORIES": folder}
        said = run(Path(folder), *DIFF, fine=1, others=alone).decode(errors="surrogateescape")
    hunks = hunks_in(said)
    return [_difference(hunks.get(number, ()), old, new) for number, (old, new) in enumerate(pairwise(pieces))]


def _pieces(texts: Iterable[str]) -> Iterator[list[str] | None]:
    """The words and signs of each text; None where it is too large, or there were too many before it."""
    room = LARGEST_TEXTS
    for text in texts:
        room -= len(text)
        yield PIECE.findall(text) if len(text) <= LARGEST_TEXT and room >= 0 else None


@dataclass(slots=True)
class Hunk:
    """A place where two texts differ: the numbers of its first word in both, and the sign of each of its words."""

    old: int
    new: int
    signs: list[str] = field(default_factory=list)


def hunks_in(said: str) -> Mapping[int, Sequence[Hunk]]:
    """The hunks of each two files that a number names, from what git says of both folders."""
    found: dict[int, list[Hunk]] = {}
    hunks: list[Hunk] = []
    for line in said.split("\n"):
        if line.startswith("diff "):
            hunks = found[int(line.rpartition("/")[2])] = []
        elif start := HUNK.match(line):
            hunks.append(Hunk(max(int(start[1]) - 1, 0), max(int(start[2]) - 1, 0)))
        elif hunks:
            hunks[-1].signs.extend(line[:1])
    return found


def _difference(hunks: Sequence[Hunk], old: list[str] | None, new: list[str] | None) -> tuple[Part, ...] | None:
    if old is None or new is None or sum(len(hunk.signs) for hunk in hunks) > LARGEST_CHANGE:
        return None
    return tuple(_parts(hunks, old, new))


def _parts(hunks: Sequence[Hunk], old: Sequence[str], new: Sequence[str]) -> Iterator[Part]:
    """The hunks as texts, with what is between them left out."""
    end = 0
    for hunk in hunks:
        if hunk.new > end:
            yield GAP
        end = hunk.new + len(hunk.signs) - hunk.signs.count("-")
        for sign, words in groupby(_words(hunk, iter(old[hunk.old :]), iter(new[hunk.new :])), key=itemgetter(0)):
            yield from _with_space_outside(KINDS[sign], "".join(word for _, word in words))
    if hunks and end < len(new):
        yield GAP


def _words(hunk: Hunk, old: Iterator[str], new: Iterator[str]) -> Iterator[tuple[str, str]]:
    """The words of a hunk, each with its sign; what both texts have is as the new one has it."""
    for sign in hunk.signs:
        if sign != "+":
            word = next(old)
        if sign != "-":
            word = next(new)
        yield sign, word


def _with_space_outside(kind: str, text: str) -> Iterator[Part]:
    """The space behind what is new or gone is no part of it."""
    words = text.rstrip() if kind else text
    yield kind, words
    if words != text:
        yield "", text[len(words) :]
