"""Bars are the same whatever the order of ticks; sessions survive the change of clocks."""

import calendar
import datetime as dt
import json
import random
import threading
import urllib.error
import urllib.request
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prices.bars import BarBook, Tick
from prices.feed import Feed, Symbol, server
from prices.sessions import DAILY, FX, NEW_YORK, NYSE, Session
from prices.sources import BID, AllLast, IbkrSource, MqlTick, Mt5Source, ServerClock

MINUTE, HOUR = 60_000, 3_600_000


def at(*parts, zone=NEW_YORK):
    return round(dt.datetime(*parts, tzinfo=zone).timestamp() * 1000)


OPEN = at(2026, 11, 27, 9, 30)
DAYS = (10, 30), (11, 2), (11, 3)
EURUSD = Symbol("EURUSD", "America/New_York", "1700-1700", 100_000)


# region order
@st.composite
def comings(draw):
    """Ticks of one morning, and how they come: in any order, and some of them twice."""
    times = draw(st.lists(st.integers(0, 10 * MINUTE), min_size=1, max_size=60))
    ticks = [
        Tick(
            OPEN + time, f"t{n:03}", draw(st.integers(1, 500)), draw(st.integers(1, 9))
        )
        for n, time in enumerate(times)
    ]
    twice = draw(st.lists(st.sampled_from(ticks), max_size=20))
    return ticks, draw(st.permutations(ticks + twice))


@given(comings())
def test_bars_are_the_same_whatever_the_order_of_ticks(drawn):
    ticks, coming = drawn
    in_order, shuffled = BarBook(NYSE, MINUTE), BarBook(NYSE, MINUTE)
    for tick in sorted(ticks):
        in_order.take(tick)
    for tick in coming:
        shuffled.take(tick)
    assert {start: bar.ohlcv for start, bar in shuffled.bars.items()} == {
        start: bar.ohlcv for start, bar in in_order.bars.items()
    }


# endregion order


@given(comings())
def test_volume_counts_each_tick_once(drawn):
    ticks, coming = drawn
    book = BarBook(NYSE, MINUTE)
    for tick in coming:
        book.take(tick)
    assert sum(bar.volume for bar in book.bars.values()) == sum(
        tick.size for tick in ticks
    )


def test_a_late_tick_corrects_a_final_bar_and_says_so():
    book = BarBook(NYSE, MINUTE, lateness=5_000)
    book.take(Tick(OPEN + 1, "a", 100, 1))
    book.take(Tick(OPEN + 2 * MINUTE, "b", 101, 1))
    assert book.is_final(OPEN)
    corrected = book.take(Tick(OPEN + 2, "c", 90, 1))
    assert (corrected.low, corrected.last.price, corrected.revision) == (90, 90, 1)


def test_a_tick_before_the_bar_ends_is_no_correction():
    book = BarBook(NYSE, MINUTE)
    book.take(Tick(OPEN + 1, "a", 100, 1))
    assert book.take(Tick(OPEN, "b", 99, 1)).revision == 0
    assert book.bars[OPEN].ohlcv == (99, 100, 99, 100, 2)


