"""A link that leads nowhere is named by file and line."""

from __future__ import annotations

import shutil
from dataclasses import replace
from urllib.parse import unquote

import pytest

from tests.conftest import SiteWith, SmallSite, png, post_text
from trigpoint.application import create_app
from trigpoint.faults import Fault, errors
from trigpoint.freezing.checks.sources import checked_pages
from trigpoint.freezing.checks.sources import findings as everything
from trigpoint.freezing.ledger import Ledger, NoteChecker, NoteTable
from trigpoint.freezing.plan import addresses_of, note_checker_of
from trigpoint.web.kinds import all_addresses


def findings(small: SmallSite) -> list[Fault]:
    small.site.loader.refresh()
    addresses = tuple(unquote(address) for address in all_addresses(small.app, small.site.loader.library))
    checker = NoteChecker(NoteTable(), lambda note: note.digest)
    return [fault for each in checked_pages(small.site, addresses, Ledger(), checker).values() for fault in each.faults]


@pytest.mark.parametrize(
    ("link", "finding"),
    [
        ("[x](/posts/bb/)", '"/posts/bb/" leads to no page or file. Did you mean "/posts/b/"?'),
        ("[x](../bb/)", '"../bb/" leads to no page or file.'),
        ("[x](/tags/rust/)", '"/tags/rust/" leads to no page or file.'),
        ("[x](c.md)", '"c.md" leads to no page or file.'),
        ("![x](/static/none.png)", '"/static/none.png" leads to no picture or file.'),
        ("[x](b.md#parts)", '"b.md#parts" leads to no heading of sources/of/pages/posts/b.md. Did you mean "part"?'),
        ("[x](#nothing)", '"#nothing" leads to no heading of sources/of/pages/posts/a.md.'),
    ],
)
def test_a_dead_link_is_named(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch, link: str, finding: str) -> None:
    monkeypatch.setenv("BLOG_PAGES", "sources/of/pages")
    small = site_with(settings='pages = "sources/of/pages"\n')
    folder = small.root / "sources/of/pages/posts"
    folder.mkdir(parents=True)
    (folder / "a.md").write_text(post_text(body=f"Words.\n\n{link}"))
    (folder / "b.md").write_text(post_text(body="## Part"))
    (found,) = (str(fault) for fault in findings(small))
    assert found.startswith(f"sources/of/pages/posts/a.md:8: {finding}")


def test_a_link_that_leads_somewhere_is_no_finding(site_with: SiteWith) -> None:
    body = (
        "## Größe\n\n[1](b.md) [2](b.md#part) [3](/tags/go/) [4](/tags/) [5](/feed.xml) [6](../b/) [7](/posts/b)"
        " [8](#größe) [9](#gr%C3%B6%C3%9Fe) [10](https://far.example/x) [11](mailto:a@b.example) [12](/old/)"
        " [13](b.md?x=1) ![14](dot.svg) [15](/static/images/favicon.svg) [16](/)"
    )
    small = site_with(
        {"a": post_text(body=body, tags="[Go]"), "b": post_text(body="## Part", aliases="[/old/]")},
        {"posts/dot.svg": "<svg/>"},
    )
    assert findings(small) == []


def test_the_faults_of_rendering_are_findings_too(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="```py file=none.py\n```")})
    assert [fault.place for fault in findings(small)] == ["pages/posts/a.md:6"]


@pytest.mark.parametrize(
    ("alias", "written"),
    [("/tags/go/", "/tags/go/"), ("/archive/", "archive"), ("/posts/dot.svg", "/posts/dot.svg"),
     ("/tags/go/index.html", "/tags/go/index.html"), ("/feed.xml", "/feed%2Exml")],
)  # fmt: skip
def test_an_alias_that_is_an_address_of_the_site_is_named_by_its_line(
    site_with: SiteWith, alias: str, written: str
) -> None:
    posts = {"a": post_text(tags="[Go]", aliases=f"[/old/, {written}]")}
    small = site_with(posts, {"posts/dot.svg": "<svg/>"})
    small.site.loader.refresh()
    assert [str(fault) for fault in everything(small.site) if not fault.warning] == [
        f'pages/posts/a.md:5: The alias "{alias}" is an address of the site. Take it out.'
    ]


def test_anchors_by_name_and_the_top_are_targets(site_with: SiteWith) -> None:
    assert findings(site_with({"a": post_text(body='<a name="old"></a>Text [up](#old) [top](#top) [Top](#TOP)')})) == []


