"""Authors as readers meet them: bylines, pages, feeds, and what the site gives way to."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest

from tests.conftest import SiteWith, SmallSite, png, post_text
from tests.freezing.test_freeze import OPTIONS, freeze
from trigpoint.freezing.checks.sources import findings
from trigpoint.freezing.checks.vanished import losses
from trigpoint.freezing.plan import addresses_of

ATOM = {"a": "http://www.w3.org/2005/Atom"}
REGISTRY = """[ada]
name = "Ada Lovelace"
url = "https://www.ada.example/"
picture = "authors/ada.png"
about = "Writes of *engines*."

[grace]
name = "Grace Hopper"

[eve]
name = "Eve"
"""
FILES = {"authors.toml": REGISTRY, "authors/ada.png": png(200, 100)}

pytestmark = pytest.mark.usefixtures("small_volumes")


def written(*authors: str) -> str:
    return f"[{', '.join(authors)}]"


@pytest.fixture
def small(site_with: SiteWith) -> SmallSite:
    posts = {f"p{n}": post_text(f"P{n}", f"2026-01-0{n}", authors=written("ada")) for n in range(1, 6)}
    posts["both"] = post_text("Both", "2025-01-02", authors=written("Grace Hopper", "ada"))
    posts["ours"] = post_text("Ours", "2025-01-01")
    return site_with(posts, FILES)


def test_a_byline_names_the_authors_with_links(small: SmallSite) -> None:
    html = small.text("/posts/both/")
    grace = '<a class="p-author h-card" href="/authors/grace/"><bdi>Grace Hopper</bdi></a>'
    ada = '<a class="p-author h-card" href="/authors/ada/"><bdi>Ada Lovelace</bdi></a>'
    assert f"by {grace}, {ada}" in html
    assert '<bdi class="p-author h-card">Ada Tester</bdi>' in small.text("/posts/ours/"), "the site's author"


def test_the_page_of_an_author_lists_the_articles(small: SmallSite) -> None:
    html = small.text("/authors/ada/")
    assert re.findall(r'u-url" href="/posts/(\w+)/"', html) == ["p5", "p4"]
    assert small.text("/authors/ada/page/1/").count('u-url" href="/posts/') == 2
    assert "6 articles" in html and "6 articles" not in small.text("/authors/ada/page/2/")
    assert '<a class="u-url" href="https://www.ada.example/" rel="me">ada.example</a>' in html
    assert '<img class="u-photo" src="/authors/ada.png" alt="" width="96" height="48"' in html
    assert "Writes of" in html and "<title>Ada Lovelace · A test blog</title>" in html
    assert small.status("/authors/eve/") == small.status("/authors/nobody/") == small.status("/authors/") == 404
    assert small.status("/authors/eve/feed.xml") == small.status("/authors/ada/page/9/") == 404


def test_an_author_has_feeds_and_entries_say_who_wrote_them(small: SmallSite) -> None:
    feed = ElementTree.fromstring(small.text("/authors/grace/feed.xml"))
    (entry,) = feed.findall("a:entry", ATOM)
    said = [
        (each.findtext("a:name", "", ATOM), each.findtext("a:uri", "", ATOM))
        for each in entry.findall("a:author", ATOM)
    ]
    assert said == [
        ("Grace Hopper", "https://blog.example/authors/grace/"),
        ("Ada Lovelace", "https://blog.example/authors/ada/"),
    ]
    assert feed.findtext("a:title", "", ATOM) == "Grace Hopper · A test blog"
    (item,) = json.loads(small.text("/authors/grace/feed.json"))["items"]
    assert item["authors"][0] == {"name": "Grace Hopper", "url": "https://blog.example/authors/grace/"}
    ours = json.loads(small.text("/feed.json"))["items"][-1]
    assert ours["authors"] == [{"name": "Ada Tester"}]


def test_the_sitemap_has_the_pages_of_authors(small: SmallSite) -> None:
    assert "<loc>https://blog.example/authors/grace/</loc><lastmod>2025-01-02" in small.text("/sitemap.xml")
    assert "/authors/eve/" not in small.text("/sitemap.xml")


def test_an_edit_of_the_registry_is_seen_at_once(small: SmallSite) -> None:
    assert "Ada Lovelace" in small.text("/posts/p1/")
    small.write("authors.toml", REGISTRY.replace("Ada Lovelace", "Ada King"))
    assert "Ada King" in small.text("/posts/p1/") and "Ada King" in small.text("/authors/ada/")
    small.write("authors.toml", REGISTRY.replace('"Ada Lovelace"', "3"))
    assert small.faults() == ['pages/authors.toml:2:1: The name of "ada" is not a text of one line. Write name = "…".']
    assert "Ada King" in small.text("/authors/ada/"), "the last good one"
    (small.pages / "authors.toml").unlink()
    assert small.status("/authors/ada/") == 404 and not small.faults()
    assert '<bdi class="p-author h-card">ada</bdi>' in small.text("/posts/p1/")


def test_a_registry_is_no_file_for_readers(small: SmallSite) -> None:
    assert small.status("/authors.toml") == 404


def test_a_picture_that_is_not_there_is_named(small: SmallSite) -> None:
    small.write("authors.toml", REGISTRY.replace("authors/ada.png", "authors/ida.png"))
    assert small.faults() == [
        'pages/authors.toml:4: The picture of "ada" is "authors/ida.png", and there is no such picture. '
        'Did you mean "authors/ada.png"?'
    ]


def test_pages_and_files_of_the_sites_own_stay_where_they_are(small: SmallSite) -> None:
    small.write("authors.md", "---\ntitle: All of us\n---\n\nUs.\n")
    small.write("authors/guests.md", "---\ntitle: Guests\n---\n\nThem.\n")
    small.write("authors/guests/feed.xml", "<own/>")
    small.write("authors/guests/page/2.md", "---\ntitle: More guests\n---\n\nThem.\n")
    assert "All of us" in small.text("/authors/") and "Guests" in small.text("/authors/guests/")
    assert "More guests" in small.text("/authors/guests/page/2/")
    assert small.text("/authors/guests/feed.xml") == "<own/>"
    assert not [fault for fault in findings(small.site) if not fault.warning]
    assert set(addresses_of(small.site)) >= {"/authors/", "/authors/guests/", "/authors/guests/feed.xml"}


def test_a_page_at_the_address_of_an_author_is_a_fault(small: SmallSite) -> None:
    small.write("authors/ada.md", "---\ntitle: Ada\n---\n\nHer.\n")
    (fault,) = small.faults()
    assert fault.startswith(
        "pages/authors/ada.md: This page would stand at /authors/ada/, which the site needs itself."
    )
    (small.pages / "authors/ada.md").unlink()
    small.write("about.md", "---\ntitle: About\naliases: [/authors/grace/]\n---\n\nUs.\n")
    small.library  # noqa: B018
    (error,) = [fault for fault in findings(small.site) if not fault.warning]
    assert error.kind == "alias-taken"


def test_an_author_who_goes_is_named_before_readers_miss_the_page(small: SmallSite) -> None:
    assert freeze(small, OPTIONS).release
    small.write("authors.toml", REGISTRY.replace("[grace]", "[hopper]"))
    small.library  # noqa: B018
    (lost,) = [each for each in losses(small.site, addresses_of(small.site)) if "page" not in each.subject]
    assert str(lost) == (
        "pages/authors.toml: Readers have /authors/grace/, and it would be gone. "
        "Name the author's table [grace] again, or where it is meant: `--drop /authors/grace/`."
    )
    small.write("authors.toml", REGISTRY)
    small.write("posts/both.md", post_text("Both", "2025-01-02", authors=written("ada")))
    small.library  # noqa: B018
    (lost,) = losses(small.site, addresses_of(small.site))
    assert lost.warning and lost.cure == "No article is by this author now."


def test_a_freeze_renders_what_shows_an_author_alone(small: SmallSite) -> None:
    assert freeze(small, OPTIONS).release
    small.write(
        "authors.toml", REGISTRY.replace("Grace Hopper", "Rear Admiral Hopper").replace("[ada]", "# Us.\n[ada]")
    )
    small.write("posts/both.md", post_text("Both", "2025-01-02", authors=written("grace", "ada")))
    done = freeze(small, OPTIONS)
    assert done.release
    text = (small.root / "build/posts/both/index.html").read_text()
    assert "Rear Admiral Hopper" in text and "Grace Hopper" not in text
    assert (small.root / "build/authors/grace/index.html").is_file()


def test_a_kind_of_page_of_the_sites_own_comes_first(small: SmallSite) -> None:
    rules = {rule.endpoint: rule for rule in small.app.url_map.iter_rules()}
    assert rules["written_by"].rule == "/authors/<author:slug>/"
    own = type(rules["tag"])("/authors/<name>/", endpoint="own")
    adapted = small.app.url_map.bind("site")
    small.app.url_map.add(own)
    assert adapted.match("/authors/ada/") == ("own", {"name": "ada"})
