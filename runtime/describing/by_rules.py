"""Building by description without a model: rules take the nearest starter and fill in what the text says.

They speak as a model would, by calling the same tools; what is refused there is refused here.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from runtime.describing.heard import Heard, heard
from runtime.describing.plans import UNWANTED, changes_of, filled_in, form_of, nearest, tests_of
from runtime.describing.room import Room
from runtime.lang import NOTHING, Text, as_it_is, joined, listed
from runtime.models.completion import Answer, Models, Request, ToolCall
from runtime.models.demo.tool_choice import is_chinese
from runtime.models.targets import DEMO

Json = dict[str, Any]
Call = tuple[str, Json]

PUBLISH = re.compile(r"发布|上线|\bpublish|\bgo live", re.IGNORECASE)
NOT_ASK = re.compile(
    r"(?:不要|不用|别|无需)(?:再)?(?:问|询问)|\b(?:never|don't|do not|without) ask", re.IGNORECASE
)
WHICH = Text(
    "您说不要问，又列了要问的：{fields}。按哪一个来？",
    "You say that nothing is to be asked, and what is to be: {fields}. Which one holds?",
)
ASK_THEM, ASK_NOTHING = Text("照列的问", "Ask these"), Text("什么也不问", "Ask nothing")
WAITS = Text("请先告诉我按哪一个。", "Tell me first which one holds.")
PIECE = 12
"""Characters of one streamed piece."""
SHORT = 60
"""Characters up to which a text asks for publishing by its word."""
BUILT = Text("{how}。", "{how}. ")
HONEST = Text(
    "我是演示模型，只按规则搭：在「模型」页接上真正的模型，就能按您的话一步步改。",
    "I am the demo model and go by rules: connect a real model on the Models page, and it changes anything "
    "in your own words.",
)
FROM_STARTER = Text("用了最接近的模板「{name}」", "This is the nearest starter, “{name}”")
FROM_FORM = Text("会依次问：{fields}", "It asks for: {fields}")
POSTED = Text("，问齐后提交到 {url}", ", and posts them to {url}")
FILLED = Text("，并按您说的填了 {count} 处", ", with {count} things filled in as you said")
CHANGED = Text("按您说的改了 {count} 处。", "{count} changed as you said. ")
NO_RULE = Text(
    "这句话我没有规则可用。我会：从描述搭一个新的，改名，改欢迎语，加上时钟、计算器或天气。",
    "I have no rule for that. I can build a new agent, rename it, change its greeting, or add a clock, a "
    "calculator or the weather. ",
)
OFFERED = Text("好，下面的按钮带您去发布页。", "Good: the button below leads to the publish page.")
NOT_YET = Text("还有错误要先改好，才能发布。", "Some errors are to be mended before it can be published.")
TESTED = Text("写了 {all} 个测试，{ok} 个通过。", "Of {all} tests {ok} pass. ")
REFUSED = Text("有 {count} 处没有改成。", "{count} could not be done. ")
DECIDE = Text("请看流程上的改动，逐条或全部接受。", "Look at the changes in the flow and accept them. ")


class ByRules:
    """Implements Models for one turn: rules where the demo model would answer, else as ever."""

    def __init__(self, models: Models, room: Room, is_demo: Callable[[], bool]) -> None:
        self._models, self._room, self._is_demo = models, room, is_demo
        self._steps: Iterator[Call | Text] | None = None

    async def complete(
        self,
        request: Request,
        on_text: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
    ) -> Answer:
        # The described agent's own models, which its tests ask, are lent nothing.
        if not self._is_demo() or not any(_name(tool) == "edit_agent" for tool in request.tools):
            return await self._models.complete(request, on_text, on_reset)
        text, before = _said(request)
        self._steps = self._steps or steps(self._room, text, before)
        step = next(self._steps, NOTHING)
        if not isinstance(step, Text):
            name, arguments = step
            call = ToolCall(f"rule_{len(request.messages)}", name, json.dumps(arguments, ensure_ascii=False))
            return Answer("", DEMO, (call,), finish="tool_calls", cost=0.0)
        said = step.to("zh" if is_chinese(text) else "en").strip()
        for start in range(0, len(said), PIECE):
            if on_text:
                on_text(said[start : start + PIECE])
        return Answer(said, DEMO, cost=0.0)


def steps(room: Room, text: str, before: str = "") -> Iterator[Call | Text]:
    """What is called, each after the one before it was answered; what is said comes last. `before`: what was
    said before that, which an answer to a question goes back to."""
    asks = next(
        (choice for choice in (ASK_THEM, ASK_NOTHING) if text.strip() in (choice.zh, choice.en)), None
    )
    text = before if asks and before else text
    if wants_publish(text):
        yield "propose_to_publish", {}
        yield OFFERED if room.publish else NOT_YET
        return
    refused, taken = room.refused, room.taken
    if not room.is_new:
        if edits := changes_of(text, room.proposals.now):
            yield "edit_agent", {"edits": edits}
        done = CHANGED.fill(count=room.taken - taken) if room.taken > taken else NO_RULE
        yield joined([done, *_failed(room.refused - refused), HONEST])
        return
    said = heard(text) if asks is not ASK_NOTHING else replace(heard(text), fields=())
    if asks is None and said.fields and NOT_ASK.search(text):
        fields = listed(one["title"] for one in said.fields)
        choices = [ASK_THEM.to(room.lang), ASK_NOTHING.to(room.lang)]
        yield "ask_owner", {"question": WHICH.fill(fields=fields).to(room.lang), "choices": choices}
        yield WAITS
        return
    if said.fields:
        for edit in form_of(said, room.lang, room.proposals.now):
            yield "edit_agent", {"edits": [edit]}
        how = joined([FROM_FORM.fill(fields=listed(one["title"] for one in said.fields)), _posted(said)])
    else:
        starter = nearest(text, room)
        yield "begin_with", {"id": starter.id}
        begun = room.taken
        for edit in filled_in(said, room.proposals.now):
            yield "edit_agent", {"edits": [edit]}
        filled = room.taken - begun
        how = joined([
            FROM_STARTER.fill(name=starter.name), FILLED.fill(count=filled) if filled else NOTHING,
        ])  # fmt: skip
    yield "write_tests", {"cases": tests_of(room.proposals.now, room.proposals.cases())}
    yield "run_tests", {}
    ok = sum(one["ok"] for one in room.tested)
    tested = TESTED.fill(all=len(room.tested), ok=ok)
    yield joined([BUILT.fill(how=how), tested, *_failed(room.refused - refused), DECIDE, HONEST])


def wants_publish(text: str) -> bool:
    found = PUBLISH.search(text) if len(text) < SHORT else None
    return found is not None and not UNWANTED.search(text[: found.start()])


def _posted(said: Heard) -> Text:
    return POSTED.fill(url=as_it_is(said.url)) if said.url else NOTHING


def _failed(count: int) -> list[Text]:
    return [REFUSED.fill(count=count)] if count else []


def _name(tool: Any) -> str:
    return str(tool.get("function", {}).get("name", ""))


def _said(request: Request) -> tuple[str, str]:
    """What the owner wrote, and what before that."""
    said = [str(message["content"]) for message in request.messages if message["role"] == "user"]
    before, last = ["", "", *said][-2:]
    return last, before
