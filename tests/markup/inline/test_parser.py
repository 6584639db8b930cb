"""Nothing that is typed is lost: every word of the prose of a source is on its page, whatever signs stand around it.

`EXAMPLES=20000 pytest tests/markup/inline/test_parser.py` tries more of them than the suite does.
"""

from __future__ import annotations

import os
import re
import time
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.markup.document import Document
from trigpoint.markup.render import excerpt, plain, render

EXAMPLES = int(os.environ.get("EXAMPLES", "0"))
THOROUGH = settings(max_examples=EXAMPLES or 400, derandomize=not EXAMPLES, deadline=None)


def rendered(body: str) -> Document:
    return render(body, path="pages/a.md", first_line=1, title="", beside=lambda name: None)


def html(body: str) -> str:
    document = rendered(body)
    return document.page(lambda link: link.target, lambda image: image.html(image.link.target))


def told(body: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.sentence) for fault in rendered(body).faults]


# The law

WORDS = st.integers(0, 99).flatmap(
    lambda number: st.sampled_from([f"q{number}x", f"Q{number}", f"漢字{number}語", f"ü{number}é"])
)
SIGNS = st.sampled_from(
    ["*", "**", "***", "_", "__", "~", "~~", "`", "``", "$", "$$", "$`", "`$", "[", "]", "![", "](", ")", "(", "][",
     "[^", "{", "}", "{#", "{.", "{:", "{figure: ", "<", ">", "</", "/>", "<b>", "</b>", "<T>", "<div>", "</div>",
     "<title>", "<a href=", "x = <", "Map<K, ", ">>", "&", "&amp;", "&#65;", "&lt;", ";", "#", "\\", "\\*", "\\[",
     "\\|", "|", "!", "http://", "https://e.org/", "www.", "@", "@e.org", "=", ":", ",", ".", "/", "-", "+", "^", "?",
     "'", "«", "…", "。", "「", "」", "🚀", "é", " ", " ", " ", "\t"]
)  # fmt: skip
WHOLE = st.one_of(
    st.sampled_from(["[l](u)", "![i](p)", "`c`", "**b**", "$x$", "[^1]", "f[i][j]", "<kbd>k</kbd>", "a@e.org", "$5"]),
    WORDS.map("{{{}}}".format),
    WORDS.map("<{}>".format),
    WORDS.map("[{}]".format),
    WORDS.map("*{}**".format),
    WORDS.map("`{}".format),
)
LINES = st.lists(st.one_of(WORDS, SIGNS, WHOLE), max_size=14).map("".join)
PLACES = (
    "zz {}\n{}",
    "# zz {}\n\n{}",
    "zz {}\n===\n\n{}",
    "| zz {} | b |\n|---|---|\n| zz {} | d |",
    "- zz {}\n  - zz {}",
    "- zz {}\n\n  zz {}\n- [ ] e",
    "zz {}\n:   zz {}",
    "a[^1]\n\n[^1]: zz {}\n    zz {}",
    "> [!NOTE] zz {}\n> zz {}",
    "> zz {}\nzz {}",
    '![zz {}](p.png "t {}")',
    "[zz {}](u.md) {}",
)


def words(text: str) -> list[str]:
    return re.findall(r"[qQ]\d+x?|漢字\d+語|ü\d+é", text)


@THOROUGH
@given(st.sampled_from(PLACES), LINES, LINES)
def test_every_word_of_the_prose_is_on_the_page(place: str, first: str, second: str) -> None:
    source = place.format(first, f"zz {second}" if place.endswith("\n{}") else second)
    document = rendered(source)
    assert "cannot be rendered" not in str(document.faults)
    for page in (html(source), document.html(lambda link: link.target)):
        page = unescape(page)
        assert [word for word in words(source) if word not in page] == []
        assert not re.search("[\x02\x03\x0e-\x18]|klzzwxh", page)


@THOROUGH
@given(LINES, LINES)
def test_a_summary_has_the_words_that_the_page_shows(first: str, second: str) -> None:
    source = f"zz {first}\nzz {second}"
    shown = words(rendered(source).text)
    for summary in (plain(source), excerpt(source)):
        assert [word for word in shown if word not in summary] == []


@THOROUGH
@given(LINES)
def test_a_title_has_the_words_that_a_heading_shows(title: str) -> None:
    shown = words(rendered(f"# zz {title}").text)
    assert [word for word in shown if word not in plain(f"zz {title}")] == []


