"""What the owner of an MQTT broker enters to publish to devices."""

import hashlib
import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator

from runtime.channels._border import pem
from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Strict, setting

DEVICE = "{device}"
PORTS = {"mqtts": 8883, "mqtt": 1883}
LONGEST_TOPIC = 200
"""Characters of a topic that is entered."""

NO_ADDRESS = Text(
    "应写成 mqtts://主机 或 mqtts://主机:端口（内网不加密的写 mqtt://），不要带用户名和路径",
    "should be mqtts://host or mqtts://host:port (mqtt:// without encryption, in your own network), with "
    "neither user nor path",
)
NO_DEVICE = Text(
    "要有一级正好是 {device}，不能有 + 和 #，例如 hongyan/{device}/in",
    "needs one level that is {device}, and neither + nor #, such as hongyan/{device}/in",
).fill(device=DEVICE)
NO_TOPIC = Text("不能有 +、# 和 {device}", "may have neither + nor # nor {device}").fill(device=DEVICE)
SAME_TOPIC = Text(
    "回答的主题和提问的主题不能是同一个，否则智能体会回答自己",
    "must differ from the topic that devices write to, or the agent answers itself",
)
BOTH = Text(
    "客户端证书和它的私钥要一起填，或者都不填",
    "and the client's certificate belong together: enter both or neither",
)
NO_PATH = Text("应是用点分开的名字，例如 data.text", "should be names parted by dots, such as data.text")


def _with_port(value: str) -> str:
    """The same with its port."""
    try:
        parts = urlsplit(value.strip())
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise Wrong(NO_ADDRESS) from None
    host = parts.hostname or ""
    more = parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None
    if not re.fullmatch(r"[A-Za-z0-9.:_-]{1,253}", host) or more:
        raise Wrong(NO_ADDRESS)
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _of_a_device(value: str) -> str:
    levels = value.strip().split("/")
    if levels.count(DEVICE) != 1 or not _is_topic(value.replace(DEVICE, "")):
        raise Wrong(NO_DEVICE)
    return "/".join(levels)


def _plain_topic(value: str) -> str:
    if not _is_topic(value):
        raise Wrong(NO_TOPIC)
    return value.strip()


def _is_topic(value: str) -> bool:
    return value.isprintable() and not set("+#{}") & set(value) and not value.startswith("$")


def _may_be_same(one: str, other: str) -> bool:
    """Whether what goes to the one may be read from the other, for some device."""
    levels = list(zip(one.split("/"), other.split("/"), strict=False))
    as_long = one.count("/") == other.count("/")
    return as_long and all(DEVICE in level or level[0] == level[1] for level in levels)


def _path(value: str) -> str:
    if value.strip() and not re.fullmatch(r"[^.\s]{1,64}(\.[^.\s]{1,64}){0,5}", value.strip()):
        raise Wrong(NO_PATH)
    return value.strip()


Topic = Annotated[str, Field(max_length=LONGEST_TOPIC)]
FORMATS = {
    "text": Text("文字", "Text"),
    "json": Text("JSON", "JSON"),
}
VERSIONS = {"5": Text("5（推荐）", "5 (recommended)"), "3.1.1": Text("3.1.1", "3.1.1")}


