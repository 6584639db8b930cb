"""Checks of a release before it goes live: portable names, valid feeds, nothing of hidden pages."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote
from xml.parsers import expat

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import escape as markup_escape

from trigpoint.characters import DEVICES
from trigpoint.faults import Fault
from trigpoint.freezing.checks.host_files import MOST_RULES, rule_faults
from trigpoint.freezing.checks.leaks import Gate, may_lead_to
from trigpoint.freezing.checks.outputs import folded
from trigpoint.freezing.checks.own_pages import own_page_faults
from trigpoint.freezing.ledger import Record
from trigpoint.library.snapshot import has_expired, hidden_pages
from trigpoint.notes import Digest, digest_of_bytes
from trigpoint.web.failures import source_of
from trigpoint.web.site import Site

MANY_FILES = 20_000
LARGE_FILE = 25_000_000
"""Bytes. The limits of the smaller free hosts."""

UNPORTABLE = re.compile(rf'[<>:"|?*\\\x00-\x1f]|[. ](?:/|$)|(?:^|/)(?:{DEVICES})(?:[./]|$)', re.I)
FEED = re.compile(r"/(?:(?:(?:tags|authors)/[^/]+/)?feed\.(?:xml|json)|sitemap\.xml|opensearch\.xml|site\.webmanifest)")
"""The address of what programs read, of the site; an author may have files of that name beside an article."""

TEXT = re.compile(r"/search/text(/.+)\.json")
"""The address of an article's text for the search."""

TELLING = 12
"""Characters: a shorter title, or one of one word, may stand anywhere by chance."""

FEW = 50
"""So many secrets are looked for one by one; more, where a word of theirs stands."""

ByWord = Mapping[bytes, Sequence[bytes]]

WORDS = bytes(byte if byte < 128 and chr(byte).isalnum() else 32 for byte in range(256))
"""For bytes.translate: what is no letter or digit of ASCII is a space."""


def release_faults(
    site: Site, folder: Path, records: Mapping[str, Record], fresh: Collection[str], known: Collection[Digest] = ()
) -> tuple[Fault, ...]:
    """What is wrong with a release in this folder.

    `fresh` are the addresses that were rendered for it, `known` the digests of the secrets that all other files were
    searched for before.
    """
    faults = [*_names(records), *_sizes(records), *(_rules(folder, records) if site.settings.host_files else ())]
    for address in fresh:
        if FEED.fullmatch(address):
            faults += feed_faults(site, address, (folder / records[address].path).read_bytes())
    faults += own_page_faults(site, records.keys(), lambda address: (folder / records[address].path).read_bytes())
    secrets, before = _secrets(site), frozenset(known)
    every, new = by_word(secrets), by_word(secret for secret in secrets if digest_of_bytes(secret) not in before)
    gate = _gate(site, records, secrets)
    for address, record in records.items():
        sought = every if address in fresh else new
        if sought and _is_ours(site, address):
            faults += _leaks(gate, address, record.path, (folder / record.path).read_bytes(), sought, secrets)
    return tuple(faults)


def _leaks(
    gate: Gate, address: str, path: str, content: bytes, sought: ByWord, secrets: Mapping[bytes, Secret]
) -> Iterator[Fault]:
    """A Fault for each hidden page that a file of ours tells of."""
    found = {
        secrets[each].value: secrets[each]
        for each in found_in(content, sought)
        if secrets[each].what != "address" or may_lead_to(each, gate.base_url, content)
    }
    if found:
        values = {value: secret.what for value, secret in found.items()}
        for value in sorted(set(gate.confirmed(address, path, content, values))):
            sentence = f"This is hidden, but its {found[value].what} is in the release: {path}."
            yield Fault(found[value].source, 0, 0, sentence, "", found[value].has_expired, "leak")


def _is_ours(site: Site, address: str) -> bool:
    """Whether we made this file: not a file of the author's, a script, a picture."""
    is_asset = address.startswith(("/static/", "/covers/", "/social/")) or address.endswith((".webp", ".avif"))
    return not is_asset and address not in site.loader.library.addresses.file_at


def _gate(site: Site, records: Container[str], secrets: Mapping[bytes, Secret]) -> Gate:
    library = site.loader.library
    hidden = {secret.value: secret.source for secret in secrets.values() if secret.what == "address"}

    def explained(address: str, title: str) -> bool:
        searched = TEXT.fullmatch(address)
        page = source_of(library, f"{searched[1]}/" if searched else address)
        document = library.document(page) if page in library.addresses.pages else None
        return document is not None and (title in document.text or title in document.markdown(lambda link: link.target))

    return Gate(site.settings.base_url, hidden, records, explained)


def by_word(secrets: Iterable[bytes]) -> ByWord:
    """These secrets, each by a word that stands in a file wherever it does; by b"" those that are looked for anyway.

    Not by its first word: a file may write that in one with the sign before it, as JSON does after a new line. Of the
    others by the one that fewest secrets have.
    """
    later = {secret: [word for word in secret.translate(WORDS).split(b" ")[1:] if word] for secret in secrets}
    if len(later) <= FEW:
        return {b"": list(later)} if later else {}
    common = Counter(word for words in later.values() for word in words)
    sorted_in = defaultdict(list)
    for secret, words in later.items():
        sorted_in[min(words, key=lambda word: (common[word], -len(word)), default=b"")].append(secret)
    return sorted_in


