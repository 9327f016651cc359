"""What ilinkai.weixin.qq.com says, and is told."""

from tables import Answered, Outgoing, Tables

from runtime.channels import ApiRequest
from runtime.channels.ilink import CHANNEL

TOKEN = "s3cr3t-bot-token-0123456789"
ME = "o9cq80-abc@im.wechat"
ACCOUNT = {"bot_token": TOKEN, "bot_id": "b5f0-xyz@im.bot", "user_id": ME}
JOINED = CHANNEL(CHANNEL.Settings(**ACCOUNT, base_url="https://ilinkai.weixin.qq.com"))


def sent(text, key="k1"):
    message = {
        "from_user_id": "",
        "to_user_id": ME,
        "client_id": f"hongyan-{key}",
        "message_type": 2,
        "message_state": 2,
        "item_list": [{"type": 1, "text_item": {"text": text}}],
    }
    return ApiRequest("/ilink/bot/sendmessage", {"msg": message})


TABLES = Tables(
    JOINED,
    to=ME,
    secrets=(TOKEN,),
    outgoing=[Outgoing("a text", "你好", sent("你好"))],
    answered=[
        Answered("shown", {"ret": 0, "message_id": "7460012345678901234"}),
        Answered("shown, and the id is a number", {"ret": 0, "message_id": 18446744073709551615}),
        Answered("an older server", {}),
        Answered("taken and most likely shown to nobody", {"ret": 0}, "not_shown"),
        Answered("an id that is none", {"ret": 0, "message_id": "x"}, "not_shown"),
        Answered("too fast", {"ret": -2, "errmsg": "rate limited"}, "-2"),
        Answered("as text", {"errcode": "-2"}, "-2"),
        Answered("scanned elsewhere", {"ret": -14}, "-14"),
        Answered("the second code counts too", {"ret": 0, "errcode": -14}, "-14"),
        Answered("a server that broke", {}, "uncertain", 502),
        Answered("a code that is none", {"ret": []}, "uncertain"),
    ],
)
