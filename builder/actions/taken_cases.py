"""A conversation becomes a test: one of the playground, or a real one, in which nobody is told any more."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.actions import Notice
from builder.actions.chats import kept_of
from builder.actions.kept_chat import plain_text
from builder.actions.lasting import brief
from builder.actions.sent_files import exchange
from builder.actions.suites import add_case, attach
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.agents.beside import LARGEST
from runtime.agents.library import Library
from runtime.errors import HongyanError, Invalid, NotFound
from runtime.lang import Text
from runtime.off_loop import off_loop
from runtime.safety.masking.masking import Masking
from runtime.senses.senses import files_of
from runtime.store.control.control import Control
from runtime.store.messages.insights import Insights
from runtime.store.messages.people import Face
from runtime.store.messages.people_list import PeopleList
from runtime.testing.recording import Turned, recorded
from runtime.testing.suites import Suites
from runtime.trying.kept_chat import Turn
from runtime.trying.rated import find

Json = dict[str, Any]
Row = Any
"""A message, as it is stored."""
LONGEST = 12
"""Messages of a real conversation that are taken, up to the one that was looked at…"""
ENDS = ("answer", "silent", "failed")
"""The ids of what a turn of the playground ends with."""
PAUSE = 2 * 3600
"""…and after so many seconds of silence another one began."""

NOTHING = Text(
    "还没有可以存的对话：先聊一句，等回答完。", "Nothing to keep yet: say something, and wait for the answer."
)
KEPT = Text(
    "已存成测试，检查是按这次的情况写的，看一看再用。",
    "Kept as a test; its checks are what was so this time: look them over.",
)
MASKED = Text(
    "已存成测试，姓名、电话、地址和证件号都换掉了，请再看一遍。",
    "Kept as a test; names, phones, addresses and ids are replaced: look it over once more.",
)
GONE = Text("这条消息或它的智能体已经不在了。", "That message, or its agent, is no longer there.")


@needs(Permission.AGENTS_EDIT)
@brief("a chat that is kept here")
async def keep_chat(
    studio: Studio,
    who: Actor,
    id: str,
    chat: str,
    tip: str = "",
    variables: Mapping[str, str] | None = None,
) -> Notice:
    """What was said in the playground up to that turn, with what tools gave.

    Raises Invalid, NotFound, BadAgent, NotSaved.
    """
    agent = studio.library.get(id).agent
    found = await off_loop(kept_of(studio, who.id, id).find, chat)
    turns = [await _tried(studio, id, turn) for turn in found.path(tip or None) if _is_over(turn)]
    if not turns:
        raise Invalid(NOTHING)
    given = {str(name): str(value) for name, value in (variables or {}).items()}
    case = recorded(agent, turns, variables=given)
    made = add_case(Suites(studio.library.folder, studio.settings.data), id, case)
    return Notice(KEPT, {"case": made})


def _is_over(turn: Turn) -> bool:
    return any((one.get("metadata") or {}).get("id") in ENDS for one in turn.said)


async def _tried(studio: Studio, id: str, turn: Turn) -> Turned:
    asked = next(one for one in turn.said if one["role"] == "user")
    one = exchange(asked, plain_text(asked["content"]), turn.answer)
    files = [name for file in files_of(one.data) if (name := await _attached(studio, id, file))]
    return Turned(one.text, turn.answer, turn.at, turn.events, known=bool(turn.events), files=files)


async def _attached(studio: Studio, id: str, file: Mapping[str, Any]) -> str:
    # what a file of the chat is called beside the suite; nothing for one that is gone, or too large
    content = await studio.senses.kept.read(str(file.get("hash", "")))
    if content is None or len(content) > LARGEST:
        return ""
    return await off_loop(attach, studio, id, str(file.get("name", "")), content)


@dataclass(frozen=True)
class Talks:
    """Where real conversations are, and what answered in them."""

    control: Control
    data: Path

    @property
    def agents(self) -> Path:
        return self.control.home / "agents"


@needs(Permission.AGENTS_EDIT)
def keep_conversation(talks: Talks, who: Actor, seq: int) -> Notice:
    """What one person wrote up to that message. Raises Forbidden, NotFound, BadAgent, NotSaved."""
    who.must(Permission.CONVERSATIONS_READ)
    rows = Insights(talks.data / "messages.db").conversation(int(seq), LONGEST)
    record = talks.control.publication(rows[-1]["publication"]) if rows else None
    if record is None:
        raise NotFound(GONE)
    turns = [_turned(row) for row in _together(rows) if row["text"].strip()]
    if not turns:
        raise Invalid(NOTHING)
    agent = _agent(talks, record.id, record.version)
    masking = _known(talks, rows, agent)
    title = Text("真实对话 {seq}", "A real conversation, {seq}").fill(seq=seq).to(agent.language)
    case = recorded(agent, turns, title=title, masking=masking)
    made = add_case(Suites(talks.agents, talks.data), record.agent, case)
    return Notice(MASKED, {"agent": record.agent, "case": made})


@needs(Permission.AGENTS_EDIT)
def keep_rated(talks: Talks, who: Actor, agent: str, chat: str, turn: str) -> Notice:
    """An answer of the playground that was rated: with what was said before it where it was one's own chat.

    Files are left out. Raises Forbidden, NotFound, BadAgent, NotSaved.
    """
    who.must(Permission.CONVERSATIONS_READ)
    found = find(talks.data, agent, chat, turn)
    if found is None:
        raise NotFound(GONE)
    kept, rated = found
    path = kept.path(turn) if kept.by == who.id else [rated]
    turns = [
        Turned(one.question, one.answer, one.at, one.events, known=bool(one.events))
        for one in path
        if _is_over(one)
    ]
    if not turns:
        raise Invalid(NOTHING)
    tried = Library(talks.agents, talks.agents, talks.data).get(agent).agent
    made = add_case(Suites(talks.agents, talks.data), agent, recorded(tried, turns))
    return Notice(KEPT, {"agent": agent, "case": made})


def _agent(talks: Talks, publication: str, version: int) -> Agent:
    """Raises NotFound."""
    try:
        return Agent.load(talks.control.frozen_agent(publication, version))
    except HongyanError:
        raise NotFound(GONE) from None


def _together(rows: Sequence[Row]) -> Sequence[Row]:
    """The last of them, between which nobody was silent for long."""
    first = len(rows) - 1
    while first and rows[first]["accepted_at"] - rows[first - 1]["accepted_at"] <= PAUSE:
        first -= 1
    return rows[first:]


def _turned(row: Row) -> Turned:
    trace = json.loads(row["trace"] or "[]") or []
    events = [one for one in trace if isinstance(one, dict)]
    if row["failure"]:
        events.append({"type": "failed", "code": row["failure"]})
    return Turned(row["text"], row["reply"] or "", row["accepted_at"], events)


def _known(talks: Talks, rows: Sequence[Row], agent: Agent) -> Masking:
    """What the person is called, by the platform and by the program that calls for them, and what is kept.

    What the agent tells everybody stays.
    """
    last = rows[-1]
    told = json.loads(last["message"] or "{}")
    who = told.get("who") if isinstance(told, dict) else None
    names = [str((who or {}).get(name) or "") for name in ("id", "name")]
    masking = Masking([last["sender"], *names], public=[json.dumps(agent.to_json(), ensure_ascii=False)])
    _, values = PeopleList(talks.data / "messages.db").who(Face(last["publication"], last["sender"]))
    masking.learn({name: held.value for name, held in values.items()})
    return masking
