"""An author's own `_headers` and `_redirects` are checked as a source."""

from __future__ import annotations

import pytest

from tests.conftest import SiteWith, post_text
from trigpoint.freezing.checks.sources import findings

OFF = "host_files = false\n"


def found_in(site_with: SiteWith, files: dict[str, str], settings: str = OFF) -> list[str]:
    small = site_with({"a": post_text()}, settings=settings)
    for path, text in files.items():
        small.write(f"../{path}", text)
    small.site.loader.refresh()
    return [f"{fault.place}: {fault.sentence} {fault.cure}" for fault in findings(small.site) if "host" in fault.kind]


@pytest.mark.parametrize(
    "rule",
    [
        "/old /posts/a/ 301", "/old\t/posts/a", "/old /posts/a/#x 302", "/old /posts/a/index.md", "/* /:splat 301",
        "/old https://far.example/b", "/old //far.example/b", "# /old /none/", "/news/* /posts/:splat", "", "/old",
        "/old /none/ 404", "/api/* /functions/:splat 200", "/x /none 200", "/shop id=:id /none/:id",
        "/b /c\n/c /posts/a/",
    ],
)  # fmt: skip
def test_a_rule_that_leads_on_is_left_alone(site_with: SiteWith, rule: str) -> None:
    assert found_in(site_with, {"pages/_redirects": f"{rule}\n"}) == []


@pytest.mark.parametrize("rule", ["/old /posts/b/ 301", "/old /posts/b/", "/old   /posts/b/  302!  # moved"])
def test_a_rule_that_leads_nowhere_is_named(site_with: SiteWith, rule: str) -> None:
    (said,) = found_in(site_with, {"pages/_redirects": f"# Old.\n{rule}\n"})
    assert said.startswith('pages/_redirects:2: "/posts/b/" leads to no page or file. Did you mean "/posts/a/"?')


def test_below_a_path_what_lies_outside_of_it_is_left_alone(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLOG_BASE_URL", "https://c.example/blog")
    rules = "/a /none/\n/b /blog/posts/a/\n/c /blog/none/\n"
    (said,) = found_in(site_with, {"pages/_redirects": rules})
    assert said.startswith('pages/_redirects:3: "/blog/none/" leads to no page or file.')


def test_rules_of_an_author_that_a_host_would_not_read_are_named(site_with: SiteWith) -> None:
    text = "".join(f"/{number}\n  X-A: b\n" for number in range(101))
    assert found_in(site_with, {"pages/_headers": text}) == [
        "pages/_headers: This has 101 rules; Cloudflare Pages takes 100 at most. Publish on another host."
    ]


def test_rules_among_the_assets_are_named(site_with: SiteWith) -> None:
    (said,) = found_in(site_with, {"static/_redirects": "/old /posts/a/\n"}, settings="")
    assert said == (
        "static/_redirects: No host reads this here: it is published as /static/_redirects. "
        "Move it to pages/_redirects, and write `host_files = false` into site.toml."
    )
