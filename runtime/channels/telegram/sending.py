"""What a Telegram bot sends. https://core.telegram.org/bots/api#sendmessage"""

import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from runtime.channels import ApiRequest
from runtime.channels._text.markdown import ZERO_WIDTH_SPACE
from runtime.channels._text.printable import clean
from runtime.channels.telegram.messages import where
from runtime.channels.telegram.rendering import safe
from runtime.choices import Choices
from runtime.errors import Wrong
from runtime.lang import Text

RECEIVER = re.compile(r"-?[0-9]{1,20}(?:/[0-9]{1,20})?|@[A-Za-z][A-Za-z0-9_]{4,31}")
NAMED = re.compile(r"(?<![A-Za-z0-9_])@(?=[A-Za-z][A-Za-z0-9_]{3,31})")
"""Whatever stands before it but a letter or a digit, as in an address of e-mail, it calls somebody."""
ADDRESS = re.compile(r"((?:https?://|(?<![A-Z0-9.-])(?:[A-Z0-9-]++\.)++[A-Z0-9-]++/)[^\s<>]+)", re.IGNORECASE)
TAG = re.compile(r"(<[^<>]*>)")
NO_RECEIVER = Text(
    "要一个数字的对话编号，或 @频道名；对方要先给机器人发过消息",
    "has to be a chat's number or @channel; a person must have written to the bot before",
)
NOTHING: Mapping[str, str] = {}


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def receiver(to: str) -> None:
    """Raises Wrong."""
    if not RECEIVER.fullmatch(to):
        raise Wrong(NO_RECEIVER)


def sent(part: str, to: str, handle: Mapping[str, str] = NOTHING) -> ApiRequest:
    """HTML, to where the person wrote: their topic, and in a group under their message."""
    body = {
        **place(to, handle),
        "text": quiet_html(safe(part), to),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    return ApiRequest("/sendMessage", body)


def found(handle: str) -> dict[str, int]:
    """A message by its chat and number."""
    chat, _, number = handle.partition(" ")
    return {"chat_id": int(chat), "message_id": int(number)}


def choices_shown(choices: Choices, to: str, handle: Mapping[str, str]) -> ApiRequest:
    """A button a line: words are cut where there are several in one."""
    buttons = [[{"text": clean(one.text), "callback_data": one.value}] for one in choices.options]
    body = {**place(to, handle), "text": quiet_html(safe(choices.question), to), "parse_mode": "HTML"}
    return ApiRequest("/sendMessage", {**body, "reply_markup": {"inline_keyboard": buttons}})


def quiet(text: str, to: str) -> str:
    """In a group, names that look the same and call nobody: who writes an answer does not decide that. In
    addresses they are written as these allow it.
    https://core.telegram.org/api/mentions"""
    if not to.startswith(("-", "@")):
        return text
    return _between(ADDRESS, text, lambda one: NAMED.sub("@" + ZERO_WIDTH_SPACE, one), _in_address)


def quiet_html(html: str, to: str) -> str:
    """The same of a text with tags, which stay as they are."""
    return _between(TAG, html, lambda one: quiet(one, to))


def _in_address(address: str) -> str:
    return NAMED.sub("%40", address)


def _between(
    mark: re.Pattern[str],
    text: str,
    work: Callable[[str], str],
    inside: Callable[[str], str] = str,
) -> str:
    """`mark`: is one group; `work`: on what stands between, `inside`: on the marks themselves."""
    return "".join(inside(one) if n % 2 else work(one) for n, one in enumerate(mark.split(text)))


def place(to: str, handle: Mapping[str, str]) -> dict[str, Any]:
    """Where the person wrote: their topic, and in a group under their message."""
    at: dict[str, Any] = {"chat_id": where(to)}
    if topic := handle.get("topic"):
        at["message_thread_id"] = int(topic)
    if reply := handle.get("reply"):
        at["reply_parameters"] = {"message_id": int(reply), "allow_sending_without_reply": True}
    return at
