"""What is kept comes back as it was, or not at all; the cache is never in the way."""

from __future__ import annotations

import os
import time
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trigpoint.cache import BYTES, ENTRY, PAUSE, Cache, room_for
from trigpoint.notes import Digest, digest_of

KEY = digest_of("a key")


def entry(cache: Cache) -> Path:
    return next(path for path in cache.folder.rglob("*") if path.is_file())


def test_a_value_comes_back(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache.value("things", KEY) is None
    cache.keep("things", KEY, {"a": (1, "b")})
    assert cache.value("things", KEY) == {"a": (1, "b")}
    assert cache.value("others", KEY) is None


@given(damage=st.binary(max_size=200))
def test_damaged_bytes_are_no_value(tmp_path_factory: pytest.TempPathFactory, damage: bytes) -> None:
    cache = Cache(tmp_path_factory.mktemp("cache"))
    cache.keep("things", KEY, ["some", "value"])
    whole = entry(cache).read_bytes()
    entry(cache).write_bytes(damage)
    assert cache.value("things", KEY) is None or damage == whole


def test_a_folder_that_cannot_be_written_keeps_nothing_and_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way")
    cache = Cache(tmp_path / "cache")
    cache.keep("things", KEY, 1)
    assert cache.value("things", KEY) is None
    cache.prune()


def test_the_oldest_go_first_where_there_is_too_much(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    keys = [digest_of(number) for number in range(8)]
    for age, key in enumerate(keys):
        cache.keep("things", key, "x" * 1000)
        os.utime(cache._path("things", key), (age, age))
    cache.prune(most=5_000)
    kept = [cache.value("things", key) is not None for key in keys]
    assert kept == [False] * 5 + [True] * 3


def test_what_is_not_an_entry_is_never_dropped(tmp_path: Path) -> None:
    cache, foreign = Cache(tmp_path), tmp_path / "posts/a/index.md"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("years of work" * 1000)
    cache.keep("things", KEY, "x" * 1000)
    cache.prune(most=0)
    assert foreign.exists()
    assert cache.value("things", KEY) is None


def test_a_cache_that_is_not_believed_is_not_read(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.keep("things", Digest("ab" * 16), 1)
    ahead = time.time() + 1e7  # As a machine writes it before its first NTP.
    os.utime(entry(cache), (ahead, ahead))
    cache.forget()
    assert cache.value("things", Digest("ab" * 16)) is None


def test_a_large_site_has_room_for_all_its_pages() -> None:
    """Ten thousand articles take 1.2 GB: a cache that drops what the next freeze asks for is none."""
    assert room_for(10) == room_for(1_000) == BYTES
    assert room_for(10_000) > 2_000_000_000


def test_what_is_kept_after_the_others_were_forgotten_is_believed(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.keep("things", KEY, 0)
    cache.forget()
    cache.keep("things", KEY, 1)
    assert cache.value("things", KEY) == 1


def test_what_is_refused_is_not_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.refuse(["things"])
    assert not cache.keep("things", KEY, 1)
    assert cache.keep("others", KEY, 1)
    assert cache.value("things", KEY) is None


def test_what_is_there_is_counted_once_in_a_while(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.prune()
    cache.keep("things", KEY, "x" * 1000)
    cache.prune(most=100)
    assert cache.value("things", KEY)
    long_ago = time.time() - PAUSE - 1
    os.utime(tmp_path / "pruned", (long_ago, long_ago))
    cache.prune(most=100)
    assert cache.value("things", KEY) is None


class Renamed:
    """A class that the next version of the program does not have."""


def test_a_value_whose_class_is_gone_is_no_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    assert cache.keep("things", Digest("abcdef"), Renamed())
    assert isinstance(cache.value("things", Digest("abcdef")), Renamed)
    monkeypatch.delattr(f"{__name__}.Renamed")
    assert cache.value("things", Digest("abcdef")) is None


def test_what_nothing_else_knows_is_neither_pruned_nor_forgotten(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.keep("owners", KEY, {"/old/": "a.md"})
    cache.keep("things", KEY, "x" * 1000)
    cache.forget()
    cache.prune(most=0)
    assert cache.value("owners", KEY) == {"/old/": "a.md"}
    assert not list((tmp_path / "things").rglob("*/*"))


def test_threads_that_keep_one_value_do_not_write_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    monkeypatch.setattr("trigpoint.cache._write", lambda path, content: names.append(path.name))
    cache = Cache(tmp_path)
    keeping = [Thread(target=cache.keep, args=("things", KEY, 1)) for _ in range(2)]
    for thread in keeping:
        thread.start()
    cache.keep("things", KEY, 1)
    for thread in keeping:
        thread.join()
    assert len({*names}) > 1
    assert all(ENTRY.fullmatch(name) for name in names)


def test_an_entry_that_goes_while_they_are_counted_hides_no_others(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    keys = [digest_of(number) for number in range(8)]
    for key in keys:
        cache.keep("things", key, "x" * 1000)
        cache._path("things", key).with_name(digest_of(key)[2:]).symlink_to("gone")
    cache.prune(most=0)
    assert [cache.value("things", key) for key in keys] == [None] * 8
