"""Where a release is deployed to: a bucket of a store, and the prefix below which the site lies there. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]")
OWN = ".trigpoint/"
"""Below the prefix: what the deploys note there for each other. No release has a file there."""


@dataclass(frozen=True, slots=True)
class Place:
    """A bucket and a prefix, "" or such as "blog/"."""

    bucket: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    def key(self, path: str) -> str:
        """The key of a file of the site."""
        return self.prefix + path


def place_of(url: str) -> Place:
    """The place that is meant by `s3://bucket/prefix`. Raises ValueError with a sentence."""
    scheme, mark, rest = url.partition("://")
    bucket, _, prefix = rest.partition("/")
    if scheme != "s3" or not mark or not BUCKET.fullmatch(bucket):
        raise ValueError(f'"{url}" is no place of an object store. Write s3://bucket or s3://bucket/prefix.')
    parts = unquote(prefix).strip("/").split("/")
    if any(part in (".", "..") for part in parts) or (prefix.strip("/") and "" in parts) or re.search(r"[?#]", prefix):
        raise ValueError(f'"{prefix}" is no prefix that an address can have. Write one such as s3://{bucket}/blog.')
    return Place(bucket, "/".join(filter(None, (*parts, ""))) + "/" if parts[0] else "")
