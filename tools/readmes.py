"""Compares how Markdown that others published is read in a foreign folder with what GitHub's own reader makes of it.

    tools/readmes.py FOLDER…            the scores, and the files that differ most
    tools/readmes.py FOLDER… --show 5   what differs in the worst five; a FOLDER may be a file

Any folder of packages will do: `npm install --ignore-scripts hexo gatsby next` in a folder elsewhere brings some
thousand files. The reference is no dependency of ours: `pip install --target=FOLDER cmarkgfm`, and `PYTHONPATH=FOLDER`.
A score is the share of what both find that both have (F1), the mean of all files. Not everything that differs is wrong:
boxes, tabs, components and short names of emoji mean something here, and `Map<K>` is shown.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any
from urllib.parse import unquote

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from selectolax.lexbor import LexborHTMLParser  # noqa: E402

from trigpoint.content.foreign.headers import parts_of  # noqa: E402
from trigpoint.content.pages import Rules  # noqa: E402
from trigpoint.content.read_page import read_source  # noqa: E402
from trigpoint.markup.render import render  # noqa: E402

RULES = Rules(dt.UTC, tags_open=True, lenient=True)
SUFFIXES = {".md", ".markdown", ".mdx"}
LARGEST = 200_000
"""Bytes of a file that is read: beyond are lists of what a program made."""
VOID = {"br", "hr", "img", "input", "wbr", "source", "col", "embed", "link", "meta", "area", "base", "track", "param"}
HIDDEN = {"script", "style", "template", "annotation", "iframe", "svg"}
INLINE = {"em", "i", "strong", "b", "code", "a", "del", "s"}
NAMES = {"i": "em", "b": "strong", "s": "del", "aside": "blockquote", "th": "cell", "td": "cell", "box": "blockquote"}
PATH = {"ul", "ol", "blockquote", "aside", "box", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "summary"}
FLOWING = INLINE | {"br", "img", "input", "wbr", "span", "sup", "sub", "kbd", "math", "abbr", "small", "font", "mark"}
ALERT = re.compile(r"^\[!\w+\][+-]?\s*")
EMOJI = re.compile(r":[a-z0-9_+-]+:|[\u200d\ufe0f\u2600-\u27bf\U0001f000-\U0001faff]")
FEATURES = ("words", "blocks", "headings", "items", "cells", "quotes", "pre", "em", "strong", "code", "del", "a", "img")


@dataclass(slots=True)
class Reading(HTMLParser):
    """What a reader sees of a page, by feature: of each a multiset."""

    found: dict[str, Counter[Any]] = field(default_factory=lambda: {name: Counter() for name in FEATURES})
    open: list[tuple[str, list[str]]] = field(default_factory=list)
    run: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.found["img"][unquote(of.get("src", ""))] += 1
        if tag == "a" and "footnote" not in str(of) and of.get("href"):
            self.found["a"][unquote(of["href"])] += 1
        if tag not in FLOWING:
            self.flush()
        if tag in VOID:
            self.run.append(" ")
        else:
            is_hidden = "callout-title" in of.get("class", "") or "footnote-" in of.get("class", "")
            is_box = tag == "details" and "callout" in of.get("class", "")
            self.open.append(("style" if is_hidden else "box" if is_box else tag, []))

    def handle_endtag(self, tag: str) -> None:
        if not self.open:
            return
        name, texts = self.open.pop()
        text = "".join(texts)
        if tag not in FLOWING:
            self.flush(name)
        if tag == "pre":
            self.found["pre"][text.strip("\n").rstrip()] += 1
        elif (name := NAMES.get(tag, tag)) in ("em", "strong", "code", "del") and " ".join(text.split()):
            self.found[name][" ".join(text.split())] += 1

    def handle_data(self, data: str) -> None:
        tags = [name for name, _ in self.open]
        if not HIDDEN.isdisjoint(tags):
            return
        for tag, texts in self.open:
            if tag in INLINE or tag == "pre":
                texts.append(data)
        if "pre" not in tags:
            self.run.append(data)

    def flush(self, last: str = "") -> None:
        """The text since the last block began or ended is one block's."""
        text = ALERT.sub("", " ".join(EMOJI.sub("", "".join(self.run)).split()))
        self.run.clear()
        if not text:
            return
        path = tuple(NAMES.get(tag, tag) for tag in [*(tag for tag, _ in self.open), last] if tag in PATH)
        self.words += text.split()
        self.found["blocks"][path, text] += 1
        for name, tags in KINDS.items():
            self.found[name][path if name != "cells" else (), text] += not tags.isdisjoint(path)


KINDS: Mapping[str, set[str]] = {
    "headings": {"h1", "h2", "h3", "h4", "h5", "h6"},
    "items": {"ul", "ol"},
    "cells": {"cell"},
    "quotes": {"blockquote"},
}


