"""The contract of a block: one step of a flow. One file a block, exporting `BLOCK`, its settings model."""

import functools
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, SerializeAsAny, WrapValidator

from runtime.lang import Text
from runtime.plugins import discover
from runtime.schema import About, Name, Strict, Wrong, setting, unknown_type

if TYPE_CHECKING:
    from runtime.turn import Turn


class Block(Strict):
    """A block's settings: at once its JSON, its form in the builder and its validation.

    A plugin narrows `type` to `Literal["its-file-name"]`, sets `about`, and implements `run`.
    """

    about: ClassVar[About]
    ends: ClassVar[bool] = False
    """The turn is over after it: blocks behind it are never reached."""
    type: str
    id: Name = setting(
        title=Text("编号", "Id"),
        hint=Text("后面的积木用它引用结果", "Later blocks refer to the result by it"),
    )
    title: str = setting(
        "", title=Text("名称", "Name"), hint=Text("只显示在流程里", "Shown in the flow only"), max_length=60
    )

    async def run(self, turn: "Turn") -> dict[str, Any]:
        """Do the step; return what later blocks may refer to as `{{ id.key }}`: plain JSON values.

        Raises HongyanError when the turn cannot go on. Does I/O only through `turn`; must not block the loop.
        """
        raise NotImplementedError

    def flows(self) -> Iterator[tuple[str, list["Block"]]]:
        """Flows nested in this block, each with its path below the block, e.g. `cases.0.flow`."""
        yield from ()

    def outputs(self) -> dict[str, Text]:
        """Names of what `run` returns, for the variable chips of later blocks."""
        return {}


@functools.cache
def registry() -> dict[str, type[Block]]:
    """Every block type by name."""
    return discover(sys.modules[__name__], "BLOCK")


def _by_type(value: Any, validate: Any) -> Block:
    if isinstance(value, Block):
        return value
    if not isinstance(value, dict):
        return validate(value)  # type: ignore[no-any-return] # raises: pydantic says that an object is expected
    kind = registry().get(str(value.get("type")))
    if kind is None:
        raise Wrong(unknown_type(value, Text("积木", "block"), registry()), "type")
    return kind.model_validate(value)


AnyBlock = Annotated[SerializeAsAny[Block], WrapValidator(_by_type)]
Flow = Annotated[list[AnyBlock], Field(max_length=200)]
