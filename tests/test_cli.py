"""The terminal says what happened, and with its exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app import create_app
from blog.verifying import differences

from .conftest import ROOT, SiteWith, SmallSite, post_text


def prepared(small: SmallSite) -> None:
    """Give the site's folder the application of this repository."""
    (small.root / "app.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom pathlib import Path\nfrom flask import Flask\n"
        "from blog.wiring import assemble\n"
        "app = Flask(__name__, root_path=str(Path(__file__).parent), static_folder=None)\n"
        "assemble(app, Path(__file__).parent)\n"
    )


def flask(small: SmallSite, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the real command in the site's folder."""
    prepared(small)
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


@pytest.mark.parametrize("command", ["freeze", "check"])
def test_a_fault_is_told_once(site_with: SiteWith, command: str) -> None:
    small = site_with({"a": "---\ntitle: Hello\ndate: 2026-05-01\ntgas: [Go]\n---\n"})
    ended = flask(small, command)
    assert (ended.stdout + ended.stderr).count('"tgas" is not a field') == 1


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
    assert finding in ended.stdout.splitlines()


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
    assert 'site.toml:13: "titel" is not a setting. Did you mean "title"?' in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_second_freeze_of_the_same_sources_is_equal(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(), "b": post_text("B", "2025-02-03")})
    trees = []
    for _ in range(2):
        assert flask(small, "freeze").returncode == 0
        folder = Path(os.path.realpath(small.root / "build"))
        trees.append({path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()})
    assert trees[0] == trees[1]


def test_check_speaks_to_programs_too(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="[x](no,where.md)")})
    (found,) = json.loads(flask(small, "check", "--format", "json").stdout)
    assert (found["file"], found["line"], found["severity"]) == ("pages/posts/a.md", 6, "error")
    annotation = flask(small, "check", "--format", "github").stdout
    assert annotation.startswith('::error file=pages/posts/a.md,line=6::"no,where.md" leads to no page or file.')


def test_nothing_changed_ends_without_markdown_or_pygments(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    assert flask(small, "freeze").returncode == 0
    watching = (
        "import sys, atexit; atexit.register(lambda: print([m for m in ('markdown', 'pygments') if m in sys.modules]))"
    )
    (small.root / "sitecustomize.py").write_text(watching)
    ended = flask(small, "freeze", PYTHONPATH=str(small.root))
    assert "Nothing changed" in ended.stdout
    assert ended.stdout.endswith("[]\n")


def test_why_names_what_changed_in_an_authors_words(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(tags="[Go]"), "b": post_text("B", "2025-01-01", tags="[Go]")})
    assert flask(small, "freeze").returncode == 0
    assert flask(small, "why", "/posts/a/").stdout == "/posts/a/ is current.\n"
    small.write("posts/a.md", post_text("Renamed", tags="[Go]"))
    told = '/posts/a/ will be rendered: what lists show of the post "a" has changed.\n'
    assert flask(small, "why", "/posts/a/").stdout == told
    everything = flask(small, "why", "--all", "posts/a/").stdout
    assert '  STALE  what lists show of the post "a"' in everything
    assert "  holds  the template post.html" in everything
    assert flask(small, "why", "/nowhere/").returncode == 2
    ended = flask(small, "freeze", "--why")
    assert '/posts/a/: what lists show of the post "a" has changed' in ended.stdout


def test_a_release_is_rolled_back_in_one_rename(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("First")})
    assert flask(small, "freeze").returncode == 0
    small.write("posts/a.md", post_text("Second"))
    assert flask(small, "freeze").returncode == 0
    listed = flask(small, "releases").stdout.splitlines()
    assert len(listed) == 2
    assert listed[0].endswith("live")
    ended = flask(small, "rollback")
    assert ended.returncode == 0, ended.stderr
    assert "First" in (small.root / "build/posts/a/index.html").read_text()
    assert flask(small, "rollback", listed[0].split()[0]).returncode == 0
    assert "Second" in (small.root / "build/posts/a/index.html").read_text()
    assert flask(small, "rollback", "19990101").returncode == 1


def test_verify_finds_a_page_that_is_not_what_is_live(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("First")})
    assert flask(small, "freeze", "--verify").returncode == 0
    page = small.root / "build/posts/a/index.html"
    times = page.stat()
    text = page.read_text().replace("First", "Fixed")
    page.write_text(text)
    os.utime(page, ns=(times.st_atime_ns, times.st_mtime_ns))
    site = create_app(small.root).extensions["blog"]
    site.loader.refresh()
    found = differences(site)
    site.loader.stop()
    assert found.startswith("--- frozen/posts/a/")
    assert "-" in found
    assert "First" in found


