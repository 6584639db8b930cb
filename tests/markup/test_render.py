"""Markdown becomes a Document: what authors write appears, mistakes have places, and nothing makes it raise."""

from __future__ import annotations

import json
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.dom import minidom

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from trigpoint.markup.document import Document, Link
from trigpoint.markup.render import excerpt, plain, render

REFERENCE = Path(__file__).parent.parent.parent / "docs" / "markdown.md"
FIX = "import re\n\nclass A:\n    # region parse\n    def parse(text):\n        return text\n    # endregion parse\n"
FILES = {"code/fix.py": FIX, "results.json": json.dumps({"figures": {"speed": "3.4 ms", "count": 12, "raw": "<*a*>"}})}


def beside(name: str) -> bytes | None:
    return FILES[name].encode() if name in FILES else None


def rendered(body: str, title: str = "") -> Document:
    return render(body, path="pages/posts/a.md", first_line=10, title=title, beside=beside)


def html(body: str, title: str = "") -> str:
    return rendered(body, title).page(lambda link: link.target, lambda image: image.html(image.link.target))


def told(body: str) -> list[str]:
    return [str(fault) for fault in rendered(body).faults]


@pytest.mark.parametrize(
    ("info", "sentence"),
    [
        ('py file=""', '"" is not beside the article. Name a file in its folder, without `..`.'),
        ("py file=", 'warning: "file" names nothing. Write `file="…"`.'),
        ("py file='' region=parse", '"" is not beside the article. Name a file in its folder, without `..`.'),
        ("py region=parse", 'warning: The region "parse" is of no file. Write `file="…"` beside it.'),
    ],
)
def test_a_fence_that_names_no_file_is_told(info: str, sentence: str) -> None:
    assert told(f"One.\n\n```{info}\n```\n") == [f"pages/posts/a.md:12: {sentence}"]


EXAMPLES = re.findall(r"^````markdown\n(.*?)\n````\n````html\n(.*?)\n````$", REFERENCE.read_text("utf-8"), re.M | re.S)


@pytest.mark.parametrize(("source", "expected"), EXAMPLES)
def test_every_example_of_the_reference_is_true(source: str, expected: str) -> None:
    page, at = html(source), 0
    for line in expected.split("\n"):
        assert line in page[at:], page
        at = page.index(line, at) + len(line)
    assert told(source) == []


def test_the_reference_has_examples_and_each_has_its_answer() -> None:
    assert len(EXAMPLES) == REFERENCE.read_text("utf-8").count("````markdown\n") > 15


# Headings


def test_a_first_heading_that_repeats_the_title_is_left_out() -> None:
    assert html("# The *Title*\n\ntext", title="The Title") == "<p>text</p>"
    assert html("The Title {#own}\n===\n\ntext", title="The *Title*") == "<p>text</p>"
    assert "<h2" in html("# Another\n\ntext", title="The Title")


@pytest.mark.parametrize(
    ("used", "shown"),
    [("123", "234"), ("24", "23"), ("355", "233"), ("4232", "4232"), ("243", "243"), ("123456", "234566")],
)
def test_the_levels_that_a_page_uses_are_ranked_from_two(used: str, shown: str) -> None:
    page = html("\n".join("#" * int(level) + " x" for level in used) + "\n\n```\n<h1>\n```")
    assert "".join(re.findall(r"<h(\d)", page)) == shown


def test_a_heading_in_html_has_a_level_too() -> None:
    assert re.findall(r"<h(\d)", html("### a\n\n<h1>b</h1>")) == ["3", "2"]


