"""A WebSocket of the owner's own, to which we connect: standard messages in, standard answers out."""

import hashlib
import json
from collections.abc import Sequence
from typing import ClassVar

from runtime.answer import AnswerPart
from runtime.channels import (
    Announces,
    ApiAnswer,
    Channel,
    ChoiceLimits,
    Chooses,
    Codes,
    Connects,
    Frame,
    Guide,
    Guides,
    Limits,
    Link,
    Note,
    OwnServer,
    Profile,
    Server,
    Words,
)
from runtime.channels._said import said
from runtime.channels._text.printable import clean
from runtime.channels._text.split import split
from runtime.channels.websocket import guide
from runtime.channels.websocket.link import SocketLink
from runtime.channels.websocket.settings import Place
from runtime.choices import Choices, numbered
from runtime.errors import SendFailed, Wrong
from runtime.lang import Text
from runtime.message import Message, Quota
from runtime.schema import About
from runtime.standard_message import PLAIN_ID

LONGEST = 20_000
ANY_TIME = 365 * 86_400.0


class WebSocket(OwnServer, Connects, Announces, Chooses, Guides, Channel):
    settings: Place
    about = About(
        Text("WebSocket", "WebSocket"),
        Text(
            "连到您自己的服务：消息和回答都走一条线",
            "Connects to a server of yours: messages and answers on one line",
        ),
        icon="globe",
        color="#4f46e5",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    Settings = Place
    limits: ClassVar[Limits] = Limits(LONGEST, "characters")
    words: ClassVar[Words] = guide.WORDS
    guide: ClassVar[Guide] = guide.GUIDE
    codes: ClassVar[Codes] = Codes()
    exclusive: ClassVar[bool] = True
    answer_seconds: ClassVar[float] = 15
    push_seconds: ClassVar[float] = ANY_TIME
    knows_repeats: ClassVar[bool] = True
    choice_limits: ClassVar[ChoiceLimits] = ChoiceLimits(10, 60, 200, 2000, in_bytes=False)

    @classmethod
    def explain(cls, code: str) -> Text:
        return guide.CODES.get(code) or super().explain(code)

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return split(clean(markdown), LONGEST, "characters")

    def cut(self, text: str) -> list[str]:
        return split(text, self.settings.longest, "characters")

    @property
    def account(self) -> str:
        return hashlib.sha256(self.settings.url.encode()).hexdigest()[:12]

    @property
    def server(self) -> Server:
        return Server(self.settings.with_port, "websocket", headers=self.settings.headers)

    @property
    def caution(self) -> Note | None:
        return guide.IN_CLEAR if self.settings.url.startswith("ws:") else None

    def link(self) -> Link:
        return SocketLink()

    def check_receiver(self, to: str) -> None:
        if not PLAIN_ID.fullmatch(to):
            raise Wrong(guide.NO_RECEIVER)

    def quota(self, message: Message) -> Quota:
        return Quota(1000, ANY_TIME, unasked=True)

    def push(self, part: str, to: str, key: str) -> Frame:
        return self._sent([AnswerPart(part)], to, key, "")

    def push_after(self, message: Message, part: str, key: str) -> Frame:
        return self._sent([AnswerPart(part)], message.sender, key, message.id)

    def push_choices(self, choices: Choices, to: str, key: str, after: Message | None = None) -> Frame:
        words = f"{choices.question}\n\n{numbered(choices.question, choices.options)}"
        part = AnswerPart(words, "choices", choices.to_json())
        return self._sent([part], to, key, after.id if after else "")

    def _sent(self, parts: Sequence[AnswerPart], to: str, key: str, of: str) -> Frame:
        text = json.dumps({"type": "answer", **said(parts, to, key, of).told()}, ensure_ascii=False)
        return Frame(text, key if self.settings.acks else "")

    def pushed(self, answer: ApiAnswer) -> None:
        """Where nobody acknowledges, leaving is all that can be known."""
        if answer.status >= 300:
            raise SendFailed(guide.CODES["uncertain"], code="uncertain")

    def probed(self, answer: ApiAnswer) -> bool:
        return True


CHANNEL = WebSocket
