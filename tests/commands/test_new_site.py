"""`new-site` writes a site that checks, freezes and verifies as it is, and never over what is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT
from trigpoint.commands.new_site import engine

ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
TRIGPOINT = [sys.executable, "-c", "from trigpoint.app_file import main; main()"]


def trigpoint(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    run = {"cwd": folder, "env": ENVIRONMENT, "capture_output": True, "text": True, "timeout": 120}
    return subprocess.run([*TRIGPOINT, *words], **run)  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def new(tmp_path: Path) -> Path:
    command = [sys.executable, "-m", "flask", "--app", str(ROOT / "app.py"), "new-site", "mine"]
    ended = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("mine is a site now.")
    assert f"; {ROOT / 'docs/make-it-yours.md'} says how it becomes yours." in ended.stdout
    assert "requirements.txt names the engine by a folder of this machine (file:///…)" in ended.stdout
    return tmp_path / "mine"


def test_a_new_site_has_what_it_needs_and_no_more(new: Path) -> None:
    files = {path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file()}
    small = {"app.py", "wsgi.py", "gunicorn.conf.py", "site.toml", ".gitignore", "Makefile", "requirements.txt"}
    pages = {"pages/tags.toml", "pages/posts/hello.md", "pages/about.md"}
    assert files == small | pages | {"README.md", ".github/workflows/publish.yml"}
    assert len([line for line in (new / "app.py").read_text().splitlines() if line]) == 3
    assert not [path for path in files if re.search("@[A-Z]+@", (new / path).read_text())]


def test_a_new_site_passes_its_own_tests(new: Path) -> None:
    checked = trigpoint(new, "check")
    assert (checked.returncode, "nothing to mend" in checked.stdout) == (0, True), checked.stderr
    frozen = trigpoint(new, "freeze", "--verify")
    assert frozen.returncode == 0, frozen.stderr
    assert "Verified" in frozen.stdout
    assert "The first post." in (new / "build/posts/hello/index.html").read_text()


def test_title_and_address_may_be_said(tmp_path: Path) -> None:
    title = 'Müller\'s "Blog" @URL@ \\ #1'
    ended = trigpoint(tmp_path, "new-site", "mine", "--title", title, "--url", "https://Blog.example/eng/")
    assert ended.returncode == 0, ended.stderr
    site = tomllib.loads((tmp_path / "mine/site.toml").read_text())
    assert (site["title"], site["base_url"]) == (title, "https://blog.example/eng")
    assert trigpoint(tmp_path / "mine", "check").returncode == 0


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--url", "blog.example", "an address such as https://blog.example is wanted."),
        (
            "--url",
            "https://blog.example/?a",
            'cannot stand before the addresses of pages. Write "https://blog.example".',
        ),
        ("--title", " ", "readers would see no name there."),
    ],
)
def test_a_title_or_an_address_that_cannot_be_is_refused(tmp_path: Path, option: str, value: str, reason: str) -> None:
    ended = trigpoint(tmp_path, "new-site", "mine", option, value)
    assert ended.returncode == 2 and not (tmp_path / "mine").exists()
    assert f"Invalid value for '{option}': \"{value}\", but " in ended.stderr and reason in ended.stderr


@pytest.mark.parametrize("word", ["run", "check", "freeze"])
def test_its_makefile_knows_the_words(new: Path, word: str) -> None:
    shown = subprocess.run(["make", "-n", word], cwd=new, capture_output=True, text=True, check=True)
    assert f".venv/bin/flask {word}" in shown.stdout
    assert shown.stdout.startswith('echo "Installing ')
    assert "-r requirements.txt" in shown.stdout


def made(folder: Path, *words: str) -> str:
    shown = subprocess.run(
        ["make", "-n", *words], cwd=folder, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True
    )
    return shown.stdout


def test_its_makefile_serves_this_machine_alone_unless_asked(new: Path) -> None:
    """As the Makefile of the engine does; the debugger is not for other machines."""
    for folder in (new, ROOT):
        assert made(folder, "serve").rstrip().endswith("gunicorn --bind 127.0.0.1:5000")
        assert made(folder, "serve", "PORT=9001").rstrip().endswith("gunicorn --bind 127.0.0.1:9001")
        assert made(folder, "run").rstrip().endswith("flask run --debug  --host 127.0.0.1 --port 5000")
        seen = made(folder, "run", "PORT=9002", "HOST=0.0.0.0")
        assert seen.rstrip().endswith("flask run --debug --no-debugger --host 0.0.0.0 --port 9002")
        assert "The blog is at http://127.0.0.1:9002/" in seen


def test_an_upgrade_installs_the_engine_anew_whatever_its_version_says(new: Path) -> None:
    first, *_ = [line for line in made(new, "upgrade").splitlines() if "--force-reinstall" in line]
    assert "grep '^trigpoint' requirements.txt" in first
    assert (new / "requirements.txt").read_text().startswith("trigpoint")


def test_nothing_is_written_where_one_of_the_files_is(new: Path) -> None:
    (new / "app.py").write_text("mine")
    (new / "site.toml").unlink()
    ended = trigpoint(new.parent, "new-site", "mine")
    assert ended.returncode == 1
    assert re.fullmatch(r"Error: mine/\S+ is there already: nothing was written\. .+\n", ended.stderr)
    assert (new / "app.py").read_text() == "mine" and not (new / "site.toml").exists()


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = trigpoint(tmp_path, "new-site", "file/mine")
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1), ended.stderr


def test_the_engine_is_named_by_the_place_that_it_runs_from(new: Path) -> None:
    assert (new / "requirements.txt").read_text() == f"{engine()}\n" == f"trigpoint @ {ROOT.as_uri()}\n"
