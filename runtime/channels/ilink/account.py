"""What a scan brings of one person's bot. Nobody enters any of it."""

import re

from pydantic import SecretStr, ValidationInfo, field_validator, model_validator

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Strict, setting

ID = re.compile(r"[!-~]{1,128}")
TOKEN = re.compile(r"[!-~]{1,2048}")
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}weixin\.qq\.com")
"""The platform's own: where else a token goes is nobody's to say."""


class Account(Strict):
    """All of it, or nothing: then the account is still to be joined."""

    bot_token: SecretStr = setting(
        SecretStr(""),
        title=Text("bot_token", "bot_token"),
        hint=Text("扫码后自动得到", "Comes by the scan"),
        widget="secret",
    )
    bot_id: str = setting("", title=Text("机器人", "Bot"), hint=Text("扫码后自动得到", "Comes by the scan"))
    user_id: str = setting("", title=Text("本人", "Person"), hint=Text("扫码后自动得到", "Comes by the scan"))
    base_url: str = setting(
        "", title=Text("API 地址", "API"), hint=Text("扫码后自动得到", "Comes by the scan")
    )

    @field_validator("bot_id", "user_id", mode="after")
    @classmethod
    def _is_id(cls, value: str, info: ValidationInfo) -> str:
        if value and not ID.fullmatch(value):
            raise Wrong(Text("不是扫码得到的内容，请重新扫码", "is not what a scan brings; scan again"))
        return value

    @field_validator("bot_token", mode="after")
    @classmethod
    def _is_token(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not TOKEN.fullmatch(value.get_secret_value()):
            raise Wrong(Text("不是扫码得到的内容，请重新扫码", "is not what a scan brings; scan again"))
        return value

    @field_validator("base_url", mode="after")
    @classmethod
    def _is_of_platform(cls, value: str) -> str:
        return of_platform(value) if value else ""

    @model_validator(mode="after")
    def _is_whole(self) -> "Account":
        given = [bool(self.bot_token.get_secret_value()), bool(self.bot_id), bool(self.user_id)]
        for name, is_given in zip(("bot_token", "bot_id", "user_id"), given, strict=True):
            if any(given) and not is_given:
                raise Wrong(Text("{name} 缺失，请重新扫码", "{name} is missing; scan again").fill(name=name))
        return self


def of_platform(address: str) -> str:
    """`https://host` of the platform's own. Raises ValueError with both languages for any other."""
    host = address.strip().removeprefix("https://").rstrip("/").lower()
    if not HOST.fullmatch(host):
        raise Wrong(Text("不是平台自己的地址，已拒绝", "is not an address of the platform's and was refused"))
    return f"https://{host}"
