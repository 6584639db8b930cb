"""A site below a path of its host: every address that it names is right there, live, frozen and behind a proxy."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import urlopen

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, create_environ, run_wsgi_app

from app import ROOT, create_app
from tests.conftest import SiteWith, SmallSite, freeze_all, png, post_text, tree
from tests.freezing.test_freeze import freeze, full, live
from tests.test_laws import assert_live_equals_frozen, varied
from trigpoint.freezing.checks.leaks import links_in, mentions_in, path_on_site
from trigpoint.freezing.checks.sources import findings
from trigpoint.web.kinds import all_addresses

BASE = "/my-blog"
HOST = "https://blog.example"
pytestmark = pytest.mark.usefixtures("small_volumes")

RAW = """
[about](/about/), [post](/posts/post-1/ "T"), [itself](#part), [file](post-2.md), [asked](?q=1),
[ref], ![own](/dot.png)

[ref]: /tags/go/

## Part

<a href="/about/">a</a> <img src="/dot.png" srcset="/dot.png 1x, /wide.png 2x" alt=""> <form action="/search/"></form>
<video src="/film.mp4" poster="/dot.png"></video> <blockquote cite="/about/">q</blockquote>
"""


@pytest.fixture(autouse=True)
def below(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_BASE_URL", HOST + BASE)


def by_hand(site_with: SiteWith, name: str = "site") -> SmallSite:
    """Every kind of page, and links of every kind in an article, a header and the navigation."""
    small = varied(site_with, name)
    small.write("dot.png", png(1, 1))
    small.write("film.mp4", b"")
    small.write("posts/raw.md", post_text("Raw", "2026-02-01", RAW, cover="{image: /wide.png, alt: W}", tags="[Go]"))
    small.write("posts/wide.dark.png", png(900, 20))
    small.write("posts/shown.md", post_text("Shown", "2026-02-02", "![W](wide.png)", cover="{image: wide.png, alt: W}"))
    return small


def links_of(path: str, content: bytes) -> set[str]:
    """What a file of a release names: links, and the texts of JSON, XML and plain text that are addresses."""
    found = set(mentions_in(path, content).links)
    if path.endswith(".html"):
        text = content.decode()
        found |= {each.split()[0] for value in re.findall(r'srcset="([^"]+)"', text) for each in value.split(",")}
        found |= set(re.findall(r'\s(?:action|poster|cite|data-[a-z]+)="(/[^"]*)"', text))
        found |= set(re.findall(r'content="(/[^"]*|https?:[^"]*)"', text))
    return {link for link in found if not link.startswith(("data:", "#", "mailto:")) and " " not in link}


def test_live_equals_frozen_below_a_path(site_with: SiteWith, tmp_path: Path) -> None:
    assert_live_equals_frozen(by_hand(site_with).app, tmp_path / "frozen")


def test_every_address_that_a_release_names_is_right_there(site_with: SiteWith, tmp_path: Path) -> None:
    small = by_hand(site_with)
    freeze_all(small.site, tmp_path / "frozen")
    known = set(map(unquote, all_addresses(small.app, small.site.loader.library)))
    named = 0
    for path, content in tree(tmp_path / "frozen").items():
        if path.endswith((".html", ".xml", ".json", ".txt", ".webmanifest", ".md")) and "/static/" not in f"/{path}":
            for link in links_of(path, content):
                parts = urlsplit(urljoin(f"{HOST}{BASE}/{path.removesuffix('index.html')}", link.replace("&amp;", "&")))
                if parts.netloc == "blog.example":
                    named += 1
                    assert parts.path.startswith(f"{BASE}/"), f"{path} names {link}"
                    is_pattern = parts.path == f"{BASE}/*/"  # Of all pages, for browsers that prefetch.
                    assert is_pattern or unquote(parts.path.removeprefix(BASE)) in known, f"{path} names {link}"
    assert named > 500


def test_files_that_machines_read_name_the_path(site_with: SiteWith) -> None:
    small = by_hand(site_with)
    assert f"Sitemap: {HOST}{BASE}/sitemap.xml" in small.text("/robots.txt")
    assert f"\n{BASE}/alt/ {BASE}/posts/gr" in "\n" + small.text("/_redirects")
    rules = [line for line in small.text("/_headers").splitlines() if line and not line.startswith(" ")]
    assert rules and all(rule.startswith(f"{BASE}/") for rule in rules)
    manifest = json.loads(small.text("/site.webmanifest"))
    assert manifest["start_url"] == f"{BASE}/"
    assert manifest["icons"][0]["src"].startswith(f"{BASE}/static/images/favicon.")
    assert f'template="{HOST}{BASE}/search/?q=' in small.text("/opensearch.xml")
    assert f"]({HOST}{BASE}/about/)" in small.text("/llms.txt")
    assert f"]({HOST}{BASE}/posts/post-1/index.md)" in small.text("/posts/raw/index.md").replace(' "T"', "")
    assert f"tag:blog.example,2026-01-01:{BASE}/posts/post-1/" in small.text("/feed.xml")
    assert json.loads(small.text("/search/docs.json"))["tags"][0][0].startswith(f"{BASE}/tags/")
    status, body, headers = small.answer("/alt/")
    assert (status, headers["Location"].startswith(f"{BASE}/posts/")) == (301, True)
    assert f'content="0; url={BASE}/posts/'.encode() in body
    assert small.answer("/posts/post-1")[2]["Location"] == f"{BASE}/posts/post-1/"


def test_an_incremental_freeze_equals_a_full_one_below_a_path(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = by_hand(site_with)
    freeze(small)
    small.write("posts/post-3.md", post_text("Another", "2026-01-03", "[a](/about/)", tags="[Go]"))
    outcome = freeze(small)
    assert outcome.reused > len(outcome.rendered) > 0
    assert live(small) == full(small)
    for address in (HOST, f"{HOST}/other"):
        monkeypatch.setenv("BLOG_BASE_URL", address)
        assert freeze(small).release
        assert live(small) == full(small)
    assert b"/my-blog" not in b"".join(live(small).values())


def asked(small: SmallSite, path: str, **environment: str) -> tuple[int, str, str]:
    """Status, body and Location, as a server gives them that was asked for this path."""
    small.site.loader.refresh()
    body, status, headers = run_wsgi_app(small.app.wsgi_app, create_environ(path) | environment, buffered=True)
    return int(status.split()[0]), b"".join(body).decode(), headers.get("Location", "")


def test_a_server_answers_below_the_path_alone(site_with: SiteWith) -> None:
    small = by_hand(site_with)
    assert asked(small, "/")[::2] == (302, f"{BASE}/")
    assert asked(small, BASE)[::2] == (302, f"{BASE}/")
    front = asked(small, f"{BASE}/")
    assert front[0] == 200
    assert asked(small, "/", SCRIPT_NAME=BASE) == front, "as a server has it that mounts the blog there"
    for path in ("/about/", "/alt/", f"{BASE}y/", f"{BASE}x", f"{BASE}{BASE}/", "/static/js/theme.js"):
        status, body, _ = asked(small, path)
        assert status == 404, path
        assert f'href="{BASE}/"' in body, path
    assert asked(small, f"{BASE}/posts/post-1")[::2] == (308, f"{BASE}/posts/post-1/")
    assert asked(small, f"{BASE}//posts//post-1/")[2] in (f"{BASE}/posts/post-1/", "")
    assert asked(small, f"{BASE}/about/", SCRIPT_NAME="/evil")[1] == asked(small, f"{BASE}/about/")[1]


def test_a_proxy_may_strip_the_path(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_PROXY_STRIPS_PATH", "true")
    small = by_hand(site_with)
    assert f'href="{BASE}/about/"' in asked(small, "/posts/raw/")[1]
    assert asked(small, "/posts/post-1")[::2] == (308, f"{BASE}/posts/post-1/")
    assert asked(small, f"{BASE}/")[0] == 404, "of a page that would be at /my-blog/ below the path"


def test_two_blogs_stand_in_one_process(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    below = by_hand(site_with)
    monkeypatch.setenv("BLOG_BASE_URL", HOST)
    root = site_with({"a": post_text("At the root")}, name="root")
    for small in (below, root):
        small.site.loader.refresh()
    both = Client(DispatcherMiddleware(root.app, {BASE: below.app}))
    assert f'href="{BASE}/tags/"' in both.get(f"{BASE}/posts/post-1/").text
    assert 'href="/tags/"' in both.get("/posts/a/").text


def test_what_is_wrong_below_a_path_is_named(site_with: SiteWith) -> None:
    body = (
        f"[a]({BASE}/tags/) [b]({HOST}{BASE}/nope/) [c]({HOST}/elsewhere/) [d]({HOST}{BASE}/tags/) [e]({HOST}{BASE})"
        f" [f]({HOST}{BASE}/posts/draft/)"
    )
    small = site_with({"a": post_text(body=body), "draft": post_text("Hidden words", draft="true")})
    small.site.loader.refresh()
    found = [str(fault) for fault in findings(small.site) if fault.path == "pages/posts/a.md"]
    assert found == [
        f'pages/posts/a.md:6: "{BASE}/tags/" leads to no page or file. Did you mean "/tags/"?',
        f'pages/posts/a.md:6: "{HOST}{BASE}/nope/" leads to no page or file.',
        f'pages/posts/a.md:6: "{HOST}{BASE}/posts/draft/" leads to a page that readers do not see: '
        "pages/posts/draft.md. Take the link out, or publish that page.",
    ]


def test_what_begins_at_the_root_of_the_host_is_named(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    text = (small.root / "site.toml").read_text()
    (small.root / "site.toml").write_text(text.replace('path = "/tags/"', f'path = "{BASE}/tags/"'))
    (small.root / "static/css/own.css").write_text('a { b: url("/static/images/contours.svg") }\n')
    site = create_app(small.root).extensions["trigpoint"]
    site.loader.refresh()
    found = [str(fault) for fault in findings(site) if fault.path in ("site.toml", "static/css/own.css")]
    site.loader.stop()
    assert len(found) == 2
    assert found[0].startswith(f'site.toml:12: "navigation" leads to "{BASE}/tags/", and there is no such page.')
    assert found[1] == (
        f'static/css/own.css:1: "/static/images/contours.svg" leads past the site, which stands below {BASE}. '
        'Write "../images/contours.svg".'
    )


def test_a_link_is_judged_by_the_path() -> None:
    at = f"{HOST}{BASE}"
    links = {
        f"{at}/x/": "/x/",
        f"{BASE}/x/": "/x/",
        f"{HOST}/x/": "",
        f"{at}y/x/": "",
        at: "",
        "https://o.example/": "",
    }
    assert {link: path_on_site(link, at) for link in links} == links
    assert links_in('<a href="/x">') == {"/x"}


@pytest.fixture
def run(site_with: SiteWith) -> Iterator[tuple[str, Path]]:
    """The address of `flask run`, and the file that has what it says."""
    small = by_hand(site_with)
    log, port = small.root / "log", 20_000 + os.getpid() % 20_000
    command = [sys.executable, "-m", "flask", "--app", f"app:create_app('{small.root}')", "run", "--port", str(port)]
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out)
    try:
        yield f"http://127.0.0.1:{port}", log
    finally:
        process.terminate()
        process.wait()


def test_flask_run_serves_below_the_path_and_says_so(run: tuple[str, Path]) -> None:
    address, log = run
    for _ in range(600):
        if "Running on" in log.read_text():
            break
        subprocess.run(["sleep", "0.1"], check=True)
    with urlopen(address + "/") as response:
        assert response.url == f"{address}{BASE}/"
        assert f'href="{BASE}/tags/"' in response.read().decode()
    assert f"the blog is at {BASE}/, and / leads there." in log.read_text()


def test_the_blog_itself_stands_below_a_path(tmp_path: Path) -> None:
    assert_live_equals_frozen(create_app(ROOT), tmp_path / "frozen")
