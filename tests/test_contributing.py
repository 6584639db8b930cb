"""The recipes of CONTRIBUTING.md are carried out as written, in a copy of the repository, and work."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT, TAGS, post_text

RECIPE = re.compile(r"(?P<prose>(?:(?!```)[^\n]+\n)+)\n```\w+ file=(?P<file>\S+)\n(?P<block>.*?)```\n", re.DOTALL)
BELOW = re.compile(r"[Bb]elow\s`([^`]+)`")


def carried_out(prose: str, text: str, block: str) -> str:
    """The file's text with the block where the prose says that it goes."""
    if "At the end" in prose or "its template" in prose:
        return text + block
    if "above everything" in prose:
        return block + text
    (line,) = BELOW.findall(prose)
    assert text.count(f"{line}\n") == 1, line
    return text.replace(f"{line}\n", f"{line}\n{block}")


def test_the_recipes_work_as_written(tmp_path: Path) -> None:
    for name in ("trigpoint", "templates", "static"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "site.toml"):
        shutil.copy(ROOT / name, tmp_path)
    recipes = list(RECIPE.finditer((ROOT / "CONTRIBUTING.md").read_text()))
    assert len(recipes) == 10
    for recipe in recipes:
        file = tmp_path / recipe["file"]
        before = file.read_text() if file.exists() else ""
        file.write_text(carried_out(" ".join(recipe["prose"].split("\n")), before, recipe["block"]))

    def run(*command: str) -> str:
        done = subprocess.run([sys.executable, "-m", "flask", *command], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    settings = tmp_path / "site.toml"
    settings.write_text('motto = "Festina lente."\n' + settings.read_text())
    (tmp_path / "pages/posts").mkdir(parents=True)
    (tmp_path / "pages/tags.toml").write_text(TAGS)
    for name in ("about", "colophon"):
        (tmp_path / f"pages/{name}.md").write_text(f"---\ntitle: {name}\n---\n\nHello.\n")
    (tmp_path / "pages/posts/a.md").write_text(post_text("First of all", subtitle="And how"))
    assert run("count") == "1 articles.\n"
    run("freeze", "--verify")
    page = (tmp_path / "build/posts/a/index.html").read_text()
    assert "And how" in page and "Festina lente." in page
    assert "First of all" in (tmp_path / "build/first/index.html").read_text()
    settings.write_text(settings.read_text().replace("Festina", "Semper"))
    assert "the setting motto has changed" in run("why", "/posts/a/")
    assert "the oldest 10 posts" in run("why", "--all", "/first/")
