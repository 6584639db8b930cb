"""Run every experiment on a new cluster in the folder named first; print figures as JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from desk.cluster import CODE, new_primary, new_roles, passwords, running
from measure import (
    backups, batches, book, capacity, limits, locks, members, partitions, plans, pooling,
    queues, replicas, schema, updates, wal,
)
from measure.bench import FULL, QUICK, TODAY, Lab

EXPERIMENTS = (
    schema, limits, queues, batches, plans, updates, partitions, pooling, wal, book, backups,
    replicas, members, locks,
)


def main(scratch: Path, old_pooler: str, pooler: str, quick: bool) -> None:
    archive = scratch / "archive"
    archive.mkdir()
    secret = passwords(scratch)
    primary = new_primary(scratch, archive, secret)
    lab = Lab(primary, scratch, archive, QUICK if quick else FULL, old_pooler.split(), pooler.split())
    figures: dict[str, object] = {}
    series: dict[str, object] = {}
    with running(primary):
        fill(lab, secret)
        for experiment in EXPERIMENTS:
            started = time.monotonic()
            found = experiment.measured(lab)
            series |= found.pop("series", {})
            figures |= found
            print(f"check: {experiment.__name__} {time.monotonic() - started:.1f} s", file=sys.stderr)
    figures |= capacity.extrapolated(figures)
    print(json.dumps({"figures": dict(sorted(figures.items())), "series": series}))


def fill(lab: Lab, secret: dict[str, str]) -> None:
    new_roles(lab.primary, secret)
    for file in ("schema", "audit", "book", "queue"):
        lab.primary.psql(CODE / f"sql/{file}.sql")
    procedure = (CODE / "sql/partitions.sql").read_text().split("-- endregion days")[0]
    with lab.primary.connect() as owner:
        owner.execute(procedure)
        for n in (-1, 0, 1):
            owner.execute("CALL add_day(%s::date + %s)", (TODAY, n))
    lab.primary.psql(CODE / "sql/history.sql", per_day=lab.scale.per_day)
    lab.primary.psql(CODE / "sql/watch.sql", user="watcher")


if __name__ == "__main__":
    folder, old, new, *options = sys.argv[1:]
    main(Path(folder), old, new, "--quick" in options)