def test_a_whole_link_to_a_hidden_page_of_ours_is_named(site_with: SiteWith) -> None:
    body = "Words.\n\n`https://blog.example/posts/d/`\n\n[x](https://blog.example/posts/d/#x)"
    small = site_with({"a": post_text(body=body), "d": post_text("D", draft="true")})
    assert [str(fault) for fault in findings(small)] == [
        'pages/posts/a.md:10: "https://blog.example/posts/d/#x" leads to a page that readers do not see:'
        " pages/posts/d.md. Take the link out, or publish that page."
    ]


def test_a_whole_link_of_ours_that_leads_nowhere_is_named(site_with: SiteWith) -> None:
    body = (
        "Words.\n\n`https://blog.example/no/` <https://blog.example/no1/> [x](//blog.example/no2)\n\n"
        "![x](https://BLOG.example/no3.png) [h](https://blog.example/posts/b/#no4)\n\n"
        "[a](https://blog.example) [b](https://blog.example/posts/b/#part) https://blog.example/feed.xml\n"
        "[c](https://other.example/no/) [d](http://blog.example/posts/b) <https://blog.example/old/?a=b>"
    )
    small = site_with({"a": post_text(body=body, aliases="[/old/]"), "b": post_text("B", body="## Part")})
    found = [(fault.line, fault.kind, fault.sentence.split('"')[1]) for fault in everything(small.site)]
    dead = [("no1/", 9), ("no3.png", 11), ("posts/b/#no4", 11)]
    assert [each for each in found if each[1] == "link-dead"] == sorted(
        [(line, "link-dead", f"https://{'BLOG' if 'no3' in path else 'blog'}.example/{path}") for path, line in dead]
        + [(9, "link-dead", "//blog.example/no2")]
    )


def kinds_again(small: SmallSite, last: Ledger) -> tuple[list[str], Ledger]:
    """The kinds of what is found in the pages, where what the last check found is taken while its notes hold."""
    library, addresses = small.library, addresses_of(small.site)
    checked = checked_pages(small.site, addresses, last, note_checker_of(small.site, addresses, last))
    kinds = [fault.kind for each in checked.values() for fault in each.faults]
    return kinds, replace(last, lists_digest=library.lists_digest, checked=checked)


@pytest.mark.parametrize("link", ["posts/d/", "posts/d", "posts/d/pic.png"])
def test_a_whole_link_to_a_page_of_ours_is_checked_again_when_that_is_hidden_shown_or_gone(
    site_with: SiteWith, link: str
) -> None:
    small = site_with({"a": post_text(body=f"[x](https://blog.example/{link})")})
    dead, ledger = kinds_again(small, Ledger())
    small.write("posts/d/index.md", post_text("D", draft="true"))
    small.write("posts/d/pic.png", png(1, 1))
    hidden, ledger = kinds_again(small, ledger)
    small.write("posts/d/index.md", post_text("D"))
    shown, ledger = kinds_again(small, ledger)
    shutil.rmtree(small.pages / "posts/d")
    gone, ledger = kinds_again(small, ledger)
    assert (dead, hidden, shown, gone) == (["link-dead"], ["link-hidden"], [], ["link-dead"])


def test_with_another_host_the_links_of_each_page_are_checked_again(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="[x](https://new.example/posts/gone/)")})
    found, ledger = kinds_again(small, Ledger())
    assert found == []
    settings = small.root / "site.toml"
    settings.write_text(settings.read_text().replace("blog.example", "new.example"))
    found, _ = kinds_again(SmallSite(small.root, create_app(small.root)), ledger)
    assert found == ["link-dead"]


@pytest.mark.parametrize("name", ["posts/x.html", "x.txt", "posts/b/x.RST"])
def test_a_file_with_the_header_of_an_article_is_named_and_not_served(site_with: SiteWith, name: str) -> None:
    sound = {"y.html": "<p>---\ntitle: x", "y.txt": "---\n\nText: x", "data.yaml": "---\ntitle: x\n"}
    header = "\ufeff\n---\r\ntitle: x\r\npublished: false\r\n---\r\nText"
    small = site_with({"a": post_text()}, sound | {name: header})
    small.site.loader.refresh()
    (fault,) = errors(everything(small.site))
    assert (fault.path, fault.line, fault.kind) == (f"pages/{name}", 2, "file-header")
    assert small.status(f"/{name}") == 404
    assert f"/{name}" not in all_addresses(small.app, small.library)
    assert [small.status(f"/{each}") for each in sound] == [200] * 3


