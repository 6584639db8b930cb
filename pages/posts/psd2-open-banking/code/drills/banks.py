"""Banks that do not answer, redirects that come twice, consents that end meanwhile."""

import datetime as dt
import os
import signal
import threading
import time
from pathlib import Path

from test.lab import CUSTOMER, IBAN, Lab, lab
from test.test_flows import order, ticket_of
from tpp.bank import Refused

PAYMENTS = "/v1/payments/"


def debits(own: Lab) -> int:
    """How often the money left, for an account that began with 2,500 euros."""
    left = 2500 - float(own.state()["balances"][IBAN]["amount"])
    return round(left / 10)


def arrived(own: Lab) -> None:
    """Wait until the bank has an order."""
    deadline = time.monotonic() + 60
    while not own.state()["payments"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


# region lost
def lost_answer_at_a_redirect_bank(folder: Path) -> dict:
    """The bank took the order, and its answer was lost. Nobody has the link."""
    with lab(folder, settle="0") as own:
        payments = own.payments()
        own.tell("/sandbox/faults", path=PAYMENTS, kind="lost")
        first = payments.draft(CUSTOMER, order("10.00"))
        assert payments.send(first, CUSTOMER) is None
        unknown = payments.store.get(first.id)
        assert unknown.state == "unknown"
        payments.resolve(unknown, CUSTOMER)
        second = payments.draft(CUSTOMER, order("10.00"))
        begun = payments.send(second, CUSTOMER)
        back = own.at_bank(begun.redirect)
        done = payments.returned(ticket_of(back), CUSTOMER)
        at_bank = sum(own.state()["payments"].values())
        first_state = payments.store.get(first.id).state
        assert (first_state, done.state, debits(own)) == ("abandoned", "paid", 1)
        return {"first": first_state, "at the bank": at_bank, "debits": debits(own)}


# endregion lost


# region decoupled
def lost_answer_at_a_decoupled_bank(folder: Path, repeatable: bool = True) -> dict:
    """As before, but the bank's app has asked the customer already, who approves."""
    with lab(folder, bank="south", settle="0") as own:
        payments = own.payments(own.client("south", repeatable=repeatable))
        own.tell("/sandbox/faults", path=PAYMENTS, kind="lost")
        thing = payments.draft(CUSTOMER, order("10.00"))
        assert payments.send(thing, CUSTOMER) is None
        [waiting] = own.state()["authorisations"]
        own.tell(f"/app/{waiting}", outcome="approve")
        payments.resolve(payments.store.get(thing.id), CUSTOMER)
        known = payments.store.get(thing.id)
        if known.their_id:
            known = payments.look(known)
        assert debits(own) == 1
        assert known.state == ("paid" if repeatable else "unknown")
        return {"state": known.state, "debits": debits(own)}


# endregion decoupled


def held_where_nothing_can_be_repeated(folder: Path) -> dict:
    return lost_answer_at_a_decoupled_bank(folder, repeatable=False)


def bank_killed_behind_its_gateway(folder: Path) -> dict:
    """The application dies with our order in hand; nginx answers for it: 502."""
    with lab(folder) as own:
        payments = own.payments()
        own.tell("/sandbox/faults", path=PAYMENTS, kind="late", seconds=20)
        thing = payments.draft(CUSTOMER, order("10.00"))
        killer = threading.Timer(1, own.application.kill)
        killer.start()
        assert payments.send(thing, CUSTOMER) is None
        state = payments.store.get(thing.id).state
        assert state == "unknown"
        assert '"status": "502"' in own.out.getvalue()
        return {"status": 502, "state": state}


def client_killed_with_an_order_out(folder: Path) -> dict:
    """SIGKILL for our own process, after the bank took the order."""
    with lab(folder, settle="0") as own:
        payments = own.payments()
        own.tell("/sandbox/faults", path=PAYMENTS, kind="late", seconds=20)
        first = payments.draft(CUSTOMER, order("10.00"))
        sender = os.fork()
        if not sender:
            payments.send(first, CUSTOMER)
            os._exit(0)
        arrived(own)
        os.kill(sender, signal.SIGKILL)
        os.waitpid(sender, 0)
        found = payments.store.get(first.id).state
        payments.recover(seconds=0)
        payments.resolve(payments.store.get(first.id), CUSTOMER)
        second = payments.draft(CUSTOMER, order("10.00"))
        back = own.at_bank(payments.send(second, CUSTOMER).redirect)
        done = payments.returned(ticket_of(back), CUSTOMER)
        after = payments.store.get(first.id).state
        assert (found, after, done.state) == ("sent", "abandoned", "paid")
        assert debits(own) == 1
        return {"found": found, "after": after, "debits": debits(own)}


def silent_bank(folder: Path) -> dict:
    """No answer at all. Ours comes after the profile's timeout, and not before."""
    with lab(folder) as own:
        payments = own.payments(own.client(timeout=2))
        own.tell("/sandbox/faults", path=PAYMENTS, kind="silence", seconds=60)
        thing, begun = payments.draft(CUSTOMER, order("10.00")), time.monotonic()
        assert payments.send(thing, CUSTOMER) is None
        waited = time.monotonic() - begun
        state = payments.store.get(thing.id).state
        assert state == "unknown" and 2 <= waited < 30
        return {"state": state, "seconds": round(waited, 1)}


def bank_that_is_not_there(folder: Path) -> dict:
    """Nothing listens: the order certainly did not arrive, and the state says so."""
    with lab(folder) as own:
        payments = own.payments()
        own.gate.terminate()
        own.gate.wait(15)
        thing = payments.draft(CUSTOMER, order("10.00"))
        assert payments.send(thing, CUSTOMER) is None
        state = payments.store.get(thing.id).state
        assert state == "failed"
        return {"state": state}


# region twice
def redirect_that_returns_twice(folder: Path) -> dict:
    """Two tabs, one ticket: one counts, and the bank is asked once for its status."""
    with lab(folder) as own:
        consents = own.consents()
        thing, begun = consents.start(CUSTOMER, [IBAN])
        ticket = ticket_of(own.at_bank(begun.redirect))
        again = ticket_of(own.at_bank(begun.redirect))  # the bank's page, sent again
        barrier, got = threading.Barrier(2), []

        def tab(which: str) -> None:
            barrier.wait()
            got.append(consents.returned(which, CUSTOMER))

        tabs = [threading.Thread(target=tab, args=[each]) for each in (ticket, again)]
        for each in tabs:
            each.start()
        for each in tabs:
            each.join()
        counted = [each for each in got if each]
        asked = own.out.getvalue().count('"consent-status"')
        assert len(counted) == 1 and asked == 1
        assert consents.store.get(thing.id).state == "valid"
        return {"came": len(got), "counted": len(counted), "status calls": asked}


# endregion twice


def redirect_that_never_returns(folder: Path) -> dict:
    """The customer approves and closes the browser; a look later finds the consent."""
    with lab(folder) as own:
        consents = own.consents()
        thing, begun = consents.start(CUSTOMER, [IBAN])
        own.at_bank(begun.redirect)
        before = consents.store.get(thing.id).state
        after = consents.look(consents.store.get(thing.id)).state
        assert (before, after) == ("waiting", "valid")
        return {"before": before, "after": after}


# region expired
def consent_that_ends_between_two_pages(folder: Path) -> dict:
    """180 days pass after the first page: the second is refused, and we know why."""
    with lab(folder) as own:
        consents = own.consents()
        _, begun = consents.start(CUSTOMER, [IBAN])
        back = ticket_of(own.at_bank(begun.redirect))
        thing, bank = consents.returned(back, CUSTOMER), consents.bank
        [account] = bank.accounts(thing.their_id, CUSTOMER)
        since = own.now().date() - dt.timedelta(days=80)
        read = bank.transactions(thing.their_id, CUSTOMER, account["resourceId"], since)
        seen = [next(read)]
        own.tell("/sandbox/clock", days=181)
        try:
            consents.use(thing, lambda name: seen.extend(read))
        except Refused as refusal:
            code = refusal.code
        state = consents.store.get(thing.id).state
        assert (code, state) == ("SCA_DUE", "stale")
        page = len(seen)
        try:
            seen.extend(read)
        except Refused as refusal:
            assert refusal.code == "CONSENT_INVALID"
        assert len(seen) == 10  # the page that we had, and nothing of the next
        return {"code": code, "state": state, "had": page}


# endregion expired


def cable_pulled(folder: Path) -> dict:
    """In a laboratory of namespaces: the order is out, then the cable, then back."""
    netns = os.environ["NETNS"]

    def net(*words: str) -> None:
        assert os.spawnvp(os.P_WAIT, netns, [netns, *words]) == 0

    net("host", "10.9.0.1/24")
    net("up", "bank", "10.9.0.2/24")
    place = (netns, "run", "bank")
    with lab(folder, host="10.9.0.2", place=place, settle="0") as own:
        payments = own.payments(own.client(timeout=8))
        own.tell("/sandbox/faults", path=PAYMENTS, kind="late", seconds=40)

        def cut_once_it_arrived() -> None:
            arrived(own)
            net("cut", "bank")

        cut = threading.Thread(target=cut_once_it_arrived)
        cut.start()
        first, begun = payments.draft(CUSTOMER, order("10.00")), time.monotonic()
        assert payments.send(first, CUSTOMER) is None
        waited = time.monotonic() - begun
        cut.join()
        assert payments.store.get(first.id).state == "unknown"
        net("join", "bank")
        payments.resolve(payments.store.get(first.id), CUSTOMER)
        second = payments.draft(CUSTOMER, order("10.00"))
        back = own.at_bank(payments.send(second, CUSTOMER).redirect)
        done = payments.returned(ticket_of(back), CUSTOMER)
        assert (done.state, debits(own)) == ("paid", 1)
        return {"seconds": round(waited, 1), "state": "unknown", "debits": debits(own)}
