"""Say something: the turn's answer."""

from typing import Any, ClassVar, Literal

from runtime.blocks import Answers, Block
from runtime.lang import Text
from runtime.schema import About, setting
from runtime.turn.turn import Turn


class Reply(Answers, Block):
    """Ends the turn: one message in, one answer out."""

    about: ClassVar[About] = About(
        Text("回复", "Reply"),
        Text("把这段话发给用户，这一轮结束", "Sends this to the person and ends the turn"),
        "send",
        "#16a34a",
    )
    ends: ClassVar[bool] = True
    type: Literal["reply"]
    text: str = setting(
        title=Text("回复内容", "Text"),
        hint=Text(
            "可以插入前面积木的结果，支持 Markdown", "May contain results of earlier blocks, and Markdown"
        ),
        widget="area",
        min_length=1,
    )

    @property
    def answer(self) -> str:
        return self.text

    async def run(self, turn: Turn) -> dict[str, Any]:
        turn.reply = turn.render(self.text)
        return {"text": turn.reply}

    def outputs(self) -> dict[str, Text]:
        return {"text": Text("回复内容", "the reply")}

    def sample(self) -> dict[str, Any] | None:
        return {"text": "1"}


BLOCK = Reply
