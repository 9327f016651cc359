"""Where each kind of thing is that was deleted: one row a kind, for the page that has it back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from builder.actions.describe import kept_of as descriptions
from builder.actions.history import begin_anew
from builder.actions.model_rules import deleted_rules
from builder.actions.prompts import library as prompts
from builder.actions.safety import lists
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission
from runtime.errors import Conflict, NotFound
from runtime.knowledge.sources import deleting
from runtime.knowledge.sources.deleted_sources import base_of
from runtime.lang import Text
from runtime.trash import GONE, Deleted
from runtime.trying.kept_chats import KeptChats, agents_with

AGENT_DELETED = Text(
    "它属于智能体「{id}」，那个智能体也删除了。请先恢复它。",
    "It belongs to the agent {id!r}, which was deleted, too; restore that first.",
)


@dataclass(frozen=True)
class Line:
    """One deletion. `within`: the id of what it belongs to, "" where that is nothing."""

    token: str
    id: str
    name: str
    by: str
    at: float
    within: str = ""


@dataclass(frozen=True)
class Bin:
    """`restore` and `drop` are asked with a token; `restore` with whether it comes back beside what has its
    place by now, and tells where on the pages it is. All may raise HongyanError."""

    kind: str
    permission: Permission
    """What somebody has to be allowed who could delete it."""
    lines: Callable[[Studio, Actor], Sequence[Line]]
    restore: Callable[[Studio, Actor, str, bool], str]
    drop: Callable[[Studio, Actor, str], None]
    agent: Callable[[Line], str | None] = lambda line: None
    """Of which agent it is, for who may do that on chosen ones alone; None: of everybody's."""


def _lines(found: Sequence[Deleted], within: Callable[[Deleted], str] = lambda one: "") -> list[Line]:
    return [
        Line(
            one.token,
            str(one.about.get("id", "")),
            str(one.about.get("name") or one.about.get("id", "")),
            str(one.about.get("by", "")),
            one.at,
            within(one),
        )
        for one in found
    ]


def _agent_back(studio: Studio, who: Actor, token: str, renamed: bool) -> str:
    id = studio.library.restore(token, renamed=renamed)
    if renamed:
        begin_anew(studio, id)
    return f"build?agent={id}"


def _prompt_back(studio: Studio, who: Actor, token: str, renamed: bool) -> str:
    return f"prompts?prompt={prompts(studio).restore(token, renamed=renamed)}"


def _base_back(studio: Studio, who: Actor, token: str, renamed: bool) -> str:
    id = deleting.restore(studio.bases, token, renamed=renamed)
    studio.upkeep.wake(id)
    return "bases"


def _source_back(studio: Studio, who: Actor, token: str, renamed: bool) -> str:
    id = deleting.put_back(studio.bases, token, renamed=renamed)
    studio.upkeep.wake(id)
    return "bases"


def _rules_back(studio: Studio, who: Actor, token: str, renamed: bool) -> str:
    deleted_rules(studio).give_back(token, renamed=renamed)
    return "models"


def _list_back(studio: Studio, who: Actor, token: str, renamed: bool) -> str:
    lists(studio).restore(token, renamed=renamed)
    return "safety"


def _description_back(studio: Studio, who: Actor, token: str, renamed: bool) -> str:
    _must_be_there(studio, descriptions(studio).id_of(token))
    return f"build?agent={descriptions(studio).restore(token)}"


def _chats(studio: Studio, who: Actor) -> list[Line]:
    """Only one's own: nobody else sees them while they are there."""
    return [
        Line(f"{agent}.{head['id']}", head["id"], str(head["name"]), who.id, float(head["deleted"]), agent)
        for agent in agents_with(studio.settings.data)
        for head in KeptChats(studio.settings.data, agent, who.id).deleted()
    ]


def _chat_of(studio: Studio, who: Actor, token: str) -> tuple[KeptChats, str, str]:
    """Its agent's chats, the agent and its own id. Raises NotFound."""
    agent, _, chat = token.rpartition(".")
    kept = KeptChats(studio.settings.data, agent, who.id)
    if all(head["id"] != chat for head in kept.deleted()):
        raise NotFound(GONE)
    return kept, agent, chat


def _chat_back(studio: Studio, who: Actor, token: str, renamed: bool) -> str:
    kept, agent, chat = _chat_of(studio, who, token)
    _must_be_there(studio, agent)
    kept.restore(chat)
    return f"play?agent={agent}"


def _must_be_there(studio: Studio, agent: str) -> None:
    """Else nothing would show what comes back. Raises Conflict."""
    try:
        studio.library.open(agent)
    except NotFound:
        raise Conflict(AGENT_DELETED.fill(id=agent)) from None


def _drop_chat(studio: Studio, who: Actor, token: str) -> None:
    kept, _, chat = _chat_of(studio, who, token)
    kept.drop(chat)


def _drop_source(studio: Studio, who: Actor, token: str) -> None:
    with studio.bases.locked(base_of(studio.bases.sources_trash.find(token).about)):
        studio.bases.sources_trash.drop(token)


def _bases(studio: Studio, who: Actor) -> list[Line]:
    studio.bases.settle()
    return _lines([one for one in studio.bases.trash.listing() if one.about.get("id")])


def _sources(studio: Studio, who: Actor) -> list[Line]:
    studio.bases.settle()
    return _lines(studio.bases.sources_trash.listing(), lambda one: base_of(one.about))


BINS = (
    Bin(
        "agent",
        Permission.AGENTS_DELETE,
        lambda studio, who: _lines(studio.library.deleted.listing()),
        _agent_back,
        lambda studio, who, token: studio.library.deleted.drop(token),
        agent=lambda line: line.id,
    ),
    Bin(
        "prompt",
        Permission.AGENTS_DELETE,
        lambda studio, who: _lines(prompts(studio).own.deleted()),
        _prompt_back,
        lambda studio, who, token: prompts(studio).own.drop_deleted(token),
    ),
    Bin(
        "base",
        Permission.KNOWLEDGE_EDIT,
        _bases,
        _base_back,
        lambda studio, who, token: deleting.drop(studio.bases, token),
    ),
    Bin("source", Permission.KNOWLEDGE_EDIT, _sources, _source_back, _drop_source),
    Bin(
        "rules",
        Permission.MODELS_EDIT,
        lambda studio, who: _lines(deleted_rules(studio).listing()),
        _rules_back,
        lambda studio, who, token: deleted_rules(studio).drop(token),
    ),
    Bin(
        "words",
        Permission.AGENTS_EDIT,
        lambda studio, who: _lines(lists(studio).deleted()),
        _list_back,
        lambda studio, who, token: lists(studio).drop_deleted(token),
    ),
    Bin(
        "description",
        Permission.AGENTS_EDIT,
        lambda studio, who: _lines(descriptions(studio).deleted()),
        _description_back,
        lambda studio, who, token: descriptions(studio).drop_deleted(token),
        agent=lambda line: line.id,
    ),
    Bin("chat", Permission.AGENTS_RUN, _chats, _chat_back, _drop_chat, lambda line: line.within),
)


def of(kind: str) -> Bin:
    """Raises NotFound."""
    for one in BINS:
        if one.kind == kind:
            return one
    raise NotFound(GONE)
