"""Who uses a prompt template: agents as they are edited, and versions that answer people."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.library import Library
from runtime.agents.prompts_held import renamed, users
from runtime.errors import BadAgent, Conflict, HongyanError, NotFound
from runtime.lang import Text, listed
from runtime.prompt_library.library import PromptLibrary

Json = Mapping[str, Any]

CANNOT_MEND = Text(
    "没有改：「{names}」也用到它，可是那个文件读不了。请先改好那个文件。",
    "Not renamed: {names} uses it, too, and that file cannot be read. Correct that file first.",
)
STILL_LIVE = Text(
    "没有改：正在回答的版本「{names}」按旧的编号找它。请先重新发布。",
    "Not renamed: what answers on {names} looks for it by its old id. Publish that again first.",
)


@dataclass(frozen=True)
class Frozen:
    """A version that answers people. `place`: how its owner knows it."""

    place: str
    agent: str
    data: Json


@dataclass(frozen=True)
class User:
    """An agent with the blocks that use it."""

    id: str
    name: str
    blocks: tuple[str, ...]


def using(library: Library) -> dict[str, list[User]]:
    """By template. What is edited counts, valid or not."""
    found: dict[str, list[User]] = {}
    for id, name, data in _edited(library):
        by: dict[str, list[str]] = {}
        for template, block in users(data):
            by.setdefault(template, []).append(block)
        for template, blocks in by.items():
            found.setdefault(template, []).append(User(id, name, tuple(blocks)))
    return found


def live(id: str, frozen: Iterable[Frozen]) -> list[tuple[Frozen, Json | None]]:
    """Versions that use it, each with the template as that version has it; None: not kept with it."""
    found = []
    for one in frozen:
        for inside in (one.data, *(one.data.get("agents") or {}).values()):
            own = {name: value for name, value in inside.items() if name != "agents"}
            if any(template == id for template, _ in users(own)):
                found.append((one, (inside.get("prompts") or {}).get(id)))
                break
    return found


def rename(
    prompts: PromptLibrary, library: Library, id: str, to: str, frozen: Iterable[Frozen], *, by: str
) -> list[str]:
    """With all who use it; the names of these agents.

    First it is there under both ids, last the old one goes: whatever dies in between, nobody misses it.
    Raises BadTemplate, Conflict, NotFound, NotSaved; BadAgent where somebody cannot be mended.
    """
    prompts.own.refuse_name(to)
    if stuck := [one.id for one in library.list().broken if _mentions(library, one.id, id)]:
        raise BadAgent(CANNOT_MEND.fill(names=listed(stuck)))
    if stuck := [one.place for one, held in live(id, frozen) if held is None]:
        raise Conflict(STILL_LIVE.fill(names=listed(stuck)))
    prompts.move(id, to, by=by)
    mended = [user.name for user in using(library).get(id, []) if _mend(library, user.id, {id: to})]
    prompts.remove(id, by=by)
    return mended


def _mend(library: Library, id: str, ids: Mapping[str, str]) -> bool:
    """The file and the draft. Raises as Library.save."""
    file, opened = library.get(id), library.open(id)
    agent = Agent.load(renamed(file.agent.to_json(), ids))
    revision = library.save(agent, file.revision)
    if opened.is_draft:
        base = opened.revision if opened.file_changed else revision
        library.keep_draft(id, renamed(opened.data, ids), base)
    return True


def _edited(library: Library) -> Iterator[tuple[str, str, Any]]:
    listing = library.list()
    for id in [*(one.agent.id for one in listing.agents), *(one.id for one in listing.broken)]:
        try:
            opened = library.open(id)
        except HongyanError:
            continue
        yield id, str(opened.data.get("name") or id), opened.data
        if opened.is_draft:
            yield from _saved(library, id, opened.data)


def _saved(library: Library, id: str, draft: Json) -> Iterator[tuple[str, str, Any]]:
    """The file behind a draft, for what only it uses."""
    try:
        file = library.get(id).agent
    except (NotFound, BadAgent):
        return
    drafted = {template for template, _ in users(draft)}
    if {template for template, _ in users(file.to_json())} - drafted:
        only = renamed(file.to_json(), {template: "" for template in drafted})
        yield id, file.name, only


def _mentions(library: Library, agent: str, id: str) -> bool:
    try:
        return any(template == id for template, _ in users(library.open(agent).data))
    except HongyanError:
        return False
