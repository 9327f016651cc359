"""The contract of a block: one step of a flow. One file a block, exporting `BLOCK`, its settings model.

What a block can beyond that is a small class that it inherits; whoever needs to know asks for the class.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, SerializeAsAny

from runtime.lang import Text
from runtime.plugins import Registry
from runtime.schema import About, Name, Strict, by_type, setting
from runtime.templating.prompts import Prompt
from runtime.tools import Tool
from runtime.turn.settings import Option

if TYPE_CHECKING:
    from runtime.turn.turn import Turn


class Block(Strict):
    """A block's settings: at once its JSON, its form in the builder and its validation.

    A plugin narrows `type` to `Literal["its-file-name"]`, sets `about`, and implements `run`.
    """

    about: ClassVar[About]
    ends: ClassVar[bool] = False
    """The turn is over after it: blocks behind it are never reached."""
    waits: ClassVar[bool] = False
    """Its work takes longer than a moment: a model or another server is asked."""
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

    def sample(self) -> dict[str, Any] | None:
        """What `run` may return, to try later templates with; None when only running it tells."""
        return None


def surely_ends(flow: Iterable[Block]) -> bool:
    """Whether a turn that enters this flow ends in it, whichever way it takes.

    The flow editor asks the same while somebody edits: `endsIn` in builder/flow_editor/scope.js.
    """
    return any(block.ends or _ends_every_way(block) for block in flow)


def _ends_every_way(block: Block) -> bool:
    ways = [nested for _, nested in block.flows()]
    return bool(ways) and all(map(surely_ends, ways))


class Answers(ABC):
    """Its text is what the person reads. In a flow without one that is the last model's text."""

    @property
    @abstractmethod
    def answer(self) -> str:
        """The template of the text."""


class Offers(ABC):
    """It gives the person something to choose from."""

    @property
    @abstractmethod
    def offered(self) -> Sequence[Option]:
        """Templates of them."""


class AsksModel(ABC):
    """It asks a model, by settings called `model` and `prompt`."""

    waits: ClassVar[bool] = True

    @property
    @abstractmethod
    def asked(self) -> Sequence[str]:
        """Models by name: the one that is wanted, then those that stand in for it."""

    @property
    @abstractmethod
    def told(self) -> Prompt:
        """What the model is told before anything else."""

    @property
    @abstractmethod
    def sees_pictures(self) -> bool:
        """Whether a picture that the person sends is shown to the model."""


class GrantsTools(ABC):
    """Tools are run for it."""

    @abstractmethod
    def granted(self) -> Iterator[tuple[str, Tool]]:
        """Each with its path below the block, e.g. `tools.0`."""


class UsesBases(ABC):
    """It looks into knowledge bases, by a setting called `bases`."""

    @property
    @abstractmethod
    def searched(self) -> Sequence[str]:
        """Their ids."""


class RunsTool(GrantsTools):
    """It runs its tool itself, with arguments of its own, by a setting called `arguments`."""

    @property
    @abstractmethod
    def given(self) -> Mapping[str, str]:
        """The arguments' templates by name."""


registry: Registry[type[Block]] = Registry(__name__, "BLOCK")
"""Every block type by name."""

AnyBlock = Annotated[SerializeAsAny[Block], by_type(Block, registry, Text("积木", "block"))]
Flow = Annotated[list[AnyBlock], Field(max_length=200)]
