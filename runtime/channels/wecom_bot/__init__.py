"""A WeCom AI bot, by callback or over a long connection: answers grow in one bubble.

https://developer.work.weixin.qq.com/document/path/101463
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from runtime import wellformed
from runtime.channels import (
    AddressCheck,
    ApiRequest,
    Arrivals,
    Bubble,
    Channel,
    Frame,
    Guide,
    Guides,
    Held,
    Limits,
    Note,
    Profile,
    Responds,
    Symptom,
    ToCopy,
    Verifies,
    WebRequest,
    WebResponse,
    Words,
)
from runtime.channels._border.refusals import refused
from runtime.channels._tencent import cards, json_body
from runtime.channels._tencent.credentials import new_aes_key, new_token
from runtime.channels._tencent.enterprise import sealed_address
from runtime.channels._tencent.marked import quiet
from runtime.channels._tencent.qyapi_codes import ANSWERS
from runtime.channels._tencent.refusals import reason
from runtime.channels._tencent.sealed import MAX_BODY, Sealed
from runtime.channels._text.split import split
from runtime.channels.wecom_bot import files, guide
from runtime.channels.wecom_bot.account import Account
from runtime.channels.wecom_bot.api import BotApi, stream, welcome, whole_fences
from runtime.channels.wecom_bot.link import frame
from runtime.channels.wecom_bot.messages import EVENTS, response_code, to_message
from runtime.choices import Choices
from runtime.lang import Text
from runtime.message import Event, Message
from runtime.schema import About

MAX_BYTES = 20_480
"""Of one bubble, and of one message."""
ROOM = 400
"""Bytes of each part left free for a link to the rest, and for the fences of code that was cut."""
DEEPEST = 20


class WeComBot(BotApi, Responds, Verifies, Guides, Channel):
    about = About(
        Text("企业微信智能机器人", "WeCom AI bot"),
        Text(
            "企业成员单聊或在群里 @ 它，回答边写边显示",
            "Members write to it or @ it in groups; answers grow as they are written",
        ),
        icon="wecom",
        color="#2b7cff",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    Settings = Account
    limits: ClassVar[Limits] = Limits(MAX_BYTES)
    tells: ClassVar[Collection[Event]] = frozenset(EVENTS.values())
    window: ClassVar[float] = 4
    attempts: ClassVar[int] = 1
    proven_codes: ClassVar[frozenset[str]] = frozenset({"decrypt", "receive_id"})
    ports: ClassVar[frozenset[int]] = frozenset()
    patience: ClassVar[float] = 1
    words: ClassVar[Words] = guide.WORDS
    symptoms: ClassVar[Sequence[Symptom]] = guide.SYMPTOMS
    guide: ClassVar[Guide] = guide.GUIDE
    verified_by: ClassVar[frozenset[str]] = frozenset(
        {"mode", "bot_id", "secret", "token", "encoding_aes_key"}
    )

    def __init__(self, settings: Account) -> None:
        super().__init__(settings)
        self._sealed: Sealed | None = None
        if settings.mode == "webhook":
            key = settings.encoding_aes_key.get_secret_value()
            self._sealed = Sealed(settings.token.get_secret_value(), key, "")

    @classmethod
    def suggest(cls) -> dict[str, str]:
        return {"token": new_token(), "encoding_aes_key": new_aes_key()}

    @classmethod
    def explain(cls, code: str) -> Text:
        if code in files.CODES:
            return files.NOT_CALLED
        return guide.ENDS.get(code) or ANSWERS.explain(code) or reason(code, cls.words)

    def receive(self, request: WebRequest, now: float) -> Arrivals:
        if self._sealed is None:
            raise refused("method")
        if request.method == "GET":
            return Arrivals(response=self._sealed.echo(request.query))
        if request.method != "POST":
            raise refused("method")
        if len(request.body) > MAX_BODY:
            raise refused("too_large")
        sealed = _object(request.body).get("encrypt")
        if not isinstance(sealed, str):
            raise refused("downgrade")
        body = _object(self._sealed.open(request.query, sealed, now))
        if body.get("msgtype") == "stream":
            inner = body.get("stream")
            id = inner.get("id") if isinstance(inner, dict) else None
            if not isinstance(id, str) or not 0 < len(id) <= 256:
                raise refused("malformed")
            return Arrivals(bubble=id)
        code = response_code(body)
        message = to_message(body, now, {"code": code} if code else {})
        return Arrivals((message,)) if message else Arrivals(response=self.acknowledge())

    def respond(self, message: Message, part: str, now: float) -> WebResponse:
        """A whole answer at once, or the greeting of whoever opened the chat."""
        text = quiet(part)
        if not text.strip():
            return self.acknowledge()
        if message.data.get("event") == "opened":
            return self._reply(welcome(text), now)
        mark = hashlib.sha256(message.id.encode()).hexdigest()[:16]
        return self._reply(stream(Bubble(f"whole-{mark}", message), text, done=True), now)

    def grow(self, bubble: Bubble, text: str, now: float, *, done: bool) -> WebResponse | Frame:
        reply = stream(bubble, text, done=done)
        if self._sealed is not None:
            return self._reply(reply, now)
        assert bubble.message is not None
        return frame("aibot_respond_msg", bubble.message.handle["req"], reply)

    def end(self, bubble: Bubble, text: str, held: Held, now: float) -> WebResponse:
        reply = stream(bubble, text, done=True)
        if held.media:
            reply["stream"]["msg_item"] = files.held(held.media)
        if held.choices:
            card = cards.buttons(held.choices, f"end-{bubble.id}")
            reply |= {"msgtype": "stream_with_template_card", "template_card": card}
        return self._reply(reply, now)

    def chosen(
        self, message: Message, offered: Choices | None, now: float
    ) -> ApiRequest | Frame | WebResponse | None:
        """The card again, within 5 s of the tap."""
        task = str(message.data.get("task", ""))
        if message.data.get("event") != "menu" or not task:
            return None
        card = cards.settled(offered, message.text, task)
        reply = {"response_type": "update_template_card", "template_card": card}
        if self._sealed is not None:
            return self._reply(reply, now)
        return frame("aibot_respond_update_msg", message.handle["req"], reply)

    def acknowledge(self) -> WebResponse:
        return WebResponse("")

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return whole_fences(split(quiet(markdown).strip("\n"), MAX_BYTES - ROOM))

    @classmethod
    def invite(cls, label: str, url: str, word: str) -> str:
        return f"[{label}]({url})" if url else f"{label}（{word}）"

    def address_check(self, mark: str, now: float) -> AddressCheck:
        assert self._sealed is not None
        return self._sealed.address_check(mark, now)

    def to_copy(self, address: str) -> Sequence[ToCopy]:
        """Nothing for a connection."""
        if self.connects:
            return []
        return sealed_address(address, self.settings.token, self.settings.encoding_aes_key)

    @property
    def reminders(self) -> Sequence[Note]:
        return [guide.ONE] if self.connects else []

    def _reply(self, reply: Mapping[str, Any], now: float) -> WebResponse:
        assert self._sealed is not None
        sealed = self._sealed.seal(json.dumps(reply, ensure_ascii=False), now)
        body = json.dumps({name.lower(): value for name, value in sealed.items()})
        return WebResponse(body, content_type="application/json; charset=utf-8")


def _object(content: bytes) -> Mapping[str, Any]:
    """Whoever calls has not proved anything yet: what holds too much is not read at all."""
    try:
        text = content.decode("utf-8")
        if wellformed.too_many(text, json_body.MOST):
            raise refused("malformed")
        found = wellformed.load(text, largest=MAX_BODY, deepest=DEEPEST, unrepeated=True)
    except ValueError:
        raise refused("malformed") from None
    if not isinstance(found, dict):
        raise refused("malformed")
    return found


CHANNEL = WeComBot
