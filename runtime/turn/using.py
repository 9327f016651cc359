"""What using a tool comes to: a failure is a result too."""

import hashlib
import json
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

from runtime import wellformed
from runtime.crash import crashpoint
from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.message import Message
from runtime.tools import Env, Tool

CUT_OFF = Text(
    "结果未知：这个操作在执行时被中断，可能已经完成，也可能没有。不要重复执行，请告诉用户需要人工核实。",
    "Outcome unknown: this was cut off while it ran and may or may not have happened. Do not repeat it; "
    "tell the person that somebody has to check.",
)

LONGEST_RESULT = 8000
"""Characters of a tool's result that a model or template sees."""


@dataclass(frozen=True)
class Used:
    """What using a tool came to."""

    value: Any
    failed: bool = False
    mistake: bool = False
    """It was called wrongly and did not run."""
    doubt: bool = False
    """It was begun before a crash, and may or may not have done its work."""
    most: int = LONGEST_RESULT
    """Characters of it that are seen."""

    @classmethod
    def wrong(cls, why: str) -> "Used":
        return cls(why, failed=True, mistake=True)

    @property
    def text(self) -> str:
        text = self.value if isinstance(self.value, str) else json.dumps(self.value, ensure_ascii=False)
        return text if len(text) <= self.most else text[: self.most] + "…"


def plain(result: Any) -> Any:
    """A tool's result as it can be stored and printed. Raises ToolFailed."""
    try:
        return wellformed.data(result)
    except ValueError:
        raise ToolFailed(Text("结果嵌套太深。", "The result is nested too deep.")) from None


def once_of(agent: str, message: Message, use: str) -> str:
    """What is the same whenever this use of a tool is tried, and never for another one."""
    return hashlib.sha256("\0".join((agent, message.sender, message.id, use)).encode()).hexdigest()[:32]


async def called(
    tool: Tool, arguments: Mapping[str, Any], env: Env, begins: Awaitable[bool] | None, lang: str
) -> Used:
    """Run it, unless it `begins` for the second time: then nobody knows what the first came to."""
    if begins is not None and not await begins:
        return Used(CUT_OFF.to(lang), failed=True, doubt=True)
    try:
        used = Used(plain(await tool.call(arguments, env)))
    except ToolFailed as e:
        used = Used(wellformed.text(e.text.to(lang)), failed=True)
    crashpoint("after_tool")
    return used
