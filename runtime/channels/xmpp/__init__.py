"""Chat over XMPP: an account of the agent's own at any server.

RFC 6120, 6121; XEP-0085, 0115, 0184, 0198, 0203, 0359, 0444. What came is acknowledged to the server, and
receipted to the person, once it is on the disk; the server keeps the rest for when we are there again.
Carbons are never switched on, and the roster is not asked for.
"""

from collections.abc import Sequence
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
    Judged,
    Limits,
    Link,
    OwnServer,
    Profile,
    Rate,
    Server,
    Symptom,
    Words,
)
from runtime.channels._text import markdown as plain
from runtime.channels._text.printable import clean
from runtime.channels._text.split import split
from runtime.channels.xmpp import guide
from runtime.channels.xmpp.account import JID, Account
from runtime.channels.xmpp.link import XmppLink, said
from runtime.errors import SendFailed, Wrong
from runtime.lang import NOTHING, Text
from runtime.message import Message, Quota
from runtime.schema import About

MOST_BYTES = 8000
"""Of one message: servers take from 10 kB on (RFC 6120, 13.12)."""
WEEK = 7 * 86400.0
NOBODY = frozenset({"item-not-found", "remote-server-not-found", "service-unavailable", "forbidden", "gone"})
LATER = frozenset({"resource-constraint", "policy-violation", "remote-server-timeout"})


class Xmpp(OwnServer, Connects, Judged, Announces, Guides, Channel):
    settings: Account
    about = About(
        Text("XMPP", "XMPP"),
        Text("任何 XMPP（Jabber）用户都能写给它", "Any user of XMPP (Jabber) writes to it"),
        icon="chat",
        color="#1a73b7",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    Settings = Account
    limits: ClassVar[Limits] = Limits(MOST_BYTES)
    machines_write: ClassVar[bool] = True
    words: ClassVar[Words] = guide.WORDS
    symptoms: ClassVar[Sequence[Symptom]] = guide.SYMPTOMS
    guide: ClassVar[Guide] = guide.GUIDE
    codes: ClassVar[Codes] = Codes(unreachable=NOBODY, throttled=LATER)
    rates: ClassVar[Sequence[Rate]] = (Rate(30, 60),)
    exclusive: ClassVar[bool] = True
    answer_seconds: ClassVar[float] = 15
    push_seconds: ClassVar[float] = WEEK
    knows_repeats: ClassVar[bool] = False

    @classmethod
    def explain(cls, code: str) -> Text:
        if code in NOBODY:
            return guide.NOBODY
        return guide.LATER if code in LATER else guide.ENDS.get(code, NOTHING)

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return split(plain.to_chat_text(markdown).strip("\n"), MOST_BYTES)

    @property
    def account(self) -> str:
        return self.settings.jid

    @property
    def server(self) -> Server:
        return Server(self.settings.url, "xmpp", self.settings.ca)

    def link(self) -> Link:
        return XmppLink(self.settings)

    def check_receiver(self, to: str) -> None:
        if not JID.fullmatch(to):
            raise Wrong(guide.NO_JID)

    def quota(self, message: Message) -> Quota:
        return Quota(self.most_pushed, WEEK, unasked=True)

    def push(self, part: str, to: str, key: str) -> Frame:
        return said(to, clean(part), key)

    def handle(self, answer: ApiAnswer) -> str:
        id = answer.data.get("id", "")
        return id if isinstance(id, str) else ""

    def pushed(self, answer: ApiAnswer) -> None:
        code = answer.data.get("error", "")
        if not isinstance(code, str) or (not code and answer.data.get("taken") is not True):
            raise SendFailed(guide.NOT_TAKEN.fill(code="-"), code="uncertain")
        if code:
            text = self.explain(code)
            text = guide.NOT_TAKEN.fill(code=code[:40]) if text == NOTHING else text
            raise SendFailed(text, code=code, retryable=code in LATER)


CHANNEL = Xmpp
