"""Marks of other generators, notes that are not there and pictures without words are named by their line."""

from __future__ import annotations

import pytest

from trigpoint.markup.render import render


def told(body: str) -> list[tuple[int, str, str]]:
    found = render(body, path="a.md", first_line=1, title="", beside=lambda name: None)
    kinds = ("leftover", "footnote-undefined", "alt-missing")
    return [(fault.line, fault.kind, fault.sentence) for fault in found.faults if fault.kind in kinds]


@pytest.mark.parametrize(
    ("leftover", "what"),
    [
        ("{% highlight py %}", "a tag of Liquid or Jinja"), ("{%- include x.html -%}", "a tag of Liquid or Jinja"),
        ("{{ site.title }}", "a value of a template"), ('{{< figure src="a.png" >}}', "a shortcode of Hugo"),
        ("{{% notice %}}", "a shortcode of Hugo"), ("[[Other page]]", "a wiki link"), ("[[a|b]]", "a wiki link"),
        ("::: warning", "a box of another dialect"), (":::{note}", "a box of another dialect"),
        ('=== "Tab one"', "a tab of MkDocs"), ('!!! note "T" inline', "a callout that is not understood"),
        ("{# a note #}", "a comment of Jinja"), ("{/* a note */}", "a comment of MDX"),
        ("<%= yield %>", "a tag of ERB or EJS"), ("<% if x %>", "a tag of ERB or EJS"),
        ("import Tabs from '@theme/Tabs';", "a line of MDX"), ('import { a, b } from "./b.mdx"', "a line of MDX"),
        ("export const meta = {", "a line of MDX"), ("<Tabs.Item />", "a component of MDX"),
        ("<Image src={photo} />", "a component of MDX"), ('[gallery ids="1,2"]', "a shortcode of WordPress"),
        ("[gallery]", "a shortcode of WordPress"), ("[youtube id=x]", "a shortcode of WordPress"),
        ("%%a note%%", "a comment of Obsidian"), ("%%", "a comment of Obsidian"),
        ("![[a.png]]", "an embed of Obsidian"), ("[TOC]", "a mark of another dialect, and it is left out"),
        ("{:toc}", "a mark of another dialect, and it is left out"),
    ],
)  # fmt: skip
def test_a_leftover_is_named_with_its_line(leftover: str, what: str) -> None:
    assert told(f"One.\n\n{leftover}\n") == [(3, "leftover", f'"{leftover}" is {what}.')]


@pytest.mark.parametrize(
    "around", ["`{}`", "```\n{}\n```", "    {}", "> ```\n> {}\n> ```", "<pre>{}</pre>", "$x {} y$"]
)
@pytest.mark.parametrize(
    "sample", ["{% if x %}", "{{ x }}", "{{< y >}}", "[[z]]", "{# x #}", "<% x %>", '[a b="c"]', "%%x%%", "<A.B />"]
)
def test_in_code_and_formulas_nothing_is_left_over(around: str, sample: str) -> None:
    assert told(f"One.\n\n{around.format(sample)}\n") == []


@pytest.mark.parametrize(
    "fine",
    ["[[1]](https://e.org) and a[[1]]", "if [[ -f x ]]", "# A {#x .y}", "A paragraph.\n{: .lead}", "{figure: x}",
     "![words](a.png){width=3}", "x^{{n}}", "=====", '!!! note "T"\n    x', "a :: b", "100 {%", "<!-- {% x %} -->",
     "<script>{{ x }}</script>", "[[x]: y]", "[![words](a.png)](b.md)", "[a][[b]]", "<kbd>{{ x }}</kbd>",
     "import os", "We import Tabs from 'there'.", "`import a from 'b'`", "{#a} and #}", "5 <% 6 %", "100%% and 50%%",
     "printf %%d and %%s", "[SYN seq=100]", "Map<Foo.Bar>", "a[b c='d']", "[gallery](a.md)", "the [gallery] there",
     "<img src='a.png' alt='{x}'>", "<!-- {# x #} %%y%% -->"],
)  # fmt: skip
def test_what_looks_alike_is_no_finding(fine: str) -> None:
    assert told(f"One.\n\n{fine}\n") == []


def test_a_shortcode_around_a_text_is_named_where_it_opens() -> None:
    (found,) = told("One.\n\n[caption]A picture[/caption]\n")
    assert found == (3, "leftover", '"[caption]" is a shortcode of WordPress.')


def test_a_tag_of_liquid_that_markdown_eats_is_named() -> None:
    assert [line for line, _, _ in told("{% highlight py %}\nx\n{% endhighlight %}")] == [1, 3]


@pytest.mark.parametrize(
    ("text", "label"), [("a[^nope]", "nope"), ("a.[^1]", "1"), ("| a[^x1] | b |\n|---|---|\n| 1 | 2 |", "x1")]
)
def test_a_footnote_that_is_not_there_is_named(text: str, label: str) -> None:
    assert told(f"One.\n\n{text}") == [(3, "footnote-undefined", f'There is no footnote "{label}".')]


def test_the_nearest_footnote_is_suggested() -> None:
    found = render("a[^Why] b[^why]\n\n[^why]: c", path="a.md", first_line=1, title="", beside=lambda name: None)
    assert [fault.cure for fault in found.faults if fault.kind == "footnote-undefined"] in ([], ['Did you mean "why"?'])


@pytest.mark.parametrize(
    "text",
    ["`[^nope]`", "```\n[^nope]\n```", "match [^a-z] here", "[^0-9]+", "([^/]*)", "^[^abc]", "[^x]*", "\\[^nope]",
     "a[^b](c.md)", "a[^why]\n\n[^why]: b", "[^,] and [^\"]", "[^a]", "$[^nope]$"],
)  # fmt: skip
def test_what_is_no_reference_to_a_footnote_is_no_finding(text: str) -> None:
    assert [found for found in told(text) if found[1] == "footnote-undefined"] == []


@pytest.mark.parametrize(
    "text", ["![](a.png)", "![ ](a.png)", "[![](a.png)](b.md)", "![][a]\n\n[a]: a.png", '<img src="a.png">']
)
def test_a_picture_without_words_is_named(text: str) -> None:
    assert told(f"One.\n\n{text}") == [(3, "alt-missing", "This picture has no words for who cannot see it.")]


@pytest.mark.parametrize("text", ["![A](a.png)", '<img src="a.png" alt="">', "`![](a.png)`", "\\![](a.png)"])
def test_a_picture_with_words_or_without_meaning_is_no_finding(text: str) -> None:
    assert told(text) == []