def test_an_interrupted_freeze_says_so_and_leaves_what_is_live(site_with: SiteWith) -> None:
    code = "```python\nx = [{n}, {k}]\n```\n"
    bodies = {n: "".join(code.format(n=n, k=k) for k in range(50)) for n in range(300)}
    small = site_with({f"p{n}": post_text(f"P {n}", body=body) for n, body in bodies.items()})
    prepared(small)
    with subprocess.Popen(
        [sys.executable, "-m", "flask", "freeze"], cwd=small.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env={"PATH": os.environ["PATH"]}, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # A shell's background jobs ignore it.
    ) as running:  # fmt: skip
        while not (small.root / ".cache/documents").exists():
            assert running.poll() is None
            time.sleep(0.02)
        os.killpg(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=120)
    assert running.returncode == 130, said
    assert "Traceback" not in said
    assert not (small.root / "build").exists()
    assert flask(small, "freeze").returncode == 0


def test_hold_publishes_the_last_good_version_and_says_so(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A", body="The good one."), "b": post_text("B", "2025-01-01")})
    assert flask(small, "freeze").returncode == 0
    small.write("posts/a.md", "---\ntitle: [\n---\n")
    small.write("posts/b.md", post_text("B, mended", "2025-01-01"))
    assert flask(small, "freeze").returncode == 1
    ended = flask(small, "freeze", "--hold")
    assert ended.returncode == 0, ended.stderr
    assert "pages/posts/a.md:2:" in ended.stderr
    assert "The good one." in (small.root / "build/posts/a/index.html").read_text()
    assert "B, mended" in (small.root / "build/index.html").read_text()


def test_a_copy_is_laid_out_elsewhere_and_nothing_foreign_is_touched(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with({"a": post_text("First")})
    target = tmp_path / "www"
    assert flask(small, "freeze", "--into", str(target)).returncode == 0
    assert not target.is_symlink()
    assert "First" in (target / "posts/a/index.html").read_text()
    small.write("posts/a.md", post_text("Second"))
    assert flask(small, "freeze", "--into", str(target)).returncode == 0
    assert "Second" in (target / "posts/a/index.html").read_text()
    (target / "thesis.txt").write_text("years of work")
    small.write("posts/a.md", post_text("Third"))
    ended = flask(small, "freeze", "--into", str(target))
    assert ended.returncode == 1
    assert "Nothing was copied" in ended.stderr
    assert "not of an earlier copy" in ended.stderr
    assert "Third" in (small.root / "build/posts/a/index.html").read_text()
    assert (target / "thesis.txt").read_text() == "years of work"


def test_search_finds_what_the_site_finds(site_with: SiteWith) -> None:
    small = site_with(
        {
            "queues": post_text("Queues under load", tags="[Go]"),
            "raft": post_text("Raft", body="## A log\n\nIt holds entries."),
        }
    )
    ended = flask(small, "search", "quues")
    assert ended.returncode == 0, ended.stderr
    assert "2026-01-02  Queues under load  #Go" in ended.stdout
    assert "https://blog.example/posts/queues/" in ended.stdout
    assert "Raft" not in ended.stdout
    assert flask(small, "search", "raft", "queues").stdout.startswith("No article has all of these words.")
    assert "    § A log\n    It holds entries." in flask(small, "search", "entries").stdout
    small.write("posts/load.md", post_text("Load"))
    told = flask(small, "search", "queues", "load").stdout
    assert told.index("Queues under load") < told.index("With some of the words:") < told.index("2026-01-02  Load")
    assert flask(small, "search", "qzxvw").stdout == "Nothing found. Try fewer or other words.\n"


def test_a_rollback_keeps_as_many_releases_as_the_setting_says(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("First")}, settings="releases = 5\n")
    for number in range(5):
        small.write("posts/a.md", post_text(f"Edition {number}"))
        assert flask(small, "freeze", "--no-check").returncode == 0
    first = flask(small, "releases").stdout.splitlines()[-1].split()[0]
    assert flask(small, "rollback", first).returncode == 0
    assert len(flask(small, "releases").stdout.splitlines()) == 5


def test_check_says_what_readers_do_not_see(site_with: SiteWith) -> None:
    small = site_with(
        posts={
            "a": post_text(),
            "b": post_text(draft="true"),
            "c": post_text(date="2099-01-02"),
            "d": post_text(expires="2026-02-03"),
        },
        files={"posts/_drafts/e.md": post_text()},
    )
    said = small.app.test_cli_runner().invoke(args=["check"]).output
    assert "Not published: 2 drafts, 1 to come (next on 2099-01-02 00:00 CET), 1 expired.\n" in said
    assert 'note: "_drafts/" hides pages/posts/_drafts/e.md.\n' in said
