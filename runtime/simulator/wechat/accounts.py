"""The kinds of Official Account, and what WeChat lets each of them do.

https://developers.weixin.qq.com/doc/service/guide/product/message/Service_Center_messages.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from runtime.lang import Text

Kind = Literal[
    "unverified_subscription", "verified_subscription", "unverified_service", "verified_service", "test"
]
Mode = Literal["safe", "compatible", "plain"]
Wire = Literal["xml", "json"]


@dataclass(frozen=True)
class Rights:
    """What an account of a kind may do. Numbers are calls a day."""

    name: Text
    may: Text
    """The same in one sentence."""
    pushes: bool
    """Customer-service messages and the typing sign; else 48001."""
    menus: bool
    media: bool
    """Temporary material."""
    tokens: int = 2000
    """`/cgi-bin/token`; `stable_token` has its own, far larger quota."""
    sends: int = 500_000
    uploads: int = 100_000


RIGHTS: dict[Kind, Rights] = {
    "unverified_subscription": Rights(
        Text("未认证订阅号", "Unverified subscription account"),
        Text(
            "个人最常用。只能在收到消息后约 15 秒内回复，不能主动推送。",
            "What most individuals have. It can only reply within about 15 s, and cannot push.",
        ),
        pushes=False,
        menus=False,
        media=False,
    ),
    "verified_subscription": Rights(
        Text("已认证订阅号", "Verified subscription account"),
        Text(
            "可以发客服消息：对方写一次，48 小时内最多推送 5 条。",
            "May push customer-service messages: 5 within 48 h of each message.",
        ),
        pushes=True,
        menus=True,
        media=True,
    ),
    "unverified_service": Rights(
        Text("未认证服务号", "Unverified service account"),
        Text(
            "有自定义菜单，但和未认证订阅号一样只能在约 15 秒内回复。",
            "Has menus, but like the unverified subscription account it can only reply within about 15 s.",
        ),
        pushes=False,
        menus=True,
        media=False,
    ),
    "verified_service": Rights(
        Text("已认证服务号", "Verified service account"),
        Text(
            "能力最全：客服消息、「正在输入」、菜单，48 小时内最多推送 5 条。",
            "Has everything: pushes (5 within 48 h of each message), the typing sign, menus.",
        ),
        pushes=True,
        menus=True,
        media=True,
    ),
    "test": Rights(
        Text("测试号", "Test account"),
        Text(
            "开发用，接口和已认证服务号一样，但只有扫码关注的人能用。",
            "For development: the same APIs as a verified service account, for a few followers only.",
        ),
        pushes=True,
        menus=True,
        media=True,
        tokens=200,
        sends=50_000,
        uploads=500,
    ),
}


@dataclass(frozen=True)
class Account:
    """One account with its credentials, as its console shows them. A test account has plain mode only."""

    kind: Kind = "verified_service"
    mode: Mode = "safe"
    wire: Wire = "xml"
    app_id: str = "wx5a1b2c3d4e5f6071"
    app_secret: str = "3f9d1c7be04a48d2a6b5c8e7f1029384"
    token: str = "Qx7mR2kLp9"
    encoding_aes_key: str = "k3JxV8sQmZ1rT6yWc0LhNpB5dGfUeAoI9vXtRiKqMwE"
    original_id: str = "gh_5d2f9a1c7e3b"
    sealed_to: str = ""
    """Whose messages they are for the envelope, if not its own."""
    unionids: Mapping[str, str] = field(default_factory=dict, hash=False)
    """By openid, when it is bound to an Open Platform account."""

    @property
    def rights(self) -> Rights:
        return RIGHTS[self.kind]

    @property
    def settings(self) -> dict[str, str]:
        """What its owner enters to publish on it."""
        return {
            "app_id": self.app_id,
            "original_id": self.original_id,
            "mode": "plain" if self.mode == "plain" else "safe",
            "token": self.token,
            "encoding_aes_key": "" if self.mode == "plain" else self.encoding_aes_key,
            "app_secret": self.app_secret,
        }


def of_kind(kind: Kind) -> Account:
    """An account as most of its kind are set up."""
    return Account(kind, mode="plain" if kind == "test" else "safe")
