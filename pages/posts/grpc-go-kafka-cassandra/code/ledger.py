"""Hold promise.txt against the article: title, summary and tags promise nothing that no row keeps."""

import json
import re
from pathlib import Path

CODE = Path(__file__).resolve().parent
JOINING = set("a an and any by for from in it its no of on or that the them to under we with".split())


def broken():
    """What is wrong with the ledger, one sentence each; empty when it holds."""
    article = (CODE.parent / "index.md").read_text(encoding="utf-8")
    rows = ledger()
    front = dict(re.findall(r"^(title|summary|tags): (.+)$", article, flags=re.MULTILINE))
    tags = re.findall(r"[^\[\],]+", front["tags"])
    wrong = []
    for source in ("title", "summary"):
        wrong += uncovered(source, json.loads(front[source]), [row[0] for row in rows[source]])
    promised = [row[0] for row in rows["tags"]]
    if promised != [tag.strip() for tag in tags]:
        wrong.append(f"the ledger's tags are {promised}, the article's {front['tags']}")
    headings = re.findall(r"^## (.+)$", article, flags=re.MULTILINE)
    for row in (row for each in rows.values() for row in each):
        wrong += unkept(row, [*headings, "first screen"])
    wrong += unlisted(article, [row[0] for row in rows["checklist"]])
    return wrong


def ledger():
    """The rows of promise.txt by section: promise, where it is kept, what proves it."""
    rows = {}
    for section in re.split(r"^## ", (CODE / "promise.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, _, body = section.partition("\n")
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines() if "|" in line]
        rows[name.lower()] = cells[2:]
    return rows


def uncovered(source, text, promises):
    """The words of a sentence that no promise of the ledger quotes."""
    for promise in promises:
        if promise not in text:
            return [f"the {source} does not say {promise!r}"]
        text = text.replace(promise, " ", 1)
    left = [word for word in re.findall(r"[\w-]+", text) if word.lower() not in JOINING]
    return [f"no row of the ledger keeps {' '.join(left)!r} of the {source}"] if left else []


def unkept(row, places):
    """A row names a section of the article, and a test, drill, check or file that exists."""
    promise, place, proofs = row
    if place not in places:
        yield f"{promise!r} is kept in {place!r}, which is no section"
    for proof in re.findall(r"`([^`]+)`", proofs) or [proofs]:
        if not exists(proof):
            yield f"{promise!r} is proved by {proof!r}, which does not exist"


def exists(proof):
    if re.fullmatch(r"(Test|Fuzz)\w+", proof):
        return any(f"func {proof}(" in file.read_text(encoding="utf-8") for file in CODE.rglob("*_test.go"))
    return (CODE / proof).is_file()


def unlisted(article, promises):
    """Each line of the checklist has a row."""
    lines = re.findall(r"^- \[ \] (.+)$", article, flags=re.MULTILINE)
    return [f"the ledger's checklist is {promises}, the article's {lines}"] if lines != promises else []
