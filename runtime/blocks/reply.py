"""Say something: the turn's answer."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from runtime.blocks import Answers, Block, Offers
from runtime.blocks._groups import TALK, Group
from runtime.choices import MOST, written
from runtime.lang import Text
from runtime.schema import About, setting
from runtime.turn.settings import Option, choices_of
from runtime.turn.turn import Turn


class Reply(Answers, Offers, Block):
    """At the end of its way it is the answer; where others stand behind it, it is said and they follow."""

    about: ClassVar[About] = About(
        Text("回复", "Reply"),
        Text(
            "把这段话发给用户；放在最后就结束这一轮，后面还有积木就接着走",
            "Sends this to the person; as the last one it ends the turn, else what follows goes on",
        ),
        "send",
        "#16a34a",
    )
    group: ClassVar[Group] = TALK
    ends: ClassVar[bool] = True
    goes_on: ClassVar[bool] = True
    type: Literal["reply"]
    text: str = setting(
        title=Text("回复内容", "Text"),
        hint=Text(
            "可以插入前面积木的结果，支持 Markdown", "May contain results of earlier blocks, and Markdown"
        ),
        widget="area",
        min_length=1,
    )

    choices: list[Option] = setting(
        [],
        title=Text("选项", "Choices"),
        hint=Text(
            "给用户点的按钮；不能显示按钮的地方是带数字的几行，回复数字也一样",
            "Buttons to tap; where there are none, lines with numbers, and a number is an answer too",
        ),
        max_length=MOST,
    )

    @property
    def offered(self) -> Sequence[Option]:
        return self.choices

    @property
    def answer(self) -> str:
        return self.text

    async def run(self, turn: Turn) -> dict[str, Any]:
        is_last = turn.is_last
        text = turn.render(self.text)
        whole = text + written(choices_of(self.choices, turn.render))
        if is_last:
            turn.reply = whole
        elif whole.strip():
            await turn.say(self.id, whole)
        return {"text": text}

    def outputs(self) -> dict[str, Text]:
        return {"text": Text("回复内容", "the reply")}

    def sample(self) -> dict[str, Any] | None:
        return {"text": "1"}


BLOCK = Reply
