"""What the target needs, computed from what was measured on this machine."""

from math import ceil

CLIENTS = 100_000
SYMBOLS = 10  # that each client watches
UPDATES = 2  # a second and symbol, after conflation
SAID = 500  # chat messages a second
ROOM = 20  # members who are connected, on average
RUSH = 60  # seconds in which all come back


# region plan
def plan(measured):
    """The lowest and the highest of the measured runs give each range its ends."""

    def per_core(name):
        return [1e6 / value for value in reversed(ends(measured[name]))]

    prices = CLIENTS * SYMBOLS * UPDATES
    chat = SAID * ROOM
    cores = [(prices + chat) / rate for rate in reversed(per_core("crowd_delivery_us"))]
    return {
        "plan_prices": [prices],
        "plan_chat": [chat],
        "plan_brokers": [ceil(core / 0.6) for core in cores],  # one thread, at 60 %
        "plan_unconflated": [ceil(core / 0.6 * 20 / UPDATES) for core in cores],
        "plan_memory_gib": [
            kib * CLIENTS / 2**20 for kib in ends(measured["crowd_client_kib"])
        ],
        "plan_rush_rate": [CLIENTS / RUSH],
        "plan_commit_share": [
            100 * SAID / rate for rate in reversed(ends(measured["commit_one"]))
        ],
        "plan_batch_share": [
            100 * SAID / rate for rate in reversed(ends(measured["commit_batch"]))
        ],
        "plan_confirm_share": [
            100 * SAID / rate for rate in reversed(ends(measured["confirm_rate"]))
        ],
        "plan_day_gib": [
            SAID * 86_400 * max(measured["row_bytes"]) * share / 2**30
            for share in (0.2, 1)
        ],
    }


def ends(values):
    return [min(values), max(values)]


# endregion plan
