"""Parts of answers on their way to a person. Every method is one durable step, see `states`."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from runtime.answer import EDITS, AnswerPart
from runtime.message import Quota
from runtime.store.database import Database, Db, Lane, Row, instance_of, of_one
from runtime.store.messages.carried import Carried, Part, Response, recorded
from runtime.store.messages.moments import note, note_all
from runtime.store.messages.newest import left
from runtime.store.messages.page_secret import page_secret
from runtime.store.messages.settling import OWING, settle
from runtime.store.messages.states import (
    DUE,
    UNSEEN,
    UNSENT,
    UNTOLD,
    PartState,
    among,
)

WAITING = f"""
select p.seq, p.number, p.text, p.state, p.kind, p.data,
  (select count(*) from moments b indexed by moments_of where b.seq=p.seq and b.what='bounced') bounces,
  p.state='unknown' and not exists (
    select 1 from parts told where told.seq=p.seq and told.route='notice') untold
from messages m indexed by owing join parts p on p.seq = m.seq
where m.publication=? and m.sender=? and m.{OWING}
  and p.state in ({among(UNSEEN)}) order by p.seq, p.number
"""
HELD = f"""
select {{columns}} from messages m indexed by owing
where m.publication=? and m.sender > ? and m.{OWING} and m.state in ({among(DUE)})
  and m.accepted_at >= ? and (m.state<>'unknown' or not exists
    (select 1 from parts told where told.seq=m.seq and told.route='notice'))
