"""Tool calls that a model wrote as text, because its server did not understand its dialect.

OPENER finds where such markup begins; `calls` reads what it asks for. It is never shown to a person.
Dialects: Hermes and Qwen (<tool_call>), Qwen-Coder and Llama (<function=…>), GLM (<arg_key>), DeepSeek (DSML,
tool▁call), Kimi, Mistral ([TOOL_CALLS]), Anthropic (<invoke>), gpt-oss (to=functions.…), Gemma (call:…).
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from runtime import wellformed
from runtime.models.reading import gemma_calls

Json = dict[str, Any]
Call = tuple[str, str]
"""The tool's name, and its arguments as JSON text."""

MOST = 64
"""Calls that are read out of one answer."""
LONGEST = 400_000
"""Characters of markup that are looked at."""

LONGEST_PYTHON = 60_000
"""Characters of it that are parsed as Python: 0.5 µs each."""

BAR = r"[|｜]{1,2}"
LESS = r"[<‹＜]"
WORDS = (
    r"tool_?calls?|(?:antml:)?(?:function_calls|invoke)|function_?calls?|tools?_?use|tool_code|invoke|call_tool|function|seed:tool_call|minimax:tool_call"
    r"|longcat_tool_call|mm:tool_call|start_function_call"
)
OPENER = re.compile(
    rf"{LESS}\s?(?:{WORDS})(?:\s?=\s?[\"']?[\w.-]+[\"']?|\s+name\s?=\s?[\"'][\w.-]+[\"'])?\s?>"
    rf"|{LESS}\s?{BAR}\s?DSML\s?{BAR}"
    rf"|{LESS}{BAR}(?:tool|python_tag|action_start|START_ACTION|plugin|constrain)[\w▁]*{BAR}>"
    rf"|{LESS}{BAR}channel{BAR}>\s*commentary\s+to="
    rf"|{LESS}{BAR}start{BAR}>\s?assistant\s?(?:to=|{LESS}{BAR}channel{BAR}>\s*commentary\s+to=)"
    r"|\[TOOL_CALLS?\]|\[TOOL_REQUEST\]"
    r"|<\|tool_call>",
    re.IGNORECASE,
)
"""Where markup begins."""


NAME = r"[A-Za-z_][\w.-]{0,127}"
INVOKE = re.compile(
    rf"{LESS}[^<>‹＜\n]{{0,20}}invoke\s+name\s?=\s?[\"']?({NAME})[\"']?[^>]{{0,40}}>", re.IGNORECASE
)
FUNCTION = re.compile(rf"{LESS}\s?function(?:\s?=\s?|\s+name\s?=\s?)[\"']?({NAME})[\"']?\s?>", re.IGNORECASE)
PARAMETER = re.compile(
    rf"{LESS}[^<>‹＜\n]{{0,20}}(?:parameter|arg|param)(?:\s?=\s?|\s+name\s?=\s?)[\"']?([\w.-]{{1,128}})[\"']?"
    r"([^>]{0,60})>",
    re.IGNORECASE,
)
PARAMETER_END = re.compile(rf"{LESS}\s?/[^<>\n]{{0,20}}(?:parameter|arg|param)\s?>", re.IGNORECASE)
BODY_END = re.compile(
    rf"{LESS}\s?/[^<>\n]{{0,20}}(?:invoke|function|tool_calls?|function_calls?)\s?>", re.IGNORECASE
)
LONGCAT = r"(?:longcat_)?"
ARG_KEY = re.compile(
    rf"<{LONGCAT}arg_key>([^<]{{1,128}})</{LONGCAT}arg_key>\s*<{LONGCAT}arg_value>", re.IGNORECASE
)
ARG_VALUE_END = re.compile(rf"</{LONGCAT}arg_value>", re.IGNORECASE)
GLM = re.compile(
    rf"<{LONGCAT}tool_call>\s*({NAME})\s*(?:<tool_sep>\s*)?(?=<{LONGCAT}arg_key>|</{LONGCAT}tool_call>)",
    re.IGNORECASE,
)
BEFORE = re.compile(
    rf"(?:functions?\.)?({NAME})(?::\d+)?(?:<[^<>]{{1,60}}>|\[CALL_ID\][\w-]{{1,64}}|\[ARGS\]|\s|```(?:json)?+|to=|json|commentary|analysis)*+\Z",
    re.IGNORECASE,
)
"""What stands before its arguments is read in one way only: "```json" as one or as two would double the time
with each."""
PYTHON = re.compile(rf"(?:print\(\s*|\[\s*)?({NAME})\(")
STRUCTURED = re.compile(rf"\s*(?:[{{\[<‹＜]|```|(?:functions?\.)?{NAME}\s*(?:\(|[<{{\[:]|\n|$))")
PLAIN_TAG = re.compile(r"[<＜]\s?[\w:]+\s?>")
CLOSER = re.compile(r"[<‹＜]\s?/")

