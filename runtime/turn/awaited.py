"""Where later answers are awaited: the addresses that were given away, and which of them are known here."""

from collections.abc import Callable
from typing import Any

from runtime import wellformed
from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.newest import Newest
from runtime.turn.waiting import hashed

MOST = 10_000
MOST_POSTED = 64 * 1024
"""Bytes of an answer."""
DEEPEST = 30
UNREACHABLE = Text(
    "没有人能从外面访问这里，所以没法等回话。请主人设置公网地址（HONGYAN_PUBLIC_URL）。",
    "Nobody can reach us from outside, so no later answer can be waited for. The owner sets the public "
    "address (HONGYAN_PUBLIC_URL).",
)


class LaterAnswers:
    """Of this process. Who is quick answers before the turn that asked has come to wait: then the answer is
    asked to stay, see runtime/server/api/later_answers.py."""

    def __init__(self, public_url: Callable[[], str] = str) -> None:
        self._public_url = public_url
        self._given: Newest[str, None] = Newest(MOST)

    def address(self, token: str) -> str:
        """Raises ToolFailed where nobody can reach us."""
        base = self._public_url().rstrip("/")
        if not base:
            raise ToolFailed(UNREACHABLE)
        self._given[hashed(token)] = None
        return f"{base}/back/{token}"

    def expects(self, token: str) -> bool:
        """Whether its address was given away, and the answer was not taken yet."""
        return hashed(token) in self._given

    def taken(self, token: str) -> None:
        self._given.pop(hashed(token), None)


def posted(body: bytes) -> Any:
    """JSON as data, anything else as text: what is in it acts on nothing."""
    text = wellformed.text(body.decode("utf-8", "replace"))
    try:
        return wellformed.load(text, largest=MOST_POSTED, deepest=DEEPEST)
    except ValueError:
        return text.replace("\0", "")
