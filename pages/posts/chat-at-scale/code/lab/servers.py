"""Start the brokers in private folders, on ports or machines of their own; kill them; look at them."""

import contextlib
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from lab import topology
from lab.debian import jailed

CODE = Path(__file__).resolve().parent.parent
NOBODY = 65534
ADMIN = "admin"


def free_port():
    """One below those that the kernel hands out, so that it is still free after a restart."""
    while True:
        port = random.randrange(12_000, 32_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def wait_until(question, seconds=60.0, every=0.02):
    """Ask until the answer is true, and return it."""
    deadline = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"{getattr(question, '__name__', question)} took more than {seconds} s")
        time.sleep(every)


def accepts(host, port):
    try:
        socket.create_connection((host, port), 1).close()
        return True
    except OSError:
        return False


def kill(process, number=signal.SIGKILL):
    """End a server with all that it started, and wait for it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
    process.wait(60)


def owned(folder):
    """A folder that the servers' user may write to."""
    folder.mkdir(parents=True, exist_ok=True)
    os.chown(folder, NOBODY, NOBODY)
    return folder


@dataclass
class Mosquitto:
    """One Mosquitto; `machine` is the beginning of a command that runs it on another machine."""

    root: Path
    home: Path
    host: str = "127.0.0.1"
    port: int = 0
    machine: tuple[str, ...] = ()
    settings: str = ""
    password: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    process: subprocess.Popen | None = None

    def start(self):
        owned(self.home)
        self.port = self.port or free_port()
        text = self.settings or (CODE / "conf/mosquitto.conf").read_text()
        conf = self.home / "mosquitto.conf"
        conf.write_text(text.replace("{home}", str(self.home)) + f"\nlistener {self.port} {self.host}\n")
        command = [*self.machine, *jailed(self.root, "/usr/sbin/mosquitto", "-c", conf)]
        environment = {**os.environ, "MOSQUITTO_DYNSEC_PASSWORD": self.password}
        errors = (self.home / "errors").open("a")
        self.process = subprocess.Popen(command, env=environment, start_new_session=True,
                                        stdout=errors, stderr=errors)
        wait_until(self.ready, 30)
        return self

    def ready(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"mosquitto ended: {(self.home / 'errors').read_text()[-2000:]}")
        if not self.machine:
            return accepts(self.host, self.port)
        asking = ["sh", "-c", f"ss -ltn | grep -q :{self.port}"]
        return subprocess.run([*self.machine, *asking]).returncode == 0

    def kill(self):
        kill(self.process)

    def stop(self):
        kill(self.process, signal.SIGTERM)

    def pid(self):
        """The broker itself, at the end of the chain of commands that started it."""
        return int(subprocess.run(["pgrep", "-g", str(self.process.pid), "-x", "mosquitto"],
                                  stdout=subprocess.PIPE, text=True).stdout.split()[0])


@dataclass
class RabbitMQ:
    """One RabbitMQ with a private Erlang name, cookie, folder and ports."""

    root: Path
    home: Path
    host: str = "127.0.0.1"
    port: int = 0
    machine: tuple[str, ...] = ()
    plugins: str = ""
    words: dict[str, str] = field(default_factory=lambda: {name: secrets.token_hex(9) for name in topology.USERS})
    inner: tuple[int, int] = field(default_factory=lambda: (free_port(), free_port()))
    process: subprocess.Popen | None = None

    def url(self, user):
        return f"amqp://{user}:{self.words[user]}@{self.host}:{self.port}/%2F"

    def environment(self):
        home = self.home
        (home / "plugins").write_text(f"[{self.plugins}].\n")
        return {
            **os.environ, "HOME": str(home), "LANG": "C.UTF-8", "RABBITMQ_NODENAME": f"chat{self.port}@localhost",
            "RABBITMQ_MNESIA_BASE": str(home / "data"), "RABBITMQ_LOG_BASE": str(home / "log"),
            "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
            "RABBITMQ_DIST_PORT": str(self.inner[0]), "ERL_EPMD_PORT": str(self.inner[1]),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none",
            "RABBITMQ_CTL_ERL_ARGS": "+S 1:1",
        }

    def start(self):
        owned(self.home)
        self.port = self.port or free_port()
        if not (self.home / "rabbitmq.conf").exists():
            settings = (CODE / "conf/rabbitmq.conf").read_text()
            settings += f"listeners.tcp.default = {self.host}:{self.port}\n"
            settings += f"load_definitions = {self.home}/definitions.json\n"
            (self.home / "definitions.json").write_text(json.dumps(topology.definitions(self.words)))
            (self.home / "rabbitmq.conf").write_text(settings)
            cookie = self.home / ".erlang.cookie"
            cookie.write_text(secrets.token_hex(10))
            os.chown(cookie, NOBODY, NOBODY)
            cookie.chmod(0o400)
        command = [*self.machine, *jailed(self.root, "/usr/lib/rabbitmq/bin/rabbitmq-server")]
        log = (self.home / "errors").open("a")
        self.process = subprocess.Popen(command, env=self.environment(), start_new_session=True,
                                        stdout=log, stderr=log)
        try:
            wait_until(self.ready, 120, 0.1)
        except (RuntimeError, TimeoutError):
            self.kill()
            raise
        return self

    def ready(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"rabbitmq ended: {(self.home / 'errors').read_text()[-2000:]}")
        return accepts(self.host, self.port)

    def control(self, *arguments):
        """What rabbitmqctl says."""
        command = [*self.machine, *jailed(self.root, "/usr/lib/rabbitmq/bin/rabbitmqctl", "-q", *arguments)]
        done = subprocess.run(command, env=self.environment(), stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise RuntimeError(f"rabbitmqctl {' '.join(arguments)}: {done.stdout}")
        return done.stdout

    def kill(self):
        kill(self.process)
        self.end_epmd()

    stop = kill

    def end_epmd(self):
        """Erlang's name server leaves its session; it is ours if it has our port."""
        for found in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                if f"ERL_EPMD_PORT={self.inner[1]}".encode() in found.read_bytes():
                    os.kill(int(found.parent.name), signal.SIGKILL)