def test_ids_are_unique_and_yield_to_those_the_author_gave() -> None:
    document = rendered('# x\n# x\n# y {#x-2}\n<p id="z">\n\n# z')
    assert document.ids == ("x", "x-3", "x-2", "z", "z-2")


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ('<i id="a">x</i>\n\n<b id=a>y</b>\n\n<b id="a">z</b>', 12),
        ("# B {#a}\n\n# C {.x #a}", 12),
        ('<div id="a"></div>\n\n`id="a"`\n\n# C {#a}', 14),
        ("<p ID='a&amp;b'></p>\n<p id='a&amp;b'></p>", 11),
    ],
)
def test_an_id_that_is_given_twice_is_named_where_it_comes_again(body: str, line: int) -> None:
    (found,) = [fault for fault in rendered(body).faults if fault.kind == "id-twice"]
    assert (found.line, found.warning) == (line, True)


@pytest.mark.parametrize(
    "body", ['<a name="a"></a>\n\n# B {#a}', "# a\n\n# a", "a[^1] b[^1]\n\n[^1]: c", '`<i id="a">` <i id="a">x</i>']
)
def test_ids_that_are_given_once_are_no_finding(body: str) -> None:
    assert [fault for fault in rendered(body).faults if fault.kind == "id-twice"] == []


def test_an_id_never_clashes_with_the_layout() -> None:
    assert rendered("# Page top").ids == ("section-page-top",)
    assert told("text\n\n# a {#page-top}") == [
        'pages/posts/a.md:12: warning: The id "page-top" starts with "page-", as the ids of the layout do. '
        "Take another."
    ]


def test_a_heading_without_letters_has_an_id_too() -> None:
    assert rendered("# !?\n# …").ids == ("section", "section-2")


def test_the_contents_hold_two_levels_without_links() -> None:
    top, other = rendered("# A [l](x.md) `c`[^1]\n## B\n### C\n# D\n\n[^1]: note").toc
    assert (top.id, top.html, top.level) == ("a-l-c", "A l <code>c</code>", 2)
    assert [(child.id, child.level, child.children) for child in top.children] == [("b", 3, ())]
    assert other.id == "d"


@pytest.mark.parametrize(
    ("body", "entries"), [("## A\n\ntext", 0), ("## A\n\n#### B", 2), ("## A\n\n## B", 2), ("# A\n## B\n### C", 2)]
)
def test_contents_have_two_entries_or_are_left_out(body: str, entries: int) -> None:
    assert sum(1 + len(heading.children) for heading in rendered(body).toc) == entries


def test_an_anchor_has_a_name_and_stays_out_of_the_text() -> None:
    assert 'aria-label="Link to this section: A &lt;b&gt;">#</a></h2>' in html("# A `<b>`")
    assert rendered("# A\n\nb").text == "A b"


def test_a_heading_without_its_space_is_warned_of() -> None:
    assert "12: warning: `#` without a space makes no heading." in told("a\n\n##Title")[0]


# Code


def test_code_is_never_interpreted() -> None:
    page = html("```\n{{ x }} {figure: speed} *a* [b](c) <!-- d --> &amp; :smile: [^1] https://e.org\n```\n\n[^1]: x")
    assert "{{ x }} {figure: speed} *a* [b](c) &lt;!-- d --&gt; &amp;amp; :smile: [^1] https://e.org" in page


def test_code_colours_by_classes_and_no_style_or_script_is_ours() -> None:
    page = html("```diff\n-a\n+b\n```\n\na|b\n:-:|-\n1|2\n\n> [!NOTE]\n> x")
    assert '<span class="gd">-a</span>' in page
    assert "style=" not in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("source", "warning"),
    [
        ("```nolang\nx\n```", '"nolang" is no language that can be coloured. It is shown plain.'),
        ("```py tittle=x\nx\n```", '"tittle" is no option of a code block. Did you mean "title"?'),
        ('```py hl_lines="1-999999999"\nx\n```', "`hl_lines` names a line outside of 1-1."),
        ("```py\nx", "This code block is not closed: it goes on to the end. Close it."),
        ("```scala\n" + "\\" * 60 + '"\n```', "This code is too large or too intricate to colour. It is shown plain."),
        ("```py\n" + "x = 1\n" * 40_000 + "```", "This code is too large or too intricate to colour."),
    ],
)
def test_what_a_fence_cannot_mean_is_warned_of_and_shown_plain(source: str, warning: str) -> None:
    (found,) = told("text\n\n" + source)
    assert found.startswith(f"pages/posts/a.md:12: warning: {warning}")
    assert '<figure class="code' in html(source)


