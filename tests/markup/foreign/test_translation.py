"""Other generators' tags and blocks are read as what they mean, line for line, and code stays as it is."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trigpoint.content.pages import Rules
from trigpoint.content.read_page import read_page
from trigpoint.markup.foreign.translation import translated

MEANINGS = {
    "{% highlight ruby linenos %}\nputs 1\n\nputs 2\n{% endhighlight %}": "```ruby\nputs 1\n\nputs 2\n```",
    "{% highlight md %}\n```\na\n```\n{% endhighlight %}": "````md\n```\na\n```\n````",
    '{{< highlight go "linenos=table" >}}\nx\n{{< /highlight >}}': "```go\nx\n```",
    "{% codeblock lang:js %}\nx\n{% endcodeblock %}": "```js\nx\n```",
    "{% raw %}{{ x }}{% endraw %}": "\\{\\{ x }}",
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
    '{% include figure.html src="/a.png" caption="c d" %}': '![c d](/a.png "c d")',
    "{% asset_img a.png The words %}": '![The words](a.png "The words")',
    '{% img left /a.png 300 200 "T t" "A a" %}': '![A a](/a.png "T t")',
    "{% youtube abc %}": "<https://www.youtube.com/watch?v=abc>",
    '{{< youtube id="abc" >}}': "<https://www.youtube.com/watch?v=abc>",
    '{{ youtube(id="abc") }}': "<https://www.youtube.com/watch?v=abc>",
    "{% gist user/1 %}": "<https://gist.github.com/user/1>",
    "{{< gist user 1 >}}": "<https://gist.github.com/user/1>",
    "{% comment %}\na\n{% endcomment %}b": "\n\nb",
    "{% note warning %}\na\n{% endnote %}": "> [!WARNING]\n> a\n",
    '{{% notice tip "T" %}}\na\n\n- b\n{{% /notice %}}': "> [!TIP] T\n> a\n>\n> - b\n",
    '{{< details "S s" >}}\na\n{{< /details >}}': "> [!NOTE]- S s\n> a\n",
    "{% blockquote Ada, Notes %}\na\n{% endblockquote %}": ">\n> a\n> — Ada, Notes",
    ":::note T\na\n:::": "> [!NOTE] T\n> a\n",
    "::: columns\na\n:::": "a\n\n",
    '=== "A"\n\n    a\n\n    ```sh\n    b\n    ```\n\n=== "B"\n\n    c': "**A**\n\na\n\n```sh\nb\n```\n\n**B**\n\nc",
    "{::nomarkdown}\n<b>a</b>\n{:/nomarkdown}": "\n<b>a</b>\n",
    "a {::comment}b{:/} c": "a  c",
    "* TOC\n{:toc}\n\n## A": "\n\n\n## A",
    "1. TOC {:toc}": "",
    "{:x: .y}\n\na": "\n\na",
    "a\n\n^\n\nb": "a\n\n\n\nb",
    "**a**{: .b}": "**a**",
    "a\n\n    :::python\n    b = 1": "a\n\n\n    b = 1",
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
    ],
)
def test_code_and_our_own_forms_stay(written: str) -> None:
    assert translated(written) == (written, ())


@pytest.mark.parametrize(
    "written",
    ["{% include a.html %}", "{{< own x >}}", "{{ page.title }}", "{% if a %}", "[a]({{ b }}/c)", "{% own %}"],
)
def test_what_means_nothing_is_left_out_and_told(written: str) -> None:
    page, faults = read_page(
        "posts/a.md", f"---\ntitle: A\ndate: 2020-01-02\n---\nText\n\n{written}\n".encode(), Rules(dt.UTC, lenient=True)
    )
    (fault,) = faults
    assert (fault.line, fault.kind, fault.warning) == (7, "leftover", True)
    assert page and page.source.body and "{" not in page.source.body


@given(st.text(st.sampled_from("{%}<> :=`~\n-*|/[]()\"'abhighlightnoteraw!^"), max_size=80))
def test_no_text_fails_or_loses_lines(written: str) -> None:
    body, _ = translated(written)
    assert body.count("\n") >= written.count("\n")


def test_a_strict_site_reads_nothing_of_this() -> None:
    page, _ = read_page("posts/a.md", b"---\ntitle: A\ndate: 2020-01-02\n---\n{% include x %}\n", Rules(dt.UTC))
    assert page and page.source.body == "{% include x %}\n"
