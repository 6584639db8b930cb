"""Made-up people and a made-up list: what a threshold finds, and whom it bothers. No real name."""

from __future__ import annotations

import random

from backend.screening import Listed, best_match

STARTS = "ba ce di fo gu ha ji ka lo mi na or pe qu ra si ta ul ve wo xa yn za bru kri sto dra".split()
ENDS = "rin lek mund tova shan dell ric mar vik sel thon beru kai nos lia gard moro zen dar hul".split()
MARKS = {
    "a": "áäå",
    "e": "éë",
    "i": "íï",
    "o": "öø",
    "u": "üú",
    "s": "š",
    "n": "ñ",
    "l": "ł",
}


def word(dice: random.Random) -> str:
    parts = [dice.choice(STARTS) for _ in range(dice.randint(0, 1))] + [
        dice.choice(STARTS)
    ]
    return "".join([*parts, dice.choice(ENDS)]).capitalize()


def name(dice: random.Random) -> str:
    return " ".join(word(dice) for _ in range(dice.choice((2, 2, 2, 3))))


# region spoil
def spoil(text: str, dice: random.Random) -> str:
    """As people and other alphabets write it: one to two of six changes."""
    for _ in range(dice.randint(1, 2)):
        at = dice.randrange(1, len(text) - 1)
        change = dice.randrange(6)
        if change == 0:
            text = text[:at] + text[at + 1 :]  # a letter is missing
        elif change == 1:
            text = text[:at] + text[at] + text[at:]  # or doubled
        elif change == 2:
            text = (
                text[:at] + text[at + 1] + text[at] + text[at + 2 :]
            )  # or two change places
        elif change == 3:
            text = " ".join(reversed(text.split()))  # surname first
        elif change == 4:
            text = text.replace("k", "c").replace("v", "w")  # transliteration
        else:
            text = "".join(
                dice.choice(MARKS[c]) if c in MARKS and dice.random() < 0.5 else c
                for c in text
            )  # accents
    return text


# endregion spoil


def curve(
    seed: int, listed: int, people: int, thresholds: tuple[int, ...]
) -> dict[str, list[float]]:
    """For each threshold: the share of spoilt names found, and of others reported, in per cent."""
    dice = random.Random(seed)
    listing = [
        Listed(str(n), (name(dice),), dice.randint(1940, 2000)) for n in range(listed)
    ]
    hidden = [(spoil(entry.names[0], dice), entry.born) for entry in listing]
    others = [(name(dice), dice.randint(1940, 2000)) for _ in range(people)]
    found = [best_match(text, born, listing).score for text, born in hidden]
    plain = [best_match(text, None, listing).score for text, _ in others]
    dated = [best_match(text, born, listing).score for text, born in others]
    share = lambda scores, least: (
        100 * sum(each >= least for each in scores) / len(scores)
    )  # noqa: E731
    return {
        "threshold": list(thresholds),
        "found": [share(found, each) for each in thresholds],
        "alarms": [share(plain, each) for each in thresholds],
        "alarms_born": [share(dated, each) for each in thresholds],
    }
