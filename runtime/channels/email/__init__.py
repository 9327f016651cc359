"""A mailbox: letters that come are answered by letters, in their thread.

Letters are looked for by IMAP (IDLE where the server has it) with UIDVALIDITY and UID as the cursor, and
answers leave by SMTP: RFC 3501, 2177, 5321, 5322, 3834. A letter is known by its Message-ID.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from runtime.channels import (
    Announces,
    ApiAnswer,
    ApiRequest,
    Attached,
    CarriesMedia,
    Channel,
    Checked,
    Codes,
    Continues,
    Fetches,
    FormFile,
    Guide,
    Guides,
    Limits,
    MediaIn,
    MediaLimits,
    Note,
    OwnServer,
    Page,
    Profile,
    Question,
    Rate,
    Server,
    Shown,
    Steps,
    Symptom,
    Told,
    Words,
)
from runtime.channels._text import markdown as plain
from runtime.channels._text.printable import clean
from runtime.channels._text.split import split
from runtime.channels.email import codes, guide, letters
from runtime.channels.email.account import ADDRESS, Account
from runtime.errors import SendFailed, Wrong
from runtime.lang import NOTHING, Text
from runtime.message import Message, Quota
from runtime.schema import About

MOST = 60_000
"""Characters of a letter."""
MONTH = 30 * 86400.0
MB = 1024 * 1024
LARGEST = 10 * MB
"""Of a file that leaves: it becomes a third larger on its way, and many servers take 20 MB."""
HOLDS = 50.0
"""Seconds that a look waits for a letter."""
MARGIN = 40.0
PAGE = 4 * MB


class Email(OwnServer, Fetches, Continues, Announces, MediaIn, CarriesMedia, Checked, Guides, Channel):
    settings: Account
    about = About(
        Text("邮件", "E-mail"),
        Text("人们写信来，智能体回信", "People write letters, the agent writes back"),
        icon="send",
        color="#0f766e",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    Settings = Account
    limits: ClassVar[Limits] = Limits(MOST, "characters")
    machines_write: ClassVar[bool] = True
    words: ClassVar[Words] = guide.WORDS
    symptoms: ClassVar[Sequence[Symptom]] = guide.SYMPTOMS
    guide: ClassVar[Guide] = guide.GUIDE
    codes: ClassVar[Codes] = codes.CODES
    rates: ClassVar[Sequence[Rate]] = (Rate(5, 60), Rate(60, 3600))
    push_seconds: ClassVar[float] = MONTH
    knows_repeats: ClassVar[bool] = False
    fetch_seconds: ClassVar[float] = 2.0
    fresh_seconds: ClassVar[float] = 120.0
    """The mail server's clock says when a letter came."""
    holds: ClassVar[float] = HOLDS
    media_in: ClassVar[Mapping[Any, MediaLimits]] = {
        "image": MediaLimits(10 * MB),
        "voice": MediaLimits(10 * MB),
        "video": MediaLimits(20 * MB),
        "file": MediaLimits(20 * MB),
    }
    words_along: ClassVar[bool] = True
    media_out: ClassVar[Mapping[Any, MediaLimits]] = {
        "image": MediaLimits(LARGEST, frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})),
        "voice": MediaLimits(LARGEST),
        "video": MediaLimits(LARGEST),
        "file": MediaLimits(LARGEST),
    }

    @classmethod
    def explain(cls, code: str) -> Text:
        return codes.explain(code) if code.startswith(("smtp", "imap", "login", "gone")) else NOTHING

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return split(plain.to_chat_text(markdown).strip("\n"), MOST, "characters")

    @property
    def account(self) -> str:
        return self.settings.address

    @property
    def server(self) -> Server:
        return Server(self.settings.imap, "email")

    @property
    def secrets_go_to(self) -> frozenset[str]:
        return frozenset({self.settings.imap, self.settings.smtp})

    @property
    def knows_who(self) -> bool:  # type: ignore[override] # here it is a setting
        return bool(self.settings.trusts)

    @property
    def caution(self) -> Note | None:
        if house := self.settings.elsewhere:
            return guide.elsewhere(house, self.settings.address)
        return None if self.settings.trusts else guide.UNPROVEN

    def outgoing(self, request: ApiRequest) -> ApiRequest:
        """With the account, which stands in no request that is kept."""
        one = self.settings
        account = {
            "smtp": one.smtp,
            "user": one.user or one.address,
            "password": one.password.get_secret_value(),
            "folder": one.folder,
        }
        return replace(request, body={**(request.body or {}), "account": account})

    # In

    def fetch(self, cursor: str, ticket: str) -> ApiRequest:
        body = {"cursor": cursor, "hold": HOLDS, "mark": self.settings.mark}
        return ApiRequest("/look", body, seconds=HOLDS + MARGIN, largest=PAGE)

    def at_once(self, look: ApiRequest) -> ApiRequest:
        return replace(look, body={**(look.body or {}), "hold": 0})

    def page(self, answer: ApiAnswer) -> Page:
        codes.check(answer.data)
        cursor, came = answer.data.get("cursor"), answer.data.get("letters")
        if not isinstance(cursor, str) or not 0 < len(cursor) <= 64 or not isinstance(came, list):
            raise SendFailed(guide.UNREADABLE, code="unreadable")
        return Page(self._messages(came), cursor, answer.data.get("more") is True)

    def _messages(self, came: Sequence[Any]) -> list[Message]:
        found = []
        for letter in came:
            try:
                message = letters.to_message(letter, self.settings)
            except (KeyError, TypeError, ValueError):
                continue  # one that is none: the next ones are read all the same
            if message is not None:
                found.append(message)
        return found

    def attached(self, message: Message) -> Sequence[Attached]:
        return letters.attached(message)

    def get(self, file: Attached) -> Steps[bytes]:
        body = {"uid": file.place["uid"], "part": file.place["part"]}
        answer = yield ApiRequest("/file", body, most=self.media_in[file.kind].most)
        codes.check(answer.data)
        return answer.content

    # Out

    def quota(self, message: Message) -> Quota:
        return Quota(self.most_pushed, MONTH, unasked=True)

    def check_receiver(self, to: str) -> None:
        if not ADDRESS.fullmatch(to):
            raise Wrong(guide.WRONG_RECEIVER)

    def push(self, part: str, to: str, key: str) -> ApiRequest:
        letter = {
            "from": self.settings.address,
            "name": self.settings.name,
            "to": to,
            "subject": self.settings.subject,
            "text": clean(part),
            "key": key,
            "references": [],
            "asked": False,
        }
        return ApiRequest("/send", {"letter": letter})

    def push_media(self, shown: Shown, to: str, key: str) -> ApiRequest:
        assert shown.media
        media = shown.media
        letter = self.push(shown.words or shown.title or media.name, to, key)
        return replace(letter, upload=FormFile("file", media.name, media.content, media.type))

    def continued(self, request: ApiRequest, thread: str) -> ApiRequest:
        """In the thread of what it answers."""
        try:
            told = json.loads(thread)
            subject, references = str(told["subject"]), [str(one) for one in told["references"]]
        except (ValueError, KeyError, TypeError):
            return request
        letter = dict((request.body or {}).get("letter") or {})
        is_answer = subject.lower().startswith(("re:", "回复:", "回复：", "答复:", "aw:"))
        letter |= {
            "subject": subject if is_answer else f"Re: {subject}",
            "references": references,
            "asked": True,
        }
        return replace(request, body={**(request.body or {}), "letter": letter})

    def pushed(self, answer: ApiAnswer) -> None:
        codes.check(answer.data)
        if answer.data.get("sent") is not True:
            raise SendFailed(guide.UNREADABLE, code="uncertain")

    def probed(self, answer: ApiAnswer) -> bool:
        codes.check(answer.data)
        return True

    # Owner

    def questions(self) -> Sequence[Question]:
        return [Question("mailbox", guide.SIGNS_IN, ApiRequest("/check", {}), self._signed_in)]

    def _signed_in(self, answer: ApiAnswer) -> Told:
        codes.check(answer.data)
        return Told(True, guide.SIGNED_IN)

    def seen_address(self, answer: ApiAnswer) -> str:
        return ""


CHANNEL = Email
