"""The wheel is all that a site needs: installed in an environment of its own, and upgraded later."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.conftest import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PINS = {
    found[1]: found[2] for found in re.finditer(r"^([\w-]+)==([\w.]+)", (ROOT / "requirements.txt").read_text(), re.M)
}
BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
OWN_POST = """{% extends "theme/post.html" %}
{% block after_body %}<p class="mine">Mine</p>{% endblock %}
"""


def test_the_wheel_wants_what_this_repository_pins() -> None:
    wanted = {line for line in (ROOT / "requirements.in").read_text().split("\n") if line}
    names = {re.split(r"[=; ]", line)[0] for line in wanted}
    ranges = [Requirement(each) for each in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["serve"])]
    assert {each.name for each in ranges} == names
    for each in ranges:
        assert each.specifier.contains(PINS[each.name]), f"{each} is not {PINS[each.name]}"


class Installed:
    """An environment with the engine's wheel, beside the packages of this one, and a site's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.site = folder, folder / "site"
        venv.create(folder / "venv", with_pip=False)
        (packages,) = (folder / "venv/lib").glob("python3*/site-packages")
        (packages / "present.pth").write_text("".join(f"{path}\n" for path in sys.path if "site-packages" in path))

    def install(self, source: Path) -> None:
        """Build the wheel of this source, and install it over the one before."""
        built = self._run(sys.executable, "-c", BUILD, str(self.folder), cwd=source).stdout.split()[-1]
        pip = [sys.executable, "-m", "pip", "--python", str(self.folder / "venv/bin/python"), "install", "--quiet"]
        self._run(*pip, "--disable-pip-version-check", "--no-deps", "--no-index", "--force-reinstall",
                  str(self.folder / built))  # fmt: skip

    def trigpoint(self, *words: str, cwd: Path | None = None) -> str:
        return self._run(str(self.folder / "venv/bin/trigpoint"), *words, cwd=cwd or self.site).stdout

    def _run(self, *command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        ended = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=240)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended


def source_in(folder: Path) -> Path:
    """What the wheel is made from, as a copy that can be changed."""
    for name in ("trigpoint", "templates", "static", "starter", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.mark.slow
def test_a_site_of_its_own_is_checked_frozen_verified_and_upgraded(tmp_path: Path) -> None:
    source, installed = source_in(tmp_path / "source"), Installed(tmp_path)
    installed.install(source)
    said = installed.trigpoint("new-site", "site", cwd=tmp_path)
    guide = re.search(r"; (/\S+/docs/make-it-yours\.md) says how", said)
    assert guide and Path(guide[1]).read_text() == (ROOT / "docs/make-it-yours.md").read_text()
    assert (installed.site / "requirements.txt").read_text().startswith(f"trigpoint @ {tmp_path.as_uri()}/trigpoint-")
    (installed.site / "templates").mkdir()
    (installed.site / "templates/post.html").write_text(OWN_POST)
    assert "nothing to mend" in installed.trigpoint("check")
    assert "Verified" in installed.trigpoint("freeze", "--verify")
    assert '<p class="mine">Mine</p>' in (installed.site / "build/posts/hello/index.html").read_text()
    assert "/posts/hello/ is current." in installed.trigpoint("why", "/posts/hello/")

    with (source / "templates/_footer.html").open("a") as footer:
        footer.write("<p>Upgraded</p>\n")
    installed.install(source)
    said = installed.trigpoint("why", "/posts/hello/")
    assert said == "/posts/hello/ will be rendered: the template _footer.html of the theme has changed.\n"
    assert "Verified" in installed.trigpoint("freeze", "--verify")
    page = (installed.site / "build/posts/hello/index.html").read_text()
    assert '<p class="mine">Mine</p>' in page and "<p>Upgraded</p>" in page
