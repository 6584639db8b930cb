"""All figures of the text, as JSON: `python -m measure RUNS`."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Iterable

from drills.__main__ import main as drilled
from lab.local import deployed, running
from measure import fees, gas, pace
from measure.mutants import MUTANTS

DAY = 43_200  # blocks, at two seconds each


def shown(values: Iterable[float], digits: int = 0) -> str:
    """The median, with the lowest and the highest in brackets."""
    ordered = sorted(values)
    low, mid, high = ordered[0], statistics.median(ordered), ordered[-1]
    return f"{mid:,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f})"


def main(runs: int) -> dict[str, object]:
    figures: dict[str, object] = {"runs": runs}
    with running(32) as rpc:
        ways = gas.measured(deployed(rpc))
    figures |= {f"gas_{name}": f"{amount:,}" for name, amount in ways.items()}
    figures["gas_both"] = f"{ways['approve'] + ways['pay']:,}"
    paces = [paced() for _ in range(runs)]
    single, ranges = ([pace[name] for pace in paces] for name in ("single", "range"))
    figures["pace_single"] = shown(single)
    figures["pace_range"] = shown(ranges)
    figures["catch_single_min"] = f"{DAY / min(single) / 60:.0f}"
    figures["catch_range_s"] = f"{DAY / min(ranges):.0f}"
    with running(32) as rpc:
        full = fees.measured(deployed(rpc))
    figures["fee_stands"] = full["stands"]
    figures |= drill_figures(runs)
    figures["mutants"] = len(MUTANTS)
    return {"figures": figures, "series": {"fees": full, "gas": ways}}


def paced() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, running(32) as rpc:
        return pace.measured(deployed(rpc), folder)


def drill_figures(runs: int) -> dict[str, object]:
    """What the drills saw, as median and range over as many runs."""
    storms = [drilled(60, seed)["storm"] for seed in range(runs)]
    names = {
        "kills": "kills",
        "reorgs": "reorganisations",
        "blocks": "blocks taken back",
        "orphans": "payments taken back",
        "uncredited": "credits taken back",
    }
    return {
        f"storm_{short}": shown(storm.get(name, 0) for storm in storms)
        for short, name in names.items()
    }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1])), ensure_ascii=False))
