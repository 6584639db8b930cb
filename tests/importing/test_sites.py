"""A small site of each generator and platform becomes what lies in `golden/`, and is a sound site of ours.

`NEW_GOLDEN=1` writes down what came out; a person reads the difference.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conftest import SiteWith, SmallSite, freeze_all, tree
from trigpoint.freezing.checks.sources import findings
from trigpoint.importing.generators import NAMES
from trigpoint.importing.importer import ImportOptions, Outcome, run
from trigpoint.importing.report import lines

HERE = Path(__file__).parent
SITES = sorted(path.name for path in (HERE / "sites").iterdir())
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
EXPECTED = ("warning: This picture has no words", "is a value of a template", "`hl_lines` names a line", "keeps it out")
"""Warnings that are in the samples on purpose."""


def imported(small: SmallSite, source: Path, **options: object) -> Outcome:
    """Import into a small site."""
    asked = ImportOptions(source=source, root=small.root, pages=small.pages, **options)  # type: ignore[arg-type]
    return run(asked, lambda things, count, label: iter(things), NOW)


def written(small: SmallSite) -> Iterator[tuple[str, str]]:
    """What was written that is text."""
    for path, content in sorted(tree(small.pages).items()):
        if path.endswith((".md", ".toml")):
            yield path, content.decode()


def test_there_is_a_site_of_each_generator() -> None:
    assert sorted(NAMES) == SITES


@pytest.mark.parametrize("name", SITES)
def test_a_site_becomes_what_was_written_down(site_with: SiteWith, name: str) -> None:
    small = site_with(tags="")
    outcome = imported(small, HERE / "sites" / name)
    report = "".join(f"{line}\n" for line in lines(outcome.findings))
    found = {**dict(written(small)), "report.txt": report}
    golden = HERE / "golden" / name
    if os.environ.get("NEW_GOLDEN"):
        shutil.rmtree(golden, ignore_errors=True)
        for path, text in found.items():
            (golden / path).parent.mkdir(parents=True, exist_ok=True)
            (golden / path).write_text(text)
    assert found == {path: content.decode() for path, content in tree(golden).items()}
    assert outcome.generator == name


@pytest.mark.parametrize("name", SITES)
def test_an_imported_site_has_no_error_and_can_be_frozen(site_with: SiteWith, name: str, tmp_path: Path) -> None:
    small = site_with(tags="")
    outcome = imported(small, HERE / "sites" / name)
    small.site.loader.refresh()
    assert [str(fault) for fault in findings(small.site) if not fault.warning] == []
    addresses = freeze_all(small.site, tmp_path / "frozen")
    assert len(small.library.posts) == outcome.posts - outcome.drafts
    assert all(f"posts/{post.slug}/index.html" in addresses for post in small.library.posts)


@pytest.mark.parametrize("name", SITES)
def test_nothing_foreign_is_left_for_readers(site_with: SiteWith, name: str) -> None:
    small = site_with(tags="")
    imported(small, HERE / "sites" / name)
    small.site.loader.refresh()
    leftovers = [str(fault) for fault in findings(small.site) if fault.kind == "leftover"]
    assert [each for each in leftovers if not any(words in each for words in EXPECTED)] == []


@pytest.mark.parametrize("name", SITES)
def test_a_second_import_writes_nothing_and_the_source_stays(site_with: SiteWith, name: str) -> None:
    small, source = site_with(tags=""), HERE / "sites" / name
    before = tree(source)
    first = imported(small, source)
    second = imported(small, source)
    assert (second.written, second.unchanged, second.tags) == (0, first.written, 0)
    assert tree(source) == before


@pytest.mark.parametrize("name", SITES)
def test_every_old_address_leads_to_its_post(site_with: SiteWith, name: str) -> None:
    small = site_with(tags="")
    imported(small, HERE / "sites" / name)
    for post in small.library.posts:
        for alias in post.aliases:
            with small.client.get(quote(alias), follow_redirects=True) as response:
                assert (response.status_code, response.request.path) == (200, post.address)
