"""An incremental freeze equals a full one, after any edits; and nothing broken ever goes live."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT, SiteWith, SmallSite, png, post_text, tree
from tests.repositories import commit, git
from trigpoint.application import create_app
from trigpoint.faults import errors
from trigpoint.freezing.freeze import (
    FreezeOptions,
    FreezeRefusedError,
    FreezeResult,
    commit_of,
    publish,
)
from trigpoint.freezing.ledger import Ledger
from trigpoint.freezing.page_writer import FreezeError
from trigpoint.freezing.plan import addresses_of, note_checker_of
from trigpoint.freezing.releases import Releases
from trigpoint.freezing.unchanged import inputs_of, is_as_it_was
from trigpoint.images import lettering
from trigpoint.library.library import Library
from trigpoint.loading.loader import Loader
from trigpoint.notes import QUESTIONS
from trigpoint.web.files import images
from trigpoint.web.site import Site

OPTIONS = FreezeOptions(jobs=1, drop=("*",))
"""Here addresses come and go: that readers would lose them is no matter."""
pytestmark = pytest.mark.usefixtures("small_volumes")


def silent(things: Iterable[str], count: int, label: str) -> Iterator[str]:
    yield from things


def fresh(small: SmallSite) -> Site:
    """The site as another process would see it."""
    site = create_app(small.root).extensions["trigpoint"]
    assert isinstance(site, Site)
    return site


def freeze(small: SmallSite, wishes: FreezeOptions = OPTIONS) -> FreezeResult:
    """What `flask freeze` does, in a process of its own as far as anything remembered goes."""
    site = fresh(small)
    try:
        return publish(site, wishes, silent)
    finally:
        site.loader.stop()


def live(small: SmallSite) -> dict[str, bytes]:
    return tree(small.root / "build")


def full(small: SmallSite) -> dict[str, bytes]:
    """A full freeze of the same sources in another folder, with no cache."""
    other = small.root.parent / "full"
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(small.root, other, ignore=shutil.ignore_patterns("build", ".releases", ".cache"))
    copy = SmallSite(other, small.app)
    freeze(copy)
    return live(copy)


def has_nothing_to_do(small: SmallSite) -> bool:
    """Whether the next freeze would end before it reads anything."""
    site = fresh(small)
    known = Releases.of(site.settings).live
    assert known
    return is_as_it_was(known, inputs_of(site))


def numbered(n: int, title: str = "", date: str = "", body: str = "Words.", **fields: object) -> str:
    """The text of post n of five, which links to the next; something of it may be another."""
    return post_text(title or f"Post {n}", date or f"2026-01-0{n}", f"{body} [next](p{n % 5 + 1}.md)", **fields)


def some_posts() -> dict[str, str]:
    posts = {f"p{n}": numbered(n, tags="[Go]") for n in range(1, 6)}
    other = post_text("Other", "2025-01-01", "## Part\n\nText", summary="Of it", tags="[C]", aliases="[/old/]")
    return posts | {"q": other}


def test_a_release_that_goes_touches_no_other(site_with: SiteWith) -> None:
    """Its files are hard links: one less changes the time of change of what the live release has of them."""
    small = site_with(some_posts())
    for number in range(5):
        small.write("posts/q.md", post_text("Other", body=f"Words {number}."))
        freeze(small)
    assert has_nothing_to_do(small)


def test_a_freeze_of_articles_with_code_that_has_nothing_to_do_ends_at_once(site_with: SiteWith) -> None:
    files = {"posts/a/index.md": post_text(), "posts/a/code/run.sh": "echo", "posts/a/results.json": "{}"}
    small = site_with(some_posts(), files=files)
    freeze(small)
    assert has_nothing_to_do(small)
    small.write("posts/a/code/run.sh", "echo 2")
    assert "/posts/a/code.zip" in freeze(small).rendered


def test_a_release_that_was_laid_out_anew_is_as_it_was(site_with: SiteWith) -> None:
    """A restored cache has other files with the same content; other times cost one look at them, not a rendering."""
    small = site_with(some_posts())
    freeze(small)
    folder = small.root / ".releases"
    shutil.copytree(folder, small.root / "copy", symlinks=True, copy_function=shutil.copyfile)
    shutil.rmtree(folder)
    (small.root / "copy").rename(folder)
    assert freeze(small).release is None
    small.write("posts/q.md", post_text("Other", body="Words."))
    outcome = freeze(small)
    assert 0 < len(outcome.rendered) < outcome.reused
    assert has_nothing_to_do(small)


def test_a_second_freeze_does_nothing(site_with: SiteWith) -> None:
    small = site_with(some_posts())
    assert freeze(small).release
    link = os.readlink(small.root / "build")
    again = freeze(small)
    assert again.release is None
    assert not again.rendered
    assert os.readlink(small.root / "build") == link


def test_every_question_of_the_library_has_words() -> None:
    """Without them no answer made of it would be trusted, and `flask why` could not tell of it."""
    questions = {name for name, method in vars(Library).items() if hasattr(method, "__wrapped__")}
    assert questions - QUESTIONS.keys() == set()


def test_every_note_of_a_release_holds_right_after_it(site_with: SiteWith) -> None:
    """Those of its pages, and those of what was checked: else each freeze would check all of them again."""
    small = site_with(some_posts())
    ledger = freeze(small).live.ledger
    checker = note_checker_of(small.site, addresses_of(small.site), Ledger(table=ledger.table))
    assert ledger.records and ledger.checked
    assert not [address for address, record in ledger.records.items() if checker.stale_note(record.notes)]
    assert not [path for path, checked in ledger.checked.items() if checker.stale_note(checked.notes)]


def test_touching_a_file_renders_nothing(site_with: SiteWith) -> None:
    small = site_with(some_posts())
    freeze(small)
    (small.pages / "posts/p1.md").touch()
    again = freeze(small)
    assert again.release is None
    assert not again.rendered


def test_a_changed_body_renders_that_page_and_what_carries_its_text(site_with: SiteWith) -> None:
    small = site_with(some_posts())
    freeze(small)
    small.write("posts/q.md", some_posts()["q"].replace("Text", "Other text"))
    rendered = set(freeze(small).rendered)
    assert rendered == {
        "/posts/q/", "/posts/q/index.md", "/feed.xml", "/feed.json", "/tags/c/feed.xml", "/tags/c/feed.json",
        "/search/text/posts/q.json", "/search/words-ot.json",
    }  # fmt: skip


def test_a_new_post_leaves_the_pages_behind_the_front_alone(site_with: SiteWith) -> None:
    small = site_with(some_posts())
    freeze(small)
    small.write("posts/new.md", post_text("New", "2026-02-01", tags="[Go]"))
    rendered = set(freeze(small).rendered)
    assert {"/", "/posts/new/", "/tags/go/", "/posts/p5/"} <= rendered
    assert not {"/page/1/", "/posts/q/", "/tags/c/"} & rendered


def test_the_reason_is_told_in_an_authors_words(site_with: SiteWith) -> None:
    small = site_with(some_posts())
    freeze(small)
    small.write("posts/p1.md", some_posts()["p1"].replace("Post 1", "Renamed"))
    rendered = freeze(small).rendered
    assert rendered["/posts/p1/"] == 'what lists show of the post "p1" has changed'
    assert rendered["/posts/p2/"] == "what comes before and after pages/posts/p2.md has changed"


def test_a_tampered_file_is_made_again(site_with: SiteWith) -> None:
    small = site_with(some_posts())
    freeze(small)
    before = live(small)
    page = small.root / "build/posts/q/index.html"
    page.write_text("defaced")
    assert freeze(small).rendered == {"/posts/q/": "its file is not the one that was written"}
    assert live(small) == before


def test_an_older_release_never_changes(site_with: SiteWith) -> None:
    small = site_with(some_posts())
    freeze(small)
    first = Path(os.path.realpath(small.root / "build"))
    before = tree(first)
    small.write("posts/q.md", some_posts()["q"].replace("Text", "Other text"))
    freeze(small)
    assert tree(first) == before
    assert live(small) != before


def test_full_renders_everything_to_the_same_bytes(site_with: SiteWith) -> None:
    small = site_with(some_posts())
    freeze(small)
    before = live(small)
    outcome = freeze(small, FreezeOptions(jobs=1, full=True, drop=("*",)))
    assert len(outcome.rendered) == outcome.summary.files
    assert live(small) == before


def test_many_processes_give_the_same_bytes_as_one(site_with: SiteWith) -> None:
    small = site_with(some_posts())
    freeze(small)
    before = live(small)
    freeze(small, FreezeOptions(jobs=3, full=True, drop=("*",)))
    assert live(small) == before


def test_the_digest_is_the_same_in_another_folder(site_with: SiteWith) -> None:
    first, second = site_with(some_posts(), name="first"), site_with(some_posts(), name="second")
    assert freeze(first).summary.digest == freeze(second).summary.digest


def test_a_broken_cache_costs_time_alone(site_with: SiteWith) -> None:
    small = site_with(some_posts())
    freeze(small)
    before = live(small)
    for number, path in enumerate(sorted((small.root / ".cache").rglob("*"))):
        if path.is_file():
            path.write_bytes(path.read_bytes()[: -3 if number % 2 else 5])
    shutil.rmtree(small.root / ".releases")
    (small.root / "build").unlink()
    freeze(small)
    assert live(small) == before


def test_another_machine_goes_on_from_the_releases_that_it_was_given(site_with: SiteWith) -> None:
    """The link is not among them, all sources have other stamps, and one file was damaged on the way."""
    small = site_with(some_posts())
    freeze(small)
    before = live(small)
    other = SmallSite(small.root.parent / "other", small.app)
    shutil.copytree(small.root, other.root, ignore=shutil.ignore_patterns("build", ".cache"))
    for path in other.pages.rglob("*"):
        os.utime(path)
    next((other.root / ".releases").glob("*/posts/q/index.html")).write_text("damaged")
    outcome = freeze(other)
    assert list(outcome.rendered) == ["/posts/q/"]
    assert live(other) == before
    assert freeze(other).release is None


def test_a_release_with_a_fault_is_thrown_away(site_with: SiteWith) -> None:
    small = site_with(some_posts())
    freeze(small)
    before, kept = live(small), sorted(os.listdir(small.root / ".releases"))
    small.write("posts/p1.md", post_text("Post 1", "2026-01-01", "[dead](nowhere.md)"))
    with pytest.raises(FreezeRefusedError) as refusal:
        freeze(small)
    assert 'pages/posts/p1.md:6: "nowhere.md" leads to no page or file.' in str(refusal.value.faults[0])
    assert live(small) == before
    assert sorted(os.listdir(small.root / ".releases")) == kept


def test_a_release_that_another_engine_had_a_hand_in_is_not_made_live(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = site_with(some_posts())
    freeze(small)
    before = live(small)
    small.write("posts/p1.md", numbered(1, body="Other words."))
    monkeypatch.setattr(Loader, "is_outdated", True)
    with pytest.raises(FreezeError, match="Freeze again"):
        freeze(small)
    assert live(small) == before


def test_a_removed_target_is_found_in_the_page_that_links_to_it(site_with: SiteWith) -> None:
    """The page that links was not touched: its check is asked again all the same."""
    small = site_with(some_posts())
    freeze(small)
    (small.pages / "posts/p2.md").unlink()
    with pytest.raises(FreezeRefusedError) as refusal:
        freeze(small)
    assert [fault.path for fault in errors(refusal.value.faults)] == ["pages/posts/p1.md"]


def test_a_removed_heading_is_found_in_the_page_that_links_to_it(site_with: SiteWith) -> None:
    small = site_with(some_posts() | {"r": post_text("R", "2024-01-01", "[part](q.md#part)")})
    freeze(small)
    small.write("posts/q.md", some_posts()["q"].replace("## Part", "## Piece"))
    with pytest.raises(FreezeRefusedError) as refusal:
        freeze(small)
    assert "leads to no heading" in str(refusal.value.faults[0])


def test_a_new_draft_is_looked_for_in_old_files_too(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(), "b": post_text("B", "2025-01-01")})
    telling = (small.root / "templates/post.html").read_text().replace("<article", "<b>a very secret plan</b><article")
    (small.root / "templates/post.html").write_text(telling)
    small.write("posts/known.md", post_text("Nothing of note at all", draft="true"))
    freeze(small)
    small.write("posts/new.md", post_text("a very secret plan", draft="true"))
    small.write("posts/b.md", post_text("B", "2025-01-01", "Another body."))
    with pytest.raises(FreezeRefusedError) as refusal:
        freeze(small)
    assert {fault.path for fault in refusal.value.faults} == {"pages/posts/new.md"}


def test_a_release_that_tells_of_a_draft_is_refused(site_with: SiteWith) -> None:
    small = site_with(some_posts())
    small.write("posts/draft.md", post_text("A very secret plan", draft="true"))
    small.write(
        "posts/p1.md", post_text("Post 1", "2026-01-01", "Soon here: A very secret plan.\n\n## A very secret plan")
    )
    freeze(small)  # An announcement in an article is its author's.
    telling = (
        small.root / "templates/tags.html"
    ).read_text() + "{% block search %}<b>A very secret plan</b>{% endblock %}"
    (small.root / "templates/tags.html").write_text(telling)
    with pytest.raises(FreezeRefusedError) as refusal:
        freeze(small)
    assert str(refusal.value.faults[0]).startswith(
        "pages/posts/draft.md: This is hidden, but its title is in the release"
    )
    assert freeze(small, FreezeOptions(jobs=1, check=False)).release


def test_a_freeze_is_of_one_library_whatever_is_edited_meanwhile(site_with: SiteWith) -> None:
    small = site_with(some_posts())
    site = fresh(small)

    def editing(things: Iterable[str], count: int, label: str) -> Iterator[str]:
        for number, thing in enumerate(things):
            if label == "Freezing" and number == 3:
                small.write("posts/p1.md", numbered(1, title="Edited meanwhile", tags="[Go]"))
                time.sleep(0.6)
            yield thing

    publish(site, OPTIONS, editing)
    site.loader.stop()
    assert not any(b"Edited meanwhile" in content for content in live(small).values())
    freeze(small)
    assert live(small) == full(small)


def test_an_edit_that_waits_for_its_time_is_published_when_it_comes(site_with: SiteWith) -> None:
    small = site_with(some_posts() | {"later": post_text("Later on", "2199-01-01")})
    freeze(small)
    release = Releases(small.root / "build").live
    assert release
    assert release.summary.until.startswith("2198-12-31T23:00:00")


Edit = Callable[[SmallSite, int], object]
EDITS: dict[str, Edit] = {}


def edit(change: Edit) -> Edit:
    """An edit of the law below; the number makes it another one each time."""
    EDITS[change.__name__] = change
    return change


@edit
def body(small: SmallSite, n: int) -> None:
    small.write(f"posts/p{n % 5 + 1}.md", numbered(n % 5 + 1, body=f"Body {n}.", tags="[Go]"))


@edit
def title(small: SmallSite, n: int) -> None:
    small.write(f"posts/p{n % 5 + 1}.md", numbered(n % 5 + 1, title=f"Title {n}", tags="[Go]"))


@edit
def tags(small: SmallSite, n: int) -> None:
    small.write(f"posts/p{n % 5 + 1}.md", numbered(n % 5 + 1, tags=("[C]", "[Go, C]", "[]")[n % 3]))


@edit
def date(small: SmallSite, n: int) -> None:
    small.write("posts/p1.md", numbered(1, date=f"202{n % 7}-03-04", tags="[Go]"))


@edit
def draft(small: SmallSite, n: int) -> None:
    small.write("posts/d.md", post_text("Draft", draft="true" if n % 2 else "false"))


@edit
def new(small: SmallSite, n: int) -> None:
    small.write(f"posts/n{n}.md", post_text(f"New {n}", f"2026-02-0{n % 9 + 1}", "[p](p5.md)" if n % 2 else "x"))


@edit
def rename(small: SmallSite, n: int) -> None:
    small.write("posts/q.md", post_text("Other", "2025-01-01", slug=f"q{n}", aliases="[/old/]"))


@edit
def delete(small: SmallSite, n: int) -> None:
    (small.pages / f"posts/n{n}.md").unlink(missing_ok=True)


@edit
def page(small: SmallSite, n: int) -> None:
    small.write("about.md", f"---\ntitle: About {n}\n---\n\n[p](posts/p5.md)\n")


@edit
def bundle(small: SmallSite, n: int) -> None:
    small.write("posts/b/index.md", post_text("Bundle", "2024-01-01", '```py file="c.py"\n```\n\n![x](x.svg)'))
    small.write("posts/b/c.py", f"print({n})\n")
    small.write("posts/b/x.svg", f"<svg><!--{n}--></svg>")


PLACES = (
    "",
    "posts/",
    "posts/p1/",
    "posts/b/",
    "posts/b/in/",
    "tags/",
    "folder/",
    "a/b/c/",
    ".hidden/",
    "posts/.hidden/",
)


@edit
def file(small: SmallSite, n: int) -> None:
    small.write(f"{PLACES[n % len(PLACES)]}data.txt", f"Data {n}, {time.monotonic_ns()}.")
    small.write(f"{PLACES[(n + 1) % len(PLACES)]}no-ending", f"Data {n}.")


@edit
def picture(small: SmallSite, n: int) -> None:
    place = PLACES[n % 3]
    small.write(f"{place}p.png", png((600, 900)[n % 2], 10, bytes((n, time.monotonic_ns() % 250, 9))))
    small.write("posts/f.md", post_text("Flat", "2023-01-01", f"![P](/{place}p.png)"))


@edit
def file_goes(small: SmallSite, n: int) -> None:
    (small.pages / f"{PLACES[n % len(PLACES)]}data.txt").unlink(missing_ok=True)


@edit
def template(small: SmallSite, n: int) -> None:
    (small.root / "templates/_footer.html").write_text(f"<footer>{n}</footer>")


@edit
def style(small: SmallSite, n: int) -> None:
    (small.root / "static/css/print.css").write_text(f"/* {n} */")


@edit
def setting(small: SmallSite, n: int) -> None:
    path = small.root / "site.toml"
    others = [line for line in path.read_text().splitlines() if not line.startswith("author =")]
    path.write_text("\n".join([f'author = "Ada {n}"', *others]))


@edit
def registry(small: SmallSite, n: int) -> None:
    small.write("tags.toml", f'[go]\nname = "Go"\ndescription = "No. {n}"\n\n[c]\nname = "C"\n')


@edit
def series(small: SmallSite, n: int) -> None:
    small.write("posts/p2.md", numbered(2, series=f"{{name: S, part: {n % 9 + 1}}}"))


ONE = st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 9))
SEQUENCES = st.lists(st.lists(ONE, min_size=1, max_size=3), min_size=1, max_size=3)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(sequence=SEQUENCES)
def test_incremental_equals_full(site_with: SiteWith, tmp_path: Path, sequence: list[list[tuple[str, int]]]) -> None:
    shutil.rmtree(tmp_path / "law", ignore_errors=True)
    small = site_with(some_posts(), name="law")
    freeze(small)
    for edits in sequence:
        for name, number in edits:
            EDITS[name](small, number)
        freeze(small)
        assert live(small) == full(small), sequence


def test_a_retouched_picture_renders_its_forms_and_one_of_another_size_its_page(site_with: SiteWith) -> None:
    files = {"posts/a/index.md": post_text(body="![P](p.png)"), "posts/a/p.png": png(900, 600)}
    small = site_with(some_posts(), files)
    freeze(small)
    small.write("posts/a/p.png", png(900, 600, b"\x90\x30\x20"))
    forms = {f"/posts/a/p.png.{width}.webp" for width in (480, 800, 900)}
    assert set(freeze(small).rendered) == {"/posts/a/p.png", *forms}
    small.write("posts/a/p.png", png(700, 600))
    again = freeze(small)
    assert {"/posts/a/", "/posts/a/p.png.700.webp"} <= set(again.rendered)
    assert set(again.dropped) == {"/posts/a/p.png.800.webp", "/posts/a/p.png.900.webp"}
    assert live(small) == full(small)


def test_a_folder_that_becomes_a_foreign_one_is_rendered_and_searched_anew(site_with: SiteWith) -> None:
    body = "{% highlight python %}\nprint(1)\n{% endhighlight %}"
    small = site_with({"a": post_text("A", body=body), "b": post_text()})
    settings = (small.root / "site.toml").read_text()
    freeze(small)
    for more in ('front_matter = "lenient"\n', ""):
        before = live(small)["posts/a/index.html"]
        (small.root / "site.toml").write_text(settings + more)
        freeze(small)
        assert live(small)["posts/a/index.html"] != before
        assert live(small) == full(small)


@pytest.mark.parametrize("place", ["", "posts/", "tags/", "folder/"])
def test_a_file_that_lies_in_no_bundle_is_published_anew(site_with: SiteWith, place: str) -> None:
    """Nothing tells its address from one of a page whose slash was forgotten, but that it is there."""
    small = site_with(some_posts(), {f"{place}p.png": png(900, 600), f"{place}data": "one"})
    freeze(small)
    small.write(f"{place}p.png", png(900, 600, b"\x90\x30\x20"))
    small.write(f"{place}data", "two")
    forms = {f"/{place}p.png.{width}.webp" for width in (480, 800, 900)}
    assert set(freeze(small).rendered) == {f"/{place}p.png", f"/{place}data", *forms}
    assert live(small) == full(small)


def test_an_answer_that_noted_nothing_is_never_current(site_with: SiteWith) -> None:
    small = site_with(some_posts())
    known = freeze(small).live
    ledger = known.ledger
    programs = [number for number, note in enumerate(ledger.table) if note.name == "program"]
    forgetful = {
        "/": ledger.records["/"]._replace(notes=()),
        "/tags/": ledger.records["/tags/"]._replace(notes=tuple(programs)),
    }
    known.describe(replace(ledger, records={**ledger.records, **forgetful}), known.summary)
    small.write("posts/q.md", some_posts()["q"])
    assert freeze(small).rendered == dict.fromkeys(("/", "/tags/"), "nothing was noted of what it is made from")


def test_another_title_draws_a_cover_and_a_card(site_with: SiteWith) -> None:
    small = site_with(some_posts())
    freeze(small)
    small.write("posts/q.md", some_posts()["q"].replace("Other", "Renamed"))
    assert {"/covers/q.svg", "/social/q.png"} <= set(freeze(small).rendered)
    small.write("posts/q.md", some_posts()["q"].replace("Other", "Renamed").replace("Text", "Words"))
    assert not {"/covers/q.svg", "/social/q.png"} & set(freeze(small).rendered)
    assert live(small) == full(small)


def test_a_new_post_leaves_the_pages_behind_the_fronts_as_they_are(site_with: SiteWith) -> None:
    posts = {f"p{n}": post_text(f"Post {n}", f"2025-01-0{n}", tags="[Go]") for n in range(1, 7)}
    small = site_with(posts)
    freeze(small)
    small.write("posts/p7.md", post_text("Post 7", "2025-01-07", tags="[Go]"))
    rendered = freeze(small).rendered
    assert {"/", "/tags/go/"} <= set(rendered)
    assert not [address for address in rendered if "/page/" in address]


def test_a_picture_that_could_not_be_drawn_is_drawn_by_a_later_freeze(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though nothing that it is made from was touched: what failed was the machine."""
    small = site_with({"a": post_text()})
    monkeypatch.setattr(images, "RETRY", 1e-6)
    with monkeypatch.context() as broken:
        broken.setattr("trigpoint.images.social_cards.card", lambda *_: 1 / 0)
        freeze(small)
    blank = live(small)["social/a.png"]
    freeze(small)
    assert len(live(small)["social/a.png"]) > len(blank)
    assert freeze(small).release is None


