"""Questions, tools and events without what no model is sent: walked through as JSON."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from runtime.models.completion import KEPT, SAID_BY, Request

AS_IT_IS = frozenset({"role", "type", "id", "tool_call_id", "name", SAID_BY, *KEPT})
"""Of a message, what no person wrote: names and marks, and what its server signed…"""
OF_EVENTS = frozenset({"type", "block", "call", "kind", "name", "model", "within", "ms", "at"})
"""…and of what a turn emits."""
NO_PICTURE = "[picture: its address is not sent]"
DEEPEST = 40
LARGE = 10**6
"""Whole numbers below say nothing of anybody."""


class Puts(Protocol):
    """A text that comes in pieces, put back."""

    def take(self, piece: str) -> str: ...

    def end(self) -> str: ...


class Hides(Protocol):
    """runtime.safety.masking.standing.Standing: of one turn."""

    kinds: frozenset[Any]
    """None: nothing is hidden."""

    @property
    def note(self) -> str:
        """What a model is told of it."""

    def learn(self, text: str) -> None: ...

    def hidden(self, text: str, *, by_person: bool = False) -> str: ...

    def shown(self, text: str, *, plainly: bool = False, in_json: bool = False) -> str: ...

    def in_words(self, text: str) -> str:
        """With what each is in its place, which is not put back."""

    def growing(self) -> Puts: ...


def request_hidden(hides: Hides, request: Request, said: Sequence[str]) -> Request:
    for text in said:
        hides.learn(text)
    messages = [_message(hides, message) for message in request.messages]
    if messages != list(request.messages):
        messages = _noted(messages, hides.note)
    tools = [_function(hides, tool) for tool in request.tools]
    schema = None if request.schema is None else walked(hides, request.schema)
    return replace(request, messages=messages, tools=tools, schema=schema)


def _message(hides: Hides, message: Mapping[str, Any]) -> dict[str, Any]:
    by_person = message.get("role") == "user"
    made = dict(message)
    for name, value in message.items():
        if name == "tool_calls" and isinstance(value, list | tuple):
            made[name] = [_function(hides, call) for call in value]
        elif name == "content" and isinstance(value, list | tuple):
            made[name] = [_part(hides, part, by_person) for part in value]
        elif name not in AS_IT_IS:
            made[name] = walked(hides, value, by_person)
    return made


def _function(hides: Hides, value: Any) -> Any:
    """A tool, or a call of one: its name is the owner's."""
    if not isinstance(value, Mapping) or not isinstance(value.get("function"), Mapping):
        return walked(hides, value)
    function = {
        name: one if name in AS_IT_IS else walked(hides, one) for name, one in value["function"].items()
    }
    return {**value, "function": function}


def _part(hides: Hides, part: Any, by_person: bool) -> Any:
    if not isinstance(part, Mapping):
        return walked(hides, part, by_person)
    held = part.get("image_url")
    url = held.get("url") if isinstance(held, Mapping) else None
    if isinstance(url, str) and url.startswith("http") and hides.hidden(url) != url:
        return {"type": "text", "text": NO_PICTURE}
    return {name: walked(hides, one, by_person) if name == "text" else one for name, one in part.items()}


def _noted(messages: Sequence[dict[str, Any]], note: str) -> list[dict[str, Any]]:
    """What the marks are is said in the first words, once."""
    first, *rest = messages
    content = first.get("content")
    if first.get("role") == "system" and isinstance(content, str):
        return [{**first, "content": content if note in content else f"{content}\n\n{note}"}, *rest]
    return [{"role": "system", "content": note}, *messages]


def texts_in(value: Any, depth: int = 0) -> Iterator[str]:
    """All texts in it, names too."""
    if isinstance(value, str):
        if not value.startswith("data:"):
            yield value
    elif isinstance(value, Mapping) and depth < DEEPEST:
        for name, one in value.items():
            yield str(name)
            yield from texts_in(one, depth + 1)
    elif isinstance(value, list | tuple) and depth < DEEPEST:
        for one in value:
            yield from texts_in(one, depth + 1)
    elif isinstance(value, int) and abs(value) > LARGE:
        yield str(value)


def walked(hides: Hides, value: Any, by_person: bool = False, depth: int = 0) -> Any:
    """Any JSON with marks. What is too deep to be looked through is left out."""
    if isinstance(value, str):
        return _text(hides, value, by_person)
    if isinstance(value, bool) or value is None or isinstance(value, float):
        return value
    if isinstance(value, int):
        text = str(value)
        return value if abs(value) <= LARGE or (instead := hides.hidden(text)) == text else instead
    if depth >= DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {
            hides.hidden(str(name)): walked(hides, one, by_person, depth + 1) for name, one in value.items()
        }
    if isinstance(value, list | tuple):
        return [walked(hides, one, by_person, depth + 1) for one in value]
    return value


def _text(hides: Hides, text: str, by_person: bool) -> str:
    """Also what JSON in it says by escapes."""
    if "\\u" in text and text.lstrip()[:1] in ("{", "["):
        with contextlib.suppress(ValueError, RecursionError):
            value = json.loads(text)
            for said in texts_in(value):
                hides.learn(said)
            made = walked(hides, value, by_person)
            return text if made == value else json.dumps(made, ensure_ascii=False)
    return hides.hidden(text, by_person=by_person)


def event_hidden(hides: Hides, event: Mapping[str, Any], said: Sequence[str]) -> Mapping[str, Any]:
    """As a trace keeps it. `said`: all its texts."""
    for text in said:
        hides.learn(text)
    return {name: one if name in OF_EVENTS else walked(hides, one) for name, one in event.items()}


def given_by(hides: Hides, value: Any) -> Any:
    if isinstance(value, str):
        return hides.shown(value, plainly=True)
    if isinstance(value, Mapping):
        return {hides.shown(str(name), plainly=True): given_by(hides, one) for name, one in value.items()}
    return [given_by(hides, one) for one in value] if isinstance(value, list | tuple) else value