def test_a_gap_is_mended_by_replacing_the_bar():
    book = BarBook(NYSE, MINUTE)
    source = IbkrSource(Decimal("0.01"))
    for price in (1.00, 1.02):
        book.take(source.tick(AllLast(OPEN // 1000, price, Decimal(5), "NYSE")))
    again = IbkrSource(Decimal("0.01"), run=2)
    history = [
        again.tick(AllLast(OPEN // 1000, price, Decimal(5), "NYSE"))
        for price in (1.00, 0.99, 1.02)
    ]
    bar = book.rebuild(OPEN, history)
    assert (bar.ohlcv, bar.revision) == ((100, 102, 99, 102, 15), 1)


# region clocks
def test_the_open_moves_in_utc_and_stays_in_new_york():
    assert NYSE.span(dt.date(2026, 3, 6))[0] == at(2026, 3, 6, 14, 30, zone=dt.UTC)
    assert NYSE.span(dt.date(2026, 3, 9))[0] == at(2026, 3, 9, 13, 30, zone=dt.UTC)


def test_new_york_and_london_change_their_clocks_three_weeks_apart():
    london = Session(ZoneInfo("Europe/London"), dt.time(8), dt.time(16, 30))
    hours = [
        (NYSE.span(day)[0] - london.span(day)[0]) / HOUR
        for day in (dt.date(2026, 3, 6), dt.date(2026, 3, 9), dt.date(2026, 3, 30))
    ]
    assert hours == [6.5, 5.5, 6.5]


def test_a_session_over_the_change_has_23_or_25_hours():
    always = Session(NEW_YORK, dt.time(0), dt.time(0), weekdays=frozenset(range(7)))
    lengths = []
    for day in (dt.date(2026, 3, 8), dt.date(2026, 11, 1), dt.date(2026, 11, 3)):
        opened, closed = always.span(day)
        moments = range(opened, closed, MINUTE)
        starts = {always.bar_start(moment, 4 * HOUR) for moment in moments}
        assert {always.bar_start(moment, DAILY) for moment in moments} == {opened}
        assert always.bar_end(opened, DAILY) == closed
        lengths.append(((closed - opened) / HOUR, len(starts)))
    assert lengths == [(23, 6), (25, 7), (24, 6)]


# endregion clocks


def test_a_moment_outside_of_the_session_has_no_bar():
    assert NYSE.bar_start(at(2026, 11, 26, 12), MINUTE) is None  # Thanksgiving
    assert (
        NYSE.bar_start(at(2026, 11, 27, 12, 59), MINUTE) is not None
    )  # closes at 13:00
    assert NYSE.bar_start(at(2026, 11, 27, 13), MINUTE) is None
    assert NYSE.bar_start(at(2026, 11, 28, 12), MINUTE) is None  # Saturday


def test_hour_bars_count_from_the_open_and_the_last_is_short():
    start = NYSE.bar_start(at(2026, 11, 25, 15, 59), HOUR)
    assert start == at(2026, 11, 25, 15, 30)
    assert NYSE.bar_end(start, HOUR) == at(2026, 11, 25, 16)


def test_sunday_evening_belongs_to_monday():
    sunday = at(2026, 11, 29, 17, 5)
    assert FX.trading_day(sunday) == dt.date(2026, 11, 30)
    assert FX.trading_day(at(2026, 11, 29, 16, 59)) is None
    assert FX.trading_day(at(2026, 12, 4, 17)) is None  # Friday's session is over


@pytest.mark.parametrize("resolution", [MINUTE, 4 * HOUR, DAILY])
def test_every_moment_belongs_to_one_bar_that_holds_it(resolution):
    moments = random.Random(1)
    for _ in range(2000):
        moment = at(2026, 1, 1) + moments.randrange(365 * 24 * HOUR)
        start = FX.bar_start(moment, resolution)
        assert start is None or start <= moment < FX.bar_end(start, resolution)


def test_a_session_until_midnight_belongs_to_the_day_that_it_ends():
    evening = Session(NEW_YORK, dt.time(18), dt.time(0))
    friday = dt.date(2026, 11, 27)
    assert evening.span(friday) == (at(2026, 11, 27, 18), at(2026, 11, 28))
    assert evening.trading_day(at(2026, 11, 27, 23, 59)) == friday


# region daily
def test_a_daily_bar_is_of_the_session_and_dated_by_its_trading_day():
    book = BarBook(FX, DAILY)
    for n, moment in enumerate(
        (
            at(2026, 10, 30, 16, 59),  # Friday; on Sunday the clocks go back
            at(2026, 11, 1, 17, 5),  # Sunday evening: Monday's session
            at(2026, 11, 2, 16, 59),
            at(2026, 11, 2, 17, 0),  # Monday evening: Tuesday's
        )
    ):
        book.take(Tick(moment, f"t{n}", 100 + n, 1))
    midnights = [calendar.timegm((2026, *day, 0, 0, 0)) for day in DAYS]
    feed = Feed({"EURUSD": EURUSD}, {("EURUSD", "1D"): book})
    asked = {"symbol": "EURUSD", "resolution": "1D", "from": midnights[0]}
    answer = feed.history("alice", {**asked, "to": midnights[2] + 1})
    assert (answer["t"], answer["v"]) == (midnights, [1, 2, 1])
    answer = feed.history("alice", {**asked, "to": midnights[2]})  # without the last
    assert answer["t"] == midnights[:2]


# endregion daily


def test_a_server_clock_in_eastern_european_time_is_taken_off():
    """It changes with New York: three hours ahead of UTC on a day when Athens is still at two."""
    for day, hours in (
        (dt.date(2026, 3, 6), 2),
        (dt.date(2026, 3, 9), 3),
        (dt.date(2026, 11, 27), 2),
    ):
        now = at(day.year, day.month, day.day, 10, zone=dt.UTC)
        source = Mt5Source(Decimal("0.00001"), ServerClock())
        row = MqlTick(now + hours * HOUR + 7, 1.08315, 1.0832, 0.0, 0.0, BID)
        assert source.tick(row, now) == Tick(now + 7, f"{now + 7}-0000", 108315, 1)
        assert (
            source.tick(MqlTick(now, 1.08315, 1.0832, 0.0, 0.0, 4), now) is None
        )  # only the ask moved


def test_a_wrong_clock_is_refused_rather_than_drawn():
    now = at(2026, 11, 27, 10, zone=dt.UTC)
    honest = ServerClock(ZoneInfo("UTC"), dt.timedelta(0))
    row = MqlTick(now + 2 * HOUR, 1.08315, 1.0832, 0.0, 0.0, BID)
    with pytest.raises(ValueError, match="hours ahead"):
        Mt5Source(Decimal("0.00001"), honest).tick(row, now)


def test_equal_trades_in_one_second_are_two():
    source = IbkrSource(Decimal("0.01"))
    last = AllLast(OPEN // 1000, 10.05, Decimal(100), "ARCA")
    book = BarBook(NYSE, MINUTE)
    for each in (last, last):
        book.take(source.tick(each))
    assert book.bars[OPEN].ohlcv == (1005, 1005, 1005, 1005, 200)


@pytest.fixture
def feed():
    book = BarBook(NYSE, MINUTE)
    for n, start in enumerate((OPEN, OPEN + MINUTE, OPEN + 2 * MINUTE)):
        book.take(Tick(start, f"t{n}", 100 + n, 7))
    symbols = {
        "ACME": Symbol("ACME", "America/New_York", "0930-1600", 100),
        "ACC7": Symbol("ACC7", "America/New_York", "0930-1600", 100, owner="alice"),
    }
    users = {"ta": "alice", "tb": "bob"}
    books = {("ACME", "1"): book, ("ACC7", "1"): book}
    running = server(Feed(symbols, books), lambda token: users.get(token, ""))
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def ask(url, token="ta"):
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def history(base, name="ACME", start=OPEN, end=OPEN + 5 * MINUTE, token="ta", more=""):
    return ask(
        f"{base}/history?symbol={name}&resolution=1&from={start // 1000}&to={end // 1000}{more}",
        token,
    )


def test_a_chart_gets_its_bars_in_order(feed):
    answer = history(feed)
    assert answer["s"] == "ok"
    assert answer["t"] == [OPEN // 1000, OPEN // 1000 + 60, OPEN // 1000 + 120]
    assert (answer["o"], answer["v"]) == ([1.0, 1.01, 1.02], [7, 7, 7])


def test_a_stretch_without_bars_names_where_older_ones_are(feed):
    saturday = OPEN + 24 * HOUR
    assert history(feed, start=saturday, end=saturday + HOUR) == {
        "s": "no_data",
        "nextTime": OPEN // 1000 + 120,
    }
    assert history(feed, start=OPEN - HOUR, end=OPEN) == {"s": "no_data"}


def test_countback_reaches_further_back_than_from(feed):
    answer = history(feed, start=OPEN + 2 * MINUTE, more="&countback=2")
    assert answer["t"] == [OPEN // 1000 + 60, OPEN // 1000 + 120]


def test_an_accounts_symbol_is_for_its_owner_alone(feed):
    assert history(feed, "ACC7")["s"] == "ok"
    assert history(feed, "ACC7", token="tb") == {
        "s": "error",
        "errmsg": "unknown_symbol",
    }
    assert ask(f"{feed}/symbols?symbol=ACC7", "tb") == {
        "s": "error",
        "errmsg": "unknown_symbol",
    }
    with pytest.raises(urllib.error.HTTPError, match="401"):
        history(feed, token="nobody")


def test_a_symbol_says_its_session_and_zone(feed):
    answer = ask(f"{feed}/symbols?symbol=ACME")
    assert (answer["timezone"], answer["session"]) == ("America/New_York", "0930-1600")
    assert "1" in ask(f"{feed}/config")["supported_resolutions"]
