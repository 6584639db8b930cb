"""An object store to deploy to: moto's, behind a real HTTP server, with faults at the requests of one's choice."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote

import boto3
from botocore.config import Config
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from moto.backends import get_backend
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

BUCKET = "blog"
KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}
ERROR = '<?xml version="1.0"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'

Fault = Callable[["Asked"], Response | None]


@dataclass(frozen=True)
class Asked:
    """A request: its method, the key in the bucket, and how many of that method came before it."""

    method: str
    key: str
    before: int
    headers: dict[str, str] = field(hash=False)

    @property
    def is_own(self) -> bool:
        return ".trigpoint/" in self.key


def refusal(status: int, code: str, message: str = "As the test wants it") -> Response:
    return Response(ERROR.format(code=code, message=message), status, content_type="application/xml")


@dataclass
class ObjectStore:
    """The store, and what it was asked. `fault` answers a request in its place, or gives None."""

    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    fault: Fault = lambda asked: None

    @cached_property
    def client(self) -> Any:
        """A client of this store: to make one takes longer than most requests."""
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
        config = Config(s3={"addressing_style": "path"})
        return boto3.client("s3", endpoint_url=self.address, config=config, **keys)

    def all_keys(self) -> set[str]:
        """The keys of all objects there but those that deploys note for each other."""
        found = self.client.list_objects_v2(Bucket=BUCKET).get("Contents", ())
        return {each["Key"] for each in found if ".trigpoint/" not in each["Key"]}

    def body(self, key: str) -> bytes:
        return bytes(self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read())

    def head(self, key: str) -> Any:
        return self.client.head_object(Bucket=BUCKET, Key=key)

    def written(self, method: str = "PUT") -> list[str]:
        """The keys of the site's own objects that were put (or deleted), in order."""
        return [each.key for each in self.asked if each.method == method and not each.is_own]


class Silent(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """A failed test shows what it says itself."""


def wsgi_of(store: ObjectStore) -> Callable[..., Any]:
    moto, lock = DomainDispatcherApplication(create_backend_app), threading.Lock()

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        key = unquote(request.path).removeprefix(f"/{BUCKET}").lstrip("/")
        is_object = key and not request.args.get("list-type")
        with lock:
            before = sum(each.method == request.method and not each.is_own for each in store.asked)
            asked = Asked(request.method, key, before, dict(request.headers))
            if is_object:
                store.asked.append(asked)
        found = store.fault(asked)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if found:
                request.get_data()
                return found(environ, start_response)
            with lock:
                return moto(environ, start_response)

    return answer


def empty_all() -> None:
    """Take every bucket away."""
    for backends in get_backend("s3").values():
        for backend in backends.values():
            backend.reset()


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    """A store with one empty bucket."""
    empty_all()
    store = ObjectStore()
    server = make_server("127.0.0.1", 0, wsgi_of(store), threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    store.address = f"http://127.0.0.1:{server.server_port}"
    try:
        store.client.create_bucket(Bucket=BUCKET)
        store.asked.clear()
        yield store
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