@pytest.fixture
def look_for_fonts() -> Iterator[Callable[[], None]]:
    """Forgets which fonts this machine has; afterwards once more."""

    def forget() -> None:
        lettering.system_fonts.cache_clear()
        lettering._system_font.cache_clear()

    yield forget
    forget()


def test_a_font_of_this_machine_is_part_of_the_cards_that_need_it(
    site_with: SiteWith, tmp_path: Path, look_for_fonts: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here the blog has its first font alone, which lacks the letters that its third has."""
    small = site_with({"a": post_text("Plain"), "b": post_text("\u0150ze \u0171r")})
    monkeypatch.setattr(lettering, "SYSTEM", (tmp_path / "fonts",))
    monkeypatch.setattr(images, "FONTS", images.FONTS[:1])
    look_for_fonts()
    freeze(small)
    before = live(small)
    assert freeze(small).release is None
    (tmp_path / "fonts").mkdir()
    shutil.copy(ROOT / "static/fonts/sans-central.woff2", tmp_path / "fonts/central.ttf")
    look_for_fonts()
    assert freeze(small).rendered == {"/social/b.png": "this machine's set of fonts has changed"}
    assert live(small) == full(small)
    assert live(small)["social/b.png"] != before["social/b.png"]


def test_a_release_names_its_commit_and_whether_files_differ_from_it(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    assert commit_of(small.root, ["pages"]) == ""
    name = commit(small, "Begin", "2026-01-02")
    git(small.root, "config", "core.abbrev", "40")
    (small.root / "notes.txt").write_text("of nothing that is published")
    assert commit_of(small.root, ["pages"]) == name
    small.write("posts/b.md", post_text())
    assert commit_of(small.root, ["pages"]) == f"{name}+"
    git(small.root, "add", "pages")
    assert commit_of(small.root, ["pages"]) == f"{name}+"
