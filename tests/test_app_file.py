"""What is wrong in a site's app.py is one line of every command, and a page of the preview."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from werkzeug.test import Client

from tests.conftest import ROOT
from trigpoint.app_file import code_fault
from trigpoint.preview.stand_in import StandIn

APP = (ROOT / "starter/app.py").read_text()
CHECKOUT = (sys.executable, str(ROOT / "tools/trigpoint.py"))
TRIGPOINT = ("-c", "from trigpoint.app_file import main; main()")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "pages/posts").mkdir(parents=True)
    (tmp_path / "site.toml").write_text('title = "A"\ndescription = "B"\nbase_url = "https://c.example"\n')
    (tmp_path / "wsgi.py").write_text((ROOT / "starter/wsgi.py").read_text())
    (tmp_path / "app.py").write_text(APP)
    return tmp_path


def run(folder: Path, *words: str) -> tuple[int, str]:
    """Status and standard error of a command in this folder."""
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    ended = subprocess.run([sys.executable, *words], cwd=folder, env=known, capture_output=True, text=True, timeout=120)
    return ended.returncode, ended.stderr


def fault_in(root: Path, text: str | bytes) -> str:
    """What is said of an app.py with this text."""
    file = root / "app.py"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    spec = spec_from_file_location("app_of_a_test", file)
    assert spec and spec.loader
    with pytest.raises(Exception) as caught:
        spec.loader.exec_module(module_from_spec(spec))
    return str(code_fault(root, caught.value))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = 1\ndef (:\n", "app.py:2:5: invalid syntax."),
        ("if True:\na = 1\n", "app.py:2:1: expected an indented block after 'if' statement on line 1."),
        ("def a():\n    return b\n\na()\n", "app.py:2: NameError: name 'b' is not defined."),
        ("import nothing.of_that\n", "app.py:1: ModuleNotFoundError: No module named 'nothing'."),
        (APP.replace("__file__", "3"), "app.py:5: TypeError: "),
        ("import json\njson.loads('')\n", "app.py:2: JSONDecodeError: Expecting value: line 1 column 1 (char 0)."),
        (b'a = "gr\xf6\xdfe"\n', 'app.py:1:8: Byte 7 (0xF6) is not UTF-8: it looks like Latin-1, where it is "ö".'),
    ],
)
def test_a_mistake_is_named_by_the_site_s_own_line(site: Path, text: str | bytes, said: str) -> None:
    assert fault_in(site, text).startswith(said)


def test_what_the_engine_refuses_names_both_lines(site: Path) -> None:
    said = fault_in(site, APP.replace("Path(__file__).parent", "3.5"))
    assert said.startswith("app.py:5: TypeError: ")
    assert "trigpoint/application.py:" in said


@pytest.mark.parametrize("command", [("-m", "flask", "check"), ("-m", "flask", "run"), (*TRIGPOINT, "freeze")])
def test_every_command_says_it_in_one_line(site: Path, command: tuple[str, ...]) -> None:
    (site / "app.py").write_text(APP + "def (:\n")
    assert run(site, *command) == (1, "app.py:6:5: invalid syntax.\n")


@pytest.mark.parametrize("command", [("-m", "flask", "check"), (*TRIGPOINT, "check")])
def test_an_app_file_that_is_gone_is_named_and_no_other_is_taken_for_it(site: Path, command: tuple[str, ...]) -> None:
    (site / "app.py").unlink()
    status, said = run(site, *command)  # In the engine's own folder, on the path of modules, there is another one.
    assert status == 1
    assert said.startswith("app.py: LookupError: there is no such file. Write it anew:")
    assert len(said.splitlines()) == 1


def test_an_app_file_without_an_application_is_named(site: Path) -> None:
    (site / "app.py").write_text("create = 1\n")
    status, said = run(site, "-m", "flask", "check")
    assert status == 1
    assert said.startswith("app.py: LookupError: there is no `app` in it.") and said.count("\n") == 1


def test_ctrl_c_while_the_site_is_loaded_is_one_line(site: Path) -> None:
    (site / "app.py").write_text("import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(9)\n")
    assert run(site, "-m", "flask", "check") == (130, "Interrupted.\n")


def test_a_command_below_the_folder_of_a_site_is_about_that_site(site: Path) -> None:
    (site / "pages/posts/a.md").write_text("---\ntitle: A\ndate: 2026-01-01\n---\n\nText.\n")
    (site / "pages/posts/app.py").write_text("The code of an article, no application.")
    ended = subprocess.run([*CHECKOUT, "list"], cwd=site / "pages/posts", capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stdout.split()[-2:]) == (0, ["pages/posts/a.md", "A"]), ended
    assert run(site / "pages/posts", *TRIGPOINT, "check", "a.md") == (0, "")
    (site / "site.toml").unlink()
    assert run(site / "pages", *TRIGPOINT, "check")[1].startswith("There is no site.toml here or above.")
    assert run(site / "pages", *TRIGPOINT, "--help")[0] == 0


def test_the_preview_shows_it_at_every_address(site: Path) -> None:
    shown = Client(StandIn(site, code_fault(site, SyntaxError("bad", (str(site / "app.py"), 5, 1, "")))))
    page = shown.get("/posts/a/")
    assert page.status_code == 500
    assert "app.py:5:1" in page.text and "<mark>    5  app = create_app(" in page.text
    assert page.headers["X-Preview-Version"] in page.text
    assert shown.get("/_preview/live.js").text == (ROOT / "trigpoint/preview/live.js").read_text()
    stream = shown.get("/_preview/events")
    assert next(iter(stream.response)) == f"retry: 500\n\ndata: {page.headers['X-Preview-Version']}\n\n".encode()
