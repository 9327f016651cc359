"""What DingTalk's two APIs answer, as an outcome: done, or a SendFailed that says what to do.

api.dingtalk.com says no by an HTTP status and a `code` in words, oapi.dingtalk.com by an `errcode`.
https://open.dingtalk.com/document/development/how-to-process-api-throttling-on-the-dingtalk-server
"""

import re
from collections.abc import Mapping
from typing import Any

from runtime.channels import ApiAnswer, Codes
from runtime.errors import SendFailed
from runtime.lang import Text

DENIED = "Forbidden.AccessDenied.AccessTokenPermissionDenied"
MONTH = "Forbidden.AccessDenied.ApiCountLimitForOrg"
ADDRESS = "Forbidden.AccessDenied.IpNotInWhiteList"
WRONG = "invalidClientIdOrSecret"
STALE = frozenset({"InvalidAuthentication", "40014", "42001", "88"})
THROTTLED = frozenset(
    {
        "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi",
        "Forbidden.AccessDenied.QpsLimitForApi",
        "send.too.fast",
        "too.many.group",
        "too.many.people",
        "send.byToken.tooFast",
        "flow_controlled",
        "90018",
        "90002",
        "130101",
        "-1",
        "http_429",
        "http_502",
        "http_503",
    }
)
NOBODY = frozenset({"no_staff", "staff_invalid", "staffId.notExisted", "robot.conversation.notExist"})
CODES = Codes(
    stale=STALE,
    # without the permission nobody can be written to, and whoever writes can be answered all the same
    unreachable=NOBODY | {DENIED},
    throttled=THROTTLED,
    blocking={
        **dict.fromkeys((*STALE, WRONG, "authFailed", ADDRESS, "60020"), 60.0),
        **dict.fromkeys((MONTH, "90020"), 1800.0),
    },
    credentials=frozenset({WRONG, "authFailed"}),
    address=frozenset({ADDRESS, "60020"}),
)
CARDS_DENIED = frozenset({DENIED, "param.templateUnpublished", "param.templateNotExist"})
"""Refusals of a card that the next one would meet too."""
CODE = re.compile(r"[!-~]{1,96}")
SEEN = re.compile(r"(?:request ip|ip)\s?[=:]\s?([0-9A-Fa-f.:]{3,45})(?![0-9A-Fa-f.:])")
NOT_TOLD = Text("（没有说明是哪个）", "(which one it did not say)")

