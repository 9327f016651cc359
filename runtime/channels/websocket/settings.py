"""Where a WebSocket of the owner's own listens, and how we prove ourselves there."""

import re
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Strict, setting

ADDRESS = re.compile(r"wss?://[!-~]{1,2000}")
HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")
TOKEN = re.compile(r"[!-~](?:[ -~]{0,1022}[!-~])?")

NO_ADDRESS = Text(
    "应以 wss:// 开头，里面不能有账号密码", "should begin with wss:// and hold no user or password"
)
ODD_HEADER = Text("只能是请求头的名字，如 Authorization", "should be a header's name, such as Authorization")
ODD_TOKEN = Text("只能用英文字母、数字和符号", "should be of ASCII letters, digits and signs")


class Place(Strict):
    url: str = setting(
        title=Text("地址", "Address"),
        hint=Text("wss://…；我们去连它，不要域名", "wss://…; it is we who connect, so no domain is needed"),
    )
    secret: SecretStr = setting(
        SecretStr(""),
        title=Text("密钥", "Secret"),
        hint=Text(
            "连接时带上：Authorization: Bearer 密钥；不需要就留空",
            "Sent as Authorization: Bearer …; empty: none",
        ),
        widget="secret",
    )
    header: str = setting(
        "Authorization",
        title=Text("放在哪个请求头", "In which header"),
        hint=Text(
            "不是 Authorization 时，密钥原样放进去", "Another than Authorization gets the secret as it is"
        ),
        seldom=True,
    )
    acks: bool = setting(
        False,
        title=Text("对方会确认收到回答", "The other side acknowledges answers"),
        hint=Text(
            "每条回答都发回一个 ack，带上它的 id；没确认的会再发，编号不变",
            "It sends an ack with the id of each; without that the same comes again, under the same id",
        ),
        seldom=True,
    )
    longest: int = setting(
        4000, title=Text("一段最多几个字", "Characters of one piece"), ge=20, le=20_000, seldom=True
    )

    @field_validator("url", mode="after")
    @classmethod
    def _is_address(cls, value: str) -> str:
        value = value.strip()
        try:
            parts = urlsplit(value)
            good = bool(
                ADDRESS.fullmatch(value) and parts.hostname and "@" not in parts.netloc and not parts.fragment
            )
            good = good and (parts.port is None or parts.port > 0)
        except ValueError:
            good = False
        if not good:
            raise Wrong(NO_ADDRESS)
        return value

    @field_validator("header", mode="after")
    @classmethod
    def _is_header(cls, value: str) -> str:
        if not HEADER.fullmatch(value.strip()):
            raise Wrong(ODD_HEADER)
        return value.strip()

    @field_validator("secret", mode="after")
    @classmethod
    def _is_token(cls, value: SecretStr) -> SecretStr:
        given = value.get_secret_value().strip()
        if given and not TOKEN.fullmatch(given):
            raise Wrong(ODD_TOKEN)
        return SecretStr(given)

    @property
    def with_port(self) -> str:
        parts = urlsplit(self.url)
        usual = "" if parts.port else ":443" if parts.scheme == "wss" else ":80"
        return parts._replace(netloc=parts.netloc + usual).geturl()

    @property
    def headers(self) -> dict[str, str]:
        secret = self.secret.get_secret_value()
        if not secret:
            return {}
        return {self.header: f"Bearer {secret}" if self.header.lower() == "authorization" else secret}
