"""A provider's own words, out of what they were wrapped in: JSON of any dialect, a web page, a library."""

import ast
import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.network import retry_after

DETAIL = 300
"""Characters of the provider's own words that are passed on."""
READ = 20_000
"""Characters of a refusal that are looked at."""
LONGEST = 2_000
"""Characters of a sentence before it is cleaned."""
LONGEST_WAIT = 86_400.0

WORDS = (
    "message", "msg", "Message", "detail", "error_msg", "errmsg", "status_msg", "error_message",
    "errorMessage", "error_description", "reason", "title", "raw",
)  # fmt: skip
HOLDERS = ("error", "errors", "Error", "base_resp", "header", "Response", "data", "raw", "metadata")
WRAPPED = re.compile(
    r"^\s*(?:<\d{3}>\s*)?(?:(?:litellm\.)?[A-Za-z_.]*(?:Error|Exception)[\w.]*\s*[:\-–]\s*)+"
    r"|^\s*Error code: \d+ - |^\s*<?\d{3}>?\s*[:\-]\s*",
)
IDS = re.compile(
    r"[\[(（]?\s*\b(?:request|trace|req|log|session|response|rid|correlation|operation|ray)[ _-]?id\b\W{0,4}"
    r"[\w./+=-]{4,}\s*[\])）]?"
    r"|[\[(（]?\s*\b(?:request|trace)\s*[:：#]\s*[\w-]{8,}\s*[\])）]?"
    r"|(?:\b(?:in|for) )?\borganization `?org[-_]\w+`?"
    r"|\b(?:org|proj|req|chatcmpl|msg|acct|user|ep|call)[-_][A-Za-z0-9]{8,}\b"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{20,}\b|\b\d{14,}\w*\b"
    r"|<ak-[^>]*>|错误id[：:]\s*\w+[，,]?",
    re.IGNORECASE,
)
CLASSES = re.compile(
    r"\b(?:litellm\.)?(?:[a-z]+\.)*[A-Z]\w*(?:Error|Exception)\b\s*(?:[:\-–]\s*)?|\btype_url\b\S*"
)
RETRY = re.compile(
    r"(?:retry|try again|wait|available)\w*\s+(?:in|after|for)\s+(?:about\s+)?"
    r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)\s?(ms|s\b|sec|seconds?))?|\"retryDelay\":\s*\"(\d+(?:\.\d+)?)s\"",
    re.IGNORECASE,
)
MISREAD = re.compile(
    r"Invalid response object|Error in response object|Error parsing chunk|NoneType|no 'choices'"
    r"|Unable to (?:get json|parse) response|Empty or invalid response from LLM endpoint"
    r"|validation errors? for [A-Z]|object is not (iterable|subscriptable)"
    r"|has no attribute|list index out of range"
    # The openai package parses what it calls JSON; a refusal in such words would not be litellm's own 500.
    r"|InternalServerError: \w+Exception - [^\n]{3,60}: line \d+ column \d+ \(char \d+\)"
)
OF_OPENROUTER = re.compile(r"Message: (.{1,1000}?), Metadata: ", re.DOTALL)
"""As litellm tells an error in the middle of a stream."""
TAG = re.compile(r"<[^<>]{0,500}>")


def classified(said: str) -> str:
    """What is looked through for the kind of failure: all of it but scripts, styles and addresses."""
    said = re.sub(r"https?://\S{1,300}", " ", said[:READ])
    return re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", said)


