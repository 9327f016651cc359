"""What a running turn emits. Playground, SSE and the stored trace read the same stream."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from runtime.lang import NOTHING, Text, stored
from runtime.models.completion import Answer
from runtime.models.senses import Sense
from runtime.safety.chain import Decision

STOPPED = "stopped"
"""Why an answer ends of which its person wanted no more, see Replied.finish."""


@dataclass(frozen=True)
class Event:
    """`type` names the kind in JSON."""

    type: ClassVar[str]
    within: str = field(default="", kw_only=True)
    """Of which round, or inner agent: the path of the turn that emitted it; "" for the flow itself."""

    def to_json(self) -> dict[str, Any]:
        return {
            "type": self.type,
            **{name: value for name, value in vars(self).items() if value or name != "within"},
        }


@dataclass(frozen=True)
class Stored(Event):
    """The message is kept, and will be answered whatever becomes of this process. The first of all."""

    type: ClassVar[str] = "stored"


@dataclass(frozen=True)
class BlockStarted(Event):
    type: ClassVar[str] = "block_started"
    block: str
    kind: str
    title: str


@dataclass(frozen=True)
class BlockFinished(Event):
    type: ClassVar[str] = "block_finished"
    block: str
    kind: str
    ms: int
    output: Mapping[str, Any]
    """What later blocks can refer to by this block's id."""


@dataclass(frozen=True)
class TextDelta(Event):
    type: ClassVar[str] = "text_delta"
    block: str
    text: str


@dataclass(frozen=True)
class TextReset(Event):
    """The text streamed by this block so far is void (the model turned to a tool, or was tried again)."""

    type: ClassVar[str] = "text_reset"
    block: str


@dataclass(frozen=True)
class ToolCalled(Event):
    type: ClassVar[str] = "tool_called"
    block: str
    call: str
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class ToolReturned(Event):
    type: ClassVar[str] = "tool_returned"
    block: str
    call: str
    name: str
    ms: int
    result: str
    failed: bool = False


@dataclass(frozen=True)
class LookedUp(Event):
    """Bases were searched. `fits`: whether something was found; `sources`: by base, the files of what was."""

    type: ClassVar[str] = "looked_up"
    block: str
    query: str
    bases: Sequence[str]
    fits: bool
    sources: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Compared(Event):
    """A provider's model compared texts for a search. `cost` as in ModelUsed."""

    type: ClassVar[str] = "compared"
    prompt_tokens: ClassVar[int] = 0
    completion_tokens: ClassVar[int] = 0
    """Nobody says how many there were."""
    block: str
    model: str
    cost: float | None


@dataclass(frozen=True)
class Drawn(Event):
    """A model drew a picture. `cost` as in ModelUsed."""

    type: ClassVar[str] = "drawn"
    prompt_tokens: ClassVar[int] = 0
    completion_tokens: ClassVar[int] = 0
    """It is paid by the picture."""
    block: str
    model: str
    cost: float | None


@dataclass(frozen=True)
class Judged(Event):
    """A check of the agent's found something, or could not check. `place`: in, model, tool or out; `action`:
    what was done, "" for nothing; `what` it found and where; `why` it could not check."""

    type: ClassVar[str] = "judged"
    place: str
    check: str
    action: str
    what: str
    excerpt: str
    why: Text = NOTHING

    @classmethod
    def of(cls, one: Decision) -> "Judged":
        return cls(one.place, one.check, one.action, one.what, one.excerpt, one.why)

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "why": self.why.by_language() if self.why.en else {}}


