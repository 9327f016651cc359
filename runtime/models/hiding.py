"""What no model is sent: hidden where a question leaves, put back in what comes. All questions pass here."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

from runtime.models.completion import Answer, Request
from runtime.models.hidden_json import Hides, event_hidden, given_by, request_hidden, texts_in, walked
from runtime.off_loop import off_loop

QUICK = 4000
"""Characters that are looked through on the loop, in a few milliseconds."""
HIDING: ContextVar[Hides | None] = ContextVar("hiding", default=None)
"""Whose conversation it is that asks in this task."""


@contextlib.contextmanager
def hiding(hides: Hides | None) -> Iterator[None]:
    """What is asked within, in this task and those that it begins."""
    before = HIDING.set(hides)
    try:
        yield
    finally:
        HIDING.reset(before)


async def hidden(request: Request) -> Request:
    """As it may be sent."""
    hides = HIDING.get()
    if hides is None:
        return request
    said = list(texts_in([request.messages, request.tools, request.schema]))
    if sum(map(len, said)) > QUICK:
        return await off_loop(request_hidden, hides, request, said)
    return request_hidden(hides, request, said)


def put_back(answer: Answer, request: Request) -> Answer:
    """Its text as the person reads it. Arguments of tools stay: who uses one decides, see `given`."""
    hides = HIDING.get()
    if hides is None:
        return answer
    return replace(answer, text=hides.shown(answer.text, in_json=request.schema is not None))


def given(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A tool's arguments with what they stand for."""
    hides = HIDING.get()
    return dict(arguments) if hides is None else given_by(hides, arguments)


def unseen(value: Any) -> Any:
    """What was asked or answered, as a trace keeps it."""
    hides = HIDING.get()
    return value if hides is None else walked(hides, value)


async def event_without(hides: Hides, event: Mapping[str, Any]) -> Mapping[str, Any]:
    """An event, as JSON, as a trace keeps it."""
    if not hides.kinds:
        return event
    said = list(texts_in(event))
    if sum(map(len, said)) > QUICK:
        return await off_loop(event_hidden, hides, event, said)
    return event_hidden(hides, event, said)


def in_words(text: str) -> str:
    """For what is spoken or drawn."""
    hides = HIDING.get()
    return text if hides is None else hides.in_words(text)


async def all_in_words(texts: Sequence[str]) -> Sequence[str]:
    """For what is compared."""
    hides = HIDING.get()
    if hides is None:
        return texts
    if sum(map(len, texts)) > QUICK:
        return await off_loop(_all_in_words, hides, texts)
    return _all_in_words(hides, texts)


def _all_in_words(hides: Hides, texts: Sequence[str]) -> Sequence[str]:
    return [hides.in_words(text) for text in texts]


OnText = Callable[[str], None]


def pieces(
    on_text: OnText | None, on_reset: Callable[[], None] | None
) -> tuple[OnText | None, Callable[[], None] | None, Callable[[], None]]:
    """Who is given pieces, told that they are void, and told that no more come."""
    hides = HIDING.get()
    if hides is None or on_text is None:
        return on_text, on_reset, lambda: None
    held, tell = [hides.growing()], on_text

    def take(piece: str) -> None:
        if text := held[0].take(piece):
            tell(text)

    def reset() -> None:
        held[0] = hides.growing()
        if on_reset:
            on_reset()

    def end() -> None:
        if text := held[0].end():
            tell(text)

    return take, reset, end
