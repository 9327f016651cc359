"""What the webhook of a group robot says."""

from tables import Answered, Outgoing, Tables

from runtime.channels import ApiRequest
from runtime.channels.wecom_group import CHANNEL

KEY = "693a91f6-7b1c-4bc4-97a0-0ec2f1fa5aaa"


def sent(kind, content):
    return ApiRequest("/cgi-bin/webhook/send", {"msgtype": kind, kind: {"content": content}}, {"key": KEY})


TABLES = Tables(
    CHANNEL(CHANNEL.Settings(key=KEY)),
    calls=r"<@|mentioned",
    to="group",
    secrets=(KEY,),
    outgoing=[
        Outgoing("a text", "你好", sent("text", "你好")),
        Outgoing("with marks", "# 标题\n**粗**", sent("markdown", "# 标题\n**粗**")),
        Outgoing("a link", "[看](https://a.example/)", sent("markdown", "[看](https://a.example/)")),
    ],
    answered=[
        Answered("taken", {"errcode": 0, "errmsg": "ok"}),
        Answered("no such robot", {"errcode": 93000, "errmsg": "invalid webhook url"}, "93000"),
        Answered("too often", {"errcode": 45009}, "45009"),
        Answered("busy", {"errcode": -1}, "-1"),
        Answered("nothing said", {}, "uncertain"),
    ],
)
