"""The states: which moves there are, that no other is possible, and that one caller wins."""

import random
import re
import sqlite3
import tempfile
import threading
import unittest
from pathlib import Path

from tpp.store import SCHEMA, Store

ENDS = {
    "consent": {"failed", "refused", "expired", "revoked", "ended"},
    "payment": {"failed", "abandoned", "rejected", "cancelled", "paid"},
    "token": {"dead"},
}
MOVES = set(
    re.findall(r"\('(\w+)', '(\w+)', '(\w+)'\)", SCHEMA.partition("-- region moves")[2])
)


class States(unittest.TestCase):
    def setUp(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.store = Store(folder / "store.db")

    def states(self, kind):
        return {state for name, *both in MOVES if name == kind for state in both}

    def test_the_ends_are_the_states_that_nothing_leaves(self):
        for kind, ends in ENDS.items():
            left = {before for name, before, _ in MOVES if name == kind}
            self.assertEqual(self.states(kind) - left, ends)

    def test_random_walks_make_listed_moves_only(self):
        draw = random.Random(2366)
        for _ in range(60):
            kind = draw.choice(list(ENDS))
            thing = self.store.draft(kind, "c", "north")
            for _ in range(12):
                after = draw.choice(sorted(self.states(kind)))
                listed = (kind, thing.state, after) in MOVES
                try:
                    moved = self.store.move(thing, after)
                except sqlite3.IntegrityError:
                    moved = False
                self.assertEqual(moved, listed)
                thing = self.store.get(thing.id)

    def test_nothing_is_paid_that_was_not_accepted(self):
        before = {
            one for kind, one, after in MOVES if (kind, after) == ("payment", "paid")
        }
        self.assertEqual(before, {"accepted"})
        thing = self.store.draft("payment", "c", "north")
        with self.assertRaises(sqlite3.IntegrityError):
            self.store.move(thing, "paid")

    def test_amount_and_payee_never_change(self):
        thing = self.store.draft("payment", "c", "north", order={"amount": "10.00"})
        with self.assertRaisesRegex(sqlite3.IntegrityError, "never change"):
            self.store.note(thing, detail="{}")

    def race(self, act):
        """What eight threads got that did the same thing at once."""
        barrier, got = threading.Barrier(8), []

        def one():
            barrier.wait()
            got.append(act())

        threads = [threading.Thread(target=one) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [each for each in got if each]

    def test_of_eight_that_move_the_same_thing_one_wins(self):
        thing = self.store.draft("payment", "c", "north")
        self.assertEqual(len(self.race(lambda: self.store.move(thing, "sent"))), 1)

    def test_of_eight_redirects_with_one_ticket_one_counts(self):
        ticket = self.store.draft("consent", "c", "north").ticket
        self.assertEqual(len(self.race(lambda: self.store.redeem(ticket, "c"))), 1)

    def test_a_ticket_of_somebody_else_is_nobodys(self):
        ticket = self.store.draft("consent", "c", "north").ticket
        self.assertIsNone(self.store.redeem(ticket, "another"))
        self.assertIsNotNone(self.store.redeem(ticket, "c"))  # and not used up by that

    def test_of_eight_workers_one_refreshes_a_token(self):
        token = self.store.draft("token", "c", "north")
        self.assertEqual(
            len(self.race(lambda: self.store.move(token, "refreshing"))), 1
        )


if __name__ == "__main__":
    unittest.main()
