"""No child, however it ends, keeps its parent waiting."""

from __future__ import annotations

import os
import pickle
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from trigpoint.pipes import LENGTH, Patience, StoppedError, receive, send

PACKED = pickle.dumps("x" * 200_000)
MESSAGE = LENGTH.pack(len(PACKED)) + PACKED


@contextmanager
def child(act: Callable[[int], None]) -> Iterator[tuple[int, int]]:
    """A forked process that acts with the writing end of a pipe; gives its id and the reading end."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        try:
            os.close(reading)
            act(writing)
        finally:
            os._exit(0)
    os.close(writing)
    try:
        yield process, reading
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(reading)


def patience(process: int, seconds: float = 60.0) -> Patience:
    return Patience(process, time.monotonic() + seconds)


def test_a_message_larger_than_the_pipe_arrives_whole() -> None:
    with child(lambda pipe: send(pipe, "x" * 200_000)) as (process, pipe):
        assert receive(pipe, patience(process)) == "x" * 200_000


@pytest.mark.parametrize("count", [0, 1, LENGTH.size - 1, LENGTH.size, LENGTH.size + 1, 1_000, len(MESSAGE) - 1])
def test_a_child_that_is_killed_in_the_middle_of_a_message_is_its_end(count: int) -> None:
    def torn(pipe: int) -> None:
        os.write(pipe, MESSAGE[:count])
        os.kill(os.getpid(), signal.SIGKILL)

    with child(torn) as (process, pipe), pytest.raises(EOFError):
        receive(pipe, patience(process))


def test_a_child_that_is_stopped_in_the_middle_of_a_message_is_found_out() -> None:
    def stopped(pipe: int) -> None:
        os.write(pipe, MESSAGE[:1_000])
        os.kill(os.getpid(), signal.SIGSTOP)

    with child(stopped) as (process, pipe), pytest.raises(StoppedError):
        receive(pipe, patience(process))


def test_a_child_that_stays_silent_is_waited_for_until_the_deadline() -> None:
    with child(lambda pipe: time.sleep(60)) as (process, pipe), pytest.raises(TimeoutError):
        receive(pipe, patience(process, 0.2))


def test_a_child_that_reads_nothing_does_not_hold_up_who_writes() -> None:
    reading, writing = os.pipe()
    try:
        with child(lambda pipe: time.sleep(60)) as (process, _), pytest.raises(TimeoutError):
            send(writing, "x" * 200_000, patience(process, 0.2))
    finally:
        os.close(reading)
        os.close(writing)
