"""What must hold of a release before it goes live."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import SiteWith, post_text
from trigpoint.freezing.checks.release import FEW, by_word, found_in, release_faults, secrets_of
from trigpoint.freezing.ledger import Record
from trigpoint.notes import Digest


def release(folder: Path, files: dict[str, str]) -> dict[str, Record]:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return {f"/{name}": Record(name, Digest(""), (len(content), 0)) for name, content in files.items()}


@pytest.mark.parametrize(
    ("name", "content", "blamed"),
    [
        ("feed.xml", "<feed><entry></feed>", "templates/feed.xml"),
        ("feed.json", '{"items": [', "/feed.json"),
        ("tags/go/feed.xml", "<feed>", "templates/feed.xml"),
        ("sitemap.xml", "<urlset><loc>a & b</loc></urlset>", "templates/sitemap.xml"),
        ("opensearch.xml", "<broken", "templates/opensearch.xml"),
        ("site.webmanifest", "{", "/site.webmanifest"),
    ],
)
def test_an_unsound_feed_is_named_by_its_template(
    site_with: SiteWith, tmp_path: Path, name: str, content: str, blamed: str
) -> None:
    small = site_with({"a": post_text()})
    small.site.loader.refresh()
    records = release(tmp_path / "out", {name: content})
    (found,) = release_faults(small.site, tmp_path / "out", records, [f"/{name}"])
    assert found.path == blamed
    assert f"/{name}" in found.place + found.sentence
    assert "can't be read by any program: " in found.sentence


def test_a_sound_feed_is_no_finding(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with({"a": post_text(body="[x](/tags/) ![y](/static/images/favicon.svg) [z](mailto:a@b.example)")})
    feeds = {
        "posts/a/feed.xml": "an author's broken sample",
        "feed.xml": small.text("/feed.xml"),
        "feed.json": small.text("/feed.json"),
        **{name: small.text(f"/{name}") for name in ("sitemap.xml", "opensearch.xml", "site.webmanifest")},
    }
    records = release(tmp_path / "out", feeds)
    assert release_faults(small.site, tmp_path / "out", records, list(records)) == ()


RULE = "/posts/a/\n  X: y\n"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("_headers", RULE * 101, "This has 101 rules; Cloudflare Pages takes 100 at most."),
        ("_headers", RULE * 100, ""),
        ("_headers", f"/*\n  X: {'y' * 2_000}\n", "A line of this has 2,005 characters; Cloudflare Pages takes 2,000"),
        ("_redirects", "/a/ /b/ 301\n" * 2_001, "This has 2,001 rules; Cloudflare Pages takes 2,000 at most."),
        ("_redirects", "/a/ /b/ 301\n" * 2_000, ""),
        (
            "_redirects",
            f"/{'a' * 1_000}/ /b 301\n",
            "A line of this has 1,009 characters; Cloudflare Pages takes 1,000",
        ),
    ],
)
def test_rules_that_a_host_would_not_read_are_doubtful(
    site_with: SiteWith, tmp_path: Path, name: str, text: str, sentence: str
) -> None:
    small = site_with({"a": post_text()})
    records = release(tmp_path / "out", {name: text})
    found = release_faults(small.site, tmp_path / "out", records, [])
    assert [(each.path, each.kind, each.warning) for each in found] == [(f"/{name}", "host-limit", True)] * bool(
        sentence
    )
    assert all(each.sentence.startswith(sentence) and "host_files = false" in each.cure for each in found)


def test_rules_of_an_author_need_not_be_utf_8(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with({"a": post_text()})
    records = release(tmp_path / "out", {"_headers": RULE * 101})
    written = (RULE * 101 + "# Größe\n").encode("latin-1")
    (tmp_path / "out/_headers").write_bytes(written)
    (found,) = release_faults(small.site, tmp_path / "out", records, [])
    assert found.sentence.startswith("This has 101 rules")


def test_names_that_fold_to_one_are_errors_and_unportable_ones_warnings(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with({"a": post_text()})
    small.site.loader.refresh()
    records = release(tmp_path / "out", {"Fold.txt": "", "fold.txt": "", "con.txt": "", "what?.txt": ""})
    found = release_faults(small.site, tmp_path / "out", records, [])
    assert [(fault.path, fault.warning) for fault in found] == [
        ("/con.txt", True),
        ("/fold.txt", False),
        ("/what?.txt", True),
    ]


def test_a_hidden_title_or_address_is_found_in_any_file(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with({"a": post_text()})
    small.write("posts/plan.md", post_text("Plans & prices", draft="true"))
    small.site.loader.refresh()
    files = {
        "a.html": "<h2>Plans &amp; prices</h2>",
        "b.html": "<a href=/posts/plan/>x</a>",
        "c.json": '"Plans & prices"',
        "d.html": "plan",
    }
    found = release_faults(small.site, tmp_path / "out", release(tmp_path / "out", files), [])
    assert sorted(fault.sentence.rpartition(": ")[2] for fault in found) == ["a.html.", "b.html.", "c.json."]
    assert {fault.path for fault in found} == {"pages/posts/plan.md"}
    again = release_faults(
        small.site, tmp_path / "out", release(tmp_path / "out", files), ["/b.html"], secrets_of(small.site)
    )
    assert [fault.sentence.rpartition(": ")[2] for fault in again] == ["b.html."], (
        "the other files were searched before"
    )


@given(
    st.lists(st.text("ab -/é", min_size=1, max_size=9), min_size=FEW + 1, max_size=FEW + 30, unique=True),
    st.text("ab -/é\\", max_size=60),
)
def test_many_secrets_are_found_as_a_few_are(secrets: list[str], text: str) -> None:
    """But where its last word goes on, a secret is a part of something else."""
    content = text.encode()
    sought = [secret.encode() for secret in secrets]
    found = set(found_in(content, by_word(sought)))
    assert found <= {secret for secret in sought if secret in content}
    assert found >= {secret for secret in sought if re.search(re.escape(secret) + rb"(?![0-9A-Za-z])", content)}


def test_a_secret_is_looked_for_by_its_rarest_word() -> None:
    secrets = by_word(f"/posts/slug-{n}/".encode() for n in range(FEW + 1))
    assert secrets[b"7"] == [b"/posts/slug-7/"]
    assert list(found_in(b'<a href="/posts/slug-7/">', secrets)) == [b"/posts/slug-7/"]
    assert not list(found_in(b"/posts/slug-77/", secrets))


TELLING = {
    "a link of a page": ("x.html", '<p><a class="x" href="/posts/plan/">x</a>'),
    "a link without quotes": ("x.html", "<li><a href=/posts/plan/#part>x</a>"),
    "a whole link": ("x.html", '<link rel="next" href="https://blog.example/posts/plan/">'),
    "a link by host": ("x.html", '<a href="//blog.example/posts/plan/?a=1">x</a>'),
    "a picture of its folder": ("x.html", '<img src="/posts/plan/pic.png">'),
    "a set of pictures": ("x.html", '<img srcset="/posts/plan/p.png.480.webp 480w, /b.png 2x">'),
    "a page that leads on": ("old/index.html", '<meta http-equiv="refresh" content="0; url=/posts/plan/">'),
    "JSON-LD": ("x.html", '<script type="application/ld+json">{"url":"https://blog.example/posts/plan/"}</script>'),
    "a title in JSON-LD": ("x.html", '<script type="application/ld+json">{"headline":"Plans \\u0026 prices"}</script>'),
    "the title of a page": ("x.html", "<title>Plans &amp; prices · A test blog</title>"),
    "a card": ("x.html", '<li><a href="/"><span>x</span> <b>Plans &amp; prices</b></a>'),
    "a description": ("x.html", '<meta property="og:title" content="Plans &amp; prices">'),
    "an entry of a feed": ("feed.xml", '<feed><entry><link href="https://blog.example/posts/plan/"/></entry></feed>'),
    "a title in a feed": ("feed.xml", "<feed><entry><title>Plans &amp; prices</title></entry></feed>"),
    "an id in a feed": ("feed.xml", "<feed><id>tag:blog.example,2026-01-02:/posts/plan/</id></feed>"),
    "the text of a feed": (
        "feed.xml",
        "<feed><content>&lt;a href=&#34;https://blog.example/posts/plan/&#34;&gt;x&lt;/a&gt;</content></feed>",
    ),
    "an item of a feed": ("feed.json", '{"items": [{"url": "https://blog.example/posts/plan/"}]}'),
    "the text of an item": ("feed.json", '{"content_html": "<a href=\\"https://blog.example/posts/plan/\\">x</a>"}'),
    "the search": ("search/docs.json", '{"posts": [["plan", "Plans & prices", "2 Jan 2026"]]}'),
    "the map": ("sitemap.xml", "<urlset><url><loc>https://blog.example/posts/plan/</loc></url></urlset>"),
    "llms.txt": ("llms.txt", "- [Plan](https://blog.example/posts/plan/index.md): x"),
    "a title in llms.txt": ("llms.txt", "- [Plans & prices](https://blog.example/x.md): x"),
    "its Markdown": ("posts/x/index.md", "# Plans & prices\n\n> It"),
    "redirects": ("_redirects", "/old/ /posts/plan/ 301\n"),
}
INNOCENT = {
    "another host": ("x.html", '<a href="https://far.example/posts/plan/">x</a>'),
    "a longer address": ("x.html", '<a href="/en/posts/plan/">x</a>'),
    "a page below": ("posts/plan/then/index.html", '<a href="/posts/plan/then/">x</a>'),
    "code": ("x.html", '<code>GET /posts/plan/ href="/posts/plan/"</code>'),
    "coloured code": ("x.html", "<span>href</span>=<span>&quot;/posts/plan/&quot;</span>"),
    "an address in code": ("x.html", "<p>Ask <code>/posts/plan/</code> for <b title='/posts/plan/'>it</b>"),
    "prose": ("x.html", "<p>Of plans &amp; prices. Plans &amp; prices are next.</p>"),
    "prose in a feed": ("feed.json", '{"content_html": "<h2>Plans & prices</h2> <code>/posts/plan/</code>"}'),
    "code in Markdown": ("posts/x/index.md", "# X\n\n> x\n\ny\n\n[x](/posts/plan/) Plans & prices"),
}


@pytest.mark.parametrize("name", [*TELLING, *INNOCENT])
def test_a_leak_is_a_link_or_a_title_and_no_other_bytes(site_with: SiteWith, tmp_path: Path, name: str) -> None:
    small = site_with({"a": post_text()})
    small.write("posts/plan.md", post_text("Plans & prices", draft="true"))
    small.site.loader.refresh()
    path, content = (TELLING | INNOCENT)[name]
    records = release(tmp_path / "out", {path: content})
    records = {f"/{path}".removesuffix("index.html"): record for record in records.values()}
    found = release_faults(small.site, tmp_path / "out", records, list(records))
    leaks = [fault.path for fault in found if "This is hidden" in fault.sentence]
    assert leaks == (["pages/posts/plan.md"] if name in TELLING else [])


@pytest.mark.parametrize("name", ["js", "css", "fonts", "images", "covers", "now"])
def test_a_draft_may_be_called_as_a_folder_of_ours(site_with: SiteWith, tmp_path: Path, name: str) -> None:
    small = site_with({"a": post_text(body="See <https://far.example/now/>.")})
    small.write(f"{name}.md", "---\ntitle: Notes\ndraft: true\n---\n")
    small.site.loader.refresh()
    page = small.text("/posts/a/")
    records = release(tmp_path / "out", {"posts/a/index.html": page, "css.html": "/static/css/ /static/js/"})
    assert release_faults(small.site, tmp_path / "out", records, list(records)) == ()
