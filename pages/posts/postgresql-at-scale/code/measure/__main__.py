"""Run every experiment on a new cluster in the folder named first, and print the figures as JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from desk.cluster import CODE, new_primary, run, running
from measure import backups, batches, capacity, limits, partitions, plans, pooling, queues, replicas, schema, updates, wal
from measure.bench import FULL, QUICK, Lab

EXPERIMENTS = (schema, limits, queues, batches, plans, updates, partitions, pooling, wal, backups, replicas)


def main(scratch: Path, bouncer: str, newer: str, quick: bool) -> None:
    archive = scratch / "archive"
    archive.mkdir()
    lab = Lab(new_primary(scratch, archive), scratch, archive, QUICK if quick else FULL, bouncer.split(), newer.split())
    with running(lab.primary):
        fill(lab)
        figures: dict[str, object] = {}
        for experiment in EXPERIMENTS:
            started = time.monotonic()
            figures = merged(figures, experiment.measured(lab))
            print(f"check: {experiment.__name__} {time.monotonic() - started:.1f} s", file=sys.stderr)
    figures |= capacity.extrapolated(figures.pop("figures_for_capacity"))
    series = figures.pop("series")
    print(json.dumps({"figures": dict(sorted(figures.items())), "series": series}))


def merged(figures: dict[str, object], more: dict[str, object]) -> dict[str, object]:
    series = {**figures.get("series", {}), **more.get("series", {})}
    return {**figures, **more, "series": series}


def fill(lab: Lab) -> None:
    run("createdb", "-h", "127.0.0.1", "-p", str(lab.primary.port), "-U", "postgres", "desk")
    for file in ("schema", "audit"):
        lab.primary.psql(CODE / f"sql/{file}.sql")
    procedure = (CODE / "sql/partitions.sql").read_text().split("-- endregion days")[0]
    with lab.primary.connect() as owner:
        owner.execute(procedure)
        owner.execute("CALL add_days(current_date - 1, 4)")
        owner.execute("CREATE EXTENSION pg_stat_statements")
    lab.primary.psql(CODE / "sql/data.sql")
    lab.primary.psql(CODE / "sql/history.sql", orders=lab.scale.orders, per_day=lab.scale.per_day)
    lab.primary.psql(CODE / "sql/watch.sql")


if __name__ == "__main__":
    folder, bouncer, newer, *options = sys.argv[1:]
    main(Path(folder), bouncer, newer, "--quick" in options)
