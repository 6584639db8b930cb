"""The style of the house: the order of its folders, doors, sizes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "trigpoint"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
GROUND = {
    *(
        "background",
        "code_digest",
        "cache",
        "characters",
        "editors",
        "encoding",
        "fault_formats",
        "fault_list",
        "faults",
        "file_reading",
        "inventory",
        "lru_cache",
    ),
    *("languages", "notes", "pipes", "policy", "setting_values", "settings", "theme", "toml_lines"),
}
"""The modules beside the folders that every folder may import."""
ORDER = (
    "ground",
    "markup",
    "content",
    "search",
    "library",
    "images",
    "loading",
    "web",
    "freezing",
    "writing",
    "checking",
    "hosting",
    "delivery",
    "preview",
    "importing",
    "commands",
    "terminal",
)
"""The rule of imports: a module imports from its own folder, or from an earlier one."""
LAZY = {
    "app_file": {"preview.stand_in"},
    "application": {"preview.live"},
    "content/abstract": {"markup.render"},
    "content/header": {"markup.foreign.translation"},
    "commands/group": {
        f"commands.{each}" for each in ("checking", "delivery", "importing", "new_site", "publishing", "writing")
    },
    "commands/delivery": {
        "delivery.announcement",
        "delivery.deploy",
        "delivery.errors",
        "delivery.notices",
        "delivery.store",
    },
    "commands/importing": {"importing.importer", "importing.report", "importing.verification"},
    "importing/translation": {"importing.dialects.html_to_markdown"},
    "loading/inputs": {"loading.git_changes", "loading.sources", "images.pictures"},
    "web/files/images": {"images.lettering", "images.social_cards"},
    "preview/file_events": {"watchfiles"},
    "preview/styleguide": {"markup.render"},
    "commands/writing": {
        "checking.partial",
        "writing.new",
        "writing.publication",
        "writing.renaming",
        "writing.sources",
    },
    "serving": {"settings"},
}
"""Imports inside functions: what they load (Python-Markdown, Pygments, Pillow) is not needed by every run."""
DOORS = {
    "boto3": {"delivery/store"},
    "botocore": {"delivery/store", "delivery/errors"},
    "emoji": {"importing/dialects/emojis"},
    "flask_flatpages": {"loading/sources"},
    "flask_frozen": {"freezing/page_writer"},
    "PIL": {"images"},
    "watchfiles": {"preview/file_events"},
    "markdown": {"markup"},
    "markdown_it": {"markup"},
    "markdownify": {"importing/dialects/html_to_markdown"},
    "math_core": {"markup"},
    "merman": {"markup"},
    "pygments": {"markup"},
    "selectolax": {"markup"},
    "yaml": {"content", "importing/reading/configuration"},
}
"""Where each foreign library is imported. (What other programs call YAML is read without the rules for authors.)"""
LONGEST_FUNCTION, LONGEST_MODULE, LARGEST_FOLDER = 40, 350, 18


def identity(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def folder_of(name: str) -> str:
    """The folder of a module, given as a path below the package; those beside the folders are ground or terminal."""
    first, _, rest = name.partition("/")
    return first if rest else ("ground" if first in GROUND else "terminal")


def imports(tree: ast.AST) -> Iterator[str]:
    """The modules that are imported, dotted; a name that is imported from a folder counts as its module."""
    for_types = {child for node in ast.walk(tree) if _is_for_types(node) for child in ast.walk(node)}
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            place = ROOT.joinpath(*node.module.split("."))
            modules = [alias.name for alias in node.names if (place / f"{alias.name}.py").is_file()]
            yield from (f"{node.module}.{name}" for name in modules)
            if len(modules) < len(node.names):
                yield node.module


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def own_imports(path: Path) -> set[str]:
    """Our own modules that a module imports, as paths below the package."""
    names = {name for name in imports(ast.parse(path.read_text())) if name.startswith("trigpoint.")}
    return {name.removeprefix("trigpoint.").replace(".", "/") for name in names}


@pytest.mark.parametrize("path", MODULES, ids=identity)
def test_a_module_imports_only_from_its_own_folder_or_an_earlier_one(path: Path) -> None:
    here = folder_of(identity(path))
    for name in own_imports(path):
        assert ORDER.index(folder_of(name)) <= ORDER.index(here), f"{identity(path)} ({here}) imports {name}"


def test_no_imports_go_in_a_circle() -> None:
    try:
        TopologicalSorter({identity(path): own_imports(path) - {identity(path)} for path in MODULES}).prepare()
    except CycleError as error:
        pytest.fail(f"{error.args[1]}")


def test_the_folders_are_those_of_the_order() -> None:
    assert {folder_of(identity(path)) for path in MODULES} == set(ORDER)
    assert {identity(path) for path in MODULES} >= GROUND


def test_a_folder_is_small_and_its_init_is_one_sentence() -> None:
    for folder in {path.parent for path in MODULES} - {PACKAGE}:
        assert len(list(folder.glob("*.py"))) - 1 <= LARGEST_FOLDER, folder
        tree = ast.parse((folder / "__init__.py").read_text())
        assert len(tree.body) == 1 and ast.get_docstring(tree), f"{folder.name}: code here undoes lazy imports"


@pytest.mark.parametrize("path", MODULES, ids=identity)
def test_a_foreign_library_has_one_door(path: Path) -> None:
    for name in imports(ast.parse(path.read_text())):
        door = DOORS.get(name.split(".")[0])
        assert door is None or {identity(path), folder_of(identity(path))} & door, f"{name}; its door is {door}"


@pytest.mark.parametrize("path", MODULES, ids=identity)
def test_imports_inside_functions_are_those_of_the_table(path: Path) -> None:
    hidden: set[str] = set()
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef):
            hidden |= set(imports(function))
    assert {name.removeprefix("trigpoint.") for name in hidden} == LAZY.get(identity(path), set())
    assert 'import_module("trigpoint' not in path.read_text()


@pytest.mark.parametrize("path", MODULES, ids=identity)
def test_a_module_is_read_in_one_sitting(path: Path) -> None:
    text = path.read_text()
    assert len([line for line in text.splitlines() if line.strip()]) <= LONGEST_MODULE
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef):
            assert (function.end_lineno or 0) - function.lineno <= LONGEST_FUNCTION, f"{path.name}: {function.name}"


@pytest.mark.parametrize("path", MODULES, ids=identity)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_templates_are_short_and_have_no_inline_style_or_script() -> None:
    for path in sorted((ROOT / "templates").glob("*.*")):
        if path.suffix == ".md":  # A text that is shown, and no template.
            continue
        text = path.read_text()
        assert len(text.splitlines()) <= 60, path.name
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*(?:src=|application/ld\+json))", text), (
            path.name
        )


def test_stylesheets_have_one_declaration_a_line() -> None:
    for path in sorted((ROOT / "static/css").glob("*.css")):
        text = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text(), flags=re.DOTALL)
        assert re.findall(r".*;[^\n}]*\w.*", text) == [], path.name


def test_colours_stand_in_tokens_alone() -> None:
    for path in sorted((ROOT / "static/css").glob("*.css")):
        if path.name in ("tokens.css", "feed.css"):
            continue
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(|oklch\(", path.read_text()), path.name
