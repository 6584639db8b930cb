"""Measure on a PostgreSQL of our own and print figures and series as JSON: `python -m measure RUNS`."""

from __future__ import annotations

import json
import statistics
import sys
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from backend import customers, events, ledger, settlement
from backend.api import house
from backend.ledger import Account, Conn
from backend.money import Money
from backend.payments import Event, Observation
from backend.pipeline import Ask, pay
from drills.softhsm import new_token
from drills.stage import EUR, Database, books, customer, sound
from measure.names import curve

CLEAR = {"payee_match": "match", "payer_insists": False}
THRESHOLDS = tuple(range(50, 101, 5))
TARGET = 1_000_000  # payments a day


def main(runs: int, seconds: float) -> None:
    with books() as db:
        found, series = hot_account(db, runs, seconds)
        found |= payments(db, 400 if runs > 1 else 60)
        found |= streams(db, runs)
        found |= keys(db, runs)
    series["names"] = curve(5, 400, 1_000, THRESHOLDS) if runs > 1 else {}
    if series["names"]:
        found |= screening(series["names"])
        found |= capacity(found.pop("for_capacity"))
    found.pop("for_capacity", None)
    print(json.dumps({"figures": found, "series": series}))


def span(values: list[float], form: str = "{:,.0f}") -> str:
    """Median, and the lowest and highest of the runs."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{form.format(middle)} ({form.format(low)}–{form.format(high)})"


# region hot
def hot_account(
    db: Database, runs: int, seconds: float
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Deposits of eight threads, each for a customer of its own, all from one house account."""
    with db.connect(autocommit=True) as conn:
        people = [
            ledger.account(conn, f"customer:{customer(conn, 1)}:EUR") for _ in range(8)
        ]
        free = ledger.account(conn, "bank:safeguarding:EUR")
        hot = ledger.open_account(conn, "hot:EUR", EUR, side=1, floored=True)
        striped = [
            ledger.open_account(conn, f"stripe:{n}", EUR, side=1, floored=True)
            for n in range(8)
        ]
    kinds = {"no_row": [free] * 8, "one_row": [hot] * 8, "eight_rows": striped}
    rates: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(runs):
        for kind, houses in kinds.items():
            rates[kind].append(
                rate(db, list(zip(houses, people, strict=True)), seconds)
            )
    figures = {f"rate_{kind}": span(each) for kind, each in rates.items()}
    medians = {kind: round(statistics.median(each)) for kind, each in rates.items()}
    figures["hot_factor"] = f"{medians['no_row'] / max(1, medians['one_row']):.1f}"
    return figures, {"hot": medians}


# endregion hot


