"""Go one way or another."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from runtime.blocks import Block, Flow
from runtime.blocks._groups import ORDER, Group
from runtime.lang import Text
from runtime.schema import About, Strict, setting
from runtime.turn.turn import Turn


class Case(Strict):
    """One way: taken when its condition is the first that holds."""

    title: str = setting(
        "",
        title=Text("分支名称", "Name"),
        hint=Text("只显示在流程里", "Shown in the flow only"),
        max_length=60,
    )
    when: str = setting(
        title=Text("条件", "Condition"),
        hint=Text("例如：'人工' in message.text", "For example: 'human' in message.text"),
        widget="expression",
        min_length=1,
        max_length=2000,
    )
    flow: Flow = setting([], title=Text("要做的事", "Steps"), widget="flow")


class Branch(Block):
    """Runs the flow of the first case whose condition holds, else `otherwise`."""

    about: ClassVar[About] = About(
        Text("分支", "Branch"),
        Text("按条件走不同的路", "Takes the first way whose condition holds"),
        "branch",
        "#d97706",
    )
    group: ClassVar[Group] = ORDER
    chooses: ClassVar[bool] = True
    type: Literal["branch"]
    cases: list[Case] = setting(
        title=Text("分支", "Cases"),
        hint=Text("从上到下，第一个成立的生效", "The first that holds is taken"),
        widget="cases",
        min_length=1,
        max_length=20,
    )
    otherwise: Flow = setting(
        [],
        title=Text("否则", "Otherwise"),
        hint=Text("上面的条件都不成立时走这里", "Taken when none of the conditions holds"),
        widget="flow",
    )

    async def run(self, turn: Turn) -> dict[str, Any]:
        way = await turn.decide(self.id, lambda: self._way(turn))
        case = self.cases[way] if 0 <= way < len(self.cases) else None
        await turn.walk(case.flow if case else self.otherwise)
        return {"case": case.title if case else ""}

    def _way(self, turn: Turn) -> int:
        return next((i for i, case in enumerate(self.cases) if turn.holds(case.when)), -1)

    def flows(self) -> Iterator[tuple[str, list[Block]]]:
        for i, case in enumerate(self.cases):
            yield f"cases.{i}.flow", case.flow
        yield "otherwise", self.otherwise

    def outputs(self) -> dict[str, Text]:
        return {"case": Text("走了哪条分支", "the case that was taken")}

    def sample(self) -> dict[str, Any] | None:
        return {"case": "1"}


BLOCK = Branch
