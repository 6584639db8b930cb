"""Arithmetic from what was measured towards what was not."""

from __future__ import annotations

from measure.bench import number

TARGET, HOURS, DAYS = 20_000, 8.5, 252


def extrapolated(measured: dict[str, float]) -> dict[str, str]:
    """Disk and network for 20,000 orders a second, were a whole trading day like that."""
    orders = TARGET * HOURS * 3600
    return {
        "wal_mb_s": number(TARGET * measured["wal"] / 1e6),
        "wal_mbit_s": number(TARGET * measured["wal"] * 8 / 1e6),
        "wal_day_tb": number(orders * measured["wal"] / 1e12, 1),
        "day_gb": number(orders * measured["stored"] / 1e9),
        "year_tb": number(orders * DAYS * measured["stored"] / 1e12),
        "xid_hours": number(200_000_000 / TARGET / 3600, 1),
        "wrap_hours": number(2**31 / TARGET / 3600),
        "times_away": number(TARGET / measured["rate"]),
    }
