"""Tool calls that a text is nothing but, without any mark: JSON or code that names offered tools."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from runtime import wellformed
from runtime.models.reading import gemma_calls
from runtime.models.reading.tool_markup import (
    LONGEST,
    MOST,
    OPENER,
    Call,
    calls,
    in_python,
    objects,
)

BEGINS = ("{", "[", "call:", "functions.", "functools[")
"""Gemma's, Kimi's and Phi's, of whose marks only the words came."""
KIMI = re.compile(r"\s*+functions\.([\w.-]{1,128}):\d{1,4}\s*+(?=\{)")


def may_be(head: str) -> bool:
    """Whether a text that begins so may turn out to be nothing but a call."""
    head = head.lstrip()
    return bool(head) and any(head.startswith(one) or one.startswith(head) for one in BEGINS)


def bare_calls(said: str, tools: Sequence[Mapping[str, Any]]) -> list[Call]:
    """The calls that a text is nothing but, maybe in a code fence."""
    names = {spec["function"]["name"] for spec in tools}
    text = said.strip()
    if not names or len(text) > LONGEST:
        return []
    if fenced := re.fullmatch(r"```[\w-]*+[^\S\n]*+\n(.*)```", text, re.DOTALL):
        text = fenced[1].strip()
        if opened := OPENER.match(text):
            return _offered(calls(text[opened.start() :], tools), names)
        if said.strip().startswith("```tool_code"):
            return [call for call in in_python(text, {}) if call[0] in names]
    if text.startswith("call:"):
        return _offered(calls(text, tools), names) if gemma_calls.only(text) else []
    if text.startswith("functions."):
        return _offered(_of_kimi(text), names)
    if not text.startswith(("{", "[", "functools[")):
        return []
    try:
        value = wellformed.load_raw(text.removeprefix("functools"))
    except ValueError:
        return _offered(in_python(text, {}), names) if text.endswith(")]") else []
    return _offered(list(objects(value))[:MOST], names)


def _offered(found: list[Call], names: set[str]) -> list[Call]:
    """All of them, or none where one is no offered tool."""
    return found if all(name in names for name, _ in found) else []


def _of_kimi(text: str) -> list[Call]:
    """functions.f:0{"a": 1}functions.g:1{…}"""
    found: list[Call] = []
    for one in re.split(r"(?<=\})\s*+(?=functions\.)", text)[:MOST]:
        begun = KIMI.match(one)
        try:
            given = wellformed.load_raw(one[begun.end() :]) if begun else None
        except ValueError:
            return []
        if begun is None or not isinstance(given, dict):
            return []
        found.append((begun[1], one[begun.end() :]))
    return found
