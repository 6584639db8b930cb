"""Templates note themselves, the settings and the assets that they look at."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace

import pytest
from flask import render_template, render_template_string
from jinja2.exceptions import TemplatesNotFound, UndefinedError

from tests.conftest import SiteWith, post_text
from trigpoint.application import create_app
from trigpoint.freezing.checks.sources import findings
from trigpoint.notes import recording
from trigpoint.web.templating import NotingEnvironment, iso, template_digest
from trigpoint.web.wording.words import Words


def test_every_template_of_a_page_is_noted_and_so_is_a_compiled_one(site_with: SiteWith) -> None:
    small = site_with()
    environment = small.app.jinja_env
    for _ in range(2):
        with recording() as record:
            environment.get_template("tags.html")
        assert [str(note) for note in record.notes] == ["template('tags.html')"]


def test_the_templates_that_a_page_is_made_of_are_in_its_notes(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    small.text("/")
    known = small.site.responses.get("/")
    assert known
    names = {note.arguments[0] for note in known.notes if note.name == "template"}
    assert {"listing.html", "base.html", "_head.html", "_card.html"} <= names
    assert {"title", "language"} <= {note.arguments[0] for note in known.notes if note.name == "setting"}
    assert "css/site.css" in {note.arguments[0] for note in known.notes if note.name == "asset"}


def test_a_template_that_is_not_there_is_an_answer_too(site_with: SiteWith) -> None:
    assert template_digest(site_with().app.jinja_env, "none.html") == ""


def test_an_edit_that_keeps_size_and_modification_time_is_seen(site_with: SiteWith) -> None:
    small = site_with()
    path = small.root / "templates/tags.html"
    path.write_text("one")
    assert small.text("/tags/") == "one"
    known = path.stat()
    path.write_text("two")
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))
    assert small.text("/tags/") == "two"


def test_a_missing_asset_or_word_is_a_mistake_of_ours_and_is_told(site_with: SiteWith) -> None:
    small = site_with()
    with small.app.test_request_context():
        with pytest.raises(LookupError, match=r"static/css/none\.css is not there"):
            render_template_string("{{ asset('css/none.css') }}")
        with pytest.raises(UndefinedError):
            render_template_string("{{ site.nonsense }}")
        with pytest.raises(UndefinedError):
            render_template_string("{{ nonsense }}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ post.titel }}", '"post" has no "titel". Did you mean "title"?'),
        ("{{ post.tags[0].nmae }}", '"tag" has no "nmae". Did you mean "name"?'),
        ("{{ site.titel }}", '"settings" has no "titel". Did you mean "title"?'),
        ("{{ {'title': 1}.titel }}", '"dict" has no "titel". Did you mean "title"?'),
        ("{{ post.zzzzz }}", '"post" has no "zzzzz".'),
        ("{{ psot }}", "'psot' is undefined. Did you mean \"post\"?"),
        ("{% set words = 1 %}{{ wrods }}", "'wrods' is undefined. Did you mean \"words\"?"),
        ("{{ zzzzz }}", "'zzzzz' is undefined."),
        ("{{ 'x'|uper }}", "This is no template: No filter named 'uper'. Did you mean \"upper\"?"),
        ("{{ 1 is numbr }}", "This is no template: No test named 'numbr'. Did you mean \"number\"?"),
    ],
)
def test_a_misspelt_name_is_told_with_the_nearest(site_with: SiteWith, text: str, said: str) -> None:
    small = site_with({"a": post_text(tags="[Go]")})
    (small.root / "templates/post.html").write_text(text)
    small.site.loader.refresh()
    (fault,) = (each for each in findings(small.site) if each.path == "templates/post.html")
    assert str(fault).endswith(said)


def test_days_and_times_are_written_in_no_locale() -> None:
    moment = dt.datetime(2026, 5, 3, 4, 5, 6, 789, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert Words().day(moment) == "3 May 2026"
    assert iso(moment) == "2026-05-03T04:05:06+02:00"


def test_a_template_is_compiled_once_for_all_processes(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    """But anew where its text is another."""
    small = site_with()
    page = small.text("/tags/")
    compiled: list[str] = []
    compile_template = NotingEnvironment.compile

    def counted(self: NotingEnvironment, source: str, name: str, *more: str) -> object:
        compiled.append(name)
        return compile_template(self, source, name, *more)

    monkeypatch.setattr(NotingEnvironment, "compile", counted)
    another = replace(small, app=create_app(small.root))
    assert another.text("/tags/") == page
    assert compiled == []
    (small.root / "templates/tags.html").write_text("one")
    assert another.text("/tags/") == "one"
    assert compiled == ["tags.html"]
    another.site.loader.stop()


LISTING = '{% extends "theme/listing.html" %}{% block after_posts %}BLOCK{% endblock %}'


@pytest.mark.parametrize(
    "block",
    [
        '{% include ["first.html", "second.html"] ignore missing %}',
        '{% include ("first.html", "second.html") ignore missing %}',
        '{% set names = ["first.html", "second.html"] %}{% include names ignore missing %}',
        '{% include "first.html" ignore missing %}{% include "second.html" ignore missing %}',
    ],
)
def test_the_first_of_several_templates_is_noted_with_those_before_it(site_with: SiteWith, block: str) -> None:
    small = site_with()
    (small.root / "templates/listing.html").write_text(LISTING.replace("BLOCK", f"<p>{block}</p>"))
    assert "<p></p>" in small.text("/")
    second = small.root / "templates/second.html"
    second.write_text("ONE")
    assert "<p>ONE</p>" in small.text("/")
    second.write_text("TWO")
    assert "<p>TWO</p>" in small.text("/")
    (small.root / "templates/first.html").write_text("FIRST ")
    assert "<p>FIRST " in small.text("/")


def test_a_view_may_name_several_templates(site_with: SiteWith) -> None:
    small = site_with()
    (small.root / "templates/_shape.html").write_text("Shape")
    with small.app.test_request_context(), recording() as record:
        assert render_template(["missing.html", "_shape.html"]) == "Shape"
    assert [note.arguments[0] for note in record.notes if note.name == "template"] == ["missing.html", "_shape.html"]
    with small.app.test_request_context(), pytest.raises(TemplatesNotFound):
        render_template(["missing.html", "none.html"])


@pytest.mark.parametrize(
    "how", ['{% from "_brand.html" import logo %}{{ logo() }}', '{% import "_brand.html" as b %}{{ b.logo() }}']
)
def test_what_the_top_of_an_imported_template_asks_is_noted_for_each_page(site_with: SiteWith, how: str) -> None:
    small = site_with({"a": post_text()})
    brand = '{% set icon, kicker = asset("images/own.svg"), site.kicker %}{% macro logo() %}{{ icon }}{% endmacro %}'
    (small.root / "templates/_brand.html").write_text(brand)
    for name in ("listing", "tags"):
        (small.root / f"templates/{name}.html").write_text(how)
    icon = small.root / "static/images/own.svg"
    icon.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    first = {small.text("/"), small.text("/tags/")}
    icon.write_text('<svg xmlns="http://www.w3.org/2000/svg" id="other"/>')
    assert {small.text("/"), small.text("/tags/")}.isdisjoint(first)
    for address in ("/", "/tags/"):
        known = small.site.responses.get(address)
        assert known
        assert {"asset", "setting"} <= {note.name for note in known.notes}