@pytest.mark.parametrize("info", ["rust,ignore", "{.rust}", "Rust", ".rust", "rust {.numberLines}"])
def test_a_language_is_found_in_any_form(info: str) -> None:
    assert 'data-language="rust"' in html(f"```{info}\nfn\n```")
    assert told(f"```{info}\nfn\n```") == []


def test_indented_code_is_a_figure_too() -> None:
    assert "<code>a\n\n  b\n</code>" in html("    a\n\n      b\n\ntext")


# Files beside the article


def test_a_region_is_shown_dedented_without_its_marks() -> None:
    page = html('```file="code/fix.py" region="parse"\n```')
    assert 'data-language="python"' in page
    assert re.sub("<[^>]*>", "", page) == "code/fix.pydef parse(text):\n    return text\n"


def test_a_fence_that_repeats_its_file_is_held_to_it() -> None:
    same = '```py file="code/fix.py" region="parse"\ndef parse(text):\n    return text\n```'
    assert told(same) == []
    assert told(same.replace("return", "yield")) == [
        'pages/posts/a.md:10: This code has drifted from "code/fix.py" region "parse". Empty the block, or mend one.'
    ]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ('file="code/fox.py"', 'There is no file "code/fox.py" beside the article.'),
        ('file="../secret"', '"../secret" is not beside the article.'),
        ('file="/etc/passwd"', '"/etc/passwd" is not beside the article.'),
        ('file="code/fix.py" region="prase"', '"code/fix.py" has no region "prase". Did you mean "parse"?'),
    ],
)
def test_a_file_that_cannot_be_shown_is_an_error_with_its_line(options: str, sentence: str) -> None:
    document = rendered(f"a\n\n- b\n\n  ```py {options}\n  ```")
    (fault,) = document.faults
    assert str(fault).startswith(f"pages/posts/a.md:14: {sentence}")
    assert not fault.warning


def test_files_that_were_asked_for_are_named_even_if_there_is_none() -> None:
    document = rendered('```py file="no.py"\n```\n\n{figure: speed} {figure: speed}\n\n```py file="../x"\n```')
    assert document.included == ("no.py", "results.json")


def test_a_figure_is_filled_in_as_text() -> None:
    assert html("{figure: count} and {figure: raw}, `{figure: count}`") == (
        "<p>12 and &lt;*a*&gt;, <code>{figure: count}</code></p>"
    )


@pytest.mark.parametrize("value", ["null", "[1]", '{"x": 1}', "true"])
def test_a_figure_that_is_no_text_is_an_error_at_its_line(value: str) -> None:
    results = b'{"figures": {"x": %s}}' % value.encode()
    document = render("a\nb {figure: x}", path="a.md", first_line=10, title="", beside={"results.json": results}.get)
    (fault,) = document.faults
    assert (fault.line, fault.warning, fault.kind) == (11, False, "figure") and "neither a text" in fault.sentence


def test_a_figure_that_is_missing_is_an_error_at_its_line() -> None:
    assert told("a\nb {figure: sped}") == [
        'pages/posts/a.md:11: results.json has no figure "sped". Did you mean "speed"?'
    ]


@pytest.mark.parametrize("results", ["", "[]", "{}", '{"figures": []}', "[" * 100_000])
def test_results_that_cannot_be_read_are_one_error(results: str) -> None:
    document = render(
        "{figure: a} {figure: b}", path="a.md", first_line=1, title="", beside=lambda name: results.encode()
    )
    assert [fault.sentence for fault in document.faults if "cannot be read" in fault.sentence] == [
        "results.json cannot be read."
    ]


