"""What the documents say is so: commands exist, examples work, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import trigpoint
from tests.conftest import ROOT
from tests.test_house import MODULES, ORDER
from trigpoint.commands.group import COMMANDS
from trigpoint.content.pages import Post, Rules
from trigpoint.content.read_page import read_page

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "CHANGELOG.md", ROOT / "SECURITY.md"]
DECISIONS = sorted((ROOT / "docs/decisions").glob("0*.md"))
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    outside_code = re.sub(r"```.*?```|`[^`]*`", "", document.read_text(), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)#\s]+)\)", outside_code):
        if "://" not in link:
            assert (document.parent / link).exists(), f"{document.name} links to {link}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_merge_is_left_half_made_in_a_document(document: Path) -> None:
    assert re.findall(r"^(?:<{7}|={7}|>{7})(?: .*)?$", document.read_text(), re.MULTILINE) == []


def test_the_make_targets_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)", README, re.MULTILINE)) <= targets


def test_the_flask_commands_of_the_readme_exist() -> None:
    wanted = set(re.findall(r"^\.venv/bin/flask ([a-z-]+)", README, re.MULTILINE))
    assert wanted
    assert wanted <= set(COMMANDS)


def test_the_post_of_the_readme_is_a_post() -> None:
    example = re.search(r"```markdown\n(.*?)```", README, re.DOTALL)
    assert example
    rules = Rules(zone=ZoneInfo("UTC"), tags_open=True)
    page, faults = read_page("posts/my-first-post.md", example[1].encode(), rules)
    assert faults == ()
    assert isinstance(page, Post)
    assert page.address == "/posts/my-first-post/"


def test_the_fault_of_the_readme_is_what_an_author_sees() -> None:
    raw = b"---\ntitle: A\ndate: 2026-01-01\ntgas: [Go]\n---\n"
    _, faults = read_page("posts/a.md", raw, Rules(zone=ZoneInfo("UTC")))
    assert f"`{faults[0]}`" in README


def test_the_folders_are_named_where_they_are_explained() -> None:
    design = (ROOT / "docs/design.md").read_text()
    for text in (README, design, str(trigpoint.__doc__)):
        assert [folder for folder in ORDER[1:-1] if not re.search(rf"\b{folder}\b", text)] == []
    assert [path.stem for path in MODULES if f"`{path.stem}`" not in design] == []


def test_the_index_of_the_documents_has_each_of_them() -> None:
    index = (ROOT / "docs/README.md").read_text()
    assert [path.name for path in (ROOT / "docs").glob("*.md") if f"({path.name})" not in index] == ["README.md"]


def test_the_index_of_the_decisions_has_each_of_them_by_its_title() -> None:
    titles = [path.read_text().partition("\n")[0].removeprefix("# ").split(maxsplit=1) for path in DECISIONS]
    lines = [
        f"- [{number}]({path.name}): {title.rstrip('.')}"
        for path, (number, title) in zip(DECISIONS, titles, strict=True)
    ]
    index = (ROOT / "docs/decisions/README.md").read_text()
    assert [line for line in index.splitlines() if line.startswith("- ")] == lines
    for number in range(1, len(lines) + 3):
        assert f"{number:04}" in index


def test_the_glossary_is_in_the_order_of_the_alphabet() -> None:
    words = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)[1:]
    assert words == sorted(words, key=str.casefold)
    assert len(set(words)) == len(words)


def test_the_copies_of_files_have_one_name_each() -> None:
    """An article as Markdown is its Markdown version, a file as gzip a compressed file."""
    for path in [*DOCUMENTS, *sorted((ROOT / "trigpoint").rglob("*.py"))]:
        assert not re.search(r"\btwins?\b", path.read_text()) or path.name == "CHANGELOG.md", path


def test_a_decision_is_short_and_has_its_parts() -> None:
    for path in DECISIONS:
        text = path.read_text()
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name)
        assert len(text.splitlines()) <= 40
        assert "**Context.**" in text
        assert "**Decision.**" in text


def test_every_dependency_says_why() -> None:
    said = set(re.findall(r"^\| ([a-z-]+) \|", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE)) - {"package"}
    wanted = {re.split(r"[<>= ]", line)[0] for line in (ROOT / "requirements.in").read_text().splitlines() if line}
    assert said == wanted


def test_every_pin_has_its_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-import.txt", "requirements-s3.txt"):
        for block in re.split(r"\n(?=\S)", (ROOT / name).read_text().strip()):
            assert re.match(r"[a-z0-9-]+==\S+", block), block
            assert "--hash=sha256:" in block, block


def test_every_promise_of_security_names_its_test() -> None:
    text = (ROOT / "SECURITY.md").read_text().split("\n## What holds\n")[1].split("\n## ")[0]
    promises = re.findall(r"^- .+(?:\n {2}.+)*", text, re.MULTILINE)
    assert len(promises) > 10
    for promise in promises:
        found = re.search(r"<!-- (tests/[\w/]+\.py)::(test_\w+) -->$", promise)
        assert found, promise
        assert f"\ndef {found[2]}(" in (ROOT / found[1]).read_text(), promise
