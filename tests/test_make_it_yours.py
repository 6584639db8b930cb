"""docs/make-it-yours.md is true: its examples make a site that works, and its blocks are there to be overridden."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SiteWith, post_text

PAGE = (ROOT / "docs/make-it-yours.md").read_text()
EXAMPLES = re.findall(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
BLOCKS = re.findall(r"^\| `(\w+)` \| `(\w+\.html)` \|", PAGE, re.MULTILINE)
SHOWN_AT = {"base.html": "/posts/a/", "post.html": "/posts/a/", "listing.html": "/"}


def run(folder: Path, *words: str) -> str:
    command = [sys.executable, "-c", "from trigpoint.app_file import main; main()", *words]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.slow
def test_the_examples_make_a_site(tmp_path: Path) -> None:
    run(tmp_path, "new-site", "mine")
    site = tmp_path / "mine"
    for name, text in EXAMPLES:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    assert len(EXAMPLES) == 7
    assert "nothing to mend" in run(site, "check")
    assert "Verified" in run(site, "freeze", "--verify")
    front, article = ((site / "build" / name).read_text() for name in ("index.html", "posts/hello/index.html"))
    assert "<h1>Seven Hills</h1>" in front and 'href="/projects/"' in front
    assert 'class="thanks"' in article and 'class="prose e-content"' in article
    projects = (site / "build/projects/index.html").read_text()
    assert "<h1>PROJECTS</h1>" in projects and "<li>A queue &amp; a broker</li><li>A parser</li>" in projects
    (style,) = (site / "build/static/css").glob("site.*.css")
    assert style.read_text().endswith("--kicker: light-dark(#1c6b2c, #9bdc8a);\n}\n")
    assert "is current" in run(site, "why", "/projects/")
    (site / "app.py").write_text((site / "app.py").read_text().replace("upper()", "swapcase()"))
    run(site, "freeze", "--verify")
    assert "<h1>pROJECTS</h1>" in (site / "build/projects/index.html").read_text()
    (site / "site.toml").write_text('language = "it"\n' + (site / "site.toml").read_text())
    run(site, "freeze", "--verify")
    italian = (site / "build/index.html").read_text()
    assert "Leggi l’articolo" in italian and "&#34;Copy&#34;:&#34;Copia&#34;" in italian


def test_the_blocks_that_are_documented_are_those_of_the_templates() -> None:
    names = ("base.html", "post.html", "listing.html")
    there = {
        (block, name)
        for name in names
        for block in re.findall(r"block (\w+)(?: scoped)? %", (ROOT / "templates" / name).read_text())
    }
    assert set(BLOCKS) == there - {("main", "post.html"), ("main", "listing.html")}


def test_each_block_can_be_overridden_and_leaves_the_others(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A", tags="[Go]"), "b": post_text("B", "2026-01-03", tags="[Go]")})
    shutil.rmtree(small.root / "templates")
    (small.root / "templates").mkdir()
    whole = {address: small.text(address) for address in SHOWN_AT.values()}
    for block, name in BLOCKS:
        if block == "main":  # Every page fills it anew.
            continue
        own = small.root / "templates" / name
        own.write_text(f'{{% extends "theme/{name}" %}}{{% block {block} %}}⟦{{{{ super() }}}}⟧{{% endblock %}}')
        changed = small.text(SHOWN_AT[name])
        assert changed.count("⟦") == changed.count("⟧") == 1, (block, name)
        assert changed.replace("⟦", "").replace("⟧", "") == whole[SHOWN_AT[name]], (block, name)
        own.unlink()