# What is read as on GitHub


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[many] [pages]\n\n[many]: /1\n[pages]: /2", '<p><a href="/1">many</a> <a href="/2">pages</a></p>'),
        ("[`a` b][]\n\n[`a` b]: <x y> 't'", '<p><a href="x y" title="t"><code>a</code> b</a></p>'),
        ("[a]\n\n[A]: /1\n[a]: /2", '<p><a href="/1">a</a></p>'),
        ("[a](some words) [b](<c> (t))", '<p>[a](some words) <a href="c" title="t">b</a></p>'),
        ("[a [b](c) d](e)", '<p>[a <a href="c">b</a> d](e)</p>'),
        ("[![a](b) c](d)", '<img alt="a" src="b"'),
        ("[x](<https://e.org/ü b>)", '<p><a href="https://e.org/%C3%BC%20b">x</a></p>'),
        ("[https://e.org](https://e.org)", '<p><a href="https://e.org">https://e.org</a></p>'),
        ("**foo*bar**", "<p><strong>foo*bar</strong></p>"),
        (
            "~~删除。~~更多 ~a~ ~~~b~~~ *~~c~~*",
            "<p><del>删除。</del>更多 <del>a</del> ~~~b~~~ <em><del>c</del></em></p>",
        ),
        ("a` *b` c", "<p>a<code> *b</code> c</p>"),
        ("&amp;copy; &copy; &nope; AT&T", "<p>&amp;copy; © &amp;nope; AT&amp;T</p>"),
        ("Map<K, V> and f<T: A>(x)", "<p>Map&lt;K, V&gt; and f&lt;T: A&gt;(x)</p>"),
        ("<i class='x'/> <br/> <svg><path/></svg>", '<p><i class="x"></i> <br> <svg><path></path></svg></p>'),
        ("`$x` costs $5; `$y`", "<p><code>$x</code> costs $5; <code>$y</code></p>"),
        (
            "see www.e.org/a_(b), a@b.co.",
            '<a href="http://www.e.org/a_(b)">www.e.org/a_(b)</a>, <a href="mailto:a@b.co">',
        ),
        ("glob@8.0.3, a@1.0.0-b and a@b.c2", "<p>glob@8.0.3, a@1.0.0-b and a@b.c2</p>"),
        ("https://e.org/a; b", '<p><a href="https://e.org/a">https://e.org/a</a>; b</p>'),
        (
            "(https://e.org/?a=b&copy=1&lt;)",
            '(<a href="https://e.org/?a=b&amp;copy=1">https://e.org/?a=b&amp;copy=1</a>&lt;)',
        ),
        ("<a href='x'>https://e.org</a>", '<a href="x">https://e.org</a>'),
        ("a [l[^N]](u)\n\n[^n]: x", '<a href="u">l</a><sup id="fnref:n">'),
        ("*[R&D]: Research\n\nR&D", '<abbr title="Research">R&amp;D</abbr>'),
        ("{: .x}\ntext", '<p class="x">text</p>'),
        ("> q\n{: .x}", '<blockquote class="x">'),
        ("a|b\n-|-\n1|2\n{: .x}", '<table class="x">'),
        ("## A C# ## {: #v1.2 }", '<h2 id="v1.2">A C#'),
        ("## H\n{: #i .x}", '<h2 class="x" id="i">'),
        ("a|b\n-|-\n`x|y`|`\\|`", "<td><code>x|y</code></td>\n<td><code>|</code></td>"),
        ("a|b\n-|-\n|`c`d|e|f|", "<td><code>c</code>d</td>\n<td>e | f</td>"),
        ("[x]: /u\n===\n[x]", '<p>===\n<a href="/u">x</a></p>'),
    ],
)
def test_a_line_reads_as_on_github(written: str, shown: str) -> None:
    assert shown in html(written)


@pytest.mark.parametrize(
    ("written", "line", "sentence"),
    [
        ("a\n[text][nowhere]", 2, '"[nowhere]" is defined nowhere.'),
        ("a\n![picture][nowhere]", 2, '"[nowhere]" is defined nowhere.'),
        ("a\n[nowhere][]", 2, '"[nowhere]" is defined nowhere.'),
        ("- [ ] [text][nowhere]", 1, '"[nowhere]" is defined nowhere.'),
        ("$y$\n\n\\(z\\) and f\\(x\\)", 3, "`\\(z\\)` is no formula: its backslashes are left out."),
        ("\\(O(n)\\)\n\n```math\ny\n```", 1, "`\\(O(n)\\)` is no formula: its backslashes are left out."),
        ("a\nb <!-- c", 2, "A comment is not closed in this paragraph; it is shown as text."),
        ("> <!-- c\n\nb", 1, "A comment is not closed: it hides the rest of its block."),
        ("a\nVec<T>", 2, "`<T>` is no element of HTML; it is shown as text."),
        ("a\nthe <title> tag", 2, "`<title>` is not closed in this paragraph; it is shown as text."),
        ("a\n\\(x^2\\)", 2, "`\\(x^2\\)` is no formula: its backslashes are left out."),
        ("a\n\n## b {onclick='x'}", 3, "`{onclick='x'}` gives no attributes; it is shown as text."),
        ("a\n*b*{: .x}", 2, "`{: .x}` gives attributes to nothing; it is shown as text."),
        ("```\nx\n```\n{: .x}", 4, "`{: .x}` gives attributes to nothing."),
        ("a|b\n-|-\n1|2|3", 3, "This row has 3 cells, and its table 2 columns."),
        ("a\n\n<Tabs>\nb\n</Tabs>", 3, "`<tabs>` is no element of HTML; its tags are not shown."),
    ],
)
def test_what_was_hardly_meant_so_is_told(written: str, line: int, sentence: str) -> None:
    assert told(written) == [(line, sentence)]


