"""Output that cannot be written is reported once, whatever the command, and with an error."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.commands.test_publishing import flask, prepared
from tests.conftest import ROOT, SiteWith, SmallSite, post_text
from trigpoint.commands.console import Command
from trigpoint.commands.group import Commands

ENVIRONMENT = {"PATH": os.environ["PATH"]}
"""Without PYTHONUNBUFFERED above all: with it, Python has nothing left to write when it exits."""
COMMANDS = ["freeze", "check", "why /", "releases", "rollback", "check --help"]
LOST = "could not be written: No space left on device."


@pytest.fixture
def small(site_with: SiteWith) -> SmallSite:
    """A site with two releases."""
    small = site_with({"a": post_text("First")})
    prepared(small)
    for title in ("Second", "Third"):
        small.write("posts/a.md", post_text(title))
        assert flask(small, "freeze").returncode == 0
    return small


def ended(small: SmallSite, words: str, **streams: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flask", *words.split()]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
    return subprocess.run(command, cwd=small.root, text=True, timeout=120, env=ENVIRONMENT, **streams)  # type: ignore[call-overload,no-any-return]


def test_every_command_writes_through_the_console() -> None:
    group = Commands("site")
    context = click.Context(group)
    known = [group.get_command(context, name) for name in group.list_commands(context)]
    assert {type(command) for command in known} == {Command}
    writing = [path.name for path in (ROOT / "trigpoint").rglob("*.py") if "echo(" in path.read_text()]
    assert writing == ["console.py"]


@pytest.mark.parametrize("words", COMMANDS)
def test_a_full_output_is_one_line_and_an_error(small: SmallSite, words: str) -> None:
    with Path("/dev/full").open("w") as full:
        end = ended(small, words, stdout=full)
    assert [line for line in end.stderr.splitlines() if "…" not in line and ": warning: " not in line] == [
        end.stderr.splitlines()[-1]
    ]
    assert end.stderr.endswith(f"{LOST}\n")
    assert end.returncode == 1


@pytest.mark.parametrize("words", ["check", "releases"])
def test_a_reader_that_went_away_is_no_error(small: SmallSite, words: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    end = ended(small, words, stdout=writing)
    os.close(writing)
    assert (end.returncode, end.stderr) == (0, "")


@pytest.mark.parametrize(("words", "code"), [("check", 0), ("freeze", 1), ("why /nowhere/", 2), ("rollback 1", 1)])
def test_a_full_standard_error_stops_nothing_and_is_an_error(small: SmallSite, words: str, code: int) -> None:
    small.write("posts/a.md", post_text("Fourth"))
    with Path("/dev/full").open("w") as full:
        end = ended(small, words, stderr=full)
    assert end.returncode == code
    assert ("Published" in end.stdout) == (words == "freeze")


def test_a_freeze_whose_report_is_lost_does_all_that_was_asked_for(small: SmallSite, tmp_path: Path) -> None:
    small.write("posts/a.md", post_text("Fourth"))
    with Path("/dev/full").open("w") as full:
        end = ended(small, f"freeze --verify --into {tmp_path / 'copy'}", stdout=full)
    live = os.path.basename(os.readlink(small.root / "build"))
    assert end.stderr.endswith(f"Error: Release {live} is live, but its report {LOST}\n")
    assert end.returncode == 1
    assert "Fourth" in (tmp_path / "copy/posts/a/index.html").read_text()


def test_faults_that_cannot_be_written_are_told_in_no_other_words(small: SmallSite) -> None:
    small.write("posts/a.md", "---\ntitle: [\n---\n")
    with Path("/dev/full").open("w") as full:
        end = ended(small, "check", stdout=full)
    assert (end.stderr, end.returncode) == (f"Error: The output {LOST}\n", 1)


@pytest.mark.parametrize("words", ["why /nowhere/", "check --nope"])
def test_a_mistake_in_the_command_is_told_as_click_does(small: SmallSite, words: str) -> None:
    end = ended(small, words)
    assert end.stderr.startswith("Usage: ")
    assert "\nError: " in end.stderr
    assert end.returncode == 2