_SECRET = Text(
    "Client ID 或 Client Secret 不对。请到钉钉开发者后台打开这个应用的「凭证与基础信息」，重新复制这两项。",
    "The Client ID or Client Secret is wrong. Open the app in DingTalk's developer console [凭证与基础信息] "
    "and copy both again.",
)
_TOKEN = Text(
    "access_token 已失效，会自动重新获取。若反复出现，请核对 Client Secret 是否被重置过。",
    "The access token is no longer valid; a new one is fetched. If it repeats, see whether the Client Secret "
    "was reset.",
)
_IP = Text(
    "服务器 IP {ip} 不在白名单里。请到钉钉开发者后台这个应用的「安全设置 → 服务器出口 IP」里加上它。",
    "The server's IP {ip} is not in the allow-list. Add it in the app's settings in DingTalk's developer "
    "console [安全设置 → 服务器出口 IP].",
)
_DENIED = Text(
    "这个应用还没有开通需要的权限。请到钉钉开发者后台这个应用的「权限管理」里申请：主动发消息要 "
    "qyapi_robot_sendmsg，AI 卡片要 Card.Instance.Write 和 Card.Streaming.Write。",
    "The app lacks a permission. Apply for it in DingTalk's developer console [权限管理]: "
    "qyapi_robot_sendmsg for messages of its own, Card.Instance.Write and Card.Streaming.Write for AI cards.",
)
_MONTH = Text(
    "这个月的 API 次数用完了（标准版每月 1 万次）。可以关掉「用 AI 卡片边写边显示」，或升级钉钉版本。",
    "This month's API calls are used up (10,000 in the standard edition). Switch the AI cards off, or take "
    "another edition of DingTalk.",
)
_SOON = Text(
    "发得太快，钉钉暂时不收，稍后自动重试。",
    "Too many in too short a time; it is tried again in a moment.",
)
_NOBODY = Text(
    "对方收不到：不是本企业的成员，已离职，或机器人已不在这个群里。",
    "They cannot be reached: no member of the enterprise, gone, or the robot is not in that group any more.",
)
_SESSION = Text(
    "这次会话的回复地址已经失效，等对方再发一条。",
    "The address to answer at is no longer valid; it goes with their next message.",
)
_LONG = Text(
    "这段文字太长，钉钉不收。请让回答更短。", "The text is too long for DingTalk. Make the answers shorter."
)
_TEMPLATE = Text(
    "钉钉没有这个 AI 卡片模板，或它还没有发布。请核对「AI 卡片模板 ID」。",
    "DingTalk has no such card template, or it is not published. Compare the AI card's template.",
)
_CARD = Text(
    "AI 卡片发不出去（{code}），改发普通消息。",
    "No AI card could be shown ({code}); the answer is a plain message.",
)
TEXTS: Mapping[str, Text] = {
    **dict.fromkeys((WRONG, "authFailed"), _SECRET),
    **dict.fromkeys(STALE, _TOKEN),
    **dict.fromkeys((ADDRESS, "60020"), _IP),
    DENIED: _DENIED,
    **dict.fromkeys((MONTH, "90020"), _MONTH),
    **dict.fromkeys(THROTTLED, _SOON),
    **dict.fromkeys(NOBODY, _NOBODY),
    "300001": _SESSION,
    **dict.fromkeys(("460101", "101002"), _LONG),
    **dict.fromkeys(("param.templateUnpublished", "param.templateNotExist"), _TEMPLATE),
    "no_card": _CARD,
}
UNKNOWN = Text(
    "钉钉拒绝了请求（错误码 {code}）。请按错误码查阅钉钉的文档。",
    "DingTalk refused the request ({code}). Look the code up in its documentation.",
)
UNREADABLE = Text(
    "钉钉的回应无法识别，不能确定消息是否送达。请检查 API 地址和中间的代理。",
    "DingTalk's answer is unreadable, so delivery is uncertain. Check the API host and any proxy in between.",
)


def code_of(answer: ApiAnswer) -> str:
    """ "" where it says yes, or nothing of the kind."""
    told = answer.data.get("errcode") if "errcode" in answer.data else answer.data.get("code")
    code = str(told).strip() if isinstance(told, int | str) and not isinstance(told, bool) else ""
    if code and CODE.fullmatch(code) and code not in ("0", "200"):
        return code
    return f"http_{answer.status}" if 300 <= answer.status < 500 or answer.status in (502, 503) else ""


def check(answer: ApiAnswer, unreadable: str = "unreadable") -> None:
    """Raises SendFailed for what is no success. `unreadable`: the code where nobody knows what was done."""
    if code := code_of(answer):
        raise failure(code, answer.data)
    if answer.status != 200:
        raise SendFailed(UNREADABLE, code=unreadable)


def failure(code: str, told: Mapping[str, Any] | None = None) -> SendFailed:
    text = TEXTS.get(code, UNKNOWN).fill(code=code, ip=address_in(told or {}) or NOT_TOLD)
    return SendFailed(text, code=code, retryable=code in THROTTLED)


def explain(code: str) -> Text | None:
    text = TEXTS.get(code)
    return text and text.fill(code=code, ip=NOT_TOLD)


def address_in(told: Mapping[str, Any]) -> str:
    """Our own address, as far as a refusal names it."""
    found = SEEN.search(str(told.get("errmsg") or told.get("message") or "")[:1000])
    return found[1] if found else ""
