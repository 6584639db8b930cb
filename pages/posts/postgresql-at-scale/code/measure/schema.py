"""The schema refuses what must not be; fills add up whoever races; tampering shows."""

from __future__ import annotations

import random
import statistics
from decimal import Decimal

import psycopg
from psycopg import errors

from desk.orders import execute, submit
from measure.bench import TODAY, Lab, number, one, order, pgbench, spread, together

INSERT = """INSERT INTO orders (trade_date, account_id, instrument_id, side, quantity,
            price, client_order_id) VALUES (%(day)s, {}, 'w')"""
FILL = """INSERT INTO executions (trade_date, order_id, executed_at, quantity, price,
          venue, venue_execution_id) VALUES (%(day)s, {}, now(), {}, 10, 'XSIM', {})"""
WRONG = {
    "a negative quantity": INSERT.format("1, 1, 'buy', -1, 1"),
    "an unknown side": INSERT.format("1, 1, 'hold', 1, 1"),
    "an unknown account": INSERT.format("0, 1, 'buy', 1, 1"),
    "a price off the tick": INSERT.format("1, 1, 'buy', 1, 1.005"),
    "a day without a partition": INSERT.replace("%(day)s", "'2001-01-01'").format("1, 1, 'buy', 1, 1"),
    "a fill without an execution": "UPDATE orders SET filled = 50 WHERE order_id = %(open)s",
    "filled in name only": "UPDATE orders SET status = 'filled' WHERE order_id = %(open)s",
    "a filled order reopened": "UPDATE orders SET status = 'open' WHERE order_id = %(filled)s",
    "a filled order cancelled": "UPDATE orders SET status = 'cancelled' WHERE order_id = %(filled)s",
    "a cancelled order reopened": "UPDATE orders SET status = 'open' WHERE order_id = %(cancelled)s",
    "an execution beyond the order": FILL.format("%(open)s", 101, "'w'"),
    "an execution of a filled order": FILL.format("%(filled)s", 1, "'w'"),
    "an execution of a cancelled order": FILL.format("%(cancelled)s", 1, "'w'"),
    "an execution without an order": FILL.format(0, 1, "'w'"),
    "the same execution twice": FILL.format("%(open)s", 1, "'first fill'"),
    "a changed price": "UPDATE orders SET price = 1 WHERE order_id = %(open)s",
    "an order erased": "DELETE FROM orders WHERE order_id = %(open)s",
    "an execution erased": "DELETE FROM executions",
    "an event erased": "DELETE FROM order_events",
    "an event invented": "INSERT INTO order_events SELECT * FROM order_events LIMIT 1",
    "a limit raised": "UPDATE account SET order_limit = 1e12",
}


def measured(lab: Lab) -> dict[str, object]:
    with lab.primary.connect(user="trader") as trader, lab.primary.connect() as owner:
        ids = orders_in_each_state(trader)
        for name, statement in WRONG.items():
            assert is_refused(trader, statement, ids), name
        repeats(trader, owner)
        races = race(lab, owner)
        tampering(lab, ids["filled"])
        return {"refused": number(len(WRONG)), "raced": number(races), **audit_cost(lab, owner)}


def orders_in_each_state(trader: psycopg.Connection) -> dict[str, object]:
    ids = {state: submit(trader, order(1, state, quantity=100)) for state in ("open", "filled", "cancelled")}
    assert execute(trader, TODAY, ids["filled"], 60, Decimal(10), "first fill")
    assert not execute(trader, TODAY, ids["filled"], 60, Decimal(10), "first fill")
    assert execute(trader, TODAY, ids["filled"], 40, Decimal(10), "second fill")
    trader.execute("UPDATE orders SET status = 'cancelled' WHERE order_id = %s", (ids["cancelled"],))
    return {**ids, "day": TODAY}


def is_refused(trader: psycopg.Connection, statement: str, ids: dict[str, object]) -> bool:
    try:
        trader.execute(statement, ids)
    except (errors.IntegrityError, errors.InsufficientPrivilege):
        return True
    return False


def repeats(trader: psycopg.Connection, owner: psycopg.Connection) -> None:
    """A repetition is answered with the first id, another side is an error; no event without an order."""
    first = order(1, "once")
    assert submit(trader, first) == submit(trader, first)
    try:
        submit(trader, order(1, "once", side="sell"))
        raise AssertionError("a sell was answered with the id of a buy")
    except ValueError:
        pass
    assert one(owner, "SELECT count(*) FROM order_events WHERE revision = 1") == one(
        owner, "SELECT count(*) FROM orders WHERE trade_date = %s", TODAY
    )


