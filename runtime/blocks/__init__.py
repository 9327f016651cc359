"""The contract of a block: one step of a flow. One file a block, exporting `BLOCK`, its settings model.

What a block can beyond that is a small class that it inherits; whoever needs to know asks for the class.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, SerializeAsAny

from runtime.blocks._groups import ACT, Group
from runtime.lang import Text, as_it_is
from runtime.plugins import Registry
from runtime.schema import About, Name, Strict, by_type, setting
from runtime.templating.prompts import Prompt
from runtime.tools import Tool
from runtime.turn.settings import Option

if TYPE_CHECKING:
    from runtime.turn.turn import Services, Turn


class Block(Strict):
    """A block's settings: at once its JSON, its form in the builder and its validation.

    A plugin narrows `type` to `Literal["its-file-name"]`, sets `about`, and implements `run`.
    """

    about: ClassVar[About]
    group: ClassVar[Group] = ACT
    ends: ClassVar[bool] = False
    """The turn is over after it: blocks behind it are never reached."""
    goes_on: ClassVar[bool] = False
    """…but where others stand behind it in its own list, the turn goes on with these."""
    sees_itself: ClassVar[bool] = False
    """One of its templates is rendered when some of what it gives is there."""
    chooses: ClassVar[bool] = False
    """It runs exactly one of its flows, `otherwise` being one of them; a failure of its own is none."""
    alike: ClassVar[bool] = False
    """What it gives is the same for everybody who asks the same."""
    for_others: ClassVar[bool] = False
    """It does nothing but find what other blocks use."""
    type: str
    id: Name = setting(
        title=Text("编号", "Id"),
        hint=Text("后面的积木用它引用结果", "Later blocks refer to the result by it"),
    )
    title: str = setting(
        "", title=Text("名称", "Name"), hint=Text("只显示在流程里", "Shown in the flow only"), max_length=60
    )

    disabled: bool = setting(
        False,
        title=Text("停用", "Off"),
        hint=Text(
            "跳过它和它里面的积木；后面用到它的地方是空的",
            "It and what is in it are passed over; where later blocks use it, nothing stands",
        ),
        seldom=True,
    )
    otherwise: "Flow" = setting(
        [],
        title=Text("没做成时", "If it does not work"),
        hint=Text(
            "失败、没找到、超时或被取消时走这里；原因是 {{ 编号.error }}",
            "Taken when it fails, finds nothing, takes too long or is cancelled; why is {{ id.error }}",
        ),
        widget="fallback",
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """What happens otherwise stands last, in files and forms."""
        super().__pydantic_init_subclass__(**kwargs)
        fields = cls.__pydantic_fields__
        fields["otherwise"] = fields.pop("otherwise")
        cls.model_rebuild(force=True)

    @property
    def takes_time(self) -> bool:
        """Its work takes longer than a moment, as it is set up: a model or another server is asked."""
        return False

    async def run(self, turn: "Turn") -> dict[str, Any]:
        """Do the step; return what later blocks may refer to as `{{ id.key }}`: plain JSON values.

        Raises HongyanError when the turn cannot go on. Does I/O only through `turn`; must not block the loop.
        """
        raise NotImplementedError

    def flows(self) -> Iterator[tuple[str, list["Block"]]]:
        """Flows nested in this block, each with its path below the block, e.g. `cases.0.flow`; `otherwise`
        last."""
        if self.otherwise:
            yield "otherwise", self.otherwise

    def outputs(self) -> dict[str, Text]:
        """Names of what `run` returns, for the variable chips of later blocks."""
        return {}

    inside: ClassVar[Mapping[str, str]] = {}
    """Outputs that are objects, each with the setting that lists what is in it: its items have names."""

    def contents(self) -> dict[str, dict[str, Text]]:
        """By output, the names in it that are known."""
        return {
            output: {item.name: as_it_is(item.title or item.name) for item in items}
            for output, setting in self.inside.items()
            if (items := getattr(self, setting))
        }

    def sample(self) -> dict[str, Any] | None:
        """What `run` may return, to try later templates with; None when only running it tells."""
        return None


FAILING: Mapping[str, Text] = {
    "failed": Text("是否没做成", "whether it did not work"),
    "error": Text("没做成的原因", "why it did not work"),
    "why": Text("没做成的原因代码", "why, as a code"),
}
"""Besides its outputs, what later blocks may refer to of a block that has `otherwise`."""


UNFAILED: Mapping[str, Any] = {"failed": False, "error": "", "why": ""}
"""What these are of a block that did not fail."""


def results(block: Block) -> dict[str, Text]:
    """All that later blocks may refer to of it."""
    return {**(FAILING if block.otherwise and not block.chooses else {}), **block.outputs()}


def enabled(flow: Sequence[Block]) -> list[Block]:
    """Those that run."""
    return [block for block in flow if not block.disabled]


def surely_ends(flow: Sequence[Block]) -> bool:
    """Whether a turn that enters this flow ends in it, whichever way it takes.

    The flow editor asks the same while somebody edits: `endsIn` in builder/flow_editor/scope.js.
    """
    return any(is_over(flow, place) for place in range(len(flow)))


def is_over(flow: Sequence[Block], place: int) -> bool:
    """Whether no turn gets beyond the block at this place of its list."""
    block = flow[place]
    if block.disabled:
        return False
    every_way = block.chooses and all(surely_ends(nested) for _, nested in block.flows())
    return every_way or ends_at(flow, place)


def ends_at(flow: Sequence[Block], place: int) -> bool:
    """Whether the block at this place of its list ends the turn by itself."""
    block = flow[place]
    return block.ends and not block.disabled and not (block.goes_on and enabled(flow[place + 1 :]))


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


class Waits:
    """It may end the turn until something comes, by Turn.wait."""

    @property
    def comes_unasked(self) -> bool:
        """What comes is no message of the person's: what is said then is brought when nobody wrote."""
        return False