class Account(Strict):
    """One account at a broker, and the topics that its devices use."""

    url: Annotated[str, AfterValidator(_with_port)] = setting(
        title=Text("服务器地址", "Broker"),
        hint=Text(
            "例如 mqtts://broker.example.com，端口不写就是 8883。mqtt://（不加密）只能用于内网",
            "Such as mqtts://broker.example.com, port 8883 unless you say another. mqtt:// (no encryption) "
            "is "
            "for your own network only",
        ),
        max_length=300,
    )
    user: str = setting("", title=Text("用户名", "User"), max_length=200)
    password: SecretStr = setting(
        SecretStr(""), title=Text("密码", "Password"), widget="secret", max_length=2000
    )
    topic_in: Annotated[Topic, AfterValidator(_of_a_device)] = setting(
        "hongyan/{device}/in",
        title=Text("设备发来的主题", "Topic that devices write to"),
        hint=Text(
            "{device} 那一级就是设备的名字：字母、数字、. - _ :，最多 64 个",
            "The level {device} is the device's name: letters, digits and . - _ : up to 64",
        ),
    )
    topic_out: Annotated[Topic, AfterValidator(_of_a_device)] = setting(
        "hongyan/{device}/out",
        title=Text("回答发到的主题", "Topic of the answers"),
        hint=Text("设备要订阅自己的那一个，QoS 1", "Each device subscribes to its own, at QoS 1"),
    )
    topic_status: Annotated[Topic, AfterValidator(_plain_topic)] = setting(
        "hongyan/status",
        title=Text("在线状态的主题", "Topic of the status"),
        hint=Text(
            "这里保留着 online 或 offline，断开时由服务器改写；不填就不发",
            "online or offline is retained there, changed by the broker when we are gone; empty for none",
        ),
        seldom=True,
    )
    answers: Literal["text", "json"] = setting(
        "text",
        title=Text("回答的格式", "Answers"),
        hint=Text(
            "文字，或者 JSON：{sender, content, msg_type, id}。收到的不用选：是 JSON 就按 JSON 读",
            "Text, or JSON: {sender, content, msg_type, id}. What comes needs no choice: JSON is read as "
            "JSON",
        ),
        choices=lambda: FORMATS,
    )
    field_text: Annotated[str, AfterValidator(_path)] = setting(
        "content",
        title=Text("JSON 里的文字", "Text in JSON"),
        hint=Text("文字在哪个字段，例如 data.text", "The field that has the text, such as data.text"),
        seldom=True,
        max_length=200,
    )
    field_id: Annotated[str, AfterValidator(_path)] = setting(
        "id",
        title=Text("JSON 里的编号", "Id in JSON"),
        hint=Text(
            "同一个编号再来一次不会回答两次；没有也行",
            "What comes twice with the same id is answered once; optional",
        ),
        seldom=True,
        max_length=200,
    )
    retain: bool = setting(
        False,
        title=Text("保留最后一条回答", "Retain the newest answer"),
        hint=Text("设备以后才订阅也能看到", "A device that subscribes later sees it, too"),
        seldom=True,
    )
    version: Literal["5", "3.1.1"] = setting(
        "5", title=Text("MQTT 版本", "MQTT version"), choices=lambda: VERSIONS, seldom=True
    )
    client_id: str = setting(
        "",
        title=Text("客户端编号", "Client id"),
        hint=Text(
            "一般不填；服务器规定了才填。别的程序不能用同一个",
            "Usually empty; for brokers that prescribe it. No other program may use the same",
        ),
        seldom=True,
        pattern=r"^[!-~]{0,128}$",
    )
    ca: pem.Certificates = pem.authority()
    certificate: pem.Certificates = setting(
        "",
        title=Text("客户端证书", "Client's certificate"),
        hint=Text("服务器要求客户端证书才填，PEM 格式", "Where the broker wants one; PEM"),
        widget="text",
        seldom=True,
    )
    key: SecretStr = setting(
        SecretStr(""),
        title=Text("客户端证书的私钥", "Its key"),
        widget="secret",
        seldom=True,
        validate_default=True,
        max_length=pem.LONGEST,
    )

    @field_validator("key", mode="after")
    @classmethod
    def _is_key(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        """It comes after its certificate."""
        key = pem.private_key(value.get_secret_value())
        if bool(key) != bool(info.data.get("certificate", key)):
            raise Wrong(BOTH)
        return SecretStr(key)

    @field_validator("topic_out", "topic_status", mode="after")
    @classmethod
    def _is_another(cls, value: str, info: ValidationInfo) -> str:
        if _may_be_same(value, str(info.data.get("topic_in", ""))):
            raise Wrong(SAME_TOPIC)
        return value

    @property
    def name(self) -> str:
        """At the broker: who of it reads which topics."""
        return f"{self.user}@{self.url.partition('//')[2]}/{self.topic_in}"

    @property
    def filter(self) -> str:
        """Of all devices."""
        return self.topic_in.replace(DEVICE, "+")

    @property
    def client(self) -> str:
        """Always the same, since the broker keeps for it what comes while nobody is there."""
        return self.client_id or f"hongyan-{hashlib.sha256(self.name.encode()).hexdigest()[:14]}"
