"""What we ask a model and what it answers. Only runtime/models/routed.py speaks to providers."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Thoughts = Literal["unknown", "marked", "untagged", "apart"]
"""How a model's thoughts come: between tags or never, before a lone </think>, or in a field of their own."""

SAID_BY = "said_by"
"""In messages of ours: the model that said it. What is only for its own server goes to no other."""

THOUGHTS = ("reasoning_content", "reasoning", "reasoning_text", "thinking", "thoughts")
"""Of a message, where servers put what the model thought."""

KEPT = ("reasoning_details", "thinking_blocks", "provider_specific_fields")
"""Of a message, what some providers want back word for word in the next round."""


@dataclass(frozen=True)
class ToolCall:
    """`arguments` is the raw JSON text of the model: it may be broken, and is checked by who runs it."""

    id: str
    name: str
    arguments: str
    more: Mapping[str, Any] = field(default_factory=dict)
    """What else came with it, e.g. a signature; the provider wants it back as it was."""

    @property
    def is_whole(self) -> bool:
        """Whether the arguments are JSON to their end."""
        try:
            return isinstance(json.loads(self.arguments), dict) and self.arguments != "{}"
        except (ValueError, RecursionError):
            return False


@dataclass(frozen=True)
class Request:
    """`messages` and `tools` are in OpenAI's form. `seconds` bounds all tries and fallbacks together."""

    model: str
    messages: Sequence[Mapping[str, Any]]
    fallbacks: Sequence[str] = ()
    tools: Sequence[Mapping[str, Any]] = ()
    temperature: float | None = None
    max_tokens: int | None = None
    seconds: float = 60
    schema: Mapping[str, Any] | None = None
    """JSON schema of the answer. A server that takes none is not sent it: the messages say it too."""
    effort: str = ""
    """How much it should think, in the words of OpenAI's `reasoning_effort`; "": as is usual for it."""
    switch: str = ""
    """How its server is told to think or not (runtime.models.thinking)."""
    stop: Sequence[str] = ()
    """Words before which the answer ends."""
    choice: str = ""
    """The tool that is to be called, by name; "required": any of them."""
    seed: int | None = None
    """The same gives, as nearly as the server can, the same answer."""
    window: int | None = None
    """Tokens that the model takes, when the owner said so."""
    without: frozenset[str] = frozenset()
    """Names of what the server was found not to take (runtime.models.manners)."""
    left_out: int = 0
    """Earlier messages that are not sent, since the model cannot read more…"""
    cut: int = 0
    """…and those that are sent in part."""


@dataclass(frozen=True)
class Answer:
    """`cost` is in US dollars, None when the price is unknown. `model` is the one that really answered."""

    text: str
    model: str
    tool_calls: tuple[ToolCall, ...] = ()
    reasoning: str | None = None
    """Some thinking models refuse the next tool turn unless it is sent back, even when it is ""."""
    reasoning_field: str = "reasoning_content"
    """What the server calls it."""
    thoughts: str = ""
    """All that the model thought, also in its text: for the trace, never for a person."""
    kept: Mapping[str, Any] = field(default_factory=dict)
    """What else the provider wants back with this message in the next round."""
    finish: str = "stop"
    """stop, tool_calls or length: then it is half an answer."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    """Of those that were read, as far as the provider says which it knew already…"""
    reasoning_tokens: int = 0
    """…and of those that it wrote, which were thoughts."""
    estimated: bool = False
    """The provider did not say how many, so they are counted from the text."""
    cost: float | None = None
    first_token_ms: int = 0
    ms: int = 0
    left_out: int = 0
    """Of what it was to be asked, see Request."""
    cut: int = 0
    routed: Sequence[Mapping[str, Any]] = ()
    """The rules by which a name of the owner's meant this model, see routing.Chosen."""
    cached: str = ""
    """It was given before, to the same question (exact) or one that means the same (near)."""
    failed: Sequence[str] = ()
    """Models that were asked before it, and did not answer."""

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "tool_calls": [vars(call) for call in self.tool_calls]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Answer":
        calls = tuple(ToolCall(**call) for call in data["tool_calls"])
        return cls(**{**data, "tool_calls": calls})


class Models(Protocol):
    """Ask a model."""

    async def complete(
        self,
        request: Request,
        on_text: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
    ) -> Answer:
        """Ask, with retries and fallbacks, within `request.seconds`.

        With `on_text` the answer is streamed: it is called with each piece; `on_reset` says that the pieces
        so far are void because another try began. Raises ModelFailed. Cancelling closes the connection.
        """
        ...
