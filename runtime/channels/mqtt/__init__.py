"""Devices and programs that speak MQTT: each has a topic that it asks on and one that it is answered on.

https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html. A message is acknowledged once it is on the disk
(QoS 1), and the broker keeps for our client id what comes meanwhile. One that comes once more, because the
receipt was lost, is known by its id (in the payload, or MQTT 5's user property `id`), else by DUP with the
same packet identifier and content.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar

from runtime.channels import (
    Announces,
    ApiAnswer,
    Channel,
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
    Symptom,
    Words,
)
from runtime.channels._text import markdown as plain
from runtime.channels._text.printable import clean
from runtime.channels._text.split import split
from runtime.channels.mqtt import guide, payload
from runtime.channels.mqtt.account import DEVICE, Account
from runtime.channels.mqtt.link import BrokerLink, published
from runtime.errors import SendFailed, Wrong
from runtime.lang import NOTHING, Text
from runtime.message import Message, Quota
from runtime.schema import About

MOST_BYTES = 8000
"""Of one answer: devices have little memory."""
WEEK = 7 * 86400.0
NO_SUBSCRIBERS, NOT_AUTHORIZED, QUOTA, FAILED = 0x10, 0x87, 0x97, 0x80


class Mqtt(OwnServer, Connects, Announces, Guides, Channel):
    settings: Account
    about = About(
        Text("MQTT 设备", "MQTT devices"),
        Text(
            "设备往自己的主题里发一句，回答发到它的另一个主题",
            "A device publishes to its topic and is answered on another",
        ),
        icon="memory",
        color="#660066",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    Settings = Account
    limits: ClassVar[Limits] = Limits(MOST_BYTES)
    words: ClassVar[Words] = guide.WORDS
    symptoms: ClassVar[Sequence[Symptom]] = guide.SYMPTOMS
    guide: ClassVar[Guide] = guide.GUIDE
    codes: ClassVar[Codes] = Codes(throttled=frozenset({"147", "151"}))
    exclusive: ClassVar[bool] = True
    answer_seconds: ClassVar[float] = 10
    push_seconds: ClassVar[float] = WEEK
    knows_repeats: ClassVar[bool] = False

    @classmethod
    def explain(cls, code: str) -> Text:
        if code.isdigit():
            return _said(int(code))
        return guide.ENDS.get(code) or (guide.NOBODY if code == "not_shown" else NOTHING)

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return split(plain.to_chat_text(markdown).strip("\n"), MOST_BYTES)

    @property
    def account(self) -> str:
        return self.settings.name

    @property
    def server(self) -> Server:
        one = self.settings
        return Server(one.url, "mqtt", one.ca, one.certificate, one.key.get_secret_value())

    @property
    def caution(self) -> Note | None:
        return guide.IN_CLEAR if self.settings.url.startswith("mqtt:") else None

    @property
    def is_repeat(self) -> Callable[[Message, Message], bool]:
        return payload.is_same

    def link(self) -> Link:
        return BrokerLink(self.settings, payload.reader(self.settings))

    def check_receiver(self, to: str) -> None:
        if not payload.NAME.fullmatch(to):
            raise Wrong(guide.NO_DEVICE)

    def quota(self, message: Message) -> Quota:
        """The broker has none."""
        return Quota(self.most_pushed, WEEK, unasked=True)

    def push(self, part: str, to: str, key: str) -> Frame:
        topic = self.settings.topic_out.replace(DEVICE, to)
        return published(
            topic, payload.answer(self.settings, clean(part), key), key, retain=self.settings.retain
        )

    def pushed(self, answer: ApiAnswer) -> None:
        code = answer.data.get("code")
        if type(code) is not int:
            raise SendFailed(_said(-1), code="uncertain")
        if code == NO_SUBSCRIBERS and not self.settings.retain:
            raise SendFailed(guide.NOBODY, code="not_shown")
        if code >= FAILED:
            raise SendFailed(_said(code), code=str(code), retryable=str(code) in self.codes.throttled)

    @property
    def reminders(self) -> Sequence[Note]:
        return [guide.ACL]


def _said(code: int) -> Text:
    if code == NOT_AUTHORIZED:
        return guide.NOT_ALLOWED
    return guide.FULL if code in (0x93, QUOTA) else guide.NOT_TAKEN.fill(code=code)


CHANNEL = Mqtt
