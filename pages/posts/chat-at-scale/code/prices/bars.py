"""Ticks become bars. A bar depends on which ticks there are, not on when they came."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


# region tick
@dataclass(frozen=True, order=True)
class Tick:
    """A trade. `at` is the venue's time in milliseconds, `id` orders equal times.

    Price and size are whole numbers of the symbol's smallest steps: no floats.
    """

    at: int
    id: str
    price: int
    size: int = 0


# endregion tick


# region bar
@dataclass(frozen=True)
class Bar:
    """Open, high, low, close and volume so far, and how often it was corrected."""

    start: int
    first: Tick
    last: Tick
    high: int
    low: int
    volume: int
    revision: int = 0

    @staticmethod
    def of(start: int, tick: Tick) -> Bar:
        return Bar(start, tick, tick, tick.price, tick.price, tick.size)

    def with_tick(self, tick: Tick) -> Bar:
        """The same bar with one more tick, wherever in the bar that belongs."""
        return replace(
            self,
            first=min(self.first, tick),
            last=max(self.last, tick),
            high=max(self.high, tick.price),
            low=min(self.low, tick.price),
            volume=self.volume + tick.size,
        )

    @property
    def ohlcv(self) -> tuple[int, int, int, int, int]:
        return self.first.price, self.high, self.low, self.last.price, self.volume


# endregion bar


# region book
@dataclass
class BarBook:
    """One symbol's bars; `session` knows where each begins and ends."""

    session: object
    resolution: int
    lateness: int = 5_000
    bars: dict[int, Bar] = field(default_factory=dict)
    seen: dict[int, set[str]] = field(default_factory=dict)
    newest: int = 0

    def take(self, tick: Tick) -> Bar | None:
        """The bar that changed; None for a duplicate, or outside of the session."""
        start = self.session.bar_start(tick.at, self.resolution)
        if start is None or tick.id in self.seen.setdefault(start, set()):
            return None
        self.seen[start].add(tick.id)
        self.newest = max(self.newest, tick.at)
        bar = self.bars.get(start)
        changed = bar.with_tick(tick) if bar else Bar.of(start, tick)
        if self.is_final(start):
            changed = replace(changed, revision=changed.revision + 1)
        self.bars[start] = changed
        return changed

    def is_final(self, start: int) -> bool:
        """Nothing more is expected; a tick that comes all the same makes a revision."""
        end = self.session.bar_end(start, self.resolution)
        return end + self.lateness <= self.newest

    # endregion book
    def rebuild(self, start: int, ticks: list[Tick]) -> Bar | None:
        """Replace a bar by what the source's history says after a gap."""
        old = self.bars.pop(start, None)
        self.seen.pop(start, None)
        for tick in ticks:
            self.take(tick)
        if start in self.bars and old:
            self.bars[start] = replace(self.bars[start], revision=old.revision + 1)
        return self.bars.get(start)
