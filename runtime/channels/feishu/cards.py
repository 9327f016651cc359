"""Cards: one that grows while the answer is written, and those with buttons.

A card is sent as a message under an idempotent name of ours, so that the same one is found again after a
restart; then it is written into by CardKit, or, where that is not allowed, edited as a message, which the
platform takes only so often.

https://open.feishu.cn/document/cardkit-v1/card-element/content,
https://open.feishu.cn/document/cardkit-v1/streaming-updates-openapi-overview
"""

import hashlib
import json
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.channels import ApiAnswer, ApiRequest, Bubble, ChoiceLimits, Steps
from runtime.channels._text.printable import clean
from runtime.channels.feishu import codes
from runtime.channels.feishu.messages import MESSAGE, VALUE
from runtime.choices import Choices
from runtime.errors import SendFailed
from runtime.newest import Newest

ANSWER = "answer"
"""The element that grows."""
THINKING = "…"
OVER = frozenset({"no_card", "card_over"})
REMEMBERED = 2000
MOST_EDITS = 15
"""Of one message while it grows: more than about twenty are refused."""
SUMMARY = 40
CALLS = re.compile(r"<(?=\s*+/?\s*+(?:at|person)\b)", re.IGNORECASE)
"""What calls somebody, or everybody, to a chat. https://open.feishu.cn/document/feishu-cards/card-json-v2-components/content-components/rich-text"""
LIMITS = ChoiceLimits(most=10, text=60, value=200, question=1000, in_bytes=False)


@dataclass
class _Card:
    message: str = ""
    card: str = ""
    """Its entity; "" where it is edited as a message."""
    sequence: int = 0
    edits: int = 0


class Cards:
    """Those that grow."""

    def __init__(self) -> None:
        self._open = Newest[str, _Card](REMEMBERED)
        self._may_stream = True
        self._ended = Newest[str, str](REMEMBERED)

    def shown_as(self, bubble: str) -> str:
        """The message in which one ended; "" for one that is not known."""
        found = self._ended.get(bubble, "")
        return found if MESSAGE.fullmatch(found) else ""

    def grow(self, bubble: Bubble, sending: ApiRequest, text: str, now: float, *, done: bool) -> Steps[None]:
        """`sending`: how the first card is sent. Raises SendFailed: `no_card` where there is none,
        `card_over` where it takes nothing more."""
        assert bubble.message is not None
        card, text = self._open.of(bubble.id, _Card), words(text)
        if not card.message:
            card.message = yield from _sent(sending)
            card.card = yield from self._entity(card.message)
        if text and card.card:
            # strictly rising, also after a restart that forgot the last one
            card.sequence = max(card.sequence + 1, int((now - bubble.message.at) * 10))
            yield from self._written(card, text)
        elif text and (done or card.edits < MOST_EDITS):
            card.edits += 1
            yield from _edited(card.message, growing(text, done=done))
        if done:
            self._open.pop(bubble.id, None)
            self._ended[bubble.id] = card.message
            if card.card:
                # what it says is there by now: without this it looks as if more were to come
                yield _settled(card, text)

    def _entity(self, message: str) -> Generator[ApiRequest, ApiAnswer, str]:
        if not self._may_stream:
            return ""
        answer = yield ApiRequest("/open-apis/cardkit/v1/cards/id_convert", {"message_id": message})
        code = codes.code_of(answer)
        if code in codes.STALE | codes.THROTTLED:
            raise codes.failure(code, answer.data)
        if code in codes.DENIED:
            self._may_stream = False
        told = answer.data.get("data")
        found = told.get("card_id") if isinstance(told, dict) and not code else None
        return found if isinstance(found, str) and found.isalnum() and len(found) <= 40 else ""

    def _written(self, card: _Card, text: str) -> Generator[ApiRequest, ApiAnswer, None]:
        path = f"/open-apis/cardkit/v1/cards/{card.card}/elements/{ANSWER}/content"
        _read((yield ApiRequest(path, {"content": text, "sequence": card.sequence}, method="PUT")))


