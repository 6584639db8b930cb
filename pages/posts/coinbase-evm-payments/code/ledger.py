"""Hold promise.txt against the article: every word of title and summary, every tag and
every line of the checklist has a row, its section exists, and so does its proof."""

import json
import re
from pathlib import Path

CODE = Path(__file__).resolve().parent
WIDEST = 88
JOINING = set("a an and by for in it of on or that the to was were what".split())


def broken():
    """What is wrong, one sentence each; empty when the ledger holds."""
    article = (CODE.parent / "index.md").read_text(encoding="utf-8")
    rows = ledger()
    front = dict(re.findall(r"^(title|summary|tags): (.+)$", article, re.MULTILINE))
    wrong = []
    for source in ("title", "summary"):
        promises = [row[0] for row in rows[source]]
        wrong += uncovered(source, json.loads(front[source]), promises)
    tags = front["tags"].strip("[]").split(", ")
    wrong += unequal("tags", [row[0] for row in rows["tags"]], tags)
    items = re.findall(r"^- \[ \] (.+)$", article, re.MULTILINE)
    wrong += unequal("checklist", [row[0] for row in rows["checklist"]], items)
    places = [*re.findall(r"^##+ (.+)$", article, re.MULTILINE), "first screen"]
    for row in (row for each in rows.values() for row in each):
        wrong += unkept(row, places)
    return [*wrong, *wide(article)]


def ledger():
    """The rows of promise.txt by section: promise, where it is kept, what proves it."""
    rows = {}
    text = (CODE / "promise.txt").read_text(encoding="utf-8")
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        name, _, body = section.partition("\n")
        lines = [line for line in body.splitlines() if line.startswith("|")][2:]
        rows[name.lower()] = [
            [cell.strip() for cell in line.strip("|").split("|")] for line in lines
        ]
    return rows


def uncovered(source, text, promises):
    """The words of a sentence that no promise of the ledger quotes."""
    for promise in sorted(promises, key=len, reverse=True):
        if promise not in text:
            return [f"the {source} does not say {promise!r}"]
        text = text.replace(promise, " ", 1)
    left = [word for word in re.findall(r"\w+", text) if word.lower() not in JOINING]
    if left:
        return [f"no row of the ledger keeps {' '.join(left)!r} of the {source}"]
    return []


def unequal(what, promised, written):
    for missing in [one for one in written if one not in promised]:
        yield f"the ledger says nothing of {missing!r} in the {what}"
    for extra in [one for one in promised if one not in written]:
        yield f"the {what} do not hold {extra!r}"


def unkept(row, places):
    """A row names a section, and files or functions (`file:function`) that exist."""
    promise, place, proofs = row
    if place not in places:
        yield f"{promise!r} is kept in {place!r}, which is no section"
    for proof in re.findall(r"`([^`]+)`", proofs) or [proofs]:
        file, _, name = proof.partition(":")
        path = CODE / file
        if not path.exists() or (
            name and not re.search(rf"\b{name}\(", path.read_text())
        ):
            yield f"{promise!r} is proved by {proof!r}, which does not exist"


def wide(article):
    """Listings that a reader would have to scroll sideways."""
    for file in sorted(set(re.findall(r'file="(code/[^"]+)"', article))):
        for at, line in enumerate((CODE.parent / file).read_text().splitlines(), 1):
            if len(line) > WIDEST:
                yield f"{file}:{at} has {len(line)} columns, more than {WIDEST}"
