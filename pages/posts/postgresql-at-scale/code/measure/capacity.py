"""Arithmetic from what was measured to the target: every limit that the article shows.

Nothing here is measured: all comes from the figures of results.json as they are printed.
WAL ranges from the lowest run under load to the highest of all runs; a day, from an
average of a fifth of the peak to the peak all day.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

TARGET = 20_000  # orders a second, at the peak
HOURS, DAYS, QUIET = 8.5, 252, 0.2
CHECKPOINT, OUTAGE = 15 * 60, 3600  # seconds: between checkpoints; of a lost replica
WORK = 0.005  # seconds of work for a settlement job
HOT, SHARERS = 0.1, 32  # share of the orders for the hottest account, and how many at once
GB = 1e9
# Bytes a second that autovacuum may dirty by default: 200 units in 2 ms, 22 for a page.
BRAKE = 200 / 0.002 / 22 * 8192


def extrapolated(figures: Mapping[str, str]) -> dict[str, str]:
    """The figures for the target, as printed."""
    low, high = wal_a_second(figures)
    plain_low, plain_high = ends(figures["wal_plain"])
    slowest, fastest = ends(figures["sync_16"])
    day = TARGET * HOURS * 3600
    stored = ends(figures["order_bytes"])[1]
    hot = ends(figures[f"members_{SHARERS}"])[1] / SHARERS * TARGET * HOT
    return {
        "wal_mb_s": between(low / 1e6, high / 1e6),
        "wal_plain_mb_s": between(TARGET * plain_low / 1e6, TARGET * plain_high / 1e6),
        "wal_mbit_s": between(8 * low / 1e6, 8 * high / 1e6),
        "small_wal_s": between(4 * GB / 1.9 / high, 4 * GB / 1.9 / low),
        "max_wal_gb": between(1.9 * CHECKPOINT * low / GB, 1.9 * CHECKPOINT * high / GB),
        "small_slot_s": between(2 * GB / high, 2 * GB / low),
        "slot_gb": between(OUTAGE * low / GB, OUTAGE * high / GB),
        "segments_small": between(low / 2**24, high / 2**24, 1),
        "segments_large": between(low / 2**28, high / 2**28, 2),
        "wal_day_tb": between(QUIET * day * low / TARGET / 1e12, day * high / TARGET / 1e12, 1),
        "written_mb_s": number(TARGET * stored / 1e6),
        "brake_mb_s": number(BRAKE / 1e6),
        "day_orders_m": between(QUIET * day / 1e6, day / 1e6),
        "day_gb": between(QUIET * day * stored / GB, day * stored / GB),
        "year_tb": between(QUIET * day * DAYS * stored / 1e12, day * DAYS * stored / 1e12),
        "xid_hours": between(2e8 / (3 * TARGET) / 3600, 2e8 / TARGET / 3600, 1),
        "xid_raised_hours": between(1e9 / (3 * TARGET) / 3600, 1e9 / TARGET / 3600, 1),
        "wrap_hours": between(2**31 / (3 * TARGET) / 3600, 2**31 / TARGET / 3600),
        "members_hours": number(2**32 / hot / 3600),
        "workers": number(TARGET * WORK),
        "backends_per_ms": number(TARGET / 1000),
        "times_away": between(TARGET / fastest, TARGET / slowest),
        **(pool(figures["pool_order_us"]) if "pool_order_us" in figures else {}),
    }


def pool(order_us: str) -> dict[str, str]:
    low, high = (TARGET * each / 1e6 for each in ends(order_us))
    return {"pool_cores": between(low, high, 1), "pool_processes": number(math.ceil(high / 0.7))}


def wal_a_second(figures: Mapping[str, str]) -> tuple[float, float]:
    """Bytes a second at the target: when pages are already in the WAL, and when none is."""
    low, high = ends(figures["wal_later"])
    return TARGET * low, TARGET * max(high, ends(figures["wal_first"])[1])


def ends(printed: str) -> tuple[float, float]:
    """The lowest and the highest run of `median (lowest–highest)`; one number is both."""
    numbers = [float(each.replace(",", "")) for each in re.findall(r"[\d.,]+", printed)]
    return numbers[len(numbers) // 2], numbers[-1]


def number(value: float, digits: int = 0) -> str:
    return f"{value:,.{digits}f}"


def between(low: float, high: float, digits: int = 0) -> str:
    """`low–high`, or one number where both print alike."""
    first, last = number(low, digits), number(high, digits)
    return first if first == last else f"{first}–{last}"


def settings(figures: Mapping[str, str]) -> str:
    """The settings of primary.conf that the target changes: from the upper ends, rounded up."""
    _, high = wal_a_second(figures)
    written = TARGET * ends(figures["order_bytes"])[1]

    def gigabytes(bytes_: float) -> int:
        return 10 * math.ceil(bytes_ / GB / 10)

    return f"""# region target
# Computed by measure/capacity.py for {TARGET:,} orders a second; not run.
# initdb --wal-segsize=256
max_wal_size = {gigabytes(1.9 * CHECKPOINT * high)}GB            # fifteen minutes of WAL
max_slot_wal_keep_size = {gigabytes(OUTAGE * high)}GB  # an hour of it, for a lost replica
autovacuum_freeze_max_age = 1000000000
autovacuum_vacuum_cost_limit = {math.ceil(4 * written / BRAKE) * 200}   # four times what is written
# endregion target
"""
