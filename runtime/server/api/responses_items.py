"""Items that a client names in place of sending them again, as the AI SDK does with whatever is stored.

https://platform.openai.com/docs/api-reference/responses/create#responses_create-input
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from runtime.errors import Invalid, NotFound
from runtime.lang import Text


class Stored(Protocol):
    """runtime.store.messages.one_answer.OneAnswer."""

    @property
    def reply(self) -> str: ...
    @property
    def calls(self) -> Sequence[Mapping[str, Any]]: ...


Find = Callable[[str], Awaitable[Stored | None]]
"""The answer by a response's id."""

NAMED = re.compile(r"(?:(msg)_([0-9a-f]{56})|fc_([0-9a-f]{56})([0-9a-f]{2}))")
MOST = 100
"""Answers that one request names: each is looked up."""
NO_ITEM = Text(
    "没有「{id}」这一项：写错了、没有保存、已经删除，或过了保存期。请把这一项原样发来。",
    "There is no item {id!r}: it is mistyped, was not stored, is deleted, or was kept long enough. Send it "
    "again as it was.",
)
TOO_MANY = Text(
    "input 里最多引用 {most} 个以前的回答。", "The input names at most {most} earlier answers."
).fill(most=MOST)


async def spelled_out(items: Sequence[Any], find: Find) -> list[Any]:
    """With each item that is only named. Raises NotFound, Invalid."""
    known: dict[str, Stored | None] = {}
    found: list[Any] = []
    is_over = False
    for place, item in enumerate(items):
        if not _is_named(item):
            found.append(item)
            continue
        named = NAMED.fullmatch(str(item.get("id")))
        response = f"resp_{named[2] or named[3]}" if named else ""
        if response and response not in known:
            if len(known) >= MOST:
                raise Invalid(TOO_MANY, field="input", code="invalid")
            known[response] = await find(response)
        answer = known.get(response)
        if named and named[4] and answer and not answer.calls:
            is_over = True
            continue
        told = _item(answer, named[4]) if named and answer else None
        if told is None:
            id = str(item.get("id"))[:80]
            raise NotFound(NO_ITEM.fill(id=id), field=f"input[{place}]", code="unknown_url")
        found.append(told)
    return _without_results(found) if is_over else found


def _without_results(items: Sequence[Any]) -> list[Any]:
    """Of calls whose turn has gone on: they are known no more, and what they gave is in its journal."""
    calls = {item.get("call_id") for item in items if _kind(item) == "function_call"}
    return [one for one in items if _kind(one) != "function_call_output" or one.get("call_id") in calls]


def _kind(item: Any) -> Any:
    return item.get("type") if isinstance(item, dict) else None


def _is_named(item: Any) -> bool:
    """OpenAI leaves its type out, too."""
    if not isinstance(item, dict):
        return False
    return item.get("type") == "item_reference" or (set(item) <= {"id", "type"} and item.get("type") is None)


def _item(answer: Stored, place: str | None) -> dict[str, Any] | None:
    if place is None:
        return {"type": "message", "role": "assistant", "content": answer.reply}
    calls = answer.calls
    if (number := int(place, 16)) >= len(calls):
        return None
    call = calls[number]
    return {
        "type": "function_call",
        "call_id": call["id"],
        "name": call["name"],
        "arguments": call["arguments"],
    }
