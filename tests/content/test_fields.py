"""The reference of the fields says what the code does."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from trigpoint.content.fields import FIELDS
from trigpoint.content.list_fields import TAGS
from trigpoint.content.pages import Page, Rules, Tag
from trigpoint.content.read_page import read_page
from trigpoint.content.registries.tags import read_tags
from trigpoint.content.values import TEXT, TITLE
from trigpoint.content.yaml_nodes import DEPTH, KEYS

DOCS = (Path(__file__).parent.parent.parent / "docs" / "front-matter.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", DOCS, re.MULTILINE | re.DOTALL))
RULES = Rules(
    dt.UTC, (Tag("grpc", "gRPC"), Tag("distributed-systems", "Distributed Systems"), Tag("python-3-10", "3.10"))
)


def example_of(name: str) -> str:
    (found,) = re.findall(r"```yaml\n(.*?)```", SECTIONS[name], re.DOTALL)
    return str(found)


def read_with(*lines: str, path: str = "posts/a.md") -> Page:
    page, faults = read_page(path, "\n".join(["---", *lines, "---", "Text."]).encode(), RULES)
    assert page is not None and not faults, faults
    return page


def test_the_fields_are_documented_in_their_order() -> None:
    assert list(SECTIONS) == list(FIELDS)


@pytest.mark.parametrize("name", FIELDS)
def test_each_example_changes_the_post(name: str) -> None:
    need = {"title": "title: A title", "date": "date: 2026-04-30"}
    plain = read_with(*need.values())
    need[name] = example_of(name).rstrip()
    attribute = FIELDS[name].attribute
    assert getattr(read_with(*need.values()), attribute) != getattr(plain, attribute)


@pytest.mark.parametrize("name", FIELDS)
def test_the_reference_says_which_fields_are_of_posts(name: str) -> None:
    assert ("Posts only" in SECTIONS[name]) == FIELDS[name].of_posts


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_may_stand_empty_where_the_reference_says_so(name: str) -> None:
    fields = {"title": "title: A title", "date": "date: 2026-04-30"} | {name: f"{name}:"}
    _, faults = read_page("posts/a.md", "\n".join(["---", *fields.values(), "---", ""]).encode(), RULES)
    refused = re.findall(r"`(\w+)`", DOCS.split("but for ", 1)[1].split("where", 1)[0])
    assert bool(faults) == (name in refused)


def test_each_form_of_a_date_in_the_reference_is_read() -> None:
    forms = re.findall(r"`([^`]+)`", SECTIONS["date"].split("Accepted:")[1].split(";")[0])
    assert len(forms) == 5
    assert all(read_with("title: A title", f"date: {form}") for form in forms)


def test_the_limits_of_the_reference_are_those_of_the_code() -> None:
    assert f"{KEYS} keys and {DEPTH} levels" in DOCS
    assert f"at most {TITLE} characters" in SECTIONS["title"]
    assert f"at most {TEXT} characters" in SECTIONS["summary"]
    assert f"at most {TAGS}." in SECTIONS["tags"]


def test_the_first_example_is_a_post() -> None:
    example = DOCS.split("```markdown\n")[1].split("```")[0]
    page, faults = read_page("posts/a.md", example.encode(), Rules(dt.UTC, tags_open=True))
    assert page is not None and not faults


def test_the_example_of_a_tag_is_a_tag() -> None:
    tags, faults = read_tags("tags.toml", DOCS.split("```toml\n")[1].split("```")[0].encode())
    assert len(tags) == 1 and not faults


def test_the_example_of_a_fault_is_its_printed_form() -> None:
    _, faults = read_page("posts/a.md", b"---\ntitle: A\ndate: 2026-05-01\ntgas: []\n---\n", RULES)
    assert f"{faults[0]}\n" in DOCS
