"""The HTTP API: whoever holds a key asks and reads Markdown. Nothing to set, nothing to translate."""

from typing import ClassVar

from runtime.channels import Channel, Limits
from runtime.lang import Text
from runtime.schema import About, Strict


class Settings(Strict):
    """Nothing to enter: API keys belong to the agent."""


class HttpApi(Channel):
    about = About(
        Text("HTTP API", "HTTP API"),
        Text("从自己的程序里调用智能体", "Call the agent from your own programs"),
        icon="code",
        color="#0ea5e9",
    )
    Settings = Settings
    limits: ClassVar[Limits] = Limits(None)

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return [markdown] if markdown.strip() else []


CHANNEL = HttpApi
