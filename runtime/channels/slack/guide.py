"""What the owner of a Slack app is told, and what Slack's errors mean."""

from collections.abc import Mapping

from runtime.channels import WORK, Codes, Guide, Note, Profile, Words
from runtime.lang import Text

HOUR = 3600.0
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
        "能给工作区装应用的权限；用 Socket Mode 不要域名，否则要一个公网 HTTPS 地址",
        "The right to install apps; no domain with Socket Mode, else a public HTTPS address",
    ),
    cost=Text("免费", "Free"),
    risk=Text(
        "官方接口，不会因此封号。每个频道每秒约一条，多的会自动慢慢发",
        "Slack's own API, so nobody is banned for it. About one message a second in a channel; the rest "
        "follows",
    ),
    public_address=False,
    family=WORK,
)
SCOPES = (
    Text("chat:write", "chat:write"),
    Text("im:history", "im:history"),
    Text("app_mentions:read", "app_mentions:read"),
    Text("files:read", "files:read"),
    Text("files:write", "files:write"),
    Text("reactions:read", "reactions:read"),
)
EVENTS = (
    Text("app_mention", "app_mention"),
    Text("message.im", "message.im"),
    Text("app_home_opened", "app_home_opened"),
    Text("reaction_added", "reaction_added"),
    Text("reaction_removed", "reaction_removed"),
)
GUIDE = Guide(
    ask=("mode", "bot_token", "signing_secret", "app_token"),
    rare=(),
    title=Text("填写 Slack 应用的信息", "Your Slack app"),
    where=Text(
        "api.slack.com/apps → Create New App → From scratch。OAuth & Permissions 里加权限 chat:write、"
        "im:history、app_mentions:read、files:read、files:write、reactions:read，"
        "点 Install to Workspace，得到 Bot Token。"
        "没有公网地址：先到 Socket Mode 页打开它，会给一个 App-Level Token。",
        "api.slack.com/apps, Create New App, From scratch. Under OAuth & Permissions add the scopes "
        "chat:write, im:history, app_mentions:read, files:read, files:write and reactions:read, then "
        "Install to Workspace: that gives the bot token. Without a public address switch Socket Mode on "
        "first, which gives an app-level token.",
    ),
    advice=(),
    paste=Text(
        "Event Subscriptions → 打开 → Request URL 粘贴下面的网址，订阅事件；"
        "Interactivity & Shortcuts → 打开 → 粘贴同一个网址；App Home → 允许发消息。"
        "用 Socket Mode 时没有网址，只订阅事件。",
        "Event Subscriptions: on, paste the address as Request URL, subscribe to the events; "
        "Interactivity & Shortcuts: "
        "on, the same address; App Home: allow messages. With Socket Mode there is no address, only events.",
    ),
    called=("mode", "webhook"),
)
AGAIN = Note(
    Text("改了权限要重新安装", "New scopes need another install"),
    Text(
        "加了权限或事件以后，要在 Slack 后台点 Reinstall，否则收不到。",
        "After adding scopes or events press Reinstall in Slack's settings, else nothing comes.",
    ),
)
SUBSCRIBE = Note(
    Text("订阅事件", "Subscribe to events"),
    Text(
        "Event Subscriptions → 打开，Bot 事件加上 app_mention、message.im、app_home_opened、reaction_added、"
        "reaction_removed；"
        "Interactivity & Shortcuts → 打开；App Home → 允许发消息。",
        "Event Subscriptions: on, with the bot events app_mention, message.im, app_home_opened, "
        "reaction_added and reaction_removed; Interactivity & Shortcuts: on; App Home: allow messages.",
    ),
)
TOKEN = frozenset({"invalid_auth", "account_inactive", "token_revoked", "not_authed", "token_expired"})
CODES = Codes(
    forbidden=frozenset({"no_files"}),
    gone=frozenset({"file_not_found", "file_update_failed"}),
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
    "no_files": Text(
        "应用缺少 files:write 权限，图片和文件改用文字发。加上权限，再重新安装。",
        "The app lacks the scope files:write, so pictures and files go in words. Add it and reinstall the "
        "app.",
    ),
    "app_token": Text(
        "Slack 不接受这个 App-Level Token。请到 Basic Information → App-Level Tokens 新建一个"
        "（权限 connections:write），再发布一次。",
        "Slack does not take this app-level token. Make one under Basic Information, App-Level Tokens, with "
        "connections:write, and publish again.",
    ),
    "link_disabled": Text(
        "应用的 Socket Mode 被关掉了。请在 Slack 后台的 Socket Mode 页打开它。",
        "The app's Socket Mode is switched off. Switch it on in Slack's settings.",
    ),
    "sent_away": Text("Slack 换一条连接，正在重连。", "Slack asks to connect again; it is done."),
    "silent": Text("Slack 没有回应，正在重连。", "Slack does not answer; connecting again."),
    "lost": Text("和 Slack 的连接断了，正在重连。", "The connection to Slack is down; it is opened again."),
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
