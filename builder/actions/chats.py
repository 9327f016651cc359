"""The chats of whoever tries an agent out: listed, named, deleted and had back, rated, taken along."""

import time
from dataclasses import replace
from typing import Any

from builder.actions import RESTORED, Notice
from builder.actions.kept_chat import kept_chat
from builder.actions.taking_away import undone_by
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.lang import Text
from runtime.trying.kept_chat import KeptChat, Turn, new_turn
from runtime.trying.kept_chats import KeptChats
from runtime.turn.withheld import as_shown, is_kept_back

Json = dict[str, Any]
SHOWN = ("", "answer", "silent", "failed")
"""The ids of what people see in a chat; "" of what was asked."""
DELETED = Text("已删除「{name}」。", "Deleted “{name}”.")


def kept_of(studio: Studio, who: str, id: str) -> KeptChats:
    """`id`: the agent's. Raises NotFound when it cannot be one."""
    return KeptChats(studio.settings.data, id, who)


@needs(Permission.AGENTS_RUN, on="id")
def chats(studio: Studio, who: Actor, id: str, word: str = "") -> list[Json]:
    """The last one first; with `word`, those in which that stands. Raises NotFound."""
    wanted = word.strip().lower()
    return [
        {name: value for name, value in head.items() if name != "words"}
        for head in kept_of(studio, who.id, id).heads()
        if wanted in f"{head['name']}\n{head['words']}".lower()
    ]


@needs(Permission.AGENTS_RUN, on="id")
def rename_chat(studio: Studio, who: Actor, id: str, chat: str, name: str) -> None:
    """Raises NotFound, NotSaved."""
    kept_of(studio, who.id, id).rename(chat, name)


@needs(Permission.AGENTS_RUN, on="id")
@undone_by("restore_chat")
def delete_chat(studio: Studio, who: Actor, id: str, chat: str) -> Notice:
    """Raises NotFound, NotSaved."""
    kept = kept_of(studio, who.id, id)
    name = str(kept.find(chat).head()["name"])
    kept.delete(chat)
    return Notice(DELETED.fill(name=name), undo={"id": id, "chat": chat})


@needs(Permission.AGENTS_RUN, on="id")
def restore_chat(studio: Studio, who: Actor, id: str, chat: str) -> Notice:
    """Raises NotFound, NotSaved."""
    kept_of(studio, who.id, id).restore(chat)
    return Notice(RESTORED)


@needs(Permission.AGENTS_RUN, on="id")
def rate(
    studio: Studio, who: Actor, id: str, chat: str, turn: str, good: bool | None = None, note: str = ""
) -> Notice:
    """Raises NotFound, NotSaved."""
    kept_of(studio, who.id, id).rate(chat, turn, good if isinstance(good, bool) else None, str(note))
    return Notice(Text("评价记下了。", "Your feedback is kept."))


@needs(Permission.AGENTS_RUN, on="id")
def choose(studio: Studio, who: Actor, id: str, chat: str, turn: str) -> Notice:
    """Of answers side by side, the better one. Raises NotFound, NotSaved."""
    kept_of(studio, who.id, id).choose(chat, turn)
    return Notice(Text("选好了，从这里接着聊。", "Chosen: the conversation goes on from here."))


@needs(Permission.AGENTS_RUN, on="id")
def feedback(studio: Studio, who: Actor, id: str) -> list[Json]:
    """Every rated answer, the last one first, with what was asked before it: to read, and to take along."""
    kept = kept_of(studio, who.id, id)
    found = [_rated(chat, turn) for chat in kept.everything() for turn in chat.turns.values() if turn.rating]
    return sorted(found, key=lambda one: -one["at"])


@needs(Permission.AGENTS_RUN, on="id")
def export_chat(studio: Studio, who: Actor, id: str, chat: str) -> Json:
    """One with its traces, but for what checks kept from people. Raises NotFound."""
    found = kept_of(studio, who.id, id).find(chat)
    return replace(found, turns={id: _shown(turn) for id, turn in found.turns.items()}).to_json()


@needs(Permission.AGENTS_RUN, on="id")
def take_over(studio: Studio, who: Actor, id: str, said: list[Json]) -> str:
    """A chat that only a browser kept: its id from now on, "" for an empty one. Raises NotFound."""
    kept = kept_of(studio, who.id, id)
    turns: list[Turn] = []
    for message in kept_chat({"said": said})["said"]:
        if message["role"] == "user":
            turns.append(new_turn(turns[-1].id if turns else "", [message], time.time()))
        elif turns:
            turns[-1].said.append(message)
    if not turns:
        return ""
    chat = kept.begin()
    for turn in turns[:-1]:
        chat.add(turn)
    kept.add(chat, turns[-1])
    return chat.id


def _shown(turn: Turn) -> Turn:
    """Steps hold what models wrote. Of a turn whose trace is gone nobody knows what checks did."""
    if turn.events and not is_kept_back(turn.events):
        return turn
    said = [one for one in turn.said if str((one.get("metadata") or {}).get("id", "")) in SHOWN]
    return replace(turn, said=said, events=as_shown(turn.events))


def _rated(chat: KeptChat, turn: Turn) -> Json:
    before = [{"question": one.question, "answer": one.answer} for one in chat.path(turn.up)]
    return {
        **(turn.rating or {}),
        "chat": chat.id,
        "turn": turn.id,
        "question": turn.question,
        "answer": turn.answer,
        "tried": turn.tried,
        "chosen": turn.chosen,
        "before": before,
    }


def turn_at(chat: KeptChat, tip: str, place: Any) -> Turn | None:
    """Of the chat as it is shown, the turn that has the message at that place."""
    left = place[0] if isinstance(place, list | tuple) else int(place)
    for turn in chat.path(tip):
        if left < len(turn.said):
            return turn
        left -= len(turn.said)
    return None
