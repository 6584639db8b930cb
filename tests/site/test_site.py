"""What holds for any site of this engine, asked of the one in this repository, whatever it says and looks like."""

from __future__ import annotations

import html
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import ROOT
from tests.test_laws import assert_links_lead_somewhere, assert_live_equals_frozen
from trigpoint.application import create_app
from trigpoint.settings import load_settings


@pytest.fixture
def app() -> Iterator[Flask]:
    app = create_app(ROOT)
    yield app
    app.extensions["trigpoint"].loader.stop()


def test_its_settings_have_no_mistake() -> None:
    assert load_settings(ROOT).title


def test_the_check_finds_nothing_to_mend() -> None:
    command = [sys.executable, "-m", "flask", "check"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_live_equals_frozen(app: Flask, tmp_path: Path) -> None:
    assert_live_equals_frozen(app, tmp_path / "frozen")


def test_every_internal_link_leads_to_an_address(app: Flask) -> None:
    assert_links_lead_somewhere(app)


@pytest.mark.slow
def test_make_run_serves_it() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["make", "run", f"PORT={port}"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, stdout=quiet, stderr=quiet, start_new_session=True) as running:
        try:
            assert html.escape(load_settings(ROOT).title) in waited_for(f"http://127.0.0.1:{port}/")
        finally:
            os.killpg(running.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):  # Python's subprocess may deadlock in the reloader's handler.
                running.wait(10)
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)


def waited_for(address: str) -> str:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as response:
                return str(response.read().decode())
        except OSError:
            assert time.monotonic() < deadline, "never served"
            time.sleep(0.2)
