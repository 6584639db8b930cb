"""A site's own pages are held to what articles are: their links lead somewhere, and they are pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import redirect, url_for
from werkzeug import Response

from tests.conftest import SiteWith, SmallSite, post_text
from tests.freezing.test_freeze import OPTIONS, silent
from trigpoint.freezing.checks.sources import findings
from trigpoint.freezing.freeze import FreezeRefusedError, publish
from trigpoint.freezing.page_writer import FreezeError
from trigpoint.web.kinds import KINDS, kind, once
from trigpoint.web.views import own_page

Declare = Callable[..., Callable[[Callable[..., object]], object]]


@pytest.fixture
def own_kind() -> Iterator[Declare]:
    known = len(KINDS)
    yield kind
    del KINDS[known:]


def site_of(site_with: SiteWith, page: str) -> SmallSite:
    small = site_with(
        {"a": post_text(aliases="[/old/]"), "gone": post_text("Gone", expires="2026-06-01")},
    )
    (small.root / "templates/own.html").write_text(
        f'{{% extends "base.html" %}}{{% block main %}}{page}{{% endblock %}}'
    )
    small.site.loader.refresh()
    return small


def told(small: SmallSite) -> list[tuple[str, bool]]:
    return [(fault.subject, fault.warning) for fault in findings(small.site) if fault.kind == "link-dead"]


def test_a_dead_link_in_an_own_page_is_named_at_its_view(site_with: SiteWith, own_kind: Declare) -> None:
    @own_kind("/mixed/<int:n>/", lambda library: [{"n": 1}])
    def mixed(n: int) -> str:
        return own_page("own.html", f"/mixed/{n}/", "Mixed", "What is mixed.")

    links = '<a href="/mixed/2/">2</a> <a href="/nowhere/">x</a> <img alt="" src="nope.png" srcset="../no.webp 2x">'
    dead = ["/mixed/2/", "/nowhere/", "nope.png", "../no.webp"]
    small = site_of(site_with, links)
    assert sorted(told(small)) == sorted((each, False) for each in dead)
    with pytest.raises(FreezeRefusedError) as refused:
        publish(small.site, OPTIONS, silent)
    assert sorted(fault.subject for fault in refused.value.faults if not fault.warning) == sorted(dead)
    (fault,) = (fault for fault in refused.value.faults if fault.subject == "/nowhere/")
    assert (fault.path.endswith("test_own_pages.py"), fault.line > 0) == (True, True)
    assert fault.sentence == '"/nowhere/" in /mixed/1/ leads to no page or file.'


def test_what_leads_somewhere_is_no_dead_link(site_with: SiteWith, own_kind: Declare) -> None:
    @own_kind("/mixed/", once)
    def mixed() -> str:
        return own_page("own.html", "/mixed/", "Mixed", "What is mixed.")

    links = (
        '<a href="/posts/a/">a</a> <a href="../posts/a">a</a> <a href="/old/">a</a> <a href="#x">a</a> '
        '<a href="?q">a</a> <a href="mailto:a@b.example">a</a> <a href="https://other.example/x">a</a> '
        '<a href="/posts/gone/">a</a> '
        '<a href="https://blog.example/posts/a/#x">a</a> <a data-x="/none/" href="/">a</a> <a href="//[">a</a>'
    )
    small = site_of(site_with, links)
    assert told(small) == [("/posts/gone/", True)]
    assert publish(small.site, OPTIONS, silent).release


def test_a_view_that_leads_on_is_named(site_with: SiteWith, own_kind: Declare) -> None:
    @own_kind("/go/<slug>/", lambda library: [{"slug": "a"}])
    def go(slug: str) -> Response:
        return redirect(url_for("post", slug=slug))

    small = site_of(site_with, "")
    said = "/go/a/: its view leads on to another address, which no frozen page can do. Write this one as an alias"
    assert any(str(fault).startswith(said) for fault in findings(small.site))
    with pytest.raises(FreezeError, match=said):
        publish(small.site, OPTIONS, silent)


@pytest.mark.parametrize(("rule", "meant"), [("/mine", "application/octet-stream"), ("/mine.txt", "text/plain")])
def test_a_page_that_hosts_take_for_something_else_is_named(
    site_with: SiteWith, own_kind: Declare, rule: str, meant: str
) -> None:
    @own_kind(rule, once)
    def mine() -> str:
        return "<p>Mine"

    small = site_of(site_with, "")
    (found,) = (fault for fault in findings(small.site) if fault.kind == "page-failed")
    assert found.sentence == f"{rule} is sent as text/html, and hosts take a file of this name for {meant}."


def test_what_an_own_view_sends_by_its_ending_is_fine(site_with: SiteWith, own_kind: Declare) -> None:
    @own_kind("/mine.csv", once)
    def mine() -> Response:
        return Response("a,b", mimetype="text/csv")

    small = site_of(site_with, "")
    assert not [fault for fault in findings(small.site) if fault.kind == "page-failed"]
    assert publish(small.site, OPTIONS, silent).release
