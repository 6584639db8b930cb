"""One deploy at a time for each place, whatever machine it runs on: a lease, which is an object there.

It is renewed while the deploy runs, and taken over where it was not for a while, or at once where its process has ended
on this machine. A store that knows conditional writes gives it to one alone; of another, whoever was last has it, and
the other one finds that out before its next stage.
"""

from __future__ import annotations

import json
import os
import platform
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from trigpoint.delivery.errors import DeployError
from trigpoint.delivery.place import OWN
from trigpoint.delivery.store import OwnFile, Store

PATH = f"{OWN}lock"
LASTS, RENEWED = 300.0, 60.0
"""Seconds for which a lease holds, and after which it is renewed."""


@dataclass
class Lease:
    """The lease of a running deploy."""

    store: Store
    content: bytes
    renewed: float

    def hold(self) -> None:
        """See to it that it is still ours, and renew it where that is due. Raises DeployError."""
        found = self.store.own_file(PATH)
        is_ours = found is not None and found.content == self.content
        if found and is_ours and self._is_due():
            is_ours, self.renewed = self.store.note(PATH, self.content, etag=found.etag), time.monotonic()
        if not is_ours:
            raise DeployError(f"Another deploy to {self.store.place} has begun meanwhile. Let it end, and try again.")

    def hold_when_due(self) -> None:
        if self._is_due():
            self.hold()

    def _is_due(self) -> bool:
        return time.monotonic() - self.renewed > RENEWED

    def end(self) -> None:
        """Give it back, where it is still ours."""
        with suppress(DeployError):  # It ends by itself.
            found = self.store.own_file(PATH)
            if found and found.content == self.content:
                self.store.remove(PATH)


def lease_of(store: Store) -> Lease:
    """The lease of this place, for this process. Raises DeployError where another one has it."""
    there = store.own_file(PATH)
    if there and _holds(there):
        raise DeployError(_taken(store, there))
    holder = {"machine": _machine(), "pid": os.getpid(), "name": platform.node(), "token": uuid4().hex}
    content = json.dumps(holder).encode()
    is_first = store.note(PATH, content, etag=there.etag if there else "")
    now = store.own_file(PATH)
    if not is_first or now is None or now.content != content:
        raise DeployError(_taken(store, now))
    return Lease(store, content, time.monotonic())


def _holds(there: OwnFile) -> bool:
    holder = _holder(there)
    is_here = holder.get("machine") == _machine()
    return there.age < LASTS and not (is_here and not _is_running(holder.get("pid")))


def _holder(there: OwnFile | None) -> dict[str, Any]:
    with suppress(ValueError):
        found = json.loads(there.content) if there else None
        return found if isinstance(found, dict) else {}
    return {}


def _taken(store: Store, there: OwnFile | None) -> str:
    holder = _holder(there)
    who = f"pid {holder.get('pid', '?')} on {holder.get('name', 'another machine')}"
    cure = f"Wait for it; or, if it was killed, {LASTS / 60:.0f} minutes, or remove {store.place}/{PATH}."
    return f"Another deploy to {store.place} runs ({who}). {cure}"


def _is_running(pid: object) -> bool:
    try:
        os.kill(int(str(pid)), 0)
    except (ValueError, ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _machine() -> str:
    """This machine since it was started, and its table of processes: a container has one of its own."""
    boot = pids = ""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        pids = os.readlink("/proc/self/ns/pid")
    return f"{platform.node()} {boot} {pids}"
