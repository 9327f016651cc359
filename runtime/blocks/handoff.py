"""Give the conversation to a person."""

from typing import Any, ClassVar, Literal

from runtime.blocks import Block
from runtime.lang import Text
from runtime.schema import About, setting
from runtime.turn import Turn


class Handoff(Block):
    """Answers with a sentence, marks the turn for a person, and ends it."""

    about: ClassVar[About] = About(
        Text("转人工", "Hand over"),
        Text(
            "告诉用户会有人跟进，并标记这次对话",
            "Says that a person will follow up, and marks the conversation",
        ),
        "person",
        "#db2777",
    )
    ends: ClassVar[bool] = True
    type: Literal["handoff"]
    text: str = setting(
        "好的，已经为您转给人工客服，请稍等。",
        title=Text("对用户说", "Say"),
        hint=Text("转人工时发给用户的话", "What the person reads"),
        widget="area",
        min_length=1,
    )

    async def run(self, turn: Turn) -> dict[str, Any]:
        turn.reply = turn.render(self.text)
        turn.handoff = True
        return {"text": turn.reply}

    def outputs(self) -> dict[str, Text]:
        return {"text": Text("回复内容", "the reply")}

    def sample(self) -> dict[str, Any] | None:
        return {"text": "1"}


BLOCK = Handoff
