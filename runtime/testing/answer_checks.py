"""What the answer says."""

from typing import Any, Literal

import regex
from pydantic import field_validator

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.models.completion import Models
from runtime.schema import setting
from runtime.testing.check import FOUND, LONGEST, OK, OneCheck, Verdict, Words, answered
from runtime.testing.seen import Seen
from runtime.turn.fields.reading import object_in

PATIENCE = 1.0
"""Seconds that a pattern may look."""
NO_PATTERN = Text("不是正则表达式（{why}）", "no regular expression ({why})")
WORDS = Text("文字", "Words")
NO_CASE = Text("不分大小写。", "In capitals or not.")
PATH_HINT = Text(
    "用点隔开的名字和序号，如 items.0.name；空着是整个 JSON。",
    "Names and numbers between dots, e.g. items.0.name; empty: the whole.",
)
TOO_SLOW = Text("正则表达式太慢，请写简单些", "the pattern takes too long; make it simpler")


class Contains(OneCheck):
    about = Text("回答里有", "the answer contains")
    type: Literal["contains"]
    text: Words = setting(title=WORDS, hint=NO_CASE, widget="text")

    async def judge(self, seen: Seen, models: Models) -> Verdict:
        found = self.text.casefold() in seen.text.casefold()
        return answered(found, seen)


class Lacks(OneCheck):
    about = Text("回答里没有", "the answer does not contain")
    type: Literal["lacks"]
    text: Words = setting(title=WORDS, hint=NO_CASE, widget="text")

    async def judge(self, seen: Seen, models: Models) -> Verdict:
        found = self.text.casefold() in seen.text.casefold()
        return answered(not found, seen)


class Matches(OneCheck):
    about = Text("回答符合正则表达式", "the answer matches a regular expression")
    type: Literal["matches"]
    pattern: Words = setting(title=Text("正则表达式", "Regular expression"))

    @field_validator("pattern")
    @classmethod
    def _is_one(cls, pattern: str) -> str:
        try:
            regex.compile(pattern)
        except regex.error as e:
            raise Wrong(NO_PATTERN.fill(why=str(e))) from None
        return pattern

    async def judge(self, seen: Seen, models: Models) -> Verdict:
        try:
            found = regex.search(self.pattern, seen.text, timeout=PATIENCE) is not None
        except TimeoutError:
            return Verdict(False, TOO_SLOW)
        return answered(found, seen)


class Json(OneCheck):
    """`path`: names and numbers between dots, such as `items.0.name`; "" is the whole."""

    about = Text("回答是 JSON，其中某处等于", "the answer is JSON, and a place in it equals")
    type: Literal["json"]
    path: str = setting("", title=Text("位置", "Place"), hint=PATH_HINT, max_length=200)
    equals: Any = setting(
        title=Text("等于", "Equals"),
        hint=Text('JSON：文字写在引号里，如 "好"、3、true。', 'JSON: words in quotes, e.g. "yes", 3, true.'),
        widget="json",
    )

    async def judge(self, seen: Seen, models: Models) -> Verdict:
        there: Any = await object_in(seen.text)
        for step in self.path.split(".") if self.path else ():
            there = _at(there, step)
        is_alike = there == self.equals and isinstance(there, bool) == isinstance(self.equals, bool)
        return Verdict(is_alike, OK if is_alike else FOUND.fill(what=str(there)[:LONGEST]))


def _at(there: Any, step: str) -> Any:
    if isinstance(there, list) and step.isdecimal() and int(step) < len(there):
        return there[int(step)]
    return there.get(step) if isinstance(there, dict) else None
