"""What posts of public blogs hold, reduced: nothing of another generator is visible, no word or picture is lost."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.conftest import is_linear
from tests.markup.foreign.test_golden import html
from trigpoint.content.pages import Page, Rules
from trigpoint.content.read_page import read_page
from trigpoint.markup.foreign.translation import translated
from trigpoint.markup.render import render

SHOWN: dict[str, list[str]] = {
    # Jekyll: attribute lists of themes
    "![Gamers](a.png){:.mx-auto.d-block :}": ['<p><img alt="Gamers" src="a.png"></p>'],
    "![Count][c]{:.img-fluid.max-width: 100%;} b\n\n[c]: a.png": ['<p><img alt="Count" src="a.png"> b</p>'],
    "- item {: .y}\n- {:.z} two[^1]{: .x}\n\n[^1]: n": ["<li>item</li>", "<li>two<sup", "</sup></li>"],
    "{:toc}\n* toc\n\na": ["<p>a</p>"],
    '```yml\na: 1\n```\n{: file="compose.yml" .nolineno }\n\nb': ["<figcaption>compose.yml</figcaption>", "<p>b</p>"],
    "a | b\n--|--|--\nc | d": ["<th>a</th>", "<td>d</td>"],
    '<details>\n<summary>t</summary>\n<div markdown="1">\n**b**\n```java\nint a;\n```\n</div>\n</details>': [
        "<div>\n<p><strong>b</strong></p>",
        "int a;",
        "</div>\n</details>",
    ],
    # Jekyll: Liquid
    "```yaml\na: {% raw %}{{ b }}\nc: {{ d }}{% endraw %}\n```": ["a: {{ b }}\nc: {{ d }}\n"],
    "{% highlight html %}\n{% raw %}<i>\n{{ x }}</i>{% endraw %}\n{% endhighlight %}": ["&lt;i&gt;\n{{ x }}&lt;/i&gt;"],
    "a\n\n    {% raw %}\n    {{ x }}\n    {% endraw %}": ["<pre><code>{{ x }}\n"],
    "{% include toc.html %}\n\nof {{ a.b | upcase }} and {{ c }}.": ["<p>of  and .</p>"],
    "{% capture f %}{{ base }}/a.svg{% endcapture %}\n{% include x.html src=f %}\n\ntext": ["<p>text</p>"],
    '{% include figure image_path="/a.png" caption="by [x](https://x.org){: rel=\'y\'}" %}': ["<figcaption>by x<"],
    "{% capture now %}Ins:<br>A{% endcapture %}\n\n| a | b |\n|-|-|\n| c | {{now}} |": ["<td>Ins:<br>A</td>"],
    '{% capture f %}\n![F]({{ "/f.jpg" | relative_url }})\n{% endcapture %}\n\n<figure>\n{{ f | strip }}\n</figure>': [
        "<figure>",
        '<img src="/f.jpg" alt="F">',
        "</figure>",
    ],
    '{% pullquote %}\nAround, {" the pulled "} and so on.\n{% endpullquote %}': [
        "<p>Around, the pulled and so on.</p>"
    ],
    '{% capture x %}\n#### Env\n- a\n{% endcapture %}\n<div class="notice">{{ x | markdownify }}</div>': [
        '<div class="notice">\n<h2 id="env">Env</h2>\n<ul>\n<li>a</li>\n</ul>\n</div>'
    ],
    "{% set x %}\nblock **value**\n{% endset %}\n\n{{ x | safe }}": ["<p>block <strong>value</strong></p>"],
    '{% highlight ts tabtitle="a.ts" %}\n{% include code/a.ts %}\n{% endhighlight %}\n\nb': ["<p>b</p>"],
    "![]({% image_buster /a.png %}){: style='width:80%'}": ['<img alt="" src="/a.png"'],
    '{%\n  include embed/youtube.html\n  id="abcdefghijk"\n%}': ['href="https://www.youtube.com/watch?v=abcdefghijk"'],
    '{% include video.liquid path="https://www.youtube.com/embed/x" %}': ['href="https://www.youtube.com/embed/x"'],
    "1. \\$$ x_1 $$\n2. b": ['<li><span class="formula">x_1</span></li>'],
    '<div>x</div>\n<div markdown="1">**b**</div>': ["<div>x</div>", "<div>\n<p><strong>b</strong></p>\n</div>"],
    # Hexo
    '{% message color:info "title:Of it" %}\n**a**\n{% endmessage %}': ["Of it</", "<strong>a</strong>"],
    '{% message "icon:fa-brands fa-npm" "title:Of" %}\n    **a**\n{% endmessage %}': [
        ">Of</",
        "<p><strong>a</strong></p>",
    ],
    "{% quote %}\n    **a**\n\n    b\n{% endquote %}": ["<p><strong>a</strong></p>\n<p>b</p>"],
    '<!-- tab id:a "title:A b" active -->\na\n<!-- endtab -->': ["<p><strong>A b</strong><br>\na</p>"],
    "{% codeblock &lt;a&gt; lang:js >folded %}\nx\n{% endcodeblock %}": ["<figcaption>&lt;a&gt;</figcaption>"],
    '{% img /a.png 9 9 \'"Of" "In words"\' %}': ['<img alt="In words" src="/a.png">', "<figcaption>Of</figcaption>"],
    'A {% label "B c" blue %}, {% label d pink %}, {% label red %}.': ["<p>A B c, d, red.</p>"],
    "{% hideToggle Of it,#fff,red %}\na\n{% endhideToggle %}": [">Of it</summary>"],
    "{% gist u/1a b.rb %}": ['<a href="https://gist.github.com/u/1a">'],
    # Eleventy
    '{% image "./a.png", "In words", [900] %}': ['<p><img alt="In words" src="./a.png"></p>'],
    '{% image "./a.png", "In words", "(min-width: 30em) 50vw, 100vw" %}': ['<p><img alt="In words" src="./a.png"></p>'],
    "{% Details %}\n{% DetailsSummary %}\nSum `a`\n{% endDetailsSummary %}\nBody.\n{% endDetails %}": [
        ">Sum <code>a</code></summary>",
        "<p>Body.</p>",
    ],
    # WordPress's shortcodes in Markdown
    'a [caption id="x" width="9"][![T](http://e/a.png)](http://e/a.png) It was _worse_[/caption]': [
        '<a href="http://e/a.png"><img alt="T" src="http://e/a.png"></a> It was <em>worse</em></p>'
    ],
    '\\[caption id="x"\\]![T](a.png) Words\\[/caption\\]': ['<p><img alt="T" src="a.png"> Words</p>'],
    '[sourcecode language="ruby"]\nputs `x`\n[/sourcecode]': ['class="language-ruby">puts `x`'],
    '<p>So:\n[code language="SQL"]\nCREATE `u`;\n[/code]</p>': ['<code class="language-SQL">CREATE `u`;'],
    'a \\[gallery ids="525,524"\\] b': ["<p>a  b</p>"],
    "%[https://e.org/docs] ": ['<a href="https://e.org/docs">'],
    '![](https://e.org/a%3D align="left")': ['src="https://e.org/a%3D"'],
    # Hugo
    '{{< tabpane >}}\n{{< tab header="Java" >}}\nimport x;\n\n  class H {}\n{{< /tab >}}\n{{< /tabpane >}}': [
        "<figcaption>Java</figcaption>",
        'class="language-java">import x;\n\n  class H {}',
    ],
    '{{< tabpane text=true >}}\n{{% tab header="D" %}}\n![s](b.png)\n{{% /tab %}}\n{{< /tabpane >}}': [
        "<p><strong>D</strong><br>\n<img",
    ],
    '{{% colour "blue" %}}\n{{< katex display=true >}}\n\\text{TD}\n=\nR\n{{< /katex >}}\n{{% /colour %}}': [
        'class="math"',
        "\\text{TD}\n=\nR",
    ],
    '{{< gallery "a.png" "b.png" >}}': ['src="a.png"', 'src="b.png"'],
    "{{< code-toggle file=hugo >}}\na = [1]\n{{< /code-toggle >}}\n\n{{< code >}}\nb\n{{< /code >}}": [
        "<pre><code>a = [1]\n</code></pre>",
        "<pre><code>b\n</code></pre>",
    ],
    '{{% code theme="info" header="init" %}}\n\n```go\na := 1\n```\n\n{{% /code %}}': [
        '<pre><code class="language-go">a := 1\n</code></pre>'
    ],
    "{{< terminal >}}\nls *a* <b>\n{{</terminal >}}": ['<code class="language-console">ls *a* &lt;b&gt;'],
    "{{<highlight html>}}\n{{</* note info */>}}\n{{</highlight>}}": [
        '<code class="language-html">{{&lt; note info &gt;}}'
    ],
    '{{< tabs >}}\n{{% tab tabName="Windows" %}}\n\na\n\n{{% /tab %}}\n{{< /tabs >}}': ["<strong>Windows</strong>"],
    'is {{< sidenote "right" "id" "shown words" >}}\nA subtlety.\n{{< /sidenote >}}': ["is shown words (A subtlety.)"],
    'to {{< a link="/a.pdf" caption="the file" >}}': ['<a href="/a.pdf">the file</a>'],
    '{{< figure src="/x.webp" alt="It" caption="<span class=\\"n\\">Figure 1: </span>Main" >}}': [
        '<img alt="It" src="/x.webp"><figcaption>Figure 1: Main</figcaption>'
    ],
    'a {{< glossary_tooltip term_id="node" >}}.': ["<p>a node.</p>"],
    "{{< math >}}\n$$\na=b\n$$\n{{< /math >}}\n\n{{% math %}}\n$$c=d$$\n{{% /math %}}": [
        'tabindex="0">a=b</span>',
        'tabindex="0">c=d</span>',
    ],
    '{{< emgithub "https://github.com/a/b" >}}': ['<a href="https://github.com/a/b">'],
    "{% Glitch { id: 'some-app', path: 'index.html', height: 400 } %}": ['href="https://glitch.com/edit/#!/some-app"'],
    '{{< tabs items="npm, pnpm" >}}\n{{< tab >}}\na\n{{< /tab >}}\n{{< tab >}}b{{< /tab >}}\n{{< /tabs >}}': [
        "<strong>npm</strong>",
        "<strong>pnpm</strong>",
    ],
    '{{< card link="c" title="Role" subtitle="Sub words" icon="view" >}}': ['<a href="c">Role</a>: Sub words'],
    '{{< figure src="x.jpg" title="Ti" caption="Ca" attr="At" >}}': ["<figcaption>Ti. Ca At</figcaption>"],
    # Zola
    "{% mermaiddiagram() %}\n---\ntitle: T\n---\npie\n\n  a\n{% end %}": [
        '<code class="language-mermaid">---\ntitle: T\n---\npie\n\n  a'
    ],
    '{{ image(path="/s.jpg", alt="A sample\nof it") }}': ['src="/s.jpg"'],
    'a {{ color(body="red") }} b {{ ref(label="x") }}.': ["<p>a red b .</p>"],
    "a {% mark() %}b{% end %} {% sidenote() %}side words{% end %}": ["<p>a <mark>b</mark>", "(side words)</p>"],
    '{{ audio(source="/a.mp3") }}': ['<audio controls="" src="/a.mp3">'],
    # Hugo's themes
    "a\n\n{{< script >}}\nconsole.log('x');\n{{< /script >}}\n\n{{< mapbox 121 31 >}}\n\nb": ["<p>a</p>\n<p>b</p>"],
    # Nikola
    '{{% thumbnail "/m.png" alt="M" %}}<p class="c">Words</p>{{% /thumbnail %}}': ['src="/m.png"', "Words"],
    # MkDocs, Quarto
    '=== ":octicons-file-16: `docs/page.md`"\n\n    a': [
        "<p><strong><code>docs/page.md</code></strong></p>",
        "<p>a</p>",
    ],
    '::: {.callout-tip collapse="true"}\n## Expand\nHidden\n:::': ["<details", ">Expand</summary>", "<p>Hidden</p>"],
    "a [text]{.mark} b": ["<p>a <mark>text</mark> b</p>"],
    '++"LOG"++ or ++ctrl+alt+del++': ["<kbd>LOG</kbd> or <kbd>Ctrl</kbd>+<kbd>Alt</kbd>+<kbd>Del</kbd>"],
    "Some `#!python range(10)` and `#!/bin/sh -e`": ["<code>range(10)</code> and <code>#!/bin/sh -e</code>"],
    '<details markdown="1"><summary>S</summary>\n\n**b**\n\n</details>': [
        "<details><summary>S</summary>\n<p><strong>b</strong></p>\n</details>"
    ],
    ":open_book: :comma:": ["<p>📖 :comma:</p>"],
    "::: {#fig-y layout-ncol=2}\n![a](1.png)\n\n![b](2.png)\n:::": [
        '<p><img alt="a" src="1.png"></p>',
        'src="2.png"></p>',
    ],
    'A [b]{style="color:red"}.\n\n$$ x $$ {#eq-x}\n\n| a |\n|---|\n| b |\n\n: Caption {#tbl-x}': [
        "<p>A b.</p>",
        '<span class="math"',
        "</table>",
        "<p>Caption</p>",
    ],
    "If:\n\n  1.  __All__: the\n      text\n\n    ```\n    code\n    ```\n\n    - b\n\n  2.  c": [
        "<pre><code>code\n</code></pre>",
        "<ul>\n<li>b</li>\n</ul>",
        "<p>c</p>",
    ],
    # VuePress, VitePress
    "::: code-tabs#shell\n\n@tab pnpm\n\n```bash\na\n```\n\n@tab:active npm\n\n```bash\nb\n```\n\n:::": [
        "<p><strong>pnpm</strong></p>",
        "<strong>npm</strong>",
    ],
    "a\n\n<<< @/x.js#part{1,3}\n\n@[code js](../x.js)\n\n{{ $frontmatter.title }} {{ $page.nope }}": [
        "<p>a</p>\n<p>T</p>"
    ],
    # Hexo and its themes
    "{% p red, 红色 %} {% p center logo large, Volantis %}": ["<p>红色 Volantis</p>"],
    "{% timeline %}\n{% timenode 2022/08/26 %}\n\na\n\n{% endtimenode %}\n{% endtimeline %}": [
        "<strong>2022/08/26</strong>",
        "<p>a</p>",
    ],
    "<!-- timeline 2023-5-8 -->\n1. a\n<!-- endtimeline -->": ["<strong>2023-5-8</strong>", "<li>a</li>"],
    "{% linkgrid %}\nA | https://e.org/5 | desc | /w.png\n{% endlinkgrid %}": [
        '<li><a href="https://e.org/5">A</a>: desc</li>'
    ],
    "``` ruby Title here http://url Link text\nx\n```": ["<figcaption>Title here</figcaption>"],
    "```bash blog/_config.yml\nx\n```": ["<figcaption>blog/_config.yml</figcaption>"],
    "```python linenums hl_lines\nx\n```": ['<pre><code class="language-python">x'],
    "{% btn '/p/9/',❓ Butterfly 安裝,far fa-hand,block green %}": ['<a href="/p/9/">❓ Butterfly 安裝</a>'],
    "{% btn center large::立即下载::https://c.x/g.zip::fa-solid %}": ['<a href="https://c.x/g.zip">立即下载</a>'],
    '{% dplayer "url=/v.mp4"  "pic=/v.png" "loop=false" %}': ['<video controls="" src="/v.mp4"></video>'],
    "{{< bilibili av=47 >}}": ['href="https://www.bilibili.com/video/av47"'],
    '{{< carousel images="{a.png, b.png}" >}}': ['src="a.png"', 'src="b.png"'],
    'Siehe {{< article link="docs/run-it/" >}} – kurz': ['Siehe <a href="docs/run-it/">Run it</a> – kurz'],
    "{% hideInline The words,button,#fff,#000 %}": ["<p>The words</p>"],
    '{% exturl The https://e.org "t" %}': ['<a href="https://e.org">The</a>'],
    "{% note info %}\n\n{% endnote %}\n\n{% timeline 2022,blue %}\n<!-- timeline 01-02 -->\na\n{% endtimeline %}": [
        "<strong>2022</strong>",
        "<strong>01-02</strong>",
    ],
    "<div>\n{% galleryGroup 'Walls' 'some' '/g/w' https://e.org/a.png %}\n</div>": [
        '<a href="/g/w"><img src="https://e.org/a.png" alt="Walls"></a>',
        "<strong>Walls</strong>: some",
    ],
    "{% blockquote Seth http://s.org/w.html Its title %}\nDo\n{% endblockquote %}": [
        '— <a href="http://s.org/w.html">Seth: Its title</a>'
    ],
    "<escape><b>x</b></escape>": ["<p><b>x</b></p>"],
    "###Three###\n##C#": ["Three<", "C#<"],
    # Pelican
    "[gist:id=36b661,file=x.py]": ['<a href="https://gist.github.com/36b661">Gist 36b661</a>'],
    'See [x][1] and\n[ref].\n[1]: /a "T"\n[ref]: /c\n\n[no]: b c': [
        '<a href="/a" title="T">x</a> and\n<a href="/c">ref</a>.'
    ],
    # Gatsby
    "```js:title=src/index.js\nx\n```": ["<figcaption>src/index.js</figcaption>", 'class="language-js"'],
    # HTML that ends, and Markdown in the next line
    '<p align="center">\n  <img src="a.png" alt="a">\n</p>\n**bold** text': ["</p>\n<p><strong>bold</strong> text</p>"],
    "<div>x</div>\n## Head\n- a": ["<div>x</div>", '<h2 id="head">Head', "<li>a</li>"],
    '<div markdown="1">\n- a\n</div>\n## April': ["<li>a</li>", "</div>", '<h2 id="april">April'],
    '<img src="a.png" alt="x">\n*caption*': ['<p><img src="a.png" alt="x">\n<em>caption</em></p>'],
    '<a href="x">\n![i](y.png)\n</a>': ['<a href="x">\n<img alt="i" src="y.png">\n</a>'],
    "<div>x</div>\n```\ncode\n\n<p>a</p>\nb\n```\n\n<p>c</p>\n*d*": [
        "<div>x</div>",
        "&lt;p&gt;a&lt;/p&gt;\nb\n</code>",
        "<p>c</p>\n<p><em>d</em></p>",
    ],
    "<hr>\n### H": ["<hr>", '<h2 id="h">H'],
    "> <div>x</div>\n> **b**": ["<div>x</div>\n<p><strong>b</strong></p>"],
    "<div>\n<p>x</p>\n<b>y</b>\n</div>": ["<div>\n<p>x</p>\n<b>y</b>\n</div>"],
}


def read(text: str, path: str = "posts/2020-01-02-a.md") -> Page:
    page, _ = read_page(path, text.encode(), Rules(dt.UTC, lenient=True, tags_open=True))
    assert page is not None
    return page


@pytest.mark.parametrize("text", SHOWN)
def test_a_post_reads_as_on_its_blog(text: str) -> None:
    body = read(f"---\ntitle: T\n---\n{text}\n").source.body or ""
    document = render(body, path="a.md", first_line=1, title="T", beside=lambda name: None, lenient=True)
    shown, at = html(document), 0
    for fragment in SHOWN[text]:
        assert fragment in shown[at:], shown
        at = shown.index(fragment, at) + len(fragment)
    foreign = ("{%", "%}", "{{", "}}", "{:", ":::", "[caption", "\ue0fe")
    assert not any(mark in shown for mark in foreign if "/*" not in text and "endraw" not in text)
    assert "endraw" not in shown


@pytest.mark.parametrize("piece", ["<div>a</div>\nb\n", "<div>a</div>\n```\n<p>b</p>\nc\n```\n"])
def test_html_ends_as_often_as_a_text_goes_on(piece: str) -> None:
    assert translated(piece * 300)[0].count("\ue0fe") == 300


@pytest.mark.parametrize("text", SHOWN)
def test_a_translation_keeps_the_lines(text: str) -> None:
    notes = text.count("^[") + text.count("\n[1]:")
    assert notes or translated(text)[0].count("\n") == text.count("\n")


def test_a_gallery_shows_what_the_header_lists() -> None:
    listed = 'gallery:\n  - url: /a.jpg\n    image_path: /a-th.jpg\n    alt: "one"\n  - image_path: /b.jpg\n'
    header = f"---\ntitle: G\n{listed}---\n"
    body = read(f'{header}{{% include gallery caption="All **x**." %}}\n').source.body
    assert body == "![one](/a-th.jpg) ![](/b.jpg)<br>*All **x**.*\n"


def test_a_value_of_the_header_is_shown_under_its_name() -> None:
    text = (
        "---\ntitle: G\nvideo: abcdefghijk\n---\n{{ page.title }}\n\n{% include youtubePlayer.html id=page.video %}\n"
    )
    assert read(text).source.body == "G\n\n[Video on YouTube](https://www.youtube.com/watch?v=abcdefghijk)\n"


@pytest.mark.parametrize("said", ["render_with_liquid: false", "disableNunjucks: true"])
def test_braces_are_text_where_the_header_says_so(said: str) -> None:
    page = read(f"---\ntitle: T\n{said}\n---\nOf {{{{ x }}}} and {{% include a.html %}}, $\\frac{{{{a}}}}{{b}}$.\n")
    document = render(page.source.body or "", path="a.md", first_line=1, title="T", beside=lambda name: None)
    assert html(document).startswith("<p>Of {{ x }} and {% include a.html %}, ")
    assert "\\frac{{a}}{b}" in html(document)


def test_a_value_of_any_name_is_text_where_nothing_reads_liquid() -> None:
    assert read("A `{% include %}`, and {{ name }}.\n").source.body == "A `{% include %}`, and {{ name }}.\n"
    assert read("---\ntitle: T\nlayout: post\n---\nA {{ name }}.\n").source.body == "A .\n"
    assert "{{ name }}" in (read("---\ntitle: T\nlayout: post\n---\nA {{ name }}.\n", "posts/a.md").source.body or "")


@pytest.mark.parametrize(
    "piece", ["{% raw %}\n", "{% raw %}`a`\n", "    {% raw %}a{% endraw %}\n\n", "{{ a }} ", "a|b\n-|-|-\n"]
)
def test_what_is_looked_for_in_a_whole_text_takes_linear_time(piece: str) -> None:
    header = "---\ntitle: T\nlayout: post\n---\n"
    assert is_linear(lambda text: translated(text, "posts/2020-01-02-a.md", header), piece, 20_000)


def test_a_post_in_html_stays_html_where_tags_are_left_out() -> None:
    tags = "{% include toc.html %}\n    <p>b **c**</p>\n{% if site.x %}\n<p>d</p>\n{% endif %}"
    text = f"---\ntitle: T\n---\n<p>a</p>\n{tags}\n    e\n"
    page = read(text, "posts/2020-01-02-a.html")
    document = render(
        page.source.body or "", path="a.md", first_line=1, title="T", beside=lambda name: None, lenient=True
    )
    assert "<pre>" not in html(document) and "b **c**" in html(document)
