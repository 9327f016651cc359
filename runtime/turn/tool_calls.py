"""The tools that a model called in one round: run side by side, and told back to it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from runtime import wellformed
from runtime.models.completion import SAID_BY, Answer, ToolCall
from runtime.tools import Tool
from runtime.turn.masking import arguments_for
from runtime.turn.turn import Turn
from runtime.turn.using import Used

WIDEST = 8
"""Tool calls of one round that are run; the model is told to ask again for more."""

DEEPEST = 20
"""Lists and objects inside each other in a tool's arguments."""


async def used_by(
    turn: Turn, block: str, granted: Mapping[str, Tool], answer: Answer, number: int
) -> list[Used]:
    """What each call came to. `number`: of the round."""
    calls = (_use(turn, block, granted, call, place, number) for place, call in enumerate(answer.tool_calls))
    # One that waits ends the turn; what runs beside it comes to its end first.
    done = await asyncio.gather(*calls, return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException):
            raise one
    return [one for one in done if not isinstance(one, BaseException)]


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
