"""What the owner of a WeCom AI bot is told: what to look up, what to copy, what went wrong."""

from runtime.channels import Guide, Note, Profile, Words
from runtime.channels._tencent.family import WECHAT
from runtime.lang import Text

WORDS = Words(
    platform=Text("企业微信", "WeCom"),
    console=Text("机器人的设置页", "the bot's settings"),
    account=Text("智能机器人", "AI bot"),
    proof=Text("Token", "Token"),
)
PROFILE = Profile(
    audience="members",
    writes=Text(
        "本企业的成员：单聊，或在内部群里 @ 它（外部群和微信用户不行）",
        "Members of the enterprise: alone with it, or by @ in internal groups (no external groups, no "
        "WeChat users)",
    ),
    needs=Text(
        "企业微信里建一个智能机器人，选「API 模式」。用长连接时不要域名、不要公网地址、不要 IP 白名单",
        "An AI bot made in WeCom, in API mode. With the long connection no domain, no public address and no "
        "list of addresses",
    ),
    cost=Text("免费", "Free"),
    risk=Text(
        "官方接口，不会因此封号。同一个机器人只能有一处长连接：在别处用同样的 Secret 会把这里挤下线",
        "Tencent's own API, so nobody is banned for it. A bot has one long connection: whoever uses the same "
        "Secret elsewhere ends this one",
    ),
    public_address=False,
    family=WECHAT,
)
ONE = Note(
    Text("一个机器人只接一处", "One bot, one place"),
    Text(
        "如果这个机器人正在别的程序里用长连接，请先停掉那边。两边同时连会互相挤下线。",
        "If another program holds this bot's long connection, stop it first: two end each other's.",
    ),
)
GUIDE = Guide(
    ask=("mode", "bot_id", "secret"),
    rare=(),
    title=Text("填写智能机器人的信息", "Your AI bot"),
    where=Text(
        "企业微信 → 工作台 → 智能机器人 → 创建机器人 → API 模式创建。连接方式选「使用长连接」，页面上就有 "
        "Bot ID 和 Secret，复制到这里就能用；选「使用 URL 回调」，先在这里发布，再把生成的三项填过去。",
        "WeCom → 工作台 → 智能机器人 → 创建机器人 → API 模式创建. With 使用长连接 the page shows Bot ID and "
        "Secret: copy them here and it works. With 使用 URL 回调 publish here first, then enter there what "
        "you get.",
    ),
    advice=(),
    paste=Text(
        "用 URL 回调时：机器人的设置页 → API 模式 → 使用 URL 回调，按下面的顺序逐项粘贴，再保存。",
        "With URL callback: the bot's page → API 模式 → 使用 URL 回调: paste in this order, then save.",
    ),
    called=("mode", "webhook"),
)

TAKEN_OVER = Text(
    "这个机器人在别处建立了长连接，这里被挤下线，不会自动重连（否则两边会互相挤）。"
    "请停掉另一个程序，再重新发布。",
    "Another program took over this bot's long connection. It is not connected again by itself, since the "
    "two would end each other. Stop the other one, then publish again.",
)
REFUSED = Text(
    "企业微信连续 5 次不接受这个 Bot ID 和 Secret（错误码 {code}），隔一阵再试一次。"
    "请到机器人的设置页重新复制，再发布一次。",
    "WeCom refused this Bot ID and Secret 5 times ({code}); now it is tried once in a while. Copy them anew "
    "from the bot's settings and publish again.",
)
NOT_YET = Text(
    "企业微信暂时没有接受连接（错误码 {code}），稍后重试。",
    "WeCom did not take the connection just now ({code}); it is tried again.",
)
SILENT = Text(
    "企业微信没有回应心跳，重新连接。", "WeCom does not answer the heartbeat; the connection is opened again."
)
LOST = Text("和企业微信的连接断了，正在重连。", "The connection to WeCom is down; it is opened again.")
ENDS = {
    "disconnected": TAKEN_OVER,
    "refused": REFUSED.fill(code="-"),
    "not_yet": NOT_YET.fill(code="-"),
    "silent": SILENT,
    "lost": LOST,
}
"""By the code of the end."""
