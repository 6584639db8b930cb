"""The ledger's invariants, against a real PostgreSQL, as the application's role."""

from __future__ import annotations

import os
import threading
import uuid

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from psycopg.types.json import Jsonb

from backend import ledger
from backend.database import Database
from backend.ledger import REFUSALS, Account, Hold, capture, place, post, release
from backend.money import Money
from tests.conftest import EUR, HOUSE, TUSD, customer, free, held, sound

STEPS = int(os.environ.get("STEPS", "25"))
EXAMPLES = int(os.environ.get("EXAMPLES", "20"))


def allowed(conn: ledger.Conn, payment: uuid.UUID, outcome: str = "allow") -> uuid.UUID:
    decision = uuid.uuid4()
    rules = HOUSE.ruleset
    conn.execute(
        "INSERT INTO ruleset (digest, text) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (rules.digest, rules.text),
    )
    conn.execute(
        "INSERT INTO decision (id, subject, stage, ruleset, facts, outcome, hits, by)"
        " VALUES (%s, %s, 'test', %s, %s, %s, '[]', 'test')",
        (decision, payment, rules.digest, Jsonb({}), outcome),
    )
    return decision


# region machine
class Books(RuleBasedStateMachine):
    """Random postings and holds on PostgreSQL, beside a model that is a dictionary."""

    conn: ledger.Conn

    def __init__(self) -> None:
        super().__init__()
        self.people = [customer(self.conn, 10_000) for _ in range(3)]
        self.free = dict.fromkeys(self.people, 10_000)
        self.held = dict.fromkeys(self.people, 0)
        self.open: list[Hold] = []
        self.ended: list[Hold] = []

    @rule(one=st.integers(0, 2), other=st.integers(0, 2), minor=st.integers(1, 20_000))
    def transfer(self, one: int, other: int, minor: int) -> None:
        payer, payee = self.people[one], self.people[other]
        moves = {account(self.conn, payer): minor, account(self.conn, payee): -minor}
        possible = payer != payee and self.free[payer] >= minor
        assert tried(self.conn, lambda: post(self.conn, cause(), moves)) is possible
        if possible:
            self.free[payer] -= minor
            self.free[payee] += minor

    # endregion machine

    @rule(one=st.integers(0, 2), minor=st.integers(1, 20_000))
    def hold(self, one: int, minor: int) -> None:
        who = self.people[one]
        wanted = Hold(
            uuid.uuid4(),
            who,
            account(self.conn, who),
            account(self.conn, who, ":held"),
            Money(minor, EUR),
        )
        possible = self.free[who] >= minor
        assert (
            tried(
                self.conn,
                lambda: place(
                    self.conn, wanted, minor, allowed(self.conn, wanted.payment)
                ),
            )
            is possible
        )
        if possible:
            self.free[who] -= minor
            self.held[who] += minor
            self.open.append(wanted)

    @precondition(lambda self: self.open)
    @rule(data=st.data(), captured=st.booleans())
    def end(self, data: st.DataObject, captured: bool) -> None:
        hold = data.draw(st.sampled_from(self.open))
        assert tried(self.conn, lambda: end(self.conn, hold, captured))
        self.open.remove(hold)
        self.ended.append(hold)
        self.held[hold.customer] -= hold.amount.minor
        self.free[hold.customer] += 0 if captured else hold.amount.minor

    # region twice
    @precondition(lambda self: self.ended)
    @rule(data=st.data(), captured=st.booleans())
    def end_again(self, data: st.DataObject, captured: bool) -> None:
        hold = data.draw(st.sampled_from(self.ended))
        assert not tried(self.conn, lambda: end(self.conn, hold, captured))

    @invariant()
    def agrees(self) -> None:
        for who in self.people:
            assert free(self.conn, who) == self.free[who]
            assert held(self.conn, who) == self.held[who]


# endregion twice


def tried(conn: ledger.Conn, act: object) -> bool:
    """Whether the database took it."""
    try:
        with conn.transaction():
            act()  # type: ignore[operator]
    except (*REFUSALS, psycopg.errors.RaiseException):
        return False
    return True


def end(conn: ledger.Conn, hold: Hold, captured: bool) -> None:
    if captured:
        capture(conn, hold, ledger.account(conn, "bank:safeguarding:EUR"))
    else:
        release(conn, hold)


def account(conn: ledger.Conn, who: uuid.UUID, what: str = "") -> Account:
    return ledger.account(conn, f"customer:{who}:EUR{what}")


def cause() -> str:
    return f"test:{uuid.uuid4()}"


def test_random_histories_agree_with_a_dictionary(conn: ledger.Conn) -> None:
    case = type("Case", (Books,), {"conn": conn}).TestCase
    case.settings = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )
    case().runTest()


