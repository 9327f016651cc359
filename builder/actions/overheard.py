"""What a model is told and what it says, word for word, for whoever looks on."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from runtime.models.completion import Answer, Models, Request
from runtime.models.hiding import hidden, unseen
from runtime.models.provider_words import redact
from runtime.models.witness import WITNESS

LONGEST = 20_000
"""Characters of one message that are shown; how many more there were is told."""
LONGEST_RAW = 60_000
"""Characters of a whole question, or answer, as it went over the line."""
LONGEST_VALUE = 4_000
"""Characters of one value in it: a picture in a message is a million."""

Json = dict[str, Any]


class Overheard:
    """Implements Models: asks as ever. `hear` has what is asked, and keeps what it is given: there
    what was really sent, and what came back, is written as soon as it is known."""

    def __init__(self, models: Models, hear: Callable[[Json], None]) -> None:
        self._models = models
        self._hear = hear

    async def complete(
        self,
        request: Request,
        on_text: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
    ) -> Answer:
        heard = told(await hidden(request))
        self._hear(heard)

        def sent(question: Json) -> None:
            heard.update(request=raw(question), tries=heard["tries"] + 1)

        looks = WITNESS.set(sent)
        try:
            answer = await self._models.complete(request, on_text, on_reset)
        finally:
            WITNESS.reset(looks)
        heard["answer"] = raw(unseen(_answered(answer)))
        return answer


def told(request: Request) -> Json:
    """The model, the messages as text, and the tools' names.

    `request` and `answer` are raw JSON (see `raw`), None until they are known; `tries`: how often it was
    sent."""
    tools = [str(tool.get("function", {}).get("name", "")) for tool in request.tools]
    messages = [_said(one) for one in request.messages]
    return {
        "model": request.model,
        "messages": messages,
        "tools": tools,
        "request": None,
        "answer": None,
        "tries": 0,
    }


def raw(value: Any) -> Json:
    """JSON to read and copy, long values shortened, nothing in it that looks like a key; `left`: characters
    at its end that are not shown."""
    text = redact(json.dumps(_short(value), ensure_ascii=False, indent=1, default=str), ())
    return {"text": text[:LONGEST_RAW], "left": max(0, len(text) - LONGEST_RAW)}


def without_keys(value: Any) -> Any:
    """The same JSON with nothing in it that looks like a key: what tools are given, and give."""
    match value:
        case str():
            return redact(value, ())
        case Mapping():
            return {name: without_keys(one) for name, one in value.items()}
        case list() | tuple():
            return [without_keys(one) for one in value]
        case _:
            return value


def _answered(answer: Answer) -> Json:
    """What there is of it."""
    return {name: value for name, value in answer.to_json().items() if value not in (None, "", (), [], {}, 0)}


def _short(value: Any) -> Any:
    match value:
        case str() if len(value) > LONGEST_VALUE:
            return f"{value[:LONGEST_VALUE]}… (+{len(value) - LONGEST_VALUE})"
        case Mapping():
            return {str(name): _short(one) for name, one in value.items()}
        case list() | tuple():
            return [_short(one) for one in value]
        case _:
            return value


def _said(message: Mapping[str, Any]) -> Json:
    """One message to a model as text; pictures and calls are told in JSON."""
    content = message.get("content")
    more = {key: value for key, value in message.items() if key not in ("role", "content")}
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, default=str)
    if more:
        text = f"{text or ''}\n{json.dumps(more, ensure_ascii=False, default=str)}".strip()
    text = redact(text or "", ())
    left = len(text) - LONGEST
    return {"role": str(message.get("role", "")), "text": text[:LONGEST], "left": max(0, left)}
