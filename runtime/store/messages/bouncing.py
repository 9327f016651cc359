"""Parts that the platform took, and of which it said afterwards that they did not arrive."""

from runtime.message import Bounce
from runtime.store.database import Db, Row
from runtime.store.messages.moments import note
from runtime.store.messages.part_key import key_of, notice_of, part_of
from runtime.store.messages.settling import SETTLED, UNSETTLED
from runtime.store.messages.states import ARRIVING, MESSAGE_STEPS, among, before

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
