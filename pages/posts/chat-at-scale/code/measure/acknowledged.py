"""What became of messages that the broker had acknowledged, when it was killed right after."""

import time
from pathlib import Path

from lab.clients import Probe
from lab.servers import CODE, Mosquitto, owned, wait_until
from lab.town import Town

COUNT = 150
BUILT_IN = "persistence true\npersistence_location {home}/\n"


def settings(kind):
    """Our configuration; the same with a flush for each message; or the built-in persistence."""
    text = (CODE / "conf/mosquitto.conf").read_text()
    if kind == "second":
        return text
    if kind == "each":
        return text.replace("flush_period 1", "flush_period 0")
    start, end = text.index("# region stored"), text.index("# endregion stored")
    return text[:start] + BUILT_IN + text[end:]


# region killed
def lost(root, home: Path, kind: str) -> tuple[int, float]:
    """Queue messages for someone who is away, kill the broker, and count what comes back."""
    broker = Mosquitto(root, home / kind, settings=settings(kind)).start()
    town = Town(broker, home, {"lobby": ["alice"]}).found()
    away = Probe(broker.port, "alice", town.words["alice"], name="alice.away", session=600)
    away.subscribe("room/lobby")
    away.close()
    chat = Probe(broker.port, "chat", town.words["chat"])
    started = time.monotonic()
    for n in range(COUNT):
        chat.publish("room/lobby", {"n": n})  # waits for its PUBACK
    rate = COUNT / (time.monotonic() - started)
    broker.kill()
    broker.start()
    back = Probe(broker.port, "alice", town.words["alice"], name="alice.away", session=600)
    back.subscribe("room/lobby")
    chat = Probe(broker.port, "chat", town.words["chat"], name="last")
    chat.publish("room/lobby", {"n": COUNT})
    wait_until(lambda: COUNT in [body["n"] for body in back.bodies("room/")])
    kept = len({body["n"] for body in back.bodies("room/")}) - 1
    broker.kill()
    return COUNT - kept, rate
# endregion killed


def measured(root, home, runs):
    figures = {}
    for kind in ("builtin", "second", "each"):
        folders = [owned(home / f"{kind}-{run}") for run in range(runs)]
        outcomes = [lost(root, folder, kind) for folder in folders]
        figures[f"acked_{kind}_lost"], figures[f"acked_{kind}_rate"] = zip(*outcomes, strict=True)
    assert max(figures["acked_each_lost"]) < COUNT / 2, "a flush for each message kept little"
    assert min(figures["acked_builtin_lost"]) > 0, "the built-in persistence kept all"
    return {**figures, "acked_count": COUNT}, {}
