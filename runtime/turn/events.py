"""What a running turn emits. Playground, SSE and the stored trace read the same stream."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from runtime.lang import NOTHING, Text, stored
from runtime.models.completion import Answer
from runtime.models.senses import Sense


@dataclass(frozen=True)
class Event:
    """`type` names the kind in JSON."""

    type: ClassVar[str]

    def to_json(self) -> dict[str, Any]:
        return {"type": self.type, **vars(self)}


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

    @classmethod
    def of(cls, block: str, answer: Answer) -> "ModelUsed":
        return cls(
            block,
            answer.model,
            answer.prompt_tokens,
            answer.completion_tokens,
            answer.cost,
            answer.first_token_ms,
            answer.ms,
            answer.finish,
            answer.thoughts,
            answer.estimated,
            answer.left_out,
            answer.cut,
        )


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


Paid = ModelUsed | Sensed | Compared
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
    """Why the answering model ended: `stop`, or `length` when it is not whole."""


@dataclass(frozen=True)
class Failed(Event):
    """The turn ended without an answer. `reason` is for the operator, `code` is what is counted."""

    type: ClassVar[str] = "failed"
    code: str
    reason: Text
    block: str = ""
