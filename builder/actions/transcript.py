"""A turn's events as chat messages: a line for each block and tool that can be opened, then the answer."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from runtime.blocks import Block
from runtime.blocks import registry as blocks
from runtime.choices import Choice, written
from runtime.lang import Text
from runtime.tools import Tool
from runtime.tools import registry as tools
from runtime.trying.playing import LEAVE, PLAYS
from runtime.turn.events import (
    BlockFinished,
    BlockStarted,
    Event,
    Failed,
    Judged,
    ModelUsed,
    Replied,
    Said,
    TextDelta,
    TextReset,
    ToolCalled,
    ToolReturned,
    Waited,
)
from runtime.turn.within import holder, placed, round_of

LONGEST = 1500
"""Characters of a result that are shown."""

SILENT = Text("（什么也没说）", "(It said nothing.)")
FAILED = Text("**没有回答**", "**No answer**")
ADVICE = Text("改好以后点「重试」。", "Correct it, then retry.")
ASKED = Text("参数", "Arguments")
RESULT = Text("结果", "Result")
FAILURE = Text("失败", "Failed")

UNDONE = Text("**「{name}」没有成功**：{why}", "**“{name}” did not work**: {why}")
UNDONE_LONGEST = 300
"""Characters of a tool's own words beside the answer; the step holds more."""

WAITS = Text("**{what}** {about}（最晚 {until}）", "**{what}** {about} (until {until})")
AWAITED: Mapping[str, Text] = {
    "message": Text("等用户回答", "Waits for an answer"),
    "decision": Text("等审批", "Waits for a decision"),
    "call": Text("等外部系统", "Waits for another system"),
    "time": Text("等时间到", "Waits for a time"),
}
TRIES: Mapping[str, Text] = {
    "message": Text("直接回答就接着走。", "Answer to go on."),
    "decision": Text("这里由您来演做决定的人。", "You play whoever decides here."),
    "call": Text("这里由您来演外部系统。", "You play the other system here."),
    "time": Text("不用等，可以让时间马上到。", "No need to wait: let the time come."),
}
JUDGED = Text("内容检查：{what}", "Content check: {what}")
DID: Mapping[str, Text] = {
    "block": Text("拦下了，用户看不到原文", "blocked; people do not see what was written"),
    "ask": Text("先问人，用户还看不到", "a person is asked first; people do not see it yet"),
    "mask": Text("打了码再给用户", "masked before people see it"),
    "replace": Text("换掉了再给用户", "replaced before people see it"),
    "mark": Text("做了标记", "marked"),
}
STEP = "step."
"""Begins the ids of steps, so that a block called "answer" is not taken for the answer."""

MARKS = re.compile(r"[\\`*_{}\[\]<>#|~!&$]")

Shown = dict[str, Any]