# Links


def test_local_targets_are_links_with_their_lines_and_others_stay() -> None:
    document = rendered(
        "[a](b.md#c) [x](https://e.org) [m](mailto:a@b.c)\n![p](p%20q.png)\n[r], [#](#here) //x\n\n"
        '<img src="i.png?a=1&amp;b=2" srcset="s.png 1x, https://e.org/t.png 2x, /u.png 3x">\n'
        '<video poster="v.jpg"><source src="//cdn/v.mp4"></video>\n\n[r]: /my/file.md'
    )
    assert document.links == (
        Link("b.md#c", 10),
        Link("p q.png", 11, embedded=True),
        Link("/my/file.md", 17),
        Link("#here", 12),
        Link("i.png?a=1&b=2", 14, embedded=True),
        Link("s.png", 14, embedded=True),
        Link("/u.png", 14, embedded=True),
        Link("v.jpg", 15, embedded=True),
    )
    assert "https://e.org/t.png 2x" in document.html(lambda link: "!")


def test_an_address_is_escaped_for_its_attribute() -> None:
    assert rendered("[a](b)").html(lambda link: '"><x y=&') == '<p><a href="&quot;&gt;&lt;x y=&amp;">a</a></p>'


@pytest.mark.parametrize(
    ("written", "target"),
    [("a%20b", "a b"), ("%C3%BC", "ü"), ("a%23b", "a%23b"), ("a%2Fb", "a%2Fb"), ("%FF", "%FF"), ("a&amp;b", "a&b")],
)
def test_escapes_are_undone_only_where_that_is_safe(written: str, target: str) -> None:
    assert [link.target for link in rendered(f"[x]({written})").links] == [target]


def test_the_same_target_twice_has_two_lines() -> None:
    assert [link.line for link in rendered("[a](x)\n[b](x)\n[c](x)").links] == [10, 11, 12]


@pytest.mark.parametrize("target", ["javascript:x()", "JavaScript:x()", "&#106;avascript:x()"])
def test_a_link_that_runs_a_script_is_taken_out(target: str) -> None:
    assert html(f"[a]({target})") == "<p><a>a</a></p>"
    assert "A link runs a script" in told(f"[a]({target})")[0]


def test_an_address_that_is_none_is_named_and_raises_nowhere() -> None:
    found = rendered("[a](http://[::1) <http://[::1> http://[::1 ![x](//[)").faults
    assert {fault.kind for fault in found} == {"link-dead"}


# HTML


def is_contained(article: str) -> bool:
    """Whether a page goes on as it should after this article."""
    page = f"<main><article>{article}</article><p id=page-after>after</p></main>"
    after = LexborHTMLParser(page).css_first("#page-after")
    if after is None or after.parent is None or after.prev is None:
        return False
    return (after.text(), after.parent.tag, after.prev.tag) == ("after", "main", "article")


@pytest.mark.parametrize(
    "broken",
    ["<div>", "</div></main></body></html>", "<!-- open", "<b><i>", "<table><tr>", '<a href="', "<textarea>",
     "<script>", "<title>", "<plaintext>", "<svg><style>", "<select>", "<!--", "<![CDATA[", "<?php",
     "<template>", "</p></article>", "<iframe>", "<style><!--", "<noscript>", "<math><mi>", "<x y='",
     "<frameset>", "</template>", "<option>"],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "text {} text\n\nmore", "> {}\n\n```py\nx\n```\n", "- {}\n\n[^1]\n\n[^1]: x"])
def test_the_layout_after_an_article_is_intact_whatever_it_holds(broken: str, around: str) -> None:
    assert is_contained(html(around.format(broken)))


