"""An LRU cache that is bounded by the size of what it holds. Safe with threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Container, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class LruCache(Generic[Key, Value]):
    """Values by their keys, up to `limit` in the unit of `size_of`; those that were not asked for
    longest go first, and the last one stays however large it is."""

    def __init__(self, limit: int, size_of: Callable[[Value], int]) -> None:
        self._limit, self._size_of = limit, size_of
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    @property
    def size(self) -> int:
        """How much is held."""
        return self._size

    @property
    def keys(self) -> frozenset[Key]:
        """The keys of what is held."""
        with self._lock:
            return frozenset(self._values)

    def get(self, key: Key) -> Value | None:
        """The value of this key, which counts as asked for now; None where there is none."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Hold this value in the place of the former one."""
        with self._lock:
            self._drop(key)
            self._values[key] = value
            self._size += self._size_of(value)
            while self._size > self._limit and len(self._values) > 1:
                self._drop(next(iter(self._values)))

    def drop(self, key: Key) -> None:
        """Let go of the value of this key, if there is one."""
        with self._lock:
            self._drop(key)

    def keep_only(self, keys: Container[Key]) -> None:
        """Let go of the values of all other keys."""
        with self._lock:
            for key in [key for key in self._values if key not in keys]:
                self._drop(key)

    def clear(self) -> None:
        """Let go of everything."""
        self.keep_only(())

    def _drop(self, key: Key) -> None:
        if key in self._values:
            self._size -= self._size_of(self._values.pop(key))
