"""What a site's tables of words have wrong, and what they lack."""

from __future__ import annotations

import pytest

from tests.conftest import SiteWith, SmallSite, post_text
from trigpoint.freezing.checks.words import words_faults


def told(small: SmallSite) -> list[str]:
    small.site.loader.refresh()
    return [str(fault) for fault in words_faults(small.site)]


def test_the_words_of_the_theme_are_all_right(site_with: SiteWith) -> None:
    small = site_with({name: post_text(lang=name) for name in ("de", "fr", "ja", "zh-CN", "ar", "pt-BR", "es")})
    assert told(small) == []


def test_a_word_that_nobody_asks_for_is_a_fault_at_its_line(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    table = small.root / "templates/words/de.toml"
    table.write_text(
        '[pages]\n"Read articel" = "Lesen"\n"{count} min" = "Min."\n\n[scripts]\n"Read article" = "Lesen"\n'
    )
    assert told(small) == [
        'templates/words/de.toml:3: "{count} min" has no place for "count". Its places are those of the '
        "English: count.",
        'templates/words/de.toml:2: "Read articel" of [pages] is no word that the site asks for. '
        'Did you mean "Read article"?',
        'templates/words/de.toml:6: "Read article" of [scripts] is no word that the site asks for. '
        "Take it out, or write it as the template has it.",
    ]


def test_a_table_that_is_not_utf_8_is_named_by_its_line(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    (small.root / "templates/words/de.toml").write_bytes('[pages]\n"Tags" = "Schlagwörter"\n'.encode("latin-1"))
    (said,) = told(small)
    assert said.startswith("templates/words/de.toml:2:18: Byte 25 (0xF6) is not UTF-8: it looks like Latin-1")


def test_missing_words_are_one_warning_that_names_them(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_LANGUAGE", "it")
    small = site_with({"a": post_text()})
    (small.root / "templates/words/it.toml").write_text('[pages]\n"All articles" = "Tutti gli articoli"\n')
    (fault,) = told(small)
    assert fault.startswith(
        'templates/words/it.toml: warning: Words of it are missing, and are shown in English: "[dates]", '
    )
    assert fault.endswith("more. Add them below [pages] or [scripts].")


def test_a_code_of_three_letters_is_no_other_language(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_LANGUAGE", "deu")
    (said,) = told(site_with({"a": post_text()}))
    assert said.endswith('pages say theirs in English. Did you mean "de"?')


def test_a_language_without_words_is_a_warning_at_the_setting(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLOG_LANGUAGE", "it-CH")
    assert told(site_with({"a": post_text()})) == [
        'BLOG_LANGUAGE: warning: "language" is it-CH, and there are no words of it: pages say theirs in English. '
        "Write templates/words/it.toml."
    ]


def test_a_word_of_a_sites_own_template_is_known_and_missed(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(lang="de")})
    (small.root / "templates/own.html").write_text('{{ _("Thank you") }}')
    (small.root / "static/js/own.js").write_text('say("Well read");\n')
    assert told(small) == [
        "templates/words/de.toml: warning: Words of de are missing, and are shown in English: "
        '"Thank you", "Well read". '
        "Add them below [pages] or [scripts]."
    ]
    table = small.root / "templates/words/de.toml"
    text = table.read_text().replace("[scripts]", '"Thank you" = "Danke"\n\n[scripts]\n"Well read" = "Gelesen"')
    table.write_text(text)
    assert told(small) == []
