"""The tag registry: tags.toml read, and a tag found in it by any of its spellings."""

from __future__ import annotations

from trigpoint.content.pages import Rules, Tag
from trigpoint.content.registries.tables import Table, read_tables
from trigpoint.content.slugs import slug_fault, slugified
from trigpoint.faults import Fault, nearest

FIELDS = ("name", "description", "aliases")


def tag_named(name: str, rules: Rules) -> Tag | None:
    """The tag that goes by this name, slug or alias; None where the registry has none and is closed."""
    spellings = rules.spellings
    found = spellings.get(name) or spellings.get(name.casefold()) or spellings.get(slugified(name))
    is_open = rules.tags_open or rules.lenient
    return found or (Tag(slugified(name), name) if is_open else None)


def unregistered(name: str, rules: Rules) -> tuple[str, str]:
    """The sentence and the cure for a tag that the registry lacks."""
    near = nearest(name, [tag.name for tag in rules.registry])
    guess = f'Did you mean "{near}"? ' if near else ""
    return (
        f'The tag "{name}" is not registered.',
        f"{guess}A new tag gets a table [{slugified(name)}] in {rules.folder}/tags.toml.",
    )


def read_tags(path: str, raw: bytes) -> tuple[tuple[Tag, ...], tuple[Fault, ...]]:
    """The tag registry of tags.toml, in its order, and all its Faults.

    Shape: a table per tag, named by its slug, with `name`, and perhaps `description` and `aliases`.
    """
    return read_tables(path, raw, "tag", FIELDS, _tag)


def _tag(table: Table) -> Tag:
    return Tag(table.slug, table.text("name"), table.text("description"), _aliases(table))


def _aliases(table: Table) -> tuple[str, ...]:
    written = table.values.get("aliases", [])
    if not isinstance(written, list) or not all(isinstance(alias, str) for alias in written):
        sentence = f'The aliases of "{table.slug}" are not a list of texts.'
        table.error("aliases", sentence, 'Write aliases = ["…", "…"].')
        return ()
    for alias in written:
        if reason := slug_fault(alias):
            table.error("aliases", f'"{alias}" cannot be an alias: {reason}.', f'Write "{slugified(alias)}".')
    return tuple(written)
