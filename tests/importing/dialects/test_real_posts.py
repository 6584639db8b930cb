"""What posts of public blogs hold, reduced: an import leaves nothing of another generator behind."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from trigpoint.importing.importer import ImportOptions, run

CONFIG = {
    "jekyll": ("_config.yml", "title: x\n", "_posts/2020-01-02-a.md"),
    "hugo": ("hugo.toml", 'title = "x"\n', "content/posts/a.md"),
    "hexo": ("_config.yml", "title: x\n", "source/_posts/a.md"),
    "mkdocs": ("mkdocs.yml", "site_name: x\nplugins: [blog]\n", "docs/blog/posts/a.md"),
    "pelican": ("pelicanconf.py", "PATH = 'content'\n", "content/a.md"),
    "plain": ("README.md", "x\n", "posts/a.md"),
}
POSTS = [
    (
        "pelican",
        "{% notebook a.ipynb cells[1:2] %}\n\nOf {% block x %}.",
        "<!-- import: {% notebook a.ipynb cells[1:2] %} -->\n\nOf {% block x %}.",
    ),
    ("pelican", "<span id=a />\n## Head", "<span id=a />\n\n## Head"),
    ("hexo", "{% note info %}\n\n{% endnote %}\n\na", "a"),
    ("hexo", "{% note info how to do it %}\na\n{% endnote %}", "> [!NOTE] how to do it\n> a"),
    ("hexo", "{% note mine Of it %}\na\n{% endnote %}", "> [!NOTE] Of it\n> a"),
    ("hexo", '{% message color:info "title:Of it" %}\na\n{% endmessage %}', "> [!NOTE] Of it\n> a"),
    ("hexo", '{% message "icon:fa-brands fa-npm" "title:Of" %}\na\n{% endmessage %}', "> [!NOTE] Of\n> a"),
    ("hexo", '<!-- tab id:a "title:A `b`" active -->\na\n<!-- endtab -->', "**A `b`**\n\na"),
    ("hexo", "<!-- tab A@b -->\na\n<!-- endtab -->\n<!-- tab -->\nc\n<!-- endtab -->", "**A**\n\na\n\n\nc"),
    ("hexo", "{% codeblock &lt;a&gt; lang:js >folded %}\nx\n{% endcodeblock %}", '```js title="<a>"\nx\n```'),
    ("hexo", 'A {% label "B c" blue %}, {% label info@d pink %}, {% label red %}.', "A B c, d pink, red."),
    (
        "hexo",
        "{% hideToggle Of it,#fff,red %}\na\n{% endhideToggle %}",
        "<details>\n<summary>Of it</summary>\n\na\n\n</details>",
    ),
    ("hexo", "{% gist u/1a b.rb %}", "[Gist u/1a](https://gist.github.com/u/1a)"),
    (
        "hexo",
        "{% galleryGroup 'Walls' 'some' 'https://e.org/g' https://e.org/a.png %}",
        "[![Walls](https://e.org/a.png)](https://e.org/g)\n\n**Walls**: some",
    ),
    (
        "jekyll",
        "{% capture f %}\n![F]({{ '//e.org/f' | append: '.jpg' }})\n{% endcapture %}\n\n<p>\n{{ f }}\n</p>",
        '<p>\n<img src="//e.org/f.jpg" alt="F">\n</p>',
    ),
    ("jekyll", '{% pullquote %}\nIt {" grows "} here.\n{% endpullquote %}', "> It grows here."),
    ("jekyll", "{:toc}\n* toc\n\na", "a"),
    (
        "hugo",
        '{{< tabpane >}}\n{{< tab header="Go" >}}\nx  :=  1\n{{< /tab >}}\n{{< /tabpane >}}',
        '```go title="Go"\nx  :=  1\n```',
    ),
    ("hugo", "{{< katex >}}\na\n=\nb\n{{< /katex >}}", "$$\na\n=\nb\n$$"),
    (
        "hexo",
        "{% folding blue::A title %}\nb\n{% endfolding %}",
        "<details>\n<summary>A title</summary>\n\nb\n\n</details>",
    ),
    ("hexo", "{% linkgrid %}\nA | https://e.org/5 | desc | /w.png\n{% endlinkgrid %}", "- [A](https://e.org/5): desc"),
    ("mkdocs", '=== ":octicons-file-16: `a.md`"\n\n    b', "**`a.md`**\n\nb"),
    ("plain", "::: {.callout-tip}\n## T\nb\n:::", "> [!TIP] T\n> b"),
]


@pytest.mark.parametrize(("generator", "text", "expected"), POSTS)
def test_a_post_comes_as_its_blog_showed_it(tmp_path: Path, generator: str, text: str, expected: str) -> None:
    config, setting, path = CONFIG[generator]
    for file, content in {config: setting, path: f"---\ntitle: T\ndate: 2020-01-02\n---\n{text}\n"}.items():
        (tmp_path / "old" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "old" / file).write_text(content)
    pages = tmp_path / "site/pages"
    options = ImportOptions(source=tmp_path / "old", root=tmp_path / "site", pages=pages, generator=generator)
    run(options, lambda things, count, label: iter(things), dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    (written,) = pages.rglob("posts/*.md")
    assert written.read_text().split("---\n", 2)[2].strip() == expected
