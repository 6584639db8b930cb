"""Front matter in every form gives the same fields; what is none is text; a hostile one is a fault."""

from __future__ import annotations

import pytest

from trigpoint.importing.reading.headers import parted

FORMS = {
    "yaml": "---\ntitle: A\ntags: [x, y]\n---\nBody.\n",
    "yaml closed by dots": "---\ntitle: A\ntags:\n- x\n- y\n...\nBody.\n",
    "yaml closed by more hyphens": "---\ntitle: A\ntags: [x, y]\n-----\nBody.\n",
    "yaml below a comment": "<!-- generated -->\n---\ntitle: A\ntags: [x, y]\n---\nBody.\n",
    "yaml behind empty lines": "\n\n---\ntitle: A\ntags: [x, y]\n---\nBody.\n",
    "yaml behind a mark of order": "\ufeff---\ntitle: A\ntags: [x, y]\n---\nBody.\n",
    "toml": '+++\ntitle = "A"\ntags = ["x", "y"]\n+++\nBody.\n',
    "toml in a fence": '~~~~toml\ntitle = "A"\ntags = ["x", "y"]\n~~~~\nBody.\n',
    "json": '{"title": "A", "tags": ["x", "y"]}\nBody.\n',
    "json between hyphens": '---json\n{"title": "A", "tags": ["x", "y"]}\n---\nBody.\n',
    "json of Hexo": '"title": "A", "tags": ["x", "y"]\n'.join((";;;\n", ";;;\nBody.\n")),
    "bare lines": "title: A\ntags: [x, y]\n\nBody.\n",
    "stars": "***\ntitle: A\ntags: [x, y]\n***\nBody.\n",
    "a dash": "—\ntitle: A\ntags: [x, y]\n—\nBody.\n",
    "a module with imports": "import a from 'a'\n\nexport const m = {\n  title: 'A',\n  tags: ['x', 'y'],\n}\nBody.\n",
    "a module of JavaScript": "export const meta = {\n  title: 'A',\n  tags: ['x', 'y'],\n}\nBody.\n",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_each_form_gives_the_same(text: str) -> None:
    found = parted(text)
    assert (found.fields, found.body.strip(), found.problem) == ({"title": "A", "tags": ["x", "y"]}, "Body.", "")
    assert text.split("\n")[found.line - 1 :] == found.body.split("\n")


def test_metadata_lines_go_on_where_they_are_indented() -> None:
    found = parted("Title: A: b\nTags: x, y\nSummary: one\n    two\nAuthors: Ada\n    Bob\n\nBody.\n")
    assert found.fields == {"Title": "A: b", "Tags": "x, y", "Summary": "one two", "Authors": ["Ada", "Bob"]}


def test_names_in_lines_of_their_own_are_a_list_unless_commas_part_them() -> None:
    found = parted("Title: A\nAuthors:\n    Ada\n    Bob\nTags: x, y,\n    z\n\nBody.\n")
    assert found.fields == {"Title": "A", "Authors": ["Ada", "Bob"], "Tags": "x, y, z"}


def test_lines_of_org_are_a_header() -> None:
    found = parted("#+title: A: b\n#+tags: x\n\nBody.\n", bare=False)
    assert (found.fields, found.body.strip()) == ({"title": "A: b", "tags": "x"}, "Body.")


def test_lines_without_a_fence_are_text_where_a_generator_takes_them_for_none() -> None:
    text = "title: A\ndate: 2020-01-02\n\nBody.\n"
    assert parted(text, bare=False).body == text


@pytest.mark.parametrize("text", ["---\n---\nBody.\n", "---\n# nothing\n---\nBody.\n", "+++\n+++\nBody.\n"])
def test_an_empty_header_has_no_problem(text: str) -> None:
    assert (parted(text).fields, parted(text).body, parted(text).problem) == ({}, "Body.\n", "")


def test_a_control_character_loses_no_field() -> None:
    assert parted("---\ntitle: A\x08b\ntags: [x]\n---\n").fields == {"title": "Ab", "tags": ["x"]}


def test_toml_that_cannot_be_read_is_read_line_by_line() -> None:
    assert parted("+++\ntitle = A b\ntags = [x, y]\n+++\n").fields == {"title": "A b", "tags": ["x", "y"]}


def test_nikolas_comment_is_a_header() -> None:
    found = parted("<!--\n.. title: A: b\n.. tags: x\n-->\n\nBody.\n")
    assert (found.fields, found.body.strip()) == ({"title": "A: b", "tags": "x"}, "Body.")


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("title: A: b", {"title": "A: b"}),
        ("title: @x", {"title": "@x"}),
        ("title: 'It's'", {"title": "It's"}),
        ("title: A\ntags:\n\t- x\n- y", {"title": "A", "tags": ["x", "y"]}),
        ("title: A\ntags:\n- x\n-y", {"title": "A", "tags": ["x", "y"]}),
    ],
)
def test_what_yaml_cannot_read_is_read_line_by_line(header: str, fields: object) -> None:
    assert parted(f"---\n{header}\n---\n").fields == fields


def test_of_a_key_that_comes_twice_the_last_counts() -> None:
    assert parted("---\ntitle: A\ntitle: B\n---\n").fields == {"title": "B"}


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nA rule above.\n",
        "Note: this is a text.\n\nMore.\n",
        "# Title\n\n---\nx: y\n---\n",
        "{% raw %}\n",
        "***\n",
    ],
)
def test_a_text_is_no_header(text: str) -> None:
    assert (parted(text).fields, parted(text).body) == ({}, text)


def bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "header", [bomb(), "a: " + "[" * 5000 + "]" * 5000, "a: " + "x" * 70_000], ids=["aliases", "depth", "length"]
)
def test_a_hostile_header_is_a_fault_and_the_text_stays(header: str) -> None:
    found = parted(f"---\n{header}\n---\nBody.\n")
    assert (found.fields, found.body) == ({}, "Body.\n")
    assert found.problem


def test_nikola_may_have_a_comment_for_each_field() -> None:
    found = parted("<!-- .. title: A -->\n<!-- .. tags: x, y -->\n\nBody.\n")
    assert (found.fields, found.body) == ({"title": "A", "tags": "x, y"}, "\nBody.\n")
