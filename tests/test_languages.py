"""Language tags: what is one, and what was meant by one with an underscore."""

from __future__ import annotations

import pytest

from trigpoint.languages import is_language, nearest_language, shortened


@pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hant-TW", "de-CH-1901", "es-419"])
def test_a_language_tag_is_one(tag: str) -> None:
    assert is_language(tag)


@pytest.mark.parametrize(("written", "meant"), [("zh_CN", "zh-CN"), ("english language", ""), ("e", ""), ("", "")])
def test_what_is_none_may_have_been_meant_as_one(written: str, meant: str) -> None:
    assert (is_language(written), nearest_language(written)) == (False, meant)


@pytest.mark.parametrize(
    ("written", "short"), [("deu", "de"), ("ger-AT", "de-AT"), ("zho-Hans", "zh-Hans"), ("de", "de"), ("gsw", "gsw")]
)
def test_a_code_of_three_letters_is_shortened_where_there_is_one_of_two(written: str, short: str) -> None:
    assert shortened(written) == short
