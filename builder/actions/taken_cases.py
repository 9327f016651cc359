"""A chat of the playground becomes a test. A real conversation: real_cases."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from builder.actions import Notice
from builder.actions.chats import kept_of
from builder.actions.kept_chat import plain_text
from builder.actions.lasting import brief
from builder.actions.made_of import was_forgotten, with_whose
from builder.actions.sent_files import exchange
from builder.actions.suites import add_case, attach_to
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.beside import LARGEST
from runtime.agents.library import Library
from runtime.errors import Invalid, NotFound
from runtime.lang import Text
from runtime.media.kept import KeptMedia
from runtime.off_loop import off_loop
from runtime.senses.senses import files_of
from runtime.store.control.control import Control
from runtime.store.messages.sealed_files import SealedFiles
from runtime.testing.recording import Turned, recorded
from runtime.testing.suites import Suites
from runtime.trying.kept_chat import Turn
from runtime.trying.rated import find

Json = dict[str, Any]
MOST_FILES = 9
"""Of one line."""
ENDS = ("answer", "silent", "failed")
"""The ids of what a turn of the playground ends with."""

NOTHING = Text(
    "还没有可以存的对话：先聊一句，等回答完。", "Nothing to keep yet: say something, and wait for the answer."
)
KEPT = Text(
    "已存成测试，检查是按这次的情况写的，看一看再用。",
    "Kept as a test; its checks are what was so this time: look them over.",
)
GONE = Text("这条消息或它的智能体已经不在了。", "That message, or its agent, is no longer there.")


@needs(Permission.AGENTS_EDIT, on="id")
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
    case = with_whose(recorded(agent, turns, variables=given), found.made_of)
    made = add_case(Suites(studio.library.folder, studio.settings.data), id, case)
    if await off_loop(was_forgotten, studio.settings.agents, studio.settings.data, found.made_of):
        raise NotFound(GONE)
    return Notice(KEPT, {"case": made})


def _is_over(turn: Turn) -> bool:
    return any((one.get("metadata") or {}).get("id") in ENDS for one in turn.said)


async def _tried(studio: Studio, id: str, turn: Turn) -> Turned:
    return await off_loop(
        _turned, Suites(studio.library.folder, studio.settings.data), studio.senses.kept, id, turn
    )


def _turned(suites: Suites, kept: KeptMedia, id: str, turn: Turn) -> Turned:
    """What came with it stands beside the suite by then."""
    asked = next(one for one in turn.said if one["role"] == "user")
    one = exchange(asked, plain_text(asked["content"]), turn.answer)
    came = brought(kept, files_of(one.data))
    files = [attach_to(suites, id, file.name, file.content) for file in came if file.content]
    lacks = [file.name for file in came if file.lost]
    known = bool(turn.events)
    return Turned(one.text, turn.answer, turn.at, turn.events, known=known, files=files, lacks=lacks)


@dataclass(frozen=True)
class Brought:
    """A file that came with a line."""

    name: str
    hash: str
    content: bytes = b""
    """Nothing where it is not to be in the test…"""
    lost: Literal["", "too_large", "gone", "left_out"] = ""
    """…and why."""
    size: int = 0
    kind: str = "file"

    def to_json(self) -> Json:
        told = {"name": self.name, "hash": self.hash, "lost": self.lost}
        return {**told, "bytes": self.size, "kind": self.kind}


def brought(
    kept: KeptMedia, files: Sequence[Mapping[str, Any]], without: Collection[str] = ()
) -> list[Brought]:
    """`without`: hashes of those that are left out."""
    found = []
    for file in files[:MOST_FILES]:
        name = "".join(
            "_" if sign in "/\\" else sign for sign in str(file.get("name", "")) if sign.isprintable()
        )
        hash = str(file.get("hash", ""))
        content = kept.read_now(hash) or b""
        named, kind = name.strip(". ")[-80:] or "file", str(file.get("kind", "file"))
        lost: Any = "gone" if not content else "too_large" if len(content) > LARGEST else ""
        lost = "left_out" if hash in without else lost
        found.append(Brought(named, hash, b"" if lost else content, lost, len(content), kind))
    return found


@dataclass(frozen=True)
class Talks:
    """Where real conversations are, and what answered in them."""

    control: Control
    data: Path

    @property
    def agents(self) -> Path:
        return self.control.home / "agents"


@needs(Permission.AGENTS_EDIT, on="agent")
def keep_rated(talks: Talks, who: Actor, agent: str, chat: str, turn: str) -> Notice:
    """An answer of the playground that was rated: with what was said before it where it was one's own chat.

    Raises Forbidden, NotFound, BadAgent, NotSaved.
    """
    who.must(Permission.CONVERSATIONS_READ, agent)
    found = find(talks.data, agent, chat, turn)
    if found is None:
        raise NotFound(GONE)
    kept, rated = found
    path = kept.path(turn) if kept.by == who.id else [rated]
    suites, data = Suites(talks.agents, talks.data), talks.data
    media = KeptMedia(data / "media", SealedFiles(data / "messages.db"))
    turns = [_turned(suites, media, agent, one) for one in path if _is_over(one)]
    if not turns:
        raise Invalid(NOTHING)
    tried = Library(talks.agents, talks.agents, talks.data).get(agent).agent
    made = add_case(suites, agent, with_whose(recorded(tried, turns), kept.made_of))
    if was_forgotten(talks.agents, talks.data, kept.made_of):
        raise NotFound(GONE)
    return Notice(KEPT, {"agent": agent, "case": made})
