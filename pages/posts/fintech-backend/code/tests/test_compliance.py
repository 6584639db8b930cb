from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.compliance import VOCABULARY, WORST, judge, read
from backend.screening import Listed, best_match, normal, score
from tests.conftest import CLEAR, RULES

DAY = dt.date(2026, 11, 29)
CLEAN = {
    "customer_blocked": False,
    "customer_in_question": False,
    "customer_closed": False,
    "over_day_limit": False,
    "eur_cents": 5_000,
    **CLEAR["chain"],
}


def changed(old: str, new: str) -> str:
    assert old in RULES.text
    return RULES.text.replace(old, new, 1)


# region refused
@pytest.mark.parametrize(
    "old, new, why",
    [
        (
            '["payee_match", "is not", "match"]',
            '["list_score", "at least", 70]',
            "does not know",
        ),
        ('stage = "daily"', 'stage = "weekly"', "there is no stage"),
        ('"at least", 70', '"resembles", 70', "there is no test"),
        ('outcome = "review"', 'outcome = "allow"', "needs"),
        ('id = "daily-list"', 'id = "day-limit"', "same id"),
    ],
)
def test_a_ruleset_that_no_stage_can_answer_is_not_loaded(
    old: str, new: str, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        read(changed(old, new))


# endregion refused


def test_self_hosted_above_a_thousand_needs_a_proof() -> None:
    for cents, proven, outcome in (
        (100_000, False, "allow"),
        (100_001, False, "review"),
        (100_001, True, "allow"),
    ):
        facts = {**CLEAN, "eur_cents": cents, "address_proven": proven}
        assert judge(RULES, "payment:chain", facts, DAY).outcome == outcome


def test_a_rule_begins_on_its_day() -> None:
    facts = {**CLEAN, "eur_cents": 200_000, "address_proven": False}
    assert (
        judge(RULES, "payment:chain", facts, dt.date(2024, 12, 29)).outcome == "allow"
    )
    assert (
        judge(RULES, "payment:chain", facts, dt.date(2024, 12, 30)).outcome == "review"
    )


@given(st.sampled_from(sorted(VOCABULARY["payment:chain"])))
def test_a_missing_fact_is_never_a_pass(name: str) -> None:
    facts = {each: value for each, value in CLEAN.items() if each != name}
    verdict = judge(RULES, "payment:chain", facts, DAY)
    assert verdict.outcome != "allow" and f"missing:{name}" in verdict.hits


@given(
    st.dictionaries(st.sampled_from(sorted(VOCABULARY["payment:chain"])), st.booleans())
)
def test_one_more_fact_against_never_makes_it_better(flags: dict[str, bool]) -> None:
    facts = {**CLEAN, **flags, "eur_cents": 200_000}
    worse = {**facts, "address_listed": True, "customer_blocked": True}
    before, after = (
        WORST.index(judge(RULES, "payment:chain", each, DAY).outcome)
        for each in (facts, worse)
    )
    assert after >= before


def test_every_rule_names_its_source_and_day() -> None:
    for rule in RULES.rules:
        assert rule.source and rule.since <= DAY
        assert (
            rule.link.startswith("https://eur-lex.europa.eu/")
            or rule.source == "house rule"
        )
        assert f"[{rule.outcome}]" in "[review][refuse]"


LIST = [
    Listed("M-1", ("Ørjan Vexhælm", "Orian Veksholm"), 1961),
    Listed("M-2", ("Kwabena Ostrolenka",), None),
]


def test_names_match_across_order_accents_and_spelling() -> None:
    assert normal("VEXHÆLM, Ørjan") == normal("orjan vexhaelm") == {"orjan", "vexhaelm"}
    assert score("Vexhaelm Orjan", "Ørjan Vexhælm") == 100
    assert best_match("Orjan Vexhelm", 1961, LIST).score >= 85
    assert best_match("Maria Beispiel", 1961, LIST).score < 50
    assert score("", "x") == 0


def test_a_year_of_birth_rules_out_a_namesake_and_a_missing_one_does_not() -> None:
    assert (
        best_match("Orjan Vexhaelm", 1990, LIST).listed == ""
        or best_match("Orjan Vexhaelm", 1990, LIST).score < 50
    )
    assert best_match("Orjan Vexhaelm", 1962, LIST).score == 100
    assert best_match("Orjan Vexhaelm", None, LIST).score == 100
    assert best_match("Kwabena Ostrolenka", 1990, LIST).score == 100
