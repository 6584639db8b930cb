"""The file that each address is written to, and a Fault where two addresses need the same one.

What no single file of the sources can show: a file where a folder is wanted (`/x.html` and `/x.html/y/`), and names
that are one where a disk ignores case. Each is blamed on a file of the author's. A compressed variant
gives way to a file of its name, with a warning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from unicodedata import normalize

from trigpoint.content.pages import Page
from trigpoint.faults import Fault
from trigpoint.library.clashes import INDEX, frozen_place, redirect_address
from trigpoint.web.failures import source_of
from trigpoint.web.site import Site

ENDINGS = (".css", ".html", ".js", ".json", ".md", ".svg", ".txt", ".webmanifest", ".xml")
"""How the files end that have compressed variants beside them, where the settings ask for some."""


def path_of(address: str) -> str:
    """The path in a release of the file with this address's answer."""
    return normalize("NFC", address[1:] + (INDEX if address.endswith("/") else ""))


def folded(path: str) -> str:
    """The path as a disk takes it that ignores case."""
    return path.lower() if path.isascii() else normalize("NFC", path).casefold()


def place_faults(site: Site, addresses: tuple[str, ...]) -> Iterator[Fault]:
    """A Fault for each two addresses that want one place. `addresses` are all of the site, its aliases last."""
    owners = defaultdict(list)
    for address in addresses:
        owners[folded(path_of(address))].append(address)
    for same in owners.values():
        if len(same) > 1:
            sentence = "and {0} are one file where case does not count."
            yield _blamed(site, same[1], same[0], sentence, "Take one of them out.")
    for folder in _folders(owners) & owners.keys():
        below = min(address for path in owners if path.startswith(f"{folder}/") for address in owners[path])
        sentence = "needs a file where {0} needs a folder."
        yield _blamed(site, owners[folder][0], below, sentence, "Give one of them another address.")


def places_in(addresses: Iterable[str]) -> frozenset[str]:
    """The places, letter case aside, that the files of these addresses and their folders have in a release."""
    files = frozenset(folded(path_of(address)) for address in addresses)
    return files | _folders(files)


def taken_variants(site: Site, addresses: Iterable[str]) -> Iterator[Fault]:
    """A warning for each file of the author's that stands where a compressed variant of another file would."""
    forms = site.settings.precompress
    files = {path_of(address): address for address in addresses} if forms else {}
    for path, address in files.items():
        source, _, form = path.rpartition(".")
        if form in forms and source in files and source.endswith(ENDINGS):
            found = source_of(site.loader.library, address)
            shown = f"{site.settings.pages}/{found}" if found else address
            sentence = f"Hosts that send compressed files would send this one to who asks for {files[source]}."
            yield Fault(shown, 0, 0, sentence, "Give it another name.", warning=True, kind="variant-taken")


def _folders(paths: Iterable[str]) -> set[str]:
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


def _blamed(site: Site, address: str, other: str, sentence: str, cure: str) -> Fault:
    """The Fault of two addresses, in the file of the author's that can be changed most easily: an alias first."""
    aliases = aliases_of(site)
    first = next((each for each in (address, other) if each in aliases), "")
    if first:
        page, alias = aliases[first]
        shown, said = f"{site.settings.pages}/{page.path}", _about(address, other, sentence, aliases)
        return Fault(shown, page.source.line_of("aliases", alias.strip("/")), 0, said, cure, kind="place-clash")
    library = site.loader.library
    source = source_of(library, address) or source_of(library, other)
    shown = f"{site.settings.pages}/{source}" if source else address
    blamed = library.page_of(source)
    line, said = blamed.source.line_of("slug") if blamed else 0, _about(address, other, sentence, aliases)
    return Fault(shown, line, 0, said, cure, kind="place-clash")


def _about(address: str, other: str, sentence: str, aliases: Mapping[str, tuple[Page, str]]) -> str:
    def named(each: str) -> str:
        return f'the alias "{aliases[each][1]}"' if each in aliases else f"the address {each}"

    about = f"{named(address)} {sentence.format(named(other))}"
    return about[0].upper() + about[1:]


def aliases_of(site: Site) -> dict[str, tuple[Page, str]]:
    """The page and the alias as written, by the address that leads on from it."""
    redirects = frozenset(site.loader.library.redirects())
    pages = reversed(site.loader.library.published)
    found = {redirect_address(alias): (page, alias) for page in pages for alias in page.aliases}
    return {address: written for address, written in found.items() if address in redirects}


def taken_aliases(site: Site, addresses: tuple[str, ...]) -> Iterator[Fault]:
    """A Fault for each alias that is an address of the site besides: some hosts would follow it, others would not."""
    aliases = aliases_of(site)
    own = frozenset(addresses[: len(addresses) - len(site.loader.library.redirects())]) if aliases else frozenset()
    for address, (page, alias) in aliases.items():
        if alias in own or frozen_place(address) in own:
            line, shown = page.source.line_of("aliases", alias.strip("/")), f"{site.settings.pages}/{page.path}"
            sentence = f'The alias "{alias}" is an address of the site.'
            yield Fault(shown, line, 0, sentence, "Take it out.", kind="alias-taken")
