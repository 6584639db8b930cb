"""The pages that machines read."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from tests.conftest import SiteWith, SmallSite, png, post_text

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def entries(small: SmallSite, address: str = "/feed.xml") -> list[ElementTree.Element]:
    return ElementTree.fromstring(small.text(address)).findall("a:entry", ATOM)


def test_a_feed_holds_the_newest_twenty(site_with: SiteWith) -> None:
    small = site_with({f"p{n}": post_text(f"P{n}", f"2026-01-{n:02}") for n in range(1, 23)})
    titles = [entry.findtext("a:title", "", ATOM) for entry in entries(small)]
    assert titles == [f"P{n}" for n in range(22, 2, -1)]
    assert [item["title"] for item in json.loads(small.text("/feed.json"))["items"]] == titles


def test_a_feed_is_as_new_as_its_newest_change(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(date="2026-01-02", updated="2026-05-01"), "b": post_text(date="2026-04-01")})
    feed = ElementTree.fromstring(small.text("/feed.xml"))
    assert feed.findtext("a:updated", "", ATOM) == "2026-05-01T00:00:00+02:00"


def test_a_feed_without_articles_is_a_feed(site_with: SiteWith) -> None:
    small = site_with()
    assert entries(small) == []
    assert json.loads(small.text("/feed.json"))["items"] == []


def test_a_tag_has_a_feed_of_its_own(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A", tags="[Go]"), "b": post_text("B", tags="[C]")})
    assert [entry.findtext("a:title", "", ATOM) for entry in entries(small, "/tags/go/feed.xml")] == ["A"]
    assert small.status("/tags/none/feed.xml") == small.status("/tags/none/feed.json") == 404


def test_links_of_an_entry_are_whole(site_with: SiteWith) -> None:
    body = "## Part\n\n[b](b.md#x) [here](#part) [tags](/tags/) [mail](mailto:a@b.example) [far](https://far.example/x)"
    small = site_with({"a": post_text("A", "2026-02-02", body), "b": post_text("B", body="## X")})
    content = entries(small)[0].findtext("a:content", "", ATOM)
    for address in (
        "https://blog.example/posts/b/#x",
        "https://blog.example/posts/a/#part",
        "https://blog.example/tags/",
        "mailto:a@b.example",
        "https://far.example/x",
    ):
        assert f'href="{address}"' in content


def test_the_twin_follows_its_body(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A", body="The first.", description="Same.")})
    assert small.text("/posts/a/index.md").endswith("\n\nThe first.\n")
    small.write("posts/a.md", post_text("A", body="The other.", description="Same."))
    assert small.text("/posts/a/index.md").endswith("\n\nThe other.\n")


@pytest.mark.parametrize(
    ("address", "media_type"),
    [
        ("/feed.xml", "application/xml; charset=utf-8"),
        ("/feed.json", "application/json; charset=utf-8"),
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/llms.txt", "text/plain; charset=utf-8"),
        ("/favicon.ico", "image/x-icon"),
        ("/site.webmanifest", "application/manifest+json; charset=utf-8"),
        ("/posts/a/index.md", "text/markdown; charset=utf-8"),
    ],
)
def test_each_says_what_it_is(site_with: SiteWith, address: str, media_type: str) -> None:
    status, _, headers = site_with({"a": post_text()}).answer(address)
    assert (status, headers["Content-Type"]) == (200, media_type)


def test_machines_are_told_of_no_hidden_article(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("Shown"), "b": post_text("Secret", draft="true", tags="[Go]")})
    for address in ("/feed.xml", "/feed.json", "/sitemap.xml", "/llms.txt"):
        text = small.text(address)
        assert "Secret" not in text
        assert "/posts/b/" not in text
        assert "/tags/go/" not in text


def test_a_feed_of_a_blog_without_an_author_has_one(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    """Atom wants one."""
    monkeypatch.setenv("BLOG_AUTHOR", "")
    feed = ElementTree.fromstring(site_with({"a": post_text()}).text("/feed.xml"))
    assert feed.findtext("a:author/a:name", "", ATOM) == "A test blog"


def test_code_goes_to_feeds_without_colours_numbers_or_marks(site_with: SiteWith) -> None:
    body = '```py title="a.py" linenums hl_lines="1"\nx = "<a>"\n```\n\n```\nplain\n```'
    small = site_with({"a": post_text(body=body)})
    [item] = json.loads(small.text("/feed.json"))["items"]
    assert item["content_html"] == (
        '<figure><figcaption>a.py</figcaption><pre><code class="language-py">x = "&lt;a&gt;"\n</code></pre></figure>\n'
        "<pre><code>plain\n</code></pre>"
    )
    assert 'class="hll"' in small.text("/posts/a/")


def test_headings_in_feeds_have_no_sign_behind_them(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="## One\n\nText.")})
    [item] = json.loads(small.text("/feed.json"))["items"]
    assert item["content_html"] == '<h2 id="one">One</h2>\n<p>Text.</p>'
    assert '<h2 id="one">One<a class="anchor" href="#one"' in small.text("/posts/a/")


def test_an_entry_in_another_language_says_so(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A", lang="de"), "b": post_text("B", "2025-01-01")})
    entries = ElementTree.fromstring(small.text("/feed.xml")).findall("{http://www.w3.org/2005/Atom}entry")
    assert [entry.get("{http://www.w3.org/XML/1998/namespace}lang") for entry in entries] == ["de", None]


@pytest.mark.parametrize(
    "html",
    [
        '<a href="{}">x</a>', '<img src="{}" alt="">', '<img srcset="{} 2x" alt="">', '<video src="{}"></video>',
        '<video poster="{}"></video>', '<audio src="{}"></audio>', '<video><track src="{}"></video>',
        '<picture><source srcset="{}"></picture>', '<iframe src="{}"></iframe>', '<embed src="{}">',
        '<object data="{}"></object>', '<map><area href="{}"></map>', '<svg><use href="{}"/></svg>',
        '<svg><image xlink:href="{}"/></svg>', '<input type="image" src="{}">', '<form action="{}"></form>',
        '<button formaction="{}">x</button>', '<blockquote cite="{}">x</blockquote>', '<q cite="{}">x</q>',
        '<img alt="x src=" src="{}">',
    ],
)  # fmt: skip
def test_every_address_in_a_feed_is_whole(site_with: SiteWith, html: str) -> None:
    """Of each element and attribute that can hold one; a reader has no page to resolve others against."""
    small = site_with(files={"posts/a/index.md": post_text(body=html.format("pic.png")), "posts/a/pic.png": png(1, 1)})
    (item,) = json.loads(small.text("/feed.json"))["items"]
    assert '"https://blog.example/posts/a/pic.png' in item["content_html"]
    assert '"pic.png' not in item["content_html"]


@pytest.mark.parametrize("link", ["ftp://f.example/", "//cdn.example/f", "sms:+1", "irc://i.example/x", "magnet:?xt=x"])
def test_an_address_of_any_scheme_is_whole_in_a_feed(site_with: SiteWith, link: str) -> None:
    (item,) = json.loads(site_with({"a": post_text(body=f"[x]({link})")}).text("/feed.json"))["items"]
    assert f'href="{link}"' in item["content_html"]


def test_an_own_robots_and_icon_come_before_the_sites(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()}, {"robots.txt": "Disallow: /\n", "favicon.ico": b"mine"})
    assert small.text("/robots.txt") == "Disallow: /\n"
    assert small.answer("/favicon.ico")[1] == b"mine"
