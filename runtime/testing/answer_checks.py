"""What the answer says."""

import asyncio
import re
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
from runtime.wellformed import in_list

PATIENCE = 1.0
"""Seconds that a pattern may look."""
COUNT = re.compile(r"(.?)\{([^{}]*)\}")
MOST_COPIES = 100_000
"""Of its own pieces that a pattern with {500} in it may become, which takes a second of CPU and 60 MB."""
NO_PATTERN = Text("不是正则表达式（{why}）", "no regular expression ({why})")
WORDS = Text("文字", "Words")
NO_CASE = Text("不分大小写。", "In capitals or not.")
PATH_HINT = Text(
    "用点隔开的名字和序号，如 items.0.name；空着是整个 JSON。",
    "Names and numbers between dots, e.g. items.0.name; empty: the whole.",
)
TOO_OFTEN = Text(
    "里面的重复次数乘起来太多，请写小一些", "its repetitions, multiplied, are too many; write smaller ones"
)
TOO_DEEP = Text("括号嵌套太深", "its brackets are nested too deep")
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
        if _copies(pattern) > MOST_COPIES:
            raise Wrong(TOO_OFTEN)
        try:
            regex.compile(pattern)
        except RecursionError:
            raise Wrong(TOO_DEEP) from None
        except regex.error as e:
            raise Wrong(NO_PATTERN.fill(why=str(e))) from None
        return pattern

    async def judge(self, seen: Seen, models: Models) -> Verdict:
        try:
            found = await asyncio.to_thread(_found, self.pattern, seen.text)
        except TimeoutError:
            return Verdict(False, TOO_SLOW)
        return answered(found, seen)


def _found(pattern: str, text: str) -> bool:
    """Raises TimeoutError. Others go on meanwhile."""
    return regex.search(pattern, text, timeout=PATIENCE, concurrent=True) is not None


def _copies(pattern: str) -> int:
    """At most so many pieces are made of it: those of a group as often as it, and each around it, says.

    Where a comment may stand between a group and its number, each number counts as a group's.
    """
    bare = re.sub(r"\s+", "", pattern)
    simple, groups = len(pattern), 1
    for before, numbers in COUNT.findall(bare):
        most = max((int(one) for one in re.findall(r"[0-9]+", numbers)), default=1)
        if before in ("", *")}+*?") or "#" in bare:
            groups *= max(1, most)
        else:
            simple += most
    return simple * groups


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
    if isinstance(there, list) and (at := in_list(step)) is not None and at < len(there):
        return there[at]
    return there.get(step) if isinstance(there, dict) else None
