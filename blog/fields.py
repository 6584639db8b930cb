"""One parser per field of the front matter: a Node becomes the value that the field means.

docs/front-matter.md tells each field's meaning to authors, in the order of
FIELDS. A parser answers None where it reported a fault.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass

from blog import addresses, moments
from blog.faults import did_you_mean
from blog.nodes import Mapping, Node, Report, Scalar, Sequence
from blog.posts import Cover, Part, Rules, Tag
from blog.registry import tag_named, unregistered
from blog.slugs import slug_fault, slugified

TITLE, TEXT, TAGS, ID = 300, 1000, 50, 200
"""The longest title, text and id in characters, and the most tags of a post."""

YES, NO = ("true", "yes", "on"), ("false", "no", "off")
NAMES = {Sequence: "a list", Mapping: "a mapping"}
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*(?:-x(?:-[A-Za-z0-9]{1,8})+)?"
)


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its parser, the attribute that it fills, whether only posts have it, and whether it may stand empty."""

    read: Callable[[str, Node, Report, Rules], object]
    attribute: str
    of_posts: bool = False
    may_be_empty: bool = True


def text(name: str, node: Node, report: Report, rules: Rules, most: int = TEXT) -> str | None:
    """A text; its line breaks are spaces."""
    if not isinstance(node, Scalar):
        report.doubt(node, f'"{name}" is {NAMES[type(node)]}, but a text is expected.', f'Write `{name}: "…"`.')
        return None
    if HIDDEN.search(node.text):
        report.doubt(node, f'"{name}" holds a control character.', "Remove it.")
        return None
    whole = " ".join(node.text.split())
    if len(whole) > most:
        report.doubt(node, f'"{name}" has {len(whole)} characters, and {most} are the most.', "Shorten it.")
        return None
    return whole


def title(name: str, node: Node, report: Report, rules: Rules) -> str | None:
    if isinstance(node, Scalar) and len(node.text.strip().splitlines()) > 1:
        report.doubt(node, f'"{name}" has several lines, but one is expected.', f'Write `{name}: "…"` in one line.')
        return " ".join(node.text.split()) if rules.lenient else None
    return text(name, node, report, rules, TITLE)


def date(name: str, node: Node, report: Report, rules: Rules) -> dt.datetime | None:
    if not isinstance(node, Scalar):
        report.doubt(node, f'"{name}" is {NAMES[type(node)]}, but a date is expected.', moments.FORM)
        return None
    try:
        return moments.moment(node.text, rules.zone)
    except ValueError as reason:
        report.doubt(node, f'"{name}" is "{_short(node.text)}", but {reason}.', moments.FORM)
        return None


def switch(name: str, node: Node, report: Report, rules: Rules) -> bool | None:
    word = node.text.casefold() if isinstance(node, Scalar) else ""
    if word in YES or word in NO:
        return word in YES
    report.doubt(
        node, f'"{name}" is {_shown(node)}, but true or false is expected.', f"Write `{name}: true` or `{name}: false`."
    )
    return None


def tags(name: str, node: Node, report: Report, rules: Rules) -> tuple[Tag, ...] | None:
    words = _words(name, node, report, rules)
    if words is None:
        return None
    if len(words) > TAGS:
        report.doubt(
            node, f'"{name}" has {len(words)} entries, and {TAGS} are the most.', "Keep those that readers look for."
        )
        return None
    found: dict[str, tuple[Tag, str]] = {}
    for word in words:
        tag = _tag(word, report, rules)
        if tag and tag.slug in found:
            report.warning(
                word,
                f'The tag "{tag.name}" is here twice{_also(word.text, found[tag.slug][1])}.',
                "Keep one of the two.",
            )
        elif tag:
            found[tag.slug] = tag, word.text
    return tuple(tag for tag, _ in found.values())


def _tag(word: Scalar, report: Report, rules: Rules) -> Tag | None:
    name = " ".join(word.text.split())
    if not name or HIDDEN.search(name) or len(name) > 80:
        report.doubt(word, f'"{_short(name)}" cannot be a tag.', "A tag is a text of 1 to 80 characters.")
        return None
    tag = tag_named(name, rules)
    if tag is None:
        report.doubt(word, *unregistered(name, rules))
    return tag


def _also(now: str, before: str) -> str:
    return "" if now == before else f': "{now}" and "{before}" are the same'


def _words(name: str, node: Node, report: Report, rules: Rules) -> list[Scalar] | None:
    """A list of texts, none of which YAML takes for anything else."""
    if isinstance(node, Scalar) and rules.lenient:
        return [Scalar(word, False, node.line, node.column) for word in map(str.strip, node.text.split(",")) if word]
    if not isinstance(node, Sequence):
        report.doubt(node, f'"{name}" is {_a(node)}, but a list is expected.', f"Write `{name}: [{_guess(node)}]`.")
        return None
    words = [word for item in node.items if (word := _word(name, item, report))]
    return words if len(words) == len(node.items) or rules.lenient else None