KEY_TEXT = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("id_ed25519", "x", "file-secret"), ("posts/b/tls.pem", KEY_TEXT, "file-secret"),
        ("secret.key", "hunter2", "file-secret"), ("passwords.kdbx", "x", "file-secret"),
        ("prod.env", "A=b", "file-withheld"), ("posts/b/env.local", "A=b", "file-withheld"),
        ("_config.yml", "title: x", "file-withheld"), ("Gemfile", "x", "file-withheld"),
        ("posts/package.json", "{}", "file-withheld"), ("hugo.toml", "x = 1", "file-withheld"),
    ],
)  # fmt: skip
def test_a_file_that_no_reader_should_get_is_named_and_not_served(
    site_with: SiteWith, path: str, text: str, kind: str
) -> None:
    small = site_with({"a": post_text()}, {path: text})
    small.site.loader.refresh()
    (fault,) = [fault for fault in everything(small.site) if fault.kind.startswith("file-")]
    assert (fault.path, fault.kind, fault.warning) == (f"pages/{path}", kind, kind == "file-withheld")
    assert small.status(f"/{path}") == 404
    assert f"/{path}" not in all_addresses(small.app, small.library)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("posts/b/package.json", "{}"), ("posts/b/code/Makefile", "x:"), ("slides.key", "PK\x03\x04"),
        ("cert.pem", "-----BEGIN CERTIFICATE-----"), ("a.asc", "-----BEGIN PGP SIGNATURE-----"), ("data.json", "{}"),
    ],
)  # fmt: skip
def test_what_stands_beside_an_article_or_is_public_is_served(site_with: SiteWith, path: str, text: str) -> None:
    small = site_with(files={"posts/b/index.md": post_text(), path: text})
    small.site.loader.refresh()
    assert [fault for fault in everything(small.site) if fault.kind.startswith("file-")] == []
    assert small.status(f"/{path}") == 200


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("CNAME", "Take it out, or take `cname` out"), ("_headers", "`host_files = false`"),
        ("404.html", "not_found.html"),
        ("static/x.js", "Move it into the folder static/"), ("covers/a.svg", "Give it another name."),
        ("sitemap.xml", "Give it"), ("feed.xml", "Give it"), ("llms.txt", "Give it"), ("tags/index.html", "Give it"),
    ],
)  # fmt: skip
def test_a_file_that_the_site_hides_is_named(site_with: SiteWith, path: str, said: str) -> None:
    small = site_with({"a": post_text()}, {path: "mine"})
    small.site.loader.refresh()
    (fault,) = errors(everything(small.site))
    assert fault.path == f"pages/{path}"
    assert said in fault.cure


def test_a_damaged_font_is_named_and_blanks_no_card(site_with: SiteWith) -> None:
    """Each card became an empty picture, and what was told of it was a traceback without the font's name."""
    small = site_with({"a": post_text()})
    font = small.root / "static/fonts/sans.woff2"
    font.write_bytes(font.read_bytes() + b"\0")
    small.site.loader.refresh()
    (fault,) = errors(everything(small.site))
    assert (fault.path, fault.kind) == ("static/fonts/sans.woff2", "font")
    assert len(small.answer("/social/a.png")[1]) > 5000, "the other fonts are there"


def test_of_a_file_with_a_broken_header_nothing_is_told_of_its_last_good_version(site_with: SiteWith) -> None:
    """Its lines are others now, and what was wrong there may be gone."""

    def told() -> list[tuple[str, str]]:
        small.site.loader.refresh()
        return [(fault.path, fault.kind) for fault in errors(everything(small.site))]

    cover = "{image: none.png, alt: A}"
    small = site_with({"a": post_text("A", body="[dead](none.md)", cover=cover), "b": post_text("B", body="[A](a.md)")})
    assert len(told()) > 1
    small.write("posts/a.md", post_text("A", body="Mended.", tgas="[go]"))
    assert told() == [("pages/posts/a.md", "front-matter")]
    small.write("posts/a.md", post_text("A", body="Mended."))
    assert told() == []


@pytest.mark.parametrize("link", ["b.md", "/posts/b/", "https://blog.example/posts/b/"])
def test_a_link_to_a_draft_says_that_it_is_one(site_with: SiteWith, link: str) -> None:
    small = site_with({"a": post_text("A", body=f"[b]({link})"), "b": post_text("B", draft="true")})
    (fault,) = findings(small)
    assert "pages/posts/b.md" in fault.sentence
    assert fault.cure == "Take the link out, or publish that page."
