"""What an owner asks api.weixin.qq.com: how the callback is reached, what is left of the day, one call.

https://developers.weixin.qq.com/doc/service/api/base/api_callbackcheck.html
https://developers.weixin.qq.com/doc/service/api/base/api_getapiquota.html
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.menus import Menus

CALLS_FROM = ("101.226.103.0/25", "58.247.206.128/25", "2402:4e00:1900::/48")
"""Addresses that callbacks come from."""
NO_URL, BAD_ACTION, BAD_OPERATOR = 40201, 40202, 40203
NO_RID, ODD_RID, FOREIGN_RID, OLD_RID = 76001, 76002, 76003, 76004
NO_PATH = 76021
WEEK = 7 * 86_400
OPERATORS = ("CHINANET", "UNICOM", "CAP", "DEFAULT")
KNOWN = frozenset({"/cgi-bin/message/custom/send", "/cgi-bin/menu/create", "/cgi-bin/media/upload"})


@dataclass(frozen=True)
class Remembered:
    """A call that was made, by its request id."""

    at: float
    account: str
    path: str
    address: str
    answer: str


@dataclass
class LookedAfter:
    """`callback`: the addresses of the callback's name, empty while the console has no URL."""

    clock: Callable[[], float]
    used: Callable[[Account, str], tuple[int, int]]
    """Of an account and a path: calls a day, and those of today."""
    callback: Sequence[str] = ("203.0.113.7",)
    followers: int = 0
    lost: str = "0%"
    """Packets lost on the way there."""
    calls: dict[str, Remembered] = field(default_factory=dict)
    menus: Menus = field(default_factory=Menus)

    def answer(self, path: str, account: Account, body: dict[str, Any]) -> dict[str, Any] | int | None:
        """The JSON or an errcode; None for a path that is not looked after here."""
        match path:
            case "callback/check":
                return self._check(body)
            case "user/get":
                return {"total": self.followers, "count": 0, "data": {"openid": []}, "next_openid": ""}
            case "getcallbackip" | "get_api_domain_ip":
                return {"ip_list": list(CALLS_FROM)}
            case path if path.startswith("menu/") or path == "get_current_selfmenu_info":
                return self.menus.answer(path, account, body)
            case "get_current_autoreply_info":
                return self.menus.automatic(account)
            case "openapi/quota/get":
                return self._quota(account, body)
            case "openapi/rid/get":
                return self._call(account, body)
        return None

    def _check(self, body: dict[str, Any]) -> dict[str, Any] | int:
        if body.get("action") not in ("dns", "ping", "all"):
            return BAD_ACTION
        if body.get("check_operator") not in OPERATORS:
            return BAD_OPERATOR
        if not self.callback:
            return NO_URL
        dns = [{"ip": ip, "real_operator": "UNICOM"} for ip in self.callback]
        ping = [
            {"ip": ip, "from_operator": "UNICOM", "package_loss": self.lost, "time": "23.013ms"}
            for ip in self.callback
        ]
        return {"dns": dns, "ping": ping}

    def _quota(self, account: Account, body: dict[str, Any]) -> dict[str, Any] | int:
        path = body.get("cgi_path")
        if path not in KNOWN:
            return NO_PATH
        most, used = self.used(account, str(path))
        quota = {"daily_limit": most, "used": used, "remain": max(most - used, 0)}
        return {"errcode": 0, "errmsg": "ok", "quota": quota}

    def _call(self, account: Account, body: dict[str, Any]) -> dict[str, Any] | int:
        rid = body.get("rid")
        if not isinstance(rid, str) or "-" not in rid:
            return ODD_RID
        call = self.calls.get(rid)
        if call is None:
            return NO_RID
        if call.account != account.app_id:
            return FOREIGN_RID
        if self.clock() - call.at > WEEK:
            return OLD_RID
        request = {
            "invoke_time": int(call.at),
            "cost_in_ms": 12,
            "request_url": f"{call.path}?access_token=REDACTED",
            "request_body": "",
            "response_body": call.answer,
            "client_ip": call.address,
        }
        return {"errcode": 0, "errmsg": "ok", "request": request}