def _word(name: str, item: Node, report: Report) -> Scalar | None:
    if not isinstance(item, Scalar):
        report.doubt(
            item,
            f'An entry of "{name}" is {NAMES[type(item)]}, but a text is expected.',
            f'Write `{name}: ["…", "…"]`.',
        )
        return None
    if item.kind == "text" or report.forgiving:
        return item
    if item.kind == "nothing":
        report.doubt(item, f'An entry of "{name}" is empty.', "Remove it, or write a text in quotes.")
        return None
    kind = {"yes or no": "a yes or no", "number": "a number", "date": "a date"}[item.kind]
    report.doubt(
        item,
        f'"{item.text}" is {kind} to YAML, but a text is expected in "{name}".',
        f'Write it in quotes: "{item.text}".',
    )
    return None


def _guess(node: Node) -> str:
    """The list that was probably meant, as it is written in YAML."""
    if not isinstance(node, Scalar):
        return "first, second"
    parts = [part.strip() for part in node.text.split(",") if part.strip()] or ["first", "second"]
    return ", ".join(
        part if re.fullmatch(r"[\w/][\w ./+-]*", part) and Scalar(part, True, 0, 0).kind == "text" else f'"{part}"'
        for part in parts[:10]
    )


def authors(name: str, node: Node, report: Report, rules: Rules) -> tuple[str, ...] | None:
    """One name, or a list of names."""
    nodes = node.items if isinstance(node, Sequence) else [node]
    names = [text(name, each, report, rules, TITLE) for each in nodes]
    if any(each == "" for each in names):
        report.doubt(node, f'An entry of "{name}" is empty.', "Remove it, or write a name.")
    return None if None in names else tuple(each for each in names if each)


def slug(name: str, node: Node, report: Report, rules: Rules) -> str | None:
    written = text(name, node, report, rules)
    if written and (reason := slug_fault(written)):
        report.doubt(node, f'"{name}" is "{_short(written)}", but {reason}.', f"Write `{name}: {slugified(written)}`.")
        return None
    return written


def aliases(name: str, node: Node, report: Report, rules: Rules) -> tuple[str, ...] | None:
    words = _words(name, node, report, rules)
    paths: list[str] = []
    for word in words or ():
        try:
            paths.append(addresses.alias(word.text.strip()))
        except ValueError as reason:
            report.doubt(
                word, f'The alias is "{_short(word.text)}", but {reason}.', f'Write a path such as "/old/path/".'
            )
    return None if words is None else tuple(dict.fromkeys(paths))


def series(name: str, node: Node, report: Report, rules: Rules) -> Part | None:
    parts = _mapping(name, node, ("name", "part"), "{name: …, part: 1}", report)
    if parts is None:
        return None
    label = text("name", parts["name"], report, rules, TITLE)
    number = parts["part"].text if isinstance(parts["part"], Scalar) else ""
    if not re.fullmatch(r"[1-9]\d{0,3}", number, re.ASCII):
        report.doubt(
            parts["part"],
            f'"part" is {_shown(parts["part"])}, but a whole number from 1 is expected.',
            "Write `part: 1` for the first.",
        )
        return None
    if label == "":
        report.doubt(parts["name"], 'The "name" of the series is empty.', "Write the name that its parts share.")
    return Part(label, slugified(label), int(number)) if label else None


def cover(name: str, node: Node, report: Report, rules: Rules) -> Cover | None:
    if isinstance(node, Scalar):
        cure = f'Write `{name}: {{image: {_short(node.text)}, alt: "…"}}`.'
        report.doubt(
            node, f'"{name}" is a path alone, and the words for those who cannot see the picture are missing.', cure
        )
        return None
    parts = _mapping(name, node, ("image", "alt"), '{image: …, alt: "…"}', report)
    if parts is None:
        return None
    image, alt = (text(part, parts[part], report, rules) for part in ("image", "alt"))
    if image is not None and (reason := _picture_fault(image, report.path, rules)):
        report.doubt(
            parts["image"],
            f'The cover\'s image is "{_short(image)}", but {reason}.',
            "Put the picture beside the post, and write its name.",
        )
        return None
    return None if image is None or alt is None else Cover(image, alt)