def found_in(content: bytes, secrets: ByWord) -> Iterator[bytes]:
    """Those of these secrets that the content holds."""
    words = {b"", *(content.translate(WORDS).split() if secrets.keys() - {b""} else ())}
    for word in secrets.keys() & words:
        yield from (secret for secret in secrets[word] if secret in content)


def secrets_of(site: Site) -> tuple[Digest, ...]:
    """The digests of all secrets."""
    return tuple(sorted(map(digest_of_bytes, _secrets(site))))


def _names(records: Mapping[str, Record]) -> Iterator[Fault]:
    """Names that some host can't hold, or that fold to one on a disk that ignores case."""
    by_place: dict[str, str] = {}
    for address, record in sorted(records.items()):
        first = by_place.setdefault(folded(record.path), address)
        if first != address:
            sentence = f"This and {first} are one file where case does not count."
            yield Fault(address, 0, 0, sentence, "Rename one.", kind="place-clash")
        if UNPORTABLE.search(record.path) or any(len(part) > 255 for part in record.path.encode().split(b"/")):
            sentence = "Not every host can hold a file of this name."
            yield Fault(address, 0, 0, sentence, "Rename it.", warning=True, kind="host-limit", subject=address)


def _sizes(records: Mapping[str, Record]) -> Iterator[Fault]:
    if len(records) > MANY_FILES:
        sentence = f"The release has {len(records):,} files; some hosts take {MANY_FILES:,} at most."
        yield Fault("release", 0, 0, sentence, warning=True, kind="host-limit", subject="files")
    for address, record in sorted(records.items()):
        if record.mark[0] > LARGE_FILE:
            sentence = f"This file has {record.mark[0]:,} bytes; some hosts take {LARGE_FILE:,} at most."
            yield Fault(address, 0, 0, sentence, warning=True, kind="host-limit", subject=address)


def _rules(folder: Path, records: Mapping[str, Record]) -> Iterator[Fault]:
    """What is said of our files of rules: an author's own are a source, and looked at before."""
    for name in MOST_RULES:
        if record := records.get(f"/{name}"):
            yield from rule_faults(name, (folder / record.path).read_bytes())


def feed_faults(site: Site, address: str, content: bytes) -> Iterator[Fault]:
    """What programs read must parse: the Fault of the template that it is made with, or of its address.

    That addresses of feeds are whole is seen to where entries are made (feeds.py).
    """
    try:
        if address.endswith((".json", ".webmanifest")):
            json.loads(content)
        else:
            expat.ParserCreate().Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        template, templates = address.rpartition("/")[2], site.loader.inputs.overlay("templates")
        is_known = template in templates.stamps
        shown, made = (
            (templates.shown(template, site.settings.root), ", which is made with this,") if is_known else (address, "")
        )
        sentence = f"{address}{made} can't be read by any program: {error}."
        yield Fault(shown, 0, 0, sentence, kind="feed", subject=shown)


@dataclass(frozen=True, slots=True)
class Secret:
    """What must not be revealed of a hidden page: its source, and its "address" or "title" as the page says it."""

    source: str
    what: str
    value: str
    has_expired: bool = False
    """Readers had it: that a page still leads there keeps nothing from them, and must not keep it public."""


def _secrets(site: Site) -> dict[bytes, Secret]:
    """What would give a hidden page away, by the bytes in which a file would hold it."""
    return dict(_giveaways(site))


def _giveaways(site: Site) -> Iterator[tuple[bytes, Secret]]:
    """Its address, and its title as HTML and as JSON write it."""
    shown = _shown(site)
    for page in hidden_pages(site.loader.library.snapshot):
        source, is_over = f"{site.settings.pages}/{page.path}", has_expired(page, site.loader.library.snapshot.now)
        for address in {page.address, quote(page.address)}:
            yield address.encode(), Secret(source, "address", page.address, is_over)
        if len(page.title) >= TELLING and " " in page.title and page.title not in shown:
            for title in _spellings(page.title):
                yield title.encode(), Secret(source, "title", page.title, is_over)


def _spellings(title: str) -> set[str]:
    as_json = json.dumps(title, ensure_ascii=False)[1:-1]
    in_script = str(htmlsafe_json_dumps(title, ensure_ascii=False))[1:-1]
    return {title, escape(title, quote=False), str(escape(title)), str(markup_escape(title)), as_json, in_script}


def _shown(site: Site) -> frozenset[str]:
    """What readers see by name anyway: titles and summaries of pages, tags, series, what the settings say."""
    library, settings = site.loader.library, site.settings
    pages = library.published
    own = (settings.title, settings.heading, settings.kicker, settings.description, settings.author)
    return frozenset((
        *(text for page in pages for text in (page.title, page.summary, page.description)),
        *(text for each in library.tags() for text in (each.tag.name, each.tag.description)),
        *(text for each in library.authors() for text in (each.author.name, each.author.about)),
        *(each.name for each in library.all_series()),
        *(item.label for item in (*settings.navigation, *settings.footer)),
        *own,
    ))  # fmt: skip
