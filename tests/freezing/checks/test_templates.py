"""A template that can't be compiled is a Fault with its file, whatever stops the compiler."""

from __future__ import annotations

import pytest

from tests.conftest import SiteWith, post_text
from trigpoint.faults import errors
from trigpoint.freezing.checks.sources import findings


@pytest.mark.parametrize(
    "text",
    [
        "{% if site %}" * 300 + "{% endif %}" * 300,
        "{% if site %}" * 110 + "{% endif %}" * 110,
        "{% for x in y %}" * 30 + "{% endfor %}" * 30,
        "{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}",
        "{{ " + "[" * 300 + "site" + "]" * 300 + " }}",
        "{{ " + "[" * 120 + "site" + "]" * 120 + " }}",
        "{{ " + "not " * 3000 + "site }}",
        "{{ site" + "|upper" * 2000 + " }}",
        "{{ site" + ".a" * 2000 + " }}",
        "{{ 1" + " + site" * 3000 + " }}",
    ],
    ids=lambda text: text[:16],
)
def test_what_is_nested_too_deeply_is_a_finding(site_with: SiteWith, text: str) -> None:
    small = site_with({"a": post_text()})
    (small.root / "templates/deep.html").write_text(text)
    small.site.loader.refresh()
    (found,) = errors(findings(small.site))
    assert str(found).startswith("templates/deep.html: This template can't be read: its blocks, brackets or operators")


def test_what_python_alone_refuses_is_a_finding(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    (small.root / "templates/odd.html").write_text("{{ asset(name=1, name=2) }}")
    small.site.loader.refresh()
    (found,) = errors(findings(small.site))
    assert str(found) == "templates/odd.html: This is no template: keyword argument repeated: name."


@pytest.mark.parametrize(("name", "page"), [("error.html", "an error"), ("alias.html", "an alias")])
def test_a_broken_page_that_no_address_asks_for_is_a_finding(site_with: SiteWith, name: str, page: str) -> None:
    small = site_with({"a": post_text()})
    (small.root / "templates" / name).write_text("<p>\n{{ nothing.there }}")
    small.site.loader.refresh()
    (found,) = errors(findings(small.site))
    assert str(found).startswith(f"templates/{name}:2: The page of {page} can't be made: 'nothing' is undefined.")


def test_a_macro_that_calls_itself_is_named_as_such(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    (small.root / "templates/error.html").write_text("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}")
    small.site.loader.refresh()
    (found,) = errors(findings(small.site))
    assert "or a macro calls itself" in str(found)