group by m.sender order by m.sender limit ?
"""
"""People for whom something is to be sent or told, in an order in which one can go on."""

LEFT_BEHIND = """
select p.seq, p.number, p.route, p.data, m.publication, m.accepted_at
from parts p join messages m on m.seq = p.seq
where p.state='sending' and p.owner not in (select id from instances where id<>?)
"""
"""What was being sent when a process died."""
NO_BUBBLES: Mapping[str, float] = {}

Pushed = Literal["ready", "sent", "held", "unreachable", "unknown"]
"""What may become of a part that was sent."""


@dataclass(frozen=True)
class Taken:
    """What waits for a person, and how many parts may be pushed now."""

    parts: Sequence[Part]
    left: int
    doubts: Sequence[int] = ()
    """Messages whose answer may have been sent, and the person was not told yet."""
    claimed: bool = False
    """The first of `chosen` is."""

    @property
    def fits(self) -> bool:
        return len(self.parts) <= self.left

    @property
    def chosen(self) -> Sequence[Part]:
        """If not all may be pushed, the last push is to say where the rest is."""
        return self.parts if self.fits else self.parts[: max(0, self.left - 1)]


class Parts:
    """The undelivered side of the message store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, publication: str, sender: str, *, asked: bool = False) -> list[Part]:
        """A person's undelivered parts, oldest answer first; if they were `asked` for, doubtful ones too."""
        return await self._database.read(lambda db: _waiting(db, publication, sender, asked)[0])

    async def carry(
        self,
        seq: int,
        publication: str,
        sender: str,
        compose: Callable[[list[Part], str], Carried],
        now: float,
        *,
        asked: bool = False,
    ) -> Response:
        """Choose what the callback of `seq` is answered with, and record it; a repeat gets the same again.

        `compose` is given all parts that wait for the person, if it was `asked` for also doubtful ones, and
        the secret of the page of an answer that may not have arrived ("" for none), which the text tells of.
        Choosing and recording is one step, so that no part is carried by two responses.
        """

        def work(db: Db) -> Response:
            row = db.execute("select response, shown from messages where seq=?", (seq,)).fetchone()
            if row["response"]:
                return recorded(row["response"], row["shown"])
            parts, doubts = _waiting(db, publication, sender, asked)
            doubtful = [doubt for doubt in doubts if doubt != seq][-1:]
            text, carried, says_more, shown = compose(parts, page_secret(db, doubtful[0]) if doubtful else "")
            sql = "update messages set response=?, shown=? where seq=?"
            db.execute(sql, (text, json.dumps(shown, ensure_ascii=False) if shown else None, seq))
            db.executemany(
                "update parts set state='sent', route='passive', at=? where seq=? and number=?",
                [(now, part.seq, part.number) for part in carried],
            )
            note_all(db, [(part.seq, now, "carried", str(part.number)) for part in carried])
            for answered in {part.seq for part in carried}:
                settle(db, answered)
            for doubt in doubtful:
                _noticed(db, doubt, "", now)
            told = {part.seq for part in parts if part not in carried} if says_more else set()
            told |= {*doubtful, seq} if text and not carried else set(doubtful)
            for one in told:
                note(db, one, now, "placeholder")
            return Response(text, shown)

        return await self._database.write(of_one((publication, sender), work))

    async def take(self, publication: str, sender: str, quota: Quota, now: float) -> Taken:
        """What may be pushed to a person, see take()."""
        return await self._database.write(lambda db: take(db, publication, sender, quota, now))

    async def claim(self, part: Part, now: float) -> bool:
        """Take a part for pushing, on the disk before it is sent; False when somebody else has it."""
        return await self._database.write(lambda db: claim(db, part, now))

    async def pushed(
        self, part: Part, state: Pushed, code: str, now: float, *, lane: Lane | None = None
    ) -> None:
        """Record what became of a claimed part; `ready` puts it back for another try. `lane`: whose it is."""

        def work(db: Db) -> None:
            sql = "update parts set state=?, code=?, at=? where seq=? and number=? and state='sending'"
            if not db.execute(sql, (state, code, now, part.seq, part.number)).rowcount:
                return
            if state != "ready":
                note(db, part.seq, now, "pushed" if state == "sent" else state, code or str(part.number))
            settle(db, part.seq)

        await self._database.write(of_one(lane, work))

    async def keep(self, seqs: Iterable[int], now: float, *, told: bool) -> None:
        """What of these answers was not sent waits: for the person, if they were `told` where it is."""
        wanted = list(seqs)

        def work(db: Db) -> None:
            for seq in wanted:
                state: Literal["kept", "held"] = "kept" if told or _was_told(db, seq) else "held"
                sql = f"update parts set state=? where seq=? and state in ({among(UNTOLD)}) and state<>?"
                if db.execute(sql, (state, seq, state)).rowcount:
                    note(db, seq, now, state)
                settle(db, seq)

        if wanted:
            await self._database.write(work)

    async def sent_as(self, seq: int, name: str, now: float) -> None:
        """By what the platform names a piece of that answer, so that it can be judged."""

        def work(db: Db) -> None:
            note(db, seq, now, "sent_as", name)

        await self._database.write(work)

    async def noticed(self, seq: int, text: str, now: float) -> None:
        """A pushed sentence that says where the answer is; it counts as a push."""

        def work(db: Db) -> None:
            _noticed(db, seq, text, now)
            note(db, seq, now, "told")

        await self._database.write(work)

    async def anything_held(self, publication: str, since: float) -> bool:
        """Whether anything waits to be sent, or to be told, of messages since then."""
        sql = HELD.format(columns="1")
        return await self._database.read(
            lambda db: db.execute(sql, (publication, "", since, 1)).fetchone() is not None
        )

    async def release(self, now: float, lives: Mapping[str, float] = NO_BUBBLES) -> None:
        """At start: parts that were being sent when the process died may or may not have arrived.

        `lives`: by publication, for how many seconds after a message its bubble takes its end once more,
        which changes nothing of what is shown: what was leaving as such an end leaves again, and so does
        what was to be shown in a message that is there.
        """

        def work(db: Db) -> None:
            for row in db.execute(LEFT_BEHIND, (instance_of(db) or 0,)).fetchall():
                life = lives.get(row["publication"], 0.0) if row["route"] == "bubble" else 0.0
                again = EDITS in (json.loads(row["data"]) if row["data"] else {})
                state: Pushed = "ready" if again or now < row["accepted_at"] + life else "unknown"
                sql = "update parts set state=? where seq=? and number=?"
                db.execute(sql, (state, row["seq"], row["number"]))
                if state == "unknown":
                    note(db, row["seq"], now, "unknown")
                    settle(db, row["seq"])

        await self._database.write(work)


