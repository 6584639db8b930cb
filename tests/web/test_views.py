"""The pages that people read."""

from __future__ import annotations

import json
import os
import re

import feedparser
import pytest
from werkzeug.http import http_date

from tests.conftest import SiteWith, SmallSite, as_preview, post_text


def seven(site_with: SiteWith) -> SmallSite:
    return site_with(
        {f"p{n}": post_text(f"Post {n}", f"2026-01-0{n}", f"Words of {n}.", tags="[Go]") for n in range(1, 8)}
    )


def titles(text: str) -> list[str]:
    return re.findall(r"Post \d(?=</a>)", text)


def test_the_front_holds_the_newest_and_the_pages_behind_are_numbered_from_the_oldest(site_with: SiteWith) -> None:
    small = seven(site_with)
    assert titles(small.text("/")) == ["Post 7", "Post 6", "Post 5"]
    assert titles(small.text("/page/2/")) == ["Post 4", "Post 3"]
    assert titles(small.text("/page/1/")) == ["Post 2", "Post 1"]
    assert small.status("/page/3/") == 404


def test_a_new_post_changes_no_page_behind_the_front(site_with: SiteWith) -> None:
    small = seven(site_with)
    before = small.text("/page/1/")
    small.write("posts/new.md", post_text("Post 8", "2026-02-01", tags="[Go]"))
    assert small.text("/page/1/") == before
    assert titles(small.text("/")) == ["Post 8", "Post 7"]


def test_an_empty_blog_says_so(site_with: SiteWith) -> None:
    assert "No articles yet" in site_with().text("/")


def test_a_card_has_what_a_reader_chooses_by(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A & B", body="word " * 500, tags="[C++]", summary="What it is about")})
    text = small.text("/")
    for expected in (
        "A &amp; B",
        "What it is about",
        "2 min read",
        "Read article",
        "#C++",
        'href="/tags/cpp/"',
        'href="/posts/a/"',
    ):
        assert expected in text


def test_the_listing_asks_for_no_divisions_by_hand(site_with: SiteWith) -> None:
    """Minutes are computed from the words of the body, at the speed that the site states."""
    small = site_with({"a": post_text(body="word " * 2200)}, settings="words_per_minute = 100\n")
    assert "22 min read" in small.text("/posts/a/")


@pytest.mark.parametrize("body", ["Words of it.\n\n## A", "## A\n\nWords of it.", "![P](p.svg)\n\nWords of it."])
def test_what_was_taken_from_the_text_does_not_stand_below_the_title_too(site_with: SiteWith, body: str) -> None:
    team = f"---\ntitle: Team\n---\n\n{body}\n"
    small = site_with({"a": post_text(body=body)}, {"team.md": team, "posts/p.svg": "<svg/>", "p.svg": "<svg/>"})
    for address in ("/posts/a/", "/team/"):
        assert small.text(address).partition("<body")[2].count("Words of it.") == 1, address


@pytest.mark.parametrize("name", ["summary", "description"])
def test_what_was_written_of_an_article_stands_below_its_title(site_with: SiteWith, name: str) -> None:
    body = "## A\n\nWords of it."
    written = {name: "Of it"}
    small = site_with({"a": post_text(body=body, **written), "b": post_text(body="Of it. All", **written)})
    assert "p-summary" in small.text("/posts/a/")
    assert "p-summary" not in small.text("/posts/b/"), "the text begins with the same"


def test_an_article_knows_its_neighbours_series_and_relatives(site_with: SiteWith) -> None:
    small = site_with(
        {
            f"p{n}": post_text(f"Post {n}", f"2026-01-0{n}", tags="[Go]", series=f"{{name: Basics, part: {n}}}")
            for n in (1, 2, 3)
        }
    )
    text = small.text("/posts/p2/")
    assert "Part 2 of 3" in text
    assert 'href="/series/basics/"' in text
    assert 'href="/posts/p1/"' in text
    assert 'href="/posts/p3/"' in text


def test_c_cpp_and_csharp_are_three_tags(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("Post 1", tags='[C, "C++", "C#"]')})
    assert {small.status(f"/tags/{slug}/") for slug in ("c", "cpp", "csharp")} == {200}


def test_a_tag_alias_and_an_old_address_lead_on(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(tags="[golang]", aliases="[/2019/a.html, /old/a/]")})
    for old, new in (
        ("/tags/golang/", "/tags/go/"),
        ("/2019/a.html", "/posts/a/"),
        ("/old/a/", "/posts/a/"),
        ("/old/a", "/posts/a/"),
    ):
        status, body, headers = small.answer(old)
        assert (status, headers["Location"]) == (301, new)
        assert f"url={new}" in body.decode()


