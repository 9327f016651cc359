"""What the owner of a chat page decides."""

import re
from collections.abc import Collection, Sequence

from pydantic import SecretStr, field_validator

from runtime.channels import Corner
from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Strict, setting

ORIGIN = re.compile(r"https://[a-z0-9.-]{1,253}(:[0-9]{1,5})?|http://(localhost|127\.0\.0\.1)(:[0-9]{1,5})?")
COLOR = re.compile(r"(#[0-9a-fA-F]{6})?")
NO_COLOR = Text(
    "应是 # 加六位十六进制，例如 #0f766e", "should be # and six hexadecimal digits, such as #0f766e"
)
MOST_SITES = 20
CORNERS = {"right": Text("右下角", "Lower right"), "left": Text("左下角", "Lower left")}
MOST_ASKED = 6
LONGEST_ASKED = 60
NO_SITE = Text(
    "「{site}」应是网站的地址，例如 https://shop.example，不带路径",
    "{site!r} should be a site's address such as https://shop.example, without a path",
)
TOO_MANY = Text("最多 {most} 个网站", "{most} sites at most").fill(most=MOST_SITES)
LONG = Text("最多 {most} 个，每个 {length} 个字以内", "{most} at most, of {length} characters at most each")


class Page(Strict):
    """All of it may be left as it is."""

    title: str = setting(
        "",
        title=Text("标题", "Title"),
        hint=Text("不填就用智能体的名字", "Else the agent's name"),
        max_length=60,
    )
    color: str = setting(
        "",
        title=Text("颜色", "Colour"),
        hint=Text("例如 #0f766e", "Such as #0f766e"),
        max_length=20,
    )
    opening: str = setting(
        "",
        title=Text("开场白", "Opening words"),
        hint=Text("不填就用智能体的欢迎语", "Else the agent's greeting"),
        widget="area",
        max_length=1000,
    )
    suggestions: str = setting(
        "",
        title=Text("可以这样问", "What one could ask"),
        hint=Text("一行一个，最多 6 个；不填就用智能体的", "One a line, six at most; else the agent's own"),
        widget="area",
        max_length=600,
    )
    origins: str = setting(
        "",
        title=Text("可以嵌入的网站", "Sites that may embed it"),
        hint=Text(
            "一行一个，例如 https://shop.example；不填就只有我们自己的网页",
            "One a line, such as https://shop.example; else our own page alone",
        ),
        widget="area",
        max_length=6000,
    )
    position: Corner = setting(
        "right",
        title=Text("按钮的位置", "Where the button is"),
        hint=Text("在您网站的哪个角", "In which corner of your site"),
        choices=lambda: CORNERS,
    )
    branding: bool = setting(
        True,
        title=Text("显示「由鸿雁提供」", "Show “Made with Hongyan”"),
        hint=Text("一行小字，在输入框下面", "A small line below the field"),
    )
    identity_secret: SecretStr = setting(
        SecretStr(""),
        title=Text("身份密钥", "Identity secret"),
        hint=Text(
            "可不填。您的网站用它签名，说明来的是哪位会员；至少 32 个字符",
            "Optional. Your site signs with it which of its members comes; 32 characters or more",
        ),
        widget="secret",
    )

    @property
    def sites(self) -> Collection[str]:
        return frozenset(self.origins.lower().split())

    @property
    def asked(self) -> Sequence[str]:
        return [one for line in self.suggestions.splitlines() if (one := line.strip())]

    @field_validator("color", mode="after")
    @classmethod
    def _is_color(cls, value: str) -> str:
        if not COLOR.fullmatch(value.strip()):
            raise Wrong(NO_COLOR)
        return value.strip()

    @field_validator("suggestions", mode="after")
    @classmethod
    def _are_short(cls, value: str) -> str:
        asked = [one for line in value.splitlines() if (one := line.strip())]
        if len(asked) > MOST_ASKED or any(len(one) > LONGEST_ASKED for one in asked):
            raise Wrong(LONG.fill(most=MOST_ASKED, length=LONGEST_ASKED))
        return "\n".join(dict.fromkeys(asked))

    @field_validator("origins", mode="after")
    @classmethod
    def _are_origins(cls, value: str) -> str:
        sites = value.lower().split()
        if wrong := [one for one in sites if not ORIGIN.fullmatch(one)]:
            raise Wrong(NO_SITE.fill(site=wrong[0][:100]))
        if len(sites) > MOST_SITES:
            raise Wrong(TOO_MANY)
        return "\n".join(dict.fromkeys(sites))

    @field_validator("identity_secret", mode="after")
    @classmethod
    def _is_long(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value().strip()) < 32:
            raise Wrong(Text("太短，至少 32 个字符", "is too short: 32 characters or more"))
        return SecretStr(value.get_secret_value().strip())
