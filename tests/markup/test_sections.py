"""An article as plain text in sections, as a search finds and shows it."""

from __future__ import annotations

import pytest

from tests.conftest import is_linear
from trigpoint.markup.document import Document
from trigpoint.markup.render import render
from trigpoint.markup.sections import Section, sections_of


def document(body: str) -> Document:
    return render(body, path="a.md", first_line=1, title="", beside=lambda name: None)


def test_sections_have_the_ids_and_texts_of_their_headings() -> None:
    body = "Before.\n\n## One & *two*\n\nText `code`.\n\n```go\nx := 1\n```\n\nOn.\n\n### Three\n\nMore."
    assert document(body).sections == (
        Section("", "", "Before."),
        Section("one-two", "One & two", "Text code. On.", "x := 1"),
        Section("three", "Three", "More."),
    )


def test_an_article_without_text_has_no_section_and_one_of_headings_has_one_each() -> None:
    assert document("").sections == ()
    assert [section.id for section in document("## One\n\n## Two").sections] == ["one", "two"]


def test_what_begins_with_code_has_a_section_before_the_first_heading() -> None:
    assert document("```go\nx := 1\n```\n\n## One").sections[0] == Section("", "", "", "x := 1")


def test_blocks_and_cells_are_apart_and_what_markup_cuts_is_whole() -> None:
    (section,) = document("*un*believable\n\n- a\n- b\n\n| c | d |\n|---|---|\n| 1 | 2 |\n\ne<br>f").sections
    assert section.text == "unbelievable a b c · d. 1 · 2. e f"


def test_rows_end_as_sentences_do() -> None:
    table = (
        "| part | why |\n|---|---|\n| a queue | it waits. |\n| a `log` | really? |\n| | a book |\n| one | |\n\nBehind."
    )
    (section,) = document(table).sections
    assert section.text == "part · why. a queue · it waits. a log · really? a book. one. Behind."


def test_labels_and_captions_do_not_run_into_the_text() -> None:
    parts = (
        "> [!NOTE]\n> It grows.",
        "> [!TIP] Mind the *gap*\n> It is wide.",
        "> [!TIP]- Really?\n> Yes.",
        "<details><summary>More &gt;</summary>\n\nHidden.\n\n</details>",
        "Term\n: What it is.",
        '![A](a.png "Seen once")',
        "After it.",
    )
    (section,) = document("\n\n".join(parts)).sections
    said = (
        "Note: It grows. Mind the gap: It is wide. Really? Yes. More >: Hidden. Term: What it is. Seen once. After it."
    )
    assert section.text == said


def test_the_title_of_a_code_block_is_of_its_code() -> None:
    (section,) = document('Before.\n\n```go title="queue.go"\nx := 1\n```').sections
    assert (section.text, section.code) == ("Before.", "queue.go x := 1")


def test_formulas_are_in_plain_characters_as_in_summaries() -> None:
    (section,) = document("Feeds weigh $a^2 + b^2 = c^2$, and $x_1 < 2$.\n\n$$\\frac{a}{b}$$").sections
    assert section.text == "Feeds weigh a² + b² = c², and x₁ < 2. a/b"


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<math xmlns="http://www.w3.org/1998/Math/MathML"><msup><mi>a</mi><mn>2</mn></msup></math>', "a²"),
        ("<math><msup><mi>a</mi></msup><mo>&lt;</mo></math>", "a <"),
        ('<math><mi xlink:href="#b">a</mi><annotation>\\a</annotation></math>', "a"),
        ("<math>" + "<mrow>" * 5000 + "<mi>a</mi>" + "</mrow>" * 5000 + "</math>", "a"),
        ("<math></math>", ""),
    ],
    ids=["name space", "element without its second", "prefix", "deep", "empty"],
)
def test_formulas_that_authors_wrote_themselves_have_their_text(html: str, said: str) -> None:
    assert [section.text for section in sections_of(f"<p>b {html}</p>")] == [f"b {said}".strip()]


def test_the_marks_of_notes_on_code_are_left_out() -> None:
    body = '```go title="a.go"\nx := 1 // (1)!\ny := 2\n```\n\n1. It is one.'
    (section,) = document(body).sections
    assert (section.text, section.code) == ("It is one.", "a.go x := 1 y := 2")
    assert "// (1)!" in document(body).html(str), "readers elsewhere have a list with numbers"


def test_the_signs_of_footnotes_are_left_out() -> None:
    (section,) = document("Said[^1].\n\n[^1]: Where.").sections
    assert section.text == "Said. Where."


def test_drawings_have_no_text() -> None:
    (section,) = document('Before.\n\n<svg viewBox="0 0 1 1"><text>Within</text></svg>\n\nBehind.').sections
    assert section.text == "Before. Behind."


@pytest.mark.parametrize("name", ["pre", "svg", "h2", "template", "tr"])
def test_an_element_of_ones_own_is_no_other_and_takes_no_more_than_its_share_of_time(name: str) -> None:
    html = f"<{name}-x>a</{name}-x>"
    assert list(sections_of(f"{html}<p>b</p>")) == [Section("", "", "a b")]
    assert is_linear(lambda text: list(sections_of(text)), f'<{name}-x id="a">a</{name}-x>', 20_000)
