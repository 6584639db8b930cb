"""Other generators' tags and blocks are read as what they mean, line for line, and code stays as it is."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import is_linear
from trigpoint.content.pages import Rules
from trigpoint.content.read_page import read_page
from trigpoint.markup.foreign.translation import translated

YOUTUBE = '<a href="https://www.youtube.com/watch?v=abc">https://www.youtube.com/watch?v=abc</a>'
GIST = '<a href="https://gist.github.com/user/1">https://gist.github.com/user/1</a>'
MEANINGS = {
    "{% highlight ruby linenos %}\nputs 1\n\nputs 2\n{% endhighlight %}": "```ruby\nputs 1\n\nputs 2\n```",
    "{% highlight md %}\n```\na\n```\n{% endhighlight %}": "````md\n```\na\n```\n````",
    '{{< highlight go "linenos=table" >}}\nx\n{{< /highlight >}}': "```go\nx\n```",
    "{% codeblock lang:js %}\nx\n{% endcodeblock %}": "```js\nx\n```",
    "{% raw %}{{ x }}{% endraw %}": "&#123;&#123; x }}",
    "```yaml\n{% raw %}\na: {{ b }}\n{% endraw %}\n```": "\n```yaml\na: {{ b }}\n```\n",
    "{% raw %}\n```yaml\na: {{ b }}\n```\n{% endraw %}": "\n```yaml\na: {{ b }}\n```\n",
    "`{% raw %}{{ x }}{% endraw %}`": "`{{ x }}`",
    "![a]({{ site.baseurl }}/a.png)": "![a](/a.png)",
    "![a]({{ '/a.png' | relative_url }})": "![a](/a.png)",
    '![a]({{ "assets/a.png" | absolute_url }})': "![a](/assets/a.png)",
    "[a]: {{ site.url }}/x": "[a]: /x",
    "[a]({% post_url 2020-01-02-b %})": "[a](/posts/b/)",
    "[a]({{ site.baseurl }}{% link _posts/2020-01-02-b.md %}#c)": "[a](/posts/b/#c)",
    '[a]({{< ref "/blog/b.md#c" >}})': "[a](/posts/b/#c)",
    '[a]({{% relref "b" %}})': "[a](/posts/b/)",
    "[a]({filename}/blog/b.md)": "[a](/posts/b/)",
    "![a]({static}/images/b.png)": "![a](/images/b.png)",
    "[a](@/blog/b.md)": "[a](/posts/b/)",
    '{{< figure src="a.png" alt="b" caption="c d" >}}': '![b](a.png "c d")',
    '{{< figure src="a.png" title="T t" caption="c d" link="true" >}}': '![T t. c d](a.png "T t. c d")',
    '{{< figure src="a.png" link="b.png" caption="c" attr="D" attrlink="/d" alt="e" class="f" >}}': (
        "[![e](a.png)](b.png) *c [D](/d)*"
    ),
    '{% include figure.html src="/a.png" caption="c d" %}': '![c d](/a.png "c d")',
    "{% asset_img a.png The words %}": '![The words](a.png "The words")',
    '{% img left /a.png 300 200 "T t" "A a" %}': '![A a](/a.png "T t")',
    "{% youtube abc %}": YOUTUBE,
    '{{< youtube id="abc" >}}': YOUTUBE,
    '{{ youtube(id="abc") }}': YOUTUBE,
    "{% gist user/1 %}": GIST,
    "{{< gist user 1 >}}": GIST,
    "{% comment %}\na\n{% endcomment %}b": "\n\nb",
    "{% note warning %}\na\n{% endnote %}": "> [!WARNING]\n> a\n",
    '{{% notice tip "T" %}}\na\n\n- b\n{{% /notice %}}': "> [!TIP] T\n> a\n>\n> - b\n",
    '{{< details "S s" >}}\na\n{{< /details >}}': "> [!NOTE]- S s\n> a\n",
    "{% blockquote Ada, Notes %}\na\n{% endblockquote %}": ">\n> a\n> — Ada, Notes",
    ":::note T\na\n:::": "> [!NOTE] T\n> a\n",
    "::: columns\na\n:::": "\na\n",
    '=== "A"\n\n    a\n\n    ```sh\n    b\n    ```\n\n=== "B"\n\n    c': "**A**\n\na\n\n```sh\nb\n```\n\n**B**\n\nc",
    '=== "A"\n    === "B"\n        1. b\n\n            c\n    === "C"\n        d\n': (
        "**A**  \n**B**  \n1. b\n\n    c\n**C**  \nd\n"
    ),
    '1. a\n\n    === "B"\n        b\n': "1. a\n\n    **B**  \n    b\n",
    "{::nomarkdown}\n<b>a</b>\n{:/nomarkdown}": "\n<b>a</b>\n",
    "a {::comment}b{:/} c": "a  c",
    "* TOC\n{:toc}\n\n## A": "\n\n\n## A",
    "1. TOC {:toc}": "",
    "{:x: .y}\n\na": "\n\na",
    "a\n\n^\n\nb": "a\n\n\n\nb",
    "**a**{: .b}": "**a**",
    "a\n\n    :::python\n    b = 1\n\n    c\n\nd": "a\n\n```python\nb = 1\n\nc\n```\nd",
    "- a\n\n        #!js\n        b\n": "- a\n\n    ```js\n    b\n    ```",
    '{{</* figure src="a.png" */>}}': '&#123;&#123;&lt; figure src="a.png" >}}',
    "`{{%/* a */%}}`": "`{{% a %}}`",
    "{{/* youtube(id=1) */}}": "&#123;&#123; youtube(id=1) }}",
    "```js\n// highlight-next-line\nx\n// highlight-start\ny // highlight-line\n// highlight-end\n```": (
        "```js\nx\ny\n```\n\n\n"
    ),
    '{{< tab "A b" >}}\na': "**A b**  \na",
    '{{< alert "circle-info" >}}\na\n{{< /alert >}}': "> [!NOTE]\n> a\n",
    '{{< quote author="Ada" >}}\na\n{{< /quote >}}\n\nb': ">\n> a\n> — Ada\n\nb",
    '{{< button href="/a" >}}Get it{{< /button >}}': "[Get it](/a)",
    "{{< own >}}in *it*{{< /own >}}": "in *it*",
    "{{< rawhtml >}}\n<b>a</b>\n{{< /rawhtml >}}": "\n<b>a</b>\n",
    '{% note(title="T") %}\na\n{% end %}': "> [!NOTE] T\n> a\n",
    '[a]({{ get_url(path="@/blog/b.md") }})': "[a](/posts/b/)",
    "{% label primary@text %} a {% btn http://e.org, Go, home %}": "text a [Go](http://e.org)",
    "{% cq %}a{% endcq %}": "a",
    "{% link a b http://e.org %}": "[a b](http://e.org)",
    "<!-- tab A -->": "**A**  ",
    "<!-- endtab -->": "<!-- endtab -->",
    '{% include note.html content="A *b*" %}': '<div class="callout callout-note" markdown="1">A *b*</div>',
    '{% include figure image_path="/a.png" caption="A *b* [c](d)" %}': '![A b c](/a.png "A b c")',
    '{% include video id="abc" provider="youtube" %}': YOUTUBE,
    '{% assign a = "b" %}\n{{ a }} {{ a | upcase }}': "\nb b",
    "{% own_one a.png title:b %}": '![b](a.png "b")',
    '{{< card link="/a" title="A b" >}}': "[A b](/a)",
    '{{< item header="A b" >}}\nc\n{{< link href="/a" content="d" text="e" >}}': "**A b**  \nc\n[e](/a)",
    "{# a\nb #}c": "\nc",
    "```ruby\n{% raw %}{{ x }}{% endraw %}\n```": "```ruby\n{{ x }}\n```",
    "{% tweet https://e.org/a/1 %}": '<a href="https://e.org/a/1">https://e.org/a/1</a>',
    ":::danger[T]\na\n\n:::info\nb\n:::\n\n:::": "> [!DANGER] T\n> a\n>\n> > [!INFO]\n> > b\n>\n>\n",
    "::::tip\n:::note\na\n:::\n::::": "> [!TIP]\n> > [!NOTE]\n> > a\n>\n",
    "/// details | T\n    type: tip\na\n///": "> [!NOTE]- T\n>\n> a\n",
    '--8<-- "a.md"\nb': "\nb",
    "++ctrl+c++ ++enter++ ++new text++ a++ ++b": (
        "<kbd>Ctrl</kbd>+<kbd>C</kbd> <kbd>Enter</kbd> <ins>new text</ins> a++ ++b"
    ),
    "{--a--}{++b++}{~~c~>d~~}{==e==}{>>f<<}": "<del>a</del><ins>b</ins><del>c</del><ins>d</ins><mark>e</mark>",
    "==a b== and a == b == c": "<mark>a b</mark> and a == b == c",
    "H~2~O, x^2^ and ~~a~~": "H<sub>2</sub>O, x<sup>2</sup> and ~~a~~",
    ":material-clock:{ .lg } **a** :octicons-heart-24:": "**a** ",
    "a\n{ .annotate }": "a\n{: .annotate}",
    "[[A b]], [[A#B c|d]] and ![[x y.png|300]]": (
        "[A b](/posts/a-b/), [d](/posts/a/#b-c) and ![x y](<x y.png>){width=300}"
    ),
    "a %%b%% c\n\n^a1\n\n- b ^some-id": "a  c\n\n\n\n- b",
    "::: a.b.c\n    options:\n\n      d: e\n\nf": "\n\n\n\n\nf",
    "| a | b |\n| c | d |\n": "\ue0ff| a | b |\n| c | d |\n",
    "|---+---|\n| a | b |\n|---+---|\n| c | d |\n|===+===|\n| e | f |\n": (
        "| a | b |\n|---|---|\n| c | d |\n| e | f |\n\n\n"
    ),
    "{:a: .b}\nc\n{: a}": "\nc\n",
    "\\\\(a^2\\\\) and \\(b_1\\), (c\\) \\(see below\\)": "$`a^2`$ and $`b_1`$, (c\\) \\(see below\\)",
    "\\\\[\na = b\n\\\\]": "$$\na = b$$\n",
    "a \\\\[b\\\\] \\(x+1\\) \\(and/or\\)": "a $`b`$ $`x+1`$ \\(and/or\\)",
    "\\begin{align*}\na &= b\n\\end{align*}\nc": "$$\\begin{align*}\na &= b\n\\end{align*}$$\nc",
    "$$\n\\begin{align}\na\n\\end{align}\n$$": "$$\n\\begin{align}\na\n\\end{align}\n$$",
    "[a]({author}b)": "[a](/)",
    ":tada: at 10:30:45, a::x::b, :nope:": "🎉 at 10:30:45, a::x::b, :nope:",
    '![a](my file.png "T") [b](c d.pdf) [e](not a file)': '![a](<my file.png> "T") [b](<c d.pdf>) [e](not a file)',
    "![a](b.png =100x20) ![a](b.png =100x)": "![a](<b.png>){width=100 height=20} ![a](<b.png>){width=100}",
    "See [a b] [c], [c] [d]\n\n[c]: /c\n[d]: /d": "See [a b][c], [c] [d]\n\n[c]: /c\n[d]: /d",
    "##Two\n\n#One Two\n\n#tag #tag\n\n#include": "## Two\n\n# One Two\n\n#tag #tag\n\n#include",
    "**Note:**text **a** 2**3 **b:** c": "<strong>Note:</strong>text **a** 2**3 **b:** c",
    "**a (b)**, [**c**](d) **e:**f": "**a (b)**, [**c**](d) <strong>e:</strong>f",
    "$a^2+b^2$, $`x~y~`$, $a==b==c$ and x^2^": "$a^2+b^2$, $`x~y~`$, $a==b==c$ and x<sup>2</sup>",
    "\\\\(a^2+b^2\\\\) and costs $5 ==or== $6": "$`a^2+b^2`$ and costs $5 <mark>or</mark> $6",
    "$$\n\\label{a} x\n$$\nSee \\eqref{a}, \\ref{a} and \\eqref{b}": "$$\n\\label{a} x\n$$\nSee (1), 1 and \\eqref{b}",
    '<div class="row">\n    {% include figure.liquid path="a.png" class="b" %}\n</div>': (
        '<div class="row">\n    <img src="a.png" alt="">\n</div>'
    ),
    '<td>{{< figure src="a.png" caption="C" >}} {{< button href="/b" >}}c{{< /button >}}</td>': (
        '<td><figure><img src="a.png" alt="C"><figcaption>C</figcaption></figure> <a href="/b">c</a></td>'
    ),
    "<div>\n{% highlight py %}\na < b\n{% endhighlight %}\n</div>": (
        '<div>\n<pre>\n<code class="language-py">a &lt; b\n</code></pre>\n</div>'
    ),
    "<div>\n{% note warning %}\na\n{% endnote %}\n</div>": (
        '<div>\n<div class="callout callout-warning">\na\n</div>\n</div>'
    ),
    "{% tabs a %}\n{% tab a js %} {% tab A title %}\n{% endtabs %}": "\n**js**   **A title**  \n",
    "{% center %}\na\n{% endcenter %}": "\na\n",
    "{% tab Some title %} {% navtab 2.7 LTS %}": "**Some title**   **2.7 LTS**  ",
    "a{% sidenote b c d %} {% sidenote 'b' 'c *d*' %} e{% marginnote\n'b' 'c' %}": "a (c d)  (c *d*) e (c)\n",
    "{% marginfigure 'a' 'b.png' 'c d' %} {% picture a.png --alt b c --img d %}": '![c d](b.png "c d") ![b c](a.png)',
    "{% epigraph 'a' 'b' 'c' %}": '<div class="callout callout-quote" markdown="1">a — b, c</div>',
    '{% include a.html\n  title="T"\n  src="b.png" %}': '![T](b.png "T")\n\n',
    '![a]({{ site.baseurl | append: "/b.png" }})': "![a](/b.png)",
    '{{% alert title="A" color="warning" %}} b\nc {{%\n/alert %}}': "> [!WARNING] A\n>  b\n> c",
    '{% callout type="info" %}\na\n{% /callout %}': "> [!INFO]\n> a\n",
    "> a\n> {.note}": "> a\n> {: .note}",
    "{{< spoiler text='A' >}}\nb\n{{< /spoiler >}}": "> [!NOTE]- A\n> b\n",
    "{% graphviz %}\na -> b\n{% endgraphviz %}": "```dot\na -> b\n```",
    '{% emoji tada %} {{< own url="https://e.org/a" >}}': "🎉 <https://e.org/a>",
    "{% folding blue, A b %}\nc\n{% endfolding %}": "> [!NOTE]- A b\n> c\n",
    "{% note blue 'fas fa-x' simple %}\na\n{% endnote %}": "> [!NOTE]\n> a\n",
    "{% span red, a b %} {% emp c %} {% cite d2020 %}e": "a b c (d2020)e",
    "{{< tooltip text='a' id=b >}} {{ spoiler(text=\"b, c\", fixed=true) }}": "a b, c",
    '{{ image_hover(default_src="a.png", hovered_src="b.png", default_alt="A") }}': "![A](a.png)",
    "{{< text bash >}}\n$ a\n{{< /text >}}\n\n{{< text >}}b{{< /text >}}": "```bash\n$ a\n```\n\nb",
    '{{< button href="/a" >}}\nGet it\n{{< /button >}}': "[Get it](/a)\n\n",
    '{{< card title="T" >}}\na\n{{< /card >}}': "**T**  \na\n",
    "{% codeblock A.map http://e.org link lang:js %}\nx\n{% endcodeblock %}": '```js title="A.map"\nx\n```',
    # Quarto's and R Markdown's chunks, Pandoc's raw text
    "```{python3}\nx\n```": "```python\nx\n```",
    "```{r a, eval=FALSE}\nx\n```": "```r\nx\n```",
    "```{python}\n#| label: a\n#| filename: b.py\n#| fig-cap: |\n#|   c\n\n#| d\n```": (
        '\n\n\n\n\n```python title="b.py"\n#| d\n```'
    ),
    "~~~{ojs}\n//| echo: true\nx\n~~~": "\n~~~js\nx\n~~~",
    "````md\n```{r}\nx\n```\n````": "````md\n```{r}\nx\n```\n````",
    "```{=html}\n<b>a</b>\n\n<p>*b*</p>\n```\nc": "\n<b>a</b>\n<!-- -->\n<p>*b*</p>\n\nc",
    "```{=latex}\n\\newpage\n```": "\n\n",
    "```{=markdown}\n*a*\n```": "\n*a*\n",
    "a `<b>`{=html} `\\b`{=tex}c `{=html}": "a <b> c `{=html}",
    # Pandoc
    "| a  b\n|   - c\n|\n| - d": "a  b\\\n\u00a0\u00a0- c\\\n\u00a0\\\n\\- d",
    "(@)  A\n(@b) B\n\nAs (@b) and @b say, @c.\n\n(@) C": "1.  A\n2. B\n\nAs (2) and 2 say, @c.\n\n3. C",
    "[a [b](c)]{.d} [e]{.underline} [f]{.mark}": "a [b](c) <u>e</u> <mark>f</mark>",
    "# A {-}\n\n(see [@b, p. 3; @c])\n\n::: {#d .note}\ne\n:::\n\n::: {.tip} :::\nf\n:::": (
        "# A\n\n(see [@b, p. 3; @c])\n\n> [!NOTE]\n> e\n\n\n> [!TIP]\n> f\n"
    ),
    "a {% cite b c_d --locator 3-4 --style x %}, {% citet e %} {% bibliography %}": "a (b; c_d, 3-4), e ",
    "{% css %}\n.a {}\n{% endcss %}b": "\n\nb",
    "[a](link://slug/b) [c](link://tag/d)": "[a](/posts/b/) [c](/tags/d/)",
    "<d-code language='js'>a</d-code>": "`a`",
    "[[TOC]]": "",
    "<div>\n  <p>a\n\n    <b>c</b></p>\n    d\n</div>\n\n    <b>\n": (
        "<div>\n  <p>a\n\n<b>c</b></p>\nd\n</div>\n\n    <b>\n"
    ),
}


@pytest.mark.parametrize("written", MEANINGS)
def test_it_is_read_as_what_it_means(written: str) -> None:
    body, left = translated(written)
    assert (body, left) == (MEANINGS[written], ())
    assert body.count("\n") == written.count("\n")


@pytest.mark.parametrize(
    "written",
    [
        "`{% x %}` and `{{ site.url }}`",
        "```\n{% include x %}\n{{ site.url }}\n:::note\n```",
        "A tag {% x %} in a sentence, {{ y }} too.",
        "$$\n{{a}}\n$$",
        "## A {: #id}\n\n[a](b){: .c} ![a](b){: .c}",
        "a\n{: .b}",
        "{figure: rate}",
        "[[1, 2], [3]] and [[a]](b) and [[A]]\n\n[A]: /a",
        "if [[ -z $a ]]; C++ or D++ == 3",
        "| one line |",
        "| one line",
        "| a\n| ---\n| b",
        "(@a in text) and `(@)`",
        "    #!/bin/sh\n    ls",
        "| a | b |\n|---|---|\n| c | d |",
        "x^[2] and [^a-z]",
        "the alias \"@/*\" of '@/a.md'",
        "[a](https://e.org/b_\\(c_d\\)) https://e.org/b_\\(c_d\\)",
        "<div>\n<a\n  href='b'\n>c</a>\n<p\n>\nd\n    <b>e</b></p>\n</div>",
    ],
)
def test_code_and_our_own_forms_stay(written: str) -> None:
    assert translated(written) == (written, ())


@pytest.mark.parametrize(
    "written",
    [
        "{% include a.html %}",
        "{{< own x >}}",
        "{{ page.own }}",
        "{% if a %}",
        "[a]({{ b }}/c)",
        "{% own %}",
        "a {% own b %}c",
        "a {{ collections.d }}",
        "{% assign a = b | c %}{{ a }}",
    ],
)
def test_what_means_nothing_is_left_out_and_told(written: str) -> None:
    page, faults = read_page(
        "posts/a.md", f"---\ntitle: A\ndate: 2020-01-02\n---\nText\n\n{written}\n".encode(), Rules(dt.UTC, lenient=True)
    )
    (fault,) = faults
    assert (fault.line, fault.kind, fault.warning) == (7, "leftover", True)
    assert page and page.source.body and "{" not in page.source.body


def test_a_text_right_below_a_quote_is_none_of_it() -> None:
    assert translated("{% quote Ada %}\na\n{% endquote %}\nb")[0] == ">\n> a\n> — Ada\n\nb"


def test_notes_of_distill_are_footnotes() -> None:
    body, _ = translated("a<d-cite key='b'></d-cite>.<d-footnote>c d</d-footnote>")
    assert body == "a.[^in-line-1]\n\n[^in-line-1]: c d\n"


def test_a_text_about_templates_keeps_its_tags() -> None:
    written = "Django has {% url 'a' %} and {% load b %}."
    assert translated(written) == (written, ())


@pytest.mark.parametrize(
    "header", ["render_with_liquid: false", "extra:\n  render_with_liquid: 'false'", "templateEngineOverride: md"]
)
def test_tags_are_text_where_the_header_says_so(header: str) -> None:
    written = (
        "{% raw %} {{ site.url }}{% include a.html %}\n\n```\n{% raw %}\n{{ a }}\n{% endraw %}\n```\n\n`{{ b }}`\n"
    )
    assert translated(written, "a.md", f"title: A\n{header}\n") == (written, ())
    assert translated(written, "a.md", "render_with_liquid: true\n")[0] != written


def test_a_post_in_html_is_no_markdown() -> None:
    body, _ = translated(
        "<p>*a*</p>\n\n    <p>b</p>\n\n{% highlight py %}\nc\n\nd\n{% endhighlight %}\n", "posts/a.html"
    )
    assert body == (
        "<div><p>*a*</p>\n<!-- -->\n    <p>b</p>\n<!-- -->\n<pre>\n"
        '<code class="language-py">c\n<!-- -->\nd\n</code></pre>\n<!-- --></div>'
    )


def test_notes_in_a_line_are_footnotes_at_the_end() -> None:
    assert translated("a[^1] b^[see [c](d)].\n")[0] == "a[^1] b[^in-line-1].\n\n\n[^in-line-1]: see [c](d)\n"


MDX = {
    "import A from 'a';\nimport {\n  B,\n} from 'b';\n\n# A": "\n\n\n\n\n# A",
    "import A from 'a'\n\nexport const B = () => (\n  <p>{a}</p>\n);\n\nb": "\n\n\n\n\n\nb",
    "import A from 'a'\n\na {/* b */}c {' '}d {props.e}f": "\n\na c  d f",
    "import A from 'a'\n\n{/* truncate */}": "\n\n<!--more-->",
    'import A from \'a\'\n\n<Tabs>\n  <TabItem value="a" label="A b">\n\n    c *d*\n\n  </TabItem>\n</Tabs>': (
        "\n\n\n**A b**\n\nc *d*\n\n\n"
    ),
    'import A from \'a\'\n\n<Callout type="warning" title="T">\n  a\n</Callout>': "\n\n> [!WARNING] T\n> a\n",
    "import A from 'a'\n\n<Note>a *b*</Note>": '\n\n<div class="callout callout-note" markdown="1">a *b*</div>',
    "import A from 'a'\n\n<Image src={require('./a.png').default} alt=\"x\" width={2} />": "\n\n![x](./a.png)",
    "import A from 'a'\n\n<Own\n  a={{b: 1}}\n/> c <Hi a=\"b\">d</Hi> `<E/>`": "\n\n\n\n c d `<E/>`",
    "import A from 'a'\n\n<div className=\"x\" style={{a: 1}}>b</div>": '\n\n<div class="x">b</div>',
    "import A from 'a'\n\n<Tabs\nvalues={[{label: 'A b', value: 'a'}]}>\n<TabItem value='a'>\nc\n</TabItem>\n</Tabs>": (
        "\n\n\n\n**A b**\nc\n\n"
    ),
    "import A from 'a'\n\n<Own id={\"b\"}>c</Own>": "\n\nc",
    "import A from 'a'\n\n```js\nimport B from 'b'\n<Tabs>\n```": "\n\n```js\nimport B from 'b'\n<Tabs>\n```",
}


@pytest.mark.parametrize("written", MDX)
def test_mdx_is_read_without_its_programs(written: str) -> None:
    body, left = translated(written)
    assert (body, left) == (MDX[written], ())
    assert body.count("\n") == written.count("\n")


def test_mdx_shows_what_it_imports() -> None:
    body, _ = translated("import a from './a.png'\nimport B from './b'\n\n<Image src={a} alt=\"c\" />\n{B}\n")
    assert body == "\n\n\n![c](./a.png)\n\n"


def test_components_in_a_list_stay_there() -> None:
    body, _ = translated('- a\n\n  <Own>\n    b\n  </Own>\n\n- <Link to="/c">d</Link>', "a.mdx")
    assert body == "- a\n\n\n  b\n\n\n- [d](/c)"


def test_a_component_means_something_in_mdx_alone() -> None:
    assert translated("<Own>a</Own> b", "posts/a.md")[0] == "<Own>a</Own> b"
    assert translated("<Own>a</Own>", "posts/a.mdx")[0] == "a"


PLAIN_COMPONENTS = {
    '## A <Badge type="tip" text="1.2" />': "## A 1.2",
    "<Note>a *b*</Note>": '<div class="callout callout-note" markdown="1">a *b*</div>',
    '<Tabs>\n<Tab title="A b">\n\nc\n\n</Tab>\n</Tabs>\n\n<Own :a="b" />\nd': "\n**A b**\n\nc\n\n\n\n\n\nd",
    "<Own>\n\n*a*\n\n</Own>": "\n\n*a*\n\n",
    "`<Note>a</Note>`\n\n```\n<Note>a</Note>\n```": "`<Note>a</Note>`\n\n```\n<Note>a</Note>\n```",
    "Map<String, Foo>, List<Note>, <T>, <Own>a</Own> and <Own/>": (
        "Map<String, Foo>, List<Note>, <T>, <Own>a</Own> and <Own/>"
    ),
    "<P>a<BR>b</P>\n<TABLE>\n</TABLE>": "<P>a<BR>b</P>\n<TABLE>\n</TABLE>",
    "List<Own>\n\n<Own>\n\na": "List<Own>\n\n<Own>\n\na",
}


@pytest.mark.parametrize("written", PLAIN_COMPONENTS)
def test_components_in_markdown_that_is_no_mdx(written: str) -> None:
    assert translated(written, "a.md") == (PLAIN_COMPONENTS[written], ())


def test_a_comment_of_mdx_makes_mdx_of_a_text() -> None:
    assert translated("{/* a */}\n\n- <Check size={18} /> b")[0] == "\n\n-  b"
    assert translated("```\n{/* a */}\n```\n{b}")[0] == "```\n{/* a */}\n```\n{b}"


@pytest.mark.parametrize("program", ["```js\n\nimport a from 'b'\n```", "<script>\nimport a from 'b'\n</script>"])
def test_a_program_in_a_text_makes_no_mdx_of_it(program: str) -> None:
    written = f"A list of {{string}} and {{Object}}.\n\n{program}\n"
    assert translated(written) == (written, ())


def test_a_loop_is_left_out_with_all_that_is_in_it() -> None:
    body, left = translated("a\n{% for b in c %}\n* {{ b }}\n{% endfor %}\nd")
    assert body == "a\n\n\n\nd"
    assert [(each.line, each.name) for each in left] == [(1, "for")]


@given(st.text(st.sampled_from("{%}<> :=`~\n-*|/[]()\"'abhighlightnoteraw!^"), max_size=80))
def test_no_text_fails_or_loses_lines(written: str) -> None:
    body, _ = translated(written)
    assert body.count("\n") >= written.count("\n")


def test_a_strict_site_reads_nothing_of_this() -> None:
    page, _ = read_page("posts/a.md", b"---\ntitle: A\ndate: 2020-01-02\n---\n{% include x %}\n", Rules(dt.UTC))
    assert page and page.source.body == "{% include x %}\n"


@pytest.mark.parametrize(
    "piece",
    [
        "{{ a }} ",
        "{{ site.a }} ",
        "{% a %} ",
        "{% if a %}",
        "{{< a >}} ",
        "[a] [b] ",
        "[[a]] ",
        "[^1] ",
        "[a]{.b} ",
        "[ [a]",
        "(@) ",
        "\n(@) a @",
        "\n| a",
        "```{r}\n",
        "<Own/> ",
        "<Own>\n",
    ],
)
def test_no_line_takes_more_than_its_share_of_time(piece: str) -> None:
    assert is_linear(translated, piece, 10_000)


def test_code_of_wordpress_needs_no_language() -> None:
    assert translated("[code]\na\n[/code]\n")[0] == "```\na\n```\n"