@pytest.mark.parametrize("name", ["größe", "日本語"])
def test_a_slug_of_any_script_has_a_link_that_works(site_with: SiteWith, name: str) -> None:
    small = site_with({name: post_text("Post 1")})
    address = next(link for link in re.findall(r'href="(/posts/[^"]+/)"', small.text("/")))
    assert "Post 1" in small.text(address)


def test_a_decomposed_address_leads_to_the_composed_one(site_with: SiteWith) -> None:
    small = site_with({"café": post_text()})
    status, _, headers = small.answer("/posts/cafe%CC%81/")
    assert (status, headers["Location"]) == (301, "/posts/caf%C3%A9/")


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("/index.html", "/"),
        ("/posts/a/index.html", "/posts/a/"),
        ("/tags/index.html", "/tags/"),
        ("/about/index.html", "/about/"),
        ("/posts/a", "/posts/a/"),
        ("/tags/go", "/tags/go/"),
        ("/search?q=x", "/search/?q=x"),
        ("/archive", "/archive/"),
    ],
)
def test_another_way_to_name_a_page_leads_to_it(site_with: SiteWith, asked: str, address: str) -> None:
    """A frozen site answers the first kind with the same bytes."""
    small = site_with({"a": post_text(tags="[Go]")}, {"about.md": "---\ntitle: About\n---\n"})
    status, _, headers = small.answer(asked)
    assert (status, headers["Location"]) == (308, address)


@pytest.mark.parametrize(
    "asked",
    [
        *("/about//", "/about///", "/about/%2f", "/posts//a/", "/posts/nothing", "/tags/nothing/index.html"),
        *("/index.html/", "/posts/a/index.html/", "/search/posts-00.json", "/page/01/", "/about/index.html/index.html"),
    ],
)
def test_an_address_in_a_spelling_that_no_frozen_site_has_is_not_there(site_with: SiteWith, asked: str) -> None:
    small = site_with({"a": post_text()}, {"about.md": "---\ntitle: About\n---\n"})
    small.text("/about/")
    small.status("/nothing")
    known = set(small.site.responses.keys)
    assert small.status(asked) == 404
    assert set(small.site.responses.keys) == known


@pytest.mark.parametrize("wanted", ["bytes=0-3,10-12", "items=0-3", "bytes=x", "bytes=9-3", "lines"])
def test_a_range_that_is_not_understood_is_ignored(site_with: SiteWith, wanted: str) -> None:
    small = site_with(files={"x.bin": b"x" * 100})
    status, body, headers = small.answer("/x.bin", headers={"Range": wanted})
    assert (status, len(body), headers.get("Content-Range")) == (200, 100, None)


def test_a_range_is_given_and_one_beyond_the_end_is_told_how_long_the_file_is(site_with: SiteWith) -> None:
    small = site_with(files={"x.bin": b"x" * 100})
    status, body, headers = small.answer("/x.bin", headers={"Range": "bytes=90-"})
    assert (status, len(body), headers["Content-Range"]) == (206, 10, "bytes 90-99/100")
    status, _, headers = small.answer("/x.bin", headers={"Range": "bytes=200-"})
    assert (status, headers["Content-Range"]) == (416, "bytes */100")


def test_a_file_that_keeps_its_time_is_never_taken_for_what_it_was(site_with: SiteWith) -> None:
    """Neither "not modified" nor a part of another file: before the next look at the folder, too."""
    small = site_with(files={"x.bin": b"a" * 100})
    before = small.answer("/x.bin")[2]
    assert "Last-Modified" not in before
    file = small.root / "pages/x.bin"
    old = file.stat().st_mtime_ns
    file.write_bytes(b"b" * 100)
    os.utime(file, ns=(old, old))
    since = http_date(old / 1e9)
    for headers in (
        {"If-Modified-Since": since},
        {"If-None-Match": before["ETag"]},
        {"Range": "bytes=50-", "If-Range": since},
        {"Range": "bytes=50-", "If-Range": before["ETag"]},
    ):
        with small.client.get("/x.bin", headers=headers) as response:
            assert (response.status_code, response.get_data()) == (200, b"b" * 100)


