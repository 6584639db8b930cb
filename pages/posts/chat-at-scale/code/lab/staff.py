"""The workers as processes, and a push service for them that can be told to fail."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pika

from lab.servers import CODE, kill


class Push:
    """Stands for the push service of a phone maker: notes each request, answers as told."""

    def __init__(self, host="127.0.0.1", port=0):
        self.requests, self.answers = [], {}
        self.lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(outer.answer(body["id"]))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer((host, port), Handler)
        self.url = f"http://{host}:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, name):
        """The first answers of this id, one each time; then 200."""
        with self.lock:
            self.requests.append((name, time.monotonic()))
            left = self.answers.get(name, [])
            return left.pop(0) if left else 200

    def counts(self):
        with self.lock:
            return Counter(name for name, _ in self.requests)

    def times(self, name):
        with self.lock:
            return [at for each, at in self.requests if each == name]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def operator(rabbit):
    """A channel that may do everything, for tests to look with."""
    channel = pika.BlockingConnection(pika.URLParameters(rabbit.url("operator"))).channel()
    channel.confirm_delivery()
    return channel


def waiting(channel, queue):
    return channel.queue_declare(queue, passive=True).method.message_count


def started(command, log, folder=CODE, **more):
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **more}
    output = log.open("a")
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output, start_new_session=True)


class Staff:
    """Go, Node.js, Celery and the relay, each as the RabbitMQ user that is meant for it."""

    def __init__(self, rabbit, scratch, go_program, machine=()):
        self.rabbit, self.scratch, self.go_program, self.machine = rabbit, scratch, go_program, machine
        self.running = {}

    def start(self, name, command, folder=CODE, **more):
        url = self.rabbit.url(name)
        self.running[name] = started([*self.machine, *command], self.scratch / f"{name}.log", folder, AMQP_URL=url, **more)
        return self.running[name]

    def notify(self, push):
        return self.start("notify", [str(self.go_program)], PUSH_URL=push.url)

    def unfurl(self):
        return self.start("unfurl", ["node", "workers/unfurl.js"], os.environ.get("NODE_CODE", CODE))

    def celery(self, history, statements):
        command = [sys.executable, "-m", "celery", "-A", "workers.tasks", "worker", "--loglevel=INFO",
                   "--concurrency=1", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        return self.start("celery", command, HISTORY=str(history), STATEMENTS=str(statements), C_FORCE_ROOT="1")

    def relay(self, history):
        command = [sys.executable, "-m", "chat.relay", str(history), self.rabbit.url("relay")]
        return self.start("relay", command)

    def end(self, name):
        kill(self.running.pop(name))

    def close(self):
        for name in list(self.running):
            self.end(name)
