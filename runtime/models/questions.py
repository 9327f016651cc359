"""What is sent to a server: a request in the words that it is known to take."""

from collections.abc import Mapping
from typing import Any

from runtime.models.completion import KEPT, SAID_BY, THOUGHTS, Request
from runtime.models.earlier_calls import as_taken_back
from runtime.models.thinking import thinking

NO_WORDS = "[空消息]"
"""What a message without a word is sent as: strict servers refuse an empty one for ever."""
NO_RESULT = "(empty)"
PICTURE = "[图片]"


def body(request: Request, *, streams: bool) -> dict[str, Any]:
    """All but the model's name, in OpenAI's form."""
    asked: dict[str, Any] = {"messages": list(request.messages)}
    asked |= _tools(request)
    if request.temperature is not None and "temperature" not in request.without:
        asked["temperature"] = request.temperature
    if request.max_tokens is not None:
        names = (name for name in ("max_tokens", "max_completion_tokens") if name not in request.without)
        asked |= {name: request.max_tokens for name in list(names)[:1]}
    asked |= _thinking(request, "tools" in asked)
    if request.stop and "stop" not in request.without:
        asked["stop"] = list(request.stop)
    if request.seed is not None and "seed" not in request.without:
        asked["seed"] = request.seed
    if request.schema is not None and (form := _form(request.schema, request.without)):
        asked["response_format"] = form
    if streams:
        asked["stream"] = True
        if "stream_options" not in request.without:
            asked["stream_options"] = {"include_usage": True}
    return asked


def _thinking(request: Request, tools: bool) -> dict[str, Any]:
    """How much it should think first, and whether, for servers that are told so apart."""
    effort = "" if "effort" in request.without else request.effort
    if tools and "thoughts_beside_tools" in request.without:
        effort = "none"
    return thinking(effort, request.switch)


def _tools(request: Request) -> dict[str, Any]:
    if not request.tools or "tools" in request.without:
        return {}
    if not request.choice or "choice" in request.without:
        return {"tools": list(request.tools)}
    named = {"type": "function", "function": {"name": request.choice}}
    return {
        "tools": list(request.tools),
        "tool_choice": request.choice if request.choice == "required" else named,
    }


def _form(schema: Mapping[str, Any], without: frozenset[str]) -> dict[str, Any] | None:
    """By the schema; where a server does not take that, any object; or nothing."""
    if "json_schema" not in without:
        return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    return None if "json_object" in without else {"type": "json_object"}


def prepared(request: Request, model: str) -> list[dict[str, Any]]:
    """The messages as `model` may be sent them: nothing empty, and nothing that is another model's alone."""
    messages = as_taken_back(request.messages, short="long_ids" in request.without)
    return [_prepared(message, request.without, model) for message in messages]


def _prepared(message: Mapping[str, Any], without: frozenset[str], model: str) -> dict[str, Any]:
    sent = dict(message)
    own = sent.pop(SAID_BY, model) == model and "reasoning" not in without
    if not own:
        sent = {name: value for name, value in sent.items() if name not in (*THOUGHTS, *KEPT)}
    if calls := sent.get("tool_calls"):
        sent["tool_calls"] = list(calls) if own else [_plain(call) for call in calls]
        sent["content"] = sent.get("content") or ""
        if "thoughtless_calls" in without and not any(name in sent for name in THOUGHTS):
            sent[THOUGHTS[0]] = ""
        if not sent["content"].strip() and "empty_content" in without:
            del sent["content"]
        return sent
    content = sent.get("content")
    if isinstance(content, list):
        content = _parts(content, without)
    if isinstance(content, str) and not content.strip():
        content = NO_RESULT if sent.get("role") == "tool" else NO_WORDS
    sent["content"] = content or NO_WORDS
    return sent


def _plain(call: Mapping[str, Any]) -> dict[str, Any]:
    return {name: call[name] for name in ("id", "type", "function") if name in call}


def _parts(parts: list[Any], without: frozenset[str]) -> list[Any] | str:
    if "pictures" in without:
        texts = [part.get("text", "") if part.get("type") == "text" else PICTURE for part in parts]
        return "\n".join(dict.fromkeys(text for text in texts if text.strip()))
    return [part for part in parts if part.get("type") != "text" or part.get("text", "").strip()]
