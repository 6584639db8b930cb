"""A Document is kept while it is true, in bounded memory, and rendered once however many ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from blog import documents
from blog.cache import Cache
from blog.documents import Documents
from blog.notes import digest_of
from blog.rendering import Job, Workers
from blog.settings import Settings

from .conftest import SiteWith, post_text
from .test_paging import post


class Counting(Workers):
    """Workers that count their jobs."""

    def __init__(self) -> None:
        super().__init__(2)
        self.jobs: list[Job] = []

    def document(self, job: Job) -> documents.Document:
        self.jobs.append(job)
        return super().document(job)


@pytest.fixture
def workers() -> object:
    made = Counting()
    yield made
    made.stop()


def kept_in(folder: Path, workers: Workers) -> Documents:
    settings = Settings(title="T", description="D", base_url="https://blog.example", root=folder)
    return Documents(workers, settings, Cache(folder / ".cache"), lambda path: None)


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


def test_many_who_ask_at_once_have_it_rendered_once(workers: Counting, tmp_path: Path) -> None:
    kept = kept_in(tmp_path, workers)
    page = post(1)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: kept.document(page, digest_of), range(8)))
    assert len(workers.jobs) == 1
    assert all(each is found[0] for each in found)
    assert kept._turns == {}


def test_what_is_kept_is_bounded(workers: Counting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "CHARACTERS", 10)
    kept = kept_in(tmp_path, workers)
    for number in range(4):
        kept.document(post(number), digest_of)
    assert kept._size <= 10 or len(kept._kept) == 1
    kept.document(post(3), digest_of)
    assert len(workers.jobs) == 4, "the last is still there"


def test_what_was_begun_is_waited_for_and_not_rendered_twice(workers: Counting, tmp_path: Path) -> None:
    kept = kept_in(tmp_path, workers)
    kept.begin([post(1), post(2)], digest_of)
    assert len(list(kept.fill([post(1)], digest_of, 2))) == 1
    assert len(workers.jobs) == 2
    assert kept._begun == []
    assert kept._on_disk(documents.key_of(post(2)), post(2), digest_of), "it was waited for"
