"""Who waits for an operator: tickets, what happened to each, and what an operator says to their person.

A person has one ticket at a time on a surface. While an operator has it, the agent says nothing to them: that
is looked up with each message that comes, so it holds in every process and after every start.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from runtime.answer import AnswerPart
from runtime.person import Handing
from runtime.store.database import Db, Row
from runtime.store.messages.followed import NOT_BY_HAND, told_to_who_follows
from runtime.store.messages.handed import drop_unsent
from runtime.store.messages.moments import note
from runtime.store.messages.person_values import note_step, step_result
from runtime.store.messages.states import MESSAGE_STEPS, TicketState, among, before
from runtime.store.messages.within import WITHIN, within_of

DAY = 86_400.0
SILENT = DAY
"""Seconds after an operator's last deed for which the agent stays silent: somebody may have forgotten."""
LONGEST = 4000
"""Characters of a line, a reason, a summary."""
LONGEST_REPLY = 20_000
MOST_LISTED = 500

LineKind = Literal["opened", "taken", "said", "note", "handed_back", "waiting", "done", "reopened", "due"]
Outcome = Literal["done", "gone", "other", "repeat"]
"""Of a deed: it was done; there is no such ticket, or nobody to write to; not in that state, or another
operator has it; it was done before."""

SILENCED = """
select id from tickets indexed by one_ticket where publication=? and sender=? and state<>'done'
  and (state='taken' and taken_at > ? or state='open' and silent=1 and at > ?)
"""
"""Whether an operator has the person, so that the agent says nothing: they did something since then."""
OPEN = "select id from tickets indexed by one_ticket where publication=? and sender=? and state<>'done'"
WITHDRAWN = """
select seq from messages indexed by conversation where publication=? and sender=? and state='accepted'
"""
ANSWERABLE = f"""
select seq, state from messages indexed by conversation where publication=? and sender=?
  and kind<>'event' and {NOT_BY_HAND}
  and state in ({among(("answered", *before("answered", MESSAGE_STEPS)))})
order by seq desc limit 1
"""
"""The newest of a person that an operator's words can answer."""
UNSENT_WORDS = """
select distinct m.publication, m.seq, m.message from ticket_lines l join messages m on m.seq=l.message
where l.id > (select coalesce(max(id), 0) - 1000 from ticket_lines) and l.kind='said' and m.state='answered'
order by m.seq
"""
"""Answers with an operator's words that are on their way, or were put there by another process. One that is
older than the newest thousand lines goes out with the next start."""
ORDER = (
    "case state when 'open' then 0 when 'taken' then 1 when 'waiting' then 2 else 3 end,"
    " priority desc, case when due is null then 1 else 0 end, due, at"
)


@dataclass(frozen=True)
class Ticket:
    """Times: seconds since 1970."""

    id: int
    publication: str
    sender: str
    seq: int
    agent: str
    state: TicketState
    reason: str
    summary: str
    sentiment: str
    priority: int
    at: float
    due: float | None
    taken_by: str
    taken_at: float | None
    done_at: float | None
    draft: str

    def is_late(self, now: float) -> bool:
        return self.due is not None and self.due < now and self.state != "done"


class Standing(NamedTuple):
    """How many are in each state; `late`: of all; `oldest`: seconds for which the first of the open ones
    waits."""

    open: int
    taken: int
    waiting: int
    late: int
    oldest: float


@dataclass(frozen=True)
class Line:
    kind: LineKind
    by: str
    text: str
    at: float
    message: int | None


