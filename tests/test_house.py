"""The style of the house: floors, doors, sizes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import blog

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "blog"
MODULES = sorted(PACKAGE.rglob("*.py"))
DOORS = {
    "flask_flatpages": {"sources"},
    "flask_frozen": {"freezer"},
    "PIL": {"locations", "pictures", "socialcards"},
    "markdown": {"markup"},
    "math_core": {"markup"},
    "merman": {"markup"},
    "pymdownx": {"markup"},
    "pygments": {"markup"},
    "selectolax": {"markup"},
    "yaml": {"content"},
}
LONGEST_FUNCTION, LONGEST_MODULE = 40, 350


def floors() -> list[list[str]]:
    """The floor plan of the package's docstring, from the ground up."""
    plan = re.findall(r"^    ([a-z_ ]+?)\s{2,}\w+$", str(blog.__doc__), re.MULTILINE)
    return [line.split() for line in reversed(plan)]


PLACES = {name: (height, place) for height, floor in enumerate(floors()) for place, name in enumerate(floor)}


def room(path: Path) -> str:
    """The name in the floor plan that a file belongs to: its module's, or its folder's."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "blog":
            yield from (f"blog.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def identity(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=identity)
def test_a_module_imports_only_from_below_or_from_its_left(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        return
    for name in imports(path):
        if not name.startswith("blog."):
            continue
        there = name.split(".")[1]
        height, place = PLACES[there]
        own_height, own_place = PLACES[here]
        assert there == here or height < own_height or (height == own_height and place < own_place), (
            f"{here} (floor {own_height}) imports {there} (floor {height})"
        )


def test_every_module_has_a_place_in_the_floor_plan() -> None:
    assert {room(path) for path in MODULES} - {"__init__"} == set(PLACES)


@pytest.mark.parametrize("path", MODULES, ids=identity)
def test_a_foreign_library_has_one_door(path: Path) -> None:
    for name in imports(path):
        door = DOORS.get(name.split(".")[0])
        assert door is None or room(path) in door, f"{room(path)} imports {name}; its door is {door}"


@pytest.mark.parametrize("path", MODULES, ids=identity)
def test_imports_stand_at_the_top_of_a_module(path: Path) -> None:
    tree = ast.parse(path.read_text())
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            hidden = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
            assert not hidden, f"{path.name}:{function.lineno} {function.name}"


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
    for path in sorted((ROOT / "templates").iterdir()):
        if path.suffix == ".md":  # A text that is shown, and no template.
            continue
        text = path.read_text()
        assert len(text.splitlines()) <= 60, path.name
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*(?:src=|application/ld\+json))", text), (
            path.name
        )


def test_colours_stand_in_tokens_alone() -> None:
    for path in sorted((ROOT / "static/css").glob("*.css")):
        if path.name in ("tokens.css", "feed.css"):
            continue
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(|oklch\(", path.read_text()), path.name
