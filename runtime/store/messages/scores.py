"""How satisfied people were with a conversation, from 1 to 5, as they answered when they were asked."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.store.database import Database, Db, Row
from runtime.store.messages.ratings import MARKED, MOST, answer_mark
from runtime.store.messages.score_asking import ASKS, BY, LANGUAGE, QUESTION

SCORED = "scored"
"""The event of a score: `of` the question's mark, `score` 1 to 5, 0 for "do not ask"; its text says why."""
GIVEN = """
select publication, sender, message, text, accepted_at from messages indexed by events
  where kind='event' and state='silent' and accepted_at >= :since and accepted_at < :until
  and (message like '%"scored"%' or message not like '{%')
  and publication in (select value from json_each(:publications))
order by accepted_at desc, seq desc limit :most
"""
"""What is sealed is looked into once it is open."""
ASKED = "select seq, publication, sender, key, message from messages where seq=?"
NEWEST = """
select seq, key, kind, message, accepted_at from messages indexed by conversation
where publication=? and sender=? and not (kind='event' and state='silent') order by seq desc limit 1
"""
QUESTIONS = f"""
select seq, key, message, accepted_at from messages indexed by conversation
where publication=? and sender=? and {QUESTION} and reply<>''
order by seq desc limit 1
"""
ANSWERS = """
select message from messages indexed by conversation
where publication=? and sender=? and seq>? and kind='event' order by seq desc limit 1000
"""


@dataclass(frozen=True)
class Score:
    """`seq`: the message that the conversation ended with, which `version` answered; `by`: the operator who
    had the person, "" for none; `at`: seconds since 1970."""

    seq: int
    publication: str
    sender: str
    score: int
    text: str
    at: float
    version: int | None
    by: str


@dataclass(frozen=True)
class Question:
    """Of a person. `is_newest`: nothing was said since; `score`: what they answered so far, 0 for nothing."""

    mark: str
    at: float
    language: str
    is_newest: bool
    score: int


class ScoreRows:
    """Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def question(self, publication: str, sender: str) -> Question | None:
        """The newest that they were asked."""
        return await self._database.read(lambda db: _question(db, publication, sender))


def scores(db: Db, publications: Iterable[str], since: float, until: float, most: int = MOST) -> list[Score]:
    """The newest of each person's for each question, newest first; what nobody was asked is none."""
    among = json.dumps(list(publications))
    given = {"since": since, "until": until, "publications": among, "most": most}
    found: dict[tuple[str, str], Score | None] = {}
    for row in db.execute(GIVEN, given):
        told = _data(row)
        place = (row["sender"], str(told.get("of", "")))
        if told.get("event") == SCORED and valid(told.get("score")) and place not in found:
            found[place] = _score(db, row, place[1], told["score"])
    return [one for one in found.values() if one]


def average(found: Sequence[Score]) -> float | None:
    """None of none."""
    return sum(one.score for one in found) / len(found) if found else None


def valid(score: object) -> bool:
    return type(score) is int and 1 <= score <= 5


def _score(db: Db, row: Row, of: str, score: int) -> Score | None:
    marked = MARKED.fullmatch(of)
    asked = db.execute(ASKED, (int(marked[1]),)).fetchone() if marked else None
    if asked is None or (asked["publication"], asked["sender"]) != (row["publication"], row["sender"]):
        return None
    told = _data(asked)
    if _mark(asked) != of or not asked["key"].startswith(f"{ASKS} ") or not isinstance(told.get(ASKS), int):
        return None
    last = db.execute("select version from messages where seq=?", (told[ASKS],)).fetchone()
    version = last["version"] if last else None
    whose = (row["publication"], row["sender"])
    return Score(
        told[ASKS], *whose, score, row["text"] or "", row["accepted_at"], version, str(told.get(BY, ""))
    )


def _data(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row["message"]).get("data", {})
    return found


def _mark(asked: Row) -> str:
    return answer_mark(asked["publication"], asked["sender"], asked["key"], asked["seq"])


def _question(db: Db, publication: str, sender: str) -> Question | None:
    lane = (publication, sender)
    asked = db.execute(QUESTIONS, lane).fetchone()
    if asked is None:
        return None
    mark = answer_mark(*lane, asked["key"], asked["seq"])
    newest = db.execute(NEWEST, lane).fetchone()
    given = (_data(row) for row in db.execute(ANSWERS, (*lane, asked["seq"])))
    answered = (one["score"] for one in given if one.get("event") == SCORED and one.get("of") == mark)
    language = str(_data(asked).get(LANGUAGE, ""))
    score = next(filter(valid, answered), 0)
    return Question(mark, asked["accepted_at"], language, newest["seq"] == asked["seq"], score)
