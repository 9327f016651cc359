"""What the credentials of Tencent's platforms look like; make up our own."""

import base64
import re
import secrets
import string

from runtime.channels._border.entered import Format
from runtime.lang import Text

APP_ID = Format(
    re.compile(r"wx[A-Za-z0-9]{10,30}"),
    Text(
        "不像 AppID：应以 wx 开头，后面是字母和数字",
        "does not look like an AppID: wx, then letters and digits",
    ),
)
APP_SECRET = Format(
    re.compile(r"[!-~]{6,128}"),
    Text(
        "不像 AppSecret：应为一串不含空格的字母和数字",
        "does not look like an AppSecret: letters and digits without spaces",
    ),
)
TOKEN = Format(
    re.compile(r"[A-Za-z0-9]{3,32}"),
    Text("Token 应为 3–32 位字母或数字", "should be 3–32 letters and digits"),
)
AES_KEY = Format(
    re.compile(r"[A-Za-z0-9]{43}"),
    Text("EncodingAESKey 应为正好 43 位字母或数字", "should be exactly 43 letters and digits"),
)
ORIGINAL_ID = Format(
    re.compile(r"[A-Za-z0-9_-]{3,64}"),
    Text(
        "不像原始 ID：通常以 gh_ 开头，后面是字母和数字",
        "does not look like an original id: usually gh_, then letters and digits",
    ),
)
CORP_ID = Format(
    re.compile(r"w[wx][A-Za-z0-9]{8,40}"),
    Text(
        "不像企业 ID：应以 ww 开头，后面是字母和数字",
        "does not look like a CorpID: ww, then letters and digits",
    ),
)
AGENT_ID = Format(
    re.compile(r"[0-9]{1,12}"),
    Text(
        "不像 AgentId：应为一串数字，例如 1000002", "does not look like an AgentId: digits, such as 1000002"
    ),
)
CORP_SECRET = Format(
    re.compile(r"[A-Za-z0-9_-]{16,128}"),
    Text(
        "不像应用的 Secret：应为一串字母和数字",
        "does not look like an app's Secret: letters and digits without spaces",
    ),
)
OPEN_KFID = Format(
    re.compile(r"wk[A-Za-z0-9_-]{1,62}"),
    Text("不像客服账号 ID：应以 wk 开头", "does not look like an account id: wk, then letters and digits"),
)
ROBOT_KEY = Format(
    re.compile(r"[A-Za-z0-9-]{8,64}"),
    Text(
        "不像机器人的 key：应为 Webhook 地址里 key= 后面的一串，由字母、数字和 - 组成",
        "does not look like a robot's key: what stands behind key= in the webhook",
    ),
)


def new_token() -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(32))


def new_aes_key() -> str:
    """32 random bytes whose base64 happens to have letters and digits only, as the console demands."""
    while True:
        key = base64.b64encode(secrets.token_bytes(32)).decode()[:43]
        if key.isalnum():
            return key
