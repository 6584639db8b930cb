"""What the site's policy keeps out of an article is named by its line, as the directives themselves say."""

from __future__ import annotations

import pytest

from tests.conftest import SiteWith, post_text
from trigpoint.freezing.policy_checks import Policy, blocked
from trigpoint.freezing.source_checks import findings
from trigpoint.markup.document import Resource
from trigpoint.web.headers import DIRECTIVES

SITE = "https://blog.example"
FAR = "https://far.example"


def told(body: str, site_with: SiteWith) -> list[tuple[int, str]]:
    small = site_with({"a": post_text(body=body)}, {"posts/own.png": b"\x89PNG", "posts/own.html": "<p>"})
    small.site.loader.refresh()
    return [(fault.line, fault.kind) for fault in findings(small.site) if fault.kind.startswith("blocked-")]


def test_each_thing_that_is_blocked_is_named_by_its_line(site_with: SiteWith) -> None:
    lines = {
        f"![a]({FAR}/a.png)": "img", f'<img src="{FAR}/b.png" alt="">': "img", "![c](//far.example/c.png)": "img",
        f'<video src="{FAR}/d.mp4"></video>': "media", f'<audio><source src="{FAR}/e.ogg"></audio>': "media",
        f'<iframe src="{FAR}/f"></iframe>': "frame", '<iframe src="own.html"></iframe>': "frame",
        f'<object data="{FAR}/g.svg"></object>': "object", f'<embed src="{FAR}/h.swf">': "object",
        '<p style="color: red">i</p>': "style", "<style>p { color: red }</style>": "style",
        f'<link rel="stylesheet" href="{FAR}/j.css">': "style", f'<form action="{FAR}/k"></form>': "form-action",
        "<script>l()</script>": "script", f'<script src="{FAR}/m.js"></script>': "script",
        '<script src="own.js"></script>': "script", '<p onclick="n()">n</p>': "script",
        f'<video poster="{FAR}/o.png"></video>': "img",
        f'<img srcset="{FAR}/p.png 2x" src="own.png" alt="">': "img",
    }  # fmt: skip
    code = f'```html\n<p style="color: red"><img src="{FAR}/a.png">\n```\n\n`<iframe src="{FAR}/f">`\n\n'
    expected = [(6 + 6 + 2 * number, f"blocked-{kind}") for number, kind in enumerate(lines.values())]
    assert told(code + "\n\n".join(lines), site_with) == expected


@pytest.mark.parametrize(
    "fine",
    ["![a](own.png)", "[a](https://far.example/a.png)", '<form action="/search/"></form>', "*[HTML]: x",
     f"![a]({SITE}/posts/own.png)", "`<style>`", '    <p style="x">', "$\\color{red}{x}$", "|a|b|\n|:-|-:|\n|1|2|",
     '<link rel="icon" href="https://far.example/i.ico">', "![a](data:,)", '<script src="/static/js/own.js"></script>'],
)  # fmt: skip
def test_what_the_policy_allows_is_no_finding(site_with: SiteWith, fine: str) -> None:
    assert told(fine, site_with) == []


def test_a_script_beside_the_post_may_be_allowed(site_with: SiteWith) -> None:
    script = '<script src="own.js"></script>'
    assert told(script, site_with) == [(6, "blocked-script")]
    small = site_with({"a": post_text(body=script)}, {"posts/own.js": "1"}, "author_scripts = true\n", name="other")
    small.site.loader.refresh()
    assert not [fault for fault in findings(small.site) if fault.kind.startswith("blocked-")]


def test_another_policy_gives_other_warnings() -> None:
    found = [Resource("iframe", "src", f"{FAR}/a", 1), Resource("img", "src", "https://cdn.pics.example/b.png", 2)]
    found += [Resource("p", "style", "", 3), Resource("img", "src", "http://pics.example/b.png", 4)]
    assert [fault.line for fault in blocked(found, Policy.of(DIRECTIVES, SITE), "a.md")] == [1, 2, 3, 4]
    wider = (*(each for each in DIRECTIVES if not each.startswith(("img-", "style-"))), f"frame-src {FAR}")
    wider += ("img-src 'self' https://*.pics.example", "style-src 'self' 'unsafe-inline'")
    assert [fault.line for fault in blocked(found, Policy.of(wider, SITE), "a.md")] == [4]


def test_the_sentence_names_the_cure_and_the_host_is_the_subject() -> None:
    (fault,) = blocked([Resource("img", "src", f"{FAR}/a.png", 9)], Policy.of(DIRECTIVES, SITE), "a.md")
    assert str(fault) == (
        f'a.md:9: warning: "{FAR}/a.png" is a picture: the site\'s policy (img-src) keeps it out. '
        "Put the picture beside the article."
    )
    assert fault.subject == "far.example"
