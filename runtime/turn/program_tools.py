"""Tools of the program that asks: a model is told of them beside its own, and their calls go to the program.

The turn ends with the calls and goes on at its place when the program says what they gave, so nothing before
them is done or paid for twice. Whoever comes when nothing waits any more, or with calls of another agent's,
begins a turn that is told the rounds as they say they were.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from runtime import wellformed
from runtime.errors import TurnFailed
from runtime.lang import Text, listed
from runtime.message import Wishes
from runtime.models.completion import Answer, ToolCall
from runtime.models.hiding import given
from runtime.turn.events import ToolCalled, ToolReturned
from runtime.turn.tool_use import passed
from runtime.turn.using import Used
from runtime.turn.waiting import Wait

if TYPE_CHECKING:
    from runtime.turn.turn import Turn

DEEPEST = 20
"""Lists and objects inside each other in a call's arguments."""
MOST_CALLS = 32
"""Of one round."""
LONGEST = 100_000
"""Characters of what one call gave."""
HOURS = 24.0
"""For which what the calls gave is waited for."""
ANY = "required"
"""As a choice: one of them, whichever."""
NO_RESULT = "The program brought no result of this call."
WHAT = Text("等调用方的程序执行：{names}", "Waits for the calling program to run: {names}")
SAME_NAME = Text(
    "调用方的工具「{name}」与智能体自己的工具重名，请给它换一个名称。",
    "The program's tool {name!r} has the name of one of the agent's own; give it another.",
)
NOT_CALLED = Text(
    "模型没有调用要求它调用的工具。请去掉 tool_choice，或换一个模型。",
    "The model did not call the tool that it was to call; leave tool_choice out or choose another model.",
)
TOO_LATE = Text(
    "没有什么在等这些工具的结果：已经收过，或等得太久。请重新提问。",
    "Nothing waits for these results: they came before, or too late. Ask anew.",
)
KEPT_BACK = Text(
    "要交给程序的工具参数没有通过内容检查。", "What the tool was to be given did not pass the content checks."
)


def name_of(spec: Mapping[str, Any]) -> str:
    return str(spec["function"]["name"])


def names_of(wishes: Wishes) -> frozenset[str]:
    return frozenset(name_of(spec) for spec in wishes.get("tools", ()))


