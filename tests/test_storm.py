"""A server while files are half-written, requests are hostile and processes are killed: whole pages, and no 5xx."""

from __future__ import annotations

from pathlib import Path

import pytest
from soak import Seen, Soak, site_in

pytestmark = pytest.mark.slow
POSTS, SECONDS, EDITS, KILL_EVERY = 8, 8.0, 15, 1.5


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    site: Path = site_in(tmp_path_factory.mktemp("storm"), POSTS)
    return Soak(site, POSTS, EDITS, KILL_EVERY).run(SECONDS)


def test_no_answer_is_an_error_of_the_server_and_every_last_edit_comes(seen: Seen) -> None:
    assert seen.wrong == []
    assert seen.statuses[200] > POSTS and seen.statuses[404] and seen.edits > POSTS and seen.kills.total()


def test_no_page_is_torn_or_empty(seen: Seen) -> None:
    assert seen.torn == []
