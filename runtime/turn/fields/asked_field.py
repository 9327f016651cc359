"""A field that somebody is asked for."""

from collections.abc import Sequence
from typing import ClassVar

from runtime.lang import Text
from runtime.schema import setting
from runtime.turn.fields.field import Part

VALUE = {"value": Text("这一项的回答", "This answer")}
"""What its check and what is said of a wrong one see besides."""


class AskedField(Part):
    """A field that the person is asked for."""

    sees: ClassVar[Sequence[str]] = (*VALUE,)
    question: str = setting(
        "",
        title=Text("怎么问", "Question"),
        hint=Text("留空就问「是什么？」", "Empty: what it is, with a question mark"),
        widget="template",
        max_length=500,
    )
    required: bool = setting(True, title=Text("必须回答", "Required"))
    check: str = setting(
        "",
        title=Text("怎样才算对", "What is right"),
        hint=Text(
            "值叫 value，例如：value > 0 and value <= 20；从今天起：value >= now[:10]；选项里不对的不给人选",
            "It is called value: value > 0 and value <= 20; from today on: value >= now[:10]; choices that "
            "are not right are not offered",
        ),
        widget="expression",
        sees=VALUE,
        seldom=True,
        max_length=500,
    )
    retry: str = setting(
        "",
        title=Text("不对时说", "Said when it is wrong"),
        hint=Text("留空就请他再说一次", "Empty: they are asked to say it again"),
        widget="template",
        sees=VALUE,
        seldom=True,
        max_length=500,
    )

    @property
    def called(self) -> str:
        return self.title or self.name
