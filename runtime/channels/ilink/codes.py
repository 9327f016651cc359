"""What ilinkai.weixin.qq.com answers, as an outcome: `ret` or `errcode`, where 0, or none, means yes."""

from collections.abc import Mapping
from typing import Any

from runtime.channels import ApiAnswer, Codes
from runtime.errors import SendFailed
from runtime.lang import Text

LOST = "-14"
BUSY = "-2"
CODES = Codes(
    throttled=frozenset({BUSY}),
    blocking={LOST: 3600.0},
    lost=frozenset({LOST}),
)
RESTS = (3.0, 9.0, 27.0, 81.0, 243.0, 729.0, 2187.0, 3600.0)
"""Blocks of up to an hour were seen: three times as long, each time."""
TEXTS = {
    LOST: Text(
        "微信连接已失效：可能在别处重新扫了码，或登录已过期。请重新扫码；收到的消息都留着。",
        "The WeChat connection is no longer valid: it was scanned elsewhere, or has expired. Scan again; "
        "what came in is kept.",
    ),
    BUSY: Text(
        "微信暂时不收：发得太快，这条消息的回复次数（约 10 条）用完了，或者对方半天没写来。"
        "会自动慢下来再试，对方一写来就发；请让回答更短。",
        "WeChat does not take it now: too fast, the answers to this message (about 10) are used up, or the "
        "person has not written for half a day. It is tried again more slowly, and once they write; make the "
        "answers shorter.",
    ),
    "not_shown": Text(
        "微信收下了，但没有给消息编号，多半没有显示给对方。对方再发一条消息时会告诉他在哪里看。",
        "WeChat took it but gave it no id, so most likely it was not shown. The person is told where it is "
        "when they write again.",
    ),
    "shape": Text("扫码的回应不完整。", "The answer about the scan is incomplete."),
}
UNKNOWN = Text(
    "微信拒绝了请求（错误码 {code}）。请稍后再试；一直这样请重新扫码。",
    "WeChat refused the request ({code}). Try again later; if it goes on, scan again.",
)
UNREADABLE = Text(
    "微信的回应无法识别，不能确定是否收到。", "WeChat's answer is unreadable; it may have got it."
)


def ret(data: Mapping[str, Any]) -> str | None:
    """The code as text; "0" when it says yes, None when it says nothing."""
    found = None
    for name in ("ret", "errcode"):
        code = data.get(name)
        if isinstance(code, bool) or not isinstance(code, int | str):
            continue
        found = str(code).strip()[:20]
        if found != "0":
            return found
    return found


def check(answer: ApiAnswer, unreadable: str = "unreadable") -> None:
    """Raises SendFailed. An answer that names no code says yes: older servers answer `{}`."""
    if answer.status >= 500:
        raise SendFailed(UNREADABLE, code=unreadable)
    code = ret(answer.data)
    if answer.status >= 300 and code in (None, "0"):
        raise SendFailed(UNREADABLE, code=unreadable)
    if any(name in answer.data and code is None for name in ("ret", "errcode")):
        raise SendFailed(UNREADABLE, code=unreadable)
    if code not in (None, "0"):
        text = TEXTS.get(code, UNKNOWN).fill(code=code)
        raise SendFailed(text, code=code, retryable=code in CODES.throttled)


def explain(code: str) -> Text:
    return TEXTS.get(code, UNKNOWN.fill(code=code[:20]))
