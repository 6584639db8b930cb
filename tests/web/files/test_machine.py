"""Files for hosts say what the application's own headers and redirects say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import SiteWith, freeze_all, post_text
from tests.test_laws import varied
from trigpoint.settings import Settings
from trigpoint.web.headers import headers
from trigpoint.web.kinds import all_addresses

HEADERS = headers(Settings(title="", description="", base_url="https://blog.example"))
POLICY = "Content-Security-Policy"


def test_the_headers_of_a_host_are_ours(site_with: SiteWith) -> None:
    text = site_with({"a": post_text()}).text("/_headers")
    for name, value in HEADERS.items():
        assert f"  {name}: {value}\n" in text
    assert "/*.svg\n  Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox\n" in text


def joined(text: str, path: str) -> dict[str, list[str]]:
    """The values of each header that a host joins for this path: those of all rules that match."""
    said: dict[str, list[str]] = {}
    applies = False
    for line in text.splitlines():
        if not line.startswith(" "):
            parts = re.split(r"(\*|:[a-z]+)", line)
            pattern = "".join(
                ".*" if each == "*" else "[^/]+" if each[:1] == ":" else re.escape(each) for each in parts
            )
            applies = re.fullmatch(pattern, path) is not None
        elif applies:
            name, _, value = line.strip().partition(": ")
            said.setdefault(name, []).append(value)
    return said


@pytest.mark.parametrize("base", ["", "/my-blog"])
@pytest.mark.usefixtures("small_volumes")
def test_no_rule_contradicts_another_or_the_live_server(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    monkeypatch.setenv("BLOG_BASE_URL", f"https://blog.example{base}")
    small = varied(site_with)
    for path, content in FILES.items():
        small.write(path, content)
    text = small.text("/_headers")
    for address in all_addresses(small.app, small.site.loader.library):
        said = joined(text, base + address)
        with small.client.get(address) as live:
            for name, values in said.items():
                assert len(values) == 1, f"{address}: {name} is {values}"
                if live.status_code == 200:
                    assert values[0] == live.headers[name], f"{address}: {name}"
            missing = HEADERS.keys() - said.keys()
            is_ours = live.mimetype in ("text/html", "application/xml") and live.status_code == 200
            assert missing == (set() if is_ours or live.mimetype == "image/svg+xml" else missing & {POLICY}), address
            is_kept = "immutable" in live.headers["Cache-Control"]
            assert is_kept == ("immutable" in said.get("Cache-Control", [""])[0]), address


def test_a_new_font_is_kept_for_good_by_a_host(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    assert "own." not in small.text("/_headers")
    (small.root / "static/fonts/own.woff2").write_bytes(b"x")
    assert re.search(r"\n/static/fonts/own\.[0-9a-f]{10}\.woff2\n  Cache-Control: public", small.text("/_headers"))


FILES: dict[str, str | bytes] = {
    "demo/index.html": "<p>",
    "posts/a.js": "1",
    "posts/a b.xml": "<a/>",
    "posts/a.txt": "",
    "posts/b/more.JS": "2",
    "posts/b/deep/more.js": "3",
    "tags/own.xml": "<a/>",
    "top.js": "4",
}


def test_a_host_keeps_scripts_of_authors_from_running(site_with: SiteWith, tmp_path: Path) -> None:
    text = site_with({"a": post_text()}, FILES).text("/_headers")
    for path in ("/demo/", "/demo/*.html", "/posts/*.xml", "/tags/own.xml"):
        assert f"\n{path}\n  Content-Security-Policy: sandbox allow-same-origin; default-src 'none';" in text
    for path in ("/posts/*.js", "/posts/*.JS", "/top.js"):
        assert text.count(f"\n{path}\n  Content-Type: text/plain; charset=utf-8\n") == 1
    assert ".txt\n" not in text.partition("/tags/own.xml")[2]
    small = site_with({"a": post_text()}, FILES, name="frozen")
    assert "posts/a.js" in freeze_all(small.site, tmp_path / "out")
    assert (tmp_path / "out/posts/a.js").read_text() == "1"
    allowed = site_with({"a": post_text()}, FILES, "author_scripts = true\n", name="other").text("/_headers")
    assert f"\n/demo/\n  Content-Security-Policy: {HEADERS[POLICY]}\n" in allowed
    assert "/posts/*.js" not in allowed


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
