"""A link that leads nowhere is named by file and line."""

from __future__ import annotations

import pytest

from blog.checks import findings

from .conftest import SiteWith, post_text


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
    small.site.loader.refresh()
    (found,) = (str(fault) for fault in findings(small.site))
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
    small.site.loader.refresh()
    assert findings(small.site) == ()


def test_the_faults_of_reading_and_rendering_are_findings_too(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="```py file=none.py\n```"), "b": "---\ntitle: [\n---\n"})
    small.site.loader.refresh()
    assert [fault.path for fault in findings(small.site)] == ["pages/posts/a.md", "pages/posts/b.md"]
