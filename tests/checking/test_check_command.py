"""`flask check` of a part, since a commit, beside a baseline, and with what is certain mended: real processes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.commands.test_publishing import flask
from tests.conftest import SITE, SiteWith, SmallSite, post_text


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@b.example", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def committed(small: SmallSite) -> SmallSite:
    (small.root / ".gitignore").write_text(".cache\nbuild\n.releases\napp.py\n__pycache__\n")
    git(small.root, "init")
    git(small.root, "add", "-A")
    git(small.root, "commit", "-m", "First")
    return small


def usage_error(small: SmallSite, *words: str) -> str:
    ended = flask(small, "check", *words)
    assert ended.returncode == 2, ended
    assert "Traceback" not in ended.stderr
    return ended.stderr.strip().splitlines()[-1].removeprefix("Error: ")


@pytest.fixture
def faulty(site_with: SiteWith) -> SmallSite:
    return site_with(
        {
            "a": post_text("A", body="[x](none.md)"),
            "b": post_text("B", body="[x](nowhere.md)"),
            "ä c": post_text("C", draft="true", body="[x](gone.md)"),
        },
        {"about.md": "---\ntitle: About\n---\n"},
    )


def test_a_check_of_files_names_what_is_in_them_alone(faulty: SmallSite) -> None:
    ended = flask(faulty, "check", "pages/posts/a.md", "pages/about.md")
    assert ended.returncode == 1
    assert ended.stdout.startswith('pages/posts/a.md:6: "none.md" leads to no page or file.')
    assert ended.stdout.endswith("2 paths, 1 error.\n")
    assert "nowhere" not in ended.stdout
    assert flask(faulty, "check", "pages/about.md").returncode == 0
    assert flask(faulty, "check", "pages/posts").stdout.count("leads to no page") == 3


def test_what_will_be_wrong_with_a_page_to_come_is_a_warning_until_then(site_with: SiteWith) -> None:
    """A freeze on its day would have been the first to say so."""
    body = "[x](none.md) [y](c.md) [z](d.md)"
    small = site_with({
        "a": post_text("A"),
        "b": post_text("B", date="2199-01-01", body=body),
        "c": post_text("C", date="2199-01-02"),
        "d": post_text("D", draft="true"),
    })  # fmt: skip
    ended = flask(small, "check")
    assert ended.returncode == 0, ended
    said = [line for line in ended.stdout.splitlines() if "warning" in line and "/b.md" in line]
    assert [line.partition("warning: ")[2].partition(" leads")[0] for line in said] == ['"d.md"', '"none.md"']
    assert all("Readers see this page from 2199-01-01 on." in line for line in said)
    small.write("posts/b.md", post_text("B", date="2026-01-01", body=body))
    assert flask(small, "check").returncode == 1


DRAFTS = (
    "Not published: 1 draft.\n1 draft not looked at: `flask check 'pages/posts/ä c.md'` checks one as if it were "
    "published, `flask check pages` all pages.\n"
)


def test_a_draft_that_is_named_is_looked_at_as_if_it_were_published(faulty: SmallSite) -> None:
    ended = flask(faulty, "check", str(faulty.pages / "posts/ä c.md"))
    assert 'pages/posts/ä c.md:7: "gone.md" leads to no page or file.' in ended.stdout
    assert "gone" not in flask(faulty, "check").stdout
    assert DRAFTS in flask(faulty, "check").stdout
    assert 'pages/posts/ä c.md:7: "gone.md"' in flask(faulty, "check", "pages").stdout


def test_warnings_count_in_a_strict_check(site_with: SiteWith) -> None:
    host = {"BLOG_BASE_URL": "https://blog.acme.dev", "BLOG_CNAME": ""}
    small = site_with({"a": post_text("A", body='<iframe src="https://video.example/1"></iframe>')})
    ended = flask(small, "check", **host)
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "1 article, nothing to mend, 1 warning."), ended
    ended = flask(small, "check", "--strict", **host)
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (1, "1 article, 1 warning."), ended
    small.write("posts/a.md", post_text("A"))
    assert flask(small, "check", "--strict", **host).returncode == 0


def test_a_template_that_is_named_is_compiled_and_filled(faulty: SmallSite) -> None:
    (faulty.root / "templates/post.html").write_text("{% if %}\n")
    ended = flask(faulty, "check", "templates/post.html")
    assert ended.stdout.startswith("templates/post.html:1: This is no template:")
    assert (ended.returncode, ended.stdout.count("\n")) == (1, 2)


def test_what_is_no_source_is_said(faulty: SmallSite) -> None:
    (faulty.root / "notes.txt").write_text("")
    assert usage_error(faulty, "pages/posts/none.md") == "There is no file pages/posts/none.md."
    wanted = "is no source of this site: a file of pages/, templates/, static/ or site.toml is wanted."
    assert usage_error(faulty, "notes.txt") == f"notes.txt {wanted}"
    assert usage_error(faulty, "/etc/passwd") == f"/etc/passwd {wanted}"
    assert usage_error(faulty, "pages", "--since", "main") == "Name files, or a commit with --since: not both."


def test_since_a_commit_only_what_changed_is_looked_at(faulty: SmallSite) -> None:
    committed(faulty)
    assert flask(faulty, "check", "--since", "main").stdout == "0 paths, nothing to mend.\n"
    git(faulty.root, "checkout", "-b", "work")
    faulty.write("posts/b.md", post_text("B", body="[x](nowhere2.md)"))
    git(faulty.root, "commit", "-am", "Second")
    faulty.write("posts/new.md", post_text("New", body="[x](a2.md)"))
    git(faulty.root, "checkout", "--detach")
    ended = flask(faulty, "check", "--since", "main")
    assert "nowhere2.md" in ended.stdout and "a2.md" in ended.stdout and "none.md" not in ended.stdout
    assert ended.stdout.endswith("2 paths, 2 errors.\n")


def test_where_a_file_went_links_are_looked_at_everywhere(site_with: SiteWith) -> None:
    small = committed(site_with({"a": post_text("A", body="[b](b.md)"), "b": post_text("B")}))
    (small.pages / "posts/b.md").unlink()
    ended = flask(small, "check", "--since", "HEAD")
    assert 'pages/posts/a.md:6: "b.md" leads to no page or file.' in ended.stdout
    assert ended.returncode == 1


def test_since_says_what_git_cannot(faulty: SmallSite, tmp_path: Path) -> None:
    assert usage_error(faulty, "--since", "main").startswith("git does not tell what has changed: not a git repository")
    committed(faulty)
    assert usage_error(faulty, "--since", "nope") == 'There is no commit "nope" here.'
    assert usage_error(faulty, "--since", "--all") == 'There is no commit "--all" here.'
    faulty.write("posts/d.md", post_text("D"))
    git(faulty.root, "add", "-A")
    git(faulty.root, "commit", "-m", "Second")
    git(tmp_path, "clone", "--depth", "1", f"file://{faulty.root}", "shallow")
    shallow = SmallSite(tmp_path / "shallow", faulty.app)
    cure = "This clone is shallow: `git fetch --unshallow` brings the rest."
    assert usage_error(shallow, "--since", "HEAD~1") == f'There is no commit "HEAD~1" here. {cure}'
    nothing = tmp_path / "bin"
    nothing.mkdir()
    assert usage_error_without_git(faulty, nothing) == "git is not installed, and only it knows what has changed."


def usage_error_without_git(small: SmallSite, folder: Path) -> str:
    ended = flask(small, "check", "--since", "main", PATH=str(folder))
    assert ended.returncode == 2
    return ended.stderr.strip().splitlines()[-1].removeprefix("Error: ")


def test_a_baseline_is_made_passed_over_and_gets_shorter(faulty: SmallSite) -> None:
    path = faulty.root / "known.txt"
    ended = flask(faulty, "check", "--baseline", "known.txt")
    assert (ended.returncode, ended.stdout) == (0, f"{DRAFTS}2 articles, nothing to mend.\n"), ended
    assert "known.txt is new, and holds 2 errors, " in ended.stderr
    faulty.write("posts/a.md", post_text("A", body="Another line.\n\n[x](none.md)\n\n[y](other.md)"))
    faulty.write("posts/b.md", post_text("B"))
    ended = flask(faulty, "check", "--baseline", "known.txt")
    assert ended.returncode == 1
    assert '"other.md" leads' in ended.stdout and '"none.md" leads' not in ended.stdout
    assert "1 line of known.txt mended, and taken out of it." in ended.stderr
    assert "nowhere.md" not in path.read_text() and "none.md" in path.read_text()
    assert flask(faulty, "check", "pages/posts/b.md", "--baseline", "known.txt").returncode == 0
    assert usage_error(faulty, "pages", "--baseline", "new.txt").startswith("There is no baseline new.txt yet")
    assert flask(faulty, "check", "--baseline", "no/such/folder").stderr.startswith("Error: ")
    assert not (faulty.root / "no").exists()


@pytest.mark.parametrize("content", [post_text(), "", b"\xff\n"])
def test_what_is_no_baseline_is_never_written_to(faulty: SmallSite, content: str | bytes) -> None:
    path = faulty.write("posts/b.md", content)
    before = path.read_bytes()
    ended = flask(faulty, "check", "--baseline", "pages/posts/b.md")
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: pages/posts/b.md is no baseline: it does not begin with the line")
    assert path.read_bytes() == before


def test_more_rules_than_a_host_reads_are_told(site_with: SiteWith) -> None:
    aliases = ", ".join(f"/old/{number}/" for number in range(2_001))
    small = site_with({"a": post_text(aliases=f"[{aliases}]")})
    ended = flask(small, "check")
    assert "/_redirects: warning: This has 2,001 rules; Cloudflare Pages takes 2,000 at most." in ended.stdout
    assert ended.returncode == 0


def test_fix_writes_what_is_certain_and_names_it(site_with: SiteWith) -> None:
    header = "---\ntitle: A: b\ndate: 2026-01-01   # the day\ntags: Go, C\n---\n\n"
    small = site_with({"a": f"{header}##Heading\n\n[x](B.md) [y](none.md)\n", "b": post_text("B")})
    ended = flask(small, "check", "--fix")
    assert (small.pages / "posts/a.md").read_text() == (
        '---\ntitle: "A: b"\ndate: 2026-01-01   # the day\ntags: [Go, C]\n---\n\n## Heading\n\n[x](b.md) [y](none.md)\n'
    )
    assert 'pages/posts/a.md:2: mended: title: "A: b"\npages/posts/a.md:4: mended: tags: [Go, C]\n' in ended.stderr
    assert ended.returncode == 1 and "none.md" in ended.stdout
    shutil.rmtree(small.root / ".cache")
    assert flask(small, "check", "--fix").stderr == ""


def test_fix_writes_the_id_that_subscribers_know_where_the_site_moves(site_with: SiteWith) -> None:
    header = "---\n# Of the team.\ntitle: A\ndate: 2026-01-01   # the day\n{}tags: [Go]  # one\n---\n\n{}"
    small = site_with({"a": header.format("", "##Heading\n"), "b": post_text("B", id="own")})
    settings = small.root / "site.toml"
    settings.write_text(SITE.replace("blog.example", "blog.flask.org"))
    assert flask(small, "freeze").returncode == 0
    settings.write_text(SITE.replace("https://blog.example", "https://flask.org/blog"))
    assert "`flask check --fix` does" in flask(small, "freeze").stderr
    ended = flask(small, "check", "--fix")
    line = 'id: "tag:blog.flask.org,2026-01-01:/posts/a/"\n'
    assert (small.pages / "posts/a.md").read_text() == header.format(line, "## Heading\n")
    assert ended.stderr.endswith(f"pages/posts/a.md:5: mended: {line}")
    assert (ended.returncode, flask(small, "freeze").returncode) == (0, 0)


def test_fix_changes_no_id_that_an_author_wrote(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(id="first")})
    (small.root / "site.toml").write_text(SITE.replace("blog.example", "blog.flask.org"))
    assert flask(small, "freeze").returncode == 0
    small.write("posts/a.md", post_text(id="second"))
    assert flask(small, "check", "--fix").returncode == 1
    assert "id: second\n" in (small.pages / "posts/a.md").read_text()
