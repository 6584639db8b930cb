"""A law: while lists_digest is as it was, every question that depends on LISTS has the answer that it had."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from itertools import product

from tests.library.test_library import CPP, GO, NOW, RARE, library_of
from tests.library.test_paging import post
from trigpoint.content.pages import Author, Cover, Page, Part, Post, Source, Tag
from trigpoint.faults import Fault
from trigpoint.library.library import Library
from trigpoint.library.snapshot import Commit, File, Picture, Snapshot
from trigpoint.markup.document import Document
from trigpoint.notes import QUESTIONS, DependsOn, Digest, Note
from trigpoint.search.index import Index

DAY = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
ABOUT = Page(source=Source("about.md", "", "", 1, Digest("about")), path="about.md", address="/about/", title="About",
             summary="", description="")  # fmt: skip
ADA, BOB = Author("ada", "Ada Example"), Author("bob", "Bob")
FIRST = post(0, tags=(GO, RARE), part=Part("Basics", "basics", 1), aliases=("/old/",), authors=(ADA,))
SECOND = post(1, tags=(GO,), part=Part("Basics", "basics", 2), aliases=("/old/",), translation_of="p0.md", lang="de")
DRAFT = post(2, tags=(CPP,), draft=True)
FILES = ("posts/p0/code/run.py", "posts/pic.png", "posts/pic.dark.png", "notes.pdf")

ARGUMENTS: Mapping[str, tuple[object, ...]] = {
    "slug": ("p0", "p1", "p2", "go", "rare", "cpp", "basics", "ada", "other"),
    "address": ("/about/", "/posts/p0/", "/old/", "/older/", "/tags/golang/", "/rss/", "/nowhere/"),
    "path": ("posts/p0.md", "posts/p1.md", "posts/p2.md", "about.md", "posts/pic.png", "posts/p0/index.md"),
    "written": ("p1.md", "pic.png", "/old/img/logo.png", "other.png", "/tags/go/", "../about.md", "p9.md"),
    "number": (0, 1, 2),
    "count": (1, 5),
    "first": (0, 1),
    "beyond": (2, None),
    "size": (1,),
    "newest": (1,),
    "endings": (".py", ".pdf", ".png"),
}
"""What is asked for, by the names of parameters."""

OF_A_POST: Mapping[str, object] = {
    "source": Source("posts/p0.md", "", "Another body.", 1, Digest("another")),
    "path": "posts/p9.md",
    "address": "/posts/moved/",
    "title": "Another",
    "summary": "Another.",
    "description": "Another.",
    "described": False,
    "updated": DAY,
    "aliases": ("/older/",),
    "draft": True,
    "hidden_by": "published: false",
    "appears": NOW + dt.timedelta(days=1),
    "expires": NOW,
    "authors": (Author("bob", "Bob"), Author("", "Eve")),
    "lang": "fr",
    "cover": Cover("pic.png", "A picture"),
    "toc": False,
    "extra": {"more": 1},
    "minutes": 9,
    "slug": "moved",
    "date": DAY,
    "tags": (CPP,),
    "part": Part("Others", "others", 3),
    "id": "another",
    "dated": False,
    "superseded_by": "p1.md",
    "translation_of": "p2.md",
    "discuss": "https://forum.example/",
}
"""Another value for each field of a post."""

COMMIT = Commit("c0ffee", DAY, DAY, "Another", "posts/p0.md", "change")

OF_A_SNAPSHOT: Mapping[str, tuple[object, ...]] = {
    "pages": (
        (FIRST, SECOND),
        *((replace(FIRST, **{name: value}), SECOND, DRAFT, ABOUT) for name, value in OF_A_POST.items()),
    ),
    "registry": ((GO, CPP), (RARE, GO, CPP), (Tag("go", "Golang", "It goes.", GO.aliases), CPP, RARE)),
    "files": ((), *(tuple(File(path, (0,)) for path in FILES if path != gone) for gone in FILES)),
    "faults": ((Fault("pages/x.md", 1, 1, "A mistake."),),),
    "now": (DAY, NOW + dt.timedelta(days=9)),
    "posts_per_page": (1, 5),
    "render": (lambda page, file_digest: Document(("Another body.",)),),
    "index": (lambda posts, file_digest: Index({"a": {"a": Digest("1")}}, lambda start: {}),),
    "file_digest": (lambda path: Digest(path[::-1]),),
    "stamps": ({},),
    "picture": (lambda path: Picture(problem="lfs"), lambda path: Picture(9, 9)),
    "preview": (True,),
    "feed_aliases": ((), ("/other.xml",)),
    "folder": ("texts",),
    "owners": ({"/old/": "posts/p0.md"}, {"/old/": "posts/p1.md"}),
    "lenient": (True, False),
    "assets": ((), ("pics/logo.png",), ("img/logo.png", "pics/logo.png"), ("other.png",)),
    "held": (frozenset(("posts/p0.md",)),),
    "commits": ({"posts/p0.md": (COMMIT,)},),
    "authors": ((), (ADA, BOB), (BOB, replace(ADA, about="Writes.")), (replace(ADA, picture="ada.png"), BOB)),
}
"""Other values for each field of a Snapshot."""


def snapshots(base: Snapshot) -> Iterator[Snapshot]:
    """This one, and others that differ from it in one field."""
    yield base
    for name, values in OF_A_SNAPSHOT.items():
        yield from (replace(base, **{name: value}) for value in values)


def calls(question: Callable[..., object]) -> Iterator[tuple[object, ...]]:
    """Arguments for a question, in each combination."""
    names = list(inspect.signature(question).parameters)[1:]
    return product(*(ARGUMENTS[name] for name in names))


def answers(library: Library) -> dict[tuple[str, tuple[object, ...]], Digest]:
    """The digest of each answer that is known to be as it was while lists_digest is."""
    on_lists = (each for each in QUESTIONS.values() if each.depends_on is DependsOn.LISTS)
    asked = [(each.name, given) for each in on_lists for given in calls(getattr(Library, each.name))]
    return {(name, given): library.digest_now(Note(name, given, Digest(""))) for name, given in asked}


def test_every_field_is_another_somewhere() -> None:
    assert list(OF_A_SNAPSHOT) == [field.name for field in fields(Snapshot)]
    assert set(OF_A_POST) == {field.name for field in fields(Post)}


def test_no_answer_of_lists_changes_without_their_digest() -> None:
    base = replace(
        library_of(FIRST, SECOND, DRAFT, ABOUT, files=FILES).snapshot,
        feed_aliases=("/rss",),
        owners={"/old/": "posts/p1.md"},
        assets=("img/logo.png",),
        authors=(ADA, BOB),
    )
    known: dict[Digest, tuple[Snapshot, dict[tuple[str, tuple[object, ...]], Digest]]] = {}
    for lenient in (True, False):
        for snapshot in snapshots(replace(base, lenient=lenient)):
            library = Library(snapshot)
            found = answers(library)
            first, before = known.setdefault(library.lists_digest, (snapshot, found))
            another = [asked for asked in found if found[asked] != before[asked]]
            assert not another, (another, first, snapshot)
    assert len(known) > len(OF_A_POST)