def test_drafts_future_and_expired_posts_are_nowhere(site_with: SiteWith) -> None:
    small = site_with(
        {
            "a": post_text("Post 1", tags="[Go]"),
            "draft": post_text("Unseen thing", tags="[C]", draft="true", aliases="[/hidden-alias/]"),
            "future": post_text("Unseen thing", "2199-01-01", tags="[C]"),
            "expired": post_text("Unseen thing", "2020-01-01", tags="[C]", expires="2021-01-01"),
        }
    )
    for address in (
        "/",
        "/posts/a/",
        "/tags/",
        "/archive/",
        "/feed.xml",
        "/feed.json",
        "/sitemap.xml",
        "/llms.txt",
        "/404.html",
    ):
        assert "Unseen" not in small.text(address)
        assert "/tags/c/" not in small.text(address)
    for address in (
        "/posts/draft/",
        "/posts/future/",
        "/posts/expired/",
        "/tags/c/",
        "/hidden-alias/",
        "/posts/draft/index.md",
    ):
        assert small.status(address) == 404


def test_the_preview_shows_a_draft_with_its_reason_and_the_faults(site_with: SiteWith) -> None:
    small = site_with({"draft": post_text("Mine", draft="true"), "bad": "---\ntitle: [x\n---\n"})
    as_preview(small)
    text = small.text("/posts/draft/")
    assert "This is a draft: readers do not see it." in text
    assert "pages/posts/bad.md:2" in text
    assert "Mine" in small.text("/")


def test_the_atom_feed_is_whole_and_absolute(site_with: SiteWith) -> None:
    body = "Text & [a link](b.md#now) and [here](#own).\n\n## Own\n\n![A dot](/static/images/favicon.svg)"
    small = site_with(
        {"a": post_text("Post <1>", body=body, tags="[Go]"), "b": post_text("B", "2025-01-01", "## Now\n\nx")}
    )
    for address in ("/feed.xml", "/tags/go/feed.xml"):
        feed = feedparser.parse(small.text(address))
        assert not feed.bozo, feed.get("bozo_exception")
        entry = feed.entries[0]
        assert entry.id == "tag:blog.example,2026-01-02:/posts/a/"
        assert entry.link == "https://blog.example/posts/a/"
        assert entry.published == "2026-01-02T00:00:00+01:00"
        content = entry.content[0].value
        assert 'href="https://blog.example/posts/b/#now"' in content
        assert 'href="https://blog.example/posts/a/#own"' in content
        assert 'src="https://blog.example/static/images/favicon.svg"' in content


def test_the_json_feed_says_the_same(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("Post 1", body="Text.", tags="[Go]", id="urn:x:1")})
    feed = json.loads(small.text("/feed.json"))
    item = feed["items"][0]
    assert (feed["version"], item["id"], item["tags"]) == ("https://jsonfeed.org/version/1.1", "urn:x:1", ["Go"])
    assert "<p>Text.</p>" in item["content_html"]


def test_a_feed_stays_well_formed_whatever_is_in_a_post(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("Bell", body="a\x07b \ufffe ]]> <script>x</script> &nbsp; \x00 end")})
    assert not feedparser.parse(small.text("/feed.xml")).bozo


def test_the_sitemap_has_true_dates(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(updated="2026-03-04", tags="[Go]")}, {"about.md": "---\ntitle: About\n---\nx\n"})
    text = small.text("/sitemap.xml")
    assert "<loc>https://blog.example/posts/a/</loc><lastmod>2026-03-04T00:00:00+01:00</lastmod>" in re.sub(
        r">\s+<", "><", text
    )
    assert "<loc>https://blog.example/about/</loc></url>" in re.sub(r">\s+<", "><", text)


def test_an_article_has_a_markdown_twin_without_its_front_matter(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("Post 1", body="Some *words*.", extra="{secret: hush}")})
    text = small.text("/posts/a/index.md")
    assert text.startswith("# Post 1\n")
    assert "Some *words*." in text
    assert "hush" not in text
    assert "/posts/a/index.md" in small.text("/posts/a/")


def test_the_head_says_what_machines_ask(site_with: SiteWith) -> None:
    files: dict[str, str | bytes] = {
        "posts/a/index.md": post_text(
            "A </script> title", cover="{image: pic.svg, alt: A picture}", description="Mentions to machines"
        ),
        "posts/a/pic.svg": "<svg/>",
    }
    text = site_with(files=files).text("/posts/a/")
    assert '<link rel="canonical" href="https://blog.example/posts/a/">' in text
    assert 'content="https://blog.example/social/a.png"' in text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found
    thing = json.loads(found[1])
    assert (thing["@type"], thing["headline"]) == ("BlogPosting", "A </script> title")


def test_template_code_in_a_post_is_printed_as_typed(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("{{ 7*7 }}", body="{{ config }} {% raw %}")})
    text = small.text("/posts/a/")
    assert "{{ 7*7 }}" in text
    assert "{{ config }} {% raw %}" in text


def test_markup_in_a_title_is_escaped_everywhere(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("<script>alert(1)</script>", tags="[Go]")})
    for address in ("/", "/posts/a/", "/tags/go/", "/archive/", "/feed.xml", "/404.html"):
        assert "<script>alert" not in small.text(address)


