"""Rules as data: read once, refused when they say what no stage knows, and answered with reasons."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]

# region vocabulary
EVERY = {
    "customer_blocked",
    "customer_in_question",
    "customer_closed",
    "over_day_limit",
    "eur_cents",
}
CHAIN = {"self_hosted", "address_proven", "address_listed"}
VOCABULARY: Mapping[str, frozenset[str]] = {
    "daily": frozenset({"list_score"}),
    "payment": frozenset(EVERY),
    # No score against a list here: Regulation (EU) No 260/2012, Article 5d(2).
    "payment:bank": frozenset(EVERY | {"payee_match", "payer_insists"}),
    "payment:chain": frozenset(EVERY | CHAIN | {"beneficiary_known"}),
    "receipt:chain": frozenset(EVERY | CHAIN),
}
TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": lambda fact, wanted: fact == wanted,
    "is not": lambda fact, wanted: fact != wanted,
    "over": lambda fact, limit: fact > limit,
    "at least": lambda fact, limit: fact >= limit,
}
WORST = ("allow", "review", "refuse")
# endregion vocabulary


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    stage: str
    when: tuple[tuple[str, str, Any], ...]
    outcome: str
    since: dt.date
    source: str
    link: str


@dataclass(frozen=True, slots=True)
class Ruleset:
    text: str
    rules: tuple[Rule, ...]

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.text.encode()).digest()


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: str
    hits: tuple[str, ...]


def read(text: str) -> Ruleset:
    """The rules of a file; ValueError with one sentence for what no stage can answer."""
    rules = tuple(
        Rule(
            each["id"],
            each["stage"],
            tuple(map(tuple, each["when"])),
            each["outcome"],
            each["from"],
            each["source"],
            each["link"],
        )
        for each in tomllib.loads(text)["rule"]
    )
    for rule in rules:
        check(rule)
    if len({rule.id for rule in rules}) < len(rules):
        raise ValueError("two rules have the same id")
    return Ruleset(text, rules)


# region check
def check(rule: Rule) -> None:
    known = VOCABULARY.get(rule.stage)
    if known is None:
        raise ValueError(f"rule {rule.id}: there is no stage {rule.stage!r}")
    for fact, test, _ in rule.when:
        if fact not in known:
            raise ValueError(f"rule {rule.id}: {rule.stage} does not know {fact!r}")
        if test not in TESTS:
            raise ValueError(f"rule {rule.id}: there is no test {test!r}")
    if not rule.when or rule.outcome not in WORST[1:] or not rule.source:
        raise ValueError(
            f"rule {rule.id}: it needs a condition, an outcome and a source"
        )


# endregion check


# region judge
def judge(ruleset: Ruleset, stage: str, facts: Facts, day: dt.date) -> Verdict:
    """The worst outcome of all rules that fire. A missing fact is never a pass."""
    hits = [
        (rule.outcome, rule.id)
        for rule in ruleset.rules
        if rule.since <= day and stage_covers(rule.stage, stage) and fires(rule, facts)
    ]
    missing = sorted(VOCABULARY[stage] - facts.keys())
    hits += [("review", f"missing:{fact}") for fact in missing]
    worst = max((WORST.index(outcome) for outcome, _ in hits), default=0)
    return Verdict(WORST[worst], tuple(name for _, name in hits))


def stage_covers(rule: str, stage: str) -> bool:
    return stage == rule or stage.startswith(f"{rule}:")


def fires(rule: Rule, facts: Facts) -> bool:
    return all(
        fact in facts and TESTS[test](facts[fact], value)
        for fact, test, value in rule.when
    )


# endregion judge
