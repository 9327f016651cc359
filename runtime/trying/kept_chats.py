"""Where chats with an agent that is tried out are kept: in files of the home, by agent and person.

Beside each chat a small file has what a list says of it, so that a hundred chats are listed without reading
them. What cannot be written (a full disk) is kept in memory, and says so: nobody loses the line just said.
"""

import contextlib
import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from runtime import wellformed
from runtime.agents.file import ID, no_agent
from runtime.errors import NotFound, NotSaved
from runtime.files import listed, remove, remove_folder, write_whole
from runtime.lang import Text
from runtime.locks import Alone, alone
from runtime.made_of import is_of_forgotten
from runtime.newest import Newest
from runtime.trash import KEPT
from runtime.trying.kept_chat import LONGEST_NAME, LONGEST_NOTE, KeptChat, Turn, packed

Json = dict[str, Any]

MOST = 100
"""Chats that are kept of a person with an agent; the ones touched longest ago go first."""
UNSAVED = 100
CHAT = re.compile(r"[0-9a-f]{32}")
HEAD = ".head"
LOCK = "played.lock"
PLAYED = b'"made_of":[{'
"""Stands in a chat in which somebody's conversation was played, see `packed`."""
GONE = Text("已经找不到这个对话了。", "That conversation is no longer there.")
NO_TURN = Text("已经找不到这句话了。", "That line is no longer there.")


