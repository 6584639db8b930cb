"""`flask import` on the terminal: what it says, and its exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result

from tests.conftest import SiteWith, SmallSite, post_text
from tests.importing.test_importer import blog, post


def ran(small: SmallSite, *words: str | Path) -> Result:
    return small.app.test_cli_runner().invoke(args=["import", *map(str, words)])


def test_an_import_without_loss_ends_with_0(site_with: SiteWith, tmp_path: Path) -> None:
    ended = ran(site_with(tags=""), blog(tmp_path, {"_posts/2020-01-02-a.md": post()}))
    assert ended.exit_code == 0, ended.output
    assert "Jekyll (known by _posts/): 1 post and 0 pages" in ended.output
    assert "1 file written, 0 already there." in ended.output


def test_a_loss_ends_with_1_and_is_in_the_report(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(tags="")
    ended = ran(small, blog(tmp_path, {"_posts/2020-01-02-a.md": post("{% zork %} {% zork %}")}))
    assert ended.exit_code == 1
    lines = ended.output.splitlines()
    assert lines[1].startswith("_posts/2020-01-02-a.md:5: This tag or shortcode is not known; a comment stands in its")
    assert lines[1].endswith('"zork". Say what it means in import.toml, under [shortcodes]. And 1 more of this kind.')
    assert lines[-1] == "Imported, with 2 losses."
    assert (small.root / ".import/report.txt").read_text().count("zork") == 2


def test_equal_kinds_of_loss_are_one_line(site_with: SiteWith, tmp_path: Path) -> None:
    files = {f"_posts/2020-01-{n:02}-{n}.md": post("{% zork %}") for n in range(1, 20)}
    ended = ran(site_with(tags=""), blog(tmp_path, files))
    assert ended.output.count("zork") == 1
    assert "And 18 more of this kind." in ended.output


@pytest.mark.parametrize("words", [(), ("a", "--verify", "b")])
def test_wrong_usage_ends_with_2(site_with: SiteWith, words: tuple[str, ...]) -> None:
    ended = ran(site_with(), *words)
    assert ended.exit_code == 2
    assert "Name either the SOURCE" in ended.output


def test_what_is_not_there_is_said_in_a_sentence(site_with: SiteWith, tmp_path: Path) -> None:
    ended = ran(site_with(), tmp_path / "none")
    assert ended.exit_code == 1
    assert "is not there." in ended.output


def test_a_damaged_page_of_an_old_build_stops_nothing(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with({"a": post_text("A", aliases="[/old/a.html]")})
    (tmp_path / "build/old").mkdir(parents=True)
    (tmp_path / "build/old/a.html").write_bytes(b"A\0")
    ended = ran(small, "--verify", tmp_path / "build")
    assert ended.exit_code == 0, ended.output
    assert "old/a.html: this cannot be read, so that its words are not compared: it is no text." in ended.output
    assert "1 old addresses: 0 lost" in ended.output


def test_an_error_of_no_system_call_is_said_as_it_is(
    site_with: SiteWith, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("Invalid data stream")

    monkeypatch.setattr("trigpoint.importing.importer.read_source", broken)
    ended = ran(site_with(), tmp_path / "old.zip")
    assert f"{tmp_path / 'old.zip'}: Invalid data stream." in ended.output


def test_verify_names_the_line_to_write(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with({"a": post_text("A", aliases="[/old/a/]"), "b": post_text("B")})
    (tmp_path / "list.txt").write_text("/old/a/\n/old/b/\n/tags/x/\n")
    ended = ran(small, "--verify", tmp_path / "list.txt")
    assert ended.exit_code == 1
    assert '/old/b/: nothing is there. Write `aliases: ["/old/b/"]` into pages/posts/b.md.' in ended.output
    assert "3 old addresses: 1 lost, 0 with fewer words, 1 were lists that are gone." in ended.output


def test_the_feeds_old_addresses_lead_to_the_feed(site_with: SiteWith, tmp_path: Path) -> None:
    old = blog(tmp_path, {"_posts/2020-01-02-a.md": post(), "atom.xml": "---\n---\n"})
    line = 'feed_aliases = ["/atom.xml"]'
    assert line in ran(site_with(tags=""), old).output
    small = site_with({"a": post_text("A")}, settings=line, name="other")
    status, _, headers = small.answer("/atom.xml")
    assert (status, headers["Location"]) == (301, "/feed.xml")
    assert "/atom.xml /feed.xml 301" in small.text("/_redirects")
    assert "feed_aliases" not in ran(small, old).output