def raw(conn: ledger.Conn, *entries: tuple[Account, object]) -> uuid.UUID:
    """A posting without the help of the module."""
    posting = uuid.uuid4()
    conn.execute("INSERT INTO posting (id, cause) VALUES (%s, %s)", (posting, cause()))
    for where, amount in entries:
        conn.execute(
            "INSERT INTO entry VALUES (%s, %s, %s, %s)",
            (posting, where.id, where.currency.code, amount),
        )
    return posting


# region attacks
def test_what_the_application_role_cannot_book(conn: ledger.Conn) -> None:
    who = customer(conn, 1_000)
    bank, mine = ledger.account(conn, "bank:safeguarding:EUR"), account(conn, who)
    wallet = ledger.account(conn, "chain:wallet:TUSD")
    kept = account(conn, who, ":held")

    def early() -> None:  # fire the deferred check while all is well, then add an entry
        posting = raw(conn, (bank, 5), (mine, -5))
        conn.execute("SET CONSTRAINTS ALL IMMEDIATE")
        conn.execute(
            "INSERT INTO entry VALUES (%s, %s, 'TUSD', 7)", (posting, wallet.id)
        )

    def late() -> None:  # add to a posting of yesterday
        old = conn.execute("SELECT id FROM posting LIMIT 1").fetchone()[0]
        conn.execute("INSERT INTO entry VALUES (%s, %s, 'TUSD', 7)", (old, wallet.id))

    attempts = {
        "one side": lambda: raw(conn, (bank, 5)),
        "no side": lambda: raw(conn),
        "two currencies": lambda: raw(conn, (bank, 5), (wallet, -5)),
        "more than there is": lambda: raw(conn, (mine, 1_001), (bank, -1_001)),
        "half a cent": lambda: raw(conn, (bank, "0.5"), (mine, "-0.5")),
        "not a number": lambda: raw(conn, (bank, "NaN"), (mine, "NaN")),
        "nothing": lambda: raw(conn, (bank, 0), (mine, 0)),
        "held money without a hold": lambda: raw(conn, (mine, 5), (kept, -5)),
        "an entry after the check": early,
        "an entry to an old posting": late,
    }
    taken = [name for name, attempt in attempts.items() if tried(conn, attempt)]
    assert taken == []


# endregion attacks


FORBIDDEN = [
    "UPDATE entry SET amount = amount + 1",
    "DELETE FROM entry",
    "UPDATE posting SET booked_at = now() - interval '1 day'",
    "INSERT INTO posting (id, cause, made_in) VALUES (gen_random_uuid(), 'x', '1')",
    "UPDATE balance SET amount = amount + 1",
    "INSERT INTO balance VALUES (1, 5)",
    "DELETE FROM hold_end",
    "UPDATE hold SET amount = 1",
    "UPDATE decision SET outcome = 'allow'",
    "DELETE FROM decision",
    "UPDATE event SET body = '{}'",
    "DELETE FROM event",
    "INSERT INTO event (stream, version, kind, schema, body, at) VALUES (gen_random_uuid(), 1, 'x', 1, '{}', now())",
    "UPDATE account SET floored = false",
    "UPDATE request SET payment = gen_random_uuid()",
    "INSERT INTO nonce VALUES (gen_random_uuid(), 'w', 1)",
    "INSERT INTO signature VALUES (gen_random_uuid(), 1, 1, 1, '', '')",
    "UPDATE signature SET attempt = 1",
    "UPDATE customer SET day_limit = 1000000000",
    "UPDATE customer SET closed = NULL",
    "DELETE FROM payee",
    "UPDATE payee SET body = '{}'",
    "DELETE FROM address_proof",
    "SELECT forget(gen_random_uuid())",
    "SELECT FROM customer FOR UPDATE",
    "TRUNCATE entry",
    "ALTER TABLE entry DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "SET ROLE books",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_what_the_application_role_may_not_do_at_all(
    conn: ledger.Conn, statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement)


