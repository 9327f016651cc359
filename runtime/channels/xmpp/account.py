"""What the owner of an XMPP account enters to publish on it."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr, field_validator

from runtime.channels._border import pem
from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Strict, setting

JID = re.compile(r"[^\s\"&'/:<>@|]{1,250}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
"""A bare address. https://www.rfc-editor.org/rfc/rfc7622; of domains the ASCII form."""
NO_JID = Text("应是一个 XMPP 地址，例如 shop@example.com", "should be an address such as shop@example.com")
NO_HOST = Text("应写成 主机 或 主机:端口", "should be host or host:port")
NO_PASSWORD = Text("不能空着", "must not be empty")


def _jid(value: str) -> str:
    value = value.strip().lower()
    if not JID.fullmatch(value):
        raise Wrong(NO_JID)
    return value


def _host(value: str) -> str:
    value = value.strip()
    try:
        parts = urlsplit(f"//{value}")
        good = not value or re.fullmatch(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?", value)
        if not good or (value and not parts.hostname) or parts.port == 0:
            raise ValueError
    except ValueError:
        raise Wrong(NO_HOST) from None
    return value


class Account(Strict):
    """One account at a server."""

    jid: Annotated[str, AfterValidator(_jid)] = setting(
        title=Text("地址", "Address"),
        hint=Text(
            "智能体自己的 XMPP 地址，例如 shop@example.com", "The agent's own, such as shop@example.com"
        ),
        max_length=500,
    )
    password: SecretStr = setting(title=Text("密码", "Password"), widget="secret", max_length=500)
    accept: bool = setting(
        True,
        title=Text("谁加好友都同意", "Accept whoever asks"),
        hint=Text("同意以后对方看得到它在线", "They see then that it is there"),
    )
    host: Annotated[str, AfterValidator(_host)] = setting(
        "",
        title=Text("服务器", "Server"),
        hint=Text(
            "和地址里的域名不同时才填，例如 xmpp.example.com:5222",
            "Only where it differs from the address's domain, such as xmpp.example.com:5222",
        ),
        seldom=True,
        max_length=300,
    )
    ca: pem.Certificates = pem.authority()

    @field_validator("password", mode="after")
    @classmethod
    def _is_there(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value():
            raise Wrong(NO_PASSWORD)
        return value

    @property
    def user(self) -> str:
        return self.jid.partition("@")[0]

    @property
    def domain(self) -> str:
        return self.jid.partition("@")[2]

    @property
    def url(self) -> str:
        parts = urlsplit(f"//{self.host or self.domain}")
        return f"xmpp://{parts.hostname}:{parts.port or 5222}"
