"""How long the pictures of a freeze may take, before it begins: on the first one of an old blog they take the most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

VARIANT = re.compile(r"\.\d+\.(webp|avif)\Z")
SECONDS = {"webp": 0.2, "avif": 0.5}
"""What one variant takes on one core, measured on photographs of 2,400 pixels (November 2026)."""

WORTH_TELLING = 20.0
"""Seconds. What takes less need not be told."""


def label(addresses: Iterable[str], jobs: int) -> str:
    """What is being done to these addresses, with the pictures among them and how long they may take at most."""
    counts = Counter(found[1] for address in addresses if (found := VARIANT.search(address)))
    seconds = sum(SECONDS[kind] * count for kind, count in counts.items()) / max(1, jobs)
    if seconds < WORTH_TELLING:
        return "Freezing"
    about = f"{seconds:.0f} seconds" if seconds < 90 else f"{seconds / 60:.0f} minutes"
    return f"Freezing ({counts.total():,} smaller pictures, new ones up to about {about})"
