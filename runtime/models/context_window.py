"""How much of a chat a model can read at once, and what is left out when it is more."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

PICTURE = 1_000
"""Tokens of a picture, about."""
RESULT = 600
"""Characters that are left of a tool's result when there is no room for more."""
LEAST = 100
"""Tokens that are left of each message that is cut, as long as that suffices."""
AROUND = 4
"""Tokens that a server spends on a message besides what it says: its role, and where it ends."""
UNKNOWN = 24_000
"""Tokens of earlier exchanges that a model gets whose window nobody knows; the rest is left as it is."""
MARK = "\n[…… 省略 {n} 字 / {n} characters left out ……]\n"
Chat = Mapping[str, Any]

LATIN = re.compile(
    r"[A-Z]?[a-z]{1,5}|[A-Z]{1,2}|[0-9]{1,2}|[!-/:-@\[-`{-~]{1,2}|\n+|[\t\r]+|\x20{2,4}"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
"""Pieces of ASCII of which none is more than one token: words, digits, signs; one space belongs to a word."""

WINDOWS: tuple[tuple[str, int], ...] = (
    (r"gemini", 1_000_000),
    (r"gpt-4\.1", 1_000_000),
    (r"claude", 200_000),
    (r"\bo[134](-|$)|gpt-(4o|4-turbo|5)|glm-4|kimi|llama-?3\.[1-9]|mistral-(large|small)|command-r", 128_000),
    (r"qwen-(plus|turbo|max)|qwen3|deepseek-(v[2-9]|flash|chat|reasoner|r1)", 64_000),
    (r"doubao|hunyuan|qwen|mixtral|yi-", 32_000),
    (r"gpt-3\.5", 16_000),
    (r"gpt-4(-\d{4})?$|ernie|llama-?3|gemma|baichuan", 8_000),
)
"""Families of models and the least that any of each takes; the first that fits counts."""


class Fitted(NamedTuple):
    """What a model is sent. `left_out`: earlier messages that are not; `cut`: those that are in part."""

    messages: list[Chat]
    left_out: int = 0
    cut: int = 0


def tokens(text: str) -> int:
    """At least about as many as a real model would count, so that what fits here fits there.

    A Chinese character is one; letters beyond ASCII go two to a token, signs of other scripts one each, and
    what lies beyond the Basic Multilingual Plane, such as emoji, three.
    """
    if text.isascii():
        return len(LATIN.findall(text))
    others = [ord(sign) for sign in text if sign > "\x7f"]
    near = sum(point < 0x0530 for point in others)
    far = sum(point > 0xFFFF for point in others)
    return len(LATIN.findall(text)) + (near + 1) // 2 + (len(others) - near - far) + 3 * far


def size(messages: Sequence[Chat]) -> int:
    """Tokens of messages or tools, about."""
    return sum(_size(message) for message in messages)


def known_window(model: str) -> int | None:
    """The window that a model's name tells, e.g. moonshot-v1-8k, or that its family has."""
    name = model.lower()
    if named := re.search(r"[-_:.](\d{1,4})k\b", name):
        return int(named[1]) * 1000
    return next((window for family, window in WINDOWS if re.search(family, name)), None)


def recent(messages: Sequence[Chat], most: int = UNKNOWN) -> Fitted:
    """The messages with so many tokens of earlier exchanges at most, the newest of them."""
    return _without_oldest(messages, lambda earlier, rest: earlier > most)


def fitted(messages: Sequence[Chat], room: int) -> Fitted:
    """The messages so that they fit into `room` tokens.

    First the oldest exchanges go, each with its answer. Then tool results are shortened, then the oldest
    rounds of tools go, whole. The system prompt and the newest question always stay; when one of them alone
    is too long, it is cut in the middle, with a mark there.
    """
    kept, left_out, _ = _without_oldest(messages, lambda earlier, rest: earlier + rest > room)
    over = _weight(kept) - room
    cut = 0
    for i, message in enumerate(kept):
        content = message.get("content")
        if over > 0 and message["role"] == "tool" and isinstance(content, str) and len(content) > RESULT:
            kept[i] = {**message, "content": content[:RESULT] + "…"}
            over -= _size(message) - _size(kept[i])
            cut += 1
    while over > 0 and (rounds := _rounds(kept))[1:]:
        first, behind = rounds[0]
        over -= _weight(kept[first:behind])
        left_out += behind - first
        del kept[first:behind]
    cut_here: set[int] = set()
    for least in (LEAST, 0):
        for i in _by_turn(kept) if over > 0 else ():
            shorter = _shortened(kept[i], max(_size(kept[i]) - over, least))
            if over > 0 and _size(shorter) < _size(kept[i]):
                over -= _size(kept[i]) - _size(shorter)
                kept[i] = shorter
                cut_here.add(i)
    return Fitted(kept, left_out, cut + len(cut_here))


def shortened(text: str, room: int) -> str:
    """The beginning and the end of a text that is longer than so many tokens, and a mark between them."""
    whole = tokens(text)
    if whole <= room:
        return text
    keep = int(len(text) * max(room - tokens(MARK), 0) / whole)
    while True:
        tail = keep // 3
        mark = MARK.format(n=len(text) - keep)
        piece = text[: keep - tail] + mark + text[len(text) - tail :]
        if tokens(piece) <= room or keep == 0:
            return piece
        keep = keep * 9 // 10


def _without_oldest(messages: Sequence[Chat], is_too_much: Callable[[int, int], bool]) -> Fitted:
    """`is_too_much` is asked with the tokens of earlier exchanges, and of all the rest."""
    kept = list(messages)
    first = next((i for i, message in enumerate(kept) if message["role"] != "system"), len(kept))
    asked = [i for i, message in enumerate(kept) if message["role"] == "user"]
    if not asked:
        return Fitted(kept)
    earlier = _weight(kept[first : asked[-1]])
    rest = _weight(kept) - earlier
    gone = first
    for following in asked[1:] if first == asked[0] else asked:
        if not is_too_much(earlier, rest):
            break
        earlier -= _weight(kept[gone:following])
        gone = following
    return Fitted(kept[:first] + kept[gone:], gone - first)


def _rounds(messages: Sequence[Chat]) -> list[tuple[int, int]]:
    """Where each round of tools stands: what the model asked for, with all the results."""
    found: list[tuple[int, int]] = []
    for i, message in enumerate(messages):
        if message.get("tool_calls"):
            found.append((i, i + 1))
        elif message["role"] == "tool" and found and found[-1][1] == i:
            found[-1] = (found[-1][0], i + 1)
    return found


def _by_turn(messages: Sequence[Chat]) -> list[int]:
    """What is cut when nothing can go: the newest question, then the prompt from its last part on …"""
    asked = [i for i, message in enumerate(messages) if message["role"] == "user"]
    prompt = [i for i, message in enumerate(messages) if message["role"] == "system"]
    others = [i for i, message in enumerate(messages) if message["role"] in ("tool", "assistant")]
    return [*reversed(asked), *reversed(prompt), *others]


def _shortened(message: Chat, room: int) -> Chat:
    content = message.get("content")
    if isinstance(content, str):
        return {**message, "content": shortened(content, room)}
    if not isinstance(content, list):
        return message
    others = _size({**message, "content": [part for part in content if part.get("type") != "text"]})
    left = max(room - others, 0)
    parts = []
    for part in content:
        if part.get("type") == "text":
            part = {**part, "text": shortened(str(part.get("text", "")), left)}
            left = max(left - tokens(part["text"]), 0)
        parts.append(part)
    return {**message, "content": parts}


def _weight(messages: Sequence[Chat]) -> int:
    return size(messages) + AROUND * len(messages)


def _size(message: Chat) -> int:
    content = message.get("content")
    if isinstance(content, list):
        texts = [part for part in content if part.get("type") == "text"]
        said = sum(tokens(str(part.get("text", ""))) for part in texts)
        return said + PICTURE * (len(content) - len(texts))
    more = {name: value for name, value in message.items() if name not in ("role", "content")}
    return tokens(str(content or "")) + (
        tokens(json.dumps(more, ensure_ascii=False, default=str)) if more else 0
    )