# region race
def race(lab: Lab, owner: psycopg.Connection) -> int:
    """Six traders fill and cancel the same forty orders at once; then all adds up."""
    with lab.primary.connect(user="trader") as trader:
        ids = [submit(trader, order(2, f"race-{n}", quantity=100)) for n in range(40)]
    booked = together(6, lambda seed: fill_and_cancel(lab, ids, seed))
    assert one(owner, "SELECT count(*) FROM broken_fills") == 0
    filled = "SELECT sum(filled) FROM orders WHERE trade_date = %s AND account_id = 2"
    assert one(owner, filled, TODAY) == sum(booked)
    return sum(booked)


def fill_and_cancel(lab: Lab, ids: list[int], seed: int) -> int:
    """The quantity that this trader has booked; what the database refuses is left."""
    dice, booked = random.Random(seed), 0
    with lab.primary.connect(user="trader") as trader:
        for n in range(60):
            order_id, quantity = dice.choice(ids), dice.choice((10, 30, 70))
            try:
                if dice.random() < 0.1:
                    trader.execute(
                        "UPDATE orders SET status = 'cancelled'"
                        " WHERE trade_date = %s AND order_id = %s", (TODAY, order_id),
                    )
                elif execute(
                    trader, TODAY, order_id, quantity, Decimal(10), f"{seed}-{n}"
                ):
                    booked += quantity
            except errors.CheckViolation:
                pass
    return booked


# endregion race


def tampering(lab: Lab, order_id: int) -> None:
    """Changed, missing and invented events are found, by the auditor who can change nothing."""
    with lab.primary.connect(user="auditor") as auditor, lab.primary.connect() as owner:

        def broken() -> int:
            return one(auditor, "SELECT count(*) FROM broken_seals WHERE trade_date = %s", TODAY)

        assert broken() == 0
        spoil = {
            "a price": "image = replace(image::text, '10.00', '11.00')::json",
            "an actor": "actor = 'nobody'",
            "a time": "recorded_at = recorded_at + interval '1 microsecond'",
            "a line moved from image to actor": "actor = E'}\\n' || actor",
        }
        for change in spoil.values():
            with owner.transaction(force_rollback=True):
                changed = owner.execute(
                    f"UPDATE order_events SET {change} WHERE order_id = %s AND revision = 1", (order_id,)
                ).rowcount
                assert changed == 1
                assert one(owner, "SELECT count(*) FROM broken_seals WHERE order_id = %s", order_id) == 1
        with owner.transaction(force_rollback=True):
            owner.execute("DELETE FROM order_events WHERE order_id = %s AND revision = 3", (order_id,))
            assert one(owner, "SELECT count(*) FROM broken_seals WHERE order_id = %s", order_id) == 1
        assert broken() == 0


def audit_cost(lab: Lab, owner: psycopg.Connection) -> dict[str, str]:
    """Order entry with and without the seals, without waits for the disk, in turns."""
    last = one(owner, "SELECT max(order_id) FROM orders")
    rates: dict[str, list[float]] = {"ENABLE": [], "DISABLE": []}
    owner.execute("ALTER DATABASE desk SET synchronous_commit = off")
    for switch in ("ENABLE", "DISABLE") * lab.scale.runs:
        for trigger in ("b_seal", "record"):
            owner.execute(f"ALTER TABLE orders {switch} TRIGGER {trigger}")
        rates[switch].append(pgbench(lab.primary.port, "entry.sql", 4, lab.scale.seconds))
    owner.execute("ALTER DATABASE desk RESET synchronous_commit")
    for trigger in ("b_seal", "record"):
        owner.execute(f"ALTER TABLE orders ENABLE TRIGGER {trigger}")
    # The orders of the turns without triggers have no events.
    owner.execute("DELETE FROM orders WHERE trade_date = %s AND order_id > %s", (TODAY, last))
    owner.execute("DELETE FROM order_events WHERE trade_date = %s AND order_id > %s", (TODAY, last))
    assert one(owner, "SELECT count(*) FROM broken_seals WHERE trade_date = %s", TODAY) == 0
    with_seals, without = (statistics.median(rates[each]) for each in ("ENABLE", "DISABLE"))
    return {
        "entry_audited": spread(rates["ENABLE"]),
        "entry_bare": spread(rates["DISABLE"]),
        "audit_share": number(100 * (1 - with_seals / without)),
    }