def reading(html: str) -> Mapping[str, Counter[Any]]:
    """What HTML shows, as a browser would repair it; the levels of its headings are ranked."""
    tree = LexborHTMLParser(html, is_fragment=True)
    reader = Reading()
    reader.feed(tree.html or "")
    reader.close()
    reader.flush()
    reader.found["words"] = Counter(pairwise(["", *reader.words, ""]))
    return {name: +found for name, found in reader.found.items()}


def ranked(html: str) -> str:
    """The HTML with the levels of its headings numbered from the highest, as ours are: six are five below a title."""
    used = sorted(set(re.findall(r"<h([1-6])[ >]", html)))
    ranks = {level: min(rank, 5) for rank, level in enumerate(used, 1)}
    return re.sub(r"(</?h)([1-6])(?=[ >])", lambda found: f"{found[1]}{ranks.get(found[2], found[2])}", html)


def ours(path: str, raw: bytes) -> str:
    """The HTML of a file as a foreign folder's."""
    source = read_source(path, raw, RULES)
    if source is None:
        return ""
    done = render(source.body or "", path=path, first_line=1, title=path, beside=lambda name: None, lenient=True)
    return done.html(lambda link: link.target)


def reference(raw: bytes) -> str:
    """The HTML of a file as GitHub reads it, without its header."""
    from cmarkgfm import cmark  # type: ignore[import-not-found]

    text = re.sub(r"\{/\*.*?\*/\}", "", raw.decode(), flags=re.S)
    parts = parts_of(text.replace("\r\n", "\n"))
    options = cmark.Options.CMARK_OPT_UNSAFE | cmark.Options.CMARK_OPT_FOOTNOTES
    return str(
        cmark.markdown_to_html_with_extensions(
            parts.body if parts else text, options, ["table", "autolink", "strikethrough", "tasklist"]
        )
    )


def agreement(one: Counter[Any], other: Counter[Any]) -> float | None:
    """The share of both that they have in common (F1); None where there is nothing."""
    whole = one.total() + other.total()
    return 2 * (one & other).total() / whole if whole else None


@dataclass(frozen=True, slots=True)
class Compared:
    """One file: its agreement by feature, and what each of the two has for itself."""

    path: Path
    scores: Mapping[str, float]
    missing: Mapping[str, Counter[Any]]
    extra: Mapping[str, Counter[Any]]

    @property
    def mean(self) -> float:
        return mean(self.scores.values()) if self.scores else 1.0


def compared(path: Path, raw: bytes) -> Compared:
    theirs, own = reading(ranked(reference(raw))), reading(ranked(ours(path.name, raw)))
    pairs = {name: agreement(theirs[name], own[name]) for name in FEATURES}
    scores = {name: score for name, score in pairs.items() if score is not None}
    return Compared(path, scores, {n: theirs[n] - own[n] for n in FEATURES}, {n: own[n] - theirs[n] for n in FEATURES})


def is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def files(folders: Sequence[Path], most: int) -> Iterator[tuple[Path, bytes]]:
    """Distinct texts of these folders, in an order that is the same for the same texts."""
    found: dict[str, tuple[Path, bytes]] = {}
    for folder in folders:
        for path in [folder] if folder.is_file() else sorted(folder.rglob("*")):
            if path.suffix in SUFFIXES and path.is_file() and 0 < path.stat().st_size < LARGEST:
                raw = path.read_bytes()
                if is_text(raw):
                    found.setdefault(sha256(raw).hexdigest(), (path, raw))
    yield from (found[digest] for digest in sorted(found)[:most])


def show(one: Compared) -> None:
    print(f"\n{one.mean:.3f} {one.path}")
    for name in FEATURES:
        for sign, texts in (("-", one.missing[name]), ("+", one.extra[name])):
            for text in list(texts)[:12]:
                print(f"  {name} {sign} {str(text)[:200]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=3000, help="files that are read")
    parser.add_argument("--show", type=int, default=0, help="files of which the differences are shown")
    asked = parser.parse_args()
    done = [compared(path, raw) for path, raw in files(asked.folders, asked.most)]
    if not done:
        sys.exit("No Markdown was found.")
    alike = sum(one.mean == 1 for one in done)
    print(f"{len(done)} files, {alike} alike in all; mean {mean([one.mean for one in done]):.4f}")
    for name in FEATURES:
        if scores := [one.scores[name] for one in done if name in one.scores]:
            print(f"{name:9} {mean(scores):.4f} in {len(scores)} files, {sum(score < 1 for score in scores)} differ")
    worst = sorted(done, key=lambda one: (one.mean, str(one.path)))
    for one in worst[:20]:
        print(f"{one.mean:.3f} {one.path}")
    for one in worst[: asked.show]:
        show(one)


if __name__ == "__main__":
    main()
