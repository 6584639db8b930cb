"""What the site's policy keeps out of an article is named by its line, as the directives themselves say."""

from __future__ import annotations

import pytest

from app import ROOT
from tests.conftest import SiteWith, post_text
from trigpoint.freezing.checks.policy import Policy, blocked
from trigpoint.freezing.checks.sources import findings
from trigpoint.freezing.checks.template_resources import resources_of
from trigpoint.markup.document import Resource
from trigpoint.policy import AllowedHosts

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
    assert [fault.line for fault in blocked(found, Policy.of(AllowedHosts(), SITE), "a.md")] == [1, 2, 3, 4]
    wider = AllowedHosts(frame=(FAR,), img=("https://*.pics.example",), style=("'unsafe-inline'",))
    assert [fault.line for fault in blocked(found, Policy.of(wider, SITE), "a.md")] == [4]


def test_the_sentence_names_the_cure_and_the_host_is_the_subject() -> None:
    (fault,) = blocked([Resource("img", "src", f"{FAR}/a.png", 9)], Policy.of(AllowedHosts(), SITE), "a.md")
    assert str(fault) == (
        f'a.md:9: warning: "{FAR}/a.png" is a picture: the site\'s policy (img-src) keeps it out. '
        'Put the picture beside the article. Or allow it in site.toml, below [policy]: img = ["https://far.example"]'
    )
    assert fault.subject == "far.example"


@pytest.mark.parametrize(
    ("resource", "line"),
    [
        (Resource("iframe", "src", "//far.example/x", 1), 'frame = ["https://far.example"]'),
        (Resource("img", "src", "https://far.example/x", 1), 'img = ["https://pics.example", "https://far.example"]'),
        (Resource("p", "style", "", 1), """style = ["'unsafe-inline'"]"""),
        (Resource("form", "action", "http://far.example:8080/x", 1), 'form = ["http://far.example:8080"]'),
        (Resource("script", "src", "own.js", 1), "author_scripts = true in site.toml"),
        (Resource("script", "", "", 1), ""),
        (Resource("p", "onclick", "", 1), ""),
        (Resource("iframe", "src", "own.html", 1), ""),
        (Resource("object", "data", f"{FAR}/x", 1), ""),
        (Resource("base", "href", f"{FAR}/x", 1), ""),
        (Resource("iframe", "src", "data:text/html,x", 1), ""),
    ],
)
def test_a_finding_names_the_line_that_would_allow_it_and_that_line_does(
    site_with: SiteWith, resource: Resource, line: str
) -> None:
    policy = Policy.of(AllowedHosts(img=("https://pics.example",)), SITE, author_scripts=False)
    (fault,) = blocked([resource], policy, "a.md")
    assert fault.cure.endswith(line) if line else "allow" not in fault.cure
    if line and "author" not in line:
        small = site_with(settings=f"\n[policy]\n{line}\n")
        assert not list(blocked([resource], Policy.of(small.site.settings.policy, SITE, False), "a.md"))


TEMPLATE = """{% extends "base.html" %}{# <iframe src="https://comment.example/"> #}
{% block main %}
<script src="{{ asset('js/theme.js') }}"></script><script type="application/ld+json">{}</script>
<script
  async
  src="https://stats.example/{{ site.title }}.js"></script>
<p style="color: {{ colour }}" {% if x %}onclick="y()"{% endif %}>{{ "<style>" }}</p>
<style>p { color: red }</style>
<link rel="stylesheet" href="https://far.example/a.css"><link rel="icon" href="https://far.example/a.ico">
<a href="https://far.example/">a</a><img src="{{ cover }}" srcset="https://far.example/a.png 2x" alt="">
<form action="{{ url_for('search') }}"></form>
{% endblock %}
"""


def test_what_a_template_asks_for_is_named_by_its_line(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    (small.root / "templates/own.html").write_text(TEMPLATE)
    small.site.loader.refresh()
    found = [(fault.path, fault.line, fault.kind) for fault in findings(small.site) if "blocked" in fault.kind]
    lines = [(6, "script"), (7, "script"), (7, "style"), (8, "style"), (9, "style"), (10, "img")]
    assert sorted(found) == [("templates/own.html", line, f"blocked-{kind}") for line, kind in lines]


def test_nothing_of_our_own_templates_is_kept_out() -> None:
    for path in (ROOT / "templates").glob("*.html"):
        assert not list(blocked(resources_of(path.read_text()), Policy.of(AllowedHosts(), SITE), path.name))


def test_a_video_that_is_shown_on_a_click_is_a_frame(site_with: SiteWith) -> None:
    video = "[![Watch it](own.png)](https://video.example/embed/1){.video}"
    assert told(f"{video} [other](https://video.example/)", site_with) == [(6, "blocked-frame")]
