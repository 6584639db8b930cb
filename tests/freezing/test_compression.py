"""A compressed file holds what its file holds, is made once, and goes with it."""

from __future__ import annotations

import gzip

import brotli
import zstandard

from tests.conftest import SiteWith, SmallSite, post_text
from tests.freezing.test_freeze import freeze, live

FORMS = 'precompress = ["gz", "br", "zst"]\n'

OPENED = {".gz": gzip.decompress, ".br": brotli.decompress, ".zst": zstandard.ZstdDecompressor().decompress}


def check_twins(small: SmallSite) -> int:
    files = live(small)
    compressed_files = [path for path in files if path.endswith(tuple(OPENED))]
    for path in compressed_files:
        name, _, form = path.rpartition(".")
        assert OPENED[f".{form}"](files[path]) == files[name], path
    return len(compressed_files)


def test_text_files_have_twins_that_hold_the_same(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(), "b": post_text("B", "2025-01-01")}, settings=FORMS)
    freeze(small)
    assert check_twins(small) > 30
    assert {path.rpartition(".")[2] for path in live(small)} >= {"gz", "br", "zst"}
    assert not any(path.endswith(".png.gz") for path in live(small))


def test_twins_follow_their_files(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(), "b": post_text("B", "2025-01-01")}, settings=FORMS)
    freeze(small)
    before = live(small)
    small.write("posts/a.md", post_text("Renamed"))
    outcome = freeze(small)
    assert "/posts/b/index.md" not in outcome.rendered
    check_twins(small)
    assert live(small)["static/js/site.js.gz"] == before["static/js/site.js.gz"]


def test_asking_for_twins_makes_them_though_nothing_else_changed(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    freeze(small)
    assert check_twins(small) == 0
    with (small.root / "site.toml").open("a") as settings:
        settings.write(FORMS)
    freeze(small)
    assert check_twins(small) > 10
    assert freeze(small).release is None


def with_variants(site_with: SiteWith) -> SmallSite:
    """A site whose author has files with the names of compressed ones, and a folder of such a name."""
    files = {
        "data.json": "[1]" + " " * 2000,
        "data.json.gz": b"mine",
        "posts/a/index.html.gz": b"mine, too",
        "notes.txt": "words " * 500,
        "notes.txt.gz/x.csv": "1",
    }
    return site_with({"a": post_text()}, files, settings='precompress = ["gz"]\n')


def test_a_file_of_the_authors_stays_though_it_has_the_name_of_a_compressed_one(site_with: SiteWith) -> None:
    small = with_variants(site_with)
    first = freeze(small)
    assert live(small)["data.json.gz"] == b"mine" and live(small)["posts/a/index.html.gz"] == b"mine, too"
    assert "index.html.gz" in live(small) and "notes.txt.gz/x.csv" in live(small)
    assert first.live.damage == ""
    said = [fault for fault in first.warnings if fault.kind == "variant-taken"]
    assert [fault.path for fault in said] == ["pages/data.json.gz", "pages/posts/a/index.html.gz"]
    small.write("posts/a.md", post_text())
    assert freeze(small).release is None


def test_a_file_of_the_authors_takes_the_place_of_a_compressed_one_in_the_next_release_alone(
    site_with: SiteWith,
) -> None:
    small = site_with({"a": post_text()}, {"data.json": "[1]" + " " * 2000}, settings='precompress = ["gz"]\n')
    first = freeze(small).live
    small.write("data.json.gz", b"mine")
    freeze(small)
    assert live(small)["data.json.gz"] == b"mine"
    assert first.damage == ""
