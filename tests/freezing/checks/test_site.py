"""What site.toml says is held against what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import create_app
from tests.conftest import SiteWith, post_text
from trigpoint.freezing.checks.site import site_faults
from trigpoint.freezing.checks.sources import findings
from trigpoint.setting_values import NavigationItem
from trigpoint.settings import Settings


def told(tmp_path: Path, base_url: str = "https://blog.flask.org", cname: str = "", path: str = "/tags/") -> list[str]:
    toml = f'base_url = "{base_url}"\ncname = "{cname}"\nnavigation = [\n  {{ label = "A", path = "/" }},\n'
    (tmp_path / "site.toml").write_text(f'{toml}  {{ label = "B", path = "{path}" }},\n]\n')
    navigation = (NavigationItem("A", "/"), NavigationItem("B", path))
    settings = Settings(title="A", description="", base_url=base_url, cname=cname, navigation=navigation, root=tmp_path)
    return [str(fault) for fault in site_faults(settings, ("/", "/tags/", "/über/"))]


def test_navigation_to_a_page_that_is_not_there_is_an_error_at_its_line(tmp_path: Path) -> None:
    sentence = '"navigation" leads to "/tgas/", and there is no such page. Did you mean "/tags/"?'
    assert told(tmp_path, path="/tgas/") == [f"site.toml:5: {sentence}"]


def test_a_footer_to_a_page_that_is_not_there_is_an_error_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('base_url = "https://a.org"\nfooter = [{ label = "B", path = "/serie/" }]\n')
    footer = (NavigationItem("B", "/serie/"),)
    settings = Settings(title="A", description="", base_url="https://a.org", footer=footer, root=tmp_path)
    (fault,) = site_faults(settings, ("/", "/series/"))
    assert str(fault) == (
        'site.toml:2: "footer" leads to "/serie/", and there is no such page. Did you mean "/series/"?'
    )


@pytest.mark.parametrize(
    "path",
    ["/tags", "/tags/#go", "/%C3%BCber/", "https://far.example/", "//far.example/",
     "https://blog.flask.org", "https://Blog.Flask.org/tags", "mailto:a@far.example"],
)  # fmt: skip
def test_navigation_that_leads_somewhere_is_no_finding(tmp_path: Path, path: str) -> None:
    assert told(tmp_path, path=path) == []


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_navigation_with_our_own_host_leads_to_a_page_of_ours(tmp_path: Path, scheme: str) -> None:
    path = f"{scheme}://Blog.Flask.org/tgas/?x#y"
    sentence = f'"navigation" leads to "{path}", and there is no such page. Did you mean "/tags/"?'
    assert told(tmp_path, path=path) == [f"site.toml:5: {sentence}"]


@pytest.mark.parametrize(
    ("text", "is_other"), [("blog.flask.org\n", False), ("Blog.Flask.org.", False), ("flask.org", True), ("", True)]
)
def test_a_cname_file_of_the_authors_own_is_held_against_the_address(
    site_with: SiteWith, text: str, is_other: bool
) -> None:
    small = site_with({"a": post_text()}, {"CNAME": text})
    toml = (small.root / "site.toml").read_text()
    toml = toml.replace("https://blog.example", "https://blog.flask.org").replace('cname = "blog.example"', "")
    (small.root / "site.toml").write_text(toml)
    site = create_app(small.root).extensions["trigpoint"]
    site.loader.refresh()
    assert [(fault.path, fault.line, fault.kind) for fault in findings(site)] == (
        [("pages/CNAME", 1, "base-url-and-cname")] if is_other else []
    )


@pytest.mark.parametrize(
    "host", ["blog.example", "www.example.com", "localhost:5000", "127.0.0.1:8000", "[::1]", "my.test", "192.168.0.4"]
)
def test_an_address_that_no_reader_reaches_is_warned_of(tmp_path: Path, host: str) -> None:
    (found,) = told(tmp_path, f"http://{host}")
    said = f'site.toml:1: warning: "base_url" is not configured yet: it is http://{host}, which readers cannot reach'
    assert found.startswith(said)


def test_two_hosts_are_warned_of_and_one_is_not(tmp_path: Path) -> None:
    (found,) = told(tmp_path, cname="blog.python.org")
    assert found.startswith(
        'site.toml:1: warning: "base_url" is https://blog.flask.org, and "cname" is blog.python.org'
    )
    assert told(tmp_path, cname="Blog.Flask.org") == []


def test_the_environment_is_named_where_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_BASE_URL", "http://localhost:5000")
    assert told(tmp_path, "http://localhost:5000")[0].startswith("BLOG_BASE_URL: warning: ")


def test_check_has_the_findings_of_the_site(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    small.site.loader.refresh()
    assert [fault.kind for fault in findings(small.site)] == ["base-url-example"]
