"""What the owner of a DingTalk robot is told: what to look up, what to copy, what went wrong."""

from runtime.channels import WORK, Guide, Note, Profile, Words
from runtime.channels._symptoms import symptom
from runtime.lang import Text

WORDS = Words(
    platform=Text("钉钉", "DingTalk"),
    console=Text("钉钉开发者后台", "DingTalk's developer console"),
    account=Text("机器人", "robot"),
    proof=Text("应用的 Client Secret", "Client Secret"),
)
PROFILE = Profile(
    audience="members",
    writes=Text(
        "本企业的成员：单聊，或在群里 @ 它；群里的外部成员也能 @",
        "Members of the enterprise: alone with it, or by @ in groups; others in a group may @ it too",
    ),
    needs=Text(
        "钉钉开发者后台里一个企业内部应用，加上「机器人」能力并发布。用 Stream 模式时不要域名、不要公网地址",
        "An app of the enterprise's own in DingTalk's developer console, with 机器人 added and published. In "
        "Stream mode no domain and no public address",
    ),
    cost=Text(
        "免费；标准版每月 1 万次 API 调用，AI 卡片的每次更新都算",
        "Free; the standard edition has 10,000 API calls a month, and each update of an AI card is one",
    ),
    risk=Text(
        "官方接口，不会因此封号。每分钟最多 20 条，多出来的稍后自动发",
        "DingTalk's own API, so nobody is banned for it. 20 messages a minute; the rest follows by itself",
    ),
    public_address=False,
    family=WORK,
)
GUIDE = Guide(
    ask=("mode", "client_id", "client_secret", "cards"),
    rare=("card_template", "buttons", "robot_code"),
    title=Text("填写钉钉应用的信息", "Your DingTalk app"),
    where=Text(
        "打开钉钉开发者后台 open-dev.dingtalk.com → 应用开发 → 企业内部应用 → 创建应用 → "
        "添加应用能力「机器人」，消息接收模式选「Stream 模式」→ 发布。Client ID 和 Client Secret "
        "在「凭证与基础信息」。",
        "DingTalk's developer console open-dev.dingtalk.com → 应用开发 → 企业内部应用 → create an app → add "
        "机器人, with Stream 模式 for messages → publish it. Client ID and Client Secret are in "
        "凭证与基础信息.",
    ),
    advice=(),
    paste=Text(
        "用 HTTP 模式时：应用的「机器人」页 → 消息接收模式 → HTTP 模式 → 消息接收地址，粘贴后发布。",
        "In HTTP mode: the app's 机器人 page → 消息接收模式 → HTTP 模式 → 消息接收地址: paste it, then "
        "publish.",
    ),
    called=("mode", "webhook"),
)
URL = Text("消息接收地址", "消息接收地址 (address for messages)")
PUBLISH = Note(
    Text("发布应用的新版本", "Publish a version of the app"),
    Text(
        "机器人和权限改过之后，要在开发者后台「版本管理与发布」里发一个新版本，并把可见范围设给要用它的人。",
        "Whatever you changed of robot and permissions works once a version is published under "
        "版本管理与发布, with the people who use it in its visible range.",
    ),
)
PERMISSIONS = Note(
    Text("开通两个卡片权限", "Allow two things for cards"),
    Text(
        "「权限管理」里开通 Card.Instance.Write 和 Card.Streaming.Write，回答才能边写边显示；"
        "定时和主动发消息还要 qyapi_robot_sendmsg。",
        "Under 权限管理 allow Card.Instance.Write and Card.Streaming.Write, so that answers grow; reminders "
        "and other messages of its own need qyapi_robot_sendmsg.",
    ),
)
UNSIGNED = Note(
    Text("HTTP 模式的签名不保护内容", "HTTP mode signs no content"),
    Text(
        "钉钉在 HTTP 模式只对时间签名：看得见请求的人在一小时内可以换掉内容。Stream 模式没有这个问题，"
        "也不要公网网址。",
        "In HTTP mode DingTalk signs the time alone: whoever sees a request can send other content with it "
        "for an hour. Stream mode has no such weakness, and needs no public address.",
    ),
)
NO_MEMBER = Text(
    "请写明发给谁：成员的 UserId；发到群里写 openConversationId/UserId",
    "names nobody: a member's UserId, or openConversationId/UserId for a group",
)
SENT_AWAY = Text("钉钉让我们重新连接，马上再连。", "DingTalk asks us to connect anew, which is done at once.")
LOST = Text("和钉钉的连接断了，正在重连。", "The connection to DingTalk is down; it is opened again.")
NOT_TOLD = Text(
    "钉钉没有给出连接地址，稍后重试：{why}",
    "DingTalk did not tell where to connect; it is tried again: {why}",
)
ENDS = {"sent_away": SENT_AWAY, "lost": LOST, "not_told": NOT_TOLD.fill(why="-")}
"""By the code of the end."""
SYMPTOMS = (
    symptom(
        "dingtalk_silent",
        r"(钉钉|dingtalk).*(没反应|不回|收不到|no (answer|reply))",
        Text(
            "多半是三处之一：开发者后台的消息接收模式和这里选的不一样，应用改完没有发布新版本，或群里没有 @ "
            "它。请逐一核对，再在开发者后台发布一个新版本。",
            "Its way in differs between the console and here, the app was changed and no version published, "
            "or nobody wrote @ in the group. Compare each, then publish a version in the console.",
        ),
    ),
    symptom(
        "dingtalk_card",
        r"Card\.(Instance|Streaming)\.Write|AccessTokenPermissionDenied",
        Text(
            "应用没有卡片权限。到「权限管理」开通 Card.Instance.Write 和 Card.Streaming.Write，"
            "再重新发布渠道；不想用卡片就关掉「用 AI 卡片边写边显示」。",
            "The app may show no cards. Allow Card.Instance.Write and Card.Streaming.Write under 权限管理 "
            "and publish the channel again, or switch the AI cards off.",
        ),
    ),
    symptom(
        "dingtalk_session",
        r"300001|session ?不存在|robot.*session",
        Text(
            "会话的回复地址过期了（约 1.5 小时）。之后的消息改用机器人接口发，请开通 qyapi_robot_sendmsg "
            "权限。",
            "The address to answer at ended (after about 1.5 hours). What comes later goes by the robot's "
            "API: allow qyapi_robot_sendmsg.",
        ),
    ),
)
