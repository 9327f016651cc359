"""What the owner of a DingTalk robot enters to publish on it."""

import re
from typing import Literal

from pydantic import SecretStr, ValidationInfo, field_validator

from runtime.channels._border import entered
from runtime.channels._border.entered import Format
from runtime.lang import Text
from runtime.schema import Strict, setting

MODES = {
    "connection": Text("Stream 模式（推荐，不用域名）", "Stream mode (recommended, no domain)"),
    "webhook": Text("HTTP 模式", "HTTP mode"),
}
BUTTONS = {
    "card": Text("卡片上的按钮", "Buttons on a card"),
    "links": Text("文字里的链接", "Links in a text"),
}
TEMPLATE = "382e4302-551d-4880-bf29-a30acfab2e71.schema"
"""A public one of DingTalk's, which its own SDK uses: dingtalk-stream 0.24.3, card_instance.py."""


class Account(Strict):
    """One robot of an enterprise's own app."""

    mode: Literal["connection", "webhook"] = setting(
        "connection",
        title=Text("消息接收模式", "Way in"),
        hint=Text(
            "与开发者后台「机器人 → 消息接收模式」里选的一致；Stream 不要公网网址",
            "As chosen in its console for how the robot gets messages; Stream needs no public address",
        ),
        choices=lambda: MODES,
    )
    client_id: str = setting(
        title=Text("Client ID（应用的 AppKey）", "Client ID (AppKey)"),
        hint=Text(
            "应用的「凭证与基础信息」里，以 ding 开头", "Among the app's credentials; begins with ding"
        ),
    )
    client_secret: SecretStr = setting(
        title=Text("Client Secret（应用的 AppSecret）", "Client Secret (AppSecret)"),
        hint=Text("就在 Client ID 下面", "Below the Client ID"),
        widget="secret",
    )
    cards: bool = setting(
        True,
        title=Text("用 AI 卡片边写边显示", "Answers grow in AI cards"),
        hint=Text(
            "要开通 Card.Instance.Write 和 Card.Streaming.Write 两个权限，每次更新都计入每月的 API 次数；"
            "没有权限时自动改发普通消息",
            "Needs the permissions Card.Instance.Write and Card.Streaming.Write, and each update counts as "
            "an API call of the month. Without them answers are plain messages",
        ),
    )
    card_template: str = setting(
        TEMPLATE,
        title=Text("AI 卡片模板 ID", "AI card's template"),
        hint=Text(
            "不改就用钉钉的公共模板；自己搭的模板里，正文变量要叫 msgContent",
            "DingTalk's public one unless you change it; in one of your own the text's variable is "
            "msgContent",
        ),
        when=("cards", True),
    )
    buttons: Literal["card", "links"] = setting(
        "card",
        title=Text("选项显示为", "Choices are"),
        hint=Text("点了没有反应时改成链接", "Change to links if tapping does nothing"),
        choices=lambda: BUTTONS,
    )
    robot_code: str = setting(
        "",
        title=Text("RobotCode", "RobotCode"),
        hint=Text("一般与 Client ID 相同，不用填", "Usually the Client ID, then leave it empty"),
    )

    @property
    def robot(self) -> str:
        """By which the API knows it."""
        return self.robot_code or self.client_id

    @field_validator("client_id", "robot_code", "card_template", mode="after")
    @classmethod
    def _is_real(cls, value: str, info: ValidationInfo) -> str:
        value, name = value.strip(), str(info.field_name)
        if not value and name != "client_id":
            return TEMPLATE if name == "card_template" else ""
        return entered.checked(value, TEMPLATE_ID if name == "card_template" else CLIENT_ID)

    @field_validator("client_secret", mode="after")
    @classmethod
    def _is_real_secret(cls, value: SecretStr) -> SecretStr:
        return SecretStr(entered.checked(value.get_secret_value().strip(), SECRET))


CLIENT_ID = Format(
    re.compile(r"[A-Za-z0-9_-]{6,64}"),
    Text("不像 Client ID：应为一串字母和数字", "does not look like a Client ID: letters and digits"),
)
SECRET = Format(
    re.compile(r"[A-Za-z0-9_-]{16,128}"),
    Text("不像 Client Secret：应为一串字母和数字", "does not look like a Client Secret: letters and digits"),
)
TEMPLATE_ID = Format(
    re.compile(r"[A-Za-z0-9_.-]{8,80}"),
    Text("不像卡片模板 ID：应以 .schema 结尾", "does not look like a template's id: it ends in .schema"),
)
