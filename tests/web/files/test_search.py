"""What the search is made of is served like all else, and holds nothing that readers may not see."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

from tests.conftest import SiteWith, freeze_all, post_text, tree
from trigpoint.search.tokens import TITLE, scale_of

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def test_the_posts_are_listed_from_the_oldest(site_with: SiteWith) -> None:
    small = site_with(
        {"b": post_text("Béta", "2026-02-02", tags="[Go, C]"), "a": post_text("Alpha", "2026-01-01", tags="[Go]")}
    )
    docs = json.loads(small.text("/search/docs.json"))
    assert docs["tags"] == [["/tags/go/", "#Go"], ["/tags/c/", "#C"]]
    assert docs["first"] == 0
    assert docs["posts"][0] == ["posts/a", "Alpha", "1 January 2026 · #Go", "Some words."]
    assert docs["posts"][1][:2] == ["posts/b", "Béta"]
    assert "o" in docs["shards"]["w"]


def test_older_posts_are_in_volumes_and_the_newest_never_are(site_with: SiteWith) -> None:
    """And a volume that is full stays as it is when a post is added."""
    posts = {f"p{n:03}": post_text(f"Post {n}", f"2025-{n // 28 + 1:02}-{n % 28 + 1:02}") for n in range(106)}
    small = site_with(dict(list(posts.items())[:104]))
    assert small.status("/search/posts-0.json") == 404
    assert len(json.loads(small.text("/search/docs.json"))["posts"]) == 104
    small.write("posts/p104.md", posts["p104"])
    docs, volume = json.loads(small.text("/search/docs.json")), small.text("/search/posts-0.json")
    assert (docs["first"], [len(row) for row in docs["posts"]]) == (100, [4] * 5)
    assert [row[0] for row in json.loads(volume)] == [f"posts/p{n:03}" for n in range(100)]
    small.write("posts/p105.md", posts["p105"])
    assert small.text("/search/posts-0.json") == volume
    assert small.status("/search/posts-1.json") == 404


def test_a_shard_is_served_for_each_name_and_no_other(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("Ärger 東京", body="con nul")})
    shards = json.loads(small.text("/search/docs.json"))["shards"]
    for name in (letter + other.strip() for letter, others in shards.items() for other in others):
        assert json.loads(small.text(f"/search/words-{name}.json"))["words"]
    assert json.loads(small.text("/search/words-ar.json"))["words"] == {"arger": [0, scale_of(1)[TITLE]]}
    assert small.status("/search/words-zz.json") == 404
    assert small.status("/search/words-.json") == 404


def test_a_text_has_the_sections_of_its_article_with_code_apart(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A", body="One.\n\n## Two\n\nThree.\n\n```\nfour\n```")})
    sections = [["", "", "One."], ["two", "Two", "Three.", "four"]]
    assert json.loads(small.text("/search/text/posts/a.json")) == sections
    for address in ("posts/b", "a", "posts", "posts/a/", "/posts/a", "about"):
        assert small.status(f"/search/text/{address}.json") == 404, address


def test_pages_are_found_too_and_numbered_before_the_posts(site_with: SiteWith) -> None:
    page = "---\ntitle: {}\n---\n\nOf wombats.\n"
    files = {
        "docs/größe.md": page.format("Size"),
        "about.md": page.format("About"),
        "x.md": page.format("X\ndraft: true"),
    }
    small = site_with({"b": post_text("B")}, files)
    docs = json.loads(small.text("/search/docs.json"))
    assert (docs["pages"], docs["first"]) == (2, 0)
    assert [row[0] for row in docs["posts"]] == ["about", "docs/gr%C3%B6%C3%9Fe", "posts/b"]
    assert docs["posts"][0][1:] == ["About", "", "Of wombats."]
    assert json.loads(small.text("/search/words-wo.json"))["words"]["wombats"][::2] == [0, 1]
    assert json.loads(small.text("/search/text/docs/größe.json")) == [["", "", "Of wombats."]]
    assert small.status("/search/text/x.json") == 404


def test_it_is_said_at_which_post_each_year_begins(site_with: SiteWith) -> None:
    days = ("2024-03-01", "2024-05-01", "2026-01-01")
    small = site_with({f"p{n}": post_text("P", day) for n, day in enumerate(days)})
    assert json.loads(small.text("/search/docs.json"))["years"] == [[0, "2024"], [2, "2026"]]
    small.write("about.md", "---\ntitle: About\n---\n")
    assert json.loads(small.text("/search/docs.json"))["years"] == [[0, ""], [1, "2024"], [3, "2026"]]


def test_a_post_without_words_is_no_trouble(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("…", body="")})
    assert json.loads(small.text("/search/docs.json"))["shards"] == {}
    assert json.loads(small.text("/search/text/posts/a.json")) == []


def test_no_byte_of_a_draft_is_in_the_index(site_with: SiteWith, tmp_path: Path) -> None:
    hidden = {
        "draft": post_text("Xylophone", body="quokka [x](p.md)", draft="true", tags="[C]"),
        "later": post_text("Zeppelin", "2199-01-01", body="wombat"),
        "gone": post_text("Yodel", body="numbat", expires="2026-01-03"),
    }
    small = site_with({"p": post_text("Public", tags="[Go]"), **hidden})
    freeze_all(small.site, tmp_path / "frozen")
    for path, content in tree(tmp_path / "frozen").items():
        for word in (b"xylophone", b"quokka", b"zeppelin", b"wombat", b"yodel", b"numbat", b"draft", b"later"):
            assert not path.startswith("search/") or word not in content.lower(), (path, word)
    assert not [path for path in tree(tmp_path / "frozen") if path.startswith(("search/words-qu", "search/words-xy"))]


def test_browsers_can_add_the_search(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    described = ElementTree.fromstring(small.text("/opensearch.xml"))
    url = described.find(f"{OPENSEARCH}Url")
    assert url is not None
    assert url.get("template") == "https://blog.example/search/?q={searchTerms}"
    assert len(described.findtext(f"{OPENSEARCH}ShortName", "")) <= 16
    assert 'rel="search"' in small.text("/")


def test_every_page_has_the_dialog_once(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    for address in ("/", "/posts/a/", "/tags/", "/search/", "/404.html"):
        assert small.text(address).count('role="combobox"') == 1, address
