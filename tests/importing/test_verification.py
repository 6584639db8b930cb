"""Old addresses are asked for one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigpoint.importing.generators import ImportStopped
from trigpoint.importing.verification import Verified, old_addresses, verified

PAGE = "<html><head><title>T</title></head><body><nav>menu</nav><article>{}</article></body></html>"


def test_a_sitemap_gives_paths(tmp_path: Path) -> None:
    (tmp_path / "s.xml").write_text("<urlset><url><loc>https://e.org/a%20b/?x=1&amp;y</loc></url></urlset>")
    assert old_addresses(tmp_path / "s.xml", print) == [("/a b/", "")]


def test_an_index_of_sitemaps_gives_the_paths_of_those_beside_it(tmp_path: Path) -> None:
    places = "".join(f"<sitemap><loc>https://e.org/{name}.xml</loc></sitemap>" for name in ("posts", "pages"))
    (tmp_path / "index.xml").write_text(f"<sitemapindex>{places}</sitemapindex>")
    (tmp_path / "posts.xml").write_text("<urlset><url><loc>https://e.org/a/</loc></url></urlset>")
    notes: list[str] = []
    assert old_addresses(tmp_path / "index.xml", notes.append) == [("/a/", "")]
    assert notes == [f"{tmp_path / 'pages.xml'}: this sitemap is not there. Put it beside index.xml, which names it."]


def test_a_number_sign_in_the_name_of_a_folder_is_part_of_its_address(tmp_path: Path) -> None:
    (tmp_path / "c#-tips").mkdir()
    (tmp_path / "c#-tips/index.html").write_text("A")
    assert old_addresses(tmp_path, print) == [("/c#-tips/", "A")]


def test_a_build_gives_pages_with_their_html(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/index.html").write_text("A")
    (tmp_path / "b.html").write_text("B")
    (tmp_path / "404.html").write_text("no")
    assert old_addresses(tmp_path, print) == [("/a/", "A"), ("/b.html", "B")]


def test_a_page_that_is_no_text_is_named_and_its_address_stays(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"A\0")
    (tmp_path / "b.html").write_text("B")
    notes: list[str] = []
    assert old_addresses(tmp_path, notes.append) == [("/a.html", ""), ("/b.html", "B")]
    assert notes == [f"{tmp_path / 'a.html'}: this cannot be read, so that its words are not compared: it is no text."]


def test_a_folder_without_pages_is_no_build(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts/a.md").write_text("# A")
    with pytest.raises(ImportStopped, match=r"holds no page \(.html\): build the old blog first"):
        old_addresses(tmp_path, print)


def test_what_names_no_address_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("nothing")
    with pytest.raises(ImportStopped, match="names no address"):
        old_addresses(tmp_path / "x", print)


def test_lost_addresses_and_words_are_found() -> None:
    answers = {
        "/a/": (200, "/posts/a/", PAGE.format("one two")),
        "/b/": (404, "/b/", ""),
        "/tags/x/": (404, "/tags/x/", ""),
    }
    pages = [("/a/", PAGE.format("one two three four")), ("/b/", ""), ("/tags/x/", "")]
    found = list(verified(pages, answers.__getitem__))
    assert found == [
        Verified("/a/", 200, "/posts/a/", 0.5),
        Verified("/b/", 404, "/b/"),
        Verified("/tags/x/", 404, "/tags/x/"),
    ]
    assert [each.is_list for each in found] == [False, False, True]


@pytest.mark.parametrize("address", ["/2020/", "/2020/01/02/", "/page/2/", "/tags.html", "/", "/es/tags/"])
def test_a_list_is_none_of_an_authors_pages(address: str) -> None:
    assert Verified(address, 404).is_list


def test_a_post_below_a_date_is_no_list() -> None:
    assert not Verified("/2020/01/a/", 404).is_list
