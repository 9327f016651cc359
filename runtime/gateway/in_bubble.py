"""Which parts of an answer one bubble carries, and in which words: delivery and previews go by it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from runtime.answer import AnswerPart
from runtime.channels import Channel, Chooses, Limits, MediaOut, Pushes, Streams
from runtime.choices import Choices
from runtime.gateway.canned import BELOW, MORE, SEE_WORD

PAGE = "https://…/r/…"
"""Stands for the address of an answer's page, which is another for each answer."""


class Piece(Protocol):
    """A part, stored or not."""

    @property
    def text(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


P = TypeVar("P", bound=Piece)


def taken(
    parts: Sequence[P], limits: Limits, in_end: Callable[[P, Sequence[P]], bool], after: Callable[[P], bool]
) -> tuple[list[P], list[P]]:
    """The first parts that a bubble carries, and those of them that its end shows as what they are.

    `in_end`: whether the end shows a part beside these others; `after`: whether it is shown after the bubble.
    """
    chosen: list[P] = []
    held: list[P] = []
    used = 0.0
    for part in parts:
        if in_end(part, held):
            chosen.append(part)
            held.append(part)
            continue
        if after(part):
            break
        used += limits.size(part.text) + (limits.size("\n\n") if chosen else 0)
        if chosen and used > limits.room:
            break
        chosen.append(part)
    return chosen, held


def said(chosen: Sequence[Piece], held: Sequence[Piece]) -> str:
    """The words of a bubble."""
    return "\n\n".join(part.text for part in chosen if part not in held)


def heading(part: Piece, language: str) -> str:
    """What a bubble says of which all is shown after it."""
    question = str(part.data.get("question", "")) if part.kind == "choices" else ""
    return question or BELOW.to(language)


def is_shown_after(kind: type[Channel], part: Piece) -> bool:
    """Of a channel on which the end of a bubble holds words only."""
    if part.kind == "choices":
        return issubclass(kind, Chooses) and kind.choice_limits.fit(Choices.of(part.data))
    return part.kind != "text" and issubclass(kind, MediaOut)


def as_sent(kind: type[Channel], markdown: str, language: str) -> list[AnswerPart]:
    """The answer as people get it where the account may do what its surface can: what is sent, in order.

    Of more than a platform takes, the end is one tap to the rest. Of a surface on which answers grow in a
    bubble, as with a connection that we hold.
    """
    parts = kind.parts(markdown)
    if issubclass(kind, Pushes):
        parts = [replace(part, text=kind.worded(part.text)) for part in parts]
    if not parts or not issubclass(kind, Streams):
        return _pushed(kind, parts, language)
    chosen, held = taken(parts, kind.limits, lambda *_: False, lambda part: is_shown_after(kind, part))
    return [AnswerPart(said(chosen, held) or heading(parts[0], language)), *parts[len(chosen) :]]


def _pushed(kind: type[Channel], parts: list[AnswerPart], language: str) -> list[AnswerPart]:
    most = kind.most_pushed if issubclass(kind, Pushes) else len(parts)
    if len(parts) <= most:
        return parts
    return [*parts[: most - 1], AnswerPart(kind.invite(MORE.to(language), PAGE, SEE_WORD.to(language)))]
