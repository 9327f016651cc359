"""WeCom: a member of the enterprise scans a code, or opens the page in WeCom.

Sources: developer.work.weixin.qq.com/document/path/98152 (the login page), 91022 (inside of WeCom), 91039
(gettoken), 91023 (auth/getuserinfo: `userid` of a member, `openid` of anybody else; a code is good for 5
minutes, once), 90196 (user/get), 90313 (codes). `state` has letters and digits only, 128 bytes at most.
"""

import contextlib
from collections.abc import Mapping
from urllib.parse import urlencode

from runtime.access.sso.asking.way import Came, Finding, Trip, code_of, stranger
from runtime.access.sso.kinds import SECRET, Field, Kind, Net
from runtime.access.sso.kinds._words import asked, text_of
from runtime.errors import Refused
from runtime.lang import Text
from runtime.network.platform_api import PlatformApi
from runtime.store.control.sso_records import ProviderRecord

HOST = "https://qyapi.weixin.qq.com"
SCAN = "https://login.work.weixin.qq.com/wwlogin/sso/login"
INSIDE = "https://open.weixin.qq.com/connect/oauth2/authorize"
OF_WECOM = "wxwork"
"""Stands in what WeCom's own browser says that it is."""
CORP = "CorpID"
NO_MEMBER = Text(
    "您不是这个企业的成员，不能用企业微信登录。",
    "You are no member of this enterprise, so WeCom lets nobody in.",
)
SECRET_GOOD = Text("CorpID 和 Secret 可用。", "The CorpID and the secret are accepted.")
DOMAIN = Text(
    "请确认应用的「企业微信授权登录」里的授权回调域是 {host}，否则扫码页会说 redirect_uri 与配置不一致。",
    "The callback domain under 企业微信授权登录 must be {host}: else the page with the code says that "
    "redirect_uri does not match.",
)


class WeCom:
    """One enterprise's application."""

    def __init__(self, record: ProviderRecord, secret: str, api: PlatformApi) -> None:
        self._record, self._secret, self._api = record, secret, api

    @property
    def realm(self) -> str:
        return f"wecom {self._record.client_id}"

    async def address(self, trip: Trip, agent: str) -> str:
        corp, app = self._record.client_id, self._record.app
        if OF_WECOM in agent:
            asks = {"appid": corp, "redirect_uri": trip.back, "response_type": "code", "scope": "snsapi_base"}
            return f"{INSIDE}?{urlencode({**asks, 'state': trip.state, 'agentid': app})}#wechat_redirect"
        asks = {"login_type": "CorpApp", "appid": corp, "agentid": app, "redirect_uri": trip.back}
        return f"{SCAN}?{urlencode({**asks, 'state': trip.state})}"

    async def who(self, trip: Trip, query: Mapping[str, str], now: float) -> Came:
        code, token = code_of(query), await self._token()
        said = await asked(
            self._api, "/cgi-bin/auth/getuserinfo", {"access_token": token, "code": code}, CORP
        )
        user = text_of(said, "userid", 64) or text_of(said, "UserId", 64)
        if not user:
            raise stranger(NO_MEMBER)
        more: dict[str, object] = {}
        with contextlib.suppress(Refused):  # the name and departments are told to some applications only
            path, about = "/cgi-bin/user/get", {"access_token": token, "userid": user}
            more = await asked(self._api, path, about, CORP)
        names = ("department", "main_department", "is_leader_in_dept", "position", "status")
        claims = {"userid": user} | {name: more[name] for name in names if name in more}
        # an address that WeCom shows was entered by a person: it proves nothing
        return Came(
            self.realm, (user,), name=text_of(more, "name", 60) or user, login=user.lower(), claims=claims
        )

    async def check(self, back: str, now: float) -> list[Finding]:
        try:
            await self._token()
        except Refused as e:
            return [Finding(False, e.text)]
        return [Finding(True, SECRET_GOOD), Finding(True, DOMAIN.fill(host=back.split("/")[2]))]

    async def end_address(self, token: str, after: str) -> str:
        return ""

    async def _token(self) -> str:
        """They give the same one as long as it is good. Raises Refused."""
        asks = {"corpid": self._record.client_id, "corpsecret": self._secret}
        said = await asked(self._api, "/cgi-bin/gettoken", asks, CORP)
        return text_of(said, "access_token", 600)


def _make(net: Net, record: ProviderRecord, secret: str) -> WeCom:
    return WeCom(record, secret, net.outbound.api(net.hosts.get("HONGYAN_WECOM_API", HOST)))


KIND = Kind(
    Text("企业微信扫码", "WeCom scan"),
    (
        Field(
            "client_id",
            Text("企业 ID（CorpID）", "CorpID"),
            Text("「我的企业」最下面。", "At the end of 我的企业 in WeCom's console."),
        ),
        Field(
            "app",
            Text("应用 AgentId", "AgentId"),
            Text("自建应用的详情页上。", "On the application's own page."),
        ),
        Field("secret", Text("应用 Secret", "Secret"), SECRET),
    ),
    ("department", "userid"),
    _make,
    order=2,
)
