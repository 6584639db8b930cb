"""The terminal says what happened, and with its exit code."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT, SITE, SiteWith, SmallSite, post_text
from trigpoint.application import create_app
from trigpoint.commands.publishing import NO_RELEASE
from trigpoint.freezing.verify import differences
from trigpoint.loading.sources import Sources


def prepared(small: SmallSite) -> None:
    """Give the site's folder the application of this repository."""
    (small.root / "app.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom pathlib import Path\n"
        "from trigpoint.application import create_app\napp = create_app(Path(__file__).parent)\n"
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
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "2 articles, nothing to mend, 1 warning."), ended
    settings = (small.root / "site.toml").read_text().replace("blog.example", "blog.flask.org")
    (small.root / "site.toml").write_text(settings)
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


def test_many_equal_findings_are_one_line_with_their_number(site_with: SiteWith) -> None:
    posts = {
        f"a{number}": post_text(str(number), tags="[Rust, Zig]" if number < 2 else "[Rust]") for number in range(5)
    }
    small = site_with(posts)
    lines = flask(small, "check").stdout.splitlines()
    rust = [line for line in lines if "Rust" in line]
    assert len(rust) == 1
    assert rust[0].startswith('pages/posts/a0.md:4:8: The tag "Rust" is not registered.')
    assert rust[0].endswith(" And 4 more of this kind, in 5 files.")
    assert len([line for line in lines if "Zig" in line]) == 2
    assert lines[-1] == "0 articles, 7 errors, 1 warning."
    assert flask(small, "freeze", "--no-check").stderr.count("Rust") == 1
    assert len([line for line in flask(small, "check", "--all").stdout.splitlines() if "Rust" in line]) == 5
    assert len(json.loads(flask(small, "check", "--format", "json").stdout)) == 8
    assert flask(small, "check", "--format", "github").stdout.count("Rust") == 5


def test_check_speaks_to_programs_too(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="[x](no,where.md)")})
    found, warning = json.loads(flask(small, "check", "--format", "json").stdout)
    assert (warning["kind"], warning["severity"]) == ("base-url-example", "warning")
    assert (found["file"], found["line"], found["severity"]) == ("pages/posts/a.md", 6, "error")
    annotation = flask(small, "check", "--format", "github").stdout
    assert annotation.startswith('::error file=pages/posts/a.md,line=6::"no,where.md" leads to no page or file.')


