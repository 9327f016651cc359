"""What a prompt template makes while it is written: its values, its preview, its errors, a better wording."""

import asyncio
from collections.abc import Mapping
from typing import Any

from builder.actions import Notice, pair
from builder.actions.lasting import begins
from builder.actions.preview import stand_ins
from builder.actions.prompts import library
from builder.studio import Studio
from runtime import wellformed
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import SOME, Permission, needs
from runtime.agents.agent import Agent
from runtime.agents.words_difference import words_difference
from runtime.errors import BadTemplate, Conflict, NotFound
from runtime.lang import Lang, Text
from runtime.prompt_library.from_block import template_of
from runtime.prompt_library.improving import Improved, improved
from runtime.prompt_library.library import as_json, read_json
from runtime.templating import sandbox
from runtime.templating.own import slug
from runtime.templating.sandbox.guessing import fields, kinds
from runtime.templating.template_file import ALWAYS

Json = dict[str, Any]

AS_DATA = ("number", "flag", "list", "data")
COUNTED = {"format": 1, "id": "prompt-library", "name": "提示词 Prompts"}
"""Stands for an agent where a better wording is for none."""
STOPPED = Text("已停下，什么都没有改。", "Stopped; nothing was changed.")
KEPT = Text("已存为模板「{title}」。", "Kept as the template “{title}”.")
MOST_AT_ONCE = 8
BUSY = Text("正在改写的太多，请等其中一个完成。", "Too many are being reworded; wait for one of them.")

_under_way: dict[tuple[str, str], "asyncio.Task[Improved]"] = {}
"""By who asked and the page's own mark."""


@needs(Permission.AGENTS_VIEW, on=SOME)
def look(studio: Studio, languages: Json, samples: Json) -> Json:
    """By language: what is wrong and where, which values it asks for, and what it makes of the samples."""
    return {
        str(language): _looked(str(one.get("text") or ""), one.get("variables") or [], samples)
        for language, one in languages.items()
        if isinstance(one, dict)
    }


def _looked(text: str, variables: list[Json], samples: Json) -> Json:
    if wrong := sandbox.check(text):
        problem = {"text": pair(wrong.text), "line": wrong.line}
        return {"problem": problem, "names": [], "unused": [], "filled": None, "reason": None}
    declared = {str(one.get("name")): str(one.get("default") or "") for one in variables}
    guessed, below = kinds(text), fields(text)
    names = [
        {"name": name, "kind": kind, "fields": below.get(name, []), "always": name in ALWAYS}
        for name, kind in guessed.items()
    ]
    unused = [name for name in declared if name and name not in guessed]
    values = stand_ins([text])
    for name, kind in guessed.items():
        _put(values, name, samples.get(name), as_data=name not in declared and kind in AS_DATA)
        for path in below.get(name, []):
            _put(values, f"{name}.{path}", samples.get(f"{name}.{path}"), as_data=False)
    for name, default in declared.items():
        values[name] = str(samples.get(name) or default)
    try:
        filled, reason = sandbox.render(text, values), None
    except BadTemplate as e:
        filled, reason = None, {"text": pair(e.text), "line": e.line}
    return {"problem": None, "names": names, "unused": unused, "filled": filled, "reason": reason}


def _put(values: Json, path: str, sample: Any, *, as_data: bool) -> None:
    """`docs.text` is put into `docs`, where that is none by itself."""
    if not isinstance(sample, str) or not sample:
        return
    *above, last = path.split(".")
    for name in above:
        inner = values.get(name)
        values[name] = inner = inner if isinstance(inner, dict) else {}
        values = inner
    values[last] = _data(sample) if as_data else sample


def _data(sample: str) -> Any:
    try:
        return wellformed.load(sample)
    except ValueError:
        return sample


@needs(Permission.AGENTS_VIEW, on=SOME)
def versions(studio: Studio, id: str) -> list[Json]:
    """Newest first. Raises NotFound."""
    return [
        {"key": one.name, "at": one.at, "by": one.by, "languages": list(one.data)}
        for one in library(studio).history.states(id)
    ]


