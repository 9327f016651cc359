"""The way that a turn took, and what it took for it."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from runtime.lang import Text
from runtime.models.completion import Models
from runtime.models.prices import YUAN
from runtime.schema import setting
from runtime.testing.check import FOUND, Name, OneCheck, Verdict, answered, named
from runtime.testing.seen import Seen

CALLED = Text("调用了：{what}", "called: {what}")
PASSED = Text("经过了：{what}", "it went through: {what}")
WAITED = Text("在等：{what}", "it waits for: {what}")
TOOK = Text("用了 {seconds} 秒", "it took {seconds} s")
COST = Text("花了 {yuan} 元", "it cost {yuan} yuan")
NO_PRICE = Text("不知道模型的价格：请在「模型」页填上", "no price is known: enter it on the Models page")
TOOL = Text("工具", "Tool")
WAITS: Mapping[str, Text] = {
    "message": Text("用户的回答", "the person's answer"),
    "decision": Text("审批", "a decision"),
    "call": Text("外部系统", "another system"),
    "time": Text("时间", "a time"),
}
SHOWN = 300
"""Characters of a call."""


class Calls(OneCheck):
    """`arguments`: that the call has among its own."""

    about = Text("调用了工具", "calls a tool")
    type: Literal["calls"]
    tool: Name = setting(title=TOOL, widget="called")
    arguments: dict[str, Any] = setting(
        default_factory=dict,
        title=Text("参数里要有", "With these arguments"),
        hint=Text('JSON，如 {"id": "A1"}；空着是任何参数。', 'JSON, e.g. {"id": "A1"}; empty: any.'),
        widget="json",
    )

    async def judge(self, seen: Seen, models: Models) -> Verdict:
        found = any(name == self.tool and among(self.arguments, given) for name, given in seen.calls())
        return named(found, CALLED, _calls(seen))


class CallsNot(OneCheck):
    about = Text("没有调用工具", "does not call a tool")
    type: Literal["calls_not"]
    tool: Name = setting(title=TOOL, widget="called")

    async def judge(self, seen: Seen, models: Models) -> Verdict:
        found = any(name == self.tool for name, _ in seen.calls())
        return named(not found, CALLED, _calls(seen))


class Cites(OneCheck):
    about = Text("查到了资料", "finds a source")
    type: Literal["cites"]
    source: Name = setting(
        title=Text("资料", "Source"),
        hint=Text("资料库里的文件名。", "The file's name in its base."),
        widget="source",
    )

    async def judge(self, seen: Seen, models: Models) -> Verdict:
        return named(self.source in seen.sources(), FOUND, sorted(seen.sources()))


class Passes(OneCheck):
    about = Text("经过积木", "goes through a block")
    type: Literal["passes"]
    block: Name = setting(title=Text("积木", "Block"), widget="block")

    async def judge(self, seen: Seen, models: Models) -> Verdict:
        return named(self.block in seen.blocks(), PASSED, sorted(seen.blocks()))


class Waits(OneCheck):
    about = Text("停下来等", "stops and waits")
    type: Literal["waits"]
    wait: Literal["message", "decision", "call", "time"] = setting(
        title=Text("等什么", "For what"), choices=lambda: WAITS
    )

    async def judge(self, seen: Seen, models: Models) -> Verdict:
        return named(seen.waits == self.wait, WAITED, [seen.waits] if seen.waits else [])


class Fails(OneCheck):
    """`code`: as the trace has it; "": any."""

    about = Text("这一轮失败", "the turn fails")
    of_failures = True
    type: Literal["fails"]
    code: str = setting(
        "", title=Text("原因代码", "Code"), hint=Text("空着是任何原因。", "Empty: any."), max_length=64
    )

    async def judge(self, seen: Seen, models: Models) -> Verdict:
        if seen.failure is None:
            return answered(False, seen)
        return named(self.code in ("", seen.failure.code), FOUND, [seen.failure.code])


class Within(OneCheck):
    about = Text("用时不超过（秒）", "takes at most so many seconds")
    type: Literal["within"]
    seconds: float = setting(title=Text("秒", "Seconds"), gt=0, le=3600, allow_inf_nan=False)

    async def judge(self, seen: Seen, models: Models) -> Verdict:
        return Verdict(seen.seconds <= self.seconds, TOOK.fill(seconds=round(seen.seconds, 2)))


class Costs(OneCheck):
    about = Text("花费不超过（元）", "costs at most so many yuan")
    type: Literal["costs"]
    yuan: float = setting(title=Text("元", "Yuan"), ge=0, le=10_000, allow_inf_nan=False)

    async def judge(self, seen: Seen, models: Models) -> Verdict:
        dollars = seen.dollars()
        if dollars is None:
            return Verdict(False, NO_PRICE)
        return Verdict(dollars * YUAN <= self.yuan, COST.fill(yuan=round(dollars * YUAN, 4)))


def among(wanted: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Whether each of these is there, and the same."""
    return all(name in given and given[name] == value for name, value in wanted.items())


def _calls(seen: Seen) -> Iterator[str]:
    for name, given in seen.calls():
        arguments = ", ".join(f"{key}={value!r}" for key, value in given.items())
        yield f"{name}({arguments})"[:SHOWN]
