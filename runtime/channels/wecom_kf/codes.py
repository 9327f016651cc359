"""The errcodes that mean something else, or only something, at a customer-service account.

https://developer.work.weixin.qq.com/document/path/94677
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from runtime.channels._tencent.answers import errcode
from runtime.channels._tencent.qyapi_codes import ANSWERS as WECOM
from runtime.channels._tencent.qyapi_codes import CODES as WECOMS
from runtime.lang import Text

STATE = "95018"
"""The session's state does not allow sending: a human has the customer, or it ended."""
CODES = replace(
    WECOMS,
    # 95001, five sent, is not here: the rest goes after the customer's next message like all that is held
    unreachable=WECOMS.unreachable | {"95002", "95003", "95013", STATE},
    blocking={**WECOMS.blocking, **dict.fromkeys(("95000", "95004", "95011", "95012"), 60.0)},
)
FAILED = {
    0: Text("原因不明", "for an unknown reason"),
    1: Text("客服账号已被删除", "the account was deleted"),
    2: Text("应用已被停用", "the app was closed"),
    4: Text("客户最后一条消息已超过 48 小时", "the customer's last message is older than 48 hours"),
    5: Text("会话已经结束", "the session is over"),
    6: Text("客户发来一条消息后最多回 5 条", "5 messages were sent since the customer's last one"),
    7: Text("没有绑定视频号", "no Channels account is bound"),
    8: Text("主体没有认证", "the enterprise is not verified"),
    9: Text("视频号没有绑定客服账号", "the Channels account is not bound"),
    10: Text("客户拒收了消息", "the customer refuses messages"),
}
"""By fail_type. The documentation names 4, 5, 6 and 10; 1, 2 and 7 to 9 are unconfirmed.

https://developer.work.weixin.qq.com/document/path/94670
"""
NOT_ARRIVED = Text("微信说这条消息没有送到：{why}。", "WeChat says that this did not arrive: {why}.")
TEXTS = {
    failed: NOT_ARRIVED.fill(why=why)
    for failed, why in ((f"fail_{number:03}", why) for number, why in FAILED.items())
}
ANSWERS = replace(WECOM, codes=CODES, texts={**WECOM.texts, **TEXTS})


def fail_code(fail_type: object) -> str:
    """The code that stands for a fail_type."""
    known = isinstance(fail_type, int) and not isinstance(fail_type, bool) and fail_type in FAILED
    return f"fail_{fail_type if known else 0:03}"


def is_done(answer: Mapping[str, Any]) -> bool:
    return errcode(answer) == "0"
