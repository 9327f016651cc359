"""What open.feishu.cn answers, as an outcome: done, or a SendFailed that says what to do.

https://open.feishu.cn/document/server-docs/api-call-guide/generic-error-code,
https://open.feishu.cn/document/server-docs/im-v1/message/create
"""

import re
from collections.abc import Mapping
from typing import Any

from runtime.channels import ApiAnswer, Codes
from runtime.errors import SendFailed
from runtime.lang import Text

STALE = frozenset({"99991661", "99991663", "99991668", "99991671"})
CREDENTIALS = frozenset({"10003", "10014", "99991543", "1000040344"})
DENIED = frozenset({"99991672", "99991676", "230006", "230027"})
NOBODY = frozenset({"230002", "230013", "230029", "230053"})
ADDRESS, MONTH, CONNECTIONS = "99991401", "99991403", "1000040350"
THROTTLED = frozenset({"99991400", "230020", "200810", "300120", "11232", "http_429", "http_502", "http_503"})
CODES = Codes(
    stale=STALE,
    forbidden=DENIED,
    unreachable=NOBODY,
    throttled=THROTTLED,
    blocking={**dict.fromkeys((*STALE, *CREDENTIALS, ADDRESS), 60.0), MONTH: 1800.0},
    credentials=CREDENTIALS,
    address=frozenset({ADDRESS}),
)
SEEN = re.compile(r"\bip:? ?([0-9A-Fa-f.:]{3,45})(?![0-9A-Fa-f.:])", re.IGNORECASE)
NOT_TOLD = Text("（没有说明是哪个）", "(which one it did not say)")

_SECRET = Text(
    "App ID 或 App Secret 不对。请到开发者后台打开这个应用的「凭证与基础信息」，重新复制这两项；Lark "
    "国际版的应用要选 Lark。",
    "The App ID or App Secret is wrong. Open the app in the developer console, copy both again from its "
    "credentials, and choose Lark for an app made there.",
)
_TOKEN = Text(
    "tenant_access_token 已失效，会自动重新获取。若反复出现，请核对 App Secret 是否被重置过。",
    "The tenant access token is no longer valid; a new one is fetched. If it repeats, see whether the App "
    "Secret was reset.",
)
_DENIED = Text(
    "这个应用还没有需要的权限或机器人能力。请到开发者后台开通 im:message、im:resource，用卡片再加 "
    "cardkit:card:write，添加「机器人」能力，然后发布一个新版本。",
    "The app lacks a permission, or is no bot yet. Allow im:message and im:resource in the developer "
    "console, for cards cardkit:card:write too, add the bot, then publish a version.",
)
_NOBODY = Text(
    "对方收不到：不在应用的可用范围里，已离职或屏蔽了机器人，或机器人已不在这个群里。",
    "They cannot be reached: outside of the app's availability, gone, the bot is blocked, or not in that "
    "group any more.",
)
_SOON = Text(
    "发得太快，平台暂时不收，稍后自动重试。", "Too many in too short a time; it is tried again in a moment."
)
_IP = Text(
    "服务器 IP {ip} 不在白名单里。请到开发者后台这个应用的「安全设置 → IP 白名单」里加上它。",
    "The server's IP {ip} is not in the allow-list. Add it in the app's security settings in the developer "
    "console.",
)
_MONTH = Text(
    "这个月的 API 次数用完了。可以关掉「用流式卡片边写边显示」，或升级飞书版本。",
    "This month's API calls are used up. Switch the streaming cards off, or take another edition of Feishu.",
)
_CONNECTIONS = Text(
    "这个应用的长连接太多了（最多 50 个）。请停掉别处的程序。",
    "The app has too many long connections (50 at most). Stop the programs elsewhere.",
)
_LONG = Text("这段内容太长，平台不收。请让回答更短。", "The text is too long. Make the answers shorter.")
_CARD = Text(
    "流式卡片发不出去（{code}），改发普通消息。",
    "No streaming card could be shown ({code}); the answer is a plain message.",
)
TEXTS: Mapping[str, Text] = {
    **dict.fromkeys(CREDENTIALS, _SECRET),
    **dict.fromkeys(STALE, _TOKEN),
    **dict.fromkeys(DENIED, _DENIED),
    **dict.fromkeys(NOBODY, _NOBODY),
    **dict.fromkeys(THROTTLED, _SOON),
    ADDRESS: _IP,
    MONTH: _MONTH,
    CONNECTIONS: _CONNECTIONS,
    **dict.fromkeys(("230025", "200860"), _LONG),
    "no_card": _CARD,
}
UNKNOWN = Text(
    "飞书拒绝了请求（错误码 {code}）。请按错误码查阅飞书开放平台的文档。",
    "Feishu refused the request ({code}). Look the code up in its documentation.",
)
UNREADABLE = Text(
    "飞书的回应无法识别，不能确定消息是否送达。请检查 API 地址和中间的代理。",
    "Feishu's answer is unreadable, so delivery is uncertain. Check the API host and any proxy in between.",
)


def code_of(answer: ApiAnswer) -> str:
    """Nothing where it says yes, or nothing of the kind."""
    told = answer.data.get("code")
    if isinstance(told, int) and not isinstance(told, bool) and told and abs(told) < 10**12:
        return str(told)
    return f"http_{answer.status}" if 300 <= answer.status < 500 or answer.status in (502, 503) else ""


def check(answer: ApiAnswer, unreadable: str = "unreadable") -> Mapping[str, Any]:
    """Its `data`. Raises SendFailed for what is no success; `unreadable`: the code where nobody knows."""
    if code := code_of(answer):
        raise failure(code, answer.data)
    if answer.status != 200 or answer.data.get("code") != 0:
        raise SendFailed(UNREADABLE, code=unreadable)
    told = answer.data.get("data")
    return told if isinstance(told, dict) else {}


def text_of(told: Mapping[str, Any], name: str, most: int = 128) -> str:
    """An id that was told. Raises SendFailed."""
    value = told.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise SendFailed(UNREADABLE, code="unreadable")
    return value


def failure(code: str, told: Mapping[str, Any] | None = None) -> SendFailed:
    text = TEXTS.get(code, UNKNOWN).fill(code=code, ip=address_in(told or {}) or NOT_TOLD)
    return SendFailed(text, code=code, retryable=code in THROTTLED)


def explain(code: str) -> Text | None:
    text = TEXTS.get(code)
    return text and text.fill(code=code, ip=NOT_TOLD)


def address_in(told: Mapping[str, Any]) -> str:
    """Our own address, as far as a refusal names it."""
    found = SEEN.search(str(told.get("msg") or "")[:1000])
    return found[1] if found else ""
