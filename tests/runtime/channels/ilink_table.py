"""What ilinkai.weixin.qq.com says, and is told."""

import base64
from unittest.mock import ANY

from tables import Answered, MediaPushed, Outgoing, Put, Tables

from runtime.channels import ApiAnswer, ApiRequest, Media, Shown
from runtime.channels.ilink import CHANNEL

TOKEN = "s3cr3t-bot-token-0123456789"
ME = "o9cq80-abc@im.wechat"
ACCOUNT = {"bot_token": TOKEN, "bot_id": "b5f0-xyz@im.bot", "user_id": ME}
JOINED = CHANNEL(CHANNEL.Settings(**ACCOUNT, base_url="https://ilinkai.weixin.qq.com"))


LIES = {"param": "DOWN", "key": "00112233445566778899aabbccddeeff", "size": 17, "sealed": 32, "name": "p.png"}
AT = {
    "encrypt_query_param": "DOWN",
    "aes_key": base64.b64encode(LIES["key"].encode()).decode(),
    "encrypt_type": 1,
}


def sent(text, key="k1"):
    return holding({"type": 1, "text_item": {"text": text}}, key)


def holding(item, key="k1"):
    message = {
        "from_user_id": "",
        "to_user_id": ME,
        "client_id": f"hongyan-{key}",
        "message_type": 2,
        "message_state": 2,
        "item_list": [item],
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
    # its key is another one each time
    put=[
        Put(
            "a picture",
            Media("image", "image/png", b"p" * 17, "p.png"),
            [
                (ANY, ApiAnswer(200, {"ret": 0, "upload_param": "UP"})),
                (ANY, ApiAnswer(200, {}, b"", {"x-encrypted-param": "DOWN"})),
            ],
            {**LIES, "key": ANY},
        ),
        Put(
            "no place for it",
            Media("image", "image/png", b"p", "p.png"),
            [(ANY, ApiAnswer(200, {"ret": -2}))],
            code="-2",
        ),
    ],
    media_pushed=[
        MediaPushed(
            "a picture",
            Shown("image", LIES),
            holding({"type": 2, "image_item": {"media": AT, "mid_size": 32}}),
        ),
        MediaPushed(
            "a video",
            Shown("video", LIES),
            holding({"type": 5, "video_item": {"media": AT, "video_size": 32}}),
        ),
        MediaPushed(
            "a file",
            Shown("file", LIES),
            holding({"type": 4, "file_item": {"media": AT, "file_name": "p.png", "len": "17"}}),
        ),
    ],
)
