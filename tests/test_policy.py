"""`[policy]` of site.toml: which hosts it takes, what it refuses, and what browsers are told of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import SiteWith, SmallSite, post_text, preview_of
from tests.freezing.test_freeze import freeze, live
from tests.test_settings import faults, site
from trigpoint.freezing.checks.sources import findings
from trigpoint.policy import USES, AllowedHosts, matches
from trigpoint.settings import load_settings
from trigpoint.web.headers import directives, hash_source, speculation_rules

ALL = "".join(f'{use} = ["https://{use}.example"]\n' for use in USES)


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("https://giscus.app", "https://giscus.app"),
        ("HTTPS://Giscus.App/Client.js", "https://giscus.app/Client.js"),
        ("*.example.org", "*.example.org"),
        ("https://*.example.org:8443/a/", "https://*.example.org:8443/a/"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("https://a.example:65535", "https://a.example:65535"),
        ("localhost", "localhost"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_a_host_is_taken(tmp_path: Path, written: str, taken: str) -> None:
    settings = load_settings(site(tmp_path, f'[policy]\nframe = ["{written}", "{taken}"]\n'))
    assert settings.policy == AllowedHosts(frame=(taken,))


@pytest.mark.parametrize(
    "written",
    ["giscus", "https://", "htp://a.example", "https:/a.example", "a.example; script-src *", "a.example,b.example",
     "a b.example", "https://a.example/?q", "https://a.example/#f", "-a.example", "a..example", "*.", "a.*.example",
     "https://user@a.example", "https://a.example:99999", "a.example:0", "'self'", "none", "'unsafe-inline'", "data:",
     "https://bücher.example", ""],
)  # fmt: skip
def test_what_is_no_host_is_named_by_its_line(tmp_path: Path, written: str) -> None:
    text = f'[policy]\nimg = ["https://a.example"]\nframe = ["{written}"]\n'
    (found,) = faults(site(tmp_path, text))
    assert found.startswith('site.toml:6: "policy.frame" is ["'), found
    assert "is no host" in found
    assert found.endswith('Write one such as "https://giscus.app" or "https://*.example.org".')


def test_what_is_no_list_or_no_name_is_named_by_its_line(tmp_path: Path) -> None:
    found = faults(site(tmp_path, '[policy]\nimg = "https://a.example"\nframes = []\n'))
    assert found == [
        'site.toml:5: "policy.img" is "https://a.example", but a list of hosts is wanted. '
        'Write `img = ["https://giscus.app"]`.',
        'site.toml:6: "policy.frames" is not a setting. Did you mean "policy.frame"?',
    ]


def test_a_policy_is_a_table(tmp_path: Path) -> None:
    (found,) = faults(site(tmp_path, 'policy = "strict"\n'))
    assert found.startswith('site.toml:4: "policy" is "strict", but a table is wanted. Write `[policy]`')


def test_the_environment_may_say_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = site(tmp_path, '[policy]\nframe = ["https://a.example"]\nimg = ["https://a.example"]\n')
    monkeypatch.setenv("BLOG_POLICY__FRAME", '["https://b.example"]')
    assert load_settings(folder).policy == AllowedHosts(frame=("https://b.example",), img=("https://a.example",))
    monkeypatch.setenv("BLOG_POLICY__FRAME", '["b"]')
    assert faults(folder)[0].startswith('BLOG_POLICY__FRAME: "policy.frame" is ["b"]')
    monkeypatch.delenv("BLOG_POLICY__FRAME")
    monkeypatch.setenv("BLOG_POLICY", '{"font": ["b"]}')
    assert faults(folder)[0].startswith('BLOG_POLICY: "policy.font" is ["b"]')


def test_each_list_widens_its_directive_everywhere_alike(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()}, settings=f"\n[policy]\n{ALL}")
    text, header = small.text("/posts/a/"), small.answer("/posts/a/")[2]["Content-Security-Policy"]
    in_page = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert in_page
    assert header == in_page[1].replace("&#39;", "'") + "; frame-ancestors 'none'; upgrade-insecure-requests"
    assert f"  Content-Security-Policy: {header}\n" in small.text("/_headers")
    rules = hash_source(speculation_rules(""))
    for use in USES:
        name = "form-action" if use == "form" else f"{use}-src"
        own = {"frame": "", "img": "'self' data: ", "script": f"'self' {rules} "}.get(use, "'self' ")
        assert f"{name} {own}https://{use}.example" in header.split("; ")
    assert small.answer("/nope/")[2]["Content-Security-Policy"] == header


def test_a_site_without_a_policy_of_its_own_has_the_strict_one() -> None:
    assert not any("http" in each for each in directives(AllowedHosts()))
    assert "frame-src" not in " ".join(directives(AllowedHosts()))


def test_another_policy_makes_every_page_anew(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    freeze(small)
    (small.root / "site.toml").write_text((small.root / "site.toml").read_text() + "\n[policy]\nform = ['a.example']\n")
    assert "setting policy" in freeze(small).rendered["/posts/a/"]
    assert b"form-action &#39;self&#39; a.example" in live(small)["posts/a/index.html"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('img = ["a.example", "*"]', "every host is allowed"),
        ('frame = ["https:"]', "every host is allowed"),
        ('media = ["https://*"]', "every host is allowed"),
        ("""script = ["'unsafe-inline'"]""", "whatever is written in a page runs"),
        ("""style = ["'unsafe-inline'"]""", ""),
        ('script = ["https://*.example"]', ""),
    ],
)
def test_a_policy_that_allows_everything_is_warned_of(site_with: SiteWith, line: str, said: str) -> None:
    small = site_with({"a": post_text()}, settings=f'\n[policy]\nfont = ["a.example"]\n{line}\n')
    small.site.loader.refresh()
    found = [fault for fault in findings(small.site) if fault.kind == "policy-wide"]
    assert [(fault.path, fault.line, fault.warning) for fault in found] == ([("site.toml", 16, True)] if said else [])
    assert all(said in fault.sentence for fault in found)


@pytest.mark.parametrize(
    ("source", "target", "is_allowed"),
    [
        ("https://a.example", "https://a.example/x", True),
        ("https://a.example", "http://a.example/x", False),
        ("http://a.example", "https://a.example/x", True),
        ("a.example", "https://a.example/x", True),
        ("a.example", "//a.example/x", True),
        ("a.example", "https://b.a.example/x", False),
        ("*.a.example", "https://b.a.example/x", True),
        ("*.a.example", "https://a.example/x", False),
        ("https://a.example:8443", "https://a.example:8443/x", True),
        ("https://a.example", "https://a.example:8443/x", False),
        ("https://a.example/d/", "https://a.example/d/x", True),
        ("https://a.example/d", "https://a.example/d/x", False),
        ("https://a.example/d", "https://a.example/d", True),
        ("data:", "data:,x", True),
        ("data:", "https://a.example/", False),
        ("https:", "https://a.example/", True),
        ("*", "https://a.example/", True),
        ("*", "data:,x", False),
        ("https://*", "https://a.example/", True),
    ],
)
def test_a_source_allows_what_browsers_say(source: str, target: str, is_allowed: bool) -> None:
    assert matches(source, target) is is_allowed


def test_the_rules_of_prefetching_are_allowed_by_their_hash_and_never_take_away_what_the_author_allows() -> None:
    def scripts(*sources: str) -> str:
        return next(each for each in directives(AllowedHosts(script=sources)) if each.startswith("script-src"))

    assert "'sha256-" in scripts("https://stats.example")
    assert scripts("'unsafe-inline'") == "script-src 'self' 'unsafe-inline'"


def test_a_preview_prefetches_nothing(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A")})
    assert 'type="speculationrules"' in small.text("/")
    preview = SmallSite(small.root, preview_of(small.root))
    assert "speculationrules" not in preview.text("/")
    preview.site.loader.stop()
