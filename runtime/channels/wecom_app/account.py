"""What the owner of a WeCom app enters to publish on it."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import SecretStr

from runtime.channels._border.entered import Format
from runtime.channels._tencent import credentials
from runtime.channels._tencent.enterprise import EnterpriseAccount
from runtime.lang import Text
from runtime.schema import setting


class Account(EnterpriseAccount):
    """One app's credentials."""

    formats: ClassVar[Mapping[str, Format]] = {**EnterpriseAccount.formats, "agent_id": credentials.AGENT_ID}
    agent_id: str = setting(
        title=Text("AgentId", "AgentId"),
        hint=Text("应用管理 → 自建 → 这个应用，在页面最上面", "App Management, Self-built, the app, on top"),
    )
    secret: SecretStr = setting(
        title=Text("Secret", "Secret"),
        hint=Text("就在 AgentId 下面；每个应用各有一个", "Below the AgentId; each app has its own"),
        widget="secret",
    )
    markdown: bool = setting(
        True,
        title=Text("用 Markdown 显示标题、粗体、引用", "Headings, bold and quotes as Markdown"),
        hint=Text(
            "只有企业微信客户端会显示；成员如果在微信里（微信插件）看消息，请关闭，改发纯文本",
            "Only WeCom's own client shows it. Off, as plain text, if members read in WeChat, by its plugin",
        ),
    )
