"""The last look at what was made: keys are taken out, and what does not validate becomes a note."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from runtime.agents.agent import Agent
from runtime.agents.pasted_keys import GIVEN, QUERY, SHAPES, keys
from runtime.elsewhere._bringing import Bringing
from runtime.elsewhere._graph import Json
from runtime.elsewhere._losses import Row
from runtime.elsewhere._names import plain
from runtime.errors import BadAgent
from runtime.lang import NOTHING, Text
from runtime.schema import first_problem
from runtime.wellformed import in_list

MOST_TRIES = 200
TAKEN_OUT = Text(
    "文件里的密钥已取出，没有保存：请在「模型」页存成密钥「{name}」",
    "a key in the file was taken out and is not kept: keep it as the secret {name!r} on the Models page",
)
KEY = Text("密钥", "Key")
REMOVED = "***"
WRONG = Text("填得不合规则（{why}），留在备注里", "what it says is not allowed ({why}): kept in a note")
NOTHING_THERE = Text("文件里没有可以导入的内容。", "The file holds nothing that can be imported.")


def finished(agent: Json, bring: Bringing) -> Agent:
    """An agent that validates. Raises BadAgent where nothing of it does."""
    agent = {"format": 1, **{name: value for name, value in agent.items() if value not in ("", [], None)}}
    if bring.variables:
        agent["variables"] = bring.variables[:100]
    if bring.person:
        agent["person"] = bring.person[:50]
    agent.setdefault("id", "imported")
    _take_out_keys(agent, bring)
    for _ in range(MOST_TRIES):
        try:
            return Agent.model_validate(agent)
        except ValidationError as e:
            problem = first_problem(e)
            if not _mend(agent, problem.field, problem.text, bring):
                raise BadAgent(problem.clause(), field=problem.field) from None
    raise BadAgent(NOTHING_THERE)


def _mend(agent: Json, field: str, why: Text, bring: Bringing) -> bool:
    """The block, or the setting beside the flow, at that field gives way."""
    steps = field.split(".")
    places = [(owner, key) for owner, key, is_block in _walk(agent, steps) if is_block]
    if not places:
        if steps[0] in ("flow", "id", "name", "format", "") or steps[0] not in agent:
            return False
        agent.pop(steps[0])
        bring.report.tell(steps[0], steps[0], "lost", why=WRONG.fill(why=why))
        return True
    owner, key = places[-1]
    block = owner[key]
    title = str(block.get("title") or block.get("id") or "")
    words = WRONG.fill(why=why)
    text = f"{words.to(agent.get('language', 'zh'))}\n\n{str(block)[:4000]}"
    id = str(block.get("id", ""))
    if block.get("type") == "note" or not re.fullmatch(r"[a-z_][a-z0-9_]{0,63}", id):
        del owner[key]
    else:
        owner[key] = {"type": "note", "id": id, "title": title[:60], "text": text}
    rows = bring.report.rows
    node = next((node for node, made in bring.made.items() if made.id == id and id), None)
    found = next((i for i, row in enumerate(rows) if node is not None and row.node == node), None)
    lost = Row(title, str(block.get("type", "")), "lost", why=words)
    if found is None:
        rows.append(lost)
    else:
        rows[found] = replace(rows[found], state="lost", ours=NOTHING, why=words, node="")
    return True


def _walk(value: Any, steps: list[str]) -> Iterator[tuple[Any, Any, bool]]:
    """Each place on the way to a field, and whether a block stands there."""
    for step in steps:
        number = in_list(step) if isinstance(value, list) else None
        key: Any = step if number is None else number
        try:
            inner = value[key]
        except (KeyError, IndexError, TypeError):
            return
        yield (
            value,
            key,
            isinstance(value, list) and isinstance(inner, dict) and "type" in inner and "id" in inner,
        )
        value = inner


def _take_out_keys(agent: Json, bring: Bringing) -> None:
    for field, _ in list(keys(agent)):
        steps = field.split(".")
        found = list(_at(agent, steps))
        if not found:
            continue
        owner, key = found[-1]
        text = owner[key]
        if not isinstance(text, str):
            continue
        in_header = len(steps) > 1 and steps[-2] == "headers"
        name = plain(str(key) if in_header else "imported_key", "imported_key")
        if in_header:
            scheme = re.match(r"(?i)^(bearer|basic|token|apikey|key)\s+", text)
            owner[key] = f"{scheme[0] if scheme else ''}{{{{ secret.{name} }}}}"
        else:
            owner[key] = without_keys(text)
        bring.report.tell(field, KEY.to("en"), "nearly", ours=KEY, why=TAKEN_OUT.fill(name=name))


def _at(value: Any, steps: list[str]) -> Iterator[tuple[Any, Any]]:
    """As `_walk`; a name may have dots in it."""
    at = 0
    while at < len(steps):
        if isinstance(value, list):
            key: Any = in_list(steps[at])
            width = 1
            if key is None or key >= len(value):
                return
        elif isinstance(value, dict):
            width = next(
                (n for n in range(len(steps) - at, 0, -1) if ".".join(steps[at : at + n]) in value), 0
            )
            if not width:
                return
            key = ".".join(steps[at : at + width])
        else:
            return
        yield value, key
        value, at = value[key], at + width


def without_keys(text: str) -> str:
    """The text, with what looks like a key left out."""
    text = SHAPES.sub(REMOVED, text)
    for pattern in (GIVEN, QUERY):
        text = pattern.sub(lambda found: found[0].replace(found[1], REMOVED), text)
    return REMOVED if any(True for _ in keys({"text": text})) else text