class Transcript:
    """Messages in Gradio's form: a dict with role, content and metadata."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._steps: dict[str, Shown] = {}
        self._growing = ""
        self._undone: list[Shown] = []
        self._waits: list[Shown] = []
        self._end: Shown | None = None
        self._wrote = False
        """A model was asked, so what is answered is marked on the phone where that is wished."""

    def messages(self) -> list[Shown]:
        end = self._end or (
            {"role": "assistant", "content": self._growing, "metadata": {"id": "growing"}}
            if self._growing
            else None
        )
        return [*self._steps.values(), *self._undone, *([end] if end else []), *self._waits]

    def take(self, event: Event) -> None:
        self._wrote |= isinstance(event, ModelUsed)
        match event:
            case BlockStarted():
                self._begin(event)
            case BlockFinished():
                step = self._steps[placed(event.within, event.block)]
                _done(step, event.ms)
                step["content"] = _fenced(event.output)
            case ToolCalled():
                step = _step(event.call, self._name(event.name, tools()))
                step["metadata"]["parent_id"] = STEP + placed(event.within, event.block)
                step["content"] = f"{ASKED.to(self._lang)}\n{_fenced(event.arguments)}"
                self._steps[event.call] = step
            case ToolReturned():
                self._returned(event)
            case Judged() if event.action:
                self._judge(event)
            case TextDelta() | TextReset() | Said():
                self._grow(event)
            case Replied():
                if isinstance(event, Waited):
                    self._settle()
                    self._waits = [self._waiting(event)]
                is_said = bool(event.text) or isinstance(event, Waited)
                text, id = (event.text, "answer") if is_said else (SILENT.to(self._lang), "silent")
                wrote = {"wrote": True} if self._wrote else {}
                self._end = {"role": "assistant", "content": text, "metadata": {"id": id, **wrote}}
            case Failed():
                self._fail(event)

    def _begin(self, event: BlockStarted) -> None:
        place, number = placed(event.within, event.block), round_of(event.within)
        title = event.title or self._name(event.kind, blocks())
        step = _step(place, f"{title} · {number}" if number else title)
        if event.within:
            step["metadata"]["parent_id"] = STEP + holder(event.within)
        self._steps[place] = step

    def _grow(self, event: TextDelta | TextReset | Said) -> None:
        if isinstance(event, Said):
            self._growing = f"{self._growing}\n\n{event.text}\n\n".lstrip()
        else:
            self._growing = self._growing + event.text if isinstance(event, TextDelta) else ""

    def _waiting(self, event: Waited) -> Shown:
        """What it waits for, until when, and how that is tried out here."""
        until = datetime.fromtimestamp(event.until or 0).astimezone().strftime("%Y-%m-%d %H:%M")
        told = WAITS.fill(
            what=AWAITED.get(event.wait, event.wait), about=_plain(event.what.to(self._lang)), until=until
        )
        played = {**PLAYS[event.wait], "/cancel": LEAVE}
        buttons = written([Choice(words.to(self._lang), value) for value, words in played.items()])
        text = f"{told.to(self._lang)}\n\n{TRIES[event.wait].to(self._lang)}{buttons}"
        return {"role": "assistant", "content": text, "metadata": {"id": "waits"}}

    def _judge(self, event: Judged) -> None:
        """The steps hold what checks kept from people, for who tries it out: it is said that they did."""
        title = JUDGED.fill(what=DID[event.action]).to(self._lang)
        number = sum(id.startswith("judged.") for id in self._steps) + 1
        step = _step(f"judged.{number}", title)
        _done(step, 0)
        step["content"] = _fenced({"place": event.place, "check": event.check, "what": event.what})
        self._steps[f"judged.{number}"] = step

    def _returned(self, event: ToolReturned) -> None:
        step = self._steps[event.call]
        _done(step, event.ms)
        title = (FAILURE if event.failed else RESULT).to(self._lang)
        step["content"] += f"\n\n{title}\n{_fenced(event.result)}"
        if event.failed:
            step["metadata"]["log"] = FAILURE.to(self._lang)
            self._undone.append(self._told(event))

    def _told(self, event: ToolReturned) -> Shown:
        """What did not work stands beside the answer, which may well sound as if it had."""
        why = event.result.strip()
        why = why if len(why) <= UNDONE_LONGEST else why[:UNDONE_LONGEST] + " …"
        text = UNDONE.fill(
            name=_plain(self._name(event.name, tools())), why=_plain(" ".join(why.split()))
        ).to(self._lang)
        return {"role": "assistant", "content": f"⚠️ {text}", "metadata": {"id": "undone"}}

    def _fail(self, event: Failed) -> None:
        self._settle()
        text = f"{FAILED.to(self._lang)}\n\n{event.reason.to(self._lang)}\n\n{ADVICE.to(self._lang)}"
        self._end = {"role": "assistant", "content": text, "metadata": {"id": "failed"}}

    def _settle(self) -> None:
        """Nothing goes on any more."""
        for step in self._steps.values():
            step["metadata"]["status"] = "done"

    def _name(self, name: str, kinds: Mapping[str, type[Block] | type[Tool]]) -> str:
        """The title of a kind; a tool that its owner gave a name is called by that."""
        known = kinds.get(name)
        return known.about.title.to(self._lang) if known else name


def _step(id: str, title: str) -> Shown:
    return {
        "role": "assistant",
        "content": "",
        "metadata": {"id": STEP + id, "title": title, "status": "pending"},
    }


def _done(step: Shown, ms: int) -> None:
    step["metadata"] |= {"status": "done", "duration": ms / 1000}


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return MARKS.sub(r"\\\g<0>", text)


def _fenced(value: Any) -> str:
    """A code block that its content cannot end."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2, default=str)
    text = text if len(text) <= LONGEST else text[:LONGEST] + " …"
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}"
