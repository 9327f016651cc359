"""Earlier rounds of tool calls as every server takes them, whichever model made them.

Models write arguments that are no JSON, names with signs that a name must not have, and ids that an earlier
round had; they are told of it, but a server refuses the whole conversation in which they stand, for ever:
https://github.com/vllm-project/vllm/issues/43995 , https://github.com/open-webui/open-webui/issues/28305
"""

import re
from collections import deque
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import count
from typing import Any

from runtime import wellformed

LONGEST_NAME = 64
SHORT = 9
"""Letters and digits of an id, where no more are taken: Mistral."""


def as_taken_back(messages: Sequence[Mapping[str, Any]], *, short: bool) -> list[Mapping[str, Any]]:
    """The messages, whose calls have ids of their own, names and JSON. `short`: ids of SHORT signs."""
    taken: set[str] = set()
    seen: dict[str, int] = {}
    waiting: dict[str, deque[str]] = {}
    sent: list[Mapping[str, Any]] = []
    for message in messages:
        if calls := message.get("tool_calls"):
            waiting = {}
            message = {**message, "tool_calls": [_call(one, taken, seen, waiting, short) for one in calls]}
        elif message.get("role") == "tool" and (ids := waiting.get(str(message.get("tool_call_id")))):
            message = {**message, "tool_call_id": ids.popleft()}
        sent.append(message)
    return sent


def _call(
    call: Mapping[str, Any],
    taken: set[str],
    seen: dict[str, int],
    waiting: dict[str, deque[str]],
    short: bool,
) -> Mapping[str, Any]:
    """`seen`: how often an id was there. `waiting`: gets the new one by the old one, for the result."""
    old = str(call.get("id"))
    begin = seen.get(old, 0)
    ways = (old if not n else f"{old}_{n}" for n in count(begin))
    id = next(one for way in ways if (one := _short(way) if short else way) not in taken)
    taken.add(id)
    seen[old] = begin + 1
    waiting.setdefault(old, deque()).append(id)
    function = call["function"]
    name = re.sub(r"[^\w-]", "_", str(function.get("name")), flags=re.ASCII)[:LONGEST_NAME]
    arguments = function.get("arguments")
    return {
        **call,
        "id": id,
        "function": {**function, "name": name, "arguments": arguments if _is_object(arguments) else "{}"},
    }


def _short(id: str) -> str:
    return id if re.fullmatch(rf"[a-zA-Z0-9]{{{SHORT}}}", id) else sha256(id.encode()).hexdigest()[:SHORT]


def _is_object(arguments: Any) -> bool:
    try:
        return isinstance(arguments, str) and isinstance(wellformed.load(arguments), dict)
    except ValueError:
        return False
