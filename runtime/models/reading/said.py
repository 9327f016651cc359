"""What a server of unknown manners said, read tolerantly: one answer or one piece of it, in OpenAI's form.

Servers, proxies and litellm agree on little: arguments come as objects, content in parts, ids as numbers.
Whatever can mean only one thing is taken; what a server says instead of an answer is a ErrorResponse.
https://platform.openai.com/docs/api-reference/chat/object
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.lang import Text
from runtime.models.completion import KEPT, THOUGHTS
from runtime.models.failures import ErrorResponse
from runtime.models.reading.used import NOTHING_USED, Used, used

Json = Mapping[str, Any]

MOST_CALLS = 64
"""Tool calls of one answer that are looked at."""

THOUGHT_PARTS = ("think", "reason", "thought", "summary")
WRAPPERS = ("output", "data", "result", "response")
GOOD = (0, "0", 200, "200", "", None, "success", "ok", "OK")
"""What a code says when there is no error."""


class NotAnAnswer(ValueError):
    """Nothing in it can be an answer; `text` says what it is."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass
class CallPiece:
    """A tool call or a piece of one. `index` and `id` tell which; `more` is to be given back as it came."""

    index: int | None = None
    id: str = ""
    name: str = ""
    arguments: str = ""
    whole: bool = False
    """The arguments came as an object, not as a piece of text."""
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class Said:
    """`thoughts` is None when the server has no such field, "" when it said that there were none."""

    text: str = ""
    thoughts: str | None = None
    thoughts_field: str = ""
    calls: list[CallPiece] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    whole: bool = False
    """A whole message, not a piece: it repeats what pieces before it said."""
    finish: str = ""
    used: Used = NOTHING_USED


def read(data: Any) -> Said:
    """Raises ErrorResponse when it is the server's excuse, NotAnAnswer when it makes no sense."""
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    if data is None or isinstance(data, str | int | float):
        return Said()  # it keeps the connection open, as a comment does
    if not isinstance(data, dict):
        raise NotAnAnswer(Text("不是对话补全的格式", "it is not a chat completion"))
    _complain(data)
    choices = data.get("choices")
    if choices is None and (inner := _inner(data)) is not None:
        data, choices = inner, inner.get("choices")
        _complain(data)
    if isinstance(choices, dict):
        choices = [choices]
    if choices is not None and not isinstance(choices, list):
        raise NotAnAnswer(Text("不是对话补全的格式", "it is not a chat completion"))
    choice = next((one for one in choices or () if isinstance(one, dict)), None)
    said = Said() if choice is None else _choice(choice)
    usage = data.get("usage") or (choice or {}).get("usage")
    if isinstance(usage, dict):
        said.used = used(usage)
    return said


def _inner(data: Json) -> Json | None:
    """Some wrap the completion in an envelope of their own."""
    held = (data.get(name) for name in WRAPPERS)
    return next((one for one in held if isinstance(one, dict) and "choices" in one), None)


def _complain(data: Json) -> None:
    """Raises ErrorResponse for an error in a 200, in any dialect."""
    if isinstance(choices := data.get("choices"), list):
        # OpenRouter's own place for it: https://openrouter.ai/docs/api/reference/errors-and-debugging
        for choice in choices[:1]:
            if isinstance(choice, dict) and _is_excuse(choice.get("error")):
                raise ErrorResponse(_status(choice), json.dumps(choice, ensure_ascii=False, default=str), {})
    base = data.get("base_resp")
    failed = isinstance(base, dict) and base.get("status_code") not in (0, "0", None)
    header = data.get("header")
    failed |= isinstance(header, dict) and header.get("code") not in (0, "0", None)
    response = data.get("Response")
    failed |= isinstance(response, dict) and bool(response.get("Error"))
    if _is_excuse(data.get("error")) or data.get("errors") or failed:
        raise ErrorResponse(_status(data), json.dumps(data, ensure_ascii=False, default=str), {})
    if data.get("choices") or _inner(data) is not None:
        return
    code = next((data[n] for n in ("code", "error_code", "status_code", "errcode", "status") if n in data), 0)
    words = any(isinstance(data.get(n), str) for n in ("message", "msg", "error_msg", "errmsg", "detail"))
    good = code in GOOD
    if (words and not good) or data.get("success") is False or (isinstance(data.get("detail"), str | list)):
        raise ErrorResponse(_status(data), json.dumps(data, ensure_ascii=False, default=str), {})


def _is_excuse(error: Any) -> bool:
    """Some send an error of nothing, or one whose code says that all is well, with each answer."""
    if not isinstance(error, dict):
        return bool(error)
    code = error.get("code")
    return any(error.values()) and (code in (None, "") or not (isinstance(code, str | int) and code in GOOD))


