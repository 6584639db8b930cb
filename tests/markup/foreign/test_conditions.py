"""Conditions of Liquid and Nunjucks: one branch stays, as on the old site."""

from __future__ import annotations

import pytest

from trigpoint.markup.foreign.translation import translated

HEADER = 'math: true\nvideo: "abc"\nhidden: false\ntags: [a, b]\n'

ONE_STAYS = {
    "{% if page.math %}yes{% else %}no{% endif %}": "yes",
    "{% if page.nope %}no{% else %}yes{% endif %}": "yes",
    "{% if page.hidden %}no{% endif %}": "",
    "{% unless page.hidden %}yes{% endunless %}": "yes",
    "{% unless page.math %}no{% else %}yes{% endunless %}": "yes",
    "{% if page.video == 'x' %}no{% elsif page.video == \"abc\" %}yes{% else %}no{% endif %}": "yes",
    "{% if page.video != '' %}yes{% endif %}": "yes",
    "{% if page.video contains 'bc' %}yes{% endif %}": "yes",
    "{% if page.tags %}yes{% endif %}": "yes",
    "{% if site.x %}no{% endif %}": "",
    "{% if site.x and page.math %}no{% endif %}": "",
    "{% if site.x or page.math %}yes{% endif %}": "yes",
    "{% if page.math and site.x or page.math %}yes{% endif %}": "yes",
    "{% if not page.math %}no{% endif %}": "",
    "{% if math %}yes{% endif %}": "yes",
    "{% if jekyll.environment == 'production' %}yes{% endif %}": "yes",
    "{% assign lang = 'en' %}{% if lang == 'fr' %}no{% else %}yes{% endif %}": "yes",
    "{% if page.nope %}no{% if page.math %}no{% endif %}no{% else %}yes{% endif %}": "yes",
    "{% if page.math %}a{% if page.nope %}no{% endif %}b{% endif %}": "ab",
    "{% case page.video %} {% when 'x', 'y' %}no{% when 'abc' %}yes{% else %}no{% endcase %}": "yes",
    "`{% if page.nope %}code{% endif %}`": "`{% if page.nope %}code{% endif %}`",
}


@pytest.mark.parametrize("text", ONE_STAYS)
def test_the_branch_stays_that_the_header_says(text: str) -> None:
    assert translated(text, "posts/a.md", HEADER) == (ONE_STAYS[text], ())


@pytest.mark.parametrize("test", ["unknown", "page.tags contains 'x'", "a > 3", "page.url == '/'", "a | size"])
def test_where_nobody_knows_the_first_branch_stays_and_is_named(test: str) -> None:
    body, left = translated(f"a\n{{% if {test} %}}b{{% else %}}c{{% endif %}}", "posts/a.md", HEADER)
    assert body == "a\nb"
    assert [(each.line, each.name) for each in left] == [(1, "if")]


def test_a_branch_that_goes_leaves_its_lines() -> None:
    assert translated("a\n{% if page.nope %}\nb\n\n{% endif %}\nc", "posts/a.md", HEADER)[0] == "a\n\n\n\n\nc"


def test_nothing_is_computed_between_raw_and_endraw() -> None:
    shown = "{% if page.nope %}a{% endif %}{% for b in c %}d{% endfor %}"
    assert translated(f"{{% raw %}}{shown}{{% endraw %}}")[0] == shown.replace("{", "&#123;")


def test_a_condition_without_an_end_is_no_condition() -> None:
    assert translated("a {% if b %} c")[0] == "a  c"
