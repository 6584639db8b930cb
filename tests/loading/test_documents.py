"""A Document is kept while it is true, in bounded memory, and rendered once however many ask."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import SiteWith, SmallSite, no_descriptors, post_text
from tests.library.test_paging import post
from trigpoint.application import create_app
from trigpoint.cache import Cache
from trigpoint.faults import errors
from trigpoint.file_reading import UnsettledError
from trigpoint.loading import documents
from trigpoint.loading.documents import DocumentStore
from trigpoint.loading.word_store import WordStore
from trigpoint.loading.workers import Job, Rendered, WorkerPool
from trigpoint.notes import digest_of
from trigpoint.settings import Settings


class Counting(WorkerPool):
    """Workers that count their jobs."""

    def __init__(self) -> None:
        super().__init__(2)
        self.jobs: list[Job] = []

    def rendered(self, job: Job) -> Rendered:
        self.jobs.append(job)
        return super().rendered(job)


@pytest.fixture
def workers() -> object:
    made = Counting()
    yield made
    made.stop()


def kept_in(folder: Path, workers: WorkerPool) -> DocumentStore:
    settings = Settings(title="T", description="D", base_url="https://blog.example", root=folder)
    cache = Cache(folder / ".cache")
    return DocumentStore(workers, settings, cache, WordStore(cache), lambda page: page.source)


def test_a_document_is_kept_and_a_changed_included_file_makes_another(site_with: SiteWith) -> None:
    small = site_with(
        files={"posts/a/index.md": post_text(body="```py file=code.py\n```"), "posts/a/code.py": "print('one')\n"}
    )
    first = small.library.document("posts/a/index.md")
    small.write("posts/b.md", post_text())
    assert small.library.document("posts/a/index.md") is first
    small.write("posts/a/code.py", "print('two')\n")
    assert "two" in str(small.library.document("posts/a/index.md").parts)


def test_a_file_that_is_missing_is_included_when_it_comes(site_with: SiteWith) -> None:
    small = site_with(files={"posts/a/index.md": post_text(body="```py file=code.py\n```")})
    assert small.library.document("posts/a/index.md").faults
    small.write("posts/a/code.py", "print('here')\n")
    assert "here" in str(small.library.document("posts/a/index.md").parts)


@pytest.mark.parametrize(
    ("name", "value"), [("front_matter", "strict"), ("pages", "texts")], ids=["front_matter", "pages"]
)
def test_what_is_kept_is_not_taken_where_a_setting_decides_what_it_says(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("BLOG_FRONT_MATTER", "lenient")
    small = site_with({"a": post_text(body="$\\nothing$")})
    (told,) = small.library.document("posts/a.md").faults
    assert (told.warning, told.path) == (True, "pages/posts/a.md")
    small.site.loader.stop()
    monkeypatch.setenv(f"BLOG_{name.upper()}", value)
    small.pages.rename(small.root / value) if name == "pages" else None
    again = create_app(small.root).extensions["trigpoint"].loader
    try:
        (told,) = again.library.document("posts/a.md").faults
        assert (told.warning, told.path.split("/")[0]) == (
            (False, "pages") if name == "front_matter" else (True, value)
        )
    finally:
        again.stop()


def test_many_who_ask_at_once_have_it_rendered_once(workers: Counting, tmp_path: Path) -> None:
    kept = kept_in(tmp_path, workers)
    page = post(1)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: kept.document(page, digest_of), range(8)))
    assert len(workers.jobs) == 1
    assert all(each is found[0] for each in found)
    assert kept._key_locks == {}


def test_what_is_kept_is_bounded(workers: Counting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "CHARACTERS", 10)
    kept = kept_in(tmp_path, workers)
    for number in range(4):
        kept.document(post(number), digest_of)
    assert kept.size <= 10 or len(kept._kept) == 1
    kept.document(post(3), digest_of)
    assert len(workers.jobs) == 4, "the last is still there"


def test_what_was_begun_is_waited_for_and_not_rendered_twice(workers: Counting, tmp_path: Path) -> None:
    kept = kept_in(tmp_path, workers)
    kept.start_rendering([post(1), post(2)], digest_of)
    assert len(list(kept.render_missing([post(1)], digest_of, 2))) == 1
    assert len(workers.jobs) == 2
    assert kept._begun == []
    assert kept._on_disk(kept.key_of(post(2)), post(2), digest_of), "it was waited for"


def restarted(small: SmallSite) -> SmallSite:
    """The same site in a new process, whose pages come from the cache without bodies, and have no Documents there."""
    small.site.loader.save_readings()
    small.site.loader.stop()
    shutil.rmtree(small.root / ".cache/documents")
    return SmallSite(small.root, create_app(small.root))


def test_a_page_whose_body_is_away_for_a_moment_is_not_empty_and_comes_back(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="Whole words."), "b": post_text()})
    assert "Whole words." in small.text("/posts/a/")
    again = restarted(small)
    try:
        again.site.loader.refresh()
        path = again.pages / "posts/a.md"
        path.rename(again.root / "a.md")
        assert again.client.get("/posts/a/").status_code == 404
        (again.root / "a.md").rename(path)
        assert "<p>Whole words.</p>" in again.text("/posts/a/")
    finally:
        again.site.loader.stop()


def test_a_page_that_changed_since_the_look_is_the_new_one(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="Old words.")})
    assert "Old words." in small.text("/posts/a/")
    again = restarted(small)
    try:
        again.site.loader.refresh()
        again.write("posts/a.md", post_text("Another title", body="New words."))
        page = again.client.get("/posts/a/").text
        assert "<p>New words.</p>" in page
        assert "Another title" in page
    finally:
        again.site.loader.stop()


def test_a_page_whose_body_the_system_does_not_give_is_an_error_that_is_not_remembered(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="Whole words.")})
    assert "Whole words." in small.text("/posts/a/")
    again = restarted(small)
    try:
        again.text("/")  # So that what a request loads is loaded.
        with no_descriptors():
            assert again.client.get("/posts/a/").status_code == 500
        assert "<p>Whole words.</p>" in again.client.get("/posts/a/").text
    finally:
        again.site.loader.stop()


def test_a_freeze_refuses_a_page_whose_body_is_away_and_names_its_file(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="Whole words.")})
    assert "Whole words." in small.text("/posts/a/")
    again = restarted(small)
    try:
        loader = again.site.loader
        loader.stop_watching()
        loader.settle()
        (again.pages / "posts/a.md").unlink()
        with pytest.raises(UnsettledError, match=r"was there a moment ago: .*posts/a\.md"):
            list(loader.render_missing(loader.library.published, 1))
    finally:
        again.site.loader.stop()


def test_an_included_file_that_changed_since_the_look_is_not_taken_for_the_older_one(site_with: SiteWith) -> None:
    small = site_with(
        files={"posts/a/index.md": post_text(body="```py file=code.py\n```"), "posts/a/code.py": "print('one')\n"}
    )
    small.site.loader.refresh()
    library = small.site.loader.library
    library.sibling_digest("posts/a/code.py")
    small.write("posts/a/code.py", "print('two')\n")
    with pytest.raises(UnsettledError):
        library.document("posts/a/index.md")
    assert "two" in small.text("/posts/a/")


def test_an_included_file_that_is_away_for_a_moment_is_not_missing_ever_after(site_with: SiteWith) -> None:
    small = site_with(
        files={"posts/a/index.md": post_text(body="```py file=code.py\n```"), "posts/a/code.py": "print('one')\n"}
    )
    library = small.library
    library.sibling_digest("posts/a/code.py")
    (small.pages / "posts/a/code.py").rename(small.root / "away.py")
    with pytest.raises(UnsettledError):
        library.document("posts/a/index.md")
    (small.root / "away.py").rename(small.pages / "posts/a/code.py")
    assert "one" in small.text("/posts/a/")
    assert not errors(small.library.document("posts/a/index.md").faults)


@pytest.mark.parametrize("name", ["notes.md.txt", "run (conflicted copy).py", "run.py~"])
def test_a_file_that_no_look_takes_in_is_not_included(site_with: SiteWith, name: str) -> None:
    body = f'```py file="{name}"\n```'
    small = site_with(files={"posts/a/index.md": post_text(body=body), f"posts/a/{name}": "print('one')\n"})
    found = errors(small.library.document("posts/a/index.md").faults)
    assert [fault.sentence for fault in found] == [f'There is no file "{name}" beside the article.']
