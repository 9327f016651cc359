"""What the owner of an Official Account can look after from here.

Callback check and addresses: https://developers.weixin.qq.com/doc/service/api/base/api_callbackcheck.html
Quotas and request ids: https://developers.weixin.qq.com/doc/service/api/base/api_getapiquota.html
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from runtime.channels import CallbackChecked, CallMade, Line, Management, Ping, QuotaLeft
from runtime.channels._managing import Counted
from runtime.channels._tencent.managing import asks, items, number, official_account, text
from runtime.channels.wechat.menu import AccountReplies
from runtime.channels.wechat.menu_codes import with_menus

SEND = "/cgi-bin/message/custom/send"
UPLOAD = "/cgi-bin/media/upload"
TOKEN = "/cgi-bin/stable_token"
"""Whether the platform tells this one's is unconfirmed; where it does not (76021, 76022) it is left out."""
PING = ("ip", "from_operator", "package_loss", "time")


class AccountManagement(AccountReplies, Management):
    """Through wechatpy's client; what that lacks goes over the same client by its path."""

    counted: ClassVar[Mapping[Counted, str]] = {"pushes": SEND, "uploads": UPLOAD, "tokens": TOKEN}

    def __init__(self, channel: Any, line: Line, token: str) -> None:
        super().__init__(channel, line, token)
        self.failure = with_menus(channel.answers).failure
        self._client = official_account(line.host, line.session, channel.account, token)

    @asks
    def check_callback(self) -> CallbackChecked:
        found = self._client.post("callback/check", data={"action": "all", "check_operator": "DEFAULT"})
        return CallbackChecked(
            [text(one["ip"]) for one in items(found.get("dns", []))],
            [Ping(*(text(one[name]) for name in PING)) for one in items(found.get("ping", []))],
        )

    @asks
    def callback_addresses(self) -> Sequence[str]:
        return [text(one) for one in items(self._client.misc.get_wechat_ips())]

    @asks
    def people(self) -> int:
        return number(self._client.user.get_followers()["total"])

    @asks
    def quota(self, path: str = "") -> QuotaLeft:
        found = self._client.post("openapi/quota/get", data={"cgi_path": path or SEND})["quota"]
        return QuotaLeft(number(found["daily_limit"]), number(found["used"]), number(found["remain"]))

    @asks
    def call_made(self, id: str) -> CallMade:
        found = self._client.post("openapi/rid/get", data={"rid": id})["request"]
        return CallMade(
            at=float(number(found["invoke_time"])),
            path=urlsplit(text(found["request_url"])).path,
            address=text(found.get("client_ip", "")),
            took=number(found.get("cost_in_ms", 0)),
            answer=text(found.get("response_body", "")),
        )
