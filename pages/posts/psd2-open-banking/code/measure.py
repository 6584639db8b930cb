"""What the text quotes, of five runs; JSON on stdout."""

import json
import statistics
import tempfile
import time
import uuid
from collections import Counter
from pathlib import Path

from drills import rotation
from test.lab import CUSTOMER, lab
from tpp.seals import http_signature

RUNS = 5
BODY = b'{"instructedAmount":{"currency":"EUR","amount":"123.50"}}'


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        times = [exchanges(Path(scratch) / f"exchange{n}") for n in range(RUNS)]
        turns = [
            rotation.both_certificates_under_load(Path(scratch) / f"turn{n}")
            for n in range(RUNS)
        ]
    figures = {name: spread([each[name] for each in times]) for name in times[0]}
    for name in ("requests", "failed", "repeated"):
        figures[f"rotation_{name}"] = spread([each[name] for each in turns])
    busiest = max(turns, key=lambda each: each["requests"])
    print(
        json.dumps({"figures": {**figures, "runs": str(RUNS)}, "plot": steps(busiest)})
    )


def exchanges(folder: Path) -> dict[str, float]:
    """Milliseconds of one read: on a new connection, on a kept one; and of one seal."""
    with lab(folder, seal_checks=False) as own:
        client = own.client()
        consent = rotation.consent_of(own, client)
        headers = {"Consent-ID": consent, **CUSTOMER.headers()}

        def read() -> None:
            client.call("accounts", "GET", "/v1/accounts", headers)

        def read_anew() -> None:
            client.wire.close()
            read()

        sent = {"X-Request-ID": str(uuid.uuid4())}
        _, seal = client.seal.current()
        return {
            "fresh_ms": fastest(read_anew),
            "kept_ms": fastest(read),
            "seal_ms": fastest(lambda: http_signature(seal, "SHA-256", sent, BODY)),
        }


def fastest(act, count: int = 100) -> float:
    """Of so many: what it costs where nothing else wants the machine."""
    found = []
    for _ in range(count):
        begun = time.perf_counter()
        act()
        found.append(1000 * (time.perf_counter() - begun))
    return min(found)


def spread(values: list[float]) -> str:
    middle, low, high = statistics.median(values), min(values), max(values)
    if isinstance(values[0], int):
        return f"{middle:,.0f}" if low == high else f"{middle:,.0f} ({low:,}–{high:,})"
    return f"{middle:.1f} ({low:.1f}–{high:.1f})"


def steps(turn: dict) -> list[tuple[float, int, int]]:
    """Requests in each fifth of a second, by the certificate that they came with."""
    counts = Counter(
        (int(5 * at), which)
        for at, which in zip(turn["seconds"], turn["which"], strict=True)
    )
    last = max(step for step, _ in counts)
    return [(step / 5, counts[step, 0], counts[step, 1]) for step in range(last)]


if __name__ == "__main__":
    main()
