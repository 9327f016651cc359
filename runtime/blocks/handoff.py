"""Give the conversation to a person."""

from typing import Any, ClassVar, Literal

from runtime.blocks import Block
from runtime.lang import Text
from runtime.schema import About, setting
from runtime.turn.turn import Turn

NOTED = Text(
    "已记下您要找人工。工作人员查看留言时会看到，不一定马上回复。",
    "Noted: you would like to talk to a person. They see it when they look at the messages, "
    "which may take a while.",
)
"""It promises nobody: not every platform has a desk, and nobody may be there."""


class Handoff(Block):
    """Answers with a sentence, marks the turn for a person, and ends it."""

    about: ClassVar[About] = About(
        Text("转人工", "Hand over"),
        Text(
            "告诉用户，并在「洞察」里标出这次对话；平台有人工客服的，转过去，智能体不再插话",
            "Tells them and marks the conversation on Insights; where the platform has humans at a desk, "
            "they take over and the agent is silent",
        ),
        "person",
        "#db2777",
    )
    ends: ClassVar[bool] = True
    type: Literal["handoff"]
    text: str = setting(
        "",
        title=Text("对用户说", "Say"),
        hint=Text("发给用户的话；留空就说「{noted}」", "What the person reads; empty: “{noted}”").fill(
            noted=NOTED
        ),
        widget="area",
    )

    async def run(self, turn: Turn) -> dict[str, Any]:
        turn.reply = turn.render(self.text) or NOTED.to(turn.agent.language)
        turn.handoff = True
        return {"text": turn.reply}

    def outputs(self) -> dict[str, Text]:
        return {"text": Text("回复内容", "the reply")}

    def sample(self) -> dict[str, Any] | None:
        return {"text": "1"}


BLOCK = Handoff
