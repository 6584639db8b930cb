"""Debian packages are installed or asked for, and tests are left out only where nothing has changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import ROOT

ANN = "#!/bin/sh\necho 1000\n"
ROOT_USER = "#!/bin/sh\necho 0\n"
WORKS = '#!/bin/sh\necho apt-get "$@" >>called\n'
FAILS = "#!/bin/sh\nexit 1\n"
PASSES_ON = '#!/bin/sh\nshift\nexec "$@"\n'


def packages(folder: Path, **commands: str) -> subprocess.CompletedProcess[str]:
    """Ask for two packages on a machine that has `sh`, `env`, `true`, and these commands."""
    for name in ("sh", "env", "true"):
        (folder / name).symlink_to(f"/bin/{name}")
    for name, text in commands.items():
        (folder / name.replace("_", "-")).write_text(text)
        (folder / name.replace("_", "-")).chmod(0o755)
    command = [ROOT / "tools/packages.sh", "A thing", "one", "two"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env={"PATH": str(folder)}, timeout=20)


@pytest.mark.parametrize("commands", [{"id": ROOT_USER}, {"id": ANN, "sudo": PASSES_ON}])
def test_an_administrator_gets_the_packages_installed(tmp_path: Path, commands: dict[str, str]) -> None:
    ended = packages(tmp_path, apt_get=WORKS, **commands)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "Installing the Debian packages one two …\n"
    assert (tmp_path / "called").read_text().splitlines()[-1].endswith("--no-install-recommends one two")


@pytest.mark.parametrize(
    ("commands", "said"),
    [
        ({"id": ANN, "apt_get": WORKS}, "An administrator must install {}: apt-get install one two"),
        ({"id": ANN, "apt_get": WORKS, "sudo": FAILS}, "sudo wants a password. Please install {}: sudo apt-get"),
        ({"id": ROOT_USER}, "Please install what corresponds to {}."),
        ({"id": ROOT_USER, "apt_get": FAILS}, "apt-get could not install {}."),
    ],
)  # fmt: skip
def test_elsewhere_one_line_names_what_must_be_installed(tmp_path: Path, commands: dict[str, str], said: str) -> None:
    ended = packages(tmp_path, **commands)
    assert ended.returncode == 2
    assert said.format("the Debian packages one two") in ended.stderr
    assert ended.stderr.count("\n") == 1


def state(folder: Path, **environment: str) -> str:
    command = [sys.executable, ROOT / "tools/state.py"]
    environment = {"PATH": os.environ["PATH"], "GIT_CEILING_DIRECTORIES": str(folder.parent), **environment}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, env=environment).stdout


def test_the_state_differs_after_any_change_that_counts(tmp_path: Path) -> None:
    assert state(tmp_path) == ""  # No repository: nothing is known.
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("ignored\n")
    (tmp_path / "a.py").write_text("1")
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    states = [state(tmp_path)]
    (tmp_path / "a.py").write_text("2")
    states.append(state(tmp_path))
    (tmp_path / "a.py").chmod(0o755)
    states.append(state(tmp_path))
    (tmp_path / "b.py").write_text("")
    states.append(state(tmp_path))
    (tmp_path / "b.py").unlink()
    (tmp_path / "b.py").symlink_to("a.py")
    states.append(state(tmp_path))
    (tmp_path / "a.py").unlink()
    states.append(state(tmp_path))
    states.append(state(tmp_path, BLOG_TITLE="A title"))
    states.append(state(tmp_path, PATH="/usr/bin:/bin"))
    assert len(set(states)) == len(states)
    (tmp_path / "ignored").write_text("")
    assert state(tmp_path, TERM="xterm") == states[-3]


@pytest.mark.slow
def test_a_browser_that_cannot_start_is_one_failure(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "tests/test_search_browser.py", "-p", "no:cacheprovider"]
    # With one of these set, pytest's summary repeats the whole message.
    outside = {name: value for name, value in os.environ.items() if name not in ("CI", "BUILD_NUMBER")}
    environment = {**outside, "PLAYWRIGHT_NODEJS_PATH": "/bin/false"}
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment, timeout=120)
    assert ended.returncode == 1
    assert ended.stdout.count("the browser tests cannot start: ") == 1
    assert ended.stdout.startswith("Ess")


@pytest.mark.parametrize(("host", "is_given"), [("127.0.0.1", True), ("0.0.0.0", False)])
def test_other_machines_get_no_debugger(host: str, is_given: bool) -> None:
    shown = subprocess.run(["make", "-n", "run", f"HOST={host}"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert f"--host {host} --port 5000" in shown.stdout
    assert ("--no-debugger" not in shown.stdout) == is_given


RECORDS = """#!/bin/sh
case "$*" in
*state.py*) echo state ;;
*) echo $$ >>pids && exec sleep 60 ;;
esac
"""


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_both_halves_of_the_tests_end_with_the_script(tmp_path: Path, sent: signal.Signals, code: int) -> None:
    script = tmp_path / "tools/test.sh"
    commands = {"tools/environment.sh": "#!/bin/sh\n", "bin/make": "#!/bin/sh\n", ".venv/bin/python": RECORDS}
    for name, text in {"tools/test.sh": (ROOT / "tools/test.sh").read_text(), **commands}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    kept = tmp_path / "temporary"
    kept.mkdir()
    running = subprocess.Popen(
        [script], env={"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "TMPDIR": str(kept)},
        stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    pids = tmp_path / "pids"
    until(lambda: pids.exists() and pids.read_text().count("\n") == 2)
    os.killpg(running.pid, sent)
    assert running.wait(20) == code
    until(lambda: not any(is_running(int(pid)) for pid in pids.read_text().split()))
    assert list(kept.iterdir()) == []


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    """Whether it runs: what has ended, and nobody has waited for, is none."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    return False