def _status(data: Json) -> int:
    """An HTTP status that the body names."""
    held = data.get("error") if isinstance(data.get("error"), dict) else data
    for name in ("code", "status", "status_code", "http_code"):
        value = held.get(name) if isinstance(held, dict) else None
        if isinstance(value, int | str) and str(value).isdecimal() and 400 <= int(str(value)[:6]) < 600:
            return int(value)
    return 0


def _choice(choice: Json) -> Said:
    message, delta = choice.get("message"), choice.get("delta")
    # Some have both, one of them with nothing in it.
    whole = not _says(delta) and (message is not None if not delta else _says(message))
    held = message if whole else delta
    if held is None:
        held = {"content": choice.get("text", choice.get("content"))}
    if isinstance(held, str):
        held = {"content": held}
    if not isinstance(held, dict):
        raise NotAnAnswer(Text("不是对话补全的格式", "it is not a chat completion"))
    said = _message(held)
    said.whole = whole
    finish = choice.get("finish_reason") or choice.get("finishReason") or choice.get("stop_reason")
    said.finish = finish if isinstance(finish, str) and finish not in ("null", "None") else ""
    return said


def _says(held: Any) -> bool:
    if isinstance(held, dict):
        return any(value for name, value in held.items() if name != "role")
    return bool(held)


def _message(held: Json) -> Said:
    said = Said()
    said.text, thoughts = _content(held.get("content"), said.calls)
    if not said.text and isinstance(held.get("refusal"), str):
        said.text = held["refusal"]
    for name in THOUGHTS:
        if held.get(name) is not None and not said.thoughts:
            said.thoughts, said.thoughts_field = _words(held[name]), name
    thoughts = thoughts or ("" if said.thoughts else _words(held.get("reasoning_details")))
    if thoughts:
        said.thoughts = (said.thoughts or "") + thoughts
    said.calls += _calls(held)
    said.kept = {name: held[name] for name in KEPT if held.get(name)}
    return said


def _calls(held: Json) -> list[CallPiece]:
    calls = held.get("tool_calls")
    if isinstance(calls, str) and calls:
        raise NotAnAnswer(Text("工具调用不是列表", "the tool calls are no list"))
    if isinstance(calls, dict):
        calls = [calls]
    # One more than are looked at, so that too many are known to be.
    found = calls[: MOST_CALLS + 1] if isinstance(calls, list) else []
    if isinstance(held.get("function_call"), dict):
        found = [*found, {"index": 0, "function": held["function_call"]}]
    return [_call(call) for call in found if isinstance(call, dict)]


def _content(content: Any, calls: list[CallPiece]) -> tuple[str, str]:
    """Text and thoughts; parts may also hold tool calls."""
    if content is None or isinstance(content, str):
        return content or "", ""
    if isinstance(content, dict):
        content = [content]
    if not isinstance(content, list):
        raise NotAnAnswer(Text("内容不是文字", "the content is not text"))
    texts: list[str] = []
    thoughts: list[str] = []
    for part in content:
        _part({"text": part} if isinstance(part, str) else part, texts, thoughts, calls)
    return "".join(texts), "".join(thoughts)


def _part(part: Any, texts: list[str], thoughts: list[str], calls: list[CallPiece]) -> None:
    if not isinstance(part, dict):
        return
    kind = str(part.get("type") or "text").lower()
    if kind in ("tool_use", "tool_call", "function_call"):
        calls.append(_call(part))
    elif any(word in kind for word in THOUGHT_PARTS):
        thoughts.append(_words(part))
    elif kind == "refusal":
        texts.append(_words(part.get("refusal")))
    elif "text" in kind:
        texts.append(_words(part.get("text", part.get("content"))))


def _words(value: Any, left: int = 5) -> str:
    """The texts in a value of any shape, in order."""
    if isinstance(value, str):
        return value
    if left and isinstance(value, list):
        return "".join(_words(one, left - 1) for one in value)
    if left and isinstance(value, dict):
        names = ("text", "thinking", "reasoning", "content", "summary", "value")
        return next((said for name in names if (said := _words(value.get(name), left - 1))), "")
    return ""


def _call(held: Json) -> CallPiece:
    function = held.get("function")
    if not isinstance(function, dict):
        function = {"name": function} if isinstance(function, str) else held
    given = next((function[n] for n in ("arguments", "parameters", "input", "args") if function.get(n)), None)
    index, id = held.get("index"), held.get("id")
    known = ("index", "id", "type", "function", "name", "arguments", "input", "parameters", "args")
    return CallPiece(
        index=_place(index),
        id=str(id) if isinstance(id, str | int) and not isinstance(id, bool) else "",
        name=function["name"] if isinstance(function.get("name"), str) else "",
        arguments=given if isinstance(given, str) else "" if given is None else _dumped(given),
        whole=given is not None and not isinstance(given, str),
        more={name: value for name, value in held.items() if name not in known and value is not None},
    )


def _place(value: Any) -> int | None:
    if isinstance(value, str) and value.isdecimal() and len(value) < 9:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
