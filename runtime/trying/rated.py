"""What was thought of answers in the playground, of all who tried agents out: for those who look after them.

A rating is told to the others, with the question and the answer that it is of; the rest of the chat is not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from runtime import wellformed
from runtime.message import Exchange
from runtime.trying.kept_chat import KeptChat, Turn
from runtime.trying.kept_chats import HEAD, KeptChats

MOST = 1_000
"""Ratings that are told, the newest."""
BEFORE = 4
"""Turns before it that go along."""


@dataclass(frozen=True)
class Rated:
    """`by`: who tried the agent; `version`: how it is called, "" for the agent as it stood then.

    `at`: when it was rated, seconds since 1970.
    """

    agent: str
    by: str
    chat: str
    turn: str
    at: float
    good: bool
    note: str
    question: str
    answer: str
    version: str
    before: Sequence[Exchange] = ()
    """What was said before, in the same chat."""


def rated(data: Path, since: float, until: float) -> list[Rated]:
    """Told in that time, the newest first. Reads each chat that has any: tens of milliseconds a hundred."""
    found = [
        one
        for path in (data / "played").glob(f"*/*/*{HEAD}")
        for chat in _chat(path)
        for one in _of(chat)
        if since <= one.at < until
    ]
    return sorted(found, key=lambda one: -one.at)[:MOST]


def find(data: Path, agent: str, chat: str, turn: str) -> tuple[KeptChat, Turn] | None:
    """A rated answer, whoever rated it; None where it is not there, or not rated any more."""
    for one in rated(data, 0.0, float("inf")):
        if (one.agent, one.chat, one.turn) == (agent, chat, turn):
            kept = KeptChats(data, agent, one.by).find(chat)
            return kept, kept.turns[turn]
    return None


def _chat(head: Path) -> Iterator[KeptChat]:
    """None for one without ratings, or that is deleted."""
    try:
        told = wellformed.load(head.read_bytes())
        if isinstance(told, dict) and told.get("rated") and not told.get("deleted"):
            whole = wellformed.load(head.with_suffix(".json").read_bytes())
            yield KeptChat.from_json(whole)
    except (OSError, ValueError, KeyError, TypeError):
        return


def _of(chat: KeptChat) -> Iterator[Rated]:
    for turn in chat.turns.values():
        rating = turn.rating or {}
        if isinstance(rating.get("good"), bool):
            yield Rated(
                chat.agent,
                chat.by,
                chat.id,
                turn.id,
                float(rating.get("at") or 0),
                rating["good"],
                str(rating.get("note") or ""),
                turn.question,
                turn.answer,
                str(turn.tried.get("name") or turn.tried.get("version") or turn.tried.get("model") or ""),
                [Exchange(said.question, said.answer) for said in chat.path(turn.up)[-BEFORE:]],
            )