@dataclass(frozen=True)
class ModelUsed(Event):
    """One model round. `cost` is in US dollars, None when the price is unknown (never 0 for unknown)."""

    type: ClassVar[str] = "model_used"
    block: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    cost: float | None
    first_token_ms: int
    ms: int
    finish: str = "stop"
    """Why it ended: stop, tool_calls or length."""
    thoughts: str = ""
    """What it thought: for the trace only."""
    estimated: bool = False
    """The provider did not say how many tokens, so they are counted from the text."""
    left_out: int = 0
    """Earlier messages that it was not sent, since it cannot read more…"""
    cut: int = 0
    """…and those that it was sent in part."""
    routed: Sequence[Mapping[str, Any]] = ()
    """The rules by which a name of the owner's meant this model, see models.routing.Chosen."""
    cached: str = ""
    """No model was asked: see Answer."""
    failed: Sequence[str] = ()
    """Models that were asked before it, and did not answer."""
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    """As in Answer."""

    @classmethod
    def of(cls, block: str, answer: Answer) -> "ModelUsed":
        """What an answer tells of itself goes by the same names."""
        told = {one.name: getattr(answer, one.name) for one in fields(cls) if one.name in vars(answer)}
        return cls(block, **told)


@dataclass(frozen=True)
class Unanswered(Event):
    """Models were asked, and none of them answered: they may have seen it all the same."""

    type: ClassVar[str] = "unanswered"
    block: str
    models: Sequence[str]


@dataclass(frozen=True)
class Sensed(Event):
    """A model saw, heard or spoke for the agent. `text`: what it saw or heard, in words; `why`: why not.

    `seconds`: of sound. `kept`: it is known from an earlier time, and cost nothing. `cost` as in ModelUsed.
    """

    type: ClassVar[str] = "sensed"
    sense: Sense
    model: str
    text: str
    ms: int = 0
    seconds: float | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = None
    kept: bool = False
    failed: bool = False
    why: Text = NOTHING

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "why": self.why.by_language()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Sensed":
        known = {name: value for name, value in data.items() if name not in ("type", "why")}
        return cls(**known, why=stored(data["why"]))


Paid = ModelUsed | Sensed | Compared | Drawn
"""What a model did, which may have cost something."""


@dataclass(frozen=True)
class Replied(Event):
    """The turn's answer, whole: Markdown as the model or the reply block wrote it."""

    type: ClassVar[str] = "replied"
    text: str
    ms: int
    handoff: bool = False
    doubt: bool = False
    """A tool was cut off by a crash; the operator should look."""
    finish: str = "stop"
    """Why it ended: `stop`, `length` when it is not whole, `content_filter` when a check put another in its
    place, `tool_calls` when the program that asks is to run some; or STOPPED."""
    aside: bool = field(default=False, compare=False)
    """It was no turn of the flow: something that waits goes on waiting."""

    spoken: str = field(default="", compare=False)
    """What was said and sent before it, in the middle of the flow."""

    def to_json(self) -> dict[str, Any]:
        return {name: value for name, value in super().to_json().items() if name not in ("aside", "spoken")}


@dataclass(frozen=True)
class Said(Event):
    """In the middle of a flow. `sent`: it is on its way by itself; else it stands before the answer."""

    type: ClassVar[str] = "said"
    block: str
    text: str
    sent: bool = False


@dataclass(frozen=True)
class Waited(Replied):
    """The turn ended at a place where it goes on later. `text` is what the person is told, perhaps nothing.

    `wait`: what it waits for: message, decision, call or time; `until`: seconds since 1970, None for ever.
    """

    type: ClassVar[str] = "waited"
    block: str = ""
    wait: str = ""
    what: Text = NOTHING
    until: float | None = None
    step: str = ""
    """The whole name of the place…"""
    token: str = ""
    """…the hash of what a call has to show…"""
    data: Mapping[str, Any] = field(default_factory=dict)
    """…what else who decides is shown or judged by…"""
    carried: str = field(default="", repr=False)
    """…and what the turn that goes on brings along. None of these is shown to anybody."""

    def to_json(self) -> dict[str, Any]:
        hidden = ("step", "token", "data", "carried")
        shown = {name: value for name, value in super().to_json().items() if name not in hidden}
        return {**shown, "what": self.what.by_language()}


@dataclass(frozen=True)
class Failed(Event):
    """The turn ended without an answer. `reason` is for the operator, `code` is what is counted."""

    type: ClassVar[str] = "failed"
    code: str
    reason: Text
    block: str = ""
