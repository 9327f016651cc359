"""A kind of check, and what it comes to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from runtime.lang import Text, listed
from runtime.models.completion import Models
from runtime.schema import Strict
from runtime.testing.seen import Seen

LONGEST = 2000
"""Characters of what is looked for, and of what is told of an answer."""
Words = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Name = Annotated[str, Field(min_length=1, max_length=200)]

OK = Text("符合", "as it should be")
NONE = Text("没有", "none")
ANSWERED = Text("回答是：{text}", "the answer is: {text}")
FOUND = Text("实际是：{what}", "it is: {what}")


@dataclass(frozen=True)
class Verdict:
    """`says`: what was there, where that is not what should be."""

    ok: bool
    says: Text = OK


class OneCheck(Strict):
    """`about`: what it asks, before its values. `of_failures`: also of a turn without an answer."""

    about: ClassVar[Text]
    of_failures: ClassVar[bool] = False

    async def judge(self, seen: Seen, models: Models) -> Verdict:
        raise NotImplementedError


def answered(ok: bool, seen: Seen) -> Verdict:
    """…with the answer where it is wrong."""
    return Verdict(ok, OK if ok else told_by(seen.text))


def told_by(answer: str) -> Text:
    """All that is said of an answer that is wrong, and says so itself."""
    return ANSWERED.fill(text=answer[:LONGEST])


def named(ok: bool, said: Text, names: Iterable[str]) -> Verdict:
    """…with what was there instead. `said` has a place {what}."""
    there = list(names)
    return Verdict(ok, OK if ok else said.fill(what=listed(there) if there else NONE))
