"""What the bank answers: a status, headers, and a body; or a refusal with a code of the standard."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        if self.body is None:
            return b""
        if isinstance(self.body, str):
            return self.body.encode()
        return json.dumps(self.body).encode()


class Refusal(Exception):
    """The HTTP status and message code of Berlin Group's table of error codes, and a text."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(code)
        self.status, self.code, self.text = status, code, text

    def answer(self, problem_json: bool) -> Answer:
        if not problem_json:
            message = {"category": "ERROR", "code": self.code, "text": self.text}
            return Answer(self.status, {"tppMessages": [message]})
        problem = {
            "type": f"https://bank.example/errors/{self.code}",
            "code": self.code,
            "detail": self.text,
        }
        return Answer(
            self.status, problem, {"Content-Type": "application/problem+json"}
        )
