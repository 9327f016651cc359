"""What the owner of a Feishu or Lark bot is told: what to look up, what to copy, what went wrong."""

from runtime.channels import WORK, Guide, Note, Profile, Words
from runtime.channels._symptoms import symptom
from runtime.lang import Text

WORDS = Words(
    platform=Text("飞书", "Feishu"),
    console=Text("飞书开发者后台", "Feishu's developer console"),
    account=Text("机器人", "bot"),
    proof=Text("Encrypt Key 和 Verification Token", "Encrypt Key and Verification Token"),
)
PROFILE = Profile(
    audience="members",
    writes=Text(
        "应用可用范围内的企业成员：单聊，或在群里 @ 它",
        "Members of the enterprise within the app's availability: alone with it, or by @ in groups",
    ),
    needs=Text(
        "飞书或 Lark 开发者后台里一个企业自建应用，加上「机器人」能力并发布。用长连接时不要域名、"
        "不要公网地址",
        "A custom app in Feishu's or Lark's developer console, with a bot, and published. With the long "
        "connection no domain and no public address",
    ),
    cost=Text(
        "免费；免费版每月的 API 次数有上限，卡片的每次更新都算",
        "Free; the free edition has so many API calls a month, and each update of a card is one",
    ),
    risk=Text(
        "官方接口，不会因此封号。每个会话每秒最多 5 条，多出来的稍后自动发",
        "Feishu's own API, so nobody is banned for it. 5 messages a second in a chat; the rest follows by "
        "itself",
    ),
    public_address=False,
    family=WORK,
)
GUIDE = Guide(
    ask=("region", "mode", "app_id", "app_secret", "encrypt_key", "verification_token"),
    rare=("cards",),
    title=Text("填写飞书应用的信息", "Your Feishu app"),
    where=Text(
        "打开飞书开发者后台 open.feishu.cn/app（Lark：open.larksuite.com/app）→ 创建企业自建应用 → "
        "添加应用能力「机器人」。App ID 和 App Secret 在「凭证与基础信息」。",
        "The developer console open.feishu.cn/app (Lark: open.larksuite.com/app) → create a custom app → add "
        "the bot. App ID and App Secret are in its credentials.",
    ),
    advice=(),
    paste=Text(
        "用请求网址时：应用的「事件与回调」→ 事件配置和回调配置 → 将事件发送至开发者服务器，"
        "两处都粘贴这个网址并保存。",
        "With a request URL: the app's Events & Callbacks → both in the event and in the callback "
        "configuration choose to send to your server, paste this URL and save.",
    ),
    called=("mode", "webhook"),
)
URL = Text("请求网址", "Request URL")
EVENTS = Note(
    Text("订阅事件，再发布版本", "Subscribe to events, then publish"),
    Text(
        "「事件与回调」里选同样的订阅方式，添加事件 im.message.receive_v1（接收消息）和 "
        "im.chat.access_event.bot_p2p_chat_entered_v1（进入单聊），想收到 👍 👎 再加 "
        "im.message.reaction.created_v1 和 im.message.reaction.deleted_v1；添加回调 "
        "card.action.trigger（卡片按钮）；"
        "「权限管理」里开通 im:message、im:resource、cardkit:card:write；最后创建版本并发布。",
        "Under Events & Callbacks choose the same way in, add the events im.message.receive_v1 and "
        "im.chat.access_event.bot_p2p_chat_entered_v1, for thumbs im.message.reaction.created_v1 and "
        "im.message.reaction.deleted_v1, and the callback card.action.trigger; under "
        "permissions allow im:message, im:resource and cardkit:card:write; then make a version and publish "
        "it.",
    ),
)
FIRST_HERE = Note(
    Text("长连接要先在这里发布", "Publish here first"),
    Text(
        "飞书保存「使用长连接接收事件」时会检查连接：先在这里发布、看到「已连接」，再到那边保存。",
        "Feishu looks for the connection when you save 使用长连接接收事件: publish here, see that it is "
        "connected, then save there.",
    ),
)
NO_MEMBER = Text(
    "请写明发给谁：成员的 open_id（ou_ 开头），或群的 chat_id（oc_ 开头）",
    "names nobody: a member's open_id (ou_…), or a group's chat_id (oc_…)",
)
SILENT = Text(
    "飞书没有回应心跳，重新连接。", "Feishu does not answer the heartbeat; the connection is opened again."
)
LOST = Text("和飞书的连接断了，正在重连。", "The connection to Feishu is down; it is opened again.")
NOT_TOLD = Text(
    "飞书没有给出连接地址，稍后重试：{why}",
    "Feishu did not tell where to connect; it is tried again: {why}",
)
ENDS = {"silent": SILENT, "lost": LOST, "not_told": NOT_TOLD.fill(why="-")}
"""By the code of the end."""
DOWNGRADE = Text(
    "消息没有加密。请到飞书开发者后台「事件与回调 → 加密策略」设置 Encrypt Key，并复制到这里。",
    "The message is not encrypted. Set an Encrypt Key in Feishu's developer console under Events & Callbacks "
    "and copy it here.",
)
SIGNATURE = Text(
    "签名或 Verification Token 不对：这里的 Encrypt Key、Verification Token 和{console}的不一致，"
    "或请求不是{platform}发来的。",
    "Bad signature or token: the Encrypt Key or the Verification Token here differs from the one in "
    "{console}, or the request is not from {platform}.",
)
DECRYPT = Text(
    "消息无法解密：Encrypt Key 与{console}的不一致。请重新复制。",
    "Cannot decrypt: the Encrypt Key differs from the one in {console}. Copy it again.",
)
STALE = Text(
    "请求的时间与服务器相差太多。请校准服务器时钟（开启 NTP 对时）；若时钟无误，这是一次重放，无需处理。",
    "The request's time is far from ours. Check the clock (turn NTP on); if it is right, this was a replay "
    "and needs nothing.",
)
ACCOUNT = Text(
    "消息是发给另一个应用的：App ID 与{console}的不一致。请核对后重新填写。",
    "The message is for another app: the App ID differs from the one in {console}. Correct it here.",
)
REASONS = {
    "downgrade": DOWNGRADE,
    "signature": SIGNATURE,
    "decrypt": DECRYPT,
    "stale": STALE,
    "account": ACCOUNT,
}
SYMPTOMS = (
    symptom(
        "feishu_silent",
        r"(飞书|feishu|lark).*(没反应|不回|收不到|no (answer|reply))",
        Text(
            "多半是这几处之一：没有订阅 im.message.receive_v1，权限或事件改完没有发布版本，"
            "成员不在应用的可用范围里，或群里没有 @ 它。请逐一核对，再创建并发布一个新版本。",
            "The event im.message.receive_v1 is not subscribed to, permissions or events were changed and no "
            "version published, the member is outside of its availability, or nobody wrote @ in the group. "
            "Compare each, then publish a version.",
        ),
    ),
    symptom(
        "feishu_no_connection",
        r"未建立长连接|未检测到.*长连接|long connection.*(not|detect)",
        Text(
            "飞书保存时没有看到长连接。先在这里发布，等发布页显示已连接，再到飞书保存。",
            "Feishu saw no connection when you saved. Publish here first, wait until it is connected, then "
            "save there.",
        ),
    ),
    symptom(
        "feishu_card",
        r"cardkit:card:write|99991672|200340|300311",
        Text(
            "应用缺少权限。到「权限管理」开通 im:message、im:resource、cardkit:card:write，发布一个新版本，"
            "再重新发布渠道。",
            "The app lacks a permission. Allow im:message, im:resource and cardkit:card:write, publish a "
            "version of the app, then publish the channel again.",
        ),
    ),
)
