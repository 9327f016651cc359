"""What the owner of a Slack app enters and is told, and what Slack's errors mean."""

import re
from collections.abc import Mapping

from pydantic import SecretStr, field_validator

from runtime.channels import Codes, Guide, Note, Profile, Words
from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Strict, setting

BOT_TOKEN = re.compile(r"xoxb-[A-Za-z0-9-]{10,200}")
SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")
HOUR = 3600.0


class Account(Strict):
    """One app in one workspace."""

    bot_token: SecretStr = setting(
        title=Text("Bot Token", "Bot Token"),
        hint=Text("以 xoxb- 开头；应用 → OAuth & Permissions", "Begins with xoxb-; app, OAuth & Permissions"),
        widget="secret",
    )
    signing_secret: SecretStr = setting(
        title=Text("签名密钥", "Signing secret"),
        hint=Text("应用 → Basic Information → App Credentials", "App, Basic Information, App Credentials"),
        widget="secret",
    )

    @field_validator("bot_token", mode="after")
    @classmethod
    def _is_token(cls, value: SecretStr) -> SecretStr:
        found = value.get_secret_value().strip()
        if not BOT_TOKEN.fullmatch(found):
            raise Wrong(Text("不像 Bot Token：以 xoxb- 开头", "is no bot token: it begins with xoxb-"))
        return SecretStr(found)

    @field_validator("signing_secret", mode="after")
    @classmethod
    def _is_secret(cls, value: SecretStr) -> SecretStr:
        found = value.get_secret_value().strip()
        if not SIGNING_SECRET.fullmatch(found):
            raise Wrong(Text("不像签名密钥：32 位十六进制", "is no signing secret: 32 hexadecimal digits"))
        return SecretStr(found)


WORDS = Words(
    platform=Text("Slack", "Slack"),
    console=Text("Slack 的应用后台", "Slack's app settings"),
    account=Text("应用", "app"),
    proof=Text("签名密钥", "signing secret"),
)
PROFILE = Profile(
    audience="members",
    writes=Text(
        "工作区的成员：私信，或在频道里 @ 它",
        "Members of the workspace: in direct messages, or by @ in channels",
    ),
    needs=Text(
        "能给工作区装应用的权限，和一个公网 HTTPS 地址",
        "The right to install apps, and a public HTTPS address",
    ),
    cost=Text("免费", "Free"),
    risk=Text(
        "官方接口，不会因此封号。每个频道每秒约一条，多的会自动慢慢发",
        "Slack's own API, so nobody is banned for it. About one message a second in a channel; the rest "
        "follows",
    ),
    public_address=True,
)
SCOPES = (
    Text("chat:write", "chat:write"),
    Text("im:history", "im:history"),
    Text("app_mentions:read", "app_mentions:read"),
    Text("files:read", "files:read"),
)
EVENTS = (
    Text("app_mention", "app_mention"),
    Text("message.im", "message.im"),
    Text("app_home_opened", "app_home_opened"),
)
GUIDE = Guide(
    ask=("bot_token", "signing_secret"),
    rare=(),
    title=Text("填写 Slack 应用的信息", "Your Slack app"),
    where=Text(
        "api.slack.com/apps → Create New App → From scratch。OAuth & Permissions 里加权限 chat:write、"
        "im:history、"
        "app_mentions:read、files:read，点 Install to Workspace，得到 Bot Token。",
        "api.slack.com/apps, Create New App, From scratch. Under OAuth & Permissions add the scopes "
        "chat:write, "
        "im:history, app_mentions:read and files:read, then Install to Workspace: that gives the bot token.",
    ),
    advice=(),
    paste=Text(
        "Event Subscriptions → 打开 → Request URL 粘贴下面的网址，订阅事件；"
        "Interactivity & Shortcuts → 打开 → 粘贴同一个网址；App Home → 允许发消息。",
        "Event Subscriptions: on, paste the address as Request URL, subscribe to the events; "
        "Interactivity & Shortcuts: "
        "on, the same address; App Home: allow messages.",
    ),
)
AGAIN = Note(
    Text("改了权限要重新安装", "New scopes need another install"),
    Text(
        "加了权限或事件以后，要在 Slack 后台点 Reinstall，否则收不到。",
        "After adding scopes or events press Reinstall in Slack's settings, else nothing comes.",
    ),
)
TOKEN = frozenset({"invalid_auth", "account_inactive", "token_revoked", "not_authed", "token_expired"})
CODES = Codes(
    throttled=frozenset({"ratelimited", "rate_limited"}),
    unreachable=frozenset(
        {"channel_not_found", "not_in_channel", "is_archived", "user_not_found", "cannot_dm_bot"}
    ),
    blocking=dict.fromkeys((*TOKEN, "missing_scope"), HOUR),
    credentials=TOKEN | {"missing_scope"},
)
WRONG = Text(
    "Slack 不认识这个 Bot Token，或应用被卸载了。请重新复制再发布。",
    "Slack does not know this bot token, or the app was removed. Copy it again and publish.",
)
TEXTS: Mapping[str, Text] = {
    **dict.fromkeys(TOKEN, WRONG),
    "missing_scope": Text(
        "应用缺少权限：加上 chat:write、im:history、app_mentions:read、files:read，再重新安装。",
        "The app lacks a scope: add chat:write, im:history, app_mentions:read and files:read, then "
        "reinstall it.",
    ),
    "ratelimited": Text("发得太快，会自动接着发。", "Too fast; it goes on by itself."),
    "channel_not_found": Text(
        "没有这个频道，或应用不在里面。", "There is no such channel, or the app is not in it."
    ),
    "not_in_channel": Text(
        "应用不在频道里：用 /invite 请它进来。", "The app is not in the channel: /invite it."
    ),
    "is_archived": Text("频道已归档。", "The channel is archived."),
}
OTHER = Text(
    "Slack 拒绝了请求（{code}）。请按错误名查阅 Slack 的文档。",
    "Slack refused the request ({code}). Look it up in Slack's documentation.",
)
UNREADABLE = Text(
    "Slack 的回应无法识别，不能确定是否收到。", "Slack's answer is unreadable; it may have got it."
)
NO_RECEIVER = Text(
    "要一个成员或频道的编号，例如 U… 或 C…", "has to be the id of a member or channel, such as U… or C…"
)
