"""Files for hosts say what the application's own headers and redirects say."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import SiteWith, freeze_all, post_text
from trigpoint.policy import AllowedHosts
from trigpoint.web.headers import headers

HEADERS = headers(AllowedHosts())


def test_the_headers_of_a_host_are_ours(site_with: SiteWith) -> None:
    text = site_with({"a": post_text()}).text("/_headers")
    for name, value in HEADERS.items():
        assert f"  {name}: {value}\n" in text
    assert "/*.svg\n  Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox\n" in text


FILES: dict[str, str | bytes] = {
    "demo/index.html": "<p>",
    "posts/a.js": "1",
    "posts/a b.xml": "<a/>",
    "posts/a.txt": "",
}


def test_a_host_keeps_scripts_of_authors_from_running(site_with: SiteWith, tmp_path: Path) -> None:
    text = site_with({"a": post_text()}, FILES).text("/_headers")
    for path in ("/demo/", "/demo/index.html", "/posts/a%20b.xml"):
        assert f"\n{path}\n  Content-Security-Policy: sandbox allow-same-origin; default-src 'none';" in text
    assert "\n/posts/a.js\n  Content-Type: text/plain; charset=utf-8\n" in text
    assert "/posts/a.txt" not in text
    small = site_with({"a": post_text()}, FILES, name="frozen")
    assert "posts/a.js" in freeze_all(small.site, tmp_path / "out")
    assert (tmp_path / "out/posts/a.js").read_text() == "1"
    allowed = site_with({"a": post_text()}, FILES, "author_scripts = true\n", name="other").text("/_headers")
    assert "/demo/" not in allowed


def test_the_redirects_of_a_host_are_the_aliases(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(tags="[golang]", aliases='["/größe/", /old.html]')})
    assert sorted(small.text("/_redirects").splitlines()) == [
        "/gr%C3%B6%C3%9Fe/ /posts/a/ 301",
        "/old.html /posts/a/ 301",
        "/tags/golang/ /tags/go/ 301",
    ]


def test_a_host_that_needs_none_gets_none(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()}, settings="host_files = false\n")
    assert small.status("/_headers") == 404
    assert small.text("/CNAME") == "blog.example\n"


def test_an_own_file_of_a_host_is_served_where_ours_is_turned_off(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()}, {"_redirects": "mine"}, settings="host_files = false\n")
    assert small.text("/_redirects") == "mine"


def test_an_alias_that_was_a_file_is_redirected_with_and_without_a_slash(site_with: SiteWith) -> None:
    lines = site_with({"a": post_text(aliases="[/index.xml]")}).text("/_redirects").splitlines()
    assert lines == ["/index.xml /posts/a/ 301", "/index.xml/ /posts/a/ 301"]
