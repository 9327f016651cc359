"""What the owner of a Slack app enters."""

import re
from typing import Literal

from pydantic import SecretStr, ValidationInfo, field_validator

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Strict, setting

BOT_TOKEN = re.compile(r"xoxb-[A-Za-z0-9-]{10,200}")
APP_TOKEN = re.compile(r"xapp-[A-Za-z0-9-]{10,300}")
SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")
MODES = {
    "webhook": Text("Slack 来调用（要公网地址）", "Slack calls us (needs a public address)"),
    "connection": Text("Socket Mode（不用域名）", "Socket Mode (no domain)"),
}


class Account(Strict):
    """One app in one workspace. `mode` comes before what it asks for."""

    mode: Literal["webhook", "connection"] = setting(
        "webhook",
        title=Text("接入方式", "Way in"),
        hint=Text(
            "没有公网地址就选 Socket Mode：在应用的 Socket Mode 页打开它",
            "Without a public address take Socket Mode: switch it on in the app's page of that name",
        ),
        choices=lambda: MODES,
    )
    bot_token: SecretStr = setting(
        title=Text("Bot Token", "Bot Token"),
        hint=Text("以 xoxb- 开头；应用 → OAuth & Permissions", "Begins with xoxb-; app, OAuth & Permissions"),
        widget="secret",
    )
    signing_secret: SecretStr = setting(
        SecretStr(""),
        title=Text("签名密钥", "Signing secret"),
        hint=Text("应用 → Basic Information → App Credentials", "App, Basic Information, App Credentials"),
        widget="secret",
        when=("mode", "webhook"),
        validate_default=True,
    )
    app_token: SecretStr = setting(
        SecretStr(""),
        title=Text("应用级令牌（App-Level Token）", "App-level token"),
        hint=Text(
            "以 xapp- 开头；应用 → Basic Information → App-Level Tokens，权限选 connections:write",
            "Begins with xapp-; app, Basic Information, App-Level Tokens, with connections:write",
        ),
        widget="secret",
        when=("mode", "connection"),
        validate_default=True,
    )

    @field_validator("bot_token", mode="after")
    @classmethod
    def _is_token(cls, value: SecretStr) -> SecretStr:
        found = value.get_secret_value().strip()
        if not BOT_TOKEN.fullmatch(found):
            raise Wrong(
                Text("不像 Bot Token：以 xoxb- 开头", "does not look like a bot token: it begins with xoxb-")
            )
        return SecretStr(found)

    @field_validator("signing_secret", mode="after")
    @classmethod
    def _is_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        wrong = Text(
            "不像签名密钥：32 位十六进制", "does not look like a signing secret: 32 hexadecimal digits"
        )
        return _of_way("webhook", value, info, SIGNING_SECRET, wrong)

    @field_validator("app_token", mode="after")
    @classmethod
    def _is_app_token(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        wrong = Text(
            "不像 App-Level Token：以 xapp- 开头",
            "does not look like an app-level token: it begins with xapp-",
        )
        return _of_way("connection", value, info, APP_TOKEN, wrong)


def _of_way(
    mode: str, value: SecretStr, info: ValidationInfo, form: re.Pattern[str], wrong: Text
) -> SecretStr:
    """What the other way needs is left out. Raises Wrong."""
    found = value.get_secret_value().strip()
    if info.data.get("mode") != mode:
        return SecretStr("")
    if not form.fullmatch(found):
        raise Wrong(wrong)
    return SecretStr(found)
