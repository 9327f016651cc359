"""What a WeCom AI bot shows: one bubble that grows, greetings, and messages of their own."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from runtime.channels import (
    ApiAnswer,
    ApiRequest,
    Attached,
    Bubble,
    ChoiceLimits,
    Chooses,
    Codes,
    Connects,
    Frame,
    Greets,
    Link,
    Media,
    MediaIn,
    MediaLimits,
    Pieces,
    PushesMedia,
    Rate,
    Shown,
    Steps,
    StreamsMedia,
    Uploaded,
)
from runtime.channels._tencent import cards
from runtime.channels._tencent.answers import errcode
from runtime.channels._tencent.crypto import open_file
from runtime.channels._tencent.marked import quiet
from runtime.channels._tencent.qyapi import HOST, HOST_SETTING
from runtime.channels._tencent.qyapi_codes import ANSWERS, CODES
from runtime.channels.wecom_bot import files
from runtime.channels.wecom_bot.account import Account
from runtime.channels.wecom_bot.link import BotLink, frame
from runtime.channels.wecom_bot.messages import RESPONSE_PATH, place
from runtime.choices import Choices
from runtime.errors import SendFailed
from runtime.lang import Text
from runtime.message import Message, Quota

WEEK = 7 * 86400.0
RESPONSE_SECONDS = 3500.0
"""A response address is good for an hour."""
THINKING = "<think></think>"
"""Shows that an answer is being written, as Tencent's own plugin does."""
NO_WAY = Text(
    "这个人还没有给机器人发过消息，或上一条的回复地址已经用过，等他再发一条。",
    "Nobody can be answered without a message of theirs whose response address is unused. It goes with the "
    "next one.",
)


