"""Arithmetic from what was measured to the target: every limit that the article shows.

Nothing here is measured. WAL ranges from the lowest value under load to the median right
after a checkpoint; a day, from an average of a fifth of the peak to the peak all day.
"""

from __future__ import annotations

import math
import statistics

from measure.bench import number

TARGET = 20_000  # orders a second, at the peak
HOURS, DAYS, QUIET = 8.5, 252, 0.2
CHECKPOINT, OUTAGE = 15 * 60, 3600  # seconds: between checkpoints; of a lost replica
WORK = 0.005  # seconds of work for a settlement job
HOT, SHARERS = 0.1, 32  # share of the orders for the hottest account, and how many at once
GB = 1e9
# Bytes a second that autovacuum may dirty by default: 200 units in 2 ms, 22 for a page.
BRAKE = 200 / 0.002 / 22 * 8192


def extrapolated(measured: dict[str, object]) -> dict[str, str]:
    """The figures for the target, as printed."""
    wal = measured["wal"]
    low, high = wal_a_second(wal)
    day = TARGET * HOURS * 3600
    stored = measured["stored"]
    hot = measured["members"][SHARERS] / SHARERS * TARGET * HOT
    pool = [TARGET * each for each in measured["pool"]] if "pool" in measured else [math.nan]
    return {
        "wal_mb_s": between(low / 1e6, high / 1e6),
        "wal_plain_mb_s": number(TARGET * statistics.median(wal["plain"]) / 1e6),
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
        "pool_cores": between(min(pool), max(pool), 1),
        "pool_processes": number(math.ceil(max(pool) / 0.7)) if "pool" in measured else "",
        "workers": number(TARGET * WORK),
        "backends_per_ms": number(TARGET / 1000),
        "times_away": between(TARGET / max(measured["rate"]), TARGET / min(measured["rate"])),
    }


def wal_a_second(wal: dict[str, list[float]]) -> tuple[float, float]:
    """Bytes a second at the target: when pages are already in the WAL, and when none is."""
    return TARGET * min(wal["later"]), TARGET * statistics.median(wal["first"])


def between(low: float, high: float, digits: int = 0) -> str:
    """`low–high`, or one number where both print alike."""
    first, last = number(low, digits), number(high, digits)
    return first if first == last else f"{first}–{last}"


def settings(measured: dict[str, object]) -> str:
    """The settings of primary.conf that the target changes: from the upper ends, rounded up."""
    _, high = wal_a_second(measured["wal"])
    written = TARGET * measured["stored"]

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
