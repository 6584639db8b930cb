"""A hot account makes multixacts: members grow with the square of those who share it."""

from __future__ import annotations

import contextlib

import psycopg

from desk.orders import submit, submit_behind_lock
from measure.bench import Lab, number, one, order, together

HOT = 7001
SHARERS = (4, 8, 16, 32)


def measured(lab: Lab) -> dict[str, object]:
    with lab.primary.connect() as owner:
        owner.execute("INSERT INTO account SELECT n, 1000000000 FROM generate_series(7001, 7002) AS n")
    used = {count: members_used(lab, lambda c=count: share(lab, c)) for count in SHARERS}
    behind = members_used(lab, lambda: together(32, lambda n: behind_lock(lab, n)))
    for count, members in used.items():
        assert members >= count * (count + 1) // 2 - 1, used
    assert behind < 32, behind
    return {
        **{f"members_{count}": number(members) for count, members in used.items()},
        "members_behind": number(behind),
    }


# region share
def share(lab: Lab, count: int) -> None:
    """So many open transactions, each of which has entered an order for one account."""
    with contextlib.ExitStack() as stack:
        traders = [
            stack.enter_context(lab.primary.connect(user="trader", autocommit=False))
            for _ in range(count)
        ]
        for n, trader in enumerate(traders):
            submit(trader, order(HOT, f"{count}-{n}"))
        for trader in traders:
            trader.commit()


# endregion share


def behind_lock(lab: Lab, n: int) -> None:
    with lab.primary.connect(user="trader") as trader, trader.transaction():
        submit_behind_lock(trader, order(HOT + 1, f"locked-{n}"))


def members_used(lab: Lab, act: object) -> int:
    """How far the counter of multixact members has moved; a checkpoint writes it down."""
    with lab.primary.connect(user="postgres") as superuser:
        before = counted(superuser)
        act()
        return counted(superuser) - before


def counted(superuser: psycopg.Connection) -> int:
    superuser.execute("CHECKPOINT")
    return one(superuser, "SELECT next_multi_offset::text::bigint FROM pg_control_checkpoint()")
