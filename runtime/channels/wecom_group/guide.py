"""What the owner of a group robot is told."""

from runtime.channels import Guide, Note, Profile, Words
from runtime.channels._tencent.family import WECHAT
from runtime.lang import Text

WORDS = Words(
    platform=Text("企业微信", "WeCom"),
    console=Text("企业微信群的设置", "the group's settings"),
    account=Text("群机器人", "group robot"),
    proof=Text("key", "key"),
)
PROFILE = Profile(
    audience="readers",
    writes=Text("没有人：机器人只往群里发，收不到群里的话", "Nobody: the robot writes and hears nothing"),
    needs=Text(
        "一个企业微信内部群，群成员加一个「消息推送」；不用管理员，不用公网网址",
        "An internal WeCom group where a member adds a message push; no administrator, no public address",
    ),
    cost=Text("免费", "Free"),
    risk=Text(
        "谁拿到 Webhook 地址，谁就能往群里发，请当作密码保管。每分钟最多 20 条，多出来的稍后自动发",
        "Whoever has the webhook can write to the group: keep it like a password. 20 messages a minute; the "
        "rest follows by itself",
    ),
    public_address=False,
    family=WECHAT,
)
GUIDE = Guide(
    ask=("key",),
    rare=(),
    title=Text("粘贴机器人的 Webhook 地址", "The robot's webhook"),
    where=Text(
        "在企业微信里打开这个群 → 右上角「…」→ 消息推送 → 添加 → 起个名字 → 复制 Webhook 地址。",
        "Open the group in WeCom → the menu [右上角「…」] → 消息推送 → 添加 → name it → copy the webhook.",
    ),
    advice=(),
    paste=Text("不用再填别的。", "There is nothing else to enter."),
)
TRY_IT = Note(
    Text("试着发一条", "Try it"),
    Text(
        '在服务器上运行 python app.py say 发布编号 "你好"；用 python app.py alerts 发布编号 '
        "让其他渠道的告警也发到这个群。",
        'On the server: python app.py say PUBLICATION "hello"; python app.py alerts PUBLICATION sends the '
        "other channels' alerts to this group.",
    ),
)
ONE_GROUP = Text("只能发到它所在的群，不用写收件人", "is no receiver: a robot writes to its own group only")
