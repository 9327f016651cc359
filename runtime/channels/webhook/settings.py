"""What an owner says of a platform that nobody knows: how its calls are signed, where fields stand."""

import re
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationInfo, field_validator

from runtime.channels.webhook import paths
from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Strict, setting

Signed = Literal["timestamp.body", "body", "id.timestamp.body", "v0:timestamp:body"]
HEADER = re.compile(r"[A-Za-z0-9-]{0,64}")
PREFIX = re.compile(r"[!-~]{0,32} ?")
ALGORITHMS = {
    "sha256": Text("SHA-256", "SHA-256"),
    "sha512": Text("SHA-512", "SHA-512"),
    "sha1": Text("SHA-1", "SHA-1"),
}
SHORTEST = 16
"""Characters of a secret."""
CALLBACK = re.compile(r"https?://[!-~]{1,2000}")
PLACE_WITH = ("proof", "signature")

WEAK = Text(
    "太好猜：至少 16 个字符，别用重复的",
    "is easy to guess: 16 characters at least, not the same ones again and again",
)
NO_ADDRESS = Text("应以 https:// 开头", "should begin with https://")
NEEDS_ADDRESS = Text(
    "回答要发到您的地址，请填写它", "answers go to an address of yours: enter it, or answer in the response"
)
ODD_HEADER = Text("只能是请求头的名字，如 X-Signature", "should be a header's name, such as X-Signature")
ODD_PREFIX = Text("最多 32 个字符，如 sha256=", "32 characters at most, such as sha256=")


def _usual(title: Text, hint: Text, **more: Any) -> Any:
    """A text that hardly anybody enters: empty stands for what its hint says."""
    return setting("", title=title, hint=hint, seldom=True, **more)