def offered(wishes: Wishes, own: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """All that the model is told of: where one of the program's is to be called, none of its own.

    Raises TurnFailed for a name that both have.
    """
    theirs, choice = wishes.get("tools", ()), wishes.get("choice", "")
    if both := names_of(wishes) & {name_of(spec) for spec in own}:
        raise TurnFailed(SAME_NAME.fill(name=min(both)), code="tool")
    if not choice:
        return [*own, *theirs]
    return [spec for spec in theirs if choice in (ANY, name_of(spec))]


def as_wished(answer: Answer, wishes: Wishes) -> Answer:
    """With one call where several are not wanted. Raises TurnFailed where there is none and one is."""
    if wishes.get("choice") and not answer.tool_calls:
        raise TurnFailed(NOT_CALLED, code="fields")
    if wishes.get("one_call") and len(answer.tool_calls) > 1:
        return replace(answer, tool_calls=answer.tool_calls[:1])
    return answer


async def begun(
    turn: "Turn", block: str, wishes: Wishes, opening: Callable[[], Awaitable[list[dict[str, Any]]]]
) -> list[dict[str, Any]]:
    """What the model is told first: word for word the same in a turn that goes on after such a tool ran."""

    async def work() -> list[dict[str, Any]]:
        if "results" in wishes and not wishes.get("rounds"):
            raise TurnFailed(TOO_LATE, code="late")
        return [*await opening(), *await _rounds(turn, wishes)]

    step = f"{block}.opening"
    is_kept = bool(wishes.get("tools")) or turn.path + step in turn.past.steps
    return list(await (turn.step(step, work) if is_kept else work()))


async def _rounds(turn: "Turn", wishes: Wishes) -> list[dict[str, Any]]:
    """What followed the question, of a turn that began elsewhere or waits no more: checked as results are."""
    told: list[dict[str, Any]] = []
    for message in wishes.get("rounds", ()):
        content = message.get("content")
        if message.get("role") == "tool" and isinstance(content, str) and turn.guard:
            used = await turn.guard.returned(Used(content, most=LONGEST))
            told.append({**message, "content": used.text})
        else:
            told.append(message)
    return told


async def brought(
    turn: "Turn", block: str, calls: Mapping[int, ToolCall], says: str, number: int
) -> dict[int, Used]:
    """By place, what the program says that these calls of round `number` gave. `says`: what the model wrote
    beside them. The first time, the turn ends here with the calls."""
    found: dict[int, Used] = {}
    asked: dict[int, dict[str, str]] = {}
    for name, one in (await _asked(turn, f"{block}.{number}.asked", calls, number)).items():
        if "wrong" in one:
            found[int(name)] = Used.wrong(one["wrong"])
        else:
            asked[int(name)] = one
    if asked:
        came = await _waited(turn, block, list(asked.values()), says, number)
        for at, one in asked.items():
            found[at] = await _result(turn, block, one, came)
    return found


async def _asked(
    turn: "Turn", step: str, calls: Mapping[int, ToolCall], number: int
) -> Mapping[str, dict[str, str]]:
    """By place, each call as the program is told of it, or what is wrong with it. Once: ids stay."""

    async def work() -> dict[str, dict[str, str]]:
        told: dict[str, dict[str, str]] = {}
        prefix = turn.message.wishes.get("calls", "call_")
        for place, call in calls.items():
            told[str(place)] = one = await _arguments(turn, call)
            if len(told) > MOST_CALLS:
                told[str(place)] = {"wrong": f"Not run: at most {MOST_CALLS} tools at once."}
            elif "wrong" not in one:
                one |= {"id": f"{prefix}{number:02x}{place:02x}", "name": call.name}
        return told

    done: Mapping[str, dict[str, str]] = await turn.step(step, work)
    return done


async def _waited(
    turn: "Turn", block: str, asked: Sequence[Mapping[str, str]], says: str, number: int
) -> Mapping[str, str]:
    step = f"{block}.{number}.program"
    if turn.path + step not in turn.past.steps:
        for one in asked:
            turn.emit(ToolCalled(block, turn.path + one["id"], one["name"], json.loads(one["arguments"])))
    what = WHAT.fill(names=listed(dict.fromkeys(one["name"] for one in asked)))
    until = turn.clock() + HOURS * 3600
    came = await turn.wait(step, Wait("results", says, what, until, data={"calls": list(asked)}))
    return dict(came.data.get("results", {}))


async def _arguments(turn: "Turn", call: ToolCall) -> dict[str, str]:
    """As JSON text, with what stands for what models are not sent; or what is wrong with it."""
    try:
        arguments = await wellformed.read(call.arguments or "{}", deepest=DEEPEST)
    except ValueError as e:
        return {"wrong": f"The arguments are not valid JSON: {e}."}
    if not isinstance(arguments, dict):
        return {"wrong": "The arguments must be a JSON object."}
    text = json.dumps(given(arguments), ensure_ascii=False)
    if turn.guard is None:
        return {"arguments": text}
    outcome = await turn.guard.judge("out", text)
    if outcome.action or not _is_object(outcome.text):
        raise TurnFailed(KEPT_BACK, code="safety")
    return {"arguments": outcome.text}


def _is_object(text: str) -> bool:
    try:
        return isinstance(wellformed.load(text), dict)
    except ValueError:
        return False


async def _result(turn: "Turn", block: str, one: Mapping[str, str], results: Mapping[str, str]) -> Used:
    id = one["id"]
    used = Used(results.get(id, NO_RESULT)[:LONGEST], failed=id not in results, most=LONGEST)
    used = await passed(turn, used, id)
    if id in turn.message.wishes.get("results", {}):
        turn.emit(ToolReturned(block, turn.path + id, one["name"], 0, used.text, used.failed))
    return used
