"""A database of its own for each test, and a chain of its own where one is needed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from lab.local import SHOP_MNEMONIC, Local, deployed, running
from lab.vault import account
from till.hd import from_xpub
from till.payments import Shop
from till.store import opened

settings.register_profile(
    "article",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=120,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("article")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    database = opened(tmp_path / "till.db")
    yield database
    database.close()


@pytest.fixture
def local() -> Iterator[Local]:
    """Blocks are final four blocks later (an epoch of two slots)."""
    with running(epoch=2) as rpc:
        yield deployed(rpc)


@pytest.fixture
def shop(local: Local) -> Shop:
    return Shop(local.chain_id, local.contract, from_xpub(account(SHOP_MNEMONIC).xpub))
