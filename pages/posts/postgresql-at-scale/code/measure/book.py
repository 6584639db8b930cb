"""The order book: depth and best prices equal a model's, and cost a few pages."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from decimal import Decimal

import psycopg

from desk.orders import execute, submit
from measure.bench import TODAY, Lab, number, one, order, timed

INSTRUMENTS = 2_000


def measured(lab: Lab) -> dict[str, str]:
    with lab.primary.connect(user="trader") as trader, lab.primary.connect() as owner:
        like_the_model(trader)
        fill(owner, resting=lab.scale.rows)
        owner.execute("VACUUM ANALYZE orders")
        query = f"SELECT * FROM best('{TODAY}', 7)"
        plan = "\n".join(row[0] for row in owner.execute(f"EXPLAIN (ANALYZE, BUFFERS) {query}"))
        seconds = [timed(lambda n=n: trader.execute("SELECT * FROM depth(%s, %s, 5)", (TODAY, n))) for n in range(1, 201)]
        return {
            "book_orders": number(one(owner, "SELECT count(*) FROM orders WHERE trade_date = %s AND status = 'open'", TODAY)),
            "book_pages": re.search(r"shared hit=(\d+)", plan)[1],
            "depth_ms": number(1000 * sorted(seconds)[100], 1),
        }


# region model
def like_the_model(trader: psycopg.Connection) -> None:
    """Random orders and fills: the view agrees with a dictionary of price levels."""
    dice, book = random.Random(7), defaultdict(int)
    for n in range(60):
        side = dice.choice(("buy", "sell"))
        low, high = (990, 999) if side == "buy" else (1001, 1010)
        price = Decimal(dice.randint(low, high)) / 100
        wanted = order(
            3, f"book-{n}", instrument=3, side=side, quantity=100, price=price
        )
        order_id = submit(trader, wanted)
        filled = dice.choice((0, 0, 40, 100))
        if filled:
            execute(trader, TODAY, order_id, filled, price, f"book-{n}")
        book[side, price] += 100 - filled
    rows = trader.execute("SELECT * FROM depth(%s, 3, 3)", (TODAY,)).fetchall()
    bids, asks = levels(book, "buy", -1), levels(book, "sell", 1)
    assert [(row[1], row[0]) for row in rows] == bids[:3]
    assert [(row[2], row[3]) for row in rows] == asks[:3]
    best = trader.execute("SELECT * FROM best(%s, 3)", (TODAY,)).fetchone()
    assert best == (bids[0][0], asks[0][0]) and best[0] < best[1]


# endregion model


def levels(book: dict[tuple[str, Decimal], int], side: str, sign: int) -> list[tuple[Decimal, int]]:
    """The price levels of a side that hold something, the best first."""
    held = [(price, size) for (each, price), size in book.items() if each == side and size]
    return sorted(held, key=lambda level: sign * level[0])


def fill(owner: psycopg.Connection, resting: int) -> None:
    """Orders at rest in two thousand instruments."""
    owner.execute(
        """INSERT INTO orders (trade_date, account_id, instrument_id, side, quantity, price, client_order_id)
           SELECT %s, n %% 1000 + 1, n %% %s + 1, CASE WHEN n / %s %% 2 = 0 THEN 'buy' ELSE 'sell' END, 100,
                  CASE WHEN n / %s %% 2 = 0 THEN 9 ELSE 11 END + n %% 13 * 0.01, 'rest-' || n
           FROM generate_series(1, %s) AS n""",
        (TODAY, INSTRUMENTS, INSTRUMENTS, INSTRUMENTS, resting),
    )
