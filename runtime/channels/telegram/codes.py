"""What api.telegram.org answers, as an outcome.

{"ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
https://core.telegram.org/bots/api#making-requests
"""

import re
from collections.abc import Mapping
from typing import Any

from runtime.channels import ApiAnswer, Codes
from runtime.errors import SendFailed
from runtime.lang import Text

TOKEN, BLOCKED, BUSY, TAKEN, NO_CHAT, MOVED = "401", "403", "429", "409", "no_chat", "moved"
WEBHOOK, SAME = "bad_webhook", "same"
"""The last: an edit that changes nothing."""
LONGEST_WAIT = 3600.0
CODES = Codes(
    throttled=frozenset({BUSY}),
    unreachable=frozenset({BLOCKED, NO_CHAT, MOVED}),
    blocking={TOKEN: 3600.0},
    credentials=frozenset({TOKEN}),
)
TEXTS: Mapping[str, Text] = {
    TOKEN: Text(
        "Telegram 不认识这个 Bot Token。请到 @BotFather 用 /token 重新复制，再发布一次。",
        "Telegram does not know this bot token. Copy it anew from @BotFather (/token) and publish again.",
    ),
    BLOCKED: Text(
        "对方停用或屏蔽了机器人，或机器人已不在群里。对方再写来时会接着发。",
        "The person blocked the bot, or it is no longer in the group. It goes on when they write again.",
    ),
    BUSY: Text(
        "发得太快，Telegram 要求等一会儿；会自动接着发。",
        "Too fast: Telegram asks to wait. It goes on by itself.",
    ),
    TAKEN: Text(
        "另一个程序也在取这个机器人的消息，或它还设着 webhook。请停掉另一个程序；一个机器人只能接一处。",
        "Another program looks for this bot's messages, or a webhook is still set. Stop the other one: a "
        "bot serves "
        "one place.",
    ),
    NO_CHAT: Text(
        "Telegram 上没有这个对话：对方还没有给机器人发过消息，或编号不对。",
        "There is no such chat: the person never wrote to the bot, or the id is wrong.",
    ),
    MOVED: Text(
        "群升级成了超级群，编号变了。群里再写来一条就会接着发。",
        "The group became a supergroup and has a new id. It goes on with the next message from there.",
    ),
    "400": Text("Telegram 没有接受这条消息（400）。", "Telegram did not take this message (400)."),
    WEBHOOK: Text(
        "Telegram 不接受这个公网地址：要 HTTPS，端口 443、80、88 或 8443，证书有效。改好后会自动再试，"
        "或改成「主动去取」。",
        "Telegram does not take this public address: it wants HTTPS on port 443, 80, 88 or 8443 and a valid "
        "certificate. It is tried again by itself; or let us look for messages.",
    ),
    "413": Text("文件太大，Telegram 不收。", "The file is too large for Telegram."),
    "other": Text("Telegram 拒绝了请求。请稍后再试。", "Telegram refused the request. Try again later."),
}
UNREADABLE = Text(
    "Telegram 的回应无法识别，不能确定是否收到。请检查 API 地址和中间的代理。",
    "Telegram's answer is unreadable; it may have got it. Check the API host and any proxy in between.",
)
NO_CHATS = re.compile(r"chat not found|user not found|PEER_ID_INVALID|chat_id is empty", re.IGNORECASE)


def check(answer: ApiAnswer, unreadable: str = "unreadable") -> Any:
    """The result. Raises SendFailed; `unreadable`: the code when nobody knows what the platform did."""
    data = answer.data
    if data.get("ok") is True and "result" in data:
        return data["result"]
    number = data.get("error_code")
    if data.get("ok") is not False or isinstance(number, bool) or not isinstance(number, int):
        raise SendFailed(UNREADABLE, code=unreadable)
    code = _code(number, str(data.get("description", ""))[:500])
    raise SendFailed(explained(code), code=code, retryable=code in CODES.throttled, wait=_wait(data))


def explained(code: str) -> Text:
    return TEXTS.get(code, TEXTS["other"])


def _code(number: int, description: str) -> str:
    if number == 404:  # what a token that never was gets
        return TOKEN
    if number == 400 and "upgraded to a supergroup" in description:
        return MOVED
    if number == 400 and "message is not modified" in description:
        return SAME
    if number == 400 and "webhook" in description:
        return WEBHOOK
    if number == 400 and NO_CHATS.search(description):
        return NO_CHAT
    if number >= 500:
        return "uncertain"
    return str(number)[:6]


def _wait(data: Mapping[str, Any]) -> float:
    """Seconds that it asks for."""
    parameters = data.get("parameters")
    found = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found < 10**6:
        return 0.0
    return min(float(found), LONGEST_WAIT)
