"""What a person wrote last: it opens the window in which a platform brings them something."""

import functools
from dataclasses import dataclass

from runtime.message import Message, Quota
from runtime.store.database import Db
from runtime.store.messages.message_json import load

NEWEST = """
select seq, accepted_at, message,
  (select rowid from moments where moments.seq=messages.seq and what='accepted') place
from messages indexed by conversation where publication=? and sender=?
  and kind<>'start' and not (kind='event' and state='silent') order by seq desc limit 1
"""
"""What the platform only reported, or we began, opens no window."""
REPORTED = NEWEST.replace("and not (kind='event' and state='silent')", "")
PUSHED = """
select count(*) from moments indexed by moments_of
where seq in (select seq from messages indexed by conversation where publication=? and sender=?
    order by seq desc limit 50)
  and what >= 'pushed' and what in ('pushed', 'told', 'unknown') and rowid > ?
"""

LEAVES = f"""
select n.accepted_at, (select count(*) from moments indexed by moments_of
  where seq in (select seq from messages indexed by conversation where publication=? and sender=?
      order by seq desc limit 50)
    and what >= 'pushed' and what in ('pushed', 'told', 'unknown') and rowid > coalesce(n.place, 0)) as pushed
from ({NEWEST.replace(", message", "")}) n
"""
"""When the newest came, and how much was pushed since."""


@dataclass(frozen=True)
class Newest:
    """What somebody wrote last. `at`: seconds since 1970."""

    publication: str
    sender: str
    seq: int
    at: float
    place: int
    raw: str

    @functools.cached_property
    def message(self) -> Message:
        return load(self.raw)

    def pushed(self, db: Db) -> int:
        """How much was pushed to them since."""
        return int(db.execute(PUSHED, (self.publication, self.sender, self.place)).fetchone()[0])


def left(db: Db, publication: str, sender: str, quota: Quota, now: float) -> int:
    """How many pushes what somebody wrote last still allows."""
    row = db.execute(LEAVES, (publication, sender) * 2).fetchone()
    if row is None:
        return quota.pushes if quota.unasked else 0
    return max(0, quota.pushes - row["pushed"]) if now - row["accepted_at"] < quota.seconds else 0


def newest(db: Db, publication: str, sender: str, *, reports: bool = False) -> Newest | None:
    """None for whoever never wrote. `reports`: also what the platform only reported of them."""
    row = db.execute(REPORTED if reports else NEWEST, (publication, sender)).fetchone()
    if row is None:
        return None
    return Newest(publication, sender, row["seq"], row["accepted_at"], row["place"] or 0, row["message"])