def _picture_fault(image: str, path: str, rules: Rules) -> str:
    if not image:
        return "it is empty"
    if re.match(r"[A-Za-z][\w+.-]*:|//|\\", image):
        return "a picture of this site is expected"
    folder = posixpath.dirname(path.removeprefix(rules.folder + "/"))
    inside = posixpath.normpath(
        posixpath.join("/", folder, image.lstrip("/")) if image.startswith("/") else posixpath.join(folder, image)
    )
    return "that is outside the pages" if inside.startswith("..") or "/.." in image and image.startswith("/") else ""


def language(name: str, node: Node, report: Report, rules: Rules) -> str | None:
    written = text(name, node, report, rules)
    if written and not LANGUAGE.fullmatch(written):
        fixed = written.replace("_", "-")
        cure = (
            f"Write `{name}: {fixed}`."
            if LANGUAGE.fullmatch(fixed)
            else f"Write one such as `{name}: en` or `{name}: pt-BR`."
        )
        report.doubt(node, f'"{name}" is "{_short(written)}", but a language tag (BCP 47) is expected.', cure)
        return None
    return written


def identity(name: str, node: Node, report: Report, rules: Rules) -> str | None:
    written = text(name, node, report, rules, ID)
    if written and " " in written:
        report.doubt(
            node, f'"{name}" holds a space, but a feed needs an id without.', "Write it as an address or a tag: URI."
        )
        return None
    return written


def extra(name: str, node: Node, report: Report, rules: Rules) -> dict[str, object] | None:
    if isinstance(node, Mapping):
        return {key: plain(value) for key, (_, value) in node.entries.items()}
    report.doubt(node, f'"{name}" is {_a(node)}, but a mapping is expected.', f"Write `{name}: {{key: value}}`.")
    return None


def plain(node: Node) -> object:
    """The Node as JSON could hold it; a date stays the text that was written."""
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    if isinstance(node, Mapping):
        return {key: plain(value) for key, (_, value) in node.entries.items()}
    if node.kind == "nothing":
        return None
    if node.kind == "yes or no":
        return node.text.casefold() in YES
    return _number(node.text) if node.kind == "number" else HIDDEN.sub("", node.text)


def _number(written: str) -> object:
    """A decimal number; what YAML 1.1 reads in other ways (12:30, 0o17, 1_000, .inf) stays text."""
    if re.fullmatch(r"[-+]?(?:0|[1-9]\d{0,17})", written, re.ASCII):
        return int(written)
    return (
        float(written) if re.fullmatch(r"[-+]?\d{1,17}\.\d{1,17}(?:[eE][-+]?\d{1,2})?", written, re.ASCII) else written
    )


def _mapping(name: str, node: Node, keys: tuple[str, ...], form: str, report: Report) -> dict[str, Node] | None:
    """The values of a mapping that has exactly these keys."""
    cure = f"Write `{name}: {form}`."
    if not isinstance(node, Mapping):
        report.doubt(node, f'"{name}" is {_a(node)}, but a mapping is expected.', cure)
        return None
    for key, (place, _) in node.entries.items():
        if key not in keys:
            report.doubt(place, f'"{key}" is not a part of "{name}".', did_you_mean(key, keys) or cure)
    missing = [key for key in keys if key not in node.entries or is_empty(node.entries[key][1])]
    for key in missing:
        report.doubt(node, f'"{name}" has no "{key}".', cure)
    return None if missing else {key: node.entries[key][1] for key in keys}


def is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.kind == "nothing"


def _a(node: Node) -> str:
    if not isinstance(node, Scalar):
        return NAMES[type(node)]
    return {"text": "a text", "number": "a number", "date": "a date", "yes or no": "a yes or no", "nothing": "empty"}[
        node.kind
    ]


def _shown(node: Node) -> str:
    return f'"{_short(node.text)}"' if isinstance(node, Scalar) else NAMES[type(node)]


def _short(written: str) -> str:
    line = " ".join(HIDDEN.sub("�", written).split())
    return line if len(line) <= 60 else line[:59] + "…"


FIELDS = {
    "title": Field(title, "title", may_be_empty=False),
    "date": Field(date, "date", of_posts=True, may_be_empty=False),
    "updated": Field(date, "updated"),
    "tags": Field(tags, "tags", of_posts=True),
    "summary": Field(text, "summary"),
    "description": Field(text, "description"),
    "slug": Field(slug, "slug"),
    "aliases": Field(aliases, "aliases"),
    "draft": Field(switch, "draft", may_be_empty=False),
    "expires": Field(date, "expires"),
    "series": Field(series, "part", of_posts=True),
    "cover": Field(cover, "cover"),
    "author": Field(authors, "authors"),
    "authors": Field(authors, "authors"),
    "lang": Field(language, "lang"),
    "id": Field(identity, "id", of_posts=True),
    "toc": Field(switch, "toc", may_be_empty=False),
    "extra": Field(extra, "extra"),
}
