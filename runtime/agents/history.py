"""What an agent was before: one file a state, so that work of an hour ago, or of last week, can be had again.

Each is a step: what was saved within ten minutes is one, the last, as long as it changed the same blocks and
settings; a state with a note stays by itself.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from runtime.agents.difference import difference
from runtime.agents.file import ID, no_agent, read
from runtime.agents.strict_json import parse, to_bytes
from runtime.errors import BadAgent, NotFound
from runtime.files import listed, remove, write_whole
from runtime.lang import Text

TOGETHER = 600.0
"""Seconds within which saved states that change the same are one."""
MOST = 200
"""States that are kept of an agent; the oldest without a note go first."""
LONGEST_NOTE = 500
"""Characters."""

NAME = re.compile(r"\d{13}")


@dataclass(frozen=True)
class State:
    """`at` is when it was saved, `began` when the first of the states that it stands for was; seconds."""

    name: str
    at: float
    began: float
    note: str
    data: dict[str, Any]
    by: str = ""
    """Who saved it, or wrote its note: an Actor's id; "" before that was noted."""


class History:
    """Every method does file I/O of a few milliseconds and may be called from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def states(self, id: str) -> list[State]:
        """Newest first; a file that cannot be read is left out. Raises NotFound when it cannot be an id."""
        return list(self._read(id))

    def find(self, id: str, name: str) -> State:
        """Raises NotFound."""
        for state in self._read(id):
            if state.name == name:
                return state
        raise NotFound(Text("已经找不到这个版本了。", "That version is no longer there."))

    def keep(
        self, id: str, data: dict[str, Any], at: float, note: str = "", *, alone: bool = False, by: str = ""
    ) -> str:
        """Return its name. What equals the newest state is that state; `alone`: no later one takes its place.

        Raises NotSaved; BadAgent when the note is too long.
        """
        note = short(note)
        newest, older = [*itertools.islice(self._read(id), 2), None, None][:2]
        if newest and newest.data == data and not note:
            return newest.name
        began = at - TOGETHER if alone else at
        goes_on = newest and not newest.note and not note and at - newest.began < TOGETHER
        if newest and goes_on and newest.by == by and _is_one_step(older, newest, data):
            state = State(newest.name, at, newest.began, "", data, by)
        else:
            state = State(self._free(id, at), at, began, note, data, by)
        self._write(id, state)
        if len(self._files(id)) > MOST:
            for old in [state for state in self._read(id) if not state.note][MOST:]:
                self._remove(id, old.name)
        return state.name

    def seal(self, id: str) -> None:
        """The newest state stays as it is: no later one takes its place. Raises NotFound, NotSaved."""
        newest = next(self._read(id), None)
        if newest and newest.at - newest.began < TOGETHER:
            self._write(id, replace(newest, began=newest.at - TOGETHER))

    def annotate(self, id: str, name: str, note: str, *, by: str = "") -> None:
        """Raises NotFound, NotSaved, BadAgent: the note is too long."""
        state = self.find(id, name)
        self._write(id, State(state.name, state.at, state.began, short(note), state.data, by))

    def clear(self, id: str) -> None:
        """Another agent has this id now. Raises NotSaved."""
        for path in self._files(id):
            remove(path)

    def _read(self, id: str) -> Iterator[State]:
        for path in sorted(self._files(id), reverse=True):
            try:
                held = parse(read(path) or b"")
                by = str(held.get("by", ""))
                yield State(path.stem, held["at"], held["began"], held["note"], held["agent"], by)
            except (BadAgent, KeyError, TypeError):
                continue

    def _write(self, id: str, state: State) -> None:
        held = {"at": state.at, "began": state.began, "note": state.note, "by": state.by, "agent": state.data}
        write_whole(self._of(id) / f"{state.name}.json", to_bytes(held), mode=0o600)

    def _remove(self, id: str, name: str) -> None:
        remove(self._of(id) / f"{name}.json")

    def _free(self, id: str, at: float) -> str:
        taken = {path.stem for path in self._files(id)}
        stamp = int(at * 1000)
        while f"{stamp:013d}" in taken:
            stamp += 1
        return f"{stamp:013d}"

    def _files(self, id: str) -> list[Path]:
        return [path for path in listed(self._of(id), "*.json") if NAME.fullmatch(path.stem)]

    def _of(self, id: str) -> Path:
        if not ID.fullmatch(id):
            raise no_agent(id)
        return self._folder / id


def _is_one_step(older: State | None, newest: State, data: dict[str, Any]) -> bool:
    """Whether `data` goes on with what the newest state changed."""
    return older is None or _changed(newest.data, data) <= _changed(older.data, newest.data)


def _changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    found = difference(before, after)
    return {one.id for one in found.blocks} | {f"/{one.path[0]}" for one in found.settings}


def short(note: str) -> str:
    """Raises BadAgent when it is too long."""
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        text = Text("备注最多 {longest_note} 个字。", "A note has at most {longest_note} characters.").fill(
            longest_note=LONGEST_NOTE
        )
        raise BadAgent(text, field="note")
    return note
