"""Every finding has a kind, and docs/checks.md says of each kind what it is: read from the code itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from trigpoint.fault_list import KIND
from trigpoint.freezing.checks.policy import KINDS
from trigpoint.library.cover_checks import KIND as COVER

ROOT = Path(__file__).parent.parent
ROWS = dict(re.findall(r"^\| `([a-z-]+)` \| (\w+) \|", (ROOT / "docs/checks.md").read_text(), re.MULTILINE))
NAMED = {"KIND": KIND, "BROKEN_COVER": COVER}
WITHOUT = {"ledger", "settings", "fault_list", "document", "prose_checks"}
"""Where Faults are read again, come before a site is loaded, or get the kind
that their maker is given."""
PLACES = {"Fault": 6, "warning": 3, "error": 3, "doubt": 3, "Withheld": 0}
"""What makes a fault, and the place of the kind among its arguments."""


def made() -> Iterator[tuple[str, ast.Call, ast.expr | None]]:
    """Each call that makes a fault, with its module, and the expression of its kind."""
    for path in sorted((ROOT / "trigpoint").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and (place := PLACES.get(name_of(node.func))) is not None:
                given = {each.arg: each.value for each in node.keywords}
                yield path.stem, node, given.get("kind") or (node.args[place] if len(node.args) > place else None)


def name_of(function: ast.expr) -> str:
    owner = function.value if isinstance(function, ast.Attribute) else None
    if isinstance(owner, ast.Attribute | ast.Name):
        is_findings = (owner.attr if isinstance(owner, ast.Attribute) else owner.id) == "findings"
        return function.attr if is_findings and isinstance(function, ast.Attribute) else ""
    return function.id if isinstance(function, ast.Name) else ""


def test_every_fault_has_a_kind() -> None:
    for module, call, kind in made():
        is_spread = any(isinstance(each, ast.Starred) for each in call.args)
        assert kind or is_spread or module in WITHOUT, f"{module}:{call.lineno}"


def test_the_table_has_the_kinds_of_the_code_and_their_severity() -> None:
    found = {KIND: "error", COVER: "error", "date-missing": "warning", "settings": "error", "file-language": "warning"}
    found |= dict.fromkeys(("tag-unregistered", "author-unregistered"), "error")
    found |= dict.fromkeys(KINDS.values(), "warning")
    for kind in ("leftover", "footnote-undefined", "alt-missing", "formula-form", "reference-undefined"):  # Of prose.
        found[kind] = "warning"
    for kind in (
        "code-option",
        "code-language",
        "code-lines",
        "code-size",
        "code-width",
    ):  # Complaints, told as warnings.
        found[kind] = "warning"
    for _, call, kind in made():
        if isinstance(kind, ast.Constant):
            assert isinstance(kind.value, str)
            is_warning = name_of(call.func) == "warning" or any(each.arg == "warning" for each in call.keywords)
            found[kind.value] = "warning" if is_warning else "error"
    found |= dict.fromkeys(("address-gone", "heading-gone", "id-changed"), "error")  # Of `vanished`.
    found["link-expires"] = "warning"  # A LinkProblem.
    found["asset-encoding"] = "error"  # Made by `encoding`.
    found["picture"] = "error"  # Where it is damaged only, a warning.
    assert found == ROWS
    texts = "".join(path.read_text() for path in (ROOT / "trigpoint").rglob("*.py"))
    assert [kind for kind in ROWS if f'"{kind}"' not in texts and kind not in KINDS.values()] == []
