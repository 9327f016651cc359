"""The tools that a model called in one round: run side by side, and told back to it."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from runtime import wellformed
from runtime.errors import TurnFailed
from runtime.lang import Text
from runtime.models.completion import SAID_BY, Answer, ToolCall
from runtime.tools import Tool
from runtime.turn.masking import arguments_for
from runtime.turn.program_tools import brought
from runtime.turn.turn import Turn
from runtime.turn.using import Used

WIDEST = 8
"""Tool calls of one round that are run; the model is told to ask again for more."""

MISTAKES = 2
"""Broken or forbidden calls that the model is told of before the turn stops."""
TOO_MANY_MISTAKES = Text(
    "模型一再错误地调用工具，已停止。可以换一个模型，或改写工具的说明。",
    "It kept calling tools wrongly. Try another model or clearer tool descriptions.",
)
DEEPEST = 20
"""Lists and objects inside each other in a tool's arguments."""


async def used_by(
    turn: Turn,
    block: str,
    granted: Mapping[str, Tool],
    answer: Answer,
    number: int,
    theirs: Collection[str] = (),
) -> list[Used]:
    """What each call came to. `number`: of the round; `theirs`: names of tools of the program that asks."""
    places = {place: call for place, call in enumerate(answer.tool_calls) if call.name not in theirs}
    calls = [_use(turn, block, granted, call, place, number) for place, call in places.items()]
    # One that waits ends the turn; what runs beside it comes to its end first.
    done = await asyncio.gather(*calls, return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException):
            raise one
    used = {at: one for at, one in zip(places, done, strict=True) if not isinstance(one, BaseException)}
    away = {place: call for place, call in enumerate(answer.tool_calls) if call.name in theirs}
    used |= await brought(turn, block, away, answer.text, number) if away else {}
    return [used[place] for place in range(len(answer.tool_calls))]


async def _use(
    turn: Turn, block: str, granted: Mapping[str, Tool], call: ToolCall, place: int, number: int
) -> Used:
    if place >= WIDEST:
        return Used.wrong(f"Not run: at most {WIDEST} tools at once. Ask again for the rest.")
    tool = granted.get(call.name)
    if tool is None:
        return Used.wrong(f"There is no tool {call.name[:64]!r}. There are: {', '.join(granted) or 'none'}.")
    try:
        arguments = await wellformed.read(call.arguments or "{}", deepest=DEEPEST)
    except ValueError as e:
        return Used.wrong(f"The arguments are not valid JSON: {e}.")
    if not isinstance(arguments, dict):
        return Used.wrong("The arguments must be a JSON object.")
    arguments = arguments_for(turn.agent, tool, arguments)
    return await turn.use(tool, arguments, block=block, call=f"{block}.{number}.{place}")


def counted(used: Sequence[Used], before: int) -> int:
    """How many calls were wrong so far. Raises TurnFailed when that is enough."""
    mistakes = before + sum(one.mistake for one in used)
    if mistakes > MISTAKES:
        raise TurnFailed(TOO_MANY_MISTAKES, code="tool_mistakes")
    return mistakes


def said(answer: Answer) -> dict[str, Any]:
    """The message that goes back with the tools' results, with what its own server wants back."""
    calls = [
        {
            "id": call.id,
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
            **call.more,
        }
        for call in answer.tool_calls
    ]
    message: dict[str, Any] = {
        "role": "assistant",
        "content": answer.text,
        "tool_calls": calls,
        **answer.kept,
    }
    if answer.reasoning is not None:
        message[answer.reasoning_field] = answer.reasoning
    return {**message, SAID_BY: answer.model}


def results(answer: Answer, used: Sequence[Used]) -> list[dict[str, Any]]:
    """A message for each call, in their order."""
    pairs = zip(answer.tool_calls, used, strict=True)
    return [{"role": "tool", "tool_call_id": call.id, "content": one.text} for call, one in pairs]
