"""A third-party platform as WeChat sees it: what it is told, and what it asks.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Authorization_Process_Technical_Description.html
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlencode

from runtime.channels import AccessToken, ApiAnswer, ApiRequest, Application, Codes, WebRequest, WebResponse
from runtime.channels._border.refusals import refused
from runtime.channels._consenting import Consented, ConsentPage, Fresh, Kept, Proof, Tidings
from runtime.channels._tencent.sealed import Sealed
from runtime.channels._text.printable import clean
from runtime.channels.wechat_component.account import Authorized
from runtime.channels.wechat_component.codes import ANSWERS, CODES, NO_TICKET, TEXTS
from runtime.errors import Compared, SendFailed
from runtime.lang import Text

API = "/cgi-bin/component"
COMPUTER = "https://mp.weixin.qq.com/cgi-bin/componentloginpage"
PHONE = "https://open.weixin.qq.com/wxaopen/safe/bindcomponent"
ANY_KIND = "3"
"""Official Accounts and Mini Programs may be chosen."""
TICKET, REFRESH = "ticket", "refresh_token"
"""Names of what is kept."""
SECRET = re.compile(r"[!-~]{1,1024}")
"""A ticket, code or token of the platform's."""
APP_ID = re.compile(r"wx[A-Za-z0-9]{10,30}")
TIME = re.compile(r"[0-9]{1,10}")
MOST_SCOPES = 200
LONGEST_NAME = 60
APPLICATION = Text("第三方平台 AppID", "Third-party platform's AppID")


class Component(Application):
    api_host: ClassVar[str] = "https://api.weixin.qq.com"
    api_host_setting: ClassVar[str] = "HONGYAN_WECHAT_API"
    codes: ClassVar[Codes] = CODES
    prompt_seconds: ClassVar[float] = 3600.0
    """It comes every 10 minutes."""

    def __init__(self, settings: Authorized) -> None:
        self._settings = settings
        key = settings.encoding_aes_key.get_secret_value()
        self._sealed = Sealed(settings.token.get_secret_value(), key, settings.component_app_id)

    @property
    def account(self) -> str:
        return self._settings.component_app_id

    @property
    def kept_as(self) -> str:
        return self.account

    @property
    def bearer(self) -> None:
        return None

    def token_request(self) -> ApiRequest:
        return self._token_request("")

    def fresh_request(self, kept: Kept) -> ApiRequest:
        if not kept.get(TICKET):
            raise SendFailed(TEXTS[NO_TICKET], code=NO_TICKET)
        return self._token_request(kept[TICKET])

    def _token_request(self, ticket: str) -> ApiRequest:
        body = {
            "component_appid": self.account,
            "component_appsecret": self._settings.component_app_secret.get_secret_value(),
            "component_verify_ticket": ticket,
        }
        return ApiRequest(f"{API}/api_component_token", body)

    def fresh(self, answer: ApiAnswer) -> Fresh:
        given = answer.data.get("component_access_token")
        return Fresh(ANSWERS.token({**answer.data, "access_token": given}))

    def authorized(self, request: ApiRequest, token: str) -> ApiRequest:
        """By the name of today's papers, and by the one of yesterday's."""
        return replace(
            request, query={**request.query, "access_token": token, "component_access_token": token}
        )

    def told(self, request: WebRequest, now: float) -> Tidings:
        fields = self._sealed.posted(request, now)
        if fields.get("AppId") != self.account:
            raise refused("account", Compared(APPLICATION, self.account, fields.get("AppId", "")[:64]))
        done = WebResponse("success")
        match fields.get("InfoType", ""):
            case "component_verify_ticket":
                return Tidings(done, kept={TICKET: _given(SECRET, fields, "ComponentVerifyTicket")})
            case "authorized" | "updateauthorized" | "unauthorized" as event:
                return Tidings(done, consent=_consented(event, fields))
        return Tidings(done)

    def prompt_request(self) -> ApiRequest:
        secret = self._settings.component_app_secret.get_secret_value()
        return ApiRequest(
            f"{API}/api_start_push_ticket", {"component_appid": self.account, "component_secret": secret}
        )

    def page_request(self) -> ApiRequest:
        return self._asks("api_create_preauthcode")

    def page(self, answer: ApiAnswer, back: str, account: str) -> ConsentPage:
        code = _secret(answer, answer.data, "pre_auth_code")
        query = {"component_appid": self.account, "pre_auth_code": code, "redirect_uri": back}
        query |= {"auth_type": ANY_KIND, **({"biz_appid": account} if account else {})}
        phone = urlencode({"action": "bindcomponent", "no_scan": "1", **query})
        return ConsentPage(code, f"{PHONE}?{phone}#wechat_redirect", f"{COMPUTER}?{urlencode(query)}")

    def proof_request(self, code: str) -> ApiRequest:
        return self._asks("api_query_auth", authorization_code=code)

    def proof(self, answer: ApiAnswer) -> Proof:
        return _proof(answer, answer.data.get("authorization_info"))

    def account_request(self, account: str) -> ApiRequest:
        return self._asks("api_get_authorizer_info", authorizer_appid=account)

    def account_told(self, answer: ApiAnswer) -> tuple[Mapping[str, str], Proof]:
        proof = _proof(answer, answer.data.get("authorization_info"))
        info = answer.data.get("authorizer_info")
        known = info if isinstance(info, Mapping) else {}
        name = known.get("nick_name")
        settings = {
            "app_id": proof.account,
            "original_id": _secret(answer, known, "user_name"),
            "nick_name": clean(name)[:LONGEST_NAME] if isinstance(name, str) else "",
            "permissions": ",".join(_scopes(answer.data["authorization_info"].get("func_info"))),
        }
        return settings, proof

    def _asks(self, name: str, **more: str) -> ApiRequest:
        return ApiRequest(f"{API}/{name}", {"component_appid": self.account, **more})


