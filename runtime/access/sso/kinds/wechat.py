"""WeChat's open platform: a website application shows a code, and whoever scans it is somebody.

Source: developers.weixin.qq.com/doc/oplatform/Website_App/WeChat_Login/Wechat_Login.html (qrconnect with
snsapi_login; sns/oauth2/access_token; sns/userinfo). Errors come with HTTP 200: 40029 invalid code, 40163
code been used, 40125 invalid appsecret, 40013 invalid appid, 41008 missing code. `openid` is of one
application, `unionid` of all applications of one open-platform account.
"""

import contextlib
from collections.abc import Mapping
from urllib.parse import urlencode

from runtime.access.sso.asking.way import Came, Finding, Trip, code_of, stranger
from runtime.access.sso.kinds import SECRET, Field, Kind, Net
from runtime.access.sso.kinds._words import asked, text_of
from runtime.errors import Refused
from runtime.lang import Text, as_it_is
from runtime.network.platform_api import PlatformApi
from runtime.store.control.sso_records import ProviderRecord

HOST = "https://api.weixin.qq.com"
SCAN = "https://open.weixin.qq.com/connect/qrconnect"
APP = "AppID"
SCOPE = "snsapi_login"
NO_SCOPE = Text(
    "这个应用没有微信登录（snsapi_login）的权限。请在开放平台申请。",
    "This application may not sign people in (snsapi_login). Apply for it at the open platform.",
)
CLIENT_GOOD = Text("AppID 和 AppSecret 可用。", "The AppID and the AppSecret are accepted.")
DOMAIN = Text(
    "请确认开放平台里网站应用的授权回调域是 {host}，否则扫码页会说 redirect_uri 参数错误。",
    "The website application's callback domain must be {host}: else the page with the code says that "
    "redirect_uri is wrong.",
)


class WeChat:
    """One website application."""

    def __init__(self, record: ProviderRecord, secret: str, api: PlatformApi) -> None:
        self._record, self._secret, self._api = record, secret, api

    @property
    def realm(self) -> str:
        return f"wechat {self._record.client_id}"

    async def address(self, trip: Trip, agent: str) -> str:
        asks = {"appid": self._record.client_id, "redirect_uri": trip.back, "response_type": "code"}
        return f"{SCAN}?{urlencode({**asks, 'scope': SCOPE, 'state': trip.state})}#wechat_redirect"

    async def who(self, trip: Trip, query: Mapping[str, str], now: float) -> Came:
        said = await self._exchanged(code_of(query))
        openid, token = text_of(said, "openid", 64), text_of(said, "access_token", 600)
        if not openid or not token:
            raise stranger(
                Text("微信没有说您是谁，请再试一次。", "WeChat did not say who you are. Try again.")
            )
        if SCOPE not in text_of(said, "scope").split(","):
            raise stranger(NO_SCOPE)
        more: dict[str, object] = {}
        with contextlib.suppress(Refused):  # a name is nice to have
            more = await asked(self._api, "/sns/userinfo", {"access_token": token, "openid": openid}, APP)
        union = text_of(said, "unionid", 64)
        subjects = (f"unionid {union}", f"openid {openid}") if union else (f"openid {openid}",)
        claims = {"openid": openid} | ({"unionid": union} if union else {})
        return Came(self.realm, subjects, name=text_of(more, "nickname", 60), claims=claims)

    async def check(self, back: str, now: float) -> list[Finding]:
        """By a code that nobody gave: who does not know us says so before looking at it."""
        try:
            await self._exchanged("hongyan-check")
        except Refused as e:
            if e.code == "provider":
                return [Finding(False, e.text)]
        return [Finding(True, CLIENT_GOOD), Finding(True, DOMAIN.fill(host=back.split("/")[2]))]

    async def end_address(self, token: str, after: str) -> str:
        return ""

    async def _exchanged(self, code: str) -> dict[str, object]:
        asks = {"appid": self._record.client_id, "secret": self._secret, "code": code}
        grant = {"grant_type": "authorization_code"}
        return await asked(self._api, "/sns/oauth2/access_token", {**asks, **grant}, APP)


def _make(net: Net, record: ProviderRecord, secret: str) -> WeChat:
    return WeChat(record, secret, net.outbound.api(net.hosts.get("HONGYAN_WECHAT_API", HOST)))


KIND = Kind(
    Text("微信扫码", "WeChat scan"),
    (
        Field(
            "client_id",
            as_it_is("AppID"),
            Text(
                "微信开放平台的「网站应用」，不是公众号。",
                "Of a website application at WeChat's open platform, not of an Official Account.",
            ),
        ),
        Field("secret", as_it_is("AppSecret"), SECRET),
    ),
    ("unionid", "openid"),
    _make,
    order=3,
)
