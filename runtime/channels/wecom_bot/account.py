"""What the owner of a WeCom AI bot enters to publish on it."""

import re
from typing import Literal

from pydantic import SecretStr, ValidationInfo, field_validator

from runtime.channels._border import entered
from runtime.channels._border.entered import Format
from runtime.channels._tencent import credentials
from runtime.lang import Text
from runtime.schema import Strict, setting

MODES = {
    "connection": Text("长连接（推荐，不用域名）", "Long connection (recommended, no domain)"),
    "webhook": Text("URL 回调", "URL callback"),
}
CONNECTION, WEBHOOK = ("mode", "connection"), ("mode", "webhook")


class Account(Strict):
    """One bot's credentials. `mode` comes before what it asks for."""

    mode: Literal["connection", "webhook"] = setting(
        "connection",
        title=Text("接入方式", "Way in"),
        hint=Text(
            "长连接只要 Bot ID 和 Secret；URL 回调要一个公网网址。与后台「API 模式」里选的一致",
            "A long connection needs Bot ID and Secret only, URL callback a public address. As chosen in "
            "the bot's API mode",
        ),
        choices=lambda: MODES,
    )
    bot_id: str = setting(
        "",
        title=Text("Bot ID", "Bot ID"),
        hint=Text(
            "智能机器人的详情页 → API 模式；URL 回调可以不填",
            "The bot's page, API mode; not needed for URL callback",
        ),
        when=CONNECTION,
        validate_default=True,
    )
    secret: SecretStr = setting(
        SecretStr(""),
        title=Text("Secret", "Secret"),
        hint=Text("长连接的 Secret，就在 Bot ID 下面", "Of the long connection, below the Bot ID"),
        widget="secret",
        when=CONNECTION,
        validate_default=True,
    )
    token: SecretStr = setting(
        SecretStr(""),
        title=Text("Token", "Token"),
        hint=Text("URL 回调才要，与后台填写的一致", "For URL callback, the same as in the console"),
        widget="secret",
        when=WEBHOOK,
        validate_default=True,
    )
    encoding_aes_key: SecretStr = setting(
        SecretStr(""),
        title=Text("EncodingAESKey", "EncodingAESKey"),
        hint=Text("URL 回调才要，43 位字母或数字", "For URL callback, 43 letters and digits"),
        widget="secret",
        when=WEBHOOK,
        validate_default=True,
    )

    @field_validator("bot_id", mode="after")
    @classmethod
    def _is_real(cls, value: str, info: ValidationInfo) -> str:
        if not value.strip() and info.data.get("mode") == "webhook":
            return ""
        return entered.checked(value.strip(), BOT_ID)

    @field_validator("secret", "token", "encoding_aes_key", mode="after")
    @classmethod
    def _is_real_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        """What the other way would need is left out, whatever it is."""
        name = str(info.field_name)
        if (name == "secret") != (info.data.get("mode") == "connection"):
            return SecretStr("")
        return SecretStr(entered.checked(value.get_secret_value().strip(), FORMATS[name]))


BOT_ID = Format(
    re.compile(r"[A-Za-z0-9_-]{3,128}"),
    Text("不像 Bot ID：应为一串字母和数字", "does not look like a Bot ID: letters and digits"),
)
FORMATS = {
    "secret": credentials.CORP_SECRET,
    "token": credentials.TOKEN,
    "encoding_aes_key": credentials.AES_KEY,
}
