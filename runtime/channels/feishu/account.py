"""What the owner of a Feishu or Lark bot enters to publish on it."""

import re
from typing import Literal

from pydantic import SecretStr, ValidationInfo, field_validator

from runtime.channels._border import entered
from runtime.channels._border.entered import Format
from runtime.lang import Text
from runtime.schema import Strict, setting

MODES = {
    "connection": Text("长连接（推荐，不用域名）", "Long connection (recommended, no domain)"),
    "webhook": Text("请求网址（HTTP 回调）", "Request URL (HTTP callback)"),
}
REGIONS = {
    "feishu": Text("飞书（open.feishu.cn）", "Feishu (open.feishu.cn)"),
    "lark": Text("Lark 国际版（open.larksuite.com）", "Lark (open.larksuite.com)"),
}
WEBHOOK = ("mode", "webhook")


class Account(Strict):
    """One bot of an app of an enterprise's own. `mode` comes before what it asks for."""

    region: Literal["feishu", "lark"] = setting(
        "feishu",
        title=Text("平台", "Platform"),
        hint=Text("在哪个开放平台创建的应用", "Where the app was made"),
        choices=lambda: REGIONS,
    )
    mode: Literal["connection", "webhook"] = setting(
        "connection",
        title=Text("订阅方式", "Way in"),
        hint=Text(
            "与开发者后台「事件与回调」里选的一致；长连接不要公网网址",
            "As chosen in the console under Events & Callbacks; a long connection needs no public address",
        ),
        choices=lambda: MODES,
    )
    app_id: str = setting(
        title=Text("App ID（应用编号）", "App ID"),
        hint=Text("应用的「凭证与基础信息」里，以 cli_ 开头", "In the app's credentials; begins with cli_"),
    )
    app_secret: SecretStr = setting(
        title=Text("App Secret（应用密钥）", "App Secret"),
        hint=Text("就在 App ID 下面", "Below the App ID"),
        widget="secret",
    )
    encrypt_key: SecretStr = setting(
        SecretStr(""),
        title=Text("Encrypt Key（加密密钥）", "Encrypt Key"),
        hint=Text(
            "请求网址才要：事件与回调 → 加密策略，先在那里填一个再复制过来",
            "For a request URL: Events & Callbacks → Encryption Strategy; set one there and copy it",
        ),
        widget="secret",
        when=WEBHOOK,
        validate_default=True,
    )
    verification_token: SecretStr = setting(
        SecretStr(""),
        title=Text("Verification Token（校验令牌）", "Verification Token"),
        hint=Text("就在 Encrypt Key 下面", "Below the Encrypt Key"),
        widget="secret",
        when=WEBHOOK,
        validate_default=True,
    )
    cards: bool = setting(
        True,
        title=Text("用流式卡片边写边显示", "Answers grow in streaming cards"),
        hint=Text(
            "要开通 cardkit:card:write 权限；没有时改为编辑卡片，更新次数少一些。每次更新都计入 API 次数",
            "Needs the permission cardkit:card:write; without it a card is edited, less often. Each update "
            "counts as an API call",
        ),
    )

    @field_validator("app_id", mode="after")
    @classmethod
    def _is_real(cls, value: str) -> str:
        return entered.checked(value.strip(), APP_ID)

    @field_validator("app_secret", "encrypt_key", "verification_token", mode="after")
    @classmethod
    def _is_real_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        """What a connection does not need is left out, whatever it is."""
        if info.field_name != "app_secret" and info.data.get("mode") != "webhook":
            return SecretStr("")
        return SecretStr(entered.checked(value.get_secret_value().strip(), SECRET))


APP_ID = Format(
    re.compile(r"cli_[A-Za-z0-9]{8,40}"),
    Text(
        "不像 App ID：应以 cli_ 开头，后面是字母和数字",
        "does not look like an App ID: cli_, then letters and digits",
    ),
)
SECRET = Format(
    re.compile(r"[!-~]{6,128}"),
    Text("应为一串不含空格的字母和数字", "should be letters and digits without spaces"),
)
