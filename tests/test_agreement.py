"""A law: the check finds no error exactly where a freeze publishes, whatever odd things a site is made of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import SiteWith, SmallSite, post_text
from tests.freezing.test_freeze import OPTIONS, fresh, silent
from trigpoint.faults import Fault, errors
from trigpoint.freezing.checks.sources import findings
from trigpoint.freezing.freeze import FreezeRefusedError, publish
from trigpoint.freezing.page_writer import FreezeError
from trigpoint.web.failures import fault_of

BODIES = (
    'Write `<a href="/about/">` or `src="x.png"`, and href="x.html" in text.',
    '```\n<img src="x.png" poster="y">\n```',
    '```jinja\n<a href="{{ url }}">\n```',
    "[f](ftp://ftp.example/f) [h](//cdn.example/f) [m](magnet:?xt=x) [s](sms:+1) [H](HTTPS://far.example/)",
    '<svg><use href="#a"/></svg> <map><area href="b.md"></map> <input type="image" src="/static/images/favicon.svg">',
    '<iframe src="/tags/"></iframe> <object data="/feed.xml"></object> <embed src="/llms.txt">',
    '<video poster="/static/images/favicon.svg" src="/robots.txt"></video> <form action="/search/"></form>',
    "[draft](d.md)",
    "[draft](https://blog.example/posts/d/)",
    "`https://blog.example/posts/d/` and GET /posts/d/ and /now/",
    "A draft of some length is next.\n\n## A draft of some length",
    '<a name="old">x</a> [up](#top) [old](#old)',
    "[dead](nowhere.md)",
    "{{ x }} {% if %}",
)
FILES = (
    "robots.txt", "favicon.ico", "_redirects", "_headers", "404.html", "sitemap.xml", "feed.xml", "llms.txt", "CNAME",
    ".nojekyll", ".well-known/security.txt", ".hidden", "covers/a.svg", "social/a.png", "static/x.js", "index.html",
    "posts/a.txt", "posts/A.txt", "a?b.txt", "c#/d.txt", "e%20f.txt", "g\\h.txt", "i j.txt", "posts/pic", "tags/x.txt",
    "tags/index.html", "demo/index.html", "posts/bundle/demo/index.html", "posts/bundle/code/README.md",
    "posts/bundle/feed.xml", "posts/bundle/index.html", "posts/a", "about", "search/docs.json", "opensearch.xml",
    "x.MD", "page/1", "series/x", "archive/index.html", "posts/bundle/sub/x.md", "site.webmanifest",
)  # fmt: skip
ALIASES = (
    "/rss.xml", "/index.xml", "/a.php", "/releases/1.0.0", "/v1.2", "/post.jpg", "/x.html", "/x.html/y/",
    "/feed.xml/z/", "/_headers/", "/Old/", "/old/", "/OLD.html", "/old.html", "/feed.xml", "/tags/go/", "/posts/d/",
    "/posts/bundle/demo/", "/tags/", "/Tags/", "/static/js/", "/" + "/".join(["long" * 60] * 20),
    "/posts/a.txt", "/robots.txt", "/.nojekyll",
    "/rss.xml/", "/a/b/", "/a", "/404.html", "/about/", "/posts/x.htm",
)  # fmt: skip
DRAFTS = ("posts/d.md", "js.md", "css.md", "now.md", "posts/bundle/index.md", "tagged.md")
TEMPLATES = (
    "{{ nothing }}", "{% if %}", "{% include 'none.html' %}", "{{ url_for('none') }}", "{{ asset('none') }}",
    '<a href="/posts/d/">x</a>', "<b>A draft of some length</b>", "<code>/posts/d/</code>",
)  # fmt: skip


def _errors_of(small: SmallSite) -> tuple[Fault, ...]:
    site = fresh(small)
    site.loader.stop_watching()
    site.loader.refresh()
    try:
        return errors(findings(site))
    finally:
        site.loader.stop()


def _is_published(small: SmallSite) -> tuple[bool, str]:
    site = fresh(small)
    try:
        publish(site, OPTIONS, silent)
    except FreezeRefusedError as refusal:
        return False, "; ".join(map(str, errors(refusal.faults)))
    except FreezeError as error:
        return False, str(error)
    else:
        return True, ""
    finally:
        site.loader.stop()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(BODIES), max_size=2),
    st.lists(st.sampled_from(FILES), max_size=2),
    st.lists(st.sampled_from(ALIASES), max_size=2, unique=True),
    st.lists(st.sampled_from(DRAFTS), max_size=2),
    st.booleans(),
)
def test_the_check_finds_no_error_exactly_where_a_freeze_publishes(
    site_with: SiteWith,
    tmp_path: Path,
    bodies: list[str],
    files: list[str],
    aliases: list[str],
    drafts: list[str],
    own: bool,
) -> None:
    name = f"site-{len(list(tmp_path.iterdir()))}"
    small = site_with(name=name, settings="" if own else "host_files = false\n")
    written = "\n".join(f"  - {alias}" for alias in aliases)
    fields: dict[str, object] = {"aliases": f"\n{written}"} if aliases else {}
    small.write("posts/a.md", post_text("A", body="\n\n".join(bodies), tags="[Go]", **fields))
    small.write("posts/b.md", post_text("B"))
    small.write("posts/bundle/index.md", post_text("Bundle", series="{name: X, part: 1}"))
    for path in files:
        small.write(path, "# plain text\n")
    for path in drafts:
        small.write(path, post_text("A draft of some length", draft="true"))
    found = _errors_of(small)
    published, why = _is_published(small)
    assert published == (not found), (found, why)
    for fault in found:
        assert fault.path.startswith("pages/"), fault


@pytest.mark.parametrize("added", TEMPLATES)
def test_what_a_template_does_to_a_freeze_is_found_by_the_check_too(site_with: SiteWith, added: str) -> None:
    """But for what it tells of hidden pages: that is seen in what was made."""
    small = site_with({"a": post_text(), "d": post_text("A draft of some length", draft="true")})
    template = small.root / "templates/archive.html"
    template.write_text(template.read_text().replace("<p class", f"{added}\n<p class", 1))
    found = _errors_of(small)
    assert bool(found) == added.startswith("{")
    for fault in found:
        assert re.match(r"templates/archive.html:4: ", str(fault)), fault
    if found:
        published, why = _is_published(small)
        assert not published
        assert why.startswith("templates/archive.html:4: ")


def test_a_page_that_only_some_articles_have_is_made_by_the_check(site_with: SiteWith) -> None:
    small = site_with({f"p{n}": post_text(f"Post {n}", "2026-01-01") for n in range(250)})
    small.write("posts/late.md", post_text("Late", "2020-01-01", extra="{key: 1}"))
    template = small.root / "templates/post.html"
    text = template.read_text()
    line = text[: text.index("<article")].count("\n") + 1
    template.write_text(text.replace("<article", "{% if post.extra %}{{ nothing }}{% endif %}<article", 1))
    assert [fault.place for fault in _errors_of(small)] == [f"templates/post.html:{line}"]


def test_a_fault_without_a_template_names_the_source(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    small.site.loader.refresh()
    fault = fault_of(small.site, "/posts/a/", KeyError("x"))
    assert str(fault) == "pages/posts/a.md: /posts/a/ can't be made: KeyError: 'x'."
