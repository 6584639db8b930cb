"""A client for a node's JSON-RPC: https://ethereum.github.io/execution-apis/."""

from __future__ import annotations

import http.client
import itertools
import json
import urllib.error
import urllib.request
from typing import Any


class NodeError(Exception):
    """The node answered with an error; `code` is JSON-RPC's."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Unreachable(Exception):
    """No usable answer came: whether the call was carried out is not known."""


class Rpc:
    def __init__(self, url: str, timeout: float = 10) -> None:
        self.url = url
        self.timeout = timeout
        self.ids = itertools.count(1)

    def __call__(self, method: str, *params: Any) -> Any:
        """The result; raises NodeError or Unreachable."""
        call = {
            "jsonrpc": "2.0",
            "id": next(self.ids),
            "method": method,
            "params": params,
        }
        request = urllib.request.Request(
            self.url, json.dumps(call).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                answer = json.load(response)
        except (
            OSError,
            ValueError,
            http.client.HTTPException,
            urllib.error.URLError,
        ) as error:
            raise Unreachable(f"{method}: {error}") from error
        if "error" in answer:
            raise NodeError(
                answer["error"].get("code", 0), answer["error"].get("message", "")
            )
        return answer.get("result")


def number(text: str) -> int:
    return int(text, 16)
