"""Somebody who looks after it says yes or no."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from runtime.blocks import Block, Waits
from runtime.blocks._groups import PEOPLE, Group
from runtime.deciding import asked
from runtime.errors import WaitOver, Wrong
from runtime.lang import Text, as_it_is
from runtime.owned import publication
from runtime.schema import About, setting
from runtime.through import SpeaksThrough, Through
from runtime.turn.turn import Turn
from runtime.turn.waiting import Wait

NOTED = Text(
    "已提交。定了就告诉您，您也可以随时发消息来问。",
    "Submitted. You will hear once it is decided, and may write to ask at any time.",
)
DENIED = Text("没有批准。", "It was not approved.")
BECAUSE = Text("没有批准：{note}", "It was not approved: {note}")
NOBODY = Text("请写明谁可以决定", "say who may decide")
MOST_MEMBERS = 20
Member = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_@.-]{0,63}$")]
LONGEST = 4000
"""Characters of what is to be decided."""


class Approve(Waits, SpeaksThrough, Block):
    """Waits for the decision of an operator (on the insights, by the API or the command line) or of somebody
    who is asked by a card. Nothing that a person or a model writes decides."""

    about: ClassVar[About] = About(
        Text("审批", "Approve"),
        Text(
            "等管理员同意再往下走；不同意、超时走「没做成时」",
            "Goes on once an operator says yes; a no, or nobody in time, takes the other way",
        ),
        "check",
        "#b45309",
    )
    group: ClassVar[Group] = PEOPLE
    type: Literal["approve"]
    question: str = setting(
        title=Text("请批准什么", "What is to be decided"),
        hint=Text("管理员看到的内容，可以用变量", "What the operator reads; may contain results"),
        widget="area",
        min_length=1,
        max_length=2000,
    )
    text: str = setting(
        "",
        title=Text("对用户说", "Say"),
        hint=Text("等的时候告诉用户；留空就说「{noted}」", "Meanwhile; empty: “{noted}”").fill(noted=NOTED),
        widget="area",
        max_length=2000,
    )
    through: str = setting(
        "",
        seldom=True,
        title=Text("用哪个发布去问人", "Ask somebody through this publication"),
        hint=Text(
            "能主动发消息、显示按钮的发布；不选就只等管理员在「洞察」里决定",
            "One that writes unasked and shows buttons; none: only operators decide",
        ),
        widget="publication",
        pattern=r"^([a-z0-9][a-z0-9_-]{0,79})?$",
    )
    members: list[Member] = setting(
        [],
        seldom=True,
        title=Text("谁可以决定", "Who may decide"),
        hint=Text(
            "那里的成员账号（userid）。每人收到一张卡片，点「同意」或「不同意」，谁先点算谁的",
            "Their userids there. Each gets a card with yes and no; the first tap counts",
        ),
        widget="words",
        max_length=MOST_MEMBERS,
    )
    hours: float = setting(
        24,
        title=Text("最多等几小时", "Hours that it waits"),
        hint=Text(
            "到时还没人决定，就走「没做成时」", "When nobody has decided by then, the other way is taken"
        ),
        gt=0,
        le=2160,
    )

    @model_validator(mode="after")
    def _asks_somebody(self) -> Self:
        if self.through and not self.members:
            raise Wrong(NOBODY, field="members")
        return self

    @property
    def comes_unasked(self) -> bool:
        return True

    @property
    def speaks_through(self) -> Sequence[Through]:
        return [Through("through", self.through, self.members, tapped=True)] if self.through else []

    async def run(self, turn: Turn) -> dict[str, Any]:
        question = " ".join(turn.render(self.question).split())[:LONGEST]
        says = turn.render(self.text) or NOTED.to(turn.agent.language)
        until = turn.clock() + self.hours * 3600
        asks = self.through and turn.agent.may_use(publication(self.through))  # else operators decide alone
        token = await turn.token(self.id) if asks else ""
        lang = turn.agent.language
        data = asked(self.through, self.members, question, token, lang) if token else {}
        wait = Wait("decision", says, as_it_is(question), until, token, data)
        came = await turn.wait(self.id, wait)
        note, by = str(came.data.get("note") or ""), str(came.data.get("by") or "")
        given = {"decision": came.data.get("yes") is True, "by": by, "note": note}
        if not given["decision"]:
            raise WaitOver(BECAUSE.fill(note=note) if note else DENIED, code="denied", gave=given)
        return given

    def outputs(self) -> dict[str, Text]:
        return {
            "decision": Text("是否批准", "whether it was approved"),
            "by": Text("谁决定的", "who decided"),
            "note": Text("附言", "their note"),
        }

    def sample(self) -> dict[str, Any] | None:
        return {"decision": True, "by": "1", "note": "1"}


BLOCK = Approve
