"""What stands in braces in MDX, reduced from posts of public blogs."""

from __future__ import annotations

import pytest

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
