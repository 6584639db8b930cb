"""How an article is cited."""

from __future__ import annotations

from html import unescape

from tests.conftest import SiteWith, post_text


def test_an_article_says_how_it_is_cited(site_with: SiteWith) -> None:
    small = site_with({"a-b": post_text("C++ & 100% {safe}_\\\\", authors="[Ada Example, \u201cGrace\u201d Example]")})
    page = unescape(small.text("/posts/a-b/"))
    assert (
        "Ada Example, “Grace” Example: “C++ & 100% {safe}_\\”, A test blog, 2 January 2026, https://blog.example/posts/a-b/"
        in page
    )
    assert "@online{a-b,\n  author = {{Ada Example} and {“Grace” Example}},\n" in page
    assert r"  title = {{C++ \& 100\% \{safe\}\_\textbackslash{}}}," in page
    assert "  date = {2026-01-02},\n  url = {https://blog.example/posts/a-b/},\n}" in page


def test_its_quotes_are_those_of_its_language(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("Titel", lang="de"), "b": post_text("題名", lang="ja")})
    assert "„Titel“, A test blog, 2. Januar 2026, https" in unescape(small.text("/posts/a/"))
    assert "「題名」, A test blog, " in unescape(small.text("/posts/b/"))
