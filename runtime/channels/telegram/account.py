"""What the owner of a Telegram bot enters to publish on it."""

import re
from typing import Literal

from pydantic import SecretStr, ValidationInfo, field_validator

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Strict, setting

TOKEN = re.compile(r"([0-9]{3,20}):[A-Za-z0-9_-]{30,100}")
SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
MODES = {
    "poll": Text("主动去取（推荐，不用域名）", "We look for messages (recommended, no domain)"),
    "webhook": Text("Telegram 来调用（要公网地址）", "Telegram calls us (needs a public address)"),
}


class Account(Strict):
    """One bot. `mode` comes before what it asks for."""

    mode: Literal["poll", "webhook"] = setting(
        "poll",
        title=Text("接入方式", "Way in"),
        hint=Text(
            "主动去取：只要能访问 Telegram。被调用：要有 HTTPS 公网地址，端口 443、80、88 或 8443；"
            "地址由我们告诉 Telegram，不用复制",
            "Looking needs nothing but a way to Telegram. Being called needs a public HTTPS address on "
            "port 443, 80, "
            "88 or 8443; we tell Telegram the address, there is nothing to copy",
        ),
        choices=lambda: MODES,
    )
    bot_token: SecretStr = setting(
        title=Text("Bot Token", "Bot Token"),
        hint=Text("@BotFather 给的，像 123456:ABC-…", "From @BotFather, such as 123456:ABC-…"),
        widget="secret",
    )
    username: str = setting(
        "",
        title=Text("机器人的用户名", "The bot's username"),
        hint=Text(
            "以 bot 结尾，不带 @；只私聊可以不填。在群里 @ 它才会回答",
            "Ends in bot, without the @; not needed for private chats. In groups it answers when it is "
            "mentioned by it",
        ),
    )
    webhook_secret: SecretStr = setting(
        SecretStr(""),
        title=Text("Webhook 密钥", "Webhook secret"),
        hint=Text("自动生成，Telegram 每次调用都带着它", "Made by us; each call of Telegram's carries it"),
        widget="secret",
        when=("mode", "webhook"),
        validate_default=True,
    )

    @field_validator("bot_token", mode="after")
    @classmethod
    def _is_token(cls, value: SecretStr) -> SecretStr:
        found = value.get_secret_value().strip()
        if not TOKEN.fullmatch(found):
            raise Wrong(
                Text(
                    "不像 Bot Token：数字、冒号、一串字母数字",
                    "does not look like a bot token: digits, a colon, letters and digits",
                )
            )
        return SecretStr(found)

    @field_validator("username", mode="after")
    @classmethod
    def _is_username(cls, value: str) -> str:
        found = value.strip().removeprefix("@")
        if found and not USERNAME.fullmatch(found):
            raise Wrong(
                Text(
                    "不像用户名：字母、数字和下划线",
                    "does not look like a username: letters, digits and underscores",
                )
            )
        return found

    @field_validator("webhook_secret", mode="after")
    @classmethod
    def _is_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        """What the other way needs is left out."""
        found = value.get_secret_value().strip()
        if info.data.get("mode") != "webhook":
            return SecretStr("")
        if not SECRET.fullmatch(found):
            raise Wrong(Text("要 16–256 个字母、数字、_ 或 -", "has to be 16–256 letters, digits, _ or -"))
        return SecretStr(found)

    @property
    def bot_id(self) -> str:
        return self.bot_token.get_secret_value().partition(":")[0]
