"""Every command of docs/moving.md is run."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.conftest import ROOT, SiteWith
from trigpoint.importing.dialects.own_mapping import TABLES, read_mapping
from trigpoint.importing.generators import NAMES

TEXT = (ROOT / "docs/moving.md").read_text()
COMMANDS = re.findall(r"^\.venv/bin/flask (import .+)$", TEXT, re.MULTILINE)
SITES = Path(__file__).parent / "sites"


def old_sites(folder: Path) -> None:
    """The samples as the document names them: exports as they come from a platform."""
    shutil.copytree(SITES, folder)
    for name in ("medium", "substack"):
        with ZipFile(folder / f"{name}.zip", "w") as archive:
            for path in sorted((folder / name).rglob("*")):
                archive.write(path, path.relative_to(folder / name))
    (folder / "sitemap.xml").write_text("<urlset><url><loc>https://old.example/about/</loc></url></urlset>")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_does_what_it_says(site_with: SiteWith, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    small = site_with({"a": "---\ntitle: A\ndate: 2026-01-01\naliases: [/about/]\n---\nA.\n"})
    old_sites(small.root / "old")
    monkeypatch.chdir(small.root)
    ended = small.app.test_cli_runner().invoke(args=command.split())
    assert ended.exit_code in (0, 1), ended.output
    assert "Error" not in ended.output
    is_written = any((small.pages / "posts").glob("[!a]*"))
    assert is_written == ("--verify" not in command and "--dry-run" not in command)


def test_each_generator_has_a_section_with_its_command() -> None:
    sections = re.findall(r"^### (.+)$", TEXT, re.MULTILINE)
    assert sorted(section.casefold() for section in sections) == sorted(name.casefold() for name in NAMES.values())
    for name in NAMES:
        assert any(f"old/{name}" in command for command in COMMANDS), name


def test_the_mapping_of_the_document_can_be_read(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    assert example
    (tmp_path / "import.toml").write_text(example[1])
    mapping = read_mapping(tmp_path)
    assert all(getattr(mapping, table) for table in TABLES)
