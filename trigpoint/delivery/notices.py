"""What search engines and hubs are told, by HTTP: IndexNow and WebSub. One request, and one sentence where it fails.

Sources: https://www.indexnow.org/documentation, https://www.w3.org/TR/websub/, and the publishing request of
PubSubHubbub, which hubs kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.message import Message
from http.client import HTTPException
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from trigpoint.settings import Settings

PATIENCE = 20.0
"""Seconds to wait for an answer."""

MOST = 10_000
"""Addresses that one request of IndexNow may have."""

OF_INDEXNOW: Mapping[int, str] = {
    400: "it can't read the request",
    403: "it does not find the key at {key}: publish the release first",
    422: "it takes the addresses for those of another host, or of another key: look at base_url and at {key}",
    429: "it is told too often: wait a while",
}
"""What IndexNow means by a status."""


class NoticeError(Exception):
    """Somebody could not be told; the text says why."""


def key_address(settings: Settings) -> str:
    """Where the site publishes its key."""
    return settings.absolute(settings.link(f"/{settings.indexnow_key}.txt"))


def tell_search_engines(settings: Settings, addresses: tuple[str, ...]) -> None:
    """Tell IndexNow that these came, changed or went; at most MOST of them. Raises NoticeError."""
    key = key_address(settings)
    said = {
        "host": urlsplit(settings.base_url).netloc,
        "key": settings.indexnow_key,
        "keyLocation": key,
        "urlList": addresses,
    }
    meanings = {status: meaning.format(key=key) for status, meaning in OF_INDEXNOW.items()}
    _post(settings.indexnow_url, json.dumps(said).encode(), "application/json; charset=utf-8", meanings)


def tell_hub(settings: Settings, feed: str) -> None:
    """Tell the hub that this feed changed. Raises NoticeError."""
    form = urlencode({"hub.mode": "publish", "hub.url": feed})
    meanings = {429: "it is told too often: wait a while"}
    _post(settings.websub_hub, form.encode(), "application/x-www-form-urlencoded", meanings)


class _StayHere(HTTPRedirectHandler):
    """A redirect of a POST would become a GET elsewhere, which tells nobody anything."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> Request | None:
        return None


def _post(address: str, content: bytes, media_type: str, meanings: Mapping[int, str]) -> None:
    headers = {"Content-Type": media_type, "User-Agent": "trigpoint"}
    try:
        with build_opener(_StayHere).open(Request(address, content, headers), timeout=PATIENCE) as response:
            response.read(1)
    except HTTPError as error:
        with error:
            raise NoticeError(f"{address} answers {error.code} {error.reason}{_meaning(error, meanings)}.") from error
    except TimeoutError as error:
        raise NoticeError(f"{address} does not answer within {PATIENCE:.0f} seconds.") from error
    except (OSError, HTTPException, ValueError) as error:  # URLError is an OSError.
        reason = getattr(error, "reason", None) or error
        if isinstance(reason, TimeoutError):
            raise NoticeError(f"{address} does not answer within {PATIENCE:.0f} seconds.") from error
        raise NoticeError(f"{address} can't be reached ({reason}).") from error


def _meaning(error: HTTPError, meanings: Mapping[int, str]) -> str:
    if error.code in (301, 302, 303, 307, 308):
        return f": it is at {error.headers.get('Location')} now. Write that into site.toml"
    after = error.headers.get("Retry-After")
    wait = f" ({after} seconds, it says)" if after and after.isdigit() else ""
    return f": {meanings[error.code]}{wait}" if error.code in meanings else ""