def growing(text: str, *, done: bool) -> dict[str, Any]:
    """A card with an answer so far."""
    return {
        "schema": "2.0",
        "config": {"streaming_mode": not done, "update_multi": True, "summary": {"content": _summary(text)}},
        "body": {"elements": [{"tag": "markdown", "element_id": ANSWER, "content": words(text) or THINKING}]},
    }


def buttons(choices: Choices, *, in_group: bool) -> dict[str, Any]:
    """Its question, and a button each. Whether others read along is in it, since the tap does not tell."""
    asked = [{"tag": "markdown", "content": words(choices.question)}]
    given = [
        {
            "tag": "button",
            "text": {"tag": "plain_text", "content": clean(one.text)},
            "type": "default",
            "width": "fill",
            "behaviors": [
                {
                    "type": "callback",
                    "value": {"say": one.value[:VALUE], **({"group": True} if in_group else {})},
                }
            ],
        }
        for one in choices.options
    ]
    return {
        "schema": "2.0",
        "config": {"update_multi": True, "summary": {"content": _summary(choices.question)}},
        "body": {"elements": [*asked, *given]},
    }


def settled(choices: Choices | None, value: str) -> dict[str, Any]:
    """The same without anything to tap, and what was chosen."""
    found = choices.with_value(value) if choices else None
    chosen = f"✓ {clean(found.text if found else value)}"
    text = f"{clean(choices.question)}\n\n{chosen}" if choices else chosen
    return growing(text, done=True)


def words(markdown: str) -> str:
    """As Markdown of the platform's that calls nobody: who writes an answer does not decide that."""
    return CALLS.sub("＜", clean(markdown))


def mark(bubble: Bubble) -> str:
    """Under which the same card is sent once, up to an hour."""
    return hashlib.sha256(f"card {bubble.id}".encode()).hexdigest()[:32]


def content(card: Mapping[str, Any]) -> str:
    return json.dumps(card, ensure_ascii=False)


def edit(message: str, card: Mapping[str, Any]) -> ApiRequest:
    return ApiRequest(f"/open-apis/im/v1/messages/{message}", {"content": content(card)}, method="PATCH")


def _sent(sending: ApiRequest) -> Generator[ApiRequest, ApiAnswer, str]:
    answer = yield sending
    code = codes.code_of(answer)
    if code in codes.STALE | codes.THROTTLED:
        raise codes.failure(code, answer.data)
    told = answer.data.get("data")
    found = told.get("message_id") if isinstance(told, dict) and not code else None
    if (
        not isinstance(found, str)
        or not found.replace("_", "").replace("-", "").isalnum()
        or len(found) > 128
    ):
        raise SendFailed(codes.TEXTS["no_card"].fill(code=code or answer.status), code="no_card")
    return found


def _edited(message: str, card: Mapping[str, Any]) -> Generator[ApiRequest, ApiAnswer, None]:
    _read((yield edit(message, card)))


def _settled(card: _Card, text: str) -> ApiRequest:
    told = {"config": {"streaming_mode": False, "summary": {"content": _summary(text)}}}
    body = {"settings": json.dumps(told, ensure_ascii=False), "sequence": card.sequence + 1}
    return ApiRequest(f"/open-apis/cardkit/v1/cards/{card.card}/settings", body, method="PATCH")


def _read(answer: ApiAnswer) -> None:
    code = codes.code_of(answer)
    if code in codes.STALE | codes.THROTTLED:
        raise codes.failure(code, answer.data)
    if code or answer.status != 200:
        raise SendFailed(codes.TEXTS["no_card"].fill(code=code or answer.status), code="card_over")


def _summary(text: str) -> str:
    """What the list of chats shows of it."""
    first = next((line for line in text.split("\n") if line.strip("#>*-`| \t")), "")
    return words(first).strip("#>*-`| \t")[:SUMMARY] or THINKING
