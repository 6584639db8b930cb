"""Which commits changed an article, and the day of the last, from real repositories."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import SiteWith, SmallSite, post_text
from tests.repositories import commit, git
from trigpoint.application import create_app
from trigpoint.content.pages import Post
from trigpoint.loading import git_log
from trigpoint.loading.git import IGNORED
from trigpoint.loading.git_log import MOST, entries_in

UPDATED = "updated_from_git = true\n"


def updated(small: SmallSite, slug: str = "a") -> str:
    found = small.library.post(slug)
    assert isinstance(found, Post)
    return f"{found.updated:%Y-%m-%d}" if found.updated else ""


def subjects(small: SmallSite, path: str = "posts/a.md") -> list[str]:
    return [each.subject for each in small.library.commits(path)]


@pytest.fixture
def small(site_with: SiteWith) -> SmallSite:
    """An article of 2 January, committed on that day, and a setting for all that git knows."""
    made = site_with({"a": post_text("A", body="One.")}, settings=UPDATED + "history = true\n")
    commit(made, "First", "2026-01-02")
    return made


def edited(small: SmallSite, body: str, day: str, **fields: object) -> str:
    small.write("posts/a.md", post_text("A", body=body, **fields))
    return commit(small, f"Say {body}", day)


def test_an_article_has_the_day_of_its_last_commit(small: SmallSite) -> None:
    assert updated(small) == ""
    edited(small, "Two.", "2026-02-03")
    assert updated(small) == "2026-02-03"
    assert '<time class="dt-updated" datetime="2026-02-03T13:00:00+01:00">3 February 2026</time>' in small.text(
        "/posts/a/"
    )
    assert "<updated>2026-02-03T13:00:00+01:00</updated>" in small.text("/feed.xml")
    assert small.faults() == []


def test_what_is_off_asks_git_for_nothing(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A", body="One.")})
    edited(small, "One.", "2026-02-03")
    edited(small, "Two.", "2026-02-03")
    assert (updated(small), subjects(small), small.faults()) == ("", [], [])


def test_what_an_author_says_comes_first(small: SmallSite) -> None:
    edited(small, "Two.", "2026-02-03", updated="2026-01-20")
    assert updated(small) == "2026-01-20"


def test_a_commit_of_the_day_of_the_article_is_no_change(small: SmallSite) -> None:
    edited(small, "Two.", "2026-01-02")
    assert updated(small) == ""
    assert subjects(small) == []


def test_the_commit_with_which_an_old_article_came_is_no_change(site_with: SiteWith) -> None:
    """As where a blog moves into git."""
    small = site_with({"a": post_text("A", date="2012-01-02")}, settings=UPDATED)
    commit(small, "Move in", "2026-02-03")
    assert updated(small) == ""


def test_what_is_not_committed_does_not_count(small: SmallSite) -> None:
    small.write("posts/a.md", post_text("A", body="Two."))
    assert updated(small) == ""


def test_an_ignored_revision_does_not_count(small: SmallSite) -> None:
    edited(small, "Two.", "2026-02-03")
    ignored = edited(small, "Three.", "2026-03-04")
    assert updated(small) == "2026-03-04"
    (small.root / IGNORED).write_text(f"# Wrapped anew\n{ignored}  # all of it\n\n")
    assert updated(small) == "2026-02-03"
    (small.root / IGNORED).write_text("")
    assert updated(small) == "2026-03-04"


def test_a_file_that_was_away_has_no_older_commits(small: SmallSite) -> None:
    edited(small, "Two.", "2026-02-03")
    (small.pages / "posts/a.md").unlink()
    commit(small, "Take it away", "2026-02-04")
    edited(small, "Three.", "2026-03-04")
    edited(small, "Four.", "2026-03-05")
    assert subjects(small) == ["Say Four.", "Say Three."]


def test_a_rename_is_followed_and_is_no_change(small: SmallSite) -> None:
    edited(small, "Two.", "2026-02-03")
    git(small.root, "mv", "pages/posts/a.md", "pages/posts/b ü.md")
    commit(small, "Rename", "2026-03-04")
    assert updated(small, "b-ü") == "2026-02-03"
    assert subjects(small, "posts/b ü.md") == ["Say Two.", "First"]


def test_a_file_that_takes_an_old_name_has_a_history_of_its_own(small: SmallSite) -> None:
    edited(small, "Two.", "2026-02-03")
    git(small.root, "mv", "pages/posts/a.md", "pages/posts/b.md")
    commit(small, "Rename", "2026-03-04")
    edited(small, "Something else, which is longer.", "2026-04-05")
    edited(small, "Something else, which is longer still.", "2026-04-06")
    assert subjects(small) == ["Say Something else, which is longer still.", "Say Something else, which is longer."]
    assert subjects(small, "posts/b.md") == ["Say Two.", "First"]


def test_what_lies_in_the_folder_of_an_article_is_a_part_of_it(small: SmallSite) -> None:
    (small.pages / "posts/b/code").mkdir(parents=True)
    git(small.root, "mv", "pages/posts/a.md", "pages/posts/b/index.md")
    small.write("posts/b/code/a.py", "print(1)\n")
    commit(small, "Move into a folder", "2026-02-03")
    small.write("posts/b/code/a.py", "print(2)\n")
    small.write("posts/other.txt", "Of nobody.")
    commit(small, "Print 2", "2026-03-04")
    assert subjects(small, "posts/b/index.md") == ["Print 2", "Move into a folder", "First"]


def test_a_branch_counts_from_when_it_is_merged(small: SmallSite) -> None:
    git(small.root, "checkout", "-b", "side")
    edited(small, "Two.", "2026-02-03")
    edited(small, "Three.", "2026-02-04")
    git(small.root, "checkout", "main")
    commit(small, "Something else", "2026-02-04")
    git(small.root, "merge", "side", "--no-ff", "-m", "Merge side", day="2026-03-05")
    assert updated(small) == "2026-03-05"
    assert subjects(small) == ["Merge side", "First"]


def test_a_detached_head_is_as_good_as_a_branch(small: SmallSite) -> None:
    before = edited(small, "Two.", "2026-02-03")
    edited(small, "Three.", "2026-03-04")
    git(small.root, "checkout", "--detach", before)
    assert updated(small) == "2026-02-03"
    git(small.root, "checkout", "main")
    assert updated(small) == "2026-03-04"


def test_packed_references_and_other_trees_are_looked_at(small: SmallSite, tmp_path: Path) -> None:
    edited(small, "Two.", "2026-02-03")
    git(small.root, "pack-refs", "--all")
    assert updated(small) == "2026-02-03"
    git(small.root, "worktree", "add", "-b", "other", str(tmp_path / "tree"))
    for name in ("site.toml", "templates", "static"):
        (tmp_path / "tree" / name).symlink_to(small.root / name)
    tree = SmallSite(tmp_path / "tree", create_app(tmp_path / "tree"))
    assert updated(tree) == "2026-02-03"
    edited(tree, "Three.", "2026-03-04")
    assert (updated(tree), updated(small)) == ("2026-03-04", "2026-02-03")
    tree.site.loader.stop()


def test_a_site_may_lie_deep_in_a_repository(site_with: SiteWith, tmp_path: Path) -> None:
    git(tmp_path, "init")
    small = site_with({"a": post_text("A", body="One.")}, settings=UPDATED, name="deep/er")
    for body, day in (("One.", "2026-01-02"), ("Two.", "2026-02-03")):
        small.write("posts/a.md", post_text("A", body=body))
        git(tmp_path, "add", "deep/er/pages")
        git(tmp_path, "commit", "-m", body, day=day)
    assert updated(small) == "2026-02-03"


def test_a_repository_without_a_commit_knows_nothing(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()}, settings=UPDATED)
    git(small.root, "init")
    assert (updated(small), small.faults()) == ("", [])


def clone(small: SmallSite, folder: Path, depth: int) -> SmallSite:
    git(folder, "clone", "--depth", str(depth), f"file://{small.root}", "clone")
    for name in ("site.toml", "templates", "static"):
        (folder / "clone" / name).symlink_to(small.root / name)
    return SmallSite(folder / "clone", create_app(folder / "clone"))


def test_a_shallow_clone_is_named_and_tells_what_it_has(small: SmallSite, tmp_path: Path) -> None:
    edited(small, "Two.", "2026-02-03")
    small.write("posts/b.md", post_text("B"))
    commit(small, "Another article", "2026-02-04")
    edited(small, "Three.", "2026-03-04")
    shallow = clone(small, tmp_path, 1)
    assert shallow.faults() == [
        'site.toml:13: warning: "updated_from_git" is on, and this clone is shallow: of older commits nothing is '
        "known. `git fetch --unshallow` brings the rest (actions/checkout: `fetch-depth: 0`)."
    ]
    assert (updated(shallow), subjects(shallow)) == ("", [])
    git(shallow.root, "fetch", "--depth", "2")
    assert (updated(shallow), updated(shallow, "b")) == ("2026-03-04", "")
    assert [each.role for each in shallow.library.commits("posts/a.md")] == ["change", "edge"]
    git(shallow.root, "fetch", "--unshallow")
    assert shallow.faults() == []
    assert subjects(shallow) == ["Say Three.", "Say Two.", "First"]
    shallow.site.loader.stop()


def test_without_a_repository_one_warning_says_so(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()}, settings=UPDATED + "history = true\n")
    assert small.faults() == [
        'site.toml:13: warning: "updated_from_git" is on, and there is no repository here. '
        "Take the setting out, or `git init`."
    ]
    assert small.status("/posts/a/") == 200
    commit(small, "First", "2026-01-02")
    assert small.faults() == []


def test_without_git_one_warning_says_so(site_with: SiteWith, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = site_with({"a": post_text()}, settings="history = true\n")
    commit(small, "First", "2026-01-02")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert small.faults() == [
        'site.toml:13: warning: "history" is on, and git is not installed. '
        "Until it answers, articles have what it said before."
    ]
    assert small.status("/posts/a/") == 200


def test_what_git_said_before_stays_while_it_does_not_answer_and_it_is_asked_again(
    small: SmallSite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    small.site.loader.stop_watching()  # The watching thread would see the third commit while there still is a git.
    edited(small, "Two.", "2026-02-03")
    assert (updated(small), small.status("/posts/a/history/")) == ("2026-02-03", 200)
    edited(small, "Three.", "2026-03-04")
    monkeypatch.setattr(git_log, "PATIENCE", 3600.0)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))
        assert (updated(small), small.status("/posts/a/history/")) == ("2026-02-03", 200)
        assert "git is not installed" in small.faults()[0]
    assert updated(small) == "2026-02-03", "it is not asked at each look"
    monkeypatch.setattr(small.site.loader.inputs.git, "_try_again_at", 0.0)
    assert (updated(small), small.faults()) == ("2026-03-04", [])


def test_what_git_refuses_is_told(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()}, settings=UPDATED)
    (small.root / ".git").mkdir()
    assert "git says: not a git repository" in small.faults()[0]


def test_a_hook_of_another_repository_does_not_lead_astray(
    small: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited(small, "Two.", "2026-02-03")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    assert updated(small) == "2026-02-03"


def test_of_many_commits_the_newest_are_taken(small: SmallSite) -> None:
    for number in range(MOST + 2):
        edited(small, f"{number}.", "2026-02-03")
    found = small.library.commits("posts/a.md")
    assert len(found) == MOST + 1
    assert (found[0].subject, found[-1].subject, found[-1].role) == (f"Say {MOST + 1}.", "Say 1.", "edge")


def test_an_unreadable_time_or_subject_costs_nothing(small: SmallSite) -> None:
    edited(small, "Never.", "2026-02-02")
    commit_text = (
        f"tree {git(small.root, 'rev-parse', 'HEAD^{tree}')}\nparent {git(small.root, 'rev-parse', 'HEAD^')}\n"
        "author A <a@b> 99999999999999 +0000\ncommitter A <a@b> 99999999999999 +0000\n\n"
    )
    (small.root / "raw").write_text(f"{commit_text}x\n")
    broken = git(small.root, "hash-object", "-t", "commit", "-w", "--literally", "raw")
    git(small.root, "reset", "--hard", broken)
    small.write("posts/a.md", post_text("A", body="Two."))
    commit(small, "\x1b[31m\u202eevil \x02\t<b>" + "x" * 500, "2026-02-03")
    told, *rest = subjects(small)
    assert rest == ["First"]
    assert told.startswith("[31m evil <b>xxx") and len(told) == 200


def test_a_log_is_read_whatever_names_there_are() -> None:
    words = ["a" * 40, "1", "2", "b" * 40, "\nM", "c" * 40, "R090", "old", "new", "d" * 40, "3", "4", "", "\nD", "M"]
    first, second = entries_in(words)
    assert (first.subject, [(each.status, each.name, each.older) for each in first.changes]) == (
        "b" * 40,
        [("M", "c" * 40, "c" * 40), ("R090", "new", "old")],
    )
    assert [(each.status, each.name) for each in second.changes] == [("D", "M")]


def test_the_log_is_read_once_for_a_commit(small: SmallSite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    edited(small, "Two.", "2026-02-03")
    assert updated(small) == "2026-02-03"
    monkeypatch.setenv("PATH", str(tmp_path))
    small.write("posts/b.md", post_text("B"))
    assert updated(small) == "2026-02-03"
    assert not shutil.which("git")
