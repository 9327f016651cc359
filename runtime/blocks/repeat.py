"""Do the same for each of several things, or until something holds."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from runtime.blocks import Block, Flow, Rounds, enabled
from runtime.blocks._groups import ORDER, Group
from runtime.errors import HongyanError, TurnFailed, Wrong
from runtime.lang import Text
from runtime.schema import About, setting
from runtime.turn.turn import Turn

MOST = 100
"""Rounds of one block."""
WIDEST = 10
"""Rounds side by side."""

Way = Literal["each", "until"]
Failing = Literal["stop", "skip"]
WAYS: Mapping[str, Text] = {
    "each": Text("每一项做一遍", "Once for each item"),
    "until": Text("一直做到满足条件", "Until a condition holds"),
}
FAILINGS: Mapping[str, Text] = {
    "stop": Text("停下，算这一步没做成", "Stop: the step has failed"),
    "skip": Text("跳过这一轮，接着做", "Leave that round out and go on"),
}
ROUND = Text("第 {number} 轮：{text}", "Round {number}: {text}")
NEVER = Text("做了 {most} 轮还没有满足条件。", "The condition did not hold after {most} rounds.")


class Repeat(Rounds, Block):
    """Each round sees its `item` and its number, `index`, from 1; what it gives is collected."""

    about: ClassVar[About] = About(
        Text("重复", "Repeat"),
        Text(
            "对列表里的每一项做一遍，或一直做到满足条件",
            "Once for each item of a list, or until a condition holds",
        ),
        "repeat",
        "#b45309",
    )
    group: ClassVar[Group] = ORDER
    type: Literal["repeat"]
    way: Way = setting(
        "each",
        title=Text("怎样重复", "How"),
        hint=Text("一项一项做，或者一直做到条件成立", "Item by item, or until a condition holds"),
        choices=lambda: {**WAYS},
    )
    over: str = setting(
        "{{ message.text }}",
        title=Text("哪些项", "Items"),
        hint=Text(
            "列表，例如 {{ order.fields.lines }}；文字就是每行一项，数字就是做几遍",
            "A list, e.g. {{ order.fields.lines }}; of text each line; a number is how many times",
        ),
        widget="template",
        when=("way", "each"),
    )
    until: str = setting(
        "",
        title=Text("直到", "Until"),
        hint=Text("每一轮之后判断一次", "Asked after each round"),
        widget="expression",
        when=("way", "until"),
        inside=True,
        max_length=2000,
    )
    flow: Flow = setting([], title=Text("每一轮做的事", "Steps of a round"), widget="flow")
    collect: str = setting(
        "",
        seldom=True,
        title=Text("每轮收集什么", "What each round gives"),
        hint=Text(
            "例如 {{ answer.text }}；留空就是每轮最后一块积木的结果",
            "E.g. {{ answer.text }}; empty: the results of its last block",
        ),
        widget="template",
        inside=True,
    )
    most: int = setting(
        20,
        title=Text("最多几轮", "Rounds at most"),
        hint=Text("到了就往下走", "It goes on after so many"),
        ge=1,
        le=MOST,
    )
    at_once: int = setting(
        1,
        title=Text("同时做几轮", "Rounds side by side"),
        hint=Text("大于 1 时里面不能提问或等人", "Above 1 nothing in it may ask or wait"),
        when=("way", "each"),
        ge=1,
        le=WIDEST,
    )
    failing: Failing = setting(
        "stop",
        title=Text("有一轮没做成时", "When a round fails"),
        hint=Text("停下走「没做成时」，或者跳过它", "Stop and take the other way, or skip it"),
        choices=lambda: {**FAILINGS},
    )

    @model_validator(mode="after")
    def _has_an_end(self) -> "Repeat":
        if self.way == "until" and not self.until.strip():
            raise Wrong(Text("写一个条件", "needs a condition"), "until")
        return self

    @property
    def side_by_side(self) -> bool:
        return self.way == "each" and self.at_once > 1

    async def run(self, turn: Turn) -> dict[str, Any]:
        if self.way == "until":
            return await self._until(turn)
        told = await turn.decide(self.id, lambda: _items(turn.data(self.over)))
        items = told[: self.most]
        if self.side_by_side:
            found = await self._beside(turn, items)
        else:
            found = []
            for number, item in enumerate(items, 1):
                found.append(await self._round(turn, number, {"item": item, "index": number}))
                if turn.reply is not None:
                    break
        return _told(found, len(told) - len(items))

    async def _until(self, turn: Turn) -> dict[str, Any]:
        """A round sees what the blocks gave in the round before."""
        found: list[dict[str, Any]] = []
        before: dict[str, Any] = {}
        for number in range(1, self.most + 1):
            seen = {**before, "item": found[-1]["value"] if found else None, "index": number}
            found.append(await self._round(turn, number, seen))
            before = found[-1]["seen"]
            if found[-1]["over"] or turn.reply is not None:
                return _told(found, 0)
        raise TurnFailed(NEVER.fill(most=self.most), code="rounds")

    async def _beside(self, turn: Turn, items: list[Any]) -> list[dict[str, Any]]:
        """Several at once; a round that fails lets the others that are begun come to their end."""
        free = asyncio.Semaphore(self.at_once)
        failed = False

        async def one(number: int, item: Any) -> dict[str, Any]:
            nonlocal failed
            async with free:
                if failed or turn.reply is not None:
                    return {"skipped": True}
                try:
                    return await self._round(turn, number, {"item": item, "index": number})
                except BaseException:
                    failed = True
                    raise

        rounds = [one(number, item) for number, item in enumerate(items, 1)]
        found = await asyncio.gather(*rounds, return_exceptions=True)
        for outcome in found:
            if isinstance(outcome, BaseException):
                raise outcome
        return [outcome for outcome in found if isinstance(outcome, dict) and "skipped" not in outcome]

    async def _round(self, turn: Turn, number: int, values: Mapping[str, Any]) -> dict[str, Any]:
        """What it gave (`value`), or why it failed (`error`); for the next one what its blocks gave."""
        name = f"{self.id}.{number}"
        if failed := await turn.recall(f"{name}.failed.way"):
            return dict(failed)
        inner = None
        try:
            with turn.within(name, values, more=True) as inner:
                await inner.walk(self.flow)
                done = await turn.decide(f"{name}.item", lambda: self._given(inner))
        except HongyanError as e:
            text = ROUND.fill(number=number, text=e.text)
            if self.failing == "stop":
                raise TurnFailed(text, code=e.code or type(e).__name__) from e
            failure: dict[str, Any] = {
                "value": None,
                "error": text.to(turn.agent.language),
                "over": False,
                "seen": {},
            }
            return dict(await turn.decide(f"{name}.failed", lambda: failure))
        ids = [block.id for block in self.flow if block.id in inner.values]
        return {**done, "error": "", "seen": {id: inner.values[id] for id in ids}}

    def _given(self, inner: Turn) -> dict[str, Any]:
        if self.collect.strip():
            value = inner.data(self.collect)
        else:
            ran = [block.id for block in enabled(self.flow) if block.id in inner.values]
            value = inner.values[ran[-1]] if ran else None
        return {"value": value, "over": bool(self.way == "until" and inner.holds(self.until))}

    def flows(self) -> Iterator[tuple[str, list[Block]]]:
        yield "flow", self.flow
        yield from super().flows()

    @classmethod
    def gives(cls) -> dict[str, Text]:
        return {
            "item": Text("这一项", "the item"),
            "index": Text("第几轮，从 1 起", "the number of the round, from 1"),
        }

    def outputs(self) -> dict[str, Text]:
        return {
            "items": Text("每轮收集到的，列表", "what each round gave, a list"),
            "count": Text("做成了几轮", "how many rounds were done"),
            "errors": Text("没做成的原因，列表", "why rounds failed, a list"),
            "left": Text("太多而没做的有几项", "how many items were too many"),
        }


def _items(given: Any) -> list[Any]:
    match given:
        case None | "":
            return []
        case bool():
            return []
        case int() | float():
            return list(range(1, min(int(given), 10 * MOST) + 1))
        case str():
            return [line.strip() for line in given.splitlines() if line.strip()]
        case dict():
            return [{"name": name, "value": value} for name, value in given.items()]
    return list(given)


def _told(found: list[dict[str, Any]], left: int) -> dict[str, Any]:
    done = [one for one in found if not one["error"]]
    return {
        "items": [one["value"] for one in done],
        "count": len(done),
        "errors": [one["error"] for one in found if one["error"]],
        "left": left,
    }


BLOCK = Repeat
