"""What the owner of a mailbox enters to let an agent answer its letters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr, ValidationInfo, field_validator

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Strict, setting

ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"|]{1,64}@[^\s@<>()\[\],;:\\\"|]{1,190}")
NO_ADDRESS = Text(
    "应是一个邮箱地址，例如 service@example.com", "should be an address such as service@example.com"
)
NO_HOST = Text(
    "应写成 imap.example.com 或 imap.example.com:993；内网不加密的写 imap://主机:端口",
    "should be imap.example.com or imap.example.com:993; imap://host:port without encryption, in your own "
    "network",
)
NO_SMTP = Text(
    "应写成 smtp.example.com、smtp.example.com:465 或 :587；内网不加密的写 smtp://主机:端口",
    "should be smtp.example.com, smtp.example.com:465 or :587; smtp://host:port without encryption, in "
    "your own "
    "network",
)
NEEDED = Text("选「其他」时要填", "is needed with another provider")
NO_PASSWORD = Text("不能空着", "must not be empty")


@dataclass(frozen=True)
class House:
    """`domains`: of addresses that are its alone; firms have their own at any of them."""

    imap: str
    smtp: str
    domains: frozenset[str] = frozenset()


HOUSES: Mapping[str, House] = {
    "qq": House(
        "imaps://imap.qq.com:993",
        "smtps://smtp.qq.com:465",
        frozenset({"qq.com", "vip.qq.com", "foxmail.com"}),
    ),
    "exmail": House("imaps://imap.exmail.qq.com:993", "smtps://smtp.exmail.qq.com:465"),
    "163": House("imaps://imap.163.com:993", "smtps://smtp.163.com:465", frozenset({"163.com"})),
    "126": House("imaps://imap.126.com:993", "smtps://smtp.126.com:465", frozenset({"126.com"})),
    "aliyun": House("imaps://imap.qiye.aliyun.com:993", "smtps://smtp.qiye.aliyun.com:465"),
    "gmail": House(
        "imaps://imap.gmail.com:993", "smtps://smtp.gmail.com:465", frozenset({"gmail.com", "googlemail.com"})
    ),
    "icloud": House(
        "imaps://imap.mail.me.com:993",
        "smtp+tls://smtp.mail.me.com:587",
        frozenset({"icloud.com", "me.com", "mac.com"}),
    ),
}
NAMES = {
    "qq": Text("QQ 邮箱", "QQ Mail"),
    "exmail": Text("腾讯企业邮", "Tencent Exmail"),
    "163": Text("网易 163", "NetEase 163"),
    "126": Text("网易 126", "NetEase 126"),
    "aliyun": Text("阿里企业邮", "Alibaba Mail"),
    "gmail": Text("Gmail", "Gmail"),
    "icloud": Text("iCloud", "iCloud"),
    "other": Text("其他", "Another"),
}
OTHER = ("provider", "other")


def _host(value: str, schemes: tuple[str, str], ports: Mapping[int, str], wrong: Text) -> str:
    """With scheme and port. `schemes`: with TLS, without."""
    value = value.strip()
    if not value:
        return ""
    given = value if "://" in value else f"{schemes[0]}://{value}"
    try:
        parts = urlsplit(given)
        port = parts.port or next(iter(ports))
    except ValueError:
        raise Wrong(wrong) from None
    host, plain = parts.hostname or "", parts.scheme == schemes[1]
    more = parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None
    if not re.fullmatch(r"[A-Za-z0-9.-]{1,253}", host) or more or not (plain or parts.scheme == schemes[0]):
        raise Wrong(wrong)
    if not plain and port not in ports:
        raise Wrong(wrong)
    return f"{schemes[1] if plain else ports[port]}://{host}:{port}"


def _imap(value: str) -> str:
    return _host(value, ("imaps", "imap"), {993: "imaps"}, NO_HOST)


def _smtp(value: str) -> str:
    value = value.replace("smtp+tls://", "smtps://", 1)
    return _host(value, ("smtps", "smtp"), {465: "smtps", 587: "smtp+tls", 994: "smtps"}, NO_SMTP)


def _address(value: str) -> str:
    value = value.strip().lower()
    if not ADDRESS.fullmatch(value):
        raise Wrong(NO_ADDRESS)
    return value


class Account(Strict):
    """One mailbox. `provider` comes before what it asks for."""

    provider: Literal["qq", "exmail", "163", "126", "aliyun", "gmail", "icloud", "other"] = setting(
        "other", title=Text("邮箱", "Provider"), choices=lambda: NAMES
    )
    address: Annotated[str, AfterValidator(_address)] = setting(
        title=Text("邮箱地址", "Address"),
        hint=Text(
            "只给智能体用的地址：里面没读的新信它都会看",
            "One for the agent alone: it reads every new letter there",
        ),
        max_length=255,
    )
    password: SecretStr = setting(
        title=Text("授权码", "Password for apps"),
        hint=Text(
            "多数邮箱要的不是登录密码，而是另外生成的授权码（客户端专用密码）",
            "Most providers want a password made for apps, not the one you sign in with",
        ),
        widget="secret",
        max_length=500,
    )
    name: str = setting("", title=Text("发件人名字", "Sender's name"), max_length=100)
    imap: Annotated[str, AfterValidator(_imap)] = setting(
        "",
        title=Text("收信服务器", "IMAP server"),
        hint=Text("例如 imap.example.com，端口 993", "Such as imap.example.com, port 993"),
        when=OTHER,
        validate_default=True,
        max_length=300,
    )
    smtp: Annotated[str, AfterValidator(_smtp)] = setting(
        "",
        title=Text("发信服务器", "SMTP server"),
        hint=Text("例如 smtp.example.com，端口 465 或 587", "Such as smtp.example.com, port 465 or 587"),
        when=OTHER,
        validate_default=True,
        max_length=300,
    )
    user: str = setting(
        "",
        title=Text("登录名", "User"),
        hint=Text("不填就是邮箱地址", "The address unless you say another"),
        max_length=255,
        seldom=True,
    )
    folder: str = setting("INBOX", title=Text("文件夹", "Folder"), max_length=200, min_length=1, seldom=True)
    mark: bool = setting(
        True,
        title=Text("读过的标成已读", "Mark as read what was taken"),
        hint=Text("存好以后才标", "Once it is stored"),
        seldom=True,
    )
    subject: str = setting(
        "通知 / Notice",
        title=Text("主动发信的主题", "Subject of letters that nobody asked for"),
        max_length=100,
        min_length=1,
        seldom=True,
    )
    trusts: str = setting(
        "",
        title=Text("由谁检查发件人", "Who checks senders"),
        hint=Text(
            "填了就只回答通过了 SPF / DKIM / DMARC 的信：您的收信服务器在 Authentication-Results 里的名字，"
            "例如 "
            "mx.google.com、mx.qq.com。不填：谁都可以冒充别人的地址",
            "If set, only letters that passed SPF, DKIM or DMARC are answered: the name of your server in "
            "Authentication-Results, such as mx.google.com. Empty: anybody may pose as any address",
        ),
        max_length=200,
        pattern=r"^[A-Za-z0-9.-]*$",
        seldom=True,
    )

    @property
    def elsewhere(self) -> Text | None:
        """Whose the address is, where that is another provider than the one that is asked."""
        domain = self.address.rpartition("@")[2]
        houses = [name for name, house in HOUSES.items() if domain in house.domains]
        return NAMES[houses[0]] if houses and self.provider not in ("other", houses[0]) else None

    @field_validator("password", mode="after")
    @classmethod
    def _is_there(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().strip():
            raise Wrong(NO_PASSWORD)
        return SecretStr(value.get_secret_value().strip())

    @field_validator("imap", "smtp", mode="after")
    @classmethod
    def _is_known(cls, value: str, info: ValidationInfo) -> str:
        """That of a known house is its own, whatever was entered for another."""
        house = HOUSES.get(str(info.data.get("provider")))
        if house is not None:
            return house.imap if info.field_name == "imap" else house.smtp
        if not value:
            raise Wrong(NEEDED)
        return value