class WebhookSettings(Strict):
    secret: SecretStr = setting(
        title=Text("密钥", "Secret"),
        hint=Text(
            "两边填同一个：对方给的，或自己编一个，16 个字符以上。用它核对对方，我们发出去的也用它签名",
            "The same on both sides: theirs, or one of yours, 16 characters at least. It proves who "
            "calls, and signs what we send",
        ),
        widget="secret",
    )
    proof: Literal["signature", "bearer"] = setting(
        "signature",
        title=Text("怎么核对对方", "How it proves itself"),
        choices=lambda: {
            "signature": Text("签名（HMAC）", "A signature (HMAC)"),
            "bearer": Text("请求头里带密钥", "The secret in a header"),
        },
    )
    signed: Signed = setting(
        "timestamp.body",
        title=Text("签什么", "What is signed"),
        hint=Text(
            "带时间的挡得住重放；id.timestamp.body 是 Standard Webhooks",
            "With the time nobody can send it again later; id.timestamp.body is Standard Webhooks",
        ),
        choices=lambda: {
            "timestamp.body": Text("时间.正文", "time.body"),
            "body": Text("只有正文", "the body alone"),
            "id.timestamp.body": Text(
                "编号.时间.正文（Standard Webhooks）", "id.time.body (Standard Webhooks)"
            ),
            "v0:timestamp:body": Text("v0:时间:正文（Slack）", "v0:time:body (Slack)"),
        },
        when=PLACE_WITH,
        seldom=True,
    )
    algorithm: Literal["sha256", "sha512", "sha1"] = setting(
        "sha256",
        title=Text("算法", "Algorithm"),
        choices=lambda: ALGORITHMS,
        when=PLACE_WITH,
        seldom=True,
    )
    encoding: Literal["usual", "hex", "base64"] = setting(
        "usual",
        title=Text("签名写成", "Written as"),
        choices=lambda: {
            "usual": Text("照常", "As usual"),
            "hex": Text("十六进制", "Hexadecimal"),
            "base64": Text("Base64", "Base64"),
        },
        when=PLACE_WITH,
        seldom=True,
    )
    header: str = _usual(
        Text("在哪个请求头", "In which header"),
        Text(
            "留空：X-Signature；带密钥时 Authorization", "Empty: X-Signature; with the secret, Authorization"
        ),
    )
    prefix: str = _usual(
        Text("前面的字", "Before it"),
        Text("如 sha256= 或 v1=；常见的不用填", "such as sha256= or v1=; usual ones are known"),
    )
    time_header: str = _usual(
        Text("时间在哪个请求头", "The time's header"),
        Text("留空：X-Timestamp", "Empty: X-Timestamp"),
        when=PLACE_WITH,
    )
    challenge: str = _usual(
        Text("对方验证地址时要原样返回的值", "What it wants back to verify the address"),
        Text(
            "如 challenge，或 query:hub.challenge；没有就留空",
            "such as challenge or query:hub.challenge; empty: none",
        ),
    )
    list_at: str = _usual(
        Text("一次来好几条时，列表在哪里", "Where the list is, if several come at once"),
        Text("如 entry[0].messages", "such as entry[0].messages"),
    )
    sender_at: str = _usual(
        Text("谁写的，在哪里", "Where the sender is"),
        Text(
            "如 data.user.id 或 header:X-User；留空：sender",
            "such as data.user.id or header:X-User; empty: sender",
        ),
    )
    content_at: str = _usual(
        Text("文字在哪里", "Where the text is"),
        Text("留空：content", "Empty: content"),
    )
    id_at: str = _usual(
        Text("消息编号在哪里", "Where the message's id is"),
        Text("留空：id", "Empty: id"),
    )
    kind_at: str = _usual(
        Text("消息种类在哪里", "Where its kind is"),
        Text("留空：msg_type", "Empty: msg_type"),
    )
    file_at: str = _usual(
        Text("文件地址在哪里", "Where a file's address is"),
        Text("留空：files", "Empty: files"),
    )
    only: str = _usual(
        Text("只要哪些", "Only those where"),
        Text(
            "如 event=message_created；其余的收下，不回答",
            "such as event=message_created; what else comes is taken and not answered",
        ),
    )
    answer: Literal["response", "callback", "both"] = setting(
        "response",
        title=Text("回答怎么给", "How it is answered"),
        choices=lambda: {
            "response": Text("在这次请求的响应里", "In the response"),
            "callback": Text("发到您的地址", "Sent to an address of yours"),
            "both": Text(
                "来得及就在响应里，来不及就发过去", "In the response if it is there in time, else sent"
            ),
        },
    )
    seconds: int = setting(
        10,
        title=Text("响应最多等几秒", "Seconds that a response may take"),
        when=("answer", ("response", "both")),
        ge=1,
        le=25,
    )
    callback: str = setting(
        "",
        title=Text("发到哪里", "Your address"),
        hint=Text("https://…，收 POST；带同样的签名", "https://…, takes POST; signed in the same way"),
        when=("answer", ("callback", "both")),
        validate_default=True,
    )
    fields: str = _usual(
        Text("回答里的字段", "The answer's fields"),
        Text(
            '如 data.text=content, data.to=to, ok="yes"；留空：标准的全部字段',
            'such as data.text=content, data.to=to, ok="yes"; empty: all of the standard ones',
        ),
    )
    longest: int = setting(
        4000, title=Text("一段最多几个字", "Characters of one piece"), ge=20, le=20_000, seldom=True
    )

    @field_validator("secret", mode="after")
    @classmethod
    def _is_strong(cls, value: SecretStr) -> SecretStr:
        given = value.get_secret_value().strip()
        if len(given) < SHORTEST or len(set(given)) < 6:
            raise Wrong(WEAK)
        return SecretStr(given)

    @field_validator("header", "time_header", mode="after")
    @classmethod
    def _is_header(cls, value: str) -> str:
        if not HEADER.fullmatch(value.strip()):
            raise Wrong(ODD_HEADER)
        return value.strip()

    @field_validator("prefix", mode="after")
    @classmethod
    def _is_prefix(cls, value: str) -> str:
        if not PREFIX.fullmatch(value):
            raise Wrong(ODD_PREFIX)
        return value

    @field_validator(
        "challenge", "list_at", "sender_at", "content_at", "id_at", "kind_at", "file_at", mode="after"
    )
    @classmethod
    def _is_path(cls, value: str) -> str:
        """Raises Wrong."""
        return str(paths.Path.parse(value)) if value.strip() else ""

    @field_validator("only", mode="after")
    @classmethod
    def _is_condition(cls, value: str) -> str:
        if value.strip():
            paths.condition(value)
        return value.strip()

    @field_validator("fields", mode="after")
    @classmethod
    def _is_shape(cls, value: str) -> str:
        paths.shape(value)
        return value.strip()

    @field_validator("callback", mode="after")
    @classmethod
    def _is_address(cls, value: str, info: ValidationInfo) -> str:
        value = value.strip()
        try:
            good = not value or bool(CALLBACK.fullmatch(value) and urlsplit(value).hostname)
        except ValueError:
            good = False
        if not good or "@" in urlsplit(value).netloc:
            raise Wrong(NO_ADDRESS)
        if not value and info.data.get("answer", "response") != "response":
            raise Wrong(NEEDS_ADDRESS)
        return value
