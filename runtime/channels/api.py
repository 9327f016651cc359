"""The HTTP API: whoever holds a key asks and reads Markdown. Nothing to set, nothing to translate."""

from typing import ClassVar

from runtime.channels import OWN, Channel, Limits, Profile
from runtime.lang import Text
from runtime.schema import About, Strict, setting


class Settings(Strict):
    """Nothing that has to be entered: API keys belong to the agent."""

    public_card: bool = setting(
        False,
        title=Text("公开名片", "Public card"),
        hint=Text(
            "没有密钥的人也能看到智能体的名称、简介和地址（A2A）",
            "Whoever has no key, too, sees the agent's name, description and address (A2A)",
        ),
    )


class HttpApi(Channel):
    about = About(
        Text("HTTP API", "HTTP API"),
        Text("从自己的程序里调用智能体", "Call the agent from your own programs"),
        icon="code",
        color="#0ea5e9",
    )
    profile: ClassVar[Profile] = Profile(
        audience="programs",
        writes=Text("您自己的程序", "Your own programs"),
        needs=Text("什么都不用准备", "Nothing"),
        cost=Text("免费，只付模型的费用", "Free; you pay the model alone"),
        risk=Text("拿到密钥的人就能用，请像密码一样保管", "Whoever has a key can ask: guard it"),
        public_address=False,
        family=OWN,
    )
    Settings = Settings
    limits: ClassVar[Limits] = Limits(None)
    by_key: ClassVar[bool] = True

    @property
    def shows_card(self) -> bool:  # type: ignore[override] # here it is a setting
        return bool(self.settings.public_card)

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return [markdown] if markdown.strip() else []


CHANNEL = HttpApi
