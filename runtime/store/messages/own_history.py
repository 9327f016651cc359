"""What somebody said and was told, as they see it themselves; and what they thought of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.store.database import Database, Db, Row
from runtime.store.messages.followed import BY_HAND
from runtime.store.messages.message_json import load
from runtime.store.messages.ratings import ByNow, answer_mark

SAID = """
select seq, key, accepted_at, kind, text, reply, failure, finish, state, message
from messages indexed by conversation
where publication=? and sender=? and seq<? and state<>'recalled' and kind<>'event' order by seq desc limit ?
"""
RATED = """
select seq, message, text from messages indexed by conversation
where publication=? and sender=? and kind='event' and state='silent' order by seq desc limit 1000
"""
ANSWERED = """
select seq, key from messages indexed by conversation
where publication=? and sender=? and accepted_at>=? and kind not in ('event', 'start') and reply<>''
  and failure='' and state<>'recalled' order by seq desc limit 1
"""
LATELY = 200
"""A person's messages whose answers can be judged by what was sent."""
SENT = """
select m.seq, m.key from (select seq, key from messages indexed by conversation
  where publication=? and sender=? order by seq desc limit ?) m
join moments n on n.seq=m.seq where n.what='sent_as' and n.detail=? limit 1
"""
NAMED = "select seq from messages where publication=? and sender=? and key=?"


@dataclass(frozen=True)
class Said:
    """`id`: the sender's own, or ""; `files`: as the message's data has them; `failure`: why `reply` is only
    an apology, or ""; `finish`: see events.Replied; `verdict`: good, bad or none; `at`: seconds since
    1970."""

    seq: int
    id: str
    at: float
    kind: str
    text: str
    files: Sequence[Mapping[str, Any]]
    reply: str
    failure: str
    finish: str
    is_open: bool
    verdict: str


class OwnHistory:
    """Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def before(self, publication: str, sender: str, seq: int, most: int) -> tuple[list[Said], bool]:
        """The newest of them before message `seq`, the oldest first, and whether there are more."""

        def work(db: Db) -> tuple[list[Said], bool]:
            rows = db.execute(SAID, (publication, sender, seq, most + 1)).fetchall()
            verdicts = _verdicts(db, publication, sender)
            found = [_said(row, publication, sender, verdicts) for row in reversed(rows[:most])]
            shown = [one for one in found if one and (one.text or one.reply or one.files)]
            return shown, len(rows) > most

        return await self._database.read(work)

    async def named(self, publication: str, sender: str, key: str) -> int | None:
        """The number of the message with that key."""
        row = await self._database.read(lambda db: db.execute(NAMED, (publication, sender, key)).fetchone())
        return int(row["seq"]) if row else None

    async def newest_answered(self, publication: str, sender: str, since: float) -> tuple[int, str] | None:
        """Number and key of their newest message that got an answer since then."""
        of = (publication, sender, since)
        row = await self._database.read(lambda db: db.execute(ANSWERED, of).fetchone())
        return (int(row["seq"]), str(row["key"])) if row else None

    async def sent_as(self, publication: str, sender: str, name: str) -> tuple[int, str] | None:
        """Number and key of the message of theirs, of the newest, in whose answer that was sent."""
        of = (publication, sender, LATELY, name)
        row = await self._database.read(lambda db: db.execute(SENT, of).fetchone())
        return (int(row["seq"]), str(row["key"])) if row else None

    async def verdict(self, publication: str, sender: str, key: str, seq: int) -> tuple[str, str]:
        """What they think of the answer to that message: the verdict, and why; "none" where they said
        nothing."""
        mark = answer_mark(publication, sender, key, seq)
        found = await self._database.read(lambda db: _verdicts(db, publication, sender))
        return found.get(mark, ("none", ""))


def _verdicts(db: Db, publication: str, sender: str) -> dict[str, tuple[str, str]]:
    """By the mark of the answer, the newest."""
    found: dict[str, tuple[str, str]] = {}
    by_now = ByNow()
    for row in db.execute(RATED, (publication, sender)):
        told = json.loads(row["message"]).get("data", {})
        if told.get("event") == "rated" and by_now.is_said_by(sender, told):
            found[str(told.get("of", ""))] = (str(told.get("verdict", "none")), row["text"])
    return found


def _said(row: Row, publication: str, sender: str, verdicts: Mapping[str, tuple[str, str]]) -> Said | None:
    """None for what stands in the answer to another."""
    whole = load(row["message"])
    if BY_HAND in whole.data:
        return None
    files = whole.data.get("files")
    mark = answer_mark(publication, sender, row["key"], row["seq"])
    return Said(
        row["seq"],
        whole.handle.get("id", ""),
        whole.at or row["accepted_at"],
        whole.kind,
        row["text"],
        [one for one in files if isinstance(one, dict)] if isinstance(files, list) else (),
        row["reply"] or "",
        row["failure"] or "",
        row["finish"],
        row["state"] == "accepted",
        verdicts.get(mark, ("none", ""))[0],
    )
