"""A real conversation becomes a test, in which nobody is told of any more: shown before it is kept.

Rules miss some names, and no rule sees who is in a picture: whoever keeps it looks it over, has more replaced
and leaves files out.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from builder.actions import Notice
from builder.actions.lasting import brief
from builder.actions.made_of import was_forgotten, whose, with_whose
from builder.actions.suites import add_case, attach_to, suites
from builder.actions.taken_cases import GONE, NOTHING, Brought, brought
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.errors import HongyanError, Invalid, NotFound
from runtime.lang import Text
from runtime.off_loop import off_loop
from runtime.safety.masking.masking import Masking
from runtime.senses.senses import files_of
from runtime.store.messages.insights import Insights
from runtime.store.messages.people import Face
from runtime.store.messages.people_list import PeopleList
from runtime.testing.real_talks import LONGEST, Row, together, turned
from runtime.testing.recording import look_through, recorded

Json = dict[str, Any]
MOST = 200
"""Words that somebody has replaced besides."""
LONGEST_WORD = 100

KEPT = Text("已存成测试，检查是按这次的情况写的，看一看再用。", "Kept as a test; look its checks over.")


@dataclass(frozen=True)
class Taken:
    """What the test will be. `files`: of each turn, those that came with it."""

    agent: str
    case: Json
    files: Sequence[Sequence[Brought]]
    replaced: Mapping[str, str]


@needs(Permission.AGENTS_EDIT, on="seq")
@brief("what is stored here of one conversation")
async def talk(
    studio: Studio, who: Actor, seq: int, also: Sequence[str] = (), without: Sequence[str] = ()
) -> Json:
    """What the test would be, and what was replaced in it. `also`: words to replace besides; `without`:
    hashes of files to leave out. Raises Forbidden, NotFound, Invalid.
    """
    taken = await off_loop(_taken, studio, seq, also, without)
    who.must(Permission.CONVERSATIONS_READ, taken.agent)
    files = [one.to_json() for turn in taken.files for one in turn]
    pairs = [{"was": was, "instead": instead} for was, instead in taken.replaced.items()]
    return {"agent": taken.agent, "case": taken.case, "replaced": pairs, "files": files}


@needs(Permission.AGENTS_EDIT, on="seq")
@brief("what is stored here of one conversation")
async def keep_talk(
    studio: Studio, who: Actor, seq: int, also: Sequence[str] = (), without: Sequence[str] = ()
) -> Notice:
    """Raises Forbidden, NotFound, Invalid, BadAgent, BadMedia, NotSaved."""
    taken = await off_loop(_taken, studio, seq, also, without)
    who.must(Permission.CONVERSATIONS_READ, taken.agent)
    case = await off_loop(_with_files, studio, taken)
    made = await off_loop(add_case, suites(studio), taken.agent, case)
    settings = studio.settings
    if await off_loop(was_forgotten, settings.agents, settings.data, case.get("made_of", [])):
        raise NotFound(GONE)
    return Notice(KEPT, {"agent": taken.agent, "case": made})


def _taken(studio: Studio, seq: int, also: Sequence[str], without: Collection[str]) -> Taken:
    path = studio.settings.data / "messages.db"
    rows = Insights(path).conversation(int(seq), LONGEST)
    record = studio.control.publication(rows[-1]["publication"]) if rows else None
    if record is None:
        raise NotFound(GONE)
    agent = _frozen(studio, record.id, record.version)
    masking = _known(studio, rows, agent, [str(one)[:LONGEST_WORD] for one in also[:MOST]])
    who, since = whose(studio, Face(rows[-1]["publication"], rows[-1]["sender"]))
    talk = [row for row in together(rows) if row["accepted_at"] > since]
    turns = [turned(row) for row in talk]
    came = [brought(studio.senses.kept, _files(row), without) for row in talk]
    look_through(turns, masking)
    masking.learn([_stem(one.name) for some in came for one in some])
    files = [[replace(one, name=_masked_name(masking, one.name)) for one in some] for some in came]
    there = [(turn, some) for turn, some in zip(turns, files, strict=True) if turn.says.strip() or some]
    if not there:
        raise Invalid(NOTHING)
    named = [
        replace(
            turn,
            files=[one.name for one in some if one.content],
            lacks=[one.name for one in some if one.lost],
        )
        for turn, some in there
    ]
    title = Text("真实对话 {seq}", "A real conversation, {seq}").fill(seq=seq).to(agent.language)
    case = recorded(agent, named, title=title, masking=masking)
    case = with_whose(case, [{"who": who, "at": talk[0]["accepted_at"]}] if who else [])
    return Taken(record.agent, case, [some for _, some in there], dict(masking.replaced))


def _with_files(studio: Studio, taken: Taken) -> Json:
    """The case with what its files are called beside the suite, where they are by now."""
    lines = []
    for line, files in zip(taken.case["lines"], taken.files, strict=True):
        kept = [attach_to(suites(studio), taken.agent, one.name, one.content) for one in files if one.content]
        lines.append({**line, **({"files": kept} if kept else {})})
    return {**taken.case, "lines": lines}


def _files(row: Row) -> Sequence[Mapping[str, Any]]:
    told = json.loads(row["message"] or "{}")
    return files_of(told.get("data") or {}) if isinstance(told, dict) else ()


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _masked_name(masking: Masking, name: str) -> str:
    """All that is kept was looked through before."""
    stem = _stem(name)
    return f"{masking.masked(stem)}{name.removeprefix(stem)}"


def _frozen(studio: Studio, publication: str, version: int) -> Agent:
    """Raises NotFound."""
    try:
        return Agent.load(studio.control.frozen_agent(publication, version))
    except HongyanError:
        raise NotFound(GONE) from None


def _known(studio: Studio, rows: Sequence[Row], agent: Agent, also: Sequence[str]) -> Masking:
    """What the person is called, by the platform and by the program that calls for them, and what is kept.

    What the agent tells everybody stays, unless somebody wants it replaced.
    """
    last = rows[-1]
    told = json.loads(last["message"] or "{}")
    who = told.get("who") if isinstance(told, dict) else None
    names = [str((who or {}).get(name) or "") for name in ("id", "name")]
    public = [json.dumps(agent.to_json(), ensure_ascii=False)]
    masking = Masking([last["sender"], *names], public=public, chosen=also)
    people = PeopleList(studio.settings.data / "messages.db")
    _, values = people.who(Face(last["publication"], last["sender"]))
    masking.learn({name: held.value for name, held in values.items()})
    return masking