def refreshed(answer: ApiAnswer) -> Fresh:
    """A new token of an account's, and what the next one hangs on. Raises SendFailed."""
    kept = {REFRESH: _secret(answer, answer.data, "authorizer_refresh_token")}
    return Fresh(_token(answer, answer.data), kept)


def _token(answer: ApiAnswer, data: Mapping[str, Any]) -> AccessToken:
    said = {name: answer.data[name] for name in ("errcode", "errmsg") if name in answer.data}
    given = {"access_token": data.get("authorizer_access_token"), "expires_in": data.get("expires_in")}
    return ANSWERS.token({**said, **given})


def _proof(answer: ApiAnswer, info: object) -> Proof:
    if not isinstance(info, Mapping):
        raise ANSWERS.failure(answer.data)
    account = info.get("authorizer_appid")
    if not isinstance(account, str) or not APP_ID.fullmatch(account):
        raise ANSWERS.failure(answer.data)
    name = "authorizer_refresh_token"
    kept = {REFRESH: _secret(answer, info, name)} if info.get(name) else {}
    token = _token(answer, info) if info.get("authorizer_access_token") else None
    return Proof(account, kept, token)


def _scopes(listed: object) -> list[str]:
    """By number, in order, each once."""
    found = set[int]()
    for one in listed[:MOST_SCOPES] if isinstance(listed, list) else ():
        scope = one.get("funcscope_category") if isinstance(one, Mapping) else None
        number = scope.get("id") if isinstance(scope, Mapping) else None
        if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 10**6:
            found.add(number)
    return [str(one) for one in sorted(found)]


def _secret(answer: ApiAnswer, data: Mapping[str, Any], name: str) -> str:
    """Raises SendFailed."""
    value = data.get(name)
    if not isinstance(value, str) or not SECRET.fullmatch(value):
        raise ANSWERS.failure(answer.data)
    return value


def _consented(event: str, fields: Mapping[str, str]) -> Consented:
    account, at = _given(APP_ID, fields, "AuthorizerAppid"), _given(TIME, fields, "CreateTime")
    if event == "unauthorized":
        return Consented(account, float(at), is_over=True)
    code, ticket = fields.get("AuthorizationCode", ""), fields.get("PreAuthCode", "")
    for one in (code, ticket):
        if one and not SECRET.fullmatch(one):
            raise refused("malformed")
    return Consented(account, float(at), code=code, ticket=ticket)


def _given(form: re.Pattern[str], fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name, "")
    if not form.fullmatch(value):
        raise refused("malformed")
    return value
