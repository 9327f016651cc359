"""A WeChat Mini Program of the owner's: people sign in by wx.login and talk to us directly, or write in its
customer-service window, whose messages WeChat pushes to us. Both are one person and one conversation: each is
answered where they wrote.

https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/login.html
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar
from urllib.parse import urlsplit

from runtime.channels import (
    AddressCheck,
    ApiAnswer,
    ApiRequest,
    Arrivals,
    AsksWho,
    BringsKit,
    Channel,
    Domain,
    Guide,
    Guides,
    Kit,
    Limits,
    Note,
    Profile,
    SignedIn,
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
from runtime.channels._tencent.answers import errcode
from runtime.channels._tencent.crypto import Seen, check_signature
from runtime.channels._tencent.inspecting import told
from runtime.channels._tencent.refusals import reason, shown
from runtime.channels._tencent.sealed import MAX_BODY, MAX_SKEW, Sealed, check_age, console_check, stamp
from runtime.channels._tencent.unionid import unionid
from runtime.channels._text.markdown import to_chat_text
from runtime.channels._text.split import split
from runtime.channels.miniprogram import guide
from runtime.channels.miniprogram.account import Account
from runtime.channels.miniprogram.api import MiniProgramApi
from runtime.channels.miniprogram.codes import ANSWERS, OTHER_CODE
from runtime.channels.miniprogram.guide import NAME
from runtime.channels.miniprogram.kit import KIT
from runtime.channels.miniprogram.pushes import CONTAINER, OPENID, to_message
from runtime.errors import Compared, Refused
from runtime.lang import Text
from runtime.message import Event
from runtime.person import Described
from runtime.schema import About

CODE = re.compile(r"[\w-]{8,128}", re.ASCII)
NO_CODE = Text("请给出 wx.login 的 code。", "Give the code of wx.login.")
MAX_BYTES = 2048
"""Of one text in the customer-service window."""


class MiniProgram(MiniProgramApi, AsksWho, Verifies, Guides, BringsKit, Channel):
    about = About(
        Text("微信小程序", "WeChat Mini Program"),
        Text("自己的小程序里和智能体聊天", "People talk to the agent in your own Mini Program"),
        icon="wechat",
        color="#07c160",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    Settings = Account
    limits: ClassVar[Limits] = Limits(MAX_BYTES)
    words: ClassVar[Words] = guide.WORDS
    symptoms: ClassVar[Sequence[Symptom]] = guide.SYMPTOMS
    guide: ClassVar[Guide] = guide.GUIDE
    tells: ClassVar[Collection[Event]] = frozenset({"opened"})
    proven_codes: ClassVar[frozenset[str]] = frozenset({"decrypt", "receive_id", "account"})
    ports: ClassVar[frozenset[int]] = frozenset({80, 443})
    patience: ClassVar[float] = 5
    verified_by: ClassVar[frozenset[str]] = frozenset({"token", "encoding_aes_key", "mode"})
    proof: ClassVar[str] = "code"
    needs_proof: ClassVar[bool] = True
    known_by: ClassVar[Note] = Note(
        Text("微信给这个小程序的用户编号（OpenID）", "Your id in this Mini Program (OpenID)"),
        Text("用来登录，认出是同一个人", "To sign in and to know you again"),
    )
    kit: ClassVar[Kit] = KIT
    domain: ClassVar[Domain | None] = NAME

    def __init__(self, settings: Account) -> None:
        super().__init__(settings)
        self._token = settings.token.get_secret_value()
        self._sealed: Sealed | None = None
        self._seen = Seen(MAX_SKEW)
        if self._token and settings.mode == "safe":
            key = settings.encoding_aes_key.get_secret_value()
            self._sealed = Sealed(self._token, key, settings.app_id)

    @property
    def in_kit(self) -> Mapping[str, Mapping[str, str]]:
        return {
            "project.config.json": {"appid": self.settings.app_id},
            "config.js": {"template": self.settings.template_id},
        }

    @classmethod
    def explain(cls, code: str) -> Text:
        return ANSWERS.explain(code) or reason(code, cls.words)

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        """As its customer-service window shows it; pages of ours get the Markdown."""
        return split(to_chat_text(markdown), MAX_BYTES - 200)

    @property
    def is_called(self) -> bool:
        """Only what is pushed comes so: who signs in needs nothing of it."""
        return bool(self._token)

    @property
    def caution(self) -> Note | None:
        return guide.PLAIN if self._token and not self._sealed else None

    def signs_in(self, proof: str, now: float) -> ApiRequest:
        if not CODE.fullmatch(proof):
            raise Refused(NO_CODE, code="proof")
        query = {
            "appid": self.settings.app_id,
            "secret": self.settings.app_secret.get_secret_value(),
            "js_code": proof,
            "grant_type": "authorization_code",
        }
        return ApiRequest("/sns/jscode2session", query=query)

    def told_who(self, answer: ApiAnswer) -> SignedIn:
        code, openid = errcode(answer.data), answer.data.get("openid")
        if code not in ("", "0") or not isinstance(openid, str) or not OPENID.fullmatch(openid):
            failure = ANSWERS.failure(answer.data)
            if failure.code in OTHER_CODE:
                raise Refused(failure.text, code="proof")
            raise failure
        return SignedIn(openid, Described(unionid(answer.data)))

    def receive(self, request: WebRequest, now: float) -> Arrivals:
        if request.method == "POST" and len(request.body) <= 200 and CONTAINER in request.body:
            return Arrivals(response=self.acknowledge())  # changes nothing, whoever asks
        if not self._token or request.method not in ("GET", "POST"):
            raise refused("method")
        if request.method == "GET":
            return Arrivals(response=self._verify(request, now))
        if len(request.body) > MAX_BODY:
            raise refused("too_large")
        body = self._open(request, now)
        fields = _fields(body)
        own = self.settings.original_id
        if own and fields.get("ToUserName") != own:
            addressed = shown(fields.get("ToUserName", ""))
            raise refused("account", Compared(guide.ORIGINAL_ID, own, addressed))
        if inspected := told(body, fields):
            return Arrivals(inspected=inspected, response=self.acknowledge())
        message = to_message(fields)
        return Arrivals((message,)) if message else Arrivals(response=self.acknowledge())

    def acknowledge(self) -> WebResponse:
        """What stands in a response is shown to nobody there: answers are pushed."""
        return WebResponse("success")

    def address_check(self, mark: str, now: float) -> AddressCheck:
        return console_check(self._token, mark, now)

    def to_copy(self, address: str) -> Sequence[ToCopy]:
        host = urlsplit(address).netloc
        domains = [ToCopy(name, label, f"{scheme}://{host}") for name, label, scheme in guide.DOMAINS]
        if not host:
            domains = [ToCopy("domains", guide.NO_DOMAINS, choose=(guide.NO_HOST,))]
        if not self._token:
            return domains
        key = self.settings.encoding_aes_key.get_secret_value()
        return [
            ToCopy("url", guide.URL, address),
            ToCopy("token", guide.TOKEN, self._token),
            *([ToCopy("aes", guide.AES_KEY, key)] if key else []),
            ToCopy("mode", guide.MODE, choose=(guide.CHOOSE[self.settings.mode], guide.FORMAT)),
            *domains,
        ]

    @property
    def reminders(self) -> Sequence[Note]:
        return [guide.DOMAIN, guide.PRIVACY]

    def _verify(self, request: WebRequest, now: float) -> Verified:
        """Echo the console's challenge. Its age is not looked at: an echo repeated changes nothing."""
        timestamp, nonce = stamp(request.query)
        check_signature(request.query.get("signature", ""), self._token, timestamp, nonce)
        if not request.query.get("echostr"):
            raise refused("signature")
        if self._sealed is None:
            self._seen.bind(timestamp, nonce, b"", now)
        return Verified(request.query["echostr"], mark=nonce)

    def _open(self, request: WebRequest, now: float) -> bytes:
        """The body of an authentic push, in the clear. Raises Refused."""
        if (request.query.get("encrypt_type", "raw") == "aes") != (self._sealed is not None):
            sent = "safe" if self._sealed is None else "plain"
            raise refused("downgrade", Compared(guide.MODE, self.settings.mode, sent))
        if self._sealed is not None:
            outer = _fields(request.body)
            if "Encrypt" not in outer:
                raise refused("downgrade")
            return self._sealed.open(request.query, outer["Encrypt"], now)
        timestamp, nonce = stamp(request.query)
        check_signature(request.query.get("signature", ""), self._token, timestamp, nonce)
        check_age(timestamp, now)
        self._seen.bind(timestamp, nonce, request.body, now)
        return request.body


def _fields(body: bytes) -> dict[str, str]:
    return json_body.parse(body) if body.startswith(b"{") else xml_body.parse(body)


CHANNEL = MiniProgram
