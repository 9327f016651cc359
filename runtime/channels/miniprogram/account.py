"""What the owner of a Mini Program enters."""

import re
from typing import Literal

from pydantic import SecretStr, ValidationInfo, field_validator

from runtime.channels._border import entered
from runtime.channels._tencent import credentials
from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Strict, setting

MODES = {"safe": Text("安全模式（推荐）", "Safe mode (recommended)"), "plain": Text("明文模式", "Plain text")}
FIELD = re.compile(r"(?P<name>[a-z_]{1,32}[0-9]{1,3}) ?= ?(?P<value>[^\x00-\x1f]{1,200})")
MOST_FIELDS = 10
NO_FIELD = Text(
    "「{line}」应写成 字段=内容，例如 thing1={{text}}",
    "{line!r} should read field=content, such as thing1={{text}}",
)


class Account(Strict):
    """Signing in needs the first two alone; the rest is for what the platform pushes, and for being told of
    something."""

    app_id: str = setting(
        title=Text("AppID", "AppID"),
        hint=Text("小程序后台 → 开发管理 → 开发设置", "The Mini Program's console, development settings"),
    )
    app_secret: SecretStr = setting(
        title=Text("AppSecret", "AppSecret"),
        hint=Text("在同一页生成，只显示一次", "Made on the same page, shown once"),
        widget="secret",
    )
    original_id: str = setting(
        "",
        title=Text("原始 ID", "Original id"),
        hint=Text(
            "以 gh_ 开头，可不填；填了就核对消息是发给谁的", "Begins with gh_; optional, checked if given"
        ),
        max_length=64,
    )
    mode: Literal["safe", "plain"] = setting(
        "safe",
        title=Text("消息加密方式", "Encryption"),
        hint=Text("与后台「消息推送」里选的一致", "As chosen in the console under message push"),
        choices=lambda: MODES,
    )
    token: SecretStr = setting(
        SecretStr(""),
        title=Text("Token", "Token"),
        hint=Text(
            "用小程序客服消息或图片审核才要：自己定一串，后台「消息推送」里填一样的；不填就不收推送",
            "For customer-service messages and checks of pictures: one of your own choice, the same in the "
            "console under message push; without it nothing pushed is taken",
        ),
        widget="secret",
    )
    encoding_aes_key: SecretStr = setting(
        SecretStr(""),
        title=Text("EncodingAESKey", "EncodingAESKey"),
        hint=Text(
            "43 位字母或数字，后台可以随机生成；明文模式不需要",
            "43 letters and digits, which the console can make; not for plain text",
        ),
        widget="secret",
        validate_default=True,
    )
    template_id: str = setting(
        "",
        title=Text("订阅消息模板 ID", "Template of subscription messages"),
        hint=Text(
            "主动通知要用；用户先在小程序里同意订阅，一次同意发一条",
            "For telling people something: they agree in the Mini Program first, one message each time",
        ),
        pattern=r"^[A-Za-z0-9_-]{0,64}$",
    )
    template_data: str = setting(
        "thing1={text}",
        title=Text("模板的字段", "Its fields"),
        hint=Text(
            "一行一个，{text} 是要说的话，{time} 是现在", "One a line; {text} is what is said, {time} now"
        ),
        widget="area",
        max_length=2000,
    )
    template_page: str = setting(
        "",
        title=Text("点开通知后打开的页面", "Page that it opens"),
        hint=Text("例如 pages/chat/chat", "Such as pages/chat/chat"),
        pattern=r"^[A-Za-z0-9_/?=&-]{0,128}$",
    )

    @property
    def has_token(self) -> bool:
        """Whether there is a way to an access token."""
        return True

    @property
    def fields(self) -> dict[str, str]:
        """Of the template, by name."""
        found = [FIELD.fullmatch(line.strip()) for line in self.template_data.splitlines() if line.strip()]
        return {one["name"]: one["value"] for one in found if one}

    @field_validator("app_id", "original_id", mode="after")
    @classmethod
    def _is_id(cls, value: str, info: ValidationInfo) -> str:
        if info.field_name == "original_id" and not value.strip():
            return ""
        return entered.checked(value.strip(), FORMATS[str(info.field_name)])

    @field_validator("app_secret", "token", "encoding_aes_key", mode="after")
    @classmethod
    def _is_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        name, secret = str(info.field_name), value.get_secret_value().strip()
        needs_key = bool(
            info.data.get("token", SecretStr("")).get_secret_value() and info.data.get("mode") == "safe"
        )
        if not secret and (name == "token" or (name == "encoding_aes_key" and not needs_key)):
            return SecretStr("")
        return SecretStr(entered.checked(secret, FORMATS[name]))

    @field_validator("template_data", mode="after")
    @classmethod
    def _are_fields(cls, value: str) -> str:
        lines = [line.strip() for line in value.splitlines() if line.strip()]
        for line in lines[: MOST_FIELDS + 1]:
            if not FIELD.fullmatch(line) or len(lines) > MOST_FIELDS:
                raise Wrong(NO_FIELD.fill(line=line[:60]))
        return "\n".join(lines)


FORMATS = {
    "app_id": credentials.APP_ID,
    "app_secret": credentials.APP_SECRET,
    "original_id": credentials.ORIGINAL_ID,
    "token": credentials.TOKEN,
    "encoding_aes_key": credentials.AES_KEY,
}
