"""`:tada:` as the sign that GitHub shows. The one door to the library emoji, which is installed for imports alone."""

from __future__ import annotations

try:
    from emoji import emojize
except ImportError:  # Then the names stay as they are.
    emojize = None  # type: ignore[assignment]


def emojized(name: str) -> str:
    """The sign of this name, which has its colons on it; the name itself where there is none."""
    return name if emojize is None else str(emojize(name, language="alias"))
