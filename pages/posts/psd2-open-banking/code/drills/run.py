"""Run drills, each in a folder of its own: `python -m drills.run [machines]`; JSON on stdout."""

import json
import sys
import tempfile
from pathlib import Path

from . import banks, rotation

PROCESSES = (
    banks.lost_answer_at_a_redirect_bank,
    banks.lost_answer_at_a_decoupled_bank,
    banks.held_where_nothing_can_be_repeated,
    banks.bank_killed_behind_its_gateway,
    banks.client_killed_with_an_order_out,
    banks.silent_bank,
    banks.bank_that_is_not_there,
    banks.redirect_that_returns_twice,
    banks.redirect_that_never_returns,
    banks.consent_that_ends_between_two_pages,
    rotation.both_certificates_under_load,
    rotation.seal_under_load,
    rotation.pair_that_does_not_match,
)
MACHINES = (banks.cable_pulled,)


def outcomes(drills=PROCESSES) -> dict[str, dict]:
    with tempfile.TemporaryDirectory() as scratch:
        return {
            drill.__name__: drill(Path(scratch) / drill.__name__) for drill in drills
        }


def main() -> None:
    found = outcomes(MACHINES if "machines" in sys.argv else PROCESSES)
    for outcome in found.values():
        if isinstance(outcome.get("seconds"), list):
            del outcome["seconds"]
        outcome.pop("which", None)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
