"""What stylesheets and scripts of static/ name is there, or is named by its line."""

from __future__ import annotations

import pytest

from tests.conftest import SiteWith, SmallSite, post_text
from trigpoint.faults import Fault
from trigpoint.freezing.checks.sources import findings


def told(site_with: SiteWith, name: str, text: str) -> list[tuple[str, int, str]]:
    small = site_with({"a": post_text()})
    (small.root / "static" / name).write_text(text)
    small.site.loader.refresh()
    return [
        (fault.path, fault.line, fault.sentence.split('"')[1])
        for fault in findings(small.site)
        if fault.kind == "asset-dead"
    ]


@pytest.mark.parametrize(
    ("name", "text", "target"),
    [
        ("css/own.css", "a {}\nb { background: url(../images/none.svg) }", "../images/none.svg"),
        ("css/prose.css", 'a {}\nb { background: url( "/static/images/none.svg?x" ) }', "/static/images/none.svg?x"),
        ("css/own.css", "/* a\n*/ @import 'none.css';", "none.css"),
        ("js/own.js", '// a\nimport { a } from "./none.js";', "./none.js"),
        ("js/own.mjs", "const a = 1;\nconst b = await import('../none.js');", "../none.js"),
        ("js/own.js", "\nexport * from '/static/js/none.js'", "/static/js/none.js"),
        ("js/own.js", "\nimport 'lodash'", "lodash"),
    ],
)
def test_a_file_that_is_not_there_is_named(site_with: SiteWith, name: str, text: str, target: str) -> None:
    assert told(site_with, name, text) == [(f"static/{name}", 2, target)]


@pytest.mark.parametrize("name", ["css/tokens.css", "js/code.js", "css/own.css"])
def test_a_file_that_is_not_utf_8_is_named_and_pages_keep_their_style(site_with: SiteWith, name: str) -> None:
    small = site_with({"a": post_text()})
    with (small.root / "static" / name).open("ab") as file:
        file.write(b"/* gr\xf6\xdfe */")
    (fault,) = (fault for fault in findings_now(small) if not fault.warning)
    assert (fault.path, fault.kind) == (f"static/{name}", "asset-encoding")
    assert fault.line and '(0xF6) is not UTF-8: it looks like Latin-1, where it is "ö"' in fault.sentence
    assert "/static/css/site." in small.text("/posts/a/")


def findings_now(small: SmallSite) -> tuple[Fault, ...]:
    small.site.loader.refresh()
    return findings(small.site)


def test_what_is_suggested_is_like_it_in_its_last_name(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    (small.root / "static/css/own.css").write_text("a { mask: url(../images/contuors.svg), url(../images/no.svg) }")
    small.site.loader.refresh()
    cures = [fault.cure for fault in findings(small.site) if fault.kind == "asset-dead"]
    assert cures[0].startswith('Did you mean "/static/images/contours.')
    assert cures[1] == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("css/own.css", "a { background: url(../images/contours.svg), url('/static/fonts/mono.woff2') }"),
        ("css/own.css", "a { mask: url(#part), url(data:image/png;base64,AA), url(https://far.example/x.png) }"),
        ("css/own.css", "/* url(none.svg) */"),
        ("js/own.js", 'import { open } from "./search.js"; const x = import("/static/js/theme.js"); import(y)'),
        ("js/own.js", "// import './none.js'\n/* import './none.js' */ const important = 'none'"),
        ("js/dialog.js", 'import { ranked } from "./ranking.js";\n'),
        ("own.txt", "url(none.svg)"),
    ],
)
def test_what_is_there_or_elsewhere_is_no_finding(site_with: SiteWith, name: str, text: str) -> None:
    assert told(site_with, name, text) == []


STYLE = """@import "https://far.example/a.css";
@import url(//far.example/b.css);
@namespace h url("https://names.example/"); /* url(https://far.example/comment.png) */
@font-face {
  src: url("https://fonts.example/a.woff2"),
    url(data:font/woff2;base64,AAAA);
}
a { background: url(https://far.example/x.png), url(data:image/png;base64,AA), url(../images/contours.svg) }
"""
SCRIPT = "import './search.js';\nimport { a } from 'https://far.example/a.js';\nconst b = await import(`${c}`);\n"


def blocked(site_with: SiteWith, settings: str = "") -> list[tuple[str, int, str]]:
    small = site_with({"a": post_text()}, settings=settings)
    (small.root / "static/css/own.css").write_text(STYLE)
    (small.root / "static/js/own.js").write_text(SCRIPT)
    small.site.loader.refresh()
    return [(each.path, each.line, each.kind) for each in findings(small.site) if each.kind.startswith("blocked-")]


def test_what_static_asks_of_other_hosts_is_named_by_its_line(site_with: SiteWith) -> None:
    assert blocked(site_with) == [
        ("static/css/own.css", 1, "blocked-style"),
        ("static/css/own.css", 2, "blocked-style"),
        ("static/css/own.css", 5, "blocked-font"),
        ("static/css/own.css", 6, "blocked-font"),
        ("static/css/own.css", 8, "blocked-img"),
        ("static/js/own.js", 2, "blocked-script"),
    ]


def test_what_the_policy_allows_static_may_ask_for(site_with: SiteWith) -> None:
    lists = 'style = ["https://far.example"]\nimg = ["https://far.example"]\nscript = ["https://far.example"]\n'
    assert blocked(site_with, f'\n[policy]\n{lists}font = ["https://fonts.example", "data:"]\n') == []


def test_the_line_that_would_allow_it_is_named(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    (small.root / "static/css/own.css").write_text(STYLE)
    small.site.loader.refresh()
    told = [str(each) for each in findings(small.site) if each.kind == "blocked-font"]
    assert told[0] == (
        'static/css/own.css:5: warning: "https://fonts.example/a.woff2" is a font: the site\'s policy (font-src) keeps '
        'it out. Put the font into static/fonts/. Or allow it in site.toml, below [policy]: font = ["https://fonts.example"]'
    )
    assert '"data:font/woff2;base64" is a font' in told[1]
    (style, *_) = [str(each) for each in findings(small.site) if each.kind == "blocked-style"]
    assert "is a stylesheet" in style and "Put the stylesheet into static/css/." in style
