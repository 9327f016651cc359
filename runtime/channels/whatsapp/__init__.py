"""A WhatsApp business number by Meta's Cloud API: it calls us, answers are sent.

https://developers.facebook.com/docs/whatsapp/cloud-api (Graph v25.0)
"""

import hashlib
import hmac
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from runtime import wellformed
from runtime.channels import (
    AddressCheck,
    Announces,
    ApiAnswer,
    ApiRequest,
    Arrivals,
    Channel,
    ChoiceLimits,
    Chooses,
    Codes,
    Guide,
    Guides,
    Judged,
    Limits,
    Note,
    Profile,
    Rate,
    Symptom,
    ToCopy,
    TypesUnder,
    Verified,
    Verifies,
    WebRequest,
    WebResponse,
    Words,
)
from runtime.channels._border.refusals import reason, refused
from runtime.channels._text import marked_up
from runtime.channels._text.marked_up import BOLD, CODE, ITALIC, PRE, STRUCK, Style
from runtime.channels._text.printable import clean
from runtime.channels.whatsapp import codes as answers
from runtime.channels.whatsapp import guide
from runtime.channels.whatsapp.account import Account, new_token
from runtime.channels.whatsapp.media import NumberMedia
from runtime.channels.whatsapp.messages import ID, PHONE, SCOPED, bounces, messages, receiver, values
from runtime.choices import Choices, are_chinese
from runtime.errors import SendFailed, Wrong
from runtime.lang import Text
from runtime.message import Event, Message, Quota
from runtime.schema import About

MOST = 4096
"""Characters of one text. https://developers.facebook.com/docs/whatsapp/cloud-api/messages/text-messages"""
LARGEST = 1024 * 1024
DEEPEST = 30
DAY = 24 * 3600.0
WINDOW = DAY - 60.0
MONTH = 30 * DAY
IN_TEMPLATE = 1024
BUTTONS = 3
"""More than so many are a list."""
SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})")
CHALLENGE = re.compile(r"[A-Za-z0-9_.-]{1,256}")
STYLE = Style(
    most=MOST,
    size=len,
    escape=str,
    marks={
        BOLD: ("*", "*"),
        ITALIC: ("_", "_"),
        STRUCK: ("~", "~"),
        CODE: ("`", "`"),
        PRE: ("```\n", "\n```"),
    },
    quote="> ",
    edges=True,
)
NO_RECEIVER = Text(
    "要一个带国家码的电话号码（只有数字），或 WhatsApp 给的用户编号",
    "has to be a phone number with its country code (digits alone), or a user id of WhatsApp's",
)