class AsksModel(ABC):
    """It asks a model, by a setting called `model`."""

    @property
    @abstractmethod
    def asked(self) -> Sequence[str]:
        """Models by name: the one that is wanted, then those that stand in for it. None: it does without."""

    @property
    def takes_time(self) -> bool:
        return bool(self.asked)


class Writes(AsksModel):
    """A model writes a text, by a setting called `prompt`. In a flow without a reply that is the answer."""

    @property
    @abstractmethod
    def told(self) -> Prompt:
        """What the model is told before anything else."""

    @property
    @abstractmethod
    def sees_pictures(self) -> bool:
        """Whether a picture that the person sends is shown to the model."""

    @property
    def has_form(self) -> bool:
        """Whether its answer has a form that its owner gave it."""
        return False


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


class AsksAgents(ABC):
    """It lets other agents answer, by a setting called `agent`."""

    @property
    @abstractmethod
    def agents(self) -> Sequence[str]:
        """Their ids."""


class Keeps(ABC):
    """It changes what is kept of the person."""

    @property
    @abstractmethod
    def kept(self) -> Mapping[str, str]:
        """By name, templates or formulas: see runtime.turn.who.formula."""


class Rounds(ABC):
    """Its flow is walked several times, each time with values of its own; no later block sees inside."""

    @classmethod
    @abstractmethod
    def gives(cls) -> dict[str, Text]:
        """What the flow sees besides, by name."""

    @property
    @abstractmethod
    def side_by_side(self) -> bool:
        """Whether rounds run at the same time: then nothing in them may wait."""


class Tries(ABC):
    """It can be tried alone while somebody writes it, with values for the names in its setting `values`."""

    @abstractmethod
    async def tried(self, values: Mapping[str, Any], services: "Services", now: datetime) -> str:
        """What it gives, for whoever tries it. Raises HongyanError, as in a turn."""


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

Block.model_rebuild()
