"""A copy replaces an earlier copy and nothing else; in the working tree of a branch it is written in place."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conftest import tree
from trigpoint.freezing.export import lay_out, refuse
from trigpoint.freezing.release import Release, ReleaseError


@pytest.fixture
def release(tmp_path: Path) -> Release:
    made = Release(tmp_path / "site/.releases/20260101T000000000000")
    put(made, {"index.html": "one", "posts/a/index.html": "a"})
    return made


def put(release: Release, files: dict[str, str]) -> None:
    """Have the release hold these files and nothing else."""
    for path in release.path.rglob("*.html"):
        path.unlink()
    for path, text in files.items():
        (release.path / path).parent.mkdir(parents=True, exist_ok=True)
        (release.path / path).write_text(text)


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@blog.example", "-c", "init.defaultBranch=main")
    command = ["git", *identity, *words]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture(params=["folder", "file"])
def working_tree(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A branch with a README: a repository of its own, or a worktree, in which `.git` is a file."""
    main = tmp_path / "main"
    main.mkdir()
    git(main, "init")
    (main / "README").write_text("years of work")
    git(main, "add", ".")
    git(main, "commit", "-m", "Begin")
    if request.param == "folder":
        return main
    git(main, "worktree", "add", "-b", "pages", str(tmp_path / "tree"))
    assert (tmp_path / "tree/.git").is_file()
    return tmp_path / "tree"


def test_a_working_tree_is_kept_and_loses_what_an_earlier_copy_wrote(release: Release, working_tree: Path) -> None:
    lay_out(release, working_tree)
    put(release, {"index.html": "two", "posts/b/index.html": "b"})
    lay_out(release, working_tree)
    found = {path for path in tree(working_tree) if not path.startswith(".git")}
    assert found == {"README", "index.html", "posts/b/index.html"}
    assert not (working_tree / "posts/a").exists()
    assert sorted(git(working_tree, "status", "--porcelain", "-uall").split()) == [
        *("??", "??", "index.html", "posts/b/index.html")
    ]


def test_in_a_working_tree_only_what_git_can_bring_back_is_overwritten(release: Release, working_tree: Path) -> None:
    (working_tree / "index.html").write_text("mine")
    with pytest.raises(ReleaseError, match="neither of an earlier copy nor committed"):
        lay_out(release, working_tree)
    assert (working_tree / "index.html").read_text() == "mine"
    assert not (working_tree / "posts").exists()
    git(working_tree, "add", ".")
    git(working_tree, "commit", "-m", "Mine")
    lay_out(release, working_tree)
    assert (working_tree / "index.html").read_text() == "one"


def test_a_link_in_a_working_tree_is_not_written_through(release: Release, working_tree: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis").write_text("years of work")
    (working_tree / "index.html").symlink_to(tmp_path / "thesis")
    git(working_tree, "add", ".")
    git(working_tree, "commit", "-m", "Link")
    lay_out(release, working_tree)
    assert (tmp_path / "thesis").read_text() == "years of work"
    assert (working_tree / "index.html").read_text() == "one"


def test_nothing_is_written_or_removed_through_a_linked_folder(
    release: Release, working_tree: Path, tmp_path: Path
) -> None:
    sources = tmp_path / "pages/posts"
    sources.mkdir(parents=True)
    (working_tree / "posts").symlink_to(sources)
    git(working_tree, "add", ".")
    git(working_tree, "commit", "-m", "Link")
    with pytest.raises(ReleaseError, match="posts is a link"):
        lay_out(release, working_tree)
    assert (list(sources.iterdir()), (working_tree / "index.html").exists()) == ([], False)
    (working_tree / "posts").unlink()
    lay_out(release, working_tree)
    (working_tree / "posts").rename(sources.parent / "mine")
    (working_tree / "posts").symlink_to(sources.parent / "mine")
    before = tree(sources.parent)
    put(release, {"index.html": "two"})
    with pytest.raises(ReleaseError, match="posts is a link"):
        lay_out(release, working_tree)
    assert tree(sources.parent) == before


@pytest.mark.parametrize("ending", ["next", "old"])
def test_what_lies_beside_a_copy_is_not_deleted(release: Release, tmp_path: Path, ending: str) -> None:
    foreign = tmp_path / f".www.{ending}"
    foreign.mkdir()
    (foreign / "thesis").write_text("years of work")
    for there in (False, True):
        with pytest.raises(ReleaseError, match="not of an earlier copy"):
            lay_out(release, tmp_path / "www")
        assert (foreign / "thesis").read_text() == "years of work", there
        foreign.rename(tmp_path / "away")
        lay_out(release, tmp_path / "www")
        (tmp_path / "away").rename(foreign)


def test_folders_above_a_copy_are_made(release: Release, tmp_path: Path) -> None:
    lay_out(release, tmp_path / "new/deeper/www")
    assert (tmp_path / "new/deeper/www/index.html").read_text() == "one"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("/", "is the root of the file system"),
        ("site", "holds the releases themselves"),
        ("site/.releases/x", "holds the releases themselves"),
        ("site/.releases/20260101T000000000000", "holds the releases themselves"),
        ("site/pages/out", "whose files are published"),
        ("file", "is a file"),
        ("file/deeper/www", "no folder can lie in it"),
        ("foreign", "holds files that are not of an earlier copy"),
    ],
)
def test_a_place_that_no_copy_can_have_is_named_at_once(
    release: Release, tmp_path: Path, target: str, said: str
) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign/thesis").write_text("years of work")
    with pytest.raises(ReleaseError, match=said):
        refuse(tmp_path / target, release.path.parent, [tmp_path / "site/pages"])
