"""Arithmetic from what was measured to the target: every limit that the article shows.

Nothing here is measured. Ranges go from the friendliest measured value to the worst, and,
where a day is concerned, from an average of a fifth of the peak to the peak all day.
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


def extrapolated(measured: dict[str, object]) -> dict[str, str]:
    """The figures for the target, as printed."""
    wal = measured["wal"]
    low, high = (TARGET * each for each in (min(wal["later"]), max(wal["first"])))
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


def between(low: float, high: float, digits: int = 0) -> str:
    """`low–high`, or one number where both print alike."""
    first, last = number(low, digits), number(high, digits)
    return first if first == last else f"{first}–{last}"


def settings(measured: dict[str, object]) -> str:
    """The settings of primary.conf that the target changes: from the upper ends, rounded up."""
    high = TARGET * max(measured["wal"]["first"])

    def gigabytes(bytes_: float) -> int:
        return 10 * math.ceil(bytes_ / GB / 10)

    return f"""# region target
# Computed by measure/capacity.py for {TARGET:,} orders a second; not run.
# initdb --wal-segsize=256
max_wal_size = {gigabytes(1.9 * CHECKPOINT * high)}GB            # 15 minutes at the upper end
max_slot_wal_keep_size = {gigabytes(OUTAGE * high)}GB  # an hour of a lost replica
autovacuum_freeze_max_age = 1000000000
autovacuum_multixact_freeze_max_age = 1000000000
autovacuum_vacuum_cost_limit = 2000     # ten times the default, for a fast disk
# endregion target
"""
