"""Texts of Quarto and R Markdown: cells are code or nothing, as they say; figures and references are read."""

from __future__ import annotations

from time import process_time

import pytest

from trigpoint.markup.foreign.translation import translated


def read(body: str, header: str = "", path: str = "posts/a.qmd") -> str:
    return translated(body, path, header)[0]


CELLS = {
    "```{r}\n#| label: a\n#| warning: false\nx <- 1\n```": "\n\n```r\nx <- 1\n```",
    "```{r, include=FALSE}\nx <- 1\n```": "\n\n",
    "```{r setup, include = F, cache=TRUE}\nx <- 1\n```": "\n\n",
    "```{python}\n# | echo: false\nx = 1\n```": "\n\n\n",
    '```{r}\n#| filename: "a.R"\nx\n```': '\n```r title="a.R"\nx\n```',
    "```{css, echo=FALSE}\n.a {}\n```": "\n\n",
    "```{ojs}\n//| echo: true\nx\n```": "\n```js\nx\n```",
    "``` {mermaid}\n%%| fig-cap: a\nA --> B\n```": "\n```mermaid\nA --> B\n```",
    "```{=html}\n<b>a</b>\n```": "\n<b>a</b>\n",
    "```{=latex}\n\\a\n```": "\n\n",
    "```{asis}\n*a*\n```": "\n*a*\n",
    "```{note}\na\n```": "```{note}\na\n```",
    "````\n```{r, echo=FALSE}\nx\n```\n````": "````\n```{r, echo=FALSE}\nx\n```\n````",
    "```{r, echo=FALSE}\nx": "```{r, echo=FALSE}\nx",
    '```{r, echo=FALSE, fig.cap="A map"}\nknitr::include_graphics("a b/m.png")\n```': (
        '\n![A map](<a b/m.png> "A map")\n'
    ),
    '```{r}\n#| echo: false\n#| fig-alt: "In words"\ninclude_graphics(c("a.png", "b.jpg"))\n```': (
        "\n![In words](a.png) ![In words](b.jpg)\n\n\n"
    ),
    '```{r, echo=FALSE, eval=FALSE}\ninclude_graphics("a.png")\n```': "\n\n",
    "```{r, include=FALSE}\nknitr::opts_chunk$set(echo = FALSE)\n```\n\n```{r}\nx\n```": "\n\n\n\n\n\n",
}


@pytest.mark.parametrize("text", CELLS)
def test_a_cell_is_code_or_nothing_as_it_says(text: str) -> None:
    assert read(text) == CELLS[text]


def test_a_header_hides_the_code_of_all_cells_that_do_not_say_otherwise() -> None:
    header = "title: A\nexecute:\n  warning: false\n  echo: false\ndate: 2020-01-02\n"
    assert read("```{r}\nx\n```", header) == "\n\n"
    assert read("```{r, echo=TRUE}\nx\n```", header) == "```r\nx\n```"
    assert read("```{r}\nx\n```", "execute:\n  warning: false\necho: false\n") == "```r\nx\n```"


def test_what_looks_like_a_cell_is_code_where_nothing_runs_it() -> None:
    assert read("```{r, include=FALSE}\nx\n```", path="posts/a.md") == "```r\nx\n```"
    assert read("```{python}\n#| echo: false\nx\n```", path="posts/a.md") == "\n```python\nx\n```"
    assert read("```{asis}\n*a*\n```", path="posts/a.md") == "```\n*a*\n```"


PANDOC = {
    "![A *cap*](a.png){fig-alt='In words' width=50%}": "![In words](a.png){width=50%} A *cap*",
    "![A cap](a.png){#fig-a .x}": '![A cap](a.png "A cap")',
    "![](a.png)": "![](a.png)",
    "a ![A cap](a.png)": "a ![A cap](a.png)",
    "See @fig-b, then [@fig-a] and [-@fig-b].\n\n![A](a.png){#fig-a}": (
        'See Figure 1, then Figure 2 and 1.\n\n![A](a.png "A")'
    ),
    "Figure \\@ref(fig:x) and \\@ref(tab:x)": "Figure 1 and 1",
    "said [@who2020; see @x, p. 3].": "said [@who2020; see @x, p. 3].",
    "mail a@fig-b.org and [@me](https://e.org) and [@x]: y": "mail a@fig-b.org and [@me](https://e.org) and [@x]: y",
    "`@fig-a` stays": "`@fig-a` stays",
    "a\n\n\\newpage\n\nb": "a\n\n\n\nb",
}


@pytest.mark.parametrize("text", PANDOC)
def test_what_only_pandoc_reads(text: str) -> None:
    assert read(text) == PANDOC[text]


OPENINGS = (
    "```{r}\n",
    "```{r}\n```\n",
    "~~~{r}\n#| a: b\n",
    "[@a; ",
    "[see @a\n",
    "@fig-a ",
    "![a](b){",
    "![[a]](",
    "![a](b.png)\n\n",
)


@pytest.mark.parametrize("opening", OPENINGS)
def test_a_text_that_is_run_is_read_in_linear_time(opening: str) -> None:
    def seconds(count: int) -> float:
        start = process_time()
        read(opening * count)
        return process_time() - start

    count = 80_000 // len(opening)
    whole = seconds(count)
    assert whole < 1.5 or whole < 3 * seconds(count // 2)