def test_comments_are_not_shown() -> None:
    page = html("a <!-- b --> c\n\n<!-- d\n\ne -->\n\nf")
    assert "<!--" not in page
    assert re.sub("<[^>]*>|\\s", "", page) == "acf"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("> a\n>\n> <!-- SECRET\n> SECRET\n\nb", "ab"),
        ("- a\n\n  <!-- SECRET\n  SECRET\n\nb", "ab"),
        ("> > - <!-- SECRET\n\nb", "b"),
        ("a\n\n<!-- SECRET\n\nSECRET", "a"),
        ("<div>a <!-- c --> <!-- SECRET\n\nb\n</div>", "ab"),
        ("<div title='<!--'>a</div>\n\nb", "ab"),
        ("a `<!--` b\n\n<!-- SECRET -->\n\nc", "a<!--bc"),
        ("a <!-- b\n\nc <!-- SECRET -->", "a<!--bc"),
        ("> <!-- SECRET\n>\n> SECRET -->\n\nb", "b"),
    ],
)
def test_a_comment_hides_its_block_in_the_page_and_in_its_markdown(body: str, shown: str) -> None:
    def letters(text: str) -> str:
        return re.sub(r"<(?!!)[^>]*>|[\s>`*-]", "", text)

    markdown = rendered(body).markdown(lambda link: link.target)
    assert letters(html(body).replace("&lt;!--", "<!--")) == letters(markdown) == shown.replace("-", "")


def test_scripts_handlers_and_unclosed_tags_are_warned_of_by_line() -> None:
    lines = ["<script>x()</script>", "", '<p onclick="x()">', "", "a <span>", "", "</section>", "", "`<div>` <br> <p>"]
    page = rendered("\n".join(lines))
    assert [(each.line, each.element, each.attribute) for each in page.resources] == [
        (10, "script", ""),
        (12, "p", "onclick"),
    ]
    assert [(fault.line, fault.warning, fault.sentence) for fault in page.faults] == [
        (14, True, "`<span>` is not closed."),
        (16, True, "`</section>` closes nothing."),
    ]


def test_footnotes_that_nothing_refers_to_are_left_out() -> None:
    assert html("a\n\n[^x]: b") == "<p>a</p>"
    assert 'Nothing refers to the footnote "x". It is left out.' in told("a\n\n[^x]: b")[0]


def test_a_second_footnote_of_one_name_is_named() -> None:
    body = "a[^x]\n\n[^x]: first\n\n[^x]: second"
    for _ in range(2):
        assert "first" in html(body) and "second" not in html(body)
        assert told(body) == [
            'pages/posts/a.md:14: warning: There is a footnote "x" further up. It is left out: give it another name.'
        ]


@pytest.mark.parametrize("note", ["[^1]: ", "[^1]: [^2]: a [^2]", "[^1]: [^1]: a", "[^1]:\n\n    ```\n    x\n    ```"])
def test_footnotes_may_be_empty_or_hold_anything(note: str) -> None:
    page = html(f"a[^1]\n\n{note}")
    assert page.count('<li id="fn:1">') == 1
    assert 'href="#fnref:1"' in page


def test_control_characters_written_as_numbers_are_replaced() -> None:
    assert html("a &#1;b&#x1f; c&#11d &#169;&#xa9;") == "<p>a \ufffdb\ufffd c&amp;#11d ©©</p>"
    assert html("a &#12;b &#x2028;c") == "<p>a b c</p>"


def test_a_table_is_named_after_the_heading_above_it() -> None:
    page = html("## A & `b`\n\na|b\n-|-\n1|2\n\ntext\n\na|b\n-|-\n1|2")
    names = re.findall('<div aria-label="([^"]*)"', page)
    assert names == ["Table: A &amp; b", "Table 2: A &amp; b"]


def test_cells_below_no_header_are_headers_of_their_rows() -> None:
    page = html("| | a |\n|---|---|\n| one | 1 |\n| | 2 |\n\n| x | y |\n|---|---|\n| two | 3 |")
    assert re.findall(r"<th\b[^>]*>(?:one|1|2|two|3)(?=<)", page) == ['<th scope="row">one']
    assert page.count("<td></td>") == 2, "an empty cell is the header of nothing"


