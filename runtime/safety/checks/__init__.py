"""The contract of a check: what it finds in a text, and what is done then. One file each, with `CHECK`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, Protocol

from pydantic import SerializeAsAny, model_validator

from runtime.errors import Wrong
from runtime.inspected import Inspected, Sort
from runtime.lang import Text
from runtime.models.completion import Models
from runtime.plugins import Registry
from runtime.safety.words.lists import WordLists
from runtime.schema import About, Strict, by_type, setting

Place = Literal["in", "model", "tool", "out"]
PLACES: Mapping[str, Text] = {
    "in": Text("收到的消息", "What comes in"),
    "model": Text("给模型的内容", "What goes to the model"),
    "tool": Text("工具和资料的结果", "What tools and bases return"),
    "out": Text("发出的回答", "What goes out"),
}
Action = Literal["mark", "mask", "replace", "block", "ask"]
ACTIONS: Mapping[str, Text] = {
    "mark": Text("只做记号", "Mark it only"),
    "mask": Text("打上星号", "Mask it with stars"),
    "replace": Text("换成别的话", "Put other words there"),
    "block": Text("拦下", "Block"),
    "ask": Text("等人决定", "Ask a person"),
}
FAILURES: Mapping[str, Text] = {
    "pass": Text("放行，记下来", "Let it pass, and note it"),
    "ask": Text("等人决定", "Ask a person"),
    "block": Text("拦下", "Block it"),
}
WHOLE: frozenset[str] = frozenset({"mark", "block", "ask"})
"""What can be done where a check judges a whole text, and names no place in it."""
NOT_THERE = Text("「{check}」不能放在「{place}」", "{check} cannot stand at “{place}”")
PLACES_HINT = Text("可以选几处，每处分别查", "More than one may be chosen; each is checked by itself")
MARKED = Text(
    "只做记号就是照常放行、记下来；等人决定只能用在发出的回答上",
    "Marked, it passes and is noted; only what goes out can wait for a person",
)
ASKS_OUT = Text("「等人决定」只能用在发出的回答上", "only what goes out can wait for a person")
NOT_SO = Text("这项检查不能「{action}」", "this check cannot “{action}”")


@dataclass(frozen=True)
class Finding:
    """Of the text: from `start` up to `end`. `what` was found, for whoever looks at the decision; `action`:
    what is done then, where that is not the check's own."""

    start: int
    end: int
    what: str
    action: Action | None = None


class Inspects(Protocol):
    """The check of the platform on which the person writes. Raises HongyanError where it cannot tell."""

    async def text(self, text: str, sort: Sort) -> Inspected: ...

    async def file(self, file: Mapping[str, Any], place: Place, sort: Sort, seconds: float) -> Inspected:
        """Of a kept file, by `kind`, `hash`, `type` and `bytes`; waits so long for the answer."""
        ...


@dataclass(frozen=True)
class Uses:
    """What a check may use. None: there is no such thing here, and who needs it fails, and says so."""

    models: Models
    lists: WordLists | None = None
    meanings: Callable[[Sequence[str]], Awaitable[Sequence[bytes]]] | None = None
    inspects: Inspects | None = None
    asked: Callable[[Any], Awaitable[None]] | None = None
    """Told of each answer of a model, which costs."""
    seconds: float = 5.0
    compiled: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What a check keeps for the time of a turn: lists are the same from its beginning to its end."""


class Check(Strict):
    """A check's settings in the agent file. A plugin narrows `type`, sets `about` and `fits`, and finds."""

    about: ClassVar[About]
    fits: ClassVar[frozenset[str]] = frozenset(PLACES)
    does: ClassVar[frozenset[str]] = frozenset(ACTIONS)
    streams: ClassVar[bool] = False
    """It tells of a text that grows what is decided already, see `settled`. What is checked by others is not
    shown before it is whole."""
    type: str
    places: list[Place] = setting(
        ["in", "out"],
        title=Text("查哪里", "Where"),
        hint=PLACES_HINT,
        choices=lambda: {**PLACES},
        min_length=1,
        max_length=4,
    )
    action: Action = setting(
        "block",
        title=Text("发现了就", "When it finds something"),
        hint=MARKED,
        choices=lambda: {**ACTIONS},
    )
    instead: str = setting(
        "",
        title=Text("换成", "Other words"),
        hint=Text("留空就换成「［已隐藏］」", "Empty: “[hidden]”"),
        when=("action", "replace"),
        max_length=200,
    )
    on_failure: Literal["pass", "ask", "block"] = setting(
        "pass",
        title=Text("查不成的时候", "When it cannot check"),
        hint=Text(
            "例如没有回应、次数用完、词表不见了；等人决定只能用在发出的回答上",
            "No answer, the quota is used up, a list is gone …; only what goes out can wait for a person",
        ),
        choices=lambda: {**FAILURES},
    )

    @model_validator(mode="after")
    def _can_be_done(self) -> "Check":
        for place in self.places:
            if place not in self.fits:
                wrong = NOT_THERE.fill(check=self.about.title, place=PLACES[place])
                raise Wrong(wrong, "places")
        if self.action not in self.does:
            raise Wrong(NOT_SO.fill(action=ACTIONS[self.action]), "action")
        for name in ("action", "on_failure"):
            if getattr(self, name) == "ask" and self.places != ["out"]:
                raise Wrong(ASKS_OUT, name)
        return self

    def is_there(self, uses: Uses) -> bool:
        """Whether there is anybody to ask at all: where not, it is as if it were not set."""
        return True

    async def find(self, text: str, uses: Uses) -> Sequence[Finding]:
        """What there is in a whole text. Raises HongyanError where it cannot tell."""
        raise NotImplementedError

    async def find_file(self, file: Mapping[str, Any], place: Place, uses: Uses) -> Sequence[Finding]:
        """What there is in a kept file, by its `kind`, `hash`, `type` and `bytes`. Raises HongyanError."""
        return ()

    @property
    def file_seconds(self) -> float:
        """That a file may take; 0: none is judged."""
        return 0.0


class Streaming(Check):
    """Finds by the text alone, and quickly: a CPU's work of microseconds a character."""

    streams: ClassVar[bool] = True

    async def ready(self, uses: Uses, seconds: float) -> None:
        """What it needs is there once this ends, or cannot be had in that time. Raises HongyanError."""

    def found(self, text: str, uses: Uses) -> Sequence[Finding]:
        """What there is, and nothing else than it was before in what is settled. Raises HongyanError."""
        raise NotImplementedError

    def settled(self, text: str, uses: Uses) -> int:
        """Up to where nothing that is written behind it changes what is found. Raises HongyanError."""
        raise NotImplementedError

    async def find(self, text: str, uses: Uses) -> Sequence[Finding]:
        return self.found(text, uses)


registry: Registry[type[Check]] = Registry(__name__, "CHECK")
"""Every kind of check by name."""

AnyCheck = Annotated[SerializeAsAny[Check], by_type(Check, registry, Text("检查", "check"))]
