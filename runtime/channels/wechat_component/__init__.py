"""Official Accounts whose owners consented to a third-party platform (开放平台第三方平台) of ours.

They are what any Official Account is, but for where their tokens come from and whose key seals the messages.
https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/product/how_to_read.html
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import urlsplit

from runtime.channels import (
    ApiAnswer,
    ApiRequest,
    Application,
    Codes,
    Consents,
    Guide,
    Note,
    Profile,
    Scope,
    ToCopy,
    Trial,
    WebRequest,
    WebResponse,
    Words,
)
from runtime.channels._consenting import Fresh, Kept
from runtime.channels._tencent.answers import Answers
from runtime.channels.wechat import WeChat
from runtime.channels.wechat_component import guide, scopes, trials
from runtime.channels.wechat_component.account import Authorized
from runtime.channels.wechat_component.application import API, REFRESH, SECRET, Component, refreshed
from runtime.channels.wechat_component.codes import ANSWERS, CODES, NO_CONSENT, TEXTS
from runtime.errors import SendFailed
from runtime.lang import Text
from runtime.schema import About, Strict

SHARED = frozenset({"component_app_id", "component_app_secret", "token", "encoding_aes_key", "released"})
NEEDED: Sequence[tuple[frozenset[str], Scope]] = (
    (frozenset({"1", "19", "100", "101"}), guide.MESSAGES),
    (frozenset({"11"}), guide.MATERIAL),
    (frozenset({"15"}), guide.MENUS),
    (frozenset({"6"}), guide.SERVICERS),
)
"""Any of these permission sets allows it."""
MINI_PROGRAMS = frozenset({"17", "18", "19"})
"""Permission sets that only these have; neither material nor menus are theirs."""


class WeChatComponent(Consents, WeChat):
    about = About(
        Text("公众号（扫码授权）", "Official Account (by consent)"),
        Text(
            "公众号的管理员扫一次码就接好，不用交出 AppSecret",
            "The account's administrator scans once; no AppSecret is given away",
        ),
        icon="wechat",
        color="#07c160",
    )
    settings: Authorized
    Settings: ClassVar[type[Strict]] = Authorized
    profile: ClassVar[Profile] = guide.PROFILE
    words: ClassVar[Words] = guide.WORDS
    guide: ClassVar[Guide] = guide.GUIDE
    codes: ClassVar[Codes] = CODES
    answers: ClassVar[Answers] = ANSWERS
    verified_by: ClassVar[frozenset[str]] = frozenset({"token", "encoding_aes_key"})
    yields: ClassVar[frozenset[str]] = frozenset({"app_id", "original_id", "nick_name", "permissions"})
    most_codes: ClassVar[int] = 3
    code_seconds: ClassVar[float] = 1500.0
    """It lives for 1800, and consenting takes a while."""
    shared: ClassVar[frozenset[str]] = SHARED
    named_by: ClassVar[str] = "component_app_id"

    @property
    def application(self) -> Application:
        return Component(self.settings)

    def of(self, account: str, brought: Mapping[str, str]) -> "WeChatComponent":
        return WeChatComponent(self.settings.model_copy(update={**brought, "app_id": account}))

    @property
    def is_joined(self) -> bool:
        return bool(self.settings.app_id)

    @property
    def may_push(self) -> bool:
        return self.is_joined and self.settings.push

    # Its tokens

    @property
    def kept_as(self) -> str:
        return f"{self.settings.component_app_id} {self.settings.app_id}"

    @property
    def bearer(self) -> Application:
        return self.application

    def token_request(self) -> ApiRequest:
        return self._token_request("")

    def fresh_request(self, kept: Kept) -> ApiRequest:
        if not kept.get(REFRESH):
            raise SendFailed(TEXTS[NO_CONSENT], code=NO_CONSENT)
        return self._token_request(kept[REFRESH])

    def _token_request(self, refresh_token: str) -> ApiRequest:
        body = {
            "component_appid": self.settings.component_app_id,
            "authorizer_appid": self.settings.app_id,
            "authorizer_refresh_token": refresh_token,
        }
        return ApiRequest(f"{API}/api_authorizer_token", body)

    def fresh(self, answer: ApiAnswer) -> Fresh:
        return refreshed(answer)

    # What its owner is told

    def to_copy(self, address: str) -> Sequence[ToCopy]:
        """`address`: the application's own; below it messages of each account have theirs."""
        domain = urlsplit(address).hostname or ""
        return [
            ToCopy("url", guide.EVENTS_URL, address),
            ToCopy("messages_url", guide.MESSAGES_URL, f"{address}/$APPID$"),
            ToCopy("token", guide.TOKEN, self.settings.token.get_secret_value()),
            ToCopy("aes", guide.AES_KEY, self.settings.encoding_aes_key.get_secret_value()),
            *([ToCopy("domain", guide.DOMAIN, domain)] if domain else []),
        ]

    @property
    def allowed(self) -> Sequence[Text]:
        return scopes.names(self.settings.allowed)

    @property
    def missing(self) -> Sequence[Scope]:
        if not self.is_joined or not self.settings.permissions:
            return ()
        has, settings = self.settings.allowed, self.settings
        lacks = [scope for of, scope in NEEDED if not of & has]
        if has & MINI_PROGRAMS:
            lacks = [scope for scope in lacks if scope not in (guide.MATERIAL, guide.MENUS)]
        return [scope for scope in lacks if scope is not guide.SERVICERS or settings.handover]

    @property
    def reminders(self) -> Sequence[Note]:
        lacks = [
            Note(guide.NOT_ALLOWED.fill(scope=one.title), guide.AGAIN.fill(why=one.why))
            for one in self.missing
        ]
        return [*lacks, guide.ALLOW_LIST]

    # Before the third-party platform is released

    @property
    def trials(self) -> Mapping[str, Mapping[str, str]]:
        return {} if self.settings.released else trials.TRIALS

    def tried(self, request: WebRequest, now: float) -> Trial:
        arrivals = self.receive(request, now)
        message = next(iter(arrivals.messages), None)
        if message is None or message.kind != "text":
            return Trial(arrivals.response or self.acknowledge())
        if message.text == trials.TEXT:
            return Trial(self.respond(message, trials.ANSWERED, now))
        code = message.text.removeprefix(trials.ASKS)
        if code == message.text or not SECRET.fullmatch(code):
            return Trial(self.acknowledge())
        return Trial(WebResponse(""), code, trials.PUSHED.format(code=code), message.sender)


CHANNEL = WeChatComponent
