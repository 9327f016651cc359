"""What api.weixin.qq.com answers to a third-party platform, beside what it answers to an account.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Return_codes.html
"""

import dataclasses
import re

from runtime.channels._tencent.answers import Answers
from runtime.channels.wechat import errcodes
from runtime.lang import Text

NOT_AUTHORIZED, BAD_REFRESH_TOKEN = "61003", "61023"
LOST = frozenset({NOT_AUTHORIZED, BAD_REFRESH_TOKEN})
NO_TICKET = "no_ticket"
"""Of ours: the ticket did not come yet, or is too old."""
NO_CONSENT = "no_consent"
"""Of ours: nothing is kept that a token of the account hangs on."""
CODES = dataclasses.replace(
    errcodes.CODES,
    blocking={
        **errcodes.CODES.blocking,
        **dict.fromkeys(("61005", "61006", NO_TICKET), 60.0),
        **dict.fromkeys((*LOST, NO_CONSENT), 3600.0),
    },
    forbidden=errcodes.CODES.forbidden | {"61007"},
    credentials=errcodes.CODES.credentials | {"61011"},
    lost=LOST,
)
IP = re.compile(r"(?:invalid ip|requestIP:?) ?([0-9A-Fa-f.:]{3,45})")

_TICKET = Text(
    "微信推送的 ticket 已经失效。微信每 10 分钟推送一次，收到新的就会恢复；一直没有，请核对开放平台里的"
    "「授权事件接收配置」。",
    "The ticket that WeChat sent is no longer valid. It sends one every 10 minutes, and with a new one all "
    "is well; if none comes, compare 授权事件接收配置 in the console.",
)
TEXTS: dict[str, Text] = {
    **errcodes.TEXTS,
    NOT_AUTHORIZED: Text(
        "这个公众号没有授权给这个第三方平台，或已经取消授权。请让它的管理员重新扫码授权；收到的消息都留着。",
        "The account did not consent to this third-party platform, or took that back. Let its administrator "
        "scan and consent again; what came in is kept.",
    ),
    BAD_REFRESH_TOKEN: Text(
        "授权已经失效（刷新令牌作废）。请让公众号的管理员重新扫码授权；收到的消息都留着。",
        "The consent is no longer valid (its refresh token is void). Let the account's administrator scan "
        "and consent again; what came in is kept.",
    ),
    "61004": Text(
        "服务器 IP {ip} 不在第三方平台的白名单里。请到「开放平台 → 第三方平台 → 详情 → 开发配置 → "
        "白名单 IP 地址列表」添加它。",
        "The server's IP {ip} is not in the third-party platform's allow-list. Add it in the console under "
        "第三方平台 → 详情 → 开发配置 → 白名单IP地址列表.",
    ),
    "61005": _TICKET,
    "61006": _TICKET,
    "61007": Text(
        "公众号没有把这个权限集授权给第三方平台。请让管理员重新扫码，授权时勾选它。",
        "The account's consent does not include this permission set. Let its administrator scan again and "
        "tick it.",
    ),
    "61009": Text(
        "授权码不对或已经用过。请重新扫码。", "The code of the consent is wrong or used. Scan again."
    ),
    "61010": Text("授权码已过期。请重新扫码。", "The code of the consent has expired. Scan again."),
    "61011": Text(
        "第三方平台的 AppID 不对。请到开放平台重新复制。",
        "The third-party platform's AppID is wrong. Copy it again from the console.",
    ),
    NO_TICKET: Text(
        "还没有收到微信推送的 ticket。请把「授权事件接收配置」的地址填到开放平台并保存，微信 10 "
        "分钟内会推送。",
        "WeChat has not sent its ticket yet. Put the address into 授权事件接收配置 in the console and save; "
        "WeChat sends one within 10 minutes.",
    ),
    NO_CONSENT: Text(
        "这个公众号还没有授权。请让它的管理员扫码授权。",
        "The account has not consented yet. Let its administrator scan and consent.",
    ),
}
ANSWERS = Answers(errcodes.ANSWERS.platform, CODES, TEXTS, IP, errcodes.TRACE)
