"""What stands in braces in MDX, reduced from posts of public blogs."""

from __future__ import annotations

import pytest

from trigpoint.markup.foreign.mdx import is_mdx
from trigpoint.markup.foreign.translation import translated

SHOWN = {
    "a {frontmatter.title} b {frontMatter.nope}.": "a T b .",
    "a {new Date().getFullYear()} b": "a  b",
    'a {"{"} b {\'c\'} {" "}d': "a \\{ b c  d",
    "a {`b`} {`{`}c{`}`}": "a b \\{c\\}",
    "<ul>\n{items.map(item => (\n  <li key={item}>{item}</li>\n))}\n</ul>": "<ul>\n\n\n\n</ul>",
    "{a > 0 && (\n  <p>b</p>\n)}": "<p>b</p>\n\n",
    "$a_{1}$ and `{b}` and \\{c}": "$a_{1}$ and `{b}` and \\{c}",
    "## A {#b}": "## A {#b}",
    '| <Own code="b_c" /> |': "| `b_c` |",
    '<LinkCard title="A" href="https://e.org" description="B" />': "[A](https://e.org): B",
    "<Gallery images={[{src: '/1.png', alt: 'a'}, {src: \"/2.png\"}]} />": "![](/1.png) ![](/2.png)",
    '<Callout type="info" text="a" />': '<div class="callout callout-note" markdown="1">a</div>',
    "<div style={{ color: 'red' }} className=\"x\">a **b**</div>": '<div class="x" markdown="1">a **b**</div>',
}


@pytest.mark.parametrize("text", SHOWN)
def test_texts_are_shown_and_what_is_computed_goes(text: str) -> None:
    assert translated(text, "posts/a.mdx", "title: T\n")[0] == SHOWN[text]


@pytest.mark.parametrize(
    ("text", "fence"),
    [
        ('<CodeBlock language="js" title="a.js">{`a\n\\`b\\``}</CodeBlock>', '```js title="a.js"\na\n`b`\n```'),
        ("<Mermaid chart={`\ngraph TD;\n`} />", "```mermaid\ngraph TD;\n```"),
    ],
)
def test_code_in_a_component_is_code_and_keeps_its_lines(text: str, fence: str) -> None:
    body, _ = translated(f"a\n\n{text}\n\nb", "posts/a.mdx")
    assert f"\n{fence}\n" in body
    assert body.count("\n") == text.count("\n") + 4


def test_a_comment_of_mdx_is_one_in_every_text() -> None:
    assert translated("a\n\n{/* truncate */}\n\n{/* b */}c")[0] == "a\n\n<!--more-->\n\nc"


def test_braces_are_text_in_markdown() -> None:
    assert translated("a {b} c")[0] == "a {b} c"


HTML = {
    "<figure>\n![a](a.png)\n<figcaption>B *c* `d<e>`</figcaption>\n</figure>": (
        '<figure markdown="1">\n![a](a.png)\n<figcaption>B <em>c</em> <code>d&lt;e&gt;</code></figcaption>\n</figure>'
    ),
    "<div>\n  <div>\n    - a\n      - b\n  </div>\n</div>": (
        '<div markdown="1">\n<div markdown="1">\n- a\n  - b\n</div>\n</div>'
    ),
    "<details>\n  <summary>**a**</summary>\n\n  b\n</details>": (
        "<details>\n  <summary><strong>a</strong></summary>\n\n  b\n</details>"
    ),
    "<p>\n  a **b**\n</p>": "<p>\n  a <strong>b</strong>\n</p>",
    "<td>\n\n    a `b`\n\n</td>": "<td>\n\na `b`\n\n</td>",
    "<div>\n  a_b = 2 * 3\n</div>": "<div>\n  a_b = 2 * 3\n</div>",
    "```html\n<div>\n  **a**\n</div>\n```": "```html\n<div>\n  **a**\n</div>\n```",
    '<Aside type="tip" title="A">b</Aside>': '<div class="callout callout-tip" markdown="1">**A** b</div>',
}


@pytest.mark.parametrize("text", HTML)
def test_markdown_is_read_in_html(text: str) -> None:
    assert translated(text, "posts/a.mdx")[0] == HTML[text]


IS_MDX = {
    "import A from 'b'\n\n{c}": True,
    "```\nimport A from 'b'\n```\n\n{c}": False,
    '<img src="a.png" style={{float: "left"}} />': True,
    '<p className="a">b</p>': True,
    "<A b={c} />": True,
    "`<A b={c} />`": False,
    "```\n<A b={c} />\n```": False,
    "<a href={{ site.url }}>b</a>": False,
    "<a href={% link a.md %}>b</a>": False,
    "a = {b}": False,
}


@pytest.mark.parametrize("text", IS_MDX)
def test_a_text_is_mdx_by_what_stands_outside_of_code(text: str) -> None:
    assert is_mdx(text, "posts/a.md") is IS_MDX[text]
