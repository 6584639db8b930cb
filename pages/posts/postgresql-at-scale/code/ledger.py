"""Hold promise.txt against the article: title, summary, tags and checklist promise nothing
that no row keeps, each proof exists, and each listing is narrow enough to read."""

import json
import re
from pathlib import Path

CODE = Path(__file__).resolve().parent
WIDEST = 88
JOINING = set("a an and any at by for from in it its no of on one or that the them to we with".split())


def broken():
    """What is wrong, one sentence each; empty when the ledger holds."""
    article = (CODE.parent / "index.md").read_text(encoding="utf-8")
    rows = ledger()
    front = dict(re.findall(r"^(title|summary|tags): (.+)$", article, flags=re.MULTILINE))
    wrong = []
    for source in ("title", "summary"):
        wrong += uncovered(source, json.loads(front[source]), [row[0] for row in rows[source]])
    wrong += unequal("tags", [row[0] for row in rows["tags"]], re.findall(r"[^\[\], ]+", front["tags"]))
    items = re.findall(r"^- \[ \] (.+)$", article, flags=re.MULTILINE)
    wrong += unequal("checklist", [row[0] for row in rows["checklist"]], items)
    headings = re.findall(r"^## (.+)$", article, flags=re.MULTILINE)
    for row in (row for each in rows.values() for row in each):
        wrong += unkept(row, [*headings, "first screen"])
    return [*wrong, *wide(article)]


def ledger():
    """The rows of promise.txt by section: promise, where it is kept, what proves it."""
    rows = {}
    text = (CODE / "promise.txt").read_text(encoding="utf-8")
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        name, _, body = section.partition("\n")
        lines = [line for line in body.splitlines() if line.startswith("|")]
        rows[name.lower()] = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    return rows


def uncovered(source, text, promises):
    """The words of a sentence that no promise of the ledger quotes."""
    for promise in promises:
        if promise not in text:
            return [f"the {source} does not say {promise!r}"]
        text = text.replace(promise, " ", 1)
    left = [word for word in re.findall(r"[\w,-]*\w", text) if word.lower() not in JOINING]
    return [f"no row of the ledger keeps {' '.join(left)!r} of the {source}"] if left else []


def unequal(what, promised, written):
    return [f"the ledger's {what} are {promised}, the article's {written}"] if promised != written else []


def unkept(row, places):
    """A row names a section of the article, and files or functions (`file:function`) that exist."""
    promise, place, proofs = row
    if place not in places:
        yield f"{promise!r} is kept in {place!r}, which is no section"
    for proof in re.findall(r"`([^`]+)`", proofs) or [proofs]:
        file, _, function = proof.partition(":")
        path = CODE / file
        if not path.is_file() or (function and not re.search(rf"\b{function}\b\(", path.read_text(encoding="utf-8"))):
            yield f"{promise!r} is proved by {proof!r}, which does not exist"


def wide(article):
    """Listings that a reader would have to scroll sideways, and sources of diagrams as wide."""
    for number, fence in enumerate(re.findall(r"^```\w+[^\n]*\n(.*?)^```$", article, re.MULTILINE | re.DOTALL), 1):
        yield from too_wide(f"the article's fence {number}", fence)
    for file, region in re.findall(r'file="([^"]+)" region="([^"]+)"', article):
        text = (CODE.parent / file).read_text(encoding="utf-8")
        after = text.split(f"region {region}\n", 1)[1]
        shown = after.split(f"endregion {region}\n", 1)[0]
        yield from too_wide(f"{file}, region {region},", shown.rpartition("\n")[0])


def too_wide(what, text):
    widest = max((len(line) for line in text.splitlines()), default=0)
    if widest > WIDEST:
        yield f"{what} has a line of {widest} columns, more than {WIDEST}"