def test_raw_html_never_breaks_the_layout_after_the_article(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="<div><b>open\n\n</main></body></html>\n\n<!-- open comment")})
    text = small.text("/posts/a/")
    assert text.count("</main>") == 1
    assert text.rstrip().endswith("</html>")
    assert "<footer" in text.split("</main>")[1]


def test_a_picture_beside_an_article_is_served(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="![A dot](dot.svg)")}, {"posts/dot.svg": "<svg/>", "tags/dot.svg": "<svg/>"})
    assert 'src="/posts/dot.svg"' in small.text("/posts/a/")
    assert small.text("/posts/dot.svg") == "<svg/>"
    assert small.text("/tags/dot.svg") == "<svg/>"
    assert small.answer("/posts/a")[2]["Location"] == "/posts/a/"


def test_the_navigation_says_where_one_is_and_below_what(site_with: SiteWith) -> None:
    footer = 'footer = [{ label = "Series", path = "/series/" }]\n'
    small = site_with({"a": post_text(tags="[Go]")}, settings=footer)
    assert '<a href="/tags/" aria-current="page">Tags</a>' in small.text("/tags/")
    assert '<a href="/tags/" aria-current="true">Tags</a>' in small.text("/tags/go/")
    assert "aria-current" not in small.text("/archive/")
    assert '<li><a href="/series/">Series</a></li>' in small.text("/tags/go/").split("<footer")[1]


def test_an_article_leads_to_the_next_part_of_its_series(site_with: SiteWith) -> None:
    small = site_with({f"p{n}": post_text(f"Post {n}", series=f"{{name: Basics, part: {n}}}") for n in (1, 2)})
    assert 'Next in Basics: <a href="/posts/p2/" dir="auto">Post 2</a>' in small.text("/posts/p1/")
    assert "Next in" not in small.text("/posts/p2/")


@pytest.mark.parametrize(
    "body", ["It is *so*.", "> It is so.", '> It is so.\n{lang="de"}', "It is <i>so</i>, <cite>they</cite> say."]
)
def test_only_an_article_with_italics_preloads_their_letters(site_with: SiteWith, body: str) -> None:
    small = site_with({"a": post_text(body=body), "b": post_text("B", body="It is **so**, `<i>`.")})
    italic = "fonts/serif-italic."
    assert (small.text("/posts/a/").count(italic), small.text("/posts/b/").count(italic)) == (1, 0)


def test_the_text_has_the_signs_of_its_language_where_that_is_wished(site_with: SiteWith) -> None:
    body = '## It\'s a "part"\n\nHe said "yes" -- `"no"`.\n\n## Two\n\n## Three\n\nText.'
    small = site_with(
        {"a": post_text(body=body), "b": post_text("B", lang="de", body=body)}, settings="typography = true\n"
    )
    assert 'He said “yes” – <code>"no"</code>.' in small.text("/posts/a/")
    assert small.text("/posts/a/").count("It’s a “part”") == 2
    assert "He said „yes“ – <code>" in small.text("/posts/b/")
    assert "He said “yes” – &lt;code&gt;" in small.text("/feed.xml")
    small.write("posts/a.md", post_text(summary="'It''s \"so\" & <b>'", body=body))
    assert ">It’s “so” &amp; &lt;b&gt;</p>" in small.text("/")
    assert "<summary>It’s “so” &amp; &lt;b&gt;</summary>" in small.text("/feed.xml")
    assert '"summary":"It’s “so” & <b>"' in small.text("/feed.json").replace('": "', '":"')


def test_what_describes_pages_and_subjects_has_these_signs_too(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = 'It\'s "so".'
    monkeypatch.setenv("BLOG_DESCRIPTION", said)
    small = site_with(
        {"a": post_text(series="{name: Basics, part: 1}", summary=said, tags="[Go]")},
        {"about.md": f"---\ntitle: About\ndescription: {said}\n---\n\nText.\n"},
        settings="typography = true\n",
        tags=f"[go]\nname = \"Go\"\ndescription = '''{said}'''\n",
    )
    for address in ("/", "/about/", "/series/basics/", "/tags/", "/tags/go/"):
        assert ">It’s “so”.</p>" in small.text(address), address


def test_the_text_stays_as_it_is_typed_where_nothing_is_said(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body='He said "yes" -- it\'s.')})
    assert 'He said "yes" -- it\'s.' in small.text("/posts/a/")


def test_the_archive_says_how_long_each_article_is(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A", body="word " * 440)})
    assert re.search(r">A</a> <span class=meta>2 min</span>", small.text("/archive/"))
