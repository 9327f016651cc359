"""What is sent to a server: a request in the words that it is known to take."""

from typing import Any

from runtime.completion import Request


def body(request: Request, *, streams: bool) -> dict[str, Any]:
    """All but the model's name, in OpenAI's form."""
    asked: dict[str, Any] = {"messages": list(request.messages)}
    if request.tools:
        asked["tools"] = list(request.tools)
    if request.temperature is not None:
        asked["temperature"] = request.temperature
    if request.max_tokens is not None:
        asked["max_tokens"] = request.max_tokens
    if streams:
        asked |= {"stream": True, "stream_options": {"include_usage": True}}
    return asked