def test_two_tables_have_two_names() -> None:
    page = html("a|b\n-|-\n1|2\n\ntext\n\na|b\n-|-\n1|2")
    assert re.findall('aria-label="([^"]*)"', page) == ["Table", "Table 2"]


# Text


def test_the_text_is_the_prose_without_code() -> None:
    text = rendered("# A\n\nb *c*[^1] &amp; `d`\n\n```\ncode\n```\n\n- e\n- f\n\n[^1]: g\n").text
    assert text == "A b c & d e f g"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("*a* `<b>` [c](d) &amp; \\*e*", "a <b> c & *e*"),
        ("C++ & C#", "C++ & C#"),
        ("1. no list", "1. no list"),
        ("a[i][j] `x[0][1]`", "a[i][j] x[0][1]"),
        ("one\\\ntwo  \nthree", "one two three"),
        ("[RFC]: a title", "[RFC]: a title"),
        ("A title {#id}", "A title"),
        ("<b>x</b>\ny", "x y"),
        ("", ""),
    ],
)
def test_a_short_text_is_told_plainly(written: str, expected: str) -> None:
    assert plain(written) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("# Head\n\na[^1] [b][c] and [`d`]\n\n[c]: /x\n[`d`]: /y\n\n[^1]: note", "a b and d"),
        ("- x\n\na [b] [c]\n\n- y\n\n  [b]: /x", "a b [c]"),
        ("text\n{: .lead}", "text"),
        ("f(*args, **kwargs) and `g(*args)`", "f(*args, **kwargs) and g(*args)"),
        ("# Only heads", ""),
    ],
)
def test_an_excerpt_reads_as_the_page_does(body: str, expected: str) -> None:
    assert excerpt(body) == expected


# Whatever comes


SNIPPETS = st.sampled_from(
    ["# ", "- ", "> ", "1. ", "```", "~~~", "|", "-|-", "[", "](", ")", "![", "*", "**", "_", "`", "<", ">",
     "<div>", "</", "<!--", "-->", "[^1]", "[^1]: ", ": ", "!!! note", "> [!NOTE]", "{", "}", "{: .x}",
     "{figure: ", "&#", "&amp;", "\\", "\n", "\n\n", "    ", "\t", "a", "word ", "http://", "www.x.y", "*[",
     "]: ", "~~", "===", "---", "\x00", "\x11", "\x02", "\u2028", "\ud800", "wzxhzdk:0", "\x14",
     "<figure>0</figure>", "é", "日本", "\r", '"', "'", "=", "hl_lines=", "file=", "<svg>", "<script>",
     "<textarea>", "///Footnotes Go Here///"]
)  # fmt: skip


def is_fit_for_feeds(page: str) -> bool:
    """Whether a text may stand in XML 1.0."""
    minidom.parseString(f"<x>{re.sub('[<&>]', '', page)}</x>".encode())
    return not re.search("[\u2028\u2029\x7f-\x9f]", page)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.lists(SNIPPETS, max_size=25).map("".join), st.text(max_size=80)))
def test_no_text_makes_it_raise_or_breaks_a_feed(body: str) -> None:
    document = rendered(body)
    assert is_fit_for_feeds(document.html(lambda link: link.target))
    assert is_fit_for_feeds(document.text)
    assert "cannot be rendered" not in " ".join(fault.sentence for fault in document.faults)
    assert isinstance(plain(body), str)