def open_ticket(
    db: Db,
    lane: tuple[str, str],
    agent: str,
    wanted: Handing,
    now: float,
    *,
    seq: int,
    step: str,
) -> int:
    """The number of the ticket that is open already, or of a new one. Once for that step of the turn."""
    if (known := step_result(db, seq, step)) is not None:
        return int(known)
    row = db.execute(OPEN, lane).fetchone()
    texts = (wanted.reason[:LONGEST], wanted.summary[:LONGEST], wanted.sentiment[:LONGEST])
    if row:
        id = int(row["id"])
        sql = (
            "update tickets set reason=?, summary=?, sentiment=?, seq=?,"
            " priority=case when priority > ? then priority else ? end,"
            " due=case when due < ? then due else coalesce(?, due) end where id=?"
        )
        db.execute(sql, (*texts, seq, *(2 * (wanted.priority,)), *(2 * (wanted.due,)), id))
    else:
        id = new_ticket(db, lane, agent, wanted, now, seq)
    add_line(db, id, "opened", agent, wanted.reason, now, seq)
    note_step(db, seq, step, id)
    return id


def new_ticket(db: Db, lane: tuple[str, str], agent: str, wanted: Handing, now: float, seq: int) -> int:
    """Where none is open; its number."""
    sql = (
        "insert into tickets(publication, sender, seq, agent, reason, summary, sentiment, priority, at,"
        " due, silent) values(?,?,?,?,?,?,?,?,?,?,?) returning id"
    )
    texts = (wanted.reason[:LONGEST], wanted.summary[:LONGEST], wanted.sentiment[:LONGEST])
    values = (*lane, seq, agent, *texts, wanted.priority, now, wanted.due, int(wanted.silent))
    return int(db.execute(sql, values).fetchone()[0])


def take(db: Db, id: int, by: str, now: float) -> tuple[Outcome, list[int]]:
    """From now on that operator has the person. Also the messages that get no turn any more."""
    ticket = find(db, id)
    if ticket is None:
        return "gone", []
    if ticket.state == "taken" and ticket.taken_by != by:
        return "other", []
    if ticket.state not in ("open", "waiting", "taken"):
        return "other", []
    db.execute("update tickets set state='taken', taken_by=?, taken_at=? where id=?", (by, now, id))
    if ticket.state != "taken":
        add_line(db, id, "taken", by, "", now)
    lane = (ticket.publication, ticket.sender)
    withdrawn = [row["seq"] for row in db.execute(WITHDRAWN, lane)]
    for seq in withdrawn:
        db.execute("update messages set state='handed' where seq=?", (seq,))
        note(db, seq, now, "handed")
    if not any(line.kind == "said" for line in lines_of(db, id)):
        drop_unsent(db, *lane)  # the agent's; what an operator said waits on
    return "done", withdrawn


def say(
    db: Db, id: int, by: str, text: str, parts: Sequence[AnswerPart], key: str, now: float
) -> tuple[Outcome, int]:
    """Words of the operator who has the person: more of the answer to what they wrote last; its number.

    With the same key it is said once.
    """
    ticket = find(db, id)
    if ticket is None:
        return "gone", 0
    known = db.execute("select message from ticket_lines where key=?", (f"{id} {key}",)).fetchone()
    if known:
        return "repeat", int(known["message"] or 0)
    if ticket.state != "taken" or ticket.taken_by != by:
        return "other", 0
    row = db.execute(ANSWERABLE, (ticket.publication, ticket.sender)).fetchone()
    if row is None:
        return "gone", 0
    seq = int(row["seq"])
    [most] = db.execute("select coalesce(max(number), -1) from parts where seq=?", (seq,)).fetchone()
    sql = "insert into parts(seq, number, text, kind, data) values(?,?,?,?,?)"
    for n, part in enumerate(parts, int(most) + 1):
        data = json.dumps(part.data, ensure_ascii=False) if part.data else ""
        db.execute(sql, (seq, n, part.text, part.kind, data))
    before = db.execute("select reply from messages where seq=?", (seq,)).fetchone()["reply"]
    said = (f"{before}\n\n{text}" if before else text)[:LONGEST_REPLY]
    sql = "update messages set state='answered', failure='', finished_at=?, reply=? where seq=?"
    db.execute(sql, (now, said, seq))
    note(db, seq, now, "by_hand")
    told_to_who_follows(db, seq, text, f"{id} {key}", now)
    db.execute("update tickets set taken_at=?, draft='' where id=?", (now, id))
    add_line(db, id, "said", by, text, now, seq, f"{id} {key}")
    return "done", seq


