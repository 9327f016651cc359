"""What the owner of a WeChat Customer Service account enters to publish on it."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import SecretStr

from runtime.channels._border.entered import Format
from runtime.channels._tencent import credentials
from runtime.channels._tencent.enterprise import EnterpriseAccount
from runtime.lang import Text
from runtime.schema import setting


class Account(EnterpriseAccount):
    """One customer-service account, and the app that may call for it."""

    formats: ClassVar[Mapping[str, Format]] = {
        **EnterpriseAccount.formats,
        "open_kfid": credentials.OPEN_KFID,
    }
    secret: SecretStr = setting(
        title=Text("Secret", "Secret"),
        hint=Text(
            "「微信客服 → 可调用接口的应用」里那个应用的 Secret",
            "Of the app that is listed as one that may call for customer service",
        ),
        widget="secret",
    )
    open_kfid: str = setting(
        title=Text("客服账号 ID（open_kfid）", "Account id (open_kfid)"),
        hint=Text(
            "以 wk 开头；微信客服 → 客服账号 → 这个账号的详情里",
            "Begins with wk; in the details of the customer-service account",
        ),
    )
    servicer_userid: str = setting(
        "",
        title=Text("指定接待人员", "Servicer"),
        hint=Text(
            "可不填：转人工时进入待接入池。填成员的 userid 就直接转给这一位",
            "Optional: people who want a human wait in the pool. With a member's userid they go to that one",
        ),
        max_length=64,
        pattern=r"^[A-Za-z0-9_.@-]{0,64}$",
    )