def rate(db: Database, pairs: list[tuple[Account, Account]], seconds: float) -> float:
    """Postings a second of all threads together."""
    counts, until = [0] * len(pairs), time.monotonic() + seconds

    def run(place: int) -> None:
        house_account, mine = pairs[place]
        with db.connect(autocommit=True) as conn:
            while time.monotonic() < until:
                with conn.transaction():
                    ledger.post(
                        conn, f"rate:{uuid.uuid4()}", {house_account: 1, mine: -1}
                    )
                counts[place] += 1

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(pairs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def payments(db: Database, count: int) -> dict[str, Any]:
    """Whole payouts one after the other: time to accept one, and what each leaves on disk."""
    with db.connect(autocommit=True) as conn:
        who, took = customer(conn, 100 * count), []
        conn.execute("SELECT 1")
        before, wal = size(conn), wal_bytes(conn)
        for _ in range(count):
            ask = Ask(
                who,
                "bank",
                Money(100, EUR),
                100,
                {"iban": "DE53200400600000004711", "name": "B"},
                CLEAR,
            )
            began = time.perf_counter()
            payment = pay(conn, house(), "measure", uuid.uuid4().hex, ask)
            took.append(1_000 * (time.perf_counter() - began))
            settlement.note(
                conn, payment, "held", Event("Prepared", {"ref": payment.hex})
            )
            settlement.note(conn, payment, "prepared", Event("Sent"))
            settlement.advance(conn, payment, Observation("seen", 1, payment.hex))
        while events.project(conn):
            pass
        sound(conn)
        on_disk, in_wal = (size(conn) - before) / count, (wal_bytes(conn) - wal) / count
    quantiles = statistics.quantiles(took, n=100)
    return {
        "accept_ms": f"{statistics.median(took):.1f}",
        "accept_p99_ms": f"{quantiles[98]:.1f}",
        "payment_kb": f"{on_disk / 1_000:.1f}",
        "wal_kb": f"{in_wal / 1_000:.1f}",
        "for_capacity": {"disk": on_disk, "wal": in_wal},
    }


def size(conn: Conn) -> int:
    return int(conn.execute("SELECT pg_database_size('books')").fetchone()[0])


def wal_bytes(conn: Conn) -> int:
    return int(conn.execute("SELECT pg_current_wal_insert_lsn() - '0/0'").fetchone()[0])


def timed(act: Callable[[], object], times: int) -> float:
    """Milliseconds for one."""
    began = time.perf_counter()
    for _ in range(times):
        act()
    return 1_000 * (time.perf_counter() - began) / times


def streams(db: Database, runs: int) -> dict[str, Any]:
    """Loading a payment of 2,000 events, from the first event and from a snapshot."""
    body = {
        "customer": str(uuid.uuid4()),
        "way": "in",
        "rail": "chain",
        "minor": 1,
        "currency": "EUR",
        "needed": 9_999,
    }
    with db.connect(autocommit=True) as conn, conn.transaction():
        stream = uuid.uuid4()
        events.append(conn, stream, 0, [Event("Requested", body)])
        events.append(
            conn, stream, 1, [Event("Seen", {"depth": n}) for n in range(2_000)]
        )
        whole, short = [], []
        for _ in range(runs):
            conn.execute("DELETE FROM snapshot WHERE stream = %s", (stream,))
            whole.append(timed(lambda: events.load(conn, stream), 1))
            short.append(timed(lambda: events.load(conn, stream), 20))
    return {
        "load_whole_ms": span(whole, "{:.1f}"),
        "load_snapshot_ms": span(short, "{:.2f}"),
    }


def keys(db: Database, runs: int) -> dict[str, Any]:
    """SoftHSM's own speed: software on this machine, no hint of what a device does."""
    token, times = new_token(), 50
    token.new_wallet("measured")
    token.new_kek("kek")
    raw = [timed(lambda: token.raw("measured", bytes(32)), times) for _ in range(runs)]
    signing = [
        timed(lambda: token.sign("measured", bytes(32)), times) for _ in range(runs)
    ]
    with db.connect(autocommit=True) as conn:
        people = [
            customers.enrol(conn, token, "kek", f"Person {n}", (EUR,), 1)
            for n in range(50)
        ]
        token.new_kek("next")
        began = time.perf_counter()
        with db.connect("signer", autocommit=True) as signer:
            count = customers.rotate(signer, token, "kek", "next")
        rotated = 1_000 * (time.perf_counter() - began) / count
        assert count == len(people)
    return {
        "raw_sign_ms": span(raw, "{:.1f}"),
        "sign_ms": span(signing, "{:.1f}"),
        "rotate_ms": f"{rotated:.1f}",
    }


def screening(names: dict[str, list[float]]) -> dict[str, Any]:
    at = names["threshold"].index(85)
    low = names["threshold"].index(70)
    return {
        "found_85": f"{names['found'][at]:.0f}",
        "alarms_85": f"{names['alarms'][at]:.1f}",
        "found_70": f"{names['found'][low]:.0f}",
        "alarms_70": f"{names['alarms'][low]:.1f}",
        "born_70": f"{names['alarms_born'][low]:.1f}",
    }


# region capacity
def capacity(measured: dict[str, float]) -> dict[str, Any]:
    """Arithmetic for a million payments a day; a range where we assume a range."""
    average = TARGET / 86_400
    disk_year = measured["disk"] * TARGET * 365 / 1e12
    wal_day = measured["wal"] * TARGET / 1e9
    return {
        "target_average": f"{average:.0f}",
        "target_peak": f"{5 * average:.0f}–{10 * average:.0f}",
        "target_disk_tb": f"{disk_year:.1f}",
        "target_disk_five_tb": f"{5 * disk_year:.0f}",
        "target_wal_gb": f"{wal_day:.0f}",
        "target_wal_mb_s": f"{measured['wal'] * 10 * average / 1e6:.1f}",
        "tenfold_peak": f"{50 * average:.0f}–{100 * average:.0f}",
        "tenfold_disk_five_tb": f"{50 * disk_year:.0f}",
    }


# endregion capacity


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
