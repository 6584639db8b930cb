"""The terminal says what happened, and with its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT, SiteWith, SmallSite, post_text


def flask(small: SmallSite, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the real command in the site's folder, with the application of this repository."""
    (small.root / "app.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom pathlib import Path\nfrom flask import Flask\n"
        "from blog.wiring import assemble\n"
        "app = Flask(__name__, root_path=str(Path(__file__).parent), static_folder=None)\n"
        "assemble(app, Path(__file__).parent)\n"
    )
    return subprocess.run(
        [sys.executable, "-m", "flask", *words],
        cwd=small.root,
        capture_output=True,
        text=True,
        timeout=120,
        env={"PATH": os.environ["PATH"], **environment},
    )


def test_freeze_publishes(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("Hello")})
    ended = flask(small, "freeze")
    assert ended.returncode == 0, ended.stderr
    assert "Published" in ended.stdout
    assert "Hello" in (small.root / "build/posts/a/index.html").read_text()


def test_freeze_refuses_a_site_with_faults_and_the_live_one_stays(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("Hello")})
    assert flask(small, "freeze").returncode == 0
    live = os.readlink(small.root / "build")
    small.write("posts/a.md", "---\ntitle: Hello\ndate: yesterday\ntgas: [Go]\n---\n")
    ended = flask(small, "freeze")
    assert ended.returncode == 1
    assert 'pages/posts/a.md:4:1: "tgas" is not a field' in ended.stderr
    assert "pages/posts/a.md:3:7:" in ended.stderr
    assert "2 faults" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert os.readlink(small.root / "build") == live


def test_freeze_refuses_an_empty_site_unless_told(site_with: SiteWith) -> None:
    small = site_with()
    ended = flask(small, "freeze")
    assert ended.returncode == 1
    assert "--allow-empty" in ended.stderr
    assert not (small.root / "build").exists()
    assert flask(small, "freeze", "--allow-empty").returncode == 0


def test_freeze_refuses_where_the_pages_are_gone(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    small.pages.rename(small.root / "away")
    ended = flask(small, "freeze", "--allow-empty")
    assert ended.returncode == 1
    assert "pages: There is no such folder." in ended.stderr


def test_a_release_never_holds_drafts_even_under_debug(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(), "b": post_text("Secret", draft="true")})
    assert flask(small, "freeze", FLASK_DEBUG="1").returncode == 0
    assert not (small.root / "build/posts/b").exists()


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        ("[x](nowhere.md)", 'pages/posts/a.md:6: "nowhere.md" leads to no page or file.'),
        ("\n![x](pic.png)", 'pages/posts/a.md:7: "pic.png" leads to no picture or file.'),
        ("[x](b.md#no)", 'pages/posts/a.md:6: "b.md#no" leads to no heading of pages/posts/b.md. Did you mean "now"?'),
        ("[x](#no)", 'pages/posts/a.md:6: "#no" leads to no heading of pages/posts/a.md.'),
    ],
)
def test_check_names_dead_links_by_file_and_line(site_with: SiteWith, body: str, finding: str) -> None:
    small = site_with({"a": post_text(body=body), "b": post_text(body="## Now\n\nText.")})
    ended = flask(small, "check")
    assert ended.returncode == 1
    assert finding in ended.stderr.splitlines()


def test_check_of_a_good_site_says_so(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="[b](b.md#now)"), "b": post_text(body="## Now\n\nText.")})
    ended = flask(small, "check")
    assert (ended.returncode, ended.stdout) == (0, "2 articles, nothing to mend.\n"), ended.stderr


def test_settings_with_faults_are_named_without_a_traceback(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    with (small.root / "site.toml").open("a") as settings:
        settings.write('titel = "x"\n')
    ended = flask(small, "freeze")
    assert ended.returncode == 1
    assert 'site.toml:12: "titel" is not a setting. Did you mean "title"?' in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_second_freeze_of_the_same_sources_is_equal(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(), "b": post_text("B", "2025-02-03")})
    trees = []
    for _ in range(2):
        assert flask(small, "freeze").returncode == 0
        folder = Path(os.path.realpath(small.root / "build"))
        trees.append({path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()})
    assert trees[0] == trees[1]
