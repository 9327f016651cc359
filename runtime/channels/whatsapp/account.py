"""What the owner of a WhatsApp business number enters to publish on it."""

import re
import secrets
from collections.abc import Mapping

from pydantic import SecretStr, ValidationInfo, field_validator

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Strict, setting

FORMS: Mapping[str, tuple[re.Pattern[str], Text]] = {
    "phone_number_id": (
        re.compile(r"[0-9]{5,25}"),
        Text(
            "不像电话号码编号：应为一串数字（不是电话号码本身）",
            "does not look like a phone number id: digits, and not the number",
        ),
    ),
    "access_token": (
        re.compile(r"[A-Za-z0-9_|-]{20,1000}"),
        Text("不像访问令牌", "does not look like an access token"),
    ),
    "app_secret": (
        re.compile(r"[0-9a-fA-F]{32}"),
        Text("不像应用密钥：32 位十六进制", "does not look like an app secret: 32 hexadecimal digits"),
    ),
    "verify_token": (
        re.compile(r"[A-Za-z0-9_-]{8,128}"),
        Text("要 8–128 个字母、数字、_ 或 -", "has to be 8–128 letters, digits, _ or -"),
    ),
    "template": (
        re.compile(r"[a-z0-9_]{0,512}"),
        Text(
            "不像模板名：小写字母、数字和下划线",
            "does not look like a template's name: small letters, digits and underscores",
        ),
    ),
    "template_language": (
        re.compile(r"[a-z]{2,3}(?:_[A-Z]{2})?"),
        Text("不像语言代码，例如 zh_CN、en_US", "does not look like a language, such as zh_CN or en_US"),
    ),
    "graph_version": (
        re.compile(r"v[0-9]{1,2}\.[0-9]"),
        Text("不像版本，例如 v25.0", "does not look like a version, such as v25.0"),
    ),
}


class Account(Strict):
    """One phone number of a WhatsApp Business account."""

    phone_number_id: str = setting(
        title=Text("电话号码编号", "Phone number ID"),
        hint=Text(
            "应用 → WhatsApp → API 设置；一串数字，不是电话号码",
            "App, WhatsApp, API Setup; not the number itself",
        ),
    )
    access_token: SecretStr = setting(
        title=Text("访问令牌", "Access token"),
        hint=Text(
            "系统用户的永久令牌，要有 whatsapp_business_messaging 权限（页面上的临时令牌 24 小时就失效）",
            "A system user's permanent token with whatsapp_business_messaging (the one on the page lasts "
            "24 hours)",
        ),
        widget="secret",
    )
    app_secret: SecretStr = setting(
        title=Text("应用密钥", "App secret"),
        hint=Text(
            "应用 → 设置 → 基本；用来核对消息确实来自 Meta",
            "App settings, Basic; proves that messages are Meta's",
        ),
        widget="secret",
    )
    verify_token: SecretStr = setting(
        title=Text("验证令牌", "Verify token"),
        hint=Text("自动生成，填到 Meta 的 Webhook 设置里", "Made by us; copied to Meta's webhook settings"),
        widget="secret",
    )
    template: str = setting(
        "",
        title=Text("主动消息的模板", "Template for what is sent unasked"),
        hint=Text(
            "对方 24 小时没说话后只能发审核过的模板。正文要只有一个变量 {{1}}，内容放在那里；不填就不主动发",
            "After 24 hours without a message only approved templates may be sent. Its body has one "
            "variable, {{1}}, "
            "which gets the text; without it nothing is sent then",
        ),
    )
    template_language: str = setting(
        "zh_CN",
        title=Text("模板的语言", "The template's language"),
        hint=Text("与 Meta 后台里模板的语言一致", "As in Meta's console"),
    )
    graph_version: str = setting(
        "v25.0",
        title=Text("接口版本", "API version"),
        hint=Text("Meta 的 Graph 接口版本", "Of Meta's Graph API"),
        seldom=True,
    )

    @field_validator("phone_number_id", "template", "template_language", "graph_version", mode="after")
    @classmethod
    def _is_form(cls, value: str, info: ValidationInfo) -> str:
        return checked(str(info.field_name), value)

    @field_validator("access_token", "app_secret", "verify_token", mode="after")
    @classmethod
    def _is_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        return SecretStr(checked(str(info.field_name), value.get_secret_value()))


def checked(name: str, value: str) -> str:
    """Raises Wrong."""
    pattern, wrong = FORMS[name]
    if not pattern.fullmatch(value.strip()):
        raise Wrong(wrong)
    return value.strip()


def new_token() -> str:
    return secrets.token_urlsafe(24)