NAMES = ("name", "tool_name", "tool", "function", "function_name", "recipient_name")
ARGUMENTS = ("arguments", "parameters", "args", "input", "tool_input", "params")


def is_mention(markup: str, opener_end: int) -> bool:
    """Whether the text only speaks of such markup: nothing that belongs inside follows."""
    if not PLAIN_TAG.fullmatch(markup[:opener_end]):
        return False
    rest = markup[opener_end : opener_end + 2_000]
    return bool(rest.strip()) and not STRUCTURED.match(rest) and not CLOSER.search(rest)


def calls(markup: str, tools: Sequence[Mapping[str, Any]] = ()) -> list[Call]:
    """The calls in it, in order; [] when it asks for nothing that can be understood. `tools`: as offered."""
    markup = markup[:LONGEST]
    schemas = {spec["function"]["name"]: spec["function"].get("parameters") or {} for spec in tools}
    for way in (_invoked, _glm, _of_gemma, _in_json, in_python):
        if found := way(markup, schemas):
            return found[:MOST]
    return []


def _invoked(markup: str, schemas: Mapping[str, Json]) -> list[Call]:
    """<invoke name="f"><parameter name="a">1</parameter></invoke>, <function=f>…</function>, DSML."""
    opened = [*INVOKE.finditer(markup)] or [*FUNCTION.finditer(markup)]
    found = []
    for i, match in enumerate(opened[:MOST]):
        end = opened[i + 1].start() if i + 1 < len(opened) else len(markup)
        body = markup[match.end() : end]
        values = _values(body, PARAMETER, PARAMETER_END, schemas.get(match[1], {}))
        if not values:
            inner = BODY_END.split(body, maxsplit=1)[0].strip()
            given = _object_in(inner) if inner else {}
            if given is None:
                continue  # what stands there is no argument: better no call than one with half of them
            values = given
        found.append((match[1], _dumped(values)))
    return found


def _glm(markup: str, schemas: Mapping[str, Json]) -> list[Call]:
    """<tool_call>f <arg_key>a</arg_key><arg_value>1</arg_value></tool_call>"""
    opened = list(GLM.finditer(markup))
    found = []
    for i, match in enumerate(opened[:MOST]):
        end = opened[i + 1].start() if i + 1 < len(opened) else len(markup)
        values = _values(markup[match.end() : end], ARG_KEY, ARG_VALUE_END, schemas.get(match[1], {}))
        found.append((match[1], _dumped(values)))
    return found


def _of_gemma(markup: str, schemas: Mapping[str, Json]) -> list[Call]:
    """call:f{a:<|"|>1<|"|>}: a number that the tool wants as text is one."""
    found = []
    for name, values in gemma_calls.calls(markup):
        wanted = schemas.get(name, {}).get("properties") or {}
        texts = {
            one for one, kind in wanted.items() if isinstance(kind, Mapping) and kind.get("type") == "string"
        }
        given = {
            one: _dumped(v) if one in texts and not isinstance(v, str) else v for one, v in values.items()
        }
        found.append((name, _dumped(given)))
    return found


def _values(body: str, opens: re.Pattern[str], closes: re.Pattern[str], schema: Mapping[str, Any]) -> Json:
    opened = list(opens.finditer(body))[:MOST]
    values: Json = {}
    for i, match in enumerate(opened):
        end = opened[i + 1].start() if i + 1 < len(opened) else len(body)
        inner = body[match.end() : end]
        closed = closes.search(inner)
        if closed is None:
            inner = BODY_END.split(inner, maxsplit=1)[0]
        value = (inner[: closed.start()] if closed else inner).removeprefix("\n").removesuffix("\n")
        attributes = match[2].replace(" ", "").lower() if opens.groups > 1 else ""
        name = match[1].strip()
        values[name] = value if 'string="true"' in attributes else _typed(value, name, schema, attributes)
    return values