@pytest.mark.parametrize(
    "fine",
    ["a[i][j]", "x [a-z][0-9]+", "[a]", "{name} {#x}", "f\\(x\\)", "`[a][b]`", "- [x] done", "- [ ] a[i][j]",
     "\\(z\\)", "$y$ \\(see above\\)", "$y$ file\\(s\\)", "$y$ \\(2\\)", "`$y$` \\(z\\)", "$y$ `\\(z\\)`"],
)  # fmt: skip
def test_what_is_code_or_text_is_not_warned_of(fine: str) -> None:
    assert told(fine) == []


@pytest.mark.parametrize(
    ("body", "warning"), [("$\\nope$", True), ("```math\n\\nope\n```", True), ("$$\nx", True), ("a {figure: x}", False)]
)
def test_a_foreign_folder_is_published_with_what_cannot_be_drawn(body: str, warning: bool) -> None:
    document = render(body, path="a.md", first_line=1, title="", beside=lambda name: None, lenient=True)
    assert [fault.warning for fault in document.faults] == [warning]
    assert not any(fault.warning for fault in rendered(body).faults)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<script> tags are\n\nnot *run*", "&lt;script&gt; tags are"),
        ("<title>\n\n*text*", "&lt;title&gt;\n<p><em>text</em></p>"),
        ('<iframe src="x">\n\ntext', '<iframe src="x"></iframe>\n<p>text</p>'),
        ("<iframe src=x />\n\ntext", '<iframe src="x"></iframe>\n<p>text</p>'),
        ("<script>a('*b*')</script>\n\ntext", "<script>a('*b*')</script>\n<p>text</p>"),
    ],
)
def test_no_tag_hides_what_follows_it(written: str, shown: str) -> None:
    assert shown in html(written)


# Time

HOSTILE = [
    "[", "![", "[a](", "[^", "[^a]", "` ``", "*a **b _c ", "*_", "a**b", "&", "<a ", "<!--", "<?", "<title>", "<T>",
    "<path>",
    "$a ", "$$", "$`", "{: .a}", "http://", "a@", "\\(x^2", "~~a", '[a](b "', "a  \n", "[x]: /u\n", "| a ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_line_takes_more_than_its_share_of_time(piece: str) -> None:
    def seconds(size: int) -> float:
        body = "x " + piece * (size // len(piece))
        start = time.process_time()
        rendered(body)
        return time.process_time() - start

    seconds(1000)
    assert seconds(80_000) < 12 * seconds(20_000) + 0.3


@pytest.mark.parametrize(
    ("start", "end"), [("[", "](x)"), ("![a", "](x)"), ("*a ", " b*"), ("<b>", "</b>"), ("[", "]")]
)
def test_nesting_without_end_costs_no_more(start: str, end: str) -> None:
    begin = time.process_time()
    assert "cannot be rendered" not in str(rendered("x " + start * 10_000 + "y" + end * 10_000).faults)
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    "body",
    [
        "x " + " ".join("`" * length for length in range(1, 1000)),
        "{{< " * 20_000,
        "{{" + "a" * 50_000,
        "[[" + "a" * 50_000,
    ],
)
def test_looking_for_leftovers_costs_no_more(body: str) -> None:
    begin = time.process_time()
    rendered(body)
    assert time.process_time() - begin < 4


def test_references_to_footnotes_cost_the_same_each() -> None:
    begin = time.process_time()
    assert 'id="fnref6000:1"' in html("[^1]" * 6000 + "\n\n[^1]: x")
    notes = "".join(f"[^{number}]" for number in range(3000)) + "\n\n"
    assert '<li id="fn:2999">' in html(notes + "".join(f"[^{number}]: x\n" for number in range(3000)))
    assert time.process_time() - begin < 5


def test_a_text_of_links_is_no_trouble() -> None:
    body = " <br> ".join(f"[link {number}](page-{number}.md) `x` and *y*" for number in range(2000))
    assert html(body).count("<a ") == 2000
    assert told(body) == []
