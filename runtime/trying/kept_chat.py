"""A chat with an agent that is tried out: a tree of turns, since one may go back and go on otherwise.

Nothing that was said is lost by that: each way stays, and the chat stands at one turn, its tip.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime import wellformed

Json = dict[str, Any]

LONGEST_NAME = 80
"""Characters."""
LONGEST_NOTE = 2_000
LONGEST_FOUND = 4_000
"""Characters of what was said by which a chat is found."""
LARGEST = 2_000_000
"""Characters of a chat as JSON: of a longer one the oldest traces go first, then the oldest other ways."""
LARGEST_TRACE = 200_000
"""Characters of one turn's trace; of a longer one the words of models are left out."""
WORDS = ("messages", "request", "answer")
"""In a trace, what models were told and said."""


@dataclass
class Turn:
    """`said`: the question and what came, as the chat shows them; `up`: the turn before, "" for none."""

    id: str
    up: str
    at: float
    said: list[Json]
    events: list[Json] = field(default_factory=list)
    usage: Json = field(default_factory=dict)
    preview: Json | None = None
    tried: Json = field(default_factory=dict)
    """What answered, where it was not the agent as it stands: {version, model, name}."""
    rating: Json | None = None
    """{good, note, at}: what whoever tried it thinks of the answer."""
    chosen: bool = False
    """It was found better than those beside it."""

    @property
    def question(self) -> str:
        return next((str(one.get("content", "")) for one in self.said if one.get("role") == "user"), "")

    @property
    def answer(self) -> str:
        answers = (one for one in self.said if (one.get("metadata") or {}).get("id") == "answer")
        return next((str(one.get("content", "")) for one in answers), "")


@dataclass
class KeptChat:
    """Times are seconds since 1970."""

    id: str
    agent: str
    by: str
    at: float
    changed: float
    name: str = ""
    """As its owner calls it; "": by the first line."""
    tip: str = ""
    columns: list[Json] = field(default_factory=list)
    """Who answered side by side when it was left, and where each stands: {version, model, name, tip}; none
    where one answered alone."""
    turns: dict[str, Turn] = field(default_factory=dict)
    deleted: float | None = None
    made_of: list[Json] = field(default_factory=list)
    """Whose conversations were played in it, see MadeOf."""

    @classmethod
    def new(cls, agent: str, by: str, at: float) -> "KeptChat":
        return cls(secrets.token_hex(16), agent, by, at, at)

    def path(self, tip: str | None = None) -> list[Turn]:
        """From the first turn to that one, by itself to the tip; none for a turn that is not there."""
        found: list[Turn] = []
        turn = self.turns.get(self.tip if tip is None else tip)
        while turn is not None and len(found) <= len(self.turns):
            found.append(turn)
            turn = self.turns.get(turn.up)
        return found[::-1]

    def below(self, up: str) -> list[Turn]:
        """The turns that go on from that one, oldest first; "": the first ones."""
        return [one for one in self.turns.values() if one.up == up]

    def end(self, id: str) -> str:
        """The end of the newest way on from that turn."""
        while further := self.below(id):
            id = further[-1].id
        return id

    def forks(self, tip: str, tried: Json | None = None) -> list[Json]:
        """Where one may go another way: at each turn of the path with others beside it, and after the tip.

        `tried`: of what this one answered, since others stand in columns of their own; None: of all.
        """
        rows = []
        for number, turn in enumerate(self.path(tip)):
            beside = [one.id for one in self.below(turn.up) if one is turn or _is_of(one, tried)]
            if len(beside) > 1:
                rows.append(self._fork(number, turn.question, beside.index(turn.id), beside))
        if ahead := [one for one in self.below(tip) if _is_of(one, tried)]:
            rows.append(self._fork(len(self.path(tip)), ahead[-1].question, -1, [one.id for one in ahead]))
        return rows

    def _fork(self, number: int, question: str, chosen: int, ways: list[str]) -> Json:
        ends = [self.end(one) for one in ways]
        return {"number": number, "question": question[:LONGEST_NAME], "chosen": chosen, "ends": ends}

    def add(self, turn: Turn, *, moves: bool = True) -> None:
        """`moves`: the chat stands there now."""
        turn.events = _bounded(turn.events)
        self.turns[turn.id] = turn
        self.changed = turn.at
        if moves:
            self.tip = turn.id
        self._bound()

    def head(self) -> Json:
        """What a list says of it."""
        said = "\n".join(f"{one.question}\n{one.answer}" for one in self.turns.values())
        first = next((one.question for one in self.turns.values()), "")
        return {
            "id": self.id,
            "name": self.name or " ".join(first.split())[:LONGEST_NAME],
            "named": bool(self.name),
            "at": self.at,
            "changed": self.changed,
            "turns": len(self.turns),
            "rated": sum(1 for one in self.turns.values() if one.rating),
            "deleted": self.deleted,
            "words": said[:LONGEST_FOUND],
        }

    def to_json(self) -> Json:
        return {**vars(self), "turns": [vars(one) for one in self.turns.values()]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "KeptChat":
        """Raises KeyError, TypeError for what is none."""
        turns = {one["id"]: Turn(**one) for one in data["turns"]}
        return cls(**{**data, "turns": turns})

    def _bound(self) -> None:
        for one in self._least_needed():
            if self._size() <= LARGEST:
                return
            if one.events:
                one.events = []
        for one in self._least_needed():
            if self._size() <= LARGEST or one.id == self.tip:
                return
            self._leave_out(one)

    def _least_needed(self) -> list[Turn]:
        path = {one.id for one in self.path()}
        return sorted(self.turns.values(), key=lambda one: (one.id in path, one.at))

    def _leave_out(self, gone: Turn) -> None:
        del self.turns[gone.id]
        for one in self.below(gone.id):
            one.up = gone.up

    def _size(self) -> int:
        return len(packed(self.to_json()))


def _is_of(turn: Turn, tried: Json | None) -> bool:
    names = ("version", "model")
    return tried is None or all((turn.tried.get(one) or "") == (tried.get(one) or "") for one in names)


def packed(data: Any) -> bytes:
    """As JSON that any store takes."""
    return json.dumps(wellformed.data(data), ensure_ascii=False, separators=(",", ":"), default=str).encode()


def new_turn(up: str, said: list[Json], at: float) -> Turn:
    return Turn(secrets.token_hex(8), up, at, said)


def _bounded(events: Iterable[Json]) -> list[Json]:
    kept = list(events)
    if len(packed(kept)) > LARGEST_TRACE:
        kept = [{name: None if name in WORDS else value for name, value in one.items()} for one in kept]
    return kept if len(packed(kept)) <= LARGEST_TRACE else []
