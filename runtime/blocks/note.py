"""A comment in the flow."""

from typing import Any, ClassVar, Literal

from runtime.blocks import Block
from runtime.blocks._groups import ORDER, Group
from runtime.lang import Text
from runtime.schema import About, setting
from runtime.turn.turn import Turn


class Note(Block):
    """Does nothing: it is for whoever reads the flow. No model and no person who writes sees it."""

    about: ClassVar[About] = About(
        Text("备注", "Note"),
        Text("写给看流程的人，不影响运行", "For whoever reads the flow; changes nothing"),
        "pencil",
        "#a16207",
    )
    group: ClassVar[Group] = ORDER
    type: Literal["note"]
    text: str = setting(
        "",
        title=Text("备注内容", "Text"),
        hint=Text("写给编排的人看，不发给任何人", "For whoever builds it; sent to nobody"),
        widget="text",
        max_length=5000,
    )

    async def run(self, turn: Turn) -> dict[str, Any]:
        return {}

    def sample(self) -> dict[str, Any] | None:
        return {}


BLOCK = Note
