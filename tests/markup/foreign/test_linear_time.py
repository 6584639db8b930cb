"""No text of a lenient site takes a time that grows faster than it does: it is read by the process that answers."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from itertools import pairwise
from time import process_time

import pytest

from trigpoint.markup import foreign
from trigpoint.markup.foreign.translation import translated
from trigpoint.markup.pairs import Pair

SIZE = 80_000
FLOOR = 1.5
"""Seconds in which nothing can be told: what was quadratic took several, for texts of this size."""

ENDED = {
    "{% raw %}": "{% endraw %}",
    "{% comment %}": "{% endcomment %}",
    "{{< script >}}": "{{< /script >}}",
    "{% if a %}b{% else %}c": "{% endif %}",
    "{% if a and b or c ": "%}{% endif %}",
    "{% case a %}{% when b %}": "{% endcase %}",
    "{% capture a %}\n\n{% endcapture %}\n<div>": "{{ a }}",
    "{% set a %}": "{% endset %}",
    "<CodeBlock a>{`": "`}</CodeBlock>",
    "<CodeBlock a={`": "`} />",
    "import a from 'b'\n\n{a ": "}",
    "import a from 'b'\n\n<div>\n  **a**\n": "</div>",
    "import a from 'b'\n\n<p>`": "</p>",
    "import a from 'b'\n\n{'a'} {`": "`}",
    "[a]\n[a]: b\n": "",
    "\\$$ a ": "$$",
    "{%\n": "a %}",
    "{{ a(b=": ") }}",
    "{% highlight x %}\n": "{% endhighlight %}",
    "{{< highlight x >}}\n": "{{< /highlight >}}",
    "{% note %}\n": "{% endnote %}",
    "{% note(a) %}\n": "{% end %}",
    "{{< note >}}\n": "{{< /note >}}",
    "{{< tabpane >}}": "{{< /tabpane >}}",
    '{{< tabs items="a" >}}': "{{< /tabs >}}",
    "{{< tab a >}}\n": "{{< /tab >}}",
    "{{< katex >}}\n": "\n\n{{< /katex >}}",
    "{% linkgrid %}": "{% endlinkgrid %}",
    "{% if a %}": "{% endif %}",
    "{% for a in b %}": "{% endfor %}",
    "{% capture a %}": "{% endcapture %}",
    "{% set a = 'b' %}{{ a }}": "",
    "[caption a]": "[/caption]",
    "[code]\n": "\n[/code]",
    "[sourcecode a]\n": "\n[/code]",
    "{::comment}": "{:/}",
    "```js\n": "```",
    "~~~ a b\n": "~~~",
    "````\n{% raw %}\n": "{% endraw %}\n````",
    "```js\n// highlight-next-line\n": "~~~",
    "```a\nfile=\n": '```\n{: file="a" }',
    "`{% raw %}": "{% endraw %}`",
    "{{</*": "*/>}}",
    "{/*": "*/}",
    ";-8<-\n": "-8<-",
    "\\[a\n": "\\]",
    "\\begin{align}\n": "\\end{align}",
    "<!-- ": "-->",
    "<div>\n<!-- ": "-->",
    "<div>\n<script>\n": "</script>",
    "<d-code>": "</d-code>",
    "<d-footnote>": "</d-footnote>",
    "<div>\n\n    <div>\n": "</div>",
    "^[a b c d e f": "]",
    "  -  a\n\n    b\n": "",
    "::: note\n": ":::",
    "/// note\n": "///",
    '=== "a"\n    b\n': "",
}
"""What opens something, and a far end of it, or one that does not fit."""

OPENINGS = (
    *ENDED, "{% include gallery ", "{% gallery ", "{{ page.x ", "a=page.x ", "{{< tabpane ", "{{< katex ",
    "{% linkgrid ",
    "[caption ", "[gallery", "[embed]http://a", "%[http://a", "{{ '", "{{ a }} b", "{: .x", "[[a]] ", "[a]{.b} ",
    "[a] [b] ", "\\ref{a} \\label{a}", "![a](b \"", "import a from 'b'\n", "import a", "<A b={", "<A>\n", "{{ a(",
    "<!-- tab ", "==a", "++\"a", ":material-a:{", "<details markdown ", "| a | b\n", "+ ", "]:", "\t", " ",
    "  \n", "> ", "<div>a</div>\nb\n",
    "<div>a</div>\n```\n<p>b</p>\nc\n", "<p>a</p>\nb <i>\nc</i>\n", "> <div>a</div>\n> b\n",
    "<div>\n<a b=\"", "<a b='\n", "<p\n", "a**b** ", "**, ", "\\(a_1\\)", "https://a\\(a_1\\)", "\n\nimport a",
    '=== "a"\n    === "b"\n        === "c"\n',
)  # fmt: skip


def pairs() -> Iterator[Pair]:
    """All that the modules of foreign marks look for in pairs."""
    for module in pkgutil.walk_packages(foreign.__path__, f"{foreign.__name__}."):
        waiting = list(vars(importlib.import_module(module.name)).values())
        while waiting:
            value = waiting.pop()
            if isinstance(value, Pair):
                yield value
            elif isinstance(value, tuple):
                waiting += value


def seconds(text: str) -> float:
    start = process_time()
    translated(text, "posts/2020-01-01-a.md", "gallery:\n- url: a.png\nx: y\n")
    return process_time() - start


def grows_no_faster(opening: str, end: str = "") -> bool:
    count = SIZE // len(opening)
    whole = seconds(opening * count + end)
    return whole < FLOOR or whole < 3 * seconds(opening * (count // 2) + end)


def test_each_pair_is_opened_by_a_text_that_is_measured() -> None:
    missing = [each.start.pattern for each in pairs() if not any(map(each.start.search, OPENINGS))]
    assert not missing


@pytest.mark.parametrize("opening", OPENINGS)
def test_openings_without_an_end_take_a_time_that_grows_with_the_text(opening: str) -> None:
    assert grows_no_faster(opening)
    assert grows_no_faster(f"import a from 'b'\n\n{opening}") or "import" in opening


@pytest.mark.parametrize("opening", ENDED)
def test_openings_with_one_far_end_take_a_time_that_grows_with_the_text(opening: str) -> None:
    assert grows_no_faster(opening, ENDED[opening])


@pytest.mark.parametrize("opening", ["~~~ a b\n", "import ", "+", "|--", "<!-- tab", "{% a"])
@pytest.mark.parametrize("sign", "` \t")
def test_a_long_run_of_a_sign_takes_a_time_that_grows_with_it(opening: str, sign: str) -> None:
    count = SIZE // 4
    whole = seconds(f"{opening}{sign * count}x")
    assert whole < FLOOR or whole < 3 * seconds(f"{opening}{sign * (count // 2)}x")


@pytest.mark.slow
@pytest.mark.parametrize(("one", "other"), tuple(pairwise(OPENINGS)))
def test_openings_in_turn_take_a_time_that_grows_with_the_text(one: str, other: str) -> None:
    assert grows_no_faster(one + other, ENDED.get(one, ""))
    assert grows_no_faster(other + one, ENDED.get(one, ""))
