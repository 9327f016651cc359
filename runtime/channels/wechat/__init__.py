"""WeChat Official Account: callbacks in, passive replies and customer-service messages out.

https://developers.weixin.qq.com/doc/service/guide/dev/push/
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar
from urllib.parse import quote

from runtime.channels import (
    AddressCheck,
    Arrivals,
    Channel,
    Guide,
    Guides,
    Limits,
    Managed,
    Note,
    Profile,
    RespondsMedia,
    Shown,
    Symptom,
    ToCopy,
    Verified,
    Verifies,
    WebRequest,
    WebResponse,
    Words,
)
from runtime.channels._border.refusals import refused
from runtime.channels._tencent import json_body, xml_body
from runtime.channels._tencent.credentials import new_aes_key, new_token
from runtime.channels._tencent.crypto import Seen, check_signature
from runtime.channels._tencent.inspecting import told
from runtime.channels._tencent.refusals import reason, shown
from runtime.channels._tencent.sealed import MAX_BODY, MAX_SKEW, Sealed, check_age, console_check, stamp
from runtime.channels._tencent.symptoms import SYMPTOMS
from runtime.channels._tencent.xml_body import Value
from runtime.channels._text.markdown import to_chat_text
from runtime.channels._text.printable import clean
from runtime.channels._text.split import split
from runtime.channels.wechat import guide
from runtime.channels.wechat.account import Account, Known
from runtime.channels.wechat.api import AccountApi
from runtime.channels.wechat.desk import Desk
from runtime.channels.wechat.managing import AccountManagement
from runtime.channels.wechat.media import AccountMedia, passive
from runtime.channels.wechat.pushes import EVENTS, to_message
from runtime.errors import Compared
from runtime.lang import Text
from runtime.message import Event, Message
from runtime.schema import About, Strict

MAX_BYTES = 2048
"""Of one text; the documentation names no limit for pushed ones, and 45002 exists."""
ROOM_TO_TAP = 200
"""Bytes of each part left free for a link to the rest of the answer."""


class WeChat(AccountApi, AccountMedia, Desk, Managed, RespondsMedia, Verifies, Guides, Channel):
    about = About(
        Text("微信公众号", "WeChat Official Account"),
        Text("关注者发来消息，智能体在微信里回答", "Followers write, the agent answers in WeChat"),
        icon="wechat",
        color="#07c160",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    settings: Known
    Settings: ClassVar[type[Strict]] = Account
    Management = AccountManagement
    limits: ClassVar[Limits] = Limits(MAX_BYTES)
    tells: ClassVar[Collection[Event]] = frozenset(EVENTS.values())
    window: ClassVar[float] = 4.5
    person_in: ClassVar[str] = "openid"
    attempts: ClassVar[int] = 3
    proven_codes: ClassVar[frozenset[str]] = frozenset({"decrypt", "receive_id", "account"})
    ports: ClassVar[frozenset[int]] = frozenset({80, 443})
    patience: ClassVar[float] = 5
    words: ClassVar[Words] = guide.WORDS
    symptoms: ClassVar[Sequence[Symptom]] = SYMPTOMS
    guide: ClassVar[Guide] = guide.GUIDE
    verified_by: ClassVar[frozenset[str]] = frozenset({"token", "encoding_aes_key", "mode"})

    def __init__(self, settings: Known) -> None:
        super().__init__(settings)
        self._token = settings.token.get_secret_value()
        self._sealed: Sealed | None = None
        self._seen = Seen(MAX_SKEW)
        if settings.mode == "safe":
            key = settings.encoding_aes_key.get_secret_value()
            self._sealed = Sealed(self._token, key, settings.receive_id)

    @classmethod
    def suggest(cls) -> dict[str, str]:
        return {"token": new_token(), "encoding_aes_key": new_aes_key()}

    @classmethod
    def explain(cls, code: str) -> Text:
        return cls.answers.explain(code) or reason(code, cls.words)

    def receive(self, request: WebRequest, now: float) -> Arrivals:
        if request.method == "GET":
            return Arrivals(response=self._verify(request.query, now))
        if request.method != "POST":
            raise refused("method")
        if len(request.body) > MAX_BODY:
            raise refused("too_large")
        body = self._open(request, now)
        fields = _fields(body)
        if fields.get("ToUserName") != self.settings.original_id:
            raise refused("account", self._mine(fields.get("ToUserName", "")))
        if inspected := told(body, fields):
            return Arrivals(inspected=inspected, response=self.acknowledge())
        message = to_message(fields)
        if message is None:
            return Arrivals(response=self.acknowledge())
        if _is_json(body):
            message = replace(message, data={**message.data, "wire": "json"})
        return Arrivals((message,))

    def respond(self, message: Message, part: str, now: float) -> WebResponse:
        """A passive text reply, in the data format of the push that it answers."""
        text = clean(part)
        if not text.strip():
            # an XML message with empty Content is shown to the person as a fault of the account
            return self.acknowledge()
        return self._reply(message, {"MsgType": "text", "Content": text}, now)

    def respond_media(self, message: Message, shown: Shown, now: float) -> WebResponse:
        return self._reply(message, passive(shown), now)

    def handed(self, message: Message, now: float) -> WebResponse | None:
        servicer = self.settings.kf_account
        more: Mapping[str, Value] = {"TransInfo": {"KfAccount": servicer}} if servicer else {}
        return self._reply(message, {"MsgType": "transfer_customer_service", **more}, now)

    def _reply(self, message: Message, content: Mapping[str, Value], now: float) -> WebResponse:
        reply: dict[str, Value] = {
            "ToUserName": message.sender,
            "FromUserName": self.settings.original_id,
            "CreateTime": int(now),
            **content,
        }
        is_json = message.data.get("wire") == "json"
        build = json_body.build if is_json else xml_body.build
        body = build(reply)
        if self._sealed is not None:
            body = build(self._sealed.seal(body, now))
        return WebResponse(body, content_type=f"application/{'json' if is_json else 'xml'}; charset=utf-8")

    def acknowledge(self) -> WebResponse:
        return WebResponse("success")

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return split(to_chat_text(markdown), MAX_BYTES - ROOM_TO_TAP)

    @classmethod
    def invite(cls, label: str, url: str, word: str) -> str:
        """Without a page of ours, a link that sends `word` as if the person had typed it."""
        href = url or f"weixin://bizmsgmenu?msgmenucontent={quote(word)}&msgmenuid=1"
        return f'<a href="{href}">{label}</a>'

    @property
    def caution(self) -> Note | None:
        return None if self._sealed else guide.PLAIN

    def address_check(self, mark: str, now: float) -> AddressCheck:
        return console_check(self._token, mark, now)

    def to_copy(self, address: str) -> Sequence[ToCopy]:
        key = self.settings.encoding_aes_key.get_secret_value()
        return [
            ToCopy("url", guide.URL, address),
            ToCopy("token", guide.TOKEN, self._token),
            *([ToCopy("aes", guide.AES_KEY, key)] if key else []),
            ToCopy("mode", guide.MODE, choose=(guide.CHOOSE[self.settings.mode], guide.FORMAT)),
        ]

    @property
    def reminders(self) -> Sequence[Note]:
        return [guide.ALLOW_LIST] if self.settings.push else []

    def _verify(self, query: Mapping[str, str], now: float) -> Verified:
        """Echo the console's challenge. Its age is not looked at: an echo repeated changes nothing."""
        timestamp, nonce = stamp(query)
        self._check(query, timestamp, nonce)
        if not query.get("echostr"):
            raise refused("signature")
        if self._sealed is None:
            self._seen.bind(timestamp, nonce, b"", now)
        return Verified(query["echostr"], mark=nonce)

    def _open(self, request: WebRequest, now: float) -> bytes:
        """The body of an authentic push, in the clear. In compatible mode that is the encrypted copy only."""
        if (request.query.get("encrypt_type", "raw") == "aes") != (self._sealed is not None):
            sent = "safe" if self._sealed is None else "plain"
            raise refused("downgrade", Compared(guide.MODE, self.settings.mode, sent))
        if self._sealed is None:
            timestamp, nonce = stamp(request.query)
            self._check(request.query, timestamp, nonce)
            check_age(timestamp, now)
            self._seen.bind(timestamp, nonce, request.body, now)
            return request.body

        outer = _fields(request.body)
        if "Encrypt" not in outer:
            raise refused("downgrade")
        # WeChat: with encrypt_type=aes ignore `signature`, it does not cover the body
        inner = self._sealed.open(request.query, outer["Encrypt"], now)
        if outer.get("ToUserName", self.settings.original_id) != self.settings.original_id:
            raise refused("account", self._mine(outer["ToUserName"]))
        return inner

    def _check(self, query: Mapping[str, str], timestamp: str, nonce: str) -> None:
        """Raises Refused."""
        account = self.settings
        mistaken = {
            "EncodingAESKey": account.encoding_aes_key.get_secret_value(),
            "AppSecret": account.app_secret.get_secret_value(),
            "AppID": account.app_id,
        }
        check_signature(query.get("signature", ""), self._token, timestamp, nonce, mistaken=mistaken)

    def _mine(self, addressed: str) -> Compared:
        return Compared(guide.ORIGINAL_ID, self.settings.original_id, shown(addressed))


def _fields(body: bytes) -> dict[str, str]:
    return json_body.parse(body) if _is_json(body) else xml_body.parse(body)


def _is_json(body: bytes) -> bool:
    """The console lets the owner choose between XML and JSON."""
    return body.startswith(b"{")


CHANNEL = WeChat
