"""A place of an object store, by the S3 protocol: list, read, put, remove. The only door to boto3.

What goes wrong is a DeployError. Credentials and region are boto3's own affair: the environment, `~/.aws`, a role.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from hashlib import md5
from typing import Any, NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from trigpoint.delivery.errors import (
    CONFLICTS,
    WITHOUT_REDIRECTS,
    DeployError,
    code_of,
    is_missing,
    sentence_of,
)
from trigpoint.delivery.objects import StoredObject
from trigpoint.delivery.place import OWN, Place
from trigpoint.notes import Digest

JOBS = 8
"""Objects that are sent at a time."""

NOTED = "trigpoint"
"""The metadata of an object that hold its fingerprint."""


class OwnFile(NamedTuple):
    """What the deploys note there for each other; `age` in seconds, by the store's own clock."""

    content: bytes
    etag: str
    age: float


class Store:
    """The objects of one place."""

    def __init__(self, place: Place, endpoint: str = "") -> None:
        self.place, self._endpoint = place, endpoint
        self.has_redirects = True
        style = {"s3": {"addressing_style": "path"}} if endpoint else {}
        config = Config(
            retries={"mode": "standard"},
            connect_timeout=10,
            read_timeout=60,
            max_pool_connections=JOBS,
            request_checksum_calculation="when_required",  # Stores that are not Amazon's refuse the newer ones.
            response_checksum_validation="when_required",
            **style,
        )
        with self._told("begin"):
            self._client: Any = boto3.session.Session().client("s3", endpoint_url=endpoint or None, config=config)

    def etags(self) -> dict[str, str]:
        """The ETag of each object there, by its path below the prefix; without what is the deploys' own."""
        found: dict[str, str] = {}
        with self._told(f"list {self.place}"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.place.bucket, Prefix=self.place.prefix
            )
            for page in pages:
                for each in page.get("Contents", ()):
                    found[each["Key"].removeprefix(self.place.prefix)] = each["ETag"]
        return {path: etag for path, etag in found.items() if not path.startswith(OWN)}

    def fingerprint(self, path: str) -> Digest:
        """The fingerprint that was put with an object, "" for one of somebody else."""
        return Digest(self._head(path).get("Metadata", {}).get(NOTED, ""))

    def leads_on(self, path: str) -> bool:
        """Whether the store has taken that an object leads on."""
        return bool(self._head(path).get("WebsiteRedirectLocation"))

    def put(self, stored: StoredObject, content: bytes) -> str:
        """Put an object, and give its ETag. Where the store takes no redirects, its page alone leads on."""
        extra = {"WebsiteRedirectLocation": stored.redirect} if stored.redirect and self.has_redirects else {}
        told = {"ContentType": stored.media_type, "CacheControl": stored.cache, "Metadata": {NOTED: stored.fingerprint}}
        try:
            return self._put(stored.path, content, **told, **extra)
        except DeployError as error:
            if not extra or error.code not in WITHOUT_REDIRECTS:
                raise
        self.has_redirects = False
        return self._put(stored.path, content, **told)

    def remove(self, path: str) -> None:
        with self._told(f"remove {path}"):
            self._client.delete_object(Bucket=self.place.bucket, Key=self.place.key(path))

    def own_file(self, path: str) -> OwnFile | None:
        """What a deploy noted there; None where nothing is."""
        with self._told(f"read {path}"), suppress_missing():
            response = self._client.get_object(Bucket=self.place.bucket, Key=self.place.key(path))
            return OwnFile(response["Body"].read(), response["ETag"], _age(response))
        return None

    def note(self, path: str, content: bytes, *, etag: str | None = None) -> bool:
        """Write what the deploys note there; False where somebody else was first.

        With an `etag` only in the place of the one that has it, "" for none; without, whatever is there.
        """
        condition = {} if etag is None else {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        told = {"ContentType": "application/json", "CacheControl": "no-store"}
        try:
            self._put(path, content, **told, **condition)
        except DeployError as error:
            if condition and error.code in CONFLICTS:
                return False
            if not condition or error.code not in WITHOUT_REDIRECTS:
                raise
            self._put(path, content, **told)  # The store knows no conditions: who looks again sees who was last.
        return True

    def _put(self, path: str, content: bytes, **told: Any) -> str:
        checked = b64encode(md5(content, usedforsecurity=False).digest()).decode()
        place = {"Bucket": self.place.bucket, "Key": self.place.key(path)}
        with self._told(f"put {path}"):
            return str(self._client.put_object(**place, Body=content, ContentMD5=checked, **told)["ETag"])

    def _head(self, path: str) -> dict[str, Any]:
        with self._told(f"look at {path}"), suppress_missing():
            found: dict[str, Any] = self._client.head_object(Bucket=self.place.bucket, Key=self.place.key(path))
            return found
        return {}

    @contextmanager
    def _told(self, act: str) -> Iterator[None]:
        try:
            yield
        except (BotoCoreError, ClientError, ValueError) as error:
            raise DeployError(sentence_of(error, self.place, act, self._endpoint), code_of(error)) from error


@contextmanager
def suppress_missing() -> Iterator[None]:
    """Pass over that there is no such object."""
    try:
        yield
    except ClientError as error:
        if not is_missing(error):
            raise


def _age(response: Any) -> float:
    now: datetime | None = None
    with suppress(KeyError, ValueError, TypeError):
        now = parsedate_to_datetime(response["ResponseMetadata"]["HTTPHeaders"]["date"])
    return (now - response["LastModified"]).total_seconds() if now else 0.0