def _typed(value: str, name: str, schema: Mapping[str, Any], attributes: str) -> Any:
    """Markup has no types: the tool's schema says what is meant."""
    wanted = (schema.get("properties") or {}).get(name, {})
    kind = wanted.get("type") if isinstance(wanted, Mapping) else None
    if kind == "string" or (kind is None and 'string="false"' not in attributes):
        return value
    try:
        return wellformed.load_raw(value)
    except ValueError:
        return value


def _in_json(markup: str, _schemas: Mapping[str, Json]) -> list[Call]:
    """{"name": …, "arguments": …} anywhere in it, or a name with its arguments behind."""
    decoder = json.JSONDecoder()
    found: list[Call] = []
    place = last = read = 0
    for _ in range(4 * MOST):
        begin = min((at for at in (markup.find(c, place) for c in "{[") if at >= 0), default=-1)
        if begin < 0 or len(found) >= MOST:
            break
        try:
            value, end = decoder.raw_decode(markup, begin)
            if wellformed.too_deep(value):
                raise ValueError("too deep")
        except (ValueError, RecursionError) as e:
            # What is never closed is read to its end from each of its brackets: as much as it is long, once.
            read += getattr(e, "pos", begin) - begin
            if read > LONGEST:
                break
            place = begin + 1
            continue
        named = list(objects(value))
        if (
            not named
            and isinstance(value, dict)
            and (before := BEFORE.search(markup[max(last, begin - 300) : begin]))
        ):
            named = [(before[1].removeprefix("functions."), _dumped(value))]
        found += named
        place = last = end
    return found


def objects(value: Any, left: int = 4) -> Iterator[Call]:
    """The calls that JSON is, in any of the usual forms."""
    if isinstance(value, list) and left:
        for one in value[:MOST]:
            yield from objects(one, left - 1)
    if not isinstance(value, dict):
        return
    held = value.get("tool_calls") or value.get("function_call")
    if isinstance(held, list | dict) and left:
        yield from objects(held, left - 1)
        return
    name = next((value[n] for n in NAMES if value.get(n)), None)
    if isinstance(name, dict) and left:
        yield from objects(name, left - 1)
        return
    given = next((value[n] for n in ARGUMENTS if n in value), None)
    if not isinstance(name, str) or (given is None and len(value) > 2):
        return
    if isinstance(given, str):
        yield name.removeprefix("functions."), given
    else:
        yield name.removeprefix("functions."), _dumped(given if isinstance(given, dict) else {})


def in_python(markup: str, _schemas: Mapping[str, Json]) -> list[Call]:
    """f(a=1, b="x"): only literals, and read, not run."""
    found: list[Call] = []
    read = 0
    for line in markup.splitlines()[: 4 * MOST]:
        line = re.sub(r"<[^<>]{1,60}>", "", line).strip()
        if len(line) > 20_000 or not PYTHON.match(line):
            continue
        read += len(line)
        if read > LONGEST_PYTHON:
            break
        try:
            node = ast.parse(line, mode="eval").body
            each = [list(_of_python(one)) for one in (node.elts if isinstance(node, ast.List) else [node])]
            found += [call for calls in each for call in calls] if all(each) else []
        except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
            continue
    return found


def _of_python(node: ast.expr) -> Iterator[Call]:
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print" and node.args:
        node = node.args[0]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "call":
        node.func = node.func.value  # Llama's f.call(a=1)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.args:
        values = {word.arg: ast.literal_eval(word.value) for word in node.keywords if word.arg}
        yield node.func.id, json.dumps(values, ensure_ascii=False)


def _object_in(text: str) -> Json | None:
    """The JSON object that a text is, maybe in a fence; None when it is none."""
    text = re.sub(r"\A```\w*\s*|(?<!\s)\s*+```\Z", "", text.strip())
    try:
        value = wellformed.load_raw(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