class KeptChats:
    """Every method does file I/O of a few milliseconds and may be called from any thread."""

    def __init__(self, data: Path, agent: str, by: str) -> None:
        """`by`: who tries it out. Raises NotFound when it cannot be an agent."""
        if not ID.fullmatch(agent):
            raise no_agent(agent)
        self._agent, self._by = agent, by
        self._folder = data / "played" / agent / hashlib.sha256(by.encode()).hexdigest()[:16]
        self._alone = Alone(self._folder / LOCK)

    def heads(self) -> list[Json]:
        """What a list says of each that was not deleted, the last one first."""
        found = [head for head in map(self._head, self._ids()) if head]
        return sorted((one for one in found if not one["deleted"]), key=lambda one: -one["changed"])

    def find(self, id: str) -> KeptChat:
        """Raises NotFound."""
        chat = self._unsaved.get(id) or self._read(id)
        if chat is None or chat.deleted:
            raise NotFound(GONE)
        return chat

    def everything(self) -> Iterator[KeptChat]:
        """Each chat that is there, whole."""
        for head in self.heads():
            if chat := self._read(head["id"]):
                yield chat

    def begin(self, id: str = "") -> KeptChat:
        """A new one, which is kept as soon as something is said in it."""
        chat = KeptChat.new(self._agent, self._by, time.time())
        chat.id = id if CHAT.fullmatch(id) else chat.id
        return chat

    def add(self, chat: KeptChat, turn: Turn, *, moves: bool = True) -> str:
        """Keep a turn, new or further on; others may have added to the chat meanwhile.

        Returns why it could not be written: "" where it was.
        """
        try:
            with self._alone():
                now = self._unsaved.get(chat.id) or self._read(chat.id) or chat
                now.add(turn, moves=moves)
                now.made_of = chat.made_of or now.made_of
                now.deleted = None
                self._unsaved[chat.id] = now
                self._write(now)
                del self._unsaved[chat.id]
                self._forget_the_oldest()
        except NotSaved as e:
            return e.text.en
        return ""

    def change(self, id: str, change: Callable[[KeptChat], None]) -> KeptChat:
        """Raises NotFound, NotSaved."""
        with self._alone():
            chat = self.find(id)
            change(chat)
            self._write(chat)
        return chat

    def rename(self, id: str, name: str) -> None:
        """ "": by its first line again. Raises NotFound, NotSaved."""
        self.change(id, lambda chat: setattr(chat, "name", " ".join(name.split())[:LONGEST_NAME]))

    def rate(self, id: str, turn: str, good: bool | None, note: str) -> None:
        """What is thought of an answer; None takes it back. Raises NotFound, NotSaved."""

        def rated(chat: KeptChat) -> None:
            rating = {"good": good, "note": note.strip()[:LONGEST_NOTE], "at": time.time()}
            turn_of(chat, turn).rating = None if good is None else rating

        self.change(id, rated)

    def compare(self, id: str, columns: list[Json]) -> None:
        """Who answers in it side by side from now on; none: one alone. Raises NotFound, NotSaved."""
        if self.find(id).columns != columns:
            self.change(id, lambda chat: setattr(chat, "columns", columns))

    def choose(self, id: str, turn: str) -> None:
        """It is better than those beside it, and the chat goes on from it. Raises NotFound, NotSaved."""

        def chosen(chat: KeptChat) -> None:
            better = turn_of(chat, turn)
            for one in chat.below(better.up):
                one.chosen = one is better
            chat.tip = better.id

        self.change(id, chosen)

    def forget_all_but(self, id: str, turn: str) -> None:
        """Whoever spoke wished to be forgotten. Raises NotFound, NotSaved."""

        def forgotten(chat: KeptChat) -> None:
            chat.turns = {name: one for name, one in chat.turns.items() if name == turn}
            for one in chat.turns.values():
                one.up = ""

        self.change(id, forgotten)

    def deleted(self) -> list[Json]:
        """What a list says of each that can be had back, the last one first."""
        found = [head for head in map(self._head, self._ids()) if head and head["deleted"]]
        young = [one for one in found if one["deleted"] >= time.time() - KEPT]
        return sorted(young, key=lambda one: -one["deleted"])

    def drop(self, id: str) -> None:
        """One that was deleted cannot be had back any more. Raises NotSaved."""
        with self._alone():
            if (chat := self._read(id)) and chat.deleted:
                self._remove(id)

    def delete(self, id: str) -> None:
        """It can be had back until newer ones need its room. Raises NotFound, NotSaved."""
        now = time.time()
        self.change(id, lambda chat: setattr(chat, "deleted", now))
        for head in filter(None, map(self._head, self._ids())):
            if head["deleted"] and head["deleted"] < now - KEPT:
                self.drop(head["id"])

    def restore(self, id: str) -> None:
        """Raises NotFound, NotSaved."""
        with self._alone():
            chat = self._read(id)
            if chat is None:
                raise NotFound(GONE)
            chat.deleted = None
            self._write(chat)

    @property
    def _unsaved(self) -> Newest[str, KeptChat]:
        return _UNSAVED.of(self._folder, lambda: Newest(UNSAVED))

    def _ids(self) -> list[str]:
        return [path.stem for path in self._folder.glob("*.json") if CHAT.fullmatch(path.stem)]

    def _head(self, id: str) -> Json | None:
        """Made anew where a crash left none."""
        try:
            head = wellformed.load((self._folder / f"{id}{HEAD}").read_bytes())
            if isinstance(head, dict) and head.get("id") == id:
                return head
        except (OSError, ValueError):
            pass
        chat = self._read(id)
        return chat.head() if chat else None

    def _read(self, id: str) -> KeptChat | None:
        if not CHAT.fullmatch(id):
            return None
        try:
            return KeptChat.from_json(wellformed.load((self._folder / f"{id}.json").read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _write(self, chat: KeptChat) -> None:
        """A crash leaves no head that says something else than its chat."""
        remove(self._folder / f"{chat.id}{HEAD}")
        write_whole(self._folder / f"{chat.id}.json", packed(chat.to_json()), 0o600)
        write_whole(self._folder / f"{chat.id}{HEAD}", packed(chat.head()), 0o600)

    def _forget_the_oldest(self) -> None:
        ids = self._ids()
        if len(ids) <= MOST:
            return
        heads = sorted(
            filter(None, map(self._head, ids)), key=lambda one: (not one["deleted"], one["changed"])
        )
        for head in heads[: len(ids) - MOST]:
            self._remove(head["id"])

    def _remove(self, id: str) -> None:
        remove(self._folder / f"{id}.json")
        remove(self._folder / f"{id}{HEAD}")


def agents_with(data: Path) -> list[str]:
    """Ids of those that somebody has tried out."""
    return sorted(path.name for path in (data / "played").glob("*/") if ID.fullmatch(path.name))


_UNSAVED = Newest[Path, Newest[str, KeptChat]](UNSAVED)
"""What could not be written yet, by the folder."""


def forget_agent(data: Path, agent: str) -> None:
    """Another agent has this id now: the chats with the one before are not its own."""
    folder = data / "played" / agent
    if ID.fullmatch(agent) and folder.is_dir():
        with contextlib.suppress(NotSaved):  # then they are in its list
            remove_folder(folder)


def forget_of(data: Path, erased: Mapping[str, float]) -> int:
    """How many chats went in which one was played of somebody who is forgotten. Raises NotSaved."""
    went = 0
    for path in listed(data / "played", "*/*/*.json"):
        with contextlib.suppress(OSError, ValueError):
            content = path.read_bytes()
            if PLAYED in content and is_of_forgotten(wellformed.load(content), erased):
                with alone(path.parent / LOCK):
                    remove(path)
                    remove(path.with_suffix(HEAD))
                went += 1
    for unsaved in list(_UNSAVED.values()):
        for id in [id for id, chat in list(unsaved.items()) if is_of_forgotten(vars(chat), erased)]:
            del unsaved[id]
            went += 1
    return went


def turn_of(chat: KeptChat, id: str) -> Turn:
    """Raises NotFound."""
    turn = chat.turns.get(id)
    if turn is None:
        raise NotFound(NO_TURN)
    return turn
