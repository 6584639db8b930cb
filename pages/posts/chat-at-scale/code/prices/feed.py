"""A chart library's data feed over HTTP, as TradingView's UDF protocol describes it."""

from __future__ import annotations

import calendar
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from prices.bars import Bar, BarBook
from prices.sessions import DAILY

Asked = dict[str, str]


@dataclass(frozen=True)
class Symbol:
    """What a chart must know to draw a symbol's time axis."""

    name: str
    zone: str
    session: str
    pricescale: int
    owner: str = ""  # an account's own symbol is for its owner alone


RESOLUTIONS = {"1": 60_000, "60": 3_600_000, "1D": DAILY}


@dataclass
class Feed:
    """Answers for the symbols that the user may see."""

    symbols: dict[str, Symbol]
    books: dict[tuple[str, str], BarBook]

    def may_see(self, user: str, name: str) -> Symbol | None:
        symbol = self.symbols.get(name)
        return symbol if symbol and symbol.owner in ("", user) else None

    def config(self, _user: str, _asked: Asked) -> object:
        return {
            "supported_resolutions": list(RESOLUTIONS),
            "supports_search": True,
            "supports_group_request": False,
            "supports_marks": False,
            "supports_time": True,
        }

    def symbol(self, user: str, asked: Asked) -> object:
        found = self.may_see(user, asked["symbol"])
        if not found:
            return {"s": "error", "errmsg": "unknown_symbol"}
        return {
            "name": found.name,
            "ticker": found.name,
            "timezone": found.zone,
            "session": found.session,
            "minmov": 1,
            "pricescale": found.pricescale,
            "has_intraday": True,
            "type": "stock",
            "supported_resolutions": list(RESOLUTIONS),
        }

    # region history
    def history(self, user: str, asked: Asked) -> object:
        """Bars from `from` to before `to`; or `countback` bars, further back."""
        symbol = self.may_see(user, asked["symbol"])
        book = self.books.get((asked["symbol"], asked["resolution"]))
        if not symbol or not book:
            return {"s": "error", "errmsg": "unknown_symbol"}
        first, end = int(asked["from"]), int(asked["to"])
        bars = {dated(book, start): bar for start, bar in book.bars.items()}
        before = sorted(at for at in bars if at < end)
        inside = [at for at in before if at >= first]
        wanted = int(asked.get("countback", len(inside)))
        chosen = before[-wanted:] if wanted > len(inside) else inside
        if not chosen:
            return {"s": "no_data"} | next_time(before)
        return table({at: bars[at] for at in chosen}, symbol.pricescale)


def dated(book: BarBook, start: int) -> int:
    """In seconds: when a bar begins; of a daily one, 00:00 UTC of its trading day."""
    if book.resolution != DAILY:
        return start // 1000
    return calendar.timegm(book.session.trading_day(start).timetuple())


def next_time(before: list[int]) -> dict[str, int]:
    """Where older bars are, so that a weekend is not mistaken for the beginning."""
    return {"nextTime": before[-1]} if before else {}
    # endregion history


def table(bars: dict[int, Bar], scale: int) -> dict[str, object]:
    rows = [bar.ohlcv for bar in bars.values()]
    columns = dict(
        zip("ohlc", ([row[n] / scale for row in rows] for n in range(4)), strict=True)
    )
    return {"s": "ok", "t": list(bars), **columns, "v": [row[4] for row in rows]}


def server(
    feed: Feed, user_of: Callable[[str], str], port: int = 0
) -> ThreadingHTTPServer:
    """`user_of` turns a bearer token into a user, or "" for nobody."""
    pages = {
        "/config": feed.config,
        "/symbols": feed.symbol,
        "/history": feed.history,
        "/time": lambda *_: int(time.time()),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place = urlsplit(self.path)
            user = user_of(
                self.headers.get("Authorization", "").removeprefix("Bearer ")
            )
            if not user:
                return self.send_error(401)
            if place.path not in pages:
                return self.send_error(404)
            asked = {name: values[0] for name, values in parse_qs(place.query).items()}
            try:
                answer = pages[place.path](user, asked)
            except (KeyError, ValueError):
                return self.send_error(400)
            self._answer(json.dumps(answer).encode())

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