class BotApi(Connects, StreamsMedia, Greets, PushesMedia, Chooses, MediaIn):
    """Over the connection where we hold one; else in what the platform asks for, and by response address."""

    settings: Account
    codes: ClassVar[Codes] = CODES
    api_host: ClassVar[str] = HOST
    api_host_setting: ClassVar[str] = HOST_SETTING
    link_host: ClassVar[str] = "wss://openws.work.weixin.qq.com"
    link_host_setting: ClassVar[str] = "HONGYAN_WECOM_WS"
    exclusive: ClassVar[bool] = True
    answer_seconds: ClassVar[float] = 5
    pieces: ClassVar[Pieces] = Pieces(quick=0.8, few=8, slow=2.5)
    bubble_seconds: ClassVar[float] = 330
    bubble_over: ClassVar[frozenset[str]] = frozenset({"846605", "846608"})
    rates: ClassVar[Sequence[Rate]] = (Rate(30, 60), Rate(1000, 3600))
    push_seconds: ClassVar[float] = WEEK
    knows_repeats: ClassVar[bool] = False
    media_in: ClassVar[Mapping[Any, MediaLimits]] = files.LIMITS
    choice_limits: ClassVar[ChoiceLimits] = cards.LIMITS
    media_hosts: ClassVar[frozenset[str]] = files.HOSTS
    media_out: ClassVar[Mapping[Any, MediaLimits]] = files.OUT
    bubble_media: ClassVar[Mapping[Any, MediaLimits]] = {"image": files.OUT["image"]}
    bubble_files: ClassVar[int] = 10
    bubble_bytes: ClassVar[int] = 10 * files.MB
    """Of all its pictures: ours, the platform allows as much for each."""

    @property
    def account(self) -> str:
        if self.settings.bot_id:
            return self.settings.bot_id
        key = self.settings.encoding_aes_key.get_secret_value()
        return f"webhook-{hashlib.sha256(key.encode()).hexdigest()[:10]}"

    @property
    def connects(self) -> bool:
        return self.settings.mode == "connection"

    def link(self) -> Link:
        return BotLink(self.settings)

    def quota(self, message: Message) -> Quota:
        """A response address works once; a connection reaches whoever wrote before."""
        if self.connects:
            return Quota(1000, WEEK)
        return Quota(1 if "code" in message.handle else 0, RESPONSE_SECONDS)

    def push(self, part: str, to: str, key: str) -> ApiRequest | Frame:
        if not self.connects:
            raise SendFailed(NO_WAY, code="no_response_url")
        chat, kind = place(to)
        body = {"chatid": chat, "chat_type": kind, **markdown(part)}
        return frame("aibot_send_msg", f"push_{key}", body)

    def push_after(self, message: Message, part: str, key: str) -> ApiRequest | Frame:
        if self.connects or "code" not in message.handle:
            return self.push(part, message.sender, key)
        return ApiRequest(RESPONSE_PATH, markdown(part), {"response_code": message.handle["code"]})

    def greet(self, part: str, message: Message, key: str) -> Frame | None:
        """Whoever opens the chat is greeted once, within 5 s of it."""
        if not self.connects or message.data.get("event") != "opened":
            return None
        return frame("aibot_respond_welcome_msg", message.handle["req"], welcome(part))

    def pushed(self, answer: ApiAnswer) -> None:
        if errcode(answer.data) != "0":
            raise ANSWERS.failure(answer.data, unreadable="uncertain")

    def probe(self) -> Frame | None:
        return frame("ping", "probe") if self.connects else None

    def grows(self, message: Message) -> bool:
        return message.kind != "event" and (not self.connects or "req" in message.handle)

    def grown(self, answer: ApiAnswer) -> None:
        self.pushed(answer)

    def put(self, media: Media) -> Steps[Uploaded]:
        """Where the platform calls us nothing is brought to it: pictures are in the bubble's end."""
        if self.connects:
            return (yield from files.put(media))
        if media.kind not in self.bubble_media:
            raise files.not_called(media.kind)
        return Uploaded({"held": True}, WEEK)

    def push_media(self, shown: Shown, to: str, key: str) -> Frame:
        if not self.connects:
            raise files.not_called(shown.kind)
        chat, kind = place(to)
        body = {"chatid": chat, "chat_type": kind, **files.shown(shown)}
        return frame("aibot_send_msg", f"push_{key}", body)

    def push_choices(
        self, choices: Choices, to: str, key: str, after: Message | None = None
    ) -> ApiRequest | Frame:
        card = {"msgtype": "template_card", "template_card": cards.buttons(choices, key)}
        if self.connects:
            chat, kind = place(to)
            return frame("aibot_send_msg", f"push_{key}", {"chatid": chat, "chat_type": kind, **card})
        if after is None or "code" not in after.handle:
            raise SendFailed(NO_WAY, code="no_response_url")
        return ApiRequest(RESPONSE_PATH, card, {"response_code": after.handle["code"]})

    def greet_choices(self, choices: Choices, message: Message, key: str) -> Frame | None:
        if not self.connects or message.data.get("event") != "opened":
            return None
        card = {"msgtype": "template_card", "template_card": cards.buttons(choices, key)}
        return frame("aibot_respond_welcome_msg", message.handle["req"], card)

    def attached(self, message: Message) -> Sequence[Attached]:
        return files.attached(message)

    def get(self, file: Attached) -> Steps[bytes]:
        return files.get(file)

    def open(self, file: Attached, content: bytes) -> bytes:
        return open_file(content, file.place["key"] or self.settings.encoding_aes_key.get_secret_value())


def stream(bubble: Bubble, text: str, *, done: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": bubble.id, "finish": done, "content": quiet(text) or THINKING}
    if done or not text:  # its first answer, or its only one
        shown["feedback"] = {"id": bubble.id}
    return {"msgtype": "stream", "stream": shown}


def markdown(part: str) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"content": quiet(part)}}


def welcome(part: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": quiet(part)}}


FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$", re.MULTILINE)


def whole_fences(parts: Sequence[str]) -> list[str]:
    """Code that is cut in two is closed before the cut and goes on as code after it."""
    found, opening = [], ""
    for n, part in enumerate(parts):
        text = f"{opening}\n{part}" if opening else part
        opening = ""
        for fence in FENCE.finditer(text):
            is_end = opening and fence[1].startswith(opening.strip()[:3]) and not fence[2].strip()
            opening = "" if is_end else opening or fence[0].strip()[:40]
        is_last = n == len(parts) - 1
        found.append(f"{text}\n{opening[:3]}" if opening and not is_last else text)
    return found
