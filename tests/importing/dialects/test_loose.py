"""An imported text is read as a lenient site reads it, in forms that a strict site knows."""

from __future__ import annotations

import pytest

from trigpoint.importing.dialects.loose import read, without_wiki_links

YOUTUBE = '<a href="https://www.youtube.com/watch?v=abc">https://www.youtube.com/watch?v=abc</a>'
MEANINGS = {
    "| a | b |\n| c | d |\n": "|  |  |\n|---|---|\n| a | b |\n| c | d |\n",
    "a^[see b c].\n": "a[^in-line-1].\n\n\n[^in-line-1]: see b c\n",
    "##Two ++enter++ :tada: ==x== %%y%%": "## Two <kbd>Enter</kbd> 🎉 <mark>x</mark> ",
    "![[a b.png|300]] [[Note]]": "![a b](<a b.png>){width=300} [[Note]]",
    "`==x==` {# a #}[a]({filename}b.md)": "`==x==` [a]({filename}b.md)",
    "> <div>x</div>\n> **b**": "> <div>x</div>\n>\n> **b**",
    "<div>x</div>\n## Head": "<div>x</div>\n\n## Head",
    '<img src="a.png" alt="x">\n*caption*': '<img src="a.png" alt="x"> *caption*',
    'a [caption id="x"]![T](a.png) Words[/caption]': "a ![T](a.png) Words",
    "![a](b.png){:.c :} `d`{:.e f}": "![a](b.png){:.c} `d`",
    "``` ruby a.rb http://e.org link\nx\n```": '``` ruby title="a.rb"\nx\n```',
    "```js\n// highlight-next-line\nx\n```": "```js\nx\n```\n",
}


@pytest.mark.parametrize("written", MEANINGS)
def test_it_is_read_as_what_it_means(written: str) -> None:
    assert read(written, ()) == MEANINGS[written]


def test_tags_of_a_plugin_of_pelican_are_read_there_alone() -> None:
    assert read("{% youtube abc %}", ("pelican",)) == YOUTUBE
    assert read("{% youtube abc %}", ("hugo",)) == "{% youtube abc %}"


def test_a_link_by_a_name_that_nothing_has_is_text() -> None:
    text = "[[A b]] [[a#b|c]] ![[d]] `[[e]]` [[1, 2]] [[f]](g)"
    assert without_wiki_links(text) == "A b c d `[[e]]` [[1, 2]] [[f]](g)"
