"""Answers that were right, by operators, bases and those who asked; and what each stands instead of.

Of somebody who was forgotten nothing is left that could be taken.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from runtime.message import Exchange, in_words
from runtime.store.database import Db, Row
from runtime.store.messages.history import earlier
from runtime.store.messages.message_json import load
from runtime.store.messages.ratings import Rating, ratings
from runtime.store.messages.scores import Score, scores

How = Literal["operator", "base", "liked", "scored"]
"""Who says that it is right: an operator who wrote it, a base's table of answers, the person who asked; or
how right, by points."""
BEFORE = 4
"""Messages before the question that go along, for what it speaks of."""
MOST = 20_000
"""Lessons, the newest."""
LONGEST = 20_000
"""Characters of a text."""

SAID = f"""
select id, message, text, at from ticket_lines
where kind='said' and message is not null and at >= ? and at < ? order by id desc limit {MOST}
"""
ASKED = """
select seq, publication, sender, kind, text, message, reply, failure, handoff, version from messages
where seq=?
"""
FAILED = "select 1 from moments where seq=? and what='answered' and detail<>'' limit 1"
"""The turn ended with an apology, also where an operator answered since."""
Knows = Callable[[str], str]
"""The answer that a base's table has for this question; "" for none."""


@dataclass(frozen=True)
class Lesson:
    """`before`: what was said before; `answer`: what is right; `instead`: what was not, "" where nothing
    was."""

    seq: int
    publication: str
    sender: str
    version: int | None
    how: How
    before: Sequence[Exchange]
    question: str
    answer: str
    instead: str
    score: int = 0
    """1 to 5 that its person gave for the conversation; 0: none."""
    note: str = ""
    """Why, in their words."""


def lessons(db: Db, publications: Sequence[str], since: float, until: float, knows: Knows) -> list[Lesson]:
    """Of what was said and judged in that time, one a question, in the order in which they were asked."""
    corrected = _said(db, since, until)
    judged: dict[int, Rating] = {}
    for one in ratings(db, publications, since, until):
        judged.setdefault(one.seq, one)  # the newest
    found = []
    for seq in sorted({*corrected, *judged})[-MOST:]:
        row = db.execute(ASKED, (seq,)).fetchone()
        if row is None or row["publication"] not in publications or not (row["text"] or "").strip():
            continue
        if row["kind"] in ("event", "start"):
            continue
        if lesson := _lesson(db, row, corrected.get(seq, ()), judged.get(seq), knows):
            found.append(lesson)
    return found


def scored(db: Db, publications: Sequence[str], since: float, until: float) -> list[Lesson]:
    """Conversations for which people gave points in that time, in the order in which they ended."""
    newest: dict[int, Score] = {}
    for one in scores(db, publications, since, until):
        newest.setdefault(one.seq, one)
    found = []
    for seq in sorted(newest)[-MOST:]:
        row, one = db.execute(ASKED, (seq,)).fetchone(), newest[seq]
        if row is None or not (row["text"] or "").strip() or not (row["reply"] or "").strip():
            continue
        before = earlier(db, row["publication"], row["sender"], seq, BEFORE)
        own = (seq, row["publication"], row["sender"], row["version"])
        question = in_words(row["text"], row["kind"], load(row["message"]).data)
        texts = (question[:LONGEST], row["reply"][:LONGEST], "")
        found.append(Lesson(*own, "scored", before, *texts, one.score, one.text))
    return found


def _said(db: Db, since: float, until: float) -> Mapping[int, Sequence[str]]:
    """Operators' words, by the message that they answer."""
    found: dict[int, list[str]] = {}
    for row in db.execute(SAID, (since, until)).fetchall():
        if words := (row["text"] or "").strip():
            found.setdefault(int(row["message"]), []).insert(0, words)
    return found


def _lesson(db: Db, row: Row, said: Sequence[str], judged: Rating | None, knows: Knows) -> Lesson | None:
    """None where nobody says what is right."""
    by_agent = _without(row["reply"] or "", said)
    failed = row["failure"] or db.execute(FAILED, (row["seq"],)).fetchone()
    was_wrong = by_agent and not failed and not row["handoff"]
    answer: str = "\n".join(said)
    how: How = "operator"
    if not said and judged and judged.verdict == "bad":
        how, answer = "base", knows(row["text"])
    elif not said and judged and judged.verdict == "good" and not failed:
        how, answer, was_wrong = "liked", by_agent, False
    if not answer.strip():
        return None
    instead = by_agent if was_wrong and by_agent.strip() != answer.strip() else ""
    question = in_words(row["text"], row["kind"], load(row["message"]).data)
    before = earlier(db, row["publication"], row["sender"], row["seq"], BEFORE)
    own = (row["seq"], row["publication"], row["sender"], row["version"])
    return Lesson(*own, how, before, question[:LONGEST], answer[:LONGEST], instead[:LONGEST])


def _without(reply: str, said: Sequence[str]) -> str:
    """What the agent had answered before an operator's words were put behind it."""
    for words in reversed(said):
        if reply == words:
            return ""
        if reply.endswith(f"\n{words}"):  # they stand apart by one line end in what is old, else by two
            reply = reply.removesuffix(words).rstrip("\n")
    return reply
