"""Every link of every article's Markdown version leads to an address that exists; every text file has its lines."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from tests.conftest import SiteWith, png, post_text

BODY = """
[flat](b.md) [part](b.md#part) [bundle](c/index.md "Title") ![pic](pic.png) <img src="pic.png" alt="x">
[address](/tags/go/) [relative](../c/) [page](../about.md) [file](c/code/x.py) [here](#top) [file](<my file.txt>)
[far](https://far.example/x.md) [mail](mailto:a@b.example) [ref][r], `[code](none.md)` and [flat](b.md?x=1) [^note]

## Top

[r]: c/index.md#part "A title"
[^note]: b.md is a name, and [b](b.md) a link.

```md
[in a fence](none.md)
```
"""
LINK = re.compile(r"(?<!\\)\]\((?:<([^>]*)>|([^\s)]+))|\bsrc=\"([^\"]*)|^\[[^^\]]+\]:\s*(\S+)", re.M)


def test_every_link_of_a_markdown_version_leads_somewhere(site_with: SiteWith) -> None:
    posts = {"a": post_text("A", body=BODY, tags="[Go]"), "b": post_text("B", body="## Part\n\n[a](a.md)")}
    bundle = post_text("C", body="## Part\n\n[a](../a.md) [x](code/x.py) ![p](../pic.png) [b](../../posts/b.md)")
    small = site_with(
        posts,
        {"posts/c/index.md": bundle, "posts/c/code/x.py": "x = 1\n", "posts/pic.png": png(8, 8),
         "about.md": "---\ntitle: T\n---\n",
         "posts/my file.txt": "x"},
    )  # fmt: skip
    followed = 0
    for slug in ("a", "b", "c"):
        outside = re.sub(r"```.*?```|`[^`]*`", "", small.text(f"/posts/{slug}/index.md"), flags=re.S)
        for found in LINK.finditer(outside):
            link = next(filter(None, found.groups()))
            if link.startswith(("https://far", "mailto:", "#")):
                continue
            address = urlsplit(link)
            assert address.netloc == "blog.example" or link == "../c/", link
            path = unquote(address.path) if address.netloc else "/posts/c/"
            assert small.status(path) == 200, link
            followed += 1
    assert followed == 18


def test_articles_lead_to_each_other_in_markdown_and_code_stays_as_it_is(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A", body=BODY), "b": post_text("B")}, {"posts/c/index.md": post_text("C")})
    text = small.text("/posts/a/index.md")
    assert "[part](https://blog.example/posts/b/index.md#part)" in text
    assert '[bundle](https://blog.example/posts/c/index.md "Title")' in text
    assert '[r]: https://blog.example/posts/c/index.md#part "A title"' in text
    assert "`[code](none.md)`" in text
    assert "[in a fence](none.md)" in text
    assert "[^note]: b.md is a name" in text
    assert "[here](#top)" in text


def test_llms_txt_has_a_line_for_each_article_and_page(site_with: SiteWith) -> None:
    page = "---\ntitle: About\ndescription: Who we are.\n---\n"
    posts = {"a": post_text("A", body=""), "b": post_text("B", "2026-01-03", body="Words of B.")}
    assert site_with(posts, {"about.md": page}).text("/llms.txt").split("\n") == [
        "# A test blog",
        "",
        "> What the tests read.",
        "",
        "Each article is there as Markdown too, at the addresses below.",
        "",
        "## Articles",
        "",
        "- [B](https://blog.example/posts/b/index.md): Words of B.",
        "- [A](https://blog.example/posts/a/index.md)",
        "",
        "## Pages",
        "",
        "- [About](https://blog.example/about/): Who we are.",
        "",
    ]


def test_llms_txt_without_pages_ends_with_its_articles(site_with: SiteWith) -> None:
    lines = site_with({"a": post_text("A")}).text("/llms.txt").splitlines()
    assert lines[-3:] == ["## Articles", "", "- [A](https://blog.example/posts/a/index.md): Some words."]


def test_the_other_text_files_have_their_lines(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A & B", tags="[Go, C]")})
    assert small.text("/robots.txt") == "User-agent: *\nAllow: /\n\nSitemap: https://blog.example/sitemap.xml"
    assert small.text("/sitemap.xml").split("\n") == [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        *(
            f"  <url><loc>https://blog.example{path}</loc><lastmod>2026-01-02T00:00:00+01:00</lastmod></url>"
            for path in ("/", "/posts/a/", "/tags/c/", "/tags/go/")
        ),
        "</urlset>",
    ]
    assert [line.strip()[:14] for line in small.text("/opensearch.xml").split("\n")] == [
        "<?xml version=", "<OpenSearchDes", "<ShortName>A t", "<LongName>A te", "<Description>W", "<InputEncoding",
        "<Url type=\"tex", "</OpenSearchDe",
    ]  # fmt: skip
    feed = small.text("/feed.xml").split("\n")
    entry = [line.strip() for line in feed[feed.index("  <entry>") :]]
    assert [re.split(r"[ >/]", line[1:])[0] for line in entry if line[:1] == "<" and line[1] != "/"] == [
        "entry", "h:a", "h:p", "title", "id", "link", "published", "updated", "author", "category", "category",
        "summary", "content",
    ]  # fmt: skip
    assert feed[0] == '<?xml version="1.0" encoding="utf-8"?>'
    assert "" not in feed


def test_comments_are_in_no_markdown_version(site_with: SiteWith) -> None:
    body = (
        "One<!-- hidden -->two.\n<!--more-->\nThree `<!-- code -->`.\n\n<!-- hidden\n\n[x](none.md) -->\n\n"
        "```html\n<!-- code -->\n```\n\n<b>Four</b>\n\n<!-- hidden to the end\n\nhidden"
    )
    small = site_with({"a": post_text("A", body=body)})
    text = small.text("/posts/a/index.md")
    assert "hidden" not in text and "more" not in text and "none.md" not in text
    assert (
        "Onetwo.\n\nThree `<!-- code -->`." in text and "```html\n<!-- code -->\n```" in text and "<b>Four</b>" in text
    )
