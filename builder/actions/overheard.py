"""What a model is told, for whoever looks on."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from runtime.models.completion import Answer, Models, Request

LONGEST = 20_000
"""Characters of one message that are shown; how many more there were is told."""


class Overheard:
    """Implements Models: asks as ever, and lets `hear` have what is asked."""

    def __init__(self, models: Models, hear: Callable[[Request], None]) -> None:
        self._models = models
        self._hear = hear

    async def complete(
        self,
        request: Request,
        on_text: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
    ) -> Answer:
        self._hear(request)
        return await self._models.complete(request, on_text, on_reset)


def told(request: Request) -> dict[str, Any]:
    """The model, the messages as text, and the tools' names."""
    tools = [str(tool.get("function", {}).get("name", "")) for tool in request.tools]
    return {"model": request.model, "messages": [_said(one) for one in request.messages], "tools": tools}


def _said(message: Mapping[str, Any]) -> dict[str, Any]:
    """One message to a model as text; pictures and calls are told in JSON."""
    content = message.get("content")
    more = {key: value for key, value in message.items() if key not in ("role", "content")}
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, default=str)
    if more:
        text = f"{text or ''}\n{json.dumps(more, ensure_ascii=False, default=str)}".strip()
    left = len(text) - LONGEST
    return {"role": str(message.get("role", "")), "text": text[:LONGEST], "left": max(0, left)}
