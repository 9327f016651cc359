"""A message is stored before anything is acknowledged; one that comes again finds the first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from runtime.message import Exchange, Message
from runtime.store.database import Db, Row, instance_of, is_leaving
from runtime.store.messages.carried import Response, recorded
from runtime.store.messages.handed import REPORTS, Happened, befall
from runtime.store.messages.history import earlier
from runtime.store.messages.message_json import dump
from runtime.store.messages.moments import note
from runtime.store.messages.states import UNFINISHED, MessageState, among
from runtime.store.messages.tickets import SILENCED, SILENT
from runtime.store.messages.waking import wake
from runtime.store.messages.wished import said

STORED = f"""
insert into messages(publication, sender, key, kind, text, message, accepted_at{{owner}})
  values(?,?,?,?,?,?,?{{whose}})
on conflict do nothing returning seq, owner, exists({SILENCED}) as silenced,
  exists(select 1 from waits indexed by waits_of where publication=? and sender=?) as waits{{after}}
"""
"""How the person stands is looked up in one go, since every message is asked about."""
ALONE = STORED.format(owner="", whose="", after="")
CLAIMED = STORED.format(
    owner=", owner",
    whose=f""", coalesce((select o.owner from messages o where o.publication=? and o.sender=?
      and o.state in ({among(UNFINISHED)}) order by o.seq desc limit 1), ?)""",
    after=f""", (select o.seq from messages o where o.publication=? and o.sender=?
      and o.state in ({among(UNFINISHED)}) order by o.seq desc limit 1) as after""",
)
"""Among several instances it goes to the one that has what its person wrote before, so that it comes
after that: also to one that died, whose messages are taken over all together."""


@dataclass(frozen=True)
class Accepted:
    """A stored message. `is_new` is False for a repeat; then `state` tells how far the first one came."""

    seq: int
    is_new: bool
    state: MessageState = "accepted"
    response: Response | None = None
    """What a repeat of the callback is to be answered with again."""
    history: Sequence[Exchange] | None = None
    """What was said before; None: it is to be asked for when the turn begins."""
    waits: bool = True
    """A turn of this person's may wait. False: none did at that moment."""
    withdrawn: Sequence[int] = ()
    """Messages that get no turn any more because of this one."""
    owner: int = 0
    """The instance that works on it."""
    is_ours: bool = True
    """That is the one that stored it."""
    after: int = 0
    """What its person wrote before and is not done: among several, another may have stored it. 0: nothing."""

    @property
    def is_to_begin(self) -> bool:
        """Its turn is begun by whoever stored it."""
        return self.is_new and self.is_ours

    def alone(self) -> "Accepted":
        """Without what was said before, and whether a turn waits: asked for when its own begins."""
        return replace(self, history=None, waits=True)


@dataclass(frozen=True)
class Accepting:
    """Work of the store. `turns`: how much of what was said before is wanted, if it is new. `desk_seconds`:
    how long a human may have a person there; 0 where none can. `is_stale`: it came too late for an answer."""

    publication: str
    message: Message
    now: float
    turns: int = 0
    desk_seconds: float = 0.0
    is_stale: bool = False

    @property
    def lane(self) -> tuple[str, str]:
        """See OfOne."""
        return self.publication, self.message.sender

    def __call__(self, db: Db) -> Accepted:
        instance = instance_of(db)
        sql = ALONE if instance is None else CLAIMED
        row = db.execute(sql, self._values(instance, leaves=is_leaving(db))).fetchone()
        if row is None:
            return _repeated(db, self, instance)
        note(db, row["seq"], self.now, "accepted")
        if wish := said(self.message):
            note(db, row["seq"], self.now, "wished", wish)
        return _settled(db, self, row, instance)

    def _values(self, instance: int | None, *, leaves: bool) -> tuple[Any, ...]:
        message, lane = self.message, self.lane
        values = (*lane, message.id, message.kind, message.text, dump(message), self.now)
        stands = (*lane, *(2 * (self.now - SILENT,)), *lane)
        if instance is None:
            return (*values, *stands)
        return (*values, *lane, 0 if leaves else instance, *stands, *lane)


def _settled(db: Db, work: Accepting, row: Row, instance: int | None) -> Accepted:
    """What it does to others, and what its turn will want to know."""
    message, now, seq = work.message, work.now, row["seq"]
    happened = Happened()
    if row["silenced"] and message.data.get("event") not in REPORTS:
        db.execute("update messages set state='handed' where seq=?", (seq,))
        note(db, seq, now, "handed")
        happened = Happened("handed")
    elif work.desk_seconds or work.is_stale or message.kind == "event":
        happened = befall(db, work.publication, seq, message, now, work.desk_seconds, work.is_stale)
    history = earlier(db, *work.lane, seq, work.turns) if work.turns else None
    state, withdrawn = happened.state, happened.withdrawn
    accepted = Accepted(seq, True, state, history=history, waits=bool(row["waits"]), withdrawn=withdrawn)
    if instance is None:
        return accepted
    return _claimed(db, replace(accepted, after=row["after"] or 0), row["owner"], instance)


def _repeated(db: Db, work: Accepting, instance: int | None) -> Accepted:
    row = db.execute(
        "select seq, state, response, shown, owner from messages where publication=? and sender=? and key=?",
        (*work.lane, work.message.id),
    ).fetchone()
    note(db, row["seq"], work.now, "repeat")
    response = recorded(row["response"], row["shown"]) if row["response"] else None
    is_ours = row["owner"] == (instance or 0)
    return Accepted(row["seq"], False, row["state"], response, owner=row["owner"], is_ours=is_ours)


def _claimed(db: Db, accepted: Accepted, owner: int, instance: int) -> Accepted:
    is_ours = owner == instance or accepted.state != "accepted"  # then there is nothing to work on
    if not is_ours:
        wake(db, owner, accepted.seq)
    return replace(accepted, owner=owner, is_ours=is_ours)
