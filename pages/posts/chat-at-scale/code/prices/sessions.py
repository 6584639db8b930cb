"""When a market trades, in its own time zone, and where its bars begin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)
MIDNIGHT = dt.time(0)
DAILY = 86_400_000  # a name rather than a length: a daily bar is as long as its session


# region session
@dataclass(frozen=True)
class Session:
    """Opening hours on the venue's own clock; an opening may lie on the day before."""

    zone: ZoneInfo
    opens: dt.time
    closes: dt.time
    weekdays: frozenset[int] = frozenset(range(5))  # of the trading day, Monday is 0
    holidays: frozenset[dt.date] = frozenset()
    early: Mapping[dt.date, dt.time] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def span(self, day: dt.date) -> tuple[int, int] | None:
        """Open and close of a trading day in UTC milliseconds; None if it has none."""
        if day.weekday() not in self.weekdays or day in self.holidays:
            return None
        close = self.early.get(day, self.closes)
        ends = day + DAY if close == MIDNIGHT else day  # midnight is the day's end
        overnight = MIDNIGHT < self.closes <= self.opens
        begins = day - DAY if overnight else day
        return self._utc(begins, self.opens), self._utc(ends, close)

    def _utc(self, day: dt.date, time: dt.time) -> int:
        local = dt.datetime.combine(day, time, tzinfo=self.zone)
        return round(local.timestamp() * 1000)

    # endregion session

    # region start
    def trading_day(self, at: int) -> dt.date | None:
        """The day whose session holds this moment."""
        local = dt.datetime.fromtimestamp(at / 1000, self.zone).date()
        for day in (local, local + DAY):
            span = self.span(day)
            if span and span[0] <= at < span[1]:
                return day
        return None

    def bar_start(self, at: int, resolution: int) -> int | None:
        """Counted from the open in elapsed time; a daily bar is the whole session."""
        day = self.trading_day(at)
        if day is None:
            return None
        opened, _ = self.span(day)
        if resolution == DAILY:
            return opened
        return opened + (at - opened) // resolution * resolution

    def bar_end(self, start: int, resolution: int) -> int:
        """The last bar of a session ends with it."""
        _, closed = self.span(self.trading_day(start))
        return closed if resolution == DAILY else min(start + resolution, closed)

    # endregion start


NEW_YORK = ZoneInfo("America/New_York")
# region markets
NYSE = Session(
    NEW_YORK,
    dt.time(9, 30),
    dt.time(16),
    holidays=frozenset({dt.date(2026, 11, 26), dt.date(2026, 12, 25)}),
    early=MappingProxyType(
        {dt.date(2026, 11, 27): dt.time(13), dt.date(2026, 12, 24): dt.time(13)}
    ),
)
FX = Session(NEW_YORK, dt.time(17), dt.time(17))  # Sunday 17:00 opens Monday's session
# endregion markets
