"""The tags of an import: one spelling for each, and the tables that `tags.toml` needs for those it has not. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trigpoint.content.pages import Rules, Tag
from trigpoint.content.slugs import folded, slug_fault, slugified


@dataclass(frozen=True, slots=True)
class TagNames:
    """`names`: the spelling of each written tag; `new`: what the registry lacks; `merged`: what became another."""

    names: Mapping[str, str]
    new: tuple[Tag, ...]
    merged: Mapping[str, str]


def tag_names(written: Iterable[str], rules: Rules, own: Mapping[str, str], merge: bool) -> TagNames:
    """One spelling for each tag: import.toml's, the registry's, else the most frequent. `merge` joins plurals too."""
    written = list(written)
    renamed = {tag: _own(tag, own) for tag in dict.fromkeys(written)}
    counts = Counter(renamed[tag] for tag in written if renamed[tag])
    groups: dict[str, list[str]] = {}
    for name in counts:
        groups.setdefault(_key(name, merge), []).append(name)
    chosen: dict[str, str] = {}
    new: list[Tag] = []
    for key in sorted(groups):
        best = min(groups[key], key=lambda name: (-counts[name], name.casefold(), name))
        known = next((tag for name in [best, *groups[key]] if (tag := _known(name, rules))), None)
        chosen |= dict.fromkeys(groups[key], known.name if known else best)
        if known is None:
            slug = slugified(best)
            new.append(Tag(slug if not slug_fault(slug) else f"tag-{slug}"[:80].strip("-_."), best))
    names = {tag: chosen.get(name, "") for tag, name in renamed.items()}
    return TagNames(
        names, tuple(_apart(new, rules)), {tag: name for tag, name in names.items() if name not in ("", tag)}
    )


def _own(tag: str, own: Mapping[str, str]) -> str:
    folded_own = {name.casefold(): value for name, value in own.items()}
    return folded_own.get(tag.casefold(), tag)


def _key(name: str, merge: bool) -> str:
    slug = slugified(name)
    return slug.replace("-", "").removesuffix("s") if merge and len(slug) > 3 else slug


def _known(name: str, rules: Rules) -> Tag | None:
    spellings = rules.spellings
    return spellings.get(name) or spellings.get(name.casefold()) or spellings.get(slugified(name))


def _apart(tags: Iterable[Tag], rules: Rules) -> Iterable[Tag]:
    """The tags whose spellings are nobody else's."""
    taken = {*rules.spellings}
    for tag in tags:
        spellings = {tag.slug, folded(tag.name), slugified(tag.name)}
        if not spellings & taken:
            taken |= spellings
            yield tag


def tables(tags: Iterable[Tag]) -> str:
    """The tables of these tags, to stand at the end of tags.toml."""
    return "".join(f"\n[{_quoted(tag.slug)}]\nname = {json.dumps(tag.name, ensure_ascii=False)}\n" for tag in tags)


def _quoted(slug: str) -> str:
    return (
        slug
        if slug.isascii() and all(sign.isalnum() or sign in "-_" for sign in slug)
        else json.dumps(slug, ensure_ascii=False)
    )