MARKUP = st.sampled_from(
    ["<svg>", "</svg>", "<title>", "<style>", "</style>", "<script>", "<!--", "-->", "&lt;", "<a href='x'>",
     "<h2>", "</h2>", "<table>", "<tr>", "</p>", "<pre>", "<textarea>", "<?x", "<![CDATA[", "<select>",
     "<math>", "<b>", "x", "\n", "\n\n", "```\nx\n```\n", "> ", "- ", "[^1]", "[^1]: ", "&#1;", '"',
     "<plaintext>", "<iframe>", "<template>", "<form>", "<li>"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(MARKUP, max_size=15).map("".join))
def test_no_html_reaches_out_of_its_article(body: str) -> None:
    assert is_contained(html(body))


@settings(max_examples=100, deadline=None)
@given(*[st.lists(SNIPPETS, max_size=20).map("".join)] * 2)
def test_a_text_is_rendered_the_same_whatever_came_before_it(first: str, second: str) -> None:
    alone = rendered(second)
    rendered(first)
    assert rendered(second) == alone


@pytest.mark.parametrize(
    "body",
    ["[" * 20_000, "![" * 10_000, "<a " * 10_000, "*a **b " * 5_000, ">" * 5_000, "`" * 9_999 + "``a", "_a " * 8_000,
     "\n".join(" " * 2 * depth + "- x" for depth in range(400)), "```py\n" + "x = 1\n" * 60_000 + "```", "a|" * 10_000,
     "# a\n" * 4_000, "- [ ] a\n" * 4_000, "<div>" * 5_000, "<!--" * 5_000, "[a](" * 5_000, "[^1]: x\n" * 3_000,
     "http://" * 5_000, "\\" * 30_000, '<a title="' * 3_000, "word " * 200_000, "{figure: " * 5_000, "(" * 20_000,
     "~" * 40_000, "~" * 1_400 + " file=" * 1_400, "~" * 9_000 + " file=a=[" * 9_000 + "\n" + "~" * 9_000,
     "~~~file=\n" * 5_000],
)  # fmt: skip
def test_texts_made_to_be_slow_are_not(body: str) -> None:
    start = time.process_time()
    assert rendered(body).parts
    assert time.process_time() - start < 5


def test_what_is_nested_without_end_is_shown_as_typed_with_an_error() -> None:
    document = rendered("a\n\n" + ">" * 5_000 + " <b>")
    assert [str(fault) for fault in document.faults] == [
        "pages/posts/a.md:12: Lists or quotes are nested more than 50 levels deep. Nest fewer."
    ]
    assert document.html(lambda link: "").startswith("<pre>a\n\n&gt;&gt;")


def test_a_crash_of_the_machinery_costs_one_page() -> None:
    def broken(name: str) -> bytes:
        raise ZeroDivisionError(name)

    document = render("a <b> {figure: x}", path="a.md", first_line=10, title="", beside=broken)
    assert [str(fault) for fault in document.faults] == [
        "a.md:10: This text cannot be rendered (ZeroDivisionError). Look for unusual nesting."
    ]
    assert document.html(lambda link: "") == "<pre>a &lt;b&gt; {figure: x}</pre>"


def test_the_markdown_of_a_document_holds_what_it_names() -> None:
    files = {"a.py": b"# region x\nprint(1)\n# endregion x\n", "results.json": b'{"figures": {"ms": "3.5"}}'}
    body = 'It took {figure: ms} ms.\n\n```python file="a.py" region="x"\n```\n'
    found = render(body, path="a.md", first_line=1, title="", beside=files.get)
    assert found.markdown(lambda link: link.target) == "It took 3.5 ms.\n\n```python\nprint(1)\n```\n"
    assert found.faults == ()


def test_threads_take_turns() -> None:
    """As those of a preview do, in which one shows the style guide while another reads what was edited."""
    text = "# {0}\n\nSome *text* of `{0}`[^1], [a link](b.md).\n\n```py\nx = {0}\n```\n\n[^1]: Note {0}."
    bodies = [text.format(number) for number in range(4)]
    expected = [html(body) for body in bodies]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            pages = list(threads.map(html, bodies * 10))
            texts = list(threads.map(plain, ["*one* `two`", "[three](four)"] * 50))
    finally:
        sys.setswitchinterval(interval)
    assert pages == expected * 10
    assert texts == ["one two", "three"] * 50
