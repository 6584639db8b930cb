"""Formulas, and dollars that are none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.markup.document import Document
from trigpoint.markup.render import plain, render


def rendered(body: str) -> Document:
    return render(body, path="pages/a.md", first_line=1, title="T", beside=lambda name: None)


def html(body: str) -> str:
    return rendered(body).html(lambda link: link.target)


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $6",
        "from $5 to $10, or $ 5 $ and 5$",
        "US$5 or US$6",
        r"\$x\$",
        "`$x$` and ``$y$``",
        '<a title="$x$">t</a>',
        "[t](https://e.org/$a$b)",
        "https://e.org/?a=$b$c",
        "<https://e.org/$a$>",
        "a lone $",
        "$x $ y",
        "$x$5",
        "the $n$th",
        "使用$符号，$的作用",
        "变量$name赋值给$value的",
        "$5到$10的",
        "$HOME/${USER}",
        'and $1 and "$@" and $(cmd)',
        "$1,000.00 and 5$ and $x",
        "It costs $5 a month; set `$HOME` first.",
        "a [price of $5](https://e.org/$)",
        "    indented $x$ code",
        "```sh\necho $x$\n```",
    ],
)
def test_dollars_that_start_no_formula_are_text(text: str) -> None:
    assert "<math" not in html(text)
    assert rendered(text).faults == ()


@pytest.mark.parametrize(
    "text",
    [
        "$x$",
        "($x$)",
        r"$\$5$",
        "$a_1 b_1$ and *$c$*",
        "# $x$",
        "| $x$ |\n|---|\n| y |",
        "- $x$",
        "> $x$",
        "[$x$](y.md)",
        "[^1]\n\n[^1]: $x$",
        "$$\nx\n$$",
        "$$x$$",
        "text\n$$\n- a\n+ b\n= c\n$$\ntext",
        "text $$x$$ text",
        "```math\nx\n```",
        "- a\n  $$\n  x\n  $$",
    ],
)
def test_a_formula_may_stand_wherever_text_may(text: str) -> None:
    assert "<math" in html(text)
    assert rendered(text).faults == ()


def test_letters_of_a_script_without_spaces_may_stand_right_beside_a_formula() -> None:
    assert html("设$x$是，값$y$는").count("<math") == 2


def test_underscores_and_asterisks_in_a_formula_are_no_emphasis() -> None:
    assert "<em>" not in html("$a_1 * b_2 * c_3$ and $x_y_z$".replace("x_y_z", "x_{y_z}"))


def test_the_latex_stands_in_the_page_for_who_copies_it() -> None:
    assert '<annotation encoding="application/x-tex">a &lt; b</annotation>' in html("$a < b$")


def test_text_and_ids_have_the_latex_once() -> None:
    document = rendered("## On $x^2$\n\nIt is $y$.")
    assert document.text == "On x² It is y."
    assert document.ids == ("on-x2",)


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        ("E = mc^2", "E = mc²"),
        (r"\sum_{i=1}^n x_i", "∑ᵢ₌₁ⁿ xᵢ"),
        (r"\frac{a+b}{\sqrt{\pi}}", "(a + b)/√π"),
        (r"O(n \log n)", "O(n log n)"),
        (r"a < b_{10}^{-3}", "a < b₁₀⁻³"),
        (r"x^{\alpha+1}", "x^(α+1)"),
        (r"\foo", r"$\foo$"),
    ],
)
def test_a_formula_in_an_excerpt_is_read_without_its_latex(tex: str, said: str) -> None:
    assert plain(f"We say ${tex}$.") == f"We say {said}."


STYLED = [
    r"\begin{aligned}a&=b\\c&=d\end{aligned}",
    r"\begin{align}a&=b\\c&=d\end{align}",
    r"f=\begin{cases}1&x\\0&y\end{cases}",
    r"\begin{array}{c|c}a&b\\\hline c&d\end{array}",
    r"\begin{gather}a\\b\end{gather}",
    r"\begin{pmatrix}1&2\\3&4\end{pmatrix}",
    r"\color{red} x",
    r"\boxed{x} \cancel{y}",
    r"\underbrace{a+b}_{n}",
    r"\sum_{i=1}^n x_i",
]


@pytest.mark.parametrize("tex", STYLED)
def test_no_formula_has_a_style_and_each_class_has_its_rule(tex: str) -> None:
    shown = html(f"$$\n{tex}\n$$")
    assert "<math" in shown, rendered(f"$$\n{tex}\n$$").faults
    assert " style=" not in shown


def test_what_is_aligned_is_so_by_classes() -> None:
    assert '<mtd class="math-end math-close-end">' in html(rf"$${STYLED[0]}$$")
    assert 'mathcolor="#FF0000"' in html(r"$\color{red} x$")


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        ("a\n\nb $\\foo$", 3, 'unknown command "\\foo"'),
        ("$$\na\n\\foo\n$$", 3, 'unknown command "\\foo"'),
        ("```math\na\n\\foo\n```", 3, 'unknown command "\\foo"'),
        ("$\\frac{1}$", 1, "expected argument"),
        (r"$\def\x{\x\x}\x$", 1, "too many expansions"),
    ],
)
def test_bad_latex_is_a_fault_at_its_line_and_is_shown_as_typed(body: str, line: int, said: str) -> None:
    document = rendered(body)
    (fault,) = document.faults
    assert (fault.path, fault.line, fault.warning) == ("pages/a.md", line, False)
    assert said in fault.sentence
    assert '<code class="math-wrong">$' in html(body)


def test_a_formula_that_is_not_closed_costs_its_paragraph() -> None:
    document = rendered("$$\na <b>\n\nnext *one*")
    assert [fault.sentence for fault in document.faults] == ["This formula is not closed."]
    shown = html("$$\na <b>\n\nnext *one*")
    assert "a &lt;b&gt;" in shown
    assert "<em>one</em>" in shown


def test_a_formula_in_an_attribute_stays_as_it_was_typed() -> None:
    assert 'alt="a $x$"' in html("![a $x$](p.png)")
    assert "<math" not in re.sub(r"<p>.*?</p>", "", html("![a $x$](p.png)"))


@settings(deadline=None)
@given(st.text("$\\ab_^{} \n5`*[]()<>|#-", max_size=60))
def test_no_dollars_make_rendering_fail_or_leave_a_mark(body: str) -> None:
    shown = html(body)
    assert not re.search("[\x11-\x18]", shown)
    assert " style=" not in shown
    assert not any("cannot be rendered" in str(fault) for fault in rendered(body).faults)
