"""docs/writing.md is what happens: its commands are run in their order, and what it shows is what they say."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

from tests.checking.test_check_command import committed, git
from tests.commands.test_publishing import flask, prepared
from tests.conftest import ROOT, SiteWith, SmallSite, post_text
from trigpoint.editors import EDITORS

PAGE = (ROOT / "docs/writing.md").read_text()
SECTIONS = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)+)", PAGE, re.MULTILINE))
SLUG = "what-a-queue-does-under-load"


def commands(section: str) -> list[list[str]]:
    lines = re.findall(r"^flask (.+)$", SECTIONS[section], re.MULTILINE)
    assert lines, section
    return [shlex.split(line, comments=True) for line in lines]


def run(small: SmallSite, section: str) -> list[str]:
    """What each command of a section writes; all of them succeed."""
    ended = [flask(small, *words) for words in commands(section)]
    assert [each.returncode for each in ended] == [0] * len(ended), ended
    return [each.stdout for each in ended]


def shown(section: str, language: str = "", begin: str = "") -> str:
    found = re.search(rf"```{language}\n({begin}.*?)```", SECTIONS[section], re.DOTALL)
    assert found
    return found[1]


def test_the_page_is_true_from_its_first_command_to_its_last(site_with: SiteWith) -> None:
    tags = (ROOT / "pages/tags.toml").read_text()
    small = committed(site_with({"b": post_text("B", body="Words.")}, tags=tags))
    source, renamed = small.pages / f"posts/{SLUG}.md", small.pages / "posts/queues.md"

    assert run(small, "Begin") == [f"pages/posts/{SLUG}.md\n"]
    days = re.compile(r"\d{4}-\d\d-\d\d")
    assert days.sub("DAY", source.read_text()) == days.sub("DAY", shown("Begin", "markdown")) + "\n"
    source.write_text(source.read_text() + "## Part\n\nIt grows.\n")

    run(small, "Check")
    assert (small.root / "known.txt").exists()
    run(small, "Publish")
    assert "draft: true" not in source.read_text()
    assert flask(small, "freeze").returncode == 0

    small.write("posts/b.md", post_text("B", body=f"[queue]({SLUG}.md)"))
    run(small, "Rename")
    assert f"aliases: [/posts/{SLUG}/]\n" in renamed.read_text()
    assert "[queue](queues.md)" in (small.pages / "posts/b.md").read_text()

    with_alias = renamed.read_text()
    renamed.write_text(with_alias.replace(f"aliases: [/posts/{SLUG}/]\n", ""))
    assert shown("Nothing that readers have vanishes") in flask(small, "freeze").stderr
    renamed.write_text(with_alias)
    assert flask(small, "freeze").returncode == 0

    renamed.unlink()
    small.write("posts/b.md", post_text("B"))
    assert flask(small, "freeze").returncode == 1
    run(small, "Nothing that readers have vanishes")


def test_the_hook_of_the_page_looks_at_what_is_about_to_be_committed(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A", body="![p](p.txt) [b](b.md)")}, {"posts/p.txt": "x"})
    prepared(small)
    git(small.root, "init")
    (small.root / ".gitignore").write_text(".cache\n.venv\n")
    command = f'#!/bin/sh\nexec {sys.executable} -m flask "$@"\n'
    for name, text in {".git/hooks/pre-commit": shown("Check", "sh", "#!"), ".venv/bin/flask": command}.items():
        (small.root / name).parent.mkdir(parents=True, exist_ok=True)
        (small.root / name).write_text(text)
        (small.root / name).chmod(0o755)

    def refusal(*paths: str) -> str:
        """What the hook says of a commit with these files, "" where it lets it pass."""
        git(small.root, "add", *paths)
        ended = subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "-m", "One"],
            cwd=small.root, capture_output=True, text=True,
        )  # fmt: skip
        assert (ended.returncode == 0) != (" leads to no " in ended.stdout + ended.stderr), ended
        return "" if ended.returncode == 0 else ended.stdout + ended.stderr

    small.write("posts/b.md", post_text("B"))
    assert '"b.md" leads' in refusal(".gitignore", "app.py", "site.toml", "pages/tags.toml", "pages/posts/a.md")
    assert '"p.txt" leads' in refusal("pages/posts/b.md")
    assert refusal("pages/posts/p.txt") == ""
    small.write("posts/a.md", post_text("A", body="[x](none.md)"))
    small.write("posts/b.md", post_text("B", body="More."))
    assert refusal("pages/posts/b.md") == "", "what only lies in the folder is not looked at"
    assert '"none.md" leads' in refusal("pages/posts/a.md")
    assert not [path for path in small.root.iterdir() if path.name.startswith("tmp")]


def test_the_editors_of_the_page_are_those_that_are_known() -> None:
    named = set(re.findall(r"`([a-z]+)`", SECTIONS["Save and see"])) | {"vscode"}
    assert set(EDITORS) <= named
    assert re.search(r"BLOG_EDITOR=(\w+) make run", PAGE)
