"""One Mosquitto and one RabbitMQ for all tests, in folders that vanish."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from lab.servers import Mosquitto, RabbitMQ
from lab.town import Town

ROOT = Path(os.environ["BROKERS"])
settings.register_profile("check", deadline=None, database=None)
settings.load_profile("check")


@pytest.fixture(scope="session")
def scratch():
    folder = Path(tempfile.mkdtemp(prefix="chat-tests-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def town(scratch):
    """alice, bob and carol share a lobby; carol is not at the desk."""
    broker = Mosquitto(ROOT, scratch / "mosquitto").start()
    rooms = {"lobby": ["alice", "bob", "carol"], "desk": ["alice", "bob"]}
    town = Town(broker, scratch, rooms).found()
    town.start_service()
    yield town
    town.stop_service()
    broker.kill()


@pytest.fixture(scope="session")
def rabbit(scratch):
    server = RabbitMQ(ROOT, scratch / "rabbitmq").start()
    yield server
    server.kill()