def test_the_signer_can_only_sign(db: Database) -> None:
    with db.connect("signer", autocommit=True) as signer:
        for statement in (
            "INSERT INTO entry VALUES (gen_random_uuid(), 1, 'EUR', 1)",
            "INSERT INTO approval VALUES (gen_random_uuid(), 'me', '')",
            "INSERT INTO fee_wish VALUES (gen_random_uuid(), 2, 1, 1)",
            "SELECT name FROM customer",
            "SELECT FROM payee",
            "SELECT FROM outbox",
            "UPDATE nonce SET value = 0",
            "UPDATE outbox SET attempts = 0",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                signer.execute(statement)


def test_numeric_without_the_domain_would_round_half_a_cent(db: Database) -> None:
    with db.connect("books") as owner:
        owner.execute("CREATE TEMP TABLE naive (amount numeric(38, 0))")
        owner.execute("INSERT INTO naive VALUES (10.5)")
        assert owner.execute("SELECT amount FROM naive").fetchone()[0] == 11


def test_a_decision_that_is_no_permission_opens_no_hold(conn: ledger.Conn) -> None:
    who = customer(conn, 1_000)
    for outcome in ("review", "refuse"):
        hold = Hold(
            uuid.uuid4(),
            who,
            account(conn, who),
            account(conn, who, ":held"),
            Money(100, EUR),
        )
        assert not tried(
            conn, lambda: place(conn, hold, 100, allowed(conn, hold.payment, outcome))
        )
    other = allowed(conn, uuid.uuid4())  # allowed, but for another payment
    assert not tried(conn, lambda: place(conn, hold, 100, other))
    assert (free(conn, who), held(conn, who)) == (1_000, 0)


def race(db: Database, *acts: object) -> list[bool]:
    """Each in a thread and a transaction of its own, started together."""
    gate, done = threading.Barrier(len(acts)), [False] * len(acts)

    def run(place: int) -> None:
        with db.connect(autocommit=True) as conn:
            gate.wait()
            done[place] = tried(conn, lambda: acts[place](conn))  # type: ignore[operator]

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


# region once
def test_of_eight_that_end_a_hold_at_once_one_succeeds(
    db: Database, conn: ledger.Conn
) -> None:
    who = customer(conn, 1_000)
    hold = Hold(
        uuid.uuid4(),
        who,
        account(conn, who),
        account(conn, who, ":held"),
        Money(400, EUR),
    )
    with conn.transaction():
        place(conn, hold, 400, allowed(conn, hold.payment))
    acts = [lambda own, n=n: end(own, hold, captured=n % 2 == 0) for n in range(8)]
    assert sum(race(db, *acts)) == 1
    assert held(conn, who) == 0 and free(conn, who) in (600, 1_000)


# endregion once


def test_a_balance_cannot_be_spent_twice_at_once(
    db: Database, conn: ledger.Conn
) -> None:
    who = customer(conn, 1_000)
    bank, mine = ledger.account(conn, "bank:safeguarding:EUR"), account(conn, who)
    acts = [lambda own: post(own, cause(), {mine: 600, bank: -600})] * 8
    assert sum(race(db, *acts)) == 1
    assert free(conn, who) == 400


def test_one_order_of_locks_leaves_no_deadlock(db: Database, conn: ledger.Conn) -> None:
    one, other = (account(conn, customer(conn, 100_000)) for _ in range(2))

    def many(own: ledger.Conn, first: Account, second: Account) -> None:
        for _ in range(50):
            with own.transaction():
                post(own, cause(), {first: 1, second: -1})

    assert all(
        race(
            db,
            *[lambda own: many(own, one, other), lambda own: many(own, other, one)] * 2,
        )
    )


def test_the_order_of_the_request_deadlocks(db: Database, conn: ledger.Conn) -> None:
    one, other = (account(conn, customer(conn, 1_000)) for _ in range(2))
    middle, failed = threading.Barrier(2), []

    def run(first: Account, second: Account) -> None:
        with db.connect(autocommit=True) as own:
            try:
                with own.transaction():
                    posting = raw(own, (first, 1))
                    middle.wait()
                    own.execute(
                        "INSERT INTO entry VALUES (%s, %s, 'EUR', -1)",
                        (posting, second.id),
                    )
            except psycopg.errors.DeadlockDetected:
                failed.append(first)

    threads = [
        threading.Thread(target=run, args=pair) for pair in ((one, other), (other, one))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 1


def test_wei_of_ten_ether_do_not_fit_a_bigint(conn: ledger.Conn) -> None:
    wallet, fx = (
        ledger.account(conn, "chain:wallet:ETH"),
        ledger.account(conn, "fx:ETH"),
    )
    with conn.transaction():
        post(conn, cause(), {wallet: 10 * 10**18, fx: -10 * 10**18})
    assert 10 * 10**18 > 2**63


def test_a_tampered_balance_shows(db: Database, conn: ledger.Conn) -> None:
    who = customer(conn, 1_000)
    with db.connect("books") as owner:  # not committed: another test would see it
        owner.execute(
            "UPDATE balance SET amount = amount + 1 WHERE account = %s",
            (account(conn, who).id,),
        )
        assert owner.execute("SELECT count(*) FROM unfounded").fetchone()[0] == 1
        owner.rollback()


def test_an_exchange_balances_in_each_currency(conn: ledger.Conn) -> None:
    who = customer(conn, 10_000)
    mine, tokens = account(conn, who), ledger.account(conn, f"customer:{who}:TUSD")
    with conn.transaction():
        post(
            conn,
            cause(),
            {
                mine: 10_000,
                ledger.account(conn, "fees:EUR"): -50,
                ledger.account(conn, "fx:EUR"): -9_950,
                ledger.account(conn, "fx:TUSD"): 107_000_000,
                tokens: -107_000_000,
            },
        )
    assert free(conn, who) == 0 and free(conn, who, TUSD) == 107_000_000
    sound(conn)