def shown(said: str, secrets: Iterable[str]) -> str:
    """The provider's sentence, short, without classes, HTML, ids and secrets; "" when there is none."""
    words = _sentence(said[:READ].split("Traceback")[0])[:LONGEST]
    if wrapped := OF_OPENROUTER.match(words):
        words = wrapped[1]
    if re.search(r"<(?:!doctype|html|head|body|div|p|h1|center)\b", words, re.IGNORECASE):
        title = re.search(r"(?is)<title[^>]*>(.*?)</title>|<h1[^>]*>(.*?)</h1>", words)
        words = html.unescape(TAG.sub(" ", title[1] or title[2] or "")) if title else ""
    words = IDS.sub("", CLASSES.sub("", TAG.sub(" ", redact(words, secrets))))
    words = " ".join("".join(c if c.isprintable() else " " for c in words).split()).strip(' -:,，;"')
    if words.startswith(("{", "[")) or not re.search(r"\w{2}", words):
        return ""
    return words if len(words) <= DETAIL else words[: DETAIL - 1] + "…"


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text without these secrets and without anything that looks like a key."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, "***")
    return re.sub(r"\b(sk|ak|gsk|AIza|Bearer)[-_ ]?[A-Za-z0-9_.*\-]{12,}", "***", text)


def asked_wait(headers: Mapping[str, Any], said: str) -> float | None:
    """Seconds that the provider asked to wait, in a header or in its words."""
    lower = {str(name).lower(): str(value).strip() for name, value in headers.items()}
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0), ("x-ratelimit-reset-after", 1.0)):
        if (wait := retry_after.asked_wait(lower, name)) is not None:
            return min(wait * unit, LONGEST_WAIT)
    for match in RETRY.finditer(said[:READ]):
        hours, minutes, number, unit_name, delay = match.groups()
        if delay:
            return min(float(delay), LONGEST_WAIT)
        if hours or minutes or number:
            seconds = float(number or 0) * (0.001 if unit_name and unit_name.lower() == "ms" else 1)
            return min(int(hours or 0) * 3600 + int(minutes or 0) * 60 + seconds, LONGEST_WAIT)
    return None


@dataclass(frozen=True)
class Misread:
    """litellm failed at an answer. `body`: what that was, if litellm tells."""

    body: str = ""


def misread(said: str) -> Misread | None:
    """litellm's own failures, which it reports as if the server had failed."""
    if not MISREAD.search(said[:READ]):
        return None
    for begin in re.finditer(
        r"['\"]response_object['\"]: (?=\{)|Original Response: |received_args=", said[:READ]
    ):
        data = _data(said[begin.end() : READ])
        if isinstance(data, Mapping):
            held = data.get("response_object", data)
            return Misread(json.dumps(held, ensure_ascii=True, default=str))
    return Misread()


def _sentence(said: str) -> str:
    for begin in [match.start() for match in re.finditer(r"[{\[]", said)][:5]:
        data = _data(said[begin:])
        if data is not None and (found := _message(data)):
            return _sentence(found) if found != said and "{" in found else WRAPPED.sub("", found)
    return WRAPPED.sub("", said.strip())


def _data(text: str) -> Any:
    """JSON, or a Python dictionary that some library printed, at the beginning of a text."""
    try:
        return json.JSONDecoder().raw_decode(text)[0]
    except (ValueError, RecursionError):
        pass
    end = max(text.rfind("}"), text.rfind("]")) + 1
    try:
        return ast.literal_eval(text[:end]) if end and text[1:2] in "'\"{" else None
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return None


def _message(data: Any, left: int = 5) -> str:
    """The first sentence in data of any shape; an inner error says more than what is around it."""
    if isinstance(data, str):
        return data.strip()
    if not left:
        return ""
    if isinstance(data, list):
        return next((found for one in data[:5] if (found := _message(one, left - 1))), "")
    if not isinstance(data, Mapping):
        return ""
    inner = (data[name] for name in HOLDERS if isinstance(data.get(name), Mapping | list))
    own = [data[name] for name in WORDS if isinstance(data.get(name), str) and data[name].strip()]
    deeper = next((found for one in inner if (found := _message(one, left - 1))), "")
    if own and not (deeper and own[0] in ("Provider returned error", "error")):
        return str(own[0]).strip()
    for name in ("detail", "message", "error"):
        if not deeper and isinstance(data.get(name), list | Mapping | str):
            deeper = _message(data[name], left - 1)
    return deeper
