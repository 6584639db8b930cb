"""The output of the commands. All of it goes through here, and output that cannot be written is reported once.

A full disk behind standard output does not stop a command half-way: it does its work, says in one line that its output
was lost, and ends with 1. A reader who has seen enough (`flask list | head`) is no error. Called by the commands alone.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

import click

from trigpoint.web.kinds import AddressError

Thing = TypeVar("Thing")

INTERRUPTED = 130
KEY = "trigpoint.commands.console."
"""Begins what is noted in the context of a running command: what it has done, and the error of each lost stream."""


class Command(click.Command):
    """A command whose result, help and errors are written by this module."""

    def make_context(self, *given: Any, **extra: Any) -> click.Context:
        with _errors_written():
            try:
                return super().make_context(*given, **extra)
            except OSError as error:  # Click itself writes what --help asks for, while it reads the options.
                _lose("stdout", error)
                _end(1)

    def invoke(self, context: click.Context) -> NoReturn:
        with _errors_written():
            super().invoke(context)
        _end(0)


def say(text: str, *, end: str = "\n") -> None:
    """Write a part of the result to standard output."""
    _write("stdout", text + end)


def note(text: str, *, end: str = "\n") -> None:
    """Write what is no part of the result to standard error: progress, warnings, errors."""
    _write("stderr", text + end)


def has_done(text: str) -> None:
    """Say this, where the output that tells of it cannot be written."""
    click.get_current_context().meta[KEY + "done"] = text


@contextmanager
def _errors_written() -> Iterator[None]:
    try:
        yield
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        note(shown.getvalue(), end="")
        _end(error.exit_code)
    except click.exceptions.Exit as ended:
        _end(ended.exit_code)
    except KeyboardInterrupt:
        note("Interrupted.")
        _end(INTERRUPTED)
    except AddressError as error:
        note(f"Error: {error}")
        _end(1)
    except OSError as error:  # What a command did not expect: a folder that is closed to it, a file that has just gone.
        note(f"Error: {said_by_system(error, error.filename)}")
        _end(1)


def said_by_system(error: OSError, place: object) -> str:
    """What the system refused, and where, if that is known."""
    return ": ".join(str(each) for each in (place, f"{error.strerror or error}.") if each)


def _end(code: int) -> NoReturn:
    """End the command. What was lost makes an error of a success, as it does for every tool of Unix."""
    context = click.get_current_context()
    lost = context.meta.pop(KEY + "stdout", None)
    if lost:
        done = context.meta.get(KEY + "done")
        what = f"{done}, but its report" if done else "The output"
        note(f"Error: {what} could not be written: {lost.strerror}.")
    raise click.exceptions.Exit(code or int(bool(lost or KEY + "stderr" in context.meta)))


def _write(name: str, text: str) -> None:
    try:
        click.echo(text, nl=False, err=name == "stderr")
    except OSError as error:
        _lose(name, error)


def _lose(name: str, error: OSError) -> None:
    """Note the error, unless the reader went away, and send what is still in the buffer nowhere: else Python fails on
    it again when it exits."""
    if error.errno != errno.EPIPE:
        click.get_current_context().meta.setdefault(KEY + name, error)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, getattr(sys, name).fileno())
    os.close(nowhere)


def shown_progress(things: Iterable[Thing], count: int, label: str) -> Iterator[Thing]:
    """These things, with one progress bar on a terminal, a plain line elsewhere: a log wants no bar."""
    if not count:
        yield from things
        return
    if not sys.stderr.isatty():
        note(f"{label} {count} …")
        yield from things
        return
    with click.progressbar(things, length=count, label=label, file=sys.stderr) as bar:
        yield from bar