def move(db: Db, id: int, by: str, state: TicketState, kind: LineKind, now: float) -> Outcome:
    """Another state than taken; nobody else's while another operator has it."""
    ticket = find(db, id)
    if ticket is None:
        return "gone"
    if ticket.state == state or (ticket.state == "taken" and ticket.taken_by != by):
        return "other"
    other = db.execute(OPEN, (ticket.publication, ticket.sender)).fetchone()
    if ticket.state == "done" and other:
        return "other"  # they have a newer one
    done = now if state == "done" else None
    sql = "update tickets set state=?, done_at=?, taken_by='', silent=0 where id=?"
    db.execute(sql, (state, done, id))
    add_line(db, id, kind, by, "", now)
    return "done"


def add_line(
    db: Db,
    id: int,
    kind: LineKind,
    by: str,
    text: str,
    now: float,
    message: int | None = None,
    key: str | None = None,
) -> None:
    sql = "insert into ticket_lines(ticket, kind, by, text, at, message, key) values(?,?,?,?,?,?,?)"
    db.execute(sql, (id, kind, by, text[:LONGEST], now, message, key))


def find(db: Db, id: int) -> Ticket | None:
    row = db.execute("select * from tickets where id=?", (id,)).fetchone()
    return _ticket(row) if row else None


def lines_of(db: Db, id: int) -> list[Line]:
    sql = "select id, kind, by, text, at, message from ticket_lines where ticket=? order by id"
    return [Line(*tuple(row)[1:]) for row in db.execute(sql, (id,))]


def listed(
    db: Db,
    *,
    done: bool = False,
    agents: Sequence[str] = (),
    within: Collection[str] | None = None,
    skip: int = 0,
    most: int = MOST_LISTED,
) -> list[Ticket]:
    """Who waits longest and most urgently first; those that are done by the newest. `agents`: theirs only;
    `within`: of these publications."""
    order = "done_at desc, id desc" if done else f"{ORDER}, id"
    of = f" and agent in ({', '.join('?' * len(agents))})" if agents else ""
    where = f"{_over(done)} and {WITHIN}{of}"
    sql = f"select * from tickets where {where} order by {order} limit ? offset ?"
    return [_ticket(row) for row in db.execute(sql, (*within_of(within), *agents, most, skip))]


def counted(db: Db, *, done: bool = False, within: Collection[str] | None = None) -> int:
    sql = f"select count(*) from tickets where {_over(done)} and {WITHIN}"
    return int(db.execute(sql, within_of(within)).fetchone()[0])


def _over(done: bool) -> str:
    return "state='done'" if done else "state<>'done'"


def overdue(db: Db, now: float) -> list[Ticket]:
    """Those of which nobody was told yet; told now."""
    sql = "select * from tickets where state<>'done' and alerted=0 and due<?"
    late = [_ticket(row) for row in db.execute(sql, (now,))]
    db.executemany("update tickets set alerted=1 where id=?", [(one.id,) for one in late])
    return late


def standing(db: Db, now: float) -> Standing:
    """Of those that are not done."""
    sql = (
        "select count(*) filter (where state='open'), count(*) filter (where state='taken'),"
        " count(*) filter (where state='waiting'), count(*) filter (where due<:now),"
        " min(at) filter (where state='open')"
        " from tickets indexed by one_ticket where state<>'done'"
    )
    opened, taken, waiting, late, first = db.execute(sql, {"now": now}).fetchone()
    return Standing(opened, taken, waiting, late, 0.0 if first is None else max(0.0, now - first))


def _ticket(row: Row) -> Ticket:
    return Ticket(**{name: row[name] for name in Ticket.__dataclass_fields__})
