"""What an import says of itself: a line for each kind with its count and first place, and a file with everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trigpoint.importing.reading.entries import Finding

KINDS = {
    "unreadable": ("This file was not read", "Mend it there and import again."),
    "other-language": (
        "Texts in another language than Markdown were left out",
        "Convert them to Markdown first, with pandoc say.",
    ),
    "header-unreadable": ("The header cannot be read", "Mend it there, or in the imported post."),
    "date-missing": ("There is no date", "Write `date:` into the post."),
    "date-unreadable": ("The date cannot be read", "Write it as 2026-05-01 into the post."),
    "shortcode": (
        "This tag or shortcode is not known; a comment stands in its place",
        "Say what it means in import.toml, under [shortcodes].",
    ),
    "shortcode-guessed": (
        "This tag or shortcode is not known; its picture, title or text stands in its place",
        "If it meant something else, say so in import.toml, under [shortcodes].",
    ),
    "template-logic": (
        "Logic of a template is not run; a comment stands in its place",
        "Write in the post what it showed.",
    ),
    "template-branch": (
        "Whether this condition held there is not known; its first branch stayed",
        "Say what its value is in import.toml, under [values], or mend the post.",
    ),
    "template-value": ("This value of a template is not known", "Say what it is in import.toml, under [values]."),
    "citation": ("What a bibliography lists is no part of the post", "Write it into the post, as a footnote."),
    "component": (
        "This component is not known; its content stayed",
        "Say what it means in import.toml, under [shortcodes].",
    ),
    "address-unknown": ("The old address cannot be told", "Write it into `aliases:` of the post."),
    "dead-reference": ("A tag names a text that is not there", "Write the right path into the post."),
    "file-missing": ("A picture or file is not there", "Put it beside the post."),
    "remote-picture": (
        "Pictures of other hosts stay there, and this site's policy does not show them",
        "Import with --fetch, or put them beside the post.",
    ),
    "not-fetched": (
        "A picture of another host could not be fetched",
        "Put it beside the post, if readers shall see it.",
    ),
    "dead-link": (
        "A link within the old site leads to nothing that was imported",
        "Mend it in the post, if it is to lead somewhere.",
    ),
    "link-hidden": (
        "A link leads to a draft, or to a post of the future, and is text now",
        "Write it again when that is published.",
    ),
    "heading-missing": ("A link to a heading leads to none, and is text now", ""),
    "alias-impossible": ("An old address cannot lead on", "Let your host redirect it."),
    "alias-taken": ("An old address belongs to something else", "Decide whose it is, and write it into `aliases:`."),
    "feeds-moved": ("The feed had other addresses: write this line", "Then they lead to the feed that is here."),
    "comments": ("Readers' comments do not come along", "This blog has none."),
    "other-type": ("Entries of this type were left out", "They are neither posts nor pages."),
    "not-published": ("This was not published there either, and was left out", ""),
    "section-page": (
        "The text of a section's page was left out",
        "This site makes its own lists; write a page, if readers need it.",
    ),
    "link-not-followed": ("A symbolic link was not followed", "Put the file itself there."),
    "file-too-large": ("A file is too large to copy", ""),
    "lfs-pointer": ("A Git LFS pointer lies there instead of the file", "Run `git lfs pull` there, and import again."),
    "embed": ("A frame became a link: the site's policy shows none", ""),
    "script": ("A script or style became a comment: the site's policy runs none", "Put what it showed into the post."),
    "diagram-kind": (
        "Diagrams of this kind are shown as text, since it is not drawn",
        "Draw them as a flowchart, or put a picture in their place.",
    ),
    "kept": ("A file is there already and was not overwritten", "Remove it to have it imported again."),
    "no-longer": ("An earlier import wrote this, and the source has it no longer", "Remove it, if it is to go."),
    "visibility-unclear": (
        "It is not clear whether readers shall see this, so it is a draft",
        "Write `draft: false`, if they shall.",
    ),
    "output": (
        "What code printed or drew where it ran did not come along",
        "Render it there with `keep-md: true`, and import the Markdown.",
    ),
    "too-slow": ("This text took too long, and came over as it was", "Look through it."),
    "too-deep": ("Lists or quotes are nested too deeply", ""),
    "fields-kept": ("Fields without a meaning here are kept in `extra:`", ""),
    "tag-merged": ("Two spellings of a tag became one", ""),
    "no-metadata": ("The export does not say this", ""),
}
"""By kind: what it is, and what to do."""


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """One line for each kind and name: losses first, the most frequent first."""
    groups: dict[tuple[bool, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((not finding.is_loss, finding.kind, finding.name), []).append(finding)
    for (_, kind, name), members in sorted(groups.items(), key=lambda group: (group[0][0], -len(group[1]), group[0])):
        sentence, cure = KINDS[kind]
        first = min(members, key=lambda each: (each.path, each.line))
        more = f"And {len(members) - 1:,} more of this kind." if len(members) > 1 else ""
        about = f': "{name}"' if name else ""
        yield " ".join(filter(None, (f"{_begin(first)}{sentence}{about}.", cure, more)))


def in_full(findings: Iterable[Finding]) -> str:
    """Every finding on a line of its own, sorted by place."""
    found = sorted(findings, key=lambda each: (each.path, each.line, each.kind, each.name))
    return "".join(f"{_begin(each)}{': '.join((KINDS[each.kind][0], each.name)).rstrip(': ')}.\n" for each in found)


def _begin(finding: Finding) -> str:
    """The place, as all findings have it (`a.md:4: `), and whether it is worth knowing alone."""
    place = f"{finding.place}: " if finding.path else ""
    return place if finding.is_loss else f"{place}note: "