class Way(NamedTuple):
    """How far a part came, by what and when. `owner`: the instance that sends it."""

    state: PartState
    route: str | None = None
    at: float | None = None
    owner: int = 0


READY = Way("ready")
NUL = ("\0", "\N{REPLACEMENT CHARACTER}")
"""What becomes of it."""


def stored_as(seq: int, parts: Sequence[AnswerPart | str]) -> list[Part]:
    """Not every database keeps a NUL."""
    whole = (part if isinstance(part, AnswerPart) else AnswerPart(part) for part in parts)
    return [Part(seq, n, one.text.replace(*NUL), one.kind, one.data) for n, one in enumerate(whole)]


def store_parts(db: Db, parts: Sequence[Part], begun: int = 0, way: Way = READY) -> None:
    """The first `begun` of them went that way."""
    sql = (
        "insert into parts(seq, number, text, kind, data, state, route, at, owner) values(?,?,?,?,?,?,?,?,?)"
        " on conflict do nothing"
    )
    db.executemany(sql, [(*_columns(part), *(way if n < begun else READY)) for n, part in enumerate(parts)])


def _columns(part: Part) -> tuple[int, int, str, str, str]:
    data = json.dumps(part.data, ensure_ascii=False) if part.data else ""
    return part.seq, part.number, part.text, part.kind, data


def claim(db: Db, part: Part, now: float) -> bool:
    sql = (
        "update parts set state='sending', route='push', at=?, owner=?"
        f" where seq=? and number=? and state in ({among(UNSENT)})"
    )
    return db.execute(sql, (now, instance_of(db) or 0, part.seq, part.number)).rowcount == 1


def take(db: Db, publication: str, sender: str, quota: Quota, now: float) -> Taken:
    """All undelivered parts of a person, and how many pushes the person's newest message still allows.

    The first part is claimed, unless something else is to be sent before it.
    """
    parts, doubts = _waiting(db, publication, sender)
    taken = Taken(parts, left(db, publication, sender, quota, now), doubts)
    if doubts or not taken.chosen:
        return taken
    return replace(taken, claimed=claim(db, taken.chosen[0], now))


def _waiting(db: Db, publication: str, sender: str, asked: bool = False) -> tuple[list[Part], list[int]]:
    """What is to be sent, and messages whose answer may have been sent and nobody told the person."""
    rows = db.execute(WAITING, (publication, sender)).fetchall()
    sure = [row for row in rows if asked or row["state"] != "unknown"]
    parts = [part_of_row(row) for row in sure]
    doubts = {row["seq"]: None for row in rows if row["untold"] and not asked}
    return parts, list(doubts)


def part_of_row(row: Row) -> Part:
    data = json.loads(row["data"]) if row["data"] else {}
    return Part(row["seq"], row["number"], row["text"], row["kind"], data, row["bounces"])


def _was_told(db: Db, seq: int) -> bool:
    """Whether the person has a way to the answer."""
    sql = "select 1 from moments where seq=? and what in ('placeholder', 'told') limit 1"
    return db.execute(sql, (seq,)).fetchone() is not None


def _noticed(db: Db, seq: int, text: str, now: float) -> None:
    most = db.execute("select max(number) from parts where seq=?", (seq,)).fetchone()[0]
    sql = (
        "insert into parts(seq, number, text, state, route, at) select ?, ?, ?, 'sent', 'notice', ?"
        " from parts where seq=? limit 1"
    )
    db.execute(sql, (seq, (most or 0) + 1, text, now, seq))