def test_nothing_changed_ends_without_markdown_or_pygments(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    assert flask(small, "freeze").returncode == 0
    watching = (
        "import sys, atexit; heavy = ('markdown', 'markdown_it', 'pygments', 'PIL'); "
        "atexit.register(lambda: print([m for m in heavy if m in sys.modules]))"
    )
    beside = small.root.parent / "beside"  # In the site's folder it would be code of the site.
    beside.mkdir()
    (beside / "sitecustomize.py").write_text(watching)
    ended = flask(small, "freeze", PYTHONPATH=str(beside))
    assert "Nothing changed" in ended.stdout
    assert ended.stdout.endswith("[]\n")


def test_why_names_what_changed_in_an_authors_words(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(tags="[Go]"), "b": post_text("B", "2025-01-01", tags="[Go]")})
    small.write(
        "posts/c.md", post_text("C", "2025-01-01", "![C](https://img.example/c.png) ![C](/static/images/c.svg)")
    )
    (small.root / "static/images/c.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    assert flask(small, "releases").stderr == f"{NO_RELEASE}\n"
    assert flask(small, "freeze").returncode == 0
    notes = flask(small, "why", "--all", "/posts/c/").stdout.splitlines()
    assert len(notes) > 20 and [line for line in notes if line.endswith((",", " pages/")) or " pages/ " in line] == []
    assert flask(small, "why", "/posts/a/").stdout == "/posts/a/ is current.\n"
    small.write("posts/a.md", post_text("Renamed", tags="[Go]"))
    told = '/posts/a/ will be rendered: what lists show of the post "a" has changed.\n'
    assert flask(small, "why", "/posts/a/").stdout == told
    everything = flask(small, "why", "--all", "posts/a/").stdout
    assert '  STALE  what lists show of the post "a"' in everything
    assert "  holds  the template post.html" in everything
    assert flask(small, "why", "/nowhere/").returncode == 2
    for typed in ("/posts/a", "/posts/a/index.html", "pages/posts/a.md", "/psots/a/"):
        assert "is no address of this site. Did you mean /posts/a/?" in flask(small, "why", typed).stderr
    ended = flask(small, "freeze", "--why")
    assert '/posts/a/: what lists show of the post "a" has changed' in ended.stdout
    assert "/sitemap.xml: the list of all posts has changed" in ended.stdout
    assert "/feed.xml: the list of the newest posts (20 at most) has changed" in ended.stdout


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
    site = create_app(small.root).extensions["trigpoint"]
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


def test_what_cannot_be_read_is_left_out_and_named(site_with: SiteWith) -> None:
    body = "See [the other](b.md)."
    small = site_with(
        {"a": post_text("A", body=body), "b": "---\ntitle: [\n---\n", "c": post_text("C", body="[d](d.md)")}
    )
    assert flask(small, "freeze", "--leave-out-faulty").returncode == 1  # A dead link is another matter.
    assert not (small.root / "build").exists()
    small.write("posts/c.md", post_text("C"))
    assert flask(small, "freeze").returncode == 1
    for _ in range(2):
        ended = flask(small, "freeze", "--leave-out-faulty")
        assert ended.returncode == 1 and "Left out: pages/posts/b.md." in ended.stderr, ended.stderr
        assert "pages/posts/b.md:2:" in ended.stderr
        assert (small.root / "build/posts/a/index.html").exists()
        assert not (small.root / "build/posts/b").exists()
    small.write("posts/b.md", post_text("B"))
    assert flask(small, "freeze", "--leave-out-faulty").returncode == 0


def test_a_post_whose_body_has_an_error_is_left_out_and_named(site_with: SiteWith) -> None:
    wrong = post_text("B", body="$`\\nope{`$")
    small = site_with({"a": post_text("A", body="See [the other](b/index.md) and [it](/posts/b/)."), "b/index": wrong})
    (small.pages / "posts/b/beside.txt").write_text("x")
    assert flask(small, "freeze").returncode == 1
    for _ in range(2):
        ended = flask(small, "freeze", "--leave-out-faulty")
        assert ended.returncode == 1 and "Left out: pages/posts/b/index.md." in ended.stderr, ended.stderr
        assert "pages/posts/b/index.md:" in ended.stderr
        assert (small.root / "build/posts/a/index.html").exists()
        assert not (small.root / "build/posts/b").exists()
    assert flask(small, "freeze").returncode == 1
    small.write("posts/b/index.md", post_text("B"))
    assert flask(small, "freeze", "--leave-out-faulty").returncode == 0
    assert (small.root / "build/posts/b/index.html").exists()
    small.write("posts/b/index.md", wrong)
    ended = flask(small, "freeze", "--leave-out-faulty")
    assert ended.returncode == 1 and "Left out" not in ended.stderr, ended.stderr  # Readers have it.
    assert (small.root / "build/posts/b/index.html").exists()


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
    assert "Nothing was published" in ended.stderr
    assert "not of an earlier copy" in ended.stderr
    assert "Second" in (small.root / "build/posts/a/index.html").read_text()
    assert (target / "thesis.txt").read_text() == "years of work"


OWN_KINDS = """
from trigpoint.web.kinds import kind, once
from trigpoint.web.site import current_library
from flask import Response
from extra import WORD

@kind("/posts.json", once)
def posts_json():
    return Response(WORD + str([post.title for post in current_library().posts]), content_type="application/json")

"""
AUTHORS = """
@kind("/authors/<name>/", lambda library: ({"name": name} for post in library.posts for name in post.authors))
def author(name):
    return name

"""


def test_code_of_the_sites_own_is_never_stale(site_with: SiteWith) -> None:
    """A kind of page that app.py declares, what it imports, what it reads past the questions, and a new kind."""
    small = site_with({"a": post_text("First", authors="[Ada]")})
    prepared(small)
    app, assembled = small.root / "app.py", (small.root / "app.py").read_text()
    start = assembled.index("from trigpoint.application")

    def frozen() -> str:
        done = subprocess.run(
            [sys.executable, "-m", "flask", "freeze", "--verify"], cwd=small.root, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return (small.root / "build/posts.json").read_text()

    (small.root / "extra.py").write_text('WORD = "one"')
    app.write_text(assembled[:start] + OWN_KINDS + assembled[start:])
    assert frozen() == "one['First']"
    (small.root / "extra.py").write_text('WORD = "three"')  # Of another size: Python keeps bytecode by size and second.
    assert frozen() == "three['First']"
    small.write("posts/b.md", post_text("Second", "2026-01-03"))
    assert frozen() == "three['Second', 'First']"
    app.write_text(assembled[:start] + OWN_KINDS.replace("post.title", "post.slug") + AUTHORS + assembled[start:])
    assert frozen() == "three['b', 'a']"
    assert (small.root / "build/authors/Ada/index.html").read_text() == "Ada"


READING = """
from pathlib import Path
from trigpoint.web.kinds import kind, once
from trigpoint.notes import Question, ask

@kind("/read.html", once)
def read():
    return Path("data.txt").read_text()

@kind("/asked.html", once)
def asked():
    return ask(Question("data", "the data"), (), Path("data.txt").read_text)

"""


def test_a_file_that_a_view_reads_by_itself_is_never_stale(site_with: SiteWith) -> None:
    """Nothing is noted of it, or a question that nobody can ask again: such an answer is made by every freeze."""
    small = site_with({"a": post_text("First")})
    prepared(small)
    app, assembled = small.root / "app.py", (small.root / "app.py").read_text()
    start = assembled.index("from trigpoint.application")
    app.write_text(assembled[:start] + READING + assembled[start:])
    for said in ("one", "two"):
        (small.root / "data.txt").write_text(said)
        command = [sys.executable, "-m", "flask", "freeze", "--verify"]
        ended = subprocess.run(command, cwd=small.root, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        assert [(small.root / f"build/{name}.html").read_text() for name in ("read", "asked")] == [said, said]


NOTED = """
from trigpoint.web.kinds import kind, once
from trigpoint.web.site import current_library, read_file

@kind("/noted.html", once)
def noted():
    found = read_file("data.txt")
    return f"{len(current_library().newest(5))} {found.decode() if found else 'none'}"

"""
LIVE = """
from pathlib import Path
from app import app
client = app.test_client()
for said in ("one", "two"):
    Path("data.txt").write_text(said)
    print(client.get("/noted.html").text)
"""


def test_a_file_that_a_view_reads_by_the_way_it_is_offered_is_noted(site_with: SiteWith) -> None:
    """Beside other questions, too; a freeze that finds it as it was makes nothing."""
    small = site_with({"a": post_text("First")})
    prepared(small)
    app, assembled = small.root / "app.py", (small.root / "app.py").read_text()
    start = assembled.index("from trigpoint.application")
    app.write_text(assembled[:start] + NOTED + assembled[start:])

    def run(*command: str) -> str:
        ended = subprocess.run([sys.executable, *command], cwd=small.root, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    for said in (None, "one", "two", None):
        (small.root / "data.txt").write_text(said) if said else (small.root / "data.txt").unlink(missing_ok=True)
        run("-m", "flask", "freeze", "--verify")
        assert (small.root / "build/noted.html").read_text() == f"1 {said or 'none'}"
        assert "Nothing changed" in run("-m", "flask", "freeze")
    assert run("-c", LIVE) == "1 one\n1 two\n"


def test_a_rollback_to_a_damaged_release_is_refused(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("First")})
    for number in range(2):
        small.write("posts/a.md", post_text(f"Edition {number}"))
        assert flask(small, "freeze").returncode == 0
    first = flask(small, "releases").stdout.splitlines()[-1].split()[0]
    page = small.root / ".releases" / first / "posts/a/index.html"
    kept = page.read_bytes()
    for damage, said in (
        (page.unlink, "is missing"),
        (lambda: page.write_text("x"), "is not the one that was written"),
    ):
        damage()
        ended = flask(small, "rollback")
        assert ended.returncode == 1
        assert (
            f'Release {first} stays where it is: its file "posts/a/index.html" {said}. Choose another' in ended.stderr
        )
    page.write_bytes(kept)
    (small.root / ".releases" / f"{first}.ledger").write_text("{")
    assert "ledger is missing or damaged" in flask(small, "rollback", first).stderr
    assert "Edition 1" in (small.root / "build/posts/a/index.html").read_text()


DAMAGES = {
    "no-ledgers": "rm .releases/*.ledger",
    "no-summaries": "rm .releases/*.json",
    "cut-off": "for f in .releases/*.ledger .releases/*.json; do truncate -s 50 $f; done",
    "odd-json": "for f in .releases/*.ledger .releases/*.json; do echo '[[1]]' > $f; done",
    "odd-summary": """for f in .releases/*.json; do echo '{"size": "x", "until": 1}' > $f; done""",
    "odd-ledger": """for f in .releases/*.ledger; do echo '{"form": 4, "notes": [], "records": [1]}' > $f; done""",
    "no-such-note": """sed -i 's/"notes":\\[.*"records"/"notes":[],"records"/' .releases/*.ledger""",
    "files-missing": "rm -r .releases/2*/posts",
    "folders-missing": "rm -r .releases/2*/",
    "file-for-folder": "for d in .releases/2*/; do rm -r $d; echo x > ${d%/}; done",
    "file-for-posts": "for d in .releases/2*/; do rm -r $d/posts; echo x > $d/posts; done",
    "folder-for-file": "for d in .releases/2*/; do rm $d/index.html; mkdir $d/index.html; done",
    "folder-for-ledger": "for f in .releases/*.ledger; do rm $f; mkdir $f; done",
    "foreign": "mkdir .releases/99999999T999999999999 .releases/x; echo x > .releases/20200101T000000000000; "
    "ln -s /etc .releases/20200101T000000000001; echo x > .releases/spare; mkdir .releases/copies.json",
    "spare-link": "rm -rf .releases/spare; ln -s /nowhere .releases/spare",
    "spare-odd": "rm -rf .releases/spare; mkdir -p .releases/spare/index.html .releases/spare/posts/a/index.html/x",
    "dangling": "rm build; ln -s .releases/20200101T000000000000 build",
    "no-link": "rm build",
    "releases-is-a-file": "rm -r .releases; echo x > .releases",
    "lock-is-a-folder": "rm .releases/lock; mkdir .releases/lock",
}


ONE_AFTER_ANOTHER = """
import sys
from flask.cli import FlaskGroup
for words in (["releases"], ["why", "/posts/a/"], ["rollback"]):
    try:
        FlaskGroup().main(words)
    except SystemExit as end:
        assert end.code in (0, 1), (words, end.code)
"""


@pytest.fixture(scope="module")
def two_releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a site of two releases, to be copied and damaged."""
    root = tmp_path_factory.mktemp("damages") / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sources, "settling", 0.0)
        root.mkdir()
        for folder in ("templates", "static"):
            shutil.copytree(ROOT / folder, root / folder)
        (root / "site.toml").write_text(SITE)
        (root / "pages/posts").mkdir(parents=True)
        small = SmallSite(root, create_app(root))
        for title in ("First", "Second"):
            small.write("posts/a.md", post_text(title))
            assert flask(small, "freeze").returncode == 0
    return root


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_releases_end_no_command_with_a_traceback(two_releases: Path, tmp_path: Path, name: str) -> None:
    """A freeze goes on from what is good, or says what is in the way."""
    root = tmp_path / "site"
    shutil.copytree(two_releases, root, symlinks=True)
    subprocess.run(DAMAGES[name], shell=True, cwd=root, check=True)
    small = SmallSite(root, create_app(root))
    small.write("posts/a.md", post_text("Third"))
    run = {"cwd": root, "capture_output": True, "text": True, "timeout": 240, "env": {"PATH": os.environ["PATH"]}}
    looked = subprocess.run([sys.executable, "-c", ONE_AFTER_ANOTHER], **run)  # type: ignore[call-overload]
    assert looked.returncode == 0 and "Traceback" not in looked.stderr, looked.stderr
    ended = flask(small, "freeze")
    assert "Traceback" not in ended.stderr
    if name in ("releases-is-a-file", "lock-is-a-folder"):
        assert ended.returncode == 1 and "Move it away" in ended.stderr
        return
    assert ended.returncode == 0, ended.stderr
    assert "Third" in (root / "build/posts/a/index.html").read_text()


def test_an_output_whose_folder_is_not_there_is_made(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("First")})
    assert flask(small, "freeze", BLOG_OUTPUT="new/deeper/site").returncode == 0
    assert "First" in (small.root / "new/deeper/site/posts/a/index.html").read_text()


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
