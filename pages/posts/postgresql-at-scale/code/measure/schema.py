"""The schema refuses what must not be, a repeated order is one order, and the audit trail shows tampering."""

from __future__ import annotations

from decimal import Decimal

import psycopg
from psycopg import errors

from desk.orders import Order, submit
from measure.bench import Lab, number, one, pgbench

WRONG = {
    "a negative quantity": "INSERT INTO orders (account_id, instrument_id, side, quantity, price, client_order_id) VALUES (1, 1, 'buy', -1, 1, 'w')",
    "an unknown side": "INSERT INTO orders (account_id, instrument_id, side, quantity, price, client_order_id) VALUES (1, 1, 'hold', 1, 1, 'w')",
    "an unknown account": "INSERT INTO orders (account_id, instrument_id, side, quantity, price, client_order_id) VALUES (0, 1, 'buy', 1, 1, 'w')",
    "an overfill": "UPDATE orders SET filled = quantity + 1 WHERE order_id = %(id)s",
    "filled in name only": "UPDATE orders SET status = 'filled' WHERE order_id = %(id)s",
    "an execution without an order": "INSERT INTO executions (trade_date, order_id, executed_at, quantity, price, venue, venue_execution_id) VALUES (current_date, 0, now(), 1, 1, 'XSIM', 'w')",
    "a changed price": "UPDATE orders SET price = 1 WHERE order_id = %(id)s",
    "an erased event": "DELETE FROM order_events WHERE order_id = %(id)s",
}


def measured(lab: Lab) -> dict[str, str]:
    with lab.primary.connect(user="trader") as trader, lab.primary.connect() as owner:
        order = Order(1, 1, 100, Decimal("10.25"), "first")
        first = submit(trader, order)
        assert submit(trader, order) == first
        assert one(owner, "SELECT count(*) FROM order_events") == one(owner, "SELECT count(*) FROM orders")
        refused = sum(is_refused(trader, wrong, first) for wrong in WRONG.values())
        assert refused == len(WRONG)
        trader.execute("UPDATE orders SET filled = 100, status = 'filled' WHERE order_id = %s", (first,))
        tampering(owner, first)
        return {"refused": number(refused), **audit_cost(lab, owner)}


def is_refused(trader: psycopg.Connection, statement: str, order_id: int) -> bool:
    try:
        trader.execute(statement, {"id": order_id})
    except (errors.IntegrityError, errors.InsufficientPrivilege):
        return True
    return False


def tampering(owner: psycopg.Connection, order_id: int) -> None:
    """A changed event and a missing last one are both found."""
    assert one(owner, "SELECT count(*) FROM broken_seals") == 0
    owner.execute(
        "UPDATE order_events SET image = jsonb_set(image, '{price}', '9.99') WHERE order_id = %s AND revision = 1", (order_id,)
    )
    broken = one(owner, "SELECT count(*) FROM broken_seals WHERE order_id = %s", order_id)
    owner.execute(
        "UPDATE order_events SET image = jsonb_set(image, '{price}', '10.250000') WHERE order_id = %s AND revision = 1", (order_id,)
    )
    assert broken == 1 and one(owner, "SELECT count(*) FROM broken_seals") == 0
    # Kept in SQL: Python would read 10.250000 as a float, and write another text.
    owner.execute("CREATE TEMP TABLE kept AS SELECT * FROM order_events WHERE order_id = %s AND revision = 2", (order_id,))
    owner.execute("DELETE FROM order_events WHERE order_id = %s AND revision = 2", (order_id,))
    assert one(owner, "SELECT count(*) FROM broken_seals") == 1
    owner.execute("INSERT INTO order_events SELECT * FROM kept")
    assert one(owner, "SELECT count(*) FROM broken_seals") == 0


def audit_cost(lab: Lab, owner: psycopg.Connection) -> dict[str, str]:
    """Order entry with and without the triggers, without waits for the disk; in turns, the best of four."""
    last = one(owner, "SELECT max(order_id) FROM orders")
    rates: dict[str, list[float]] = {"ENABLE": [], "DISABLE": []}
    owner.execute("ALTER DATABASE desk SET synchronous_commit = off")
    for switch in ("ENABLE", "DISABLE") * 4:
        owner.execute(f"ALTER TABLE orders {switch} TRIGGER USER")
        rates[switch].append(pgbench(lab.primary.port, "entry.sql", 4, (lab.scale.seconds + 1) // 2))
    owner.execute("ALTER DATABASE desk RESET synchronous_commit")
    owner.execute("ALTER TABLE orders ENABLE TRIGGER USER")
    # Those of the runs without triggers have no events.
    owner.execute("DELETE FROM orders WHERE order_id > %s", (last,))
    assert one(owner, "SELECT count(*) FROM broken_seals") == 0
    with_audit, without = max(rates["ENABLE"]), max(rates["DISABLE"])
    return {"entry_audited": number(with_audit), "entry_bare": number(without), "audit_share": number(100 * (1 - with_audit / without))}
