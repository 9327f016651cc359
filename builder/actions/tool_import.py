"""Tools that are chosen among what a source offers (an interface's description, an MCP server)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from builder.actions import Notice
from builder.actions.lasting import lasts
from builder.studio import Studio
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.errors import Invalid, NotFound
from runtime.lang import Text, listed
from runtime.schema import first_problem
from runtime.tools import Env, Imported, joined, registry

Json = dict[str, Any]

NO_SOURCE = Text("「{type}」这种工具没有可选的来源。", "Tools of type {type!r} are not chosen from anything.")
RENAMED = Text(
    "有重名，已改叫：{names}。模型按名字区分它们。", "Some names were taken; they are called {names} now."
)
UNUSABLE = Text("{key}：{why}", "{key}: {why}")


@needs(Permission.AGENTS_EDIT)
@lasts(Text("正在看有哪些工具", "Looking what tools there are"))
@unrecorded("reads what there is")
async def offered_tools(studio: Studio, type: str, source: Json, tools: Sequence[Json] = ()) -> Json:
    """What the source has, and which of it the block's `tools` are. Raises Invalid, ToolFailed."""
    kind, where = _read(type, source)
    known = {
        key: mark for tool in tools for from_, key, mark in _origins(kind, tool) if from_ == where.identity
    }
    offer: Json = (await kind.offered(where, _env(studio), known)).to_json()
    return offer


@needs(Permission.AGENTS_EDIT)
@lasts(Text("正在取工具", "Fetching the tools"))
async def take_tools(
    studio: Studio, type: str, source: Json, keys: Sequence[str], tools: Sequence[Json] = ()
) -> Notice:
    """The block's tools with those that were chosen: anew where they are there already. Raises as above."""
    kind, where = _read(type, source)
    taken = await kind.taken(where, _env(studio), [str(key) for key in keys])
    found, renamed = joined(kind, taken, tools, where.identity)
    text = RENAMED.fill(names=listed(renamed)) if renamed else None
    return Notice(text, found)


def _read(type: str, source: Json) -> tuple[Any, Any]:
    """Raises NotFound, Invalid."""
    kind = registry().get(type)
    if kind is None or not issubclass(kind, Imported):
        raise NotFound(NO_SOURCE.fill(type=str(type)[:40]))
    try:
        return kind, kind.Source.model_validate(source)
    except ValidationError as e:
        problem = first_problem(e)
        raise Invalid(problem.sentence(Text("", "")), field=problem.field) from None


def _origins(kind: Any, tool: Mapping[str, Any]) -> Sequence[tuple[str, str, str]]:
    """Where a tool of the block is from; nothing for one of another type, or that is no whole one."""
    try:
        return [kind.model_validate(tool).origin]
    except ValidationError:
        return []


def _env(studio: Studio) -> Env:
    return studio.services.env(datetime.now(UTC), {})
