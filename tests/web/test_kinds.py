"""Kinds of pages of a site's own: what is wrong with one is said at its view, and what it asks is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask import Response, request, stream_template_string

from tests.conftest import SiteWith, SmallSite, freeze_all, post_text
from trigpoint.freezing.checks.sources import findings
from trigpoint.web.kinds import KINDS, AddressError, all_addresses, kind, once
from trigpoint.web.site import current_library, read_file

Declare = Callable[..., Callable[[Callable[..., object]], object]]
HERE = "tests/web/test_kinds.py"


@pytest.fixture
def own_kind() -> Iterator[Declare]:
    """`kind`, whose declarations go with the test."""
    known = len(KINDS)
    yield kind
    del KINDS[known:]


def listed(small: SmallSite) -> tuple[str, ...]:
    small.site.loader.refresh()
    return all_addresses(small.app, small.library)


@pytest.mark.parametrize(
    ("rule", "values", "said"),
    [
        ("/projects/<name>/", {"name": ".."}, "'/projects/../' is no address that a page can have"),
        ("/projects/<name>/", {"name": "."}, "'/projects/./' is no address"),
        ("/projects/<path:name>", {"name": "../../evil.txt"}, "is no address"),
        ("/projects/<path:name>", {"name": "a//b"}, "is no address"),
        ("/projects/<name>/", {"name": "a\\b"}, "is no address"),
        ("/projects/<name>/", {"name": "a\nb"}, "is no address"),
        ("/projects/<name>/", {"other": "a"}, "/projects/<name>/ is not made of {'other': 'a'}"),
        ("/projects/<name>/", 7, "AttributeError: "),
    ],
)
def test_an_address_that_no_page_can_have_is_named_at_its_view(
    site_with: SiteWith, own_kind: Declare, tmp_path: Path, rule: str, values: Mapping[str, object], said: str
) -> None:
    @own_kind(rule, lambda library: [values])
    def project(name: str) -> str:
        return name

    small = site_with({"a": post_text()})
    with pytest.raises(AddressError) as error:
        freeze_all(small.site, tmp_path / "out")
    assert error.value.fault.path.endswith(HERE)
    assert error.value.fault.line > 0
    assert 'The addresses of the view "project" can\'t be listed: ' in str(error.value)
    assert said in str(error.value)
    assert error.value.fault in findings(small.site)


def test_a_list_of_addresses_that_fails_is_named_at_its_view(site_with: SiteWith, own_kind: Declare) -> None:
    @own_kind("/projects/<name>/", lambda library: [{"name": 1 / 0}])
    def project(name: str) -> str:
        return name

    with pytest.raises(AddressError, match=r"can't be listed: ZeroDivisionError: division by zero"):
        listed(site_with({"a": post_text()}))


def test_a_view_at_the_address_of_another_is_refused(own_kind: Declare) -> None:
    with pytest.raises(ValueError, match=r'the view "archive" is at /archive/ already'):

        @own_kind("/archive/", once)
        def mine() -> str:
            return ""


def test_a_view_with_the_name_of_another_is_refused(own_kind: Declare) -> None:
    with pytest.raises(ValueError, match=r'the view of /archive/ is called "archive"'):

        @own_kind("/mine/", once)
        def archive() -> str:
            return ""


def test_what_a_streamed_page_asks_is_noted(site_with: SiteWith, own_kind: Declare) -> None:
    @own_kind("/streamed/", once)
    def streamed() -> object:
        return stream_template_string(
            "{% for post in all.newest(9) %}{{ post.title }} {% endfor %}", all=current_library()
        )

    small = site_with({"a": post_text("First")})
    assert small.text("/streamed/") == "First "
    small.write("posts/a.md", post_text("Second"))
    assert small.text("/streamed/") == "Second "


def test_a_view_may_log(site_with: SiteWith, own_kind: Declare) -> None:
    @own_kind("/log.txt", once)
    def log() -> Response:
        return Response("wsgi.errors" in request.environ and "it has where to", mimetype="text/plain")

    assert site_with({"a": post_text()}).text("/log.txt") == "it has where to"


@pytest.mark.parametrize(
    "path", ["../out.txt", "/etc/hostname", "data/../../out.txt", "data/../site.toml", "link.txt", "data", "a\0b", ""]
)
def test_no_file_outside_of_the_site_is_read(site_with: SiteWith, own_kind: Declare, path: str) -> None:
    @own_kind("/data.txt", once)
    def data() -> Response:
        return Response(f"{read_file(path)!r} {read_file('data/in.txt')!r}", mimetype="text/plain")

    small = site_with({"a": post_text()})
    (small.root.parent / "out.txt").write_text("secret")
    (small.root / "link.txt").symlink_to("../out.txt")
    (small.root / "data").mkdir()
    (small.root / "data/in.txt").write_text("in")
    assert small.text("/data.txt") == "None b'in'"
