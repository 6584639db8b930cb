"""Each form of a header that other programs write is read, and nothing of it is text."""

from __future__ import annotations

import datetime as dt

import pytest

from trigpoint.content.foreign.headers import parts_of
from trigpoint.content.pages import Post, Rules
from trigpoint.content.read_page import read_page

RULES = Rules(dt.UTC, lenient=True)
FORMS = {
    "Flask-FlatPages": "title: A: B\ndate: 2020-01-02\ntags: [x, y]\n\nText",
    "Flask-FlatPages, lists": "title: 'A: B'\ndate: 2020-01-02\ntags:\n  - x\n  - y\n\nText",
    "Flask-FlatPages, unindented lists": "foo: bar\ntitle: 'A: B'\ndate: 2020-01-02\ntags:\n- x\n- y\n\nText",
    "Flask-FlatPages, blocks": "summary: |\n  s\n  s\ntitle: 'A: B'\ndate: 2020-01-02\ntags: [x,\n  y]\n\nText",
    "Pelican": "Title: A: B\nDate: 2020-01-02 10:20\nTags: x, y\nSummary: s\n   goes on\n\nText",
    "MultiMarkdown": "Title:  A: B\nBase Header Level: 2\nDate: 2020-01-02\nTags: x, y\n\nText",
    "Hexo": "title: A: B\ndate: 2020/1/2 20:46:25\ntags: [x, y]\n---\n\nText",
    "Hexo, an empty line": "title: A: B\ndate: 2020/1/2 20:46:25\ntags: [x, y]\n\n---\nText",
    "Hexo, JSON": ';;;\n"title": "A: B",\n"date": "2020-01-02",\n"tags": ["x", "y"]\n;;;\n\nText',
    "Hugo, JSON": '{\n  "title": "A: B",\n  "date": "2020-01-02",\n\t"tags": ["x", "y"]\n}\n\nText',
    "Hugo, JSON in one line": '{"title": "A: B", "date": "2020-01-02", "tags": ["x", "y"]}\nText',
    "JSON in fences": '---json\n{"title": "A: B", "date": "2020-01-02", "tags": ["x", "y"]}\n---\n\nText',
    "TOML in a fence of code": '~~~~toml\ntitle = "A: B"\ndate = "2020-01-02"\ntags = ["x", "y"]\n~~~~\n\nText',
    "YAML in a fence of code": "```yaml\ntitle: 'A: B'\ndate: 2020-01-02\ntags: [x, y]\n```\n\nText",
    "Nikola": "<!--\n.. title: A: B\n.. date: 2020-01-02 19:52:05 UTC\n.. tags: x, y\n.. link: \n-->\n\nText",
    "Nikola, reST": ".. title: A: B\n.. date: 2020-01-02 19:52:05 UTC\n.. tags: x, y\n\nText",
    "MDX": "export const meta = {\n  title: 'A: B',\n  date: '2020-01-02',\n  tags: ['x', 'y'],\n}\n\nText",
    "Org": "#+TITLE: A: B\n#+DATE: 2020-01-02\n#+TAGS: x, y\n\nText",
    "below a comment": "<!-- prettier-ignore -->\n---\ntitle: 'A: B'\ndate: 2020-01-02\ntags: [x, y]\n---\nText",
    "below empty lines": "\n\n ---\ntitle: 'A: B'\ndate: 2020-01-02\ntags: [x, y]\n ---\nText",
    "a text follows at once": "Date: 2020-01-02\nTitle: A: B\nTags: x, y\nText",
    "a list with a stray quote": "---\ntitle: A: B\ndate: 2020-01-02\ntags: ['x', 'y]\n---\nText",
    "never closed": "---\ntitle: 'A: B'\ndate: 2020-01-02\ntags: [x, y]\n\nText",
    "a second colon, tabs, a missing space": "---\ntitle: A: B\ndate: 2020-01-02\ntags:\n\t- x\n\t-y\n---\nText",
}


@pytest.mark.parametrize("name", FORMS)
def test_a_header_of_any_form_is_read(name: str) -> None:
    post, faults = read_page("posts/a.md", FORMS[name].encode(), RULES)
    assert isinstance(post, Post), faults
    assert (post.title, post.date.date()) == ("A: B", dt.date(2020, 1, 2))
    assert [tag.name for tag in post.tags] == ["x", "y"]
    assert post.source.body and post.source.body.strip() == "Text"
    assert FORMS[name].split("\n")[post.source.body_line - 1 :] == post.source.body.split("\n")


@pytest.mark.parametrize("name", FORMS)
def test_a_message_names_the_line_of_the_file(name: str) -> None:
    text = FORMS[name].replace("2020-01-02", "soon").replace("2020/1/2", "soon")
    (fault,) = (each for each in read_page("posts/a.md", text.encode(), RULES)[1] if "soon" in each.sentence)
    assert "soon" in text.split("\n")[fault.line - 1]


def test_pandocs_three_lines_are_a_header() -> None:
    found = parts_of("% A: B\n% Ada\n% 2020-01-02\n\nText")
    assert found and (found.header.split("\n")[:3], found.body) == (
        ['title: "A: B"', 'author: "Ada"', 'date: "2020-01-02"'],
        "\nText",
    )


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("[Solved] A", "[Solved] A"), ("@a b", "@a b"), ("`a` b", "`a` b"), ("*a* b", "*a* b"), ("!a b", "!a b"),
        ("'It's'", "It's"), ('"A \\d"', "A \\d"), ('"A" and "B"', '"A" and "B"'),
        ("{{ a }}", "{{ a }}"), ("> a", "> a"),
    ],
)  # fmt: skip
def test_a_value_that_yaml_cannot_read_is_a_text(written: str, title: str) -> None:
    page, faults = read_page("posts/a.md", f"---\ntitle: {written}\ndate: 2020-01-02\n---\n".encode(), RULES)
    assert page and page.title == title and [fault.warning for fault in faults] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Note: x\n\nText",
        "---\nA rule above.\n\n---\nText",
        "```yaml\na: 1\n```\n",
        "{figure: a}\n",
        "Title and more\n",
        "Date: today\nI went\n",
    ],
)
def test_a_text_is_no_header(text: str) -> None:
    assert parts_of(text) is None
