"""What came in one call from a platform is stored in one step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from runtime.message import Bounce, Message
from runtime.store.database import Db, Row
from runtime.store.messages.accepting import Accepted, Accepting
from runtime.store.messages.moments import note
from runtime.store.messages.part_key import key_of, notice_of, part_of
from runtime.store.messages.settling import SETTLED, UNSETTLED
from runtime.store.messages.states import ARRIVING, MESSAGE_STEPS, among, before
from runtime.store.messages.steps import learn
from runtime.store.messages.twins import Same, never, twin

LATELY = 100
"""A person's messages whose parts are looked through: platforms tell within minutes."""
TIMES = 4
"""How often one answer may have come back before."""
LEFT = f"""
select p.seq, p.number, p.text, p.route from parts p
where p.state in ({among(ARRIVING)}) and p.seq in (
  select seq from messages indexed by conversation where publication=? and sender=? order by seq desc limit ?)
order by p.seq desc, p.number desc
"""
BOUNCED = f"""
update messages set state='bounced' where seq=?
  and state in ({among(before("bounced", MESSAGE_STEPS))}) and {SETTLED}='bounced' and not {UNSETTLED}
"""
"""Where parts that came back are the worst that became of the answer."""


def bounced(db: Db, publication: str, bounce: Bounce, now: float) -> bool:
    """Mark exactly that part; False for one that nobody knows, such as another system's."""
    for part in db.execute(LEFT, (publication, bounce.to, LATELY)):
        if bounce.key in _keys(publication, bounce.to, part):
            sql = "update parts set state='bounced', code=? where seq=? and number=?"
            db.execute(sql, (bounce.code, part["seq"], part["number"]))
            note(db, part["seq"], now, "bounced", bounce.code)
            db.execute(BOUNCED, (part["seq"],))
            return True
    return False


def _keys(publication: str, to: str, part: Row) -> set[str]:
    seq, number, text = part["seq"], part["number"], part["text"]
    if part["route"] == "notice":
        return {key_of(publication, to, notice_of(seq), text)}
    return {key_of(publication, to, part_of(seq, number, times), text) for times in range(TIMES)}


@dataclass(frozen=True)
class Came:
    """All that came together, and with it facts, such as how far was read, and which parts did not arrive.
    What was written before `answered_since` came too late to be answered; `same`: which came before under
    another id; `turns`: see Accepting."""

    messages: Sequence[Message]
    facts: Mapping[str, str] = field(default_factory=dict)
    bounces: Sequence[Bounce] = ()
    desk_seconds: float = 0.0
    answered_since: float = 0.0
    same: Same = never
    turns: int = 0


def accept_all(db: Db, publication: str, came: Came, now: float) -> list[Accepted]:
    for name, value in came.facts.items():
        learn(db, name, value, now)
    accepted = [
        twin(db, publication, message, now, came.same)
        or Accepting(
            publication,
            message,
            now,
            came.turns,
            came.desk_seconds,
            is_stale=0 < message.at < came.answered_since,
        )(db)
        for message in came.messages
    ]
    for one in came.bounces:
        bounced(db, publication, one, now)
    return accepted