class WhatsApp(NumberMedia, Judged, Chooses, Announces, TypesUnder, Verifies, Guides, Channel):
    about = About(
        Text("WhatsApp", "WhatsApp"),
        Text("任何人给商业号码发消息，智能体回答", "Anyone writes to the business number, the agent answers"),
        icon="phone",
        color="#25d366",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    Settings = Account
    settings: Account
    limits: ClassVar[Limits] = Limits(MOST, "characters")
    machines_write: ClassVar[bool] = True
    tells: ClassVar[Collection[Event]] = frozenset({"opened", "menu", "rated"})
    words: ClassVar[Words] = guide.WORDS
    symptoms: ClassVar[Sequence[Symptom]] = guide.SYMPTOMS
    guide: ClassVar[Guide] = guide.GUIDE
    verified_by: ClassVar[frozenset[str]] = frozenset({"verify_token", "app_secret"})
    proven_codes: ClassVar[frozenset[str]] = frozenset({"malformed"})
    ports: ClassVar[frozenset[int]] = frozenset()
    patience: ClassVar[float] = 5.0
    api_host: ClassVar[str] = "https://graph.facebook.com"
    api_host_setting: ClassVar[str] = "HONGYAN_WHATSAPP_API"
    codes: ClassVar[Codes] = answers.CODES
    rates: ClassVar[Sequence[Rate]] = (Rate(8, 6.0),)
    """One message in six seconds to one person, with bursts that later ones make up for (131056); the rest
    waits."""
    push_seconds: ClassVar[float] = MONTH
    knows_repeats: ClassVar[bool] = False
    typing_seconds: ClassVar[float] = 24.0
    choice_limits: ClassVar[ChoiceLimits] = ChoiceLimits(
        most=10, text=20, value=200, question=1024, in_bytes=False
    )

    @classmethod
    def suggest(cls) -> Mapping[str, str]:
        return {"verify_token": new_token()}

    @classmethod
    def explain(cls, code: str) -> Text:
        return reason(code, cls.words) or answers.explained(code)

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return marked_up.parts(markdown, STYLE)

    @property
    def account(self) -> str:
        return self.settings.phone_number_id

    def outgoing(self, request: ApiRequest) -> ApiRequest:
        """Files lie on another host of Meta's, which wants the token, too; see media_hosts."""
        token = self.settings.access_token.get_secret_value()
        return replace(request, headers={**request.headers, "Authorization": f"Bearer {token}"})

    # In

    def receive(self, request: WebRequest, now: float) -> Arrivals:
        if request.method == "GET":
            return Arrivals(response=self._verified(request.query))
        if request.method != "POST":
            raise refused("method")
        if len(request.body) > LARGEST:
            raise refused("too_large")
        given = SIGNATURE.fullmatch(request.headers.get("x-hub-signature-256", ""))
        if not given or not hmac.compare_digest(given[1].encode(), self._proof(request.body)):
            raise refused("signature")
        try:
            told = wellformed.load(request.body, largest=LARGEST, deepest=DEEPEST)
        except ValueError:
            raise refused("malformed") from None
        if not isinstance(told, dict) or told.get("object") != "whatsapp_business_account":
            raise refused("malformed")
        found = list(values(told, self.account))
        came = [message for value in found for message in messages(value)]
        back = [bounce for value in found for bounce in bounces(value)]
        return Arrivals(came, bounces=back) if came or back else Arrivals(response=self.acknowledge())

    def acknowledge(self) -> WebResponse:
        return WebResponse("")

    def address_check(self, mark: str, now: float) -> AddressCheck:
        token = self.settings.verify_token.get_secret_value()
        query = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": mark}
        return AddressCheck(WebRequest("GET", query), mark.encode())

    def _verified(self, query: Mapping[str, str]) -> Verified:
        token = self.settings.verify_token.get_secret_value().encode()
        challenge = query.get("hub.challenge", "")
        if not hmac.compare_digest(query.get("hub.verify_token", "").encode("utf-8", "replace"), token):
            raise refused("signature")
        if query.get("hub.mode") != "subscribe" or not CHALLENGE.fullmatch(challenge):
            raise refused("malformed")
        return Verified(challenge, mark=challenge)

    def _proof(self, body: bytes) -> bytes:
        key = self.settings.app_secret.get_secret_value().encode()
        return hmac.new(key, body, hashlib.sha256).hexdigest().encode()

    # Out

    def quota(self, message: Message) -> Quota:
        """For a day anything; after it templates, where there is one."""
        return Quota(self.most_pushed, MONTH if self.settings.template else WINDOW)

    def answers_until(self, message: Message) -> float:
        """Later only a template is brought."""
        return message.at + WINDOW

    def check_receiver(self, to: str) -> None:
        if not PHONE.fullmatch(to) and not SCOPED.fullmatch(to):
            raise Wrong(NO_RECEIVER)

    def push(self, part: str, to: str, key: str) -> ApiRequest:
        return self.message("text", {"body": part, "preview_url": False}, to, key)

    def push_unasked(self, part: str, to: str, key: str) -> ApiRequest:
        """A template may always be sent, anything else for a day after what the person wrote."""
        if not self.settings.template:
            return self.push(part, to, key)
        words = " ".join(clean(part).split())  # a parameter has no line breaks
        if len(words) > IN_TEMPLATE:
            raise SendFailed(answers.explained(answers.TOO_LONG), code=answers.TOO_LONG)
        body = {"type": "body", "parameters": [{"type": "text", "text": words}]}
        language = {"code": self.settings.template_language}
        return self.message(
            "template", {"name": self.settings.template, "language": language, "components": [body]}, to, key
        )

    def message(self, kind: str, inner: Mapping[str, Any], to: str, key: str) -> ApiRequest:
        """What is said of it later comes with our key."""
        whole = {"messaging_product": "whatsapp", **receiver(to), "type": kind, kind: inner}
        path = self.path(f"/{self.settings.phone_number_id}/messages")
        return ApiRequest(path, {**whole, "biz_opaque_callback_data": f"{key} {to}"})

    def pushed(self, answer: ApiAnswer) -> None:
        listed = answer.data.get("messages")
        if not isinstance(listed, list) or not listed or "error" in answer.data:
            raise answers.failure(answer, unreadable="uncertain")

    def handle(self, answer: ApiAnswer) -> str:
        listed = answer.data.get("messages")
        told = listed[0] if isinstance(listed, list) and listed else None
        found = told.get("id") if isinstance(told, dict) else None
        return found if isinstance(found, str) and ID.fullmatch(found) else ""

    def probe(self) -> ApiRequest:
        return ApiRequest(self.path(f"/{self.settings.phone_number_id}"), query={"fields": "id"})

    def probed(self, answer: ApiAnswer) -> bool:
        if answer.data.get("id") != self.settings.phone_number_id:
            raise answers.failure(answer)
        return True

    def typing_under(self, thread: str) -> ApiRequest:
        """It also marks the message as read."""
        read = {"messaging_product": "whatsapp", "status": "read", "message_id": thread}
        path = self.path(f"/{self.settings.phone_number_id}/messages")
        return ApiRequest(path, {**read, "typing_indicator": {"type": "text"}})

    def typed(self, answer: ApiAnswer) -> None:
        if answer.data.get("success") is not True:
            raise answers.failure(answer)

    def push_choices(self, choices: Choices, to: str, key: str, after: Message | None = None) -> ApiRequest:
        return self.message("interactive", _offered(choices), to, key)

    # Its owner

    def to_copy(self, address: str) -> Sequence[ToCopy]:
        token = self.settings.verify_token.get_secret_value()
        return [
            ToCopy("url", Text("回调网址", "Callback URL"), address),
            ToCopy("token", Text("验证令牌", "Verify token"), token),
            ToCopy("field", Text("Webhook 字段", "Webhook field"), choose=[Text("messages", "messages")]),
        ]

    @property
    def reminders(self) -> Sequence[Note]:
        return [guide.SUBSCRIBE]


def _offered(choices: Choices) -> dict[str, Any]:
    """Up to three buttons; more are a list behind one."""
    body = {"text": choices.question}
    if len(choices.options) <= BUTTONS:
        buttons = [
            {"type": "reply", "reply": {"id": one.value, "title": clean(one.text)}} for one in choices.options
        ]
        return {"type": "button", "body": body, "action": {"buttons": buttons}}
    rows = [{"id": one.value, "title": clean(one.text)} for one in choices.options]
    button = "请选择" if are_chinese(choices.question, choices.options) else "Choose"
    return {
        "type": "list",
        "body": body,
        "action": {"button": button, "sections": [{"title": button, "rows": rows}]},
    }


CHANNEL = WhatsApp
