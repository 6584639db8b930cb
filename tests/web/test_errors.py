"""What an address gets that no page has."""

from __future__ import annotations

import pytest

from tests.conftest import SiteWith, post_text


def test_an_old_address_leads_on_by_status_and_by_page(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(aliases="[/old/, /old.html]")})
    for address in ("/old/", "/old", "/old.html"):
        status, body, headers = small.answer(address)
        assert (status, headers["Location"]) == (301, "/posts/a/"), address
        assert b'content="0; url=/posts/a/"' in body


def test_what_is_not_there_gets_the_bytes_of_404_and_is_kept_by_nobody(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    status, body, headers = small.answer("/nope/")
    assert (status, headers["Cache-Control"]) == (404, "no-store")
    assert "ETag" not in headers
    assert body.decode() == small.text("/404.html")


def test_a_condition_makes_no_404_unmodified(site_with: SiteWith) -> None:
    small = site_with()
    etag = small.answer("/404.html")[2]["ETag"]
    assert small.answer("/nope/", headers={"If-None-Match": etag})[0] == 404


def test_the_page_of_404_is_made_once(site_with: SiteWith) -> None:
    small = site_with()
    assert small.status("/nope/1/") == 404
    known = small.site.responses.get("/404.html")
    assert known
    assert small.status("/nope/2/") == 404
    assert small.site.responses.get("/404.html") is known


def test_a_page_without_its_slash_is_found(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()}, {"about.md": "---\ntitle: About\n---\n\nx\n"})
    for address in ("/posts/a", "/about"):
        assert small.answer(address)[2]["Location"] == f"{address}/"


def test_another_method_is_told_which_there_are(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    with small.client.post("/posts/a/") as response:
        assert response.status_code == 405
        assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("template", ["post.html", "base.html"])
def test_a_broken_template_gets_a_page_of_error_with_its_headers(site_with: SiteWith, template: str) -> None:
    small = site_with({"a": post_text()})
    (small.root / "templates" / template).write_text("{% if %}")
    status, body, headers = small.answer("/posts/a/")
    assert status == 500
    assert b"Something went wrong on our side." in body
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_an_index_of_the_authors_is_served_at_its_folder_as_hosts_do(site_with: SiteWith) -> None:
    files = {"posts/a/index.md": post_text(body="[1](demo/) [2](demo/index.html)"), "posts/a/demo/index.html": "mine"}
    small = site_with(files=files)
    assert small.text("/posts/a/demo/index.html") == small.text("/posts/a/demo/") == "mine"
    status, _, headers = small.answer("/posts/a/demo")
    assert (status, headers["Location"]) == (308, "/posts/a/demo/")
    assert small.faults() == []


@pytest.mark.parametrize("alias", ["/rss.xml", "/a.php", "/releases/1.0.0", "/post.jpg", "/notes/x.md"])
def test_an_alias_that_was_a_file_leads_on(site_with: SiteWith, alias: str) -> None:
    small = site_with({"a": post_text(aliases=f"[{alias}]")})
    for address in (alias, f"{alias}/"):
        status, _, headers = small.answer(address)
        assert (status, headers["Location"]) == (301, "/posts/a/")


def test_a_template_that_raises_is_told_in_one_line(site_with: SiteWith, caplog: pytest.LogCaptureFixture) -> None:
    small = site_with({"a": post_text()})
    small.app.config["PROPAGATE_EXCEPTIONS"] = False
    (small.root / "templates/post.html").write_text("\n{{ post.titel }}")
    assert small.status("/posts/a/") == 500
    first = caplog.records[0].getMessage()
    assert first.startswith("templates/post.html:2: /posts/a/ (pages/posts/a.md) can't be made: ")
