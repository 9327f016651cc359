"""What the owner of a WeCom AI bot is told: what to look up, what to copy, what went wrong."""

from collections.abc import Sequence

from runtime.channels import Guide, Note, Profile, Symptom, Words
from runtime.channels._symptoms import symptom
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
SYMPTOMS: Sequence[Symptom] = (
    symptom(
        "bubble_spins",
        r"(气泡|机器人|bubble|bot).{0,12}(一直|转圈|思考中|spin|forever)|finish",
        Text(
            "智能机器人的气泡一直转：结束标志 finish:true 没有发，或轮询到了另一个没有这段回答的进程。"
            "请只让一个鸿雁处理它；重启后鸿雁会把旧气泡结束掉。",
            "An AI bot's bubble spins for ever: finish:true was never sent, or the poll went to a process "
            "that does not know the answer. Let one Hongyan work on it; after a restart it ends old bubbles.",
        ),
    ),
    symptom(
        "content_jumps",
        r"(内容|文字|回答|content|text).{0,10}(重复|跳|闪|repeat|jump)",
        Text(
            "智能机器人的内容重复或跳动：每次应发送到目前为止的全文，而不是新增的一段。鸿雁发的是全文；"
            "请检查是不是有两个程序在回答。",
            "An AI bot's text repeats or jumps: each piece must be the whole text so far, not the new part. "
            "Hongyan sends the whole; see whether two programs answer.",
        ),
    ),
    symptom(
        "connection_flaps",
        r"(长连接|websocket|ws|connection).{0,16}(断|重连|抖|被踢|flap|reconnect|kick)|disconnected_event",
        Text(
            "智能机器人的长连接反复断开：两个进程用了同一个机器人，互相踢。请只留一个；测试机不要用正式的 "
            "Bot ID。",
            "An AI bot's connection drops again and again: two processes use the same bot and kick each "
            "other. Keep one; do not use a live Bot ID on a test machine.",
        ),
    ),
    symptom(
        "bot_internal_only",
        r"(机器人|bot).{0,12}(客户群|外部群|external|customer group)",
        Text(
            "智能机器人加不进客户群：它只能在企业内部使用。对外请用微信客服或公众号。",
            "An AI bot cannot be added to a customer group: it is for members only. For customers use WeChat "
            "Customer Service or an Official Account.",
        ),
    ),
)