@needs(Permission.AGENTS_VIEW, on=SOME)
def compare(studio: Studio, id: str, key: str, now: Json) -> Json:
    """A version, and by language what became of it: what stayed, went and came. `key` "": what is saved.

    Raises NotFound, BadTemplate.
    """
    prompts = library(studio)
    found = prompts.history.find(id, key).data if key else as_json(prompts.own.get(id))
    both = {language: (_written(found, language), _written(now, language)) for language in {**found, **now}}
    return {
        "languages": found,
        "pieces": {language: words_difference(*pair) for language, pair in both.items()},
    }


def _written(languages: Mapping[str, Any], language: str) -> str:
    """All that a person reads of it, as one text."""
    one = languages.get(language)
    if not isinstance(one, dict):
        return ""
    blanks = [
        f"{{{{ {blank.get('name')} }}}} {blank.get('title')}: {blank.get('default') or ''}".rstrip()
        for blank in one.get("variables") or []
    ]
    said = [str(one.get("title") or ""), str(one.get("description") or ""), *blanks]
    return "\n".join([*(line for line in said if line), "", str(one.get("text") or "")])


@needs(Permission.AGENTS_EDIT)
def keep_as_template(
    studio: Studio, who: Actor, text: str, title: str, lang: str, titles: Mapping[str, str] | None = None
) -> Notice:
    """A block's own prompt becomes a template; what the block has instead. Raises BadTemplate, NotSaved."""
    language: Lang = "zh" if lang == "zh" else "en"
    read_json("new", {language: {"title": title, "text": text}})
    prompts = library(studio)
    id = prompts.own.free_id(slug(title))
    taken = template_of(text, id, language, title, titles or {})
    made = prompts.create({language: taken.template}, title, by=who.id, id=id)
    prompt = {"template": made, **({"values": dict(taken.values)} if taken.values else {})}
    return Notice(KEPT.fill(title=title), {"prompt": prompt, "left": list(taken.left)})


@needs(Permission.AGENTS_EDIT)
@begins(seen="improve", ended="stop")
@unrecorded("proposes, and keeps nothing")
async def improve(
    studio: Studio, who: Actor, text: str, mark: str, model: str = "default", wish: str = "", agent: str = ""
) -> Notice:
    """What a model would make of it, beside what it is. Nothing is kept. `mark` names it for `stop`.

    Raises BadTemplate, ModelFailed, TurnFailed, Conflict.
    """
    async with studio.trying(who.id):
        if len(_under_way) >= MOST_AT_ONCE or (who.id, mark) in _under_way:
            raise Conflict(BUSY)
        task = asyncio.create_task(improved(studio.services.models, model or "default", text, wish))
        _under_way[who.id, mark] = task
        try:
            await asyncio.wait([task])
        finally:
            del _under_way[who.id, mark]
            task.cancel()
        if not task.cancelled() and task.exception() is None:
            await studio.spent(_counted(studio, agent), [task.result().used], who.id)
    if task.cancelled():
        return Notice(STOPPED, ok=False, code="stopped")
    found = task.result()
    return Notice(
        value={
            "text": found.text,
            "pieces": words_difference(text, found.text),
            "lost": list(found.lost),
            "by_rules": found.by_rules,
            "model": found.used.model,
            "tokens": found.used.prompt_tokens + found.used.completion_tokens,
            "cost": found.used.cost,
            "ms": found.used.ms,
        }
    )


def _counted(studio: Studio, agent: str) -> Agent:
    """Whose money it is."""
    try:
        return studio.library.get(agent).agent if agent else Agent.load(COUNTED)
    except NotFound:
        return Agent.load(COUNTED)


@needs(Permission.AGENTS_EDIT)
@unrecorded("ends a proposal")
def stop(studio: Studio, who: Actor, mark: str) -> None:
    """Whoever asked for a better wording no longer wants it."""
    if task := _under_way.get((who.id, mark)):
        task.get_loop().call_soon_threadsafe(task.cancel)
