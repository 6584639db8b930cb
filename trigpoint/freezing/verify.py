"""Compares the response for every address with its frozen file: `flask freeze --verify`."""

from __future__ import annotations

import difflib
import mimetypes
from urllib.parse import quote

from trigpoint.freezing.plan import addresses_of
from trigpoint.freezing.releases import Releases
from trigpoint.web.files.author import headers_against_scripts
from trigpoint.web.site import Site

CONTEXT = 2
LONGEST = 400


def differences(site: Site) -> str:
    """The first difference between an answer and its frozen file, as a diff; "" where there is none.

    Bytes, type and status are compared. A redirect's file is the page that it
    is sent with: a folder can't redirect.
    """
    live = Releases.of(site.settings).live
    if live is None:
        return "There is no release to compare with."
    records = live.ledger.records
    addresses = addresses_of(site)
    if set(addresses) != set(records):
        odd = sorted(set(addresses) ^ set(records))[0]
        return f"{odd}: it is {'live' if odd in addresses else 'frozen'}, and not the other."
    aliases = frozenset(site.loader.library.redirects())
    for address in addresses:
        with site.app.test_client().get(quote(address)) as response:
            frozen = (live.path / records[address].path).read_bytes()
            expected = 301 if address in aliases else 200
            if response.status_code != expected:
                return f"{address}: the application answers {response.status}, not {expected}."
            media_type = _hosts_type(site, address, records[address].path)
            if response.mimetype != media_type:
                return f"{address}: the application says {response.mimetype}, and a host would say {media_type}."
            if response.get_data() != frozen:
                return _diff(address, frozen, response.get_data())
    return ""


def _hosts_type(site: Site, address: str, path: str) -> str:
    """The media type that a host sends: by the file's name; an author's script is plain text by the site's rules."""
    guessed = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if site.settings.author_scripts or address not in site.loader.library.addresses.file_at:
        return guessed
    return headers_against_scripts(guessed).get("Content-Type", guessed).partition(";")[0]


def _diff(address: str, frozen: bytes, live: bytes) -> str:
    lines = difflib.unified_diff(
        frozen.decode(errors="replace").splitlines(),
        live.decode(errors="replace").splitlines(),
        f"frozen{address}",
        f"live{address}",
        n=CONTEXT,
        lineterm="",
    )
    return "\n".join(line[:LONGEST] for line in lines)
