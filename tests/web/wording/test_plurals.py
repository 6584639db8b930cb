"""The form behind a number, as CLDR has it and the reader's browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from trigpoint.web.wording.plurals import RULES, forms_of, plural_form


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("de", "other one other other"),
        ("fr", "one one other other"),
        ("pt-PT", "other one other other"),
        ("ja", "other other other other"),
        ("ar", "zero one two few"),
        ("ru-RU", "many one few few"),
    ],
)
def test_a_number_has_the_form_of_its_language(language: str, forms: str) -> None:
    assert [plural_form(language, count) for count in (0, 1, 2, 3)] == forms.split()


def test_arabic_has_all_six_forms() -> None:
    assert {count: plural_form("ar", count) for count in (10, 11, 99, 100, 102, 103)} == {
        10: "few", 11: "many", 99: "many", 100: "other", 102: "other", 103: "few",
    }  # fmt: skip
    assert forms_of("ar") == {"zero", "one", "two", "few", "many", "other"}


@pytest.mark.browser
def test_pages_and_scripts_agree_on_every_number(browser: Browser) -> None:
    languages = [*RULES, "de", "en", "es", "it", "nl", "tr"]
    page = browser.new_page()
    there = page.evaluate(
        "(all) => all.map((each) => Array.from({ length: 250 }, (_, n) => new Intl.PluralRules(each).select(n)))",
        languages,
    )
    page.close()
    for language, forms in zip(languages, there, strict=True):
        assert [plural_form(language, count) for count in range(250)] == forms, language
