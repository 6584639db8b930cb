"""Another digest whenever the program or a library is another."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import pytest

from tests.conftest import ROOT, SiteWith
from trigpoint.code_digest import MADE_BY, _imported, code_in, code_of_site, maker_digest, program_digest, versions
from trigpoint.theme import FOLDERS


def test_every_module_counts_those_in_folders_too(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner/deep.py").write_text("a = 1")
    before = code_in(tmp_path)
    (tmp_path / "inner/deep.py").write_text("a = 2")
    assert code_in(tmp_path) != before


def test_the_order_of_the_folder_does_not_matter() -> None:
    names = [name for name, _ in code_in(ROOT / "trigpoint")]
    assert names == sorted(names)
    assert "content/read_page.py" in names


def test_it_is_the_same_for_as_long_as_the_process_runs() -> None:
    assert program_digest() == program_digest()
    assert len(program_digest()) == 32


OLD_PROGRAM = """
import shutil, sys
from pathlib import Path
from trigpoint import code_digest
from trigpoint.application import create_app
create_app(Path(sys.argv[1]))
module = Path(code_digest.__file__).parent / "images/covers.py"
module.write_text(module.read_text() + "# Another version.\\n")
print(code_digest.maker_digest("drawings"))
"""


def test_a_process_that_runs_on_beneath_an_upgrade_has_the_digest_of_its_own_code(
    site_with: SiteWith, tmp_path: Path
) -> None:
    shutil.copytree(PACKAGE, tmp_path / "trigpoint", ignore=shutil.ignore_patterns("__pycache__"))
    for name in FOLDERS:
        (tmp_path / name).symlink_to(ROOT / name)
    ended = subprocess.run(
        [sys.executable, "-c", OLD_PROGRAM, site_with().root], cwd=tmp_path, capture_output=True, text=True
    )
    assert ended.stdout == f"{maker_digest('drawings')}\n", ended.stderr


PACKAGE = ROOT / "trigpoint"
SHAPES_NOTHING = (
    "__init__.py", "background.py", "cache.py", "code_digest.py", "file_reading.py", "inventory.py",
    "library/snapshot.py", "loading/documents.py", "loading/word_store.py", "lru_cache.py", "notes.py", "pipes.py",
    "settings.py",
)  # fmt: skip
"""What modules import to find, carry and keep what is made, and what is in the key of an entry already."""


def modules_in(names: Iterable[str]) -> set[Path]:
    """The files of these folders and modules of the package."""
    places = [PACKAGE / name for name in names]
    return {file for place in places for file in ([place] if place.suffix else place.rglob("*.py"))}


@pytest.mark.parametrize("kind", MADE_BY)
def test_what_makes_an_entry_of_the_cache_is_in_its_key(kind: str) -> None:
    named = modules_in(MADE_BY[kind])
    assert all(file.is_file() for file in named)
    makers = named - modules_in(SHAPES_NOTHING)
    imported = {found for file in makers for found in _imported(file.read_bytes(), file, (ROOT,))}
    missing = {file.relative_to(PACKAGE).as_posix() for file in imported - named if file.name != "__init__.py"}
    assert sorted(missing - {*SHAPES_NOTHING}) == []


def test_a_sites_own_code_is_what_its_application_imports_from_its_folder(tmp_path: Path) -> None:
    files = {
        "app.py": "import flask, extra\nfrom own.kinds import kind\nfrom trigpoint.web import views\n",
        "extra.py": "def late():\n    import deeper\n",
        "deeper.py": "import app\n",
        "own/__init__.py": "",
        "own/kinds.py": "from . import near\nfrom .far import thing as kind\n",
        "own/near.py": "",
        "own/far.py": "thing = 1\n",
        "tests/test_extra.py": "",
        "broken.py": "(",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    found = code_of_site([tmp_path / "app.py", ROOT / "trigpoint/web/views.py"], tmp_path)
    assert [name for name, _ in found] == sorted({*files} - {"tests/test_extra.py", "broken.py"})
    assert code_of_site([tmp_path / "broken.py"], tmp_path)
    (tmp_path / "own/far.py").write_text("thing = 2\n")
    assert code_of_site([tmp_path / "app.py"], tmp_path) != found


def test_a_sites_own_code_is_what_was_loaded_from_its_folder_by_another_road(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`sys.path` may have been extended, and a name computed; what is installed below the folder is none of it."""
    files = ("lib/loud_words.py", ".venv/lib/site-packages/installed_words.py")
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("a = 1\n")
        monkeypatch.syspath_prepend((tmp_path / name).parent)
    for name in ("loud_words", "installed_words"):
        monkeypatch.setitem(sys.modules, name, import_module(name))
    found = code_of_site([], tmp_path)
    assert [name for name, _ in found] == ["lib/loud_words.py"]
    (tmp_path / "lib/loud_words.py").write_text("a = 2\n")
    assert code_of_site([], tmp_path) != found


def test_packages_that_a_sites_own_code_imports_count_by_their_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app.py").write_text("import json, own.part, loud, words\nfrom trigpoint import notes\n")
    (tmp_path / "own").mkdir()
    (tmp_path / "own/part.py").write_text("")
    site = tmp_path / "elsewhere/site-packages"
    for name, top, version in (("loud", "loud", "1.0"), ("py-words", "words", "2.0")):
        metadata = site / f"{name.replace('-', '_')}-{version}.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        (metadata / "top_level.txt").write_text(top)
    monkeypatch.syspath_prepend(site)
    packages = code_of_site([tmp_path / "app.py"], tmp_path)[2:]
    assert packages == (("loud", "1.0"), ("py-words", "2.0"))


def test_python_and_what_it_brings_count() -> None:
    """Its Unicode is in slugs and words, zlib's bytes are in archives, and time zones in dates."""
    known = dict(versions())
    assert known["python"] == ".".join(map(str, sys.version_info[:3]))
    assert known["zlib"]
    assert known["zones"] or known["tzdata"]
