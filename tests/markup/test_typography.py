"""Quotes, dashes and spaces by language; never in code, in tags, or where a language is not known."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import is_linear
from trigpoint.markup.typography import QUOTES, typeset

ENGLISH = [
    ('She said "yes".', "She said “yes”."),
    ("It's Ada's, and the writers' own.", "It’s Ada’s, and the writers’ own."),
    ("\"She said 'no' twice,\" he said.", "“She said ‘no’ twice,” he said."),
    ('<p>"<em>All</em>" of it</p>', "<p>“<em>All</em>” of it</p>"),
    ('("quoted")', "(“quoted”)"),
    ("in the '90s", "in the ’90s"),
    ("5'10\" tall", "5'10\" tall"),
    ("a -- b --- c, 3--5, --flag, x--y", "a – b — c, 3–5, --flag, x--y"),
    ("wait...", "wait…"),
    ("12 ms, 3 MB/s, 40 %, 5 men", "12\u00a0ms, 3\u00a0MB/s, 40\u00a0%, 5 men"),
    ('<a title="a > \'b\'" href="x">"y"</a>', '<a title="a > \'b\'" href="x">“y”</a>'),
    ('<code>"a" -- b</code> "c"', '<code>"a" -- b</code> “c”'),
    ('<code>f</code>\'s "x"', "<code>f</code>’s “x”"),
    ('<pre>"a"\n<b>"b"</b></pre><p>"c</p><p>d"</p>', '<pre>"a"\n<b>"b"</b></pre><p>“c</p><p>d"</p>'),
    ("&quot;a&quot; &amp; b", "“a” &amp; b"),
    ('<!-- "a" --><math><mtext>"</mtext></math>', '<!-- "a" --><math><mtext>"</mtext></math>'),
]


@pytest.mark.parametrize(("typed", "printed"), ENGLISH)
def test_english_is_printed_as_english(typed: str, printed: str) -> None:
    assert typeset(typed, "en-GB") == printed


@pytest.mark.parametrize(
    ("language", "printed"),
    [
        ("de", "„a ‚b‘ c“ – d"),
        ("fr-CA", "«\u202fa “b” c\u202f» – d"),
        ("es", "«a “b” c» – d"),
        ("sv", "”a ’b’ c” – d"),
        ("ja", "\"a 'b' c\" -- d"),
        ("", "\"a 'b' c\" -- d"),
    ],
)
def test_each_language_has_its_own_signs(language: str, printed: str) -> None:
    assert typeset("\"a 'b' c\" -- d", language) == printed


def test_french_signs_are_not_parted_from_their_word() -> None:
    assert typeset("Quoi ? Oui : non ; a : b", "fr") == "Quoi\u202f? Oui\u202f: non\u202f; a\u202f: b"


@given(st.text(alphabet="ab1 \"'-.<>&/=\n()", max_size=60), st.sampled_from([*QUOTES, "ja"]))
def test_no_letter_and_no_tag_is_lost(text: str, language: str) -> None:
    def letters(html: str) -> str:
        return re.sub(r"[^ab1<>&/=()]", "", html)

    html = f"<p>{text}</p>"
    assert letters(typeset(html, language)) == letters(html)
    assert typeset(typeset(html, language), language).count("<") == html.count("<")
    assert unescape(typeset(f"<code>{text.replace('<', '')}</code>", language)) == unescape(
        f"<code>{text.replace('<', '')}</code>"
    )


@pytest.mark.parametrize("start", ["", "'a " * 20_000])
@pytest.mark.parametrize("piece", ["'a ", '"a', 'b" ', "<pre-x>a</pre-x>", "<code>a</code>", "a <b>", "--", " ;"])
def test_no_text_takes_more_than_its_share_of_time(start: str, piece: str) -> None:
    assert is_linear(lambda text: typeset(start + text, "fr"), piece, 40_000)
