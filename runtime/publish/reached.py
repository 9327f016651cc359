"""Our own question to a callback's public address: does it lead here, and arrive as it was sent?

Whoever holds the installation's key can ask and recognise the answer: also another process on this folder.
Anybody else gets what every stranger gets, and learns nothing.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from runtime import wellformed

NAME = "hongyan_check"
"""The parameter that carries the question."""
FRESH = 300.0
"""Seconds that a question may be old."""
TRICKY = "a+b/c=d e%20f&中"
"""What proxies like to decode once too often, or to lose."""
QUESTION = re.compile(r"(?P<at>[0-9]{10})-(?P<nonce>[0-9a-f]{16})-(?P<proof>[0-9a-f]{64})")
REPLY = re.compile(rb"hongyan-reached\.([0-9a-f]{64})\.([A-Za-z0-9_-]{1,4000})")
LONGEST = 8000


class Marks(Protocol):
    """What only this installation can make; `Control` does."""

    def mark(self, what: str) -> str: ...


@dataclass(frozen=True)
class Arrived:
    """A request as it was when it came in. `query`: names and values in their order, decoded once."""

    publication: str
    method: str
    query: Sequence[tuple[str, str]]
    body: str
    """SHA-256 of it."""

    @classmethod
    def of(cls, publication: str, method: str, query: Sequence[tuple[str, str]], body: bytes) -> "Arrived":
        return cls(
            publication, method, [(name, value) for name, value in query], hashlib.sha256(body).hexdigest()
        )


class Reach:
    """Asks, answers and recognises. `now`: seconds since 1970."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks

    def question(self, now: float) -> dict[str, str]:
        """The query to send."""
        at, nonce = str(int(now)), secrets.token_hex(8)
        return {NAME: f"{at}-{nonce}-{self._asking(at, nonce)}", "tricky": TRICKY}

    def answer(self, arrived: Arrived, now: float) -> str:
        """What a question is answered with; "" for what is none of ours."""
        asked = QUESTION.fullmatch(dict(arrived.query).get(NAME, ""))
        if asked is None or abs(now - int(asked["at"])) > FRESH:
            return ""
        if not hmac.compare_digest(self._asking(asked["at"], asked["nonce"]), asked["proof"]):
            return ""
        facts = json.dumps(asdict(arrived), ensure_ascii=True)
        if len(facts) > LONGEST // 4:
            facts = "{}"
        packed = base64.urlsafe_b64encode(facts.encode()).decode().rstrip("=")
        return f"hongyan-reached.{self._answering(asked['nonce'], packed)}.{packed}"

    def read(self, body: bytes, query: Mapping[str, str]) -> Arrived | None:
        """What arrived of the question with this query; the answer may stand anywhere in `body`."""
        found = REPLY.search(body[:LONGEST])
        asked = QUESTION.fullmatch(query.get(NAME, ""))
        if found is None or asked is None:
            return None
        proof, packed = found[1].decode(), found[2].decode()
        if not hmac.compare_digest(self._answering(asked["nonce"], packed), proof):
            return None
        try:
            told = wellformed.load(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
            pairs = [(str(name), str(value)) for name, value in told["query"]]
            return Arrived(str(told["publication"]), str(told["method"]), pairs, str(told["body"]))
        except (ValueError, KeyError, TypeError, binascii.Error):
            return None

    def _asking(self, at: str, nonce: str) -> str:
        return self._marks.mark(f"ask {at} {nonce}")

    def _answering(self, nonce: str, packed: str) -> str:
        return self._marks.mark(f"answer {nonce} {packed}")
