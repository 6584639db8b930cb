"""What two brokers' programming interfaces hand over, and what we make of it.

Neither is run here. The shapes follow their public documents; the values are invented.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from prices.bars import Tick


# region ibkr
@dataclass(frozen=True)
class AllLast:
    """Arguments of the TWS API's tickByTickAllLast: whole seconds, and no trade id."""

    time: int
    price: float
    size: Decimal
    exchange: str


@dataclass
class IbkrSource:
    """One subscription's life. A new one after a reconnect is another `run`."""

    step: Decimal
    run: int = 1
    count: int = 0

    def tick(self, last: AllLast) -> Tick:
        """Two equal trades in one second are two: only their order of arrival tells."""
        self.count += 1
        number = f"{self.run:04}-{self.count:09}"
        return Tick(
            last.time * 1000, number, steps(last.price, self.step), int(last.size)
        )


# endregion ibkr


@dataclass(frozen=True)
class MqlTick:
    """A row of copy_ticks_from; time_msc is on the trade server's clock."""

    time_msc: int
    bid: float
    ask: float
    last: float
    volume_real: float
    flags: int


BID = 2  # TICK_FLAG_BID
LAST = 8  # TICK_FLAG_LAST


# region clock
@dataclass(frozen=True)
class ServerClock:
    """Some zone's wall clock plus a shift, often New York plus seven."""

    zone: ZoneInfo = ZoneInfo("America/New_York")
    ahead: dt.timedelta = dt.timedelta(hours=7)

    def utc(self, milliseconds: int) -> int:
        """What this clock shows, as real UTC: by the rule in force at that moment."""
        shown = dt.datetime.fromtimestamp(milliseconds // 1000, dt.UTC).replace(
            tzinfo=None
        )
        real = (shown - self.ahead).replace(tzinfo=self.zone)
        return round(real.timestamp()) * 1000 + milliseconds % 1000


# endregion clock


# region mt5
@dataclass
class Mt5Source:
    """Bars from bids, or from trades where the venue reports them."""

    step: Decimal
    clock: ServerClock
    trades: bool = False
    newest: tuple[int, int] = (0, 0)

    def tick(self, row: MqlTick, now: int) -> Tick | None:
        """None for a row that does not change the price that our bars are made of."""
        if not row.flags & (LAST if self.trades else BID):
            return None
        at = self.clock.utc(row.time_msc)
        if at > now + 60_000:
            raise ValueError(
                f"a tick {(at - now) / 3.6e6:.1f} hours ahead: another clock?"
            )
        self.newest = (at, self.newest[1] + 1 if at == self.newest[0] else 0)
        price = row.last if self.trades else row.bid
        size = (
            int(row.volume_real) if self.trades else 1
        )  # without trades, count the quotes
        return Tick(at, f"{at}-{self.newest[1]:04}", steps(price, self.step), size)


# endregion mt5


def steps(price: float, step: Decimal) -> int:
    """A float from an interface becomes a whole number of steps at once."""
    exact = (Decimal(repr(price)) / step).quantize(Decimal(1))
    return int(exact)
