"""Who agreed to what, who may fetch what is kept of them, and who was forgotten.

Who was forgotten is no name: hashes that nobody makes without the installation's key. By these a backup that
is put back is rid of them again, see put_back.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence

from runtime.person import Agreed
from runtime.store.database import Database, Db
from runtime.store.messages.erasing import Erased, erase_messages
from runtime.store.messages.people import Face, faces_of
from runtime.store.messages.upsert import upsert

CONSENT = upsert("consents", "publication, sender", "version, answer, seq, at, who")
KNOWN = """select publication, sender, version, answer, seq, at from consents
  where publication=? and sender=? union
  select publication, sender, version, answer, seq, at from consents where publication=? and who=?"""
EVERYBODY = """select publication, sender from messages union select publication, sender from faces
  union select publication, sender from profiles union select publication, sender from customers
  union select publication, sender from summaries union select publication, receiver from outbox"""
HOUR, DAY = 3600.0, 86_400.0
LASTS = HOUR
"""Seconds for which an address is good by which somebody fetches what is kept of them."""
MOST = 3
"""Such addresses, and deletions, of one person in a day."""
Marks = Callable[[str], Sequence[str]]
"""By each key that the installation has or had, the present one first."""


def unmarked(words: str) -> Sequence[str]:
    """Where there is no key of an installation: nobody is remembered to be forgotten."""
    return ()


def mark_of(marks: Marks, face: Face) -> str:
    """What stands for them where something was made of what they said; "" without a key."""
    return next(iter(marks_of(marks, face)), "")


def marks_of(marks: Marks, face: Face) -> list[str]:
    return [one[:32] for one in marks(_words_of(face))]


def _words_of(face: Face) -> str:
    return f"erased {face.publication}\n{face.sender}"


def consent_of(db: Db, face: Face, who: str, version: str, seq: int) -> Agreed | None:
    """To that text; on whatever surface, and in whatever conversation there, it was answered that is the same
    person's. `who`: see Message.who_there. None: not asked yet."""
    found = []
    for one in faces_of(db, face):
        itself = who if one == face else one.sender
        for row in db.execute(KNOWN, (one.publication, one.sender, one.publication, itself)):
            if row["version"] == version:
                by_this = Face(row["publication"], row["sender"]) == face and row["seq"] == seq
                found.append(Agreed(row["answer"], by_this, row["at"]))
    return min(found, key=lambda one: ("yes", "no", "asked").index(one.answer), default=None)


def remember_erased(db: Db, faces: Sequence[Face], marks: Marks, now: float) -> None:
    """So that no backup brings them back, and what was made of them is known by whichever key that was."""
    sql = (
        "insert into erased(mark, at, since, times) values(?,?,?,1) on conflict(mark) do update set"
        " times=case when erased.since>? then erased.times+1 else 1 end,"
        " since=case when erased.since>? then erased.since else excluded.since end, at=excluded.at"
    )
    known = [(marked, now, now, now - DAY, now - DAY) for one in faces for marked in marks_of(marks, one)]
    db.executemany(sql, known)


def erased_since(db: Db, since: float) -> dict[str, float]:
    """When, by their marks."""
    return {row["mark"]: row["at"] for row in db.execute("select mark, at from erased where at>=?", (since,))}


def faces_erased(db: Db, erased: Mapping[str, float], since: float, marks: Marks) -> list[Face]:
    """Those who are there, and were forgotten after that time, by whichever key that was noted."""
    rows = db.execute(EVERYBODY).fetchall()
    faces = [Face(row["publication"], row["sender"]) for row in rows]

    def last(face: Face) -> float:
        return max((erased.get(known, since) for known in marks_of(marks, face)), default=since)

    return [one for one in faces if last(one) > since]


def keep_erased(db: Db, erased: Mapping[str, float]) -> None:
    """What another store knew of that."""
    sql = "insert into erased(mark, at, since, times) values(?,?,?,1) on conflict(mark) do nothing"
    db.executemany(sql, [(marked, at, at) for marked, at in erased.items()])


class Consents:
    """Raises StoreFailed."""

    def __init__(self, database: Database, marks: Marks) -> None:
        self._database, self._marks = database, marks

    async def find(self, face: Face, who: str, version: str, seq: int) -> Agreed | None:
        """See consent_of."""
        return await self._database.read(lambda db: consent_of(db, face, who, version, seq))

    async def keep(self, face: Face, who: str, version: str, answer: str, seq: int, now: float) -> None:
        """`seq`: of the message that answered."""
        values = (face.publication, face.sender, version, answer, seq, now, who)
        await self._database.write(lambda db: db.execute(CONSENT, values))

    async def leave_nothing(self, face: Face, seq: int, now: float) -> list[str]:
        """Empty what that message said, as if it had not been read; it is answered all the same. Hashes of
        the files that were nobody else's, which are to be removed."""

        def work(db: Db) -> list[str]:
            erased = Erased()
            erase_messages(db, {seq: "accepted"}, face, now, [(face, 2**62)], erased, ends=False)
            return erased.files

        return await self._database.write(work, scrub=True)

    async def give_address(self, face: Face, now: float) -> str:
        """The secret of an address by which all that is kept of them can be fetched, once; "": too often."""
        secret = secrets.token_urlsafe(24)
        count = "select count(*) from exports where publication=? and sender=? and at>?"

        def work(db: Db) -> str:
            db.execute("delete from exports where at<=?", (now - DAY,))
            of = (face.publication, face.sender)
            if db.execute(count, (*of, now - DAY)).fetchone()[0] >= MOST:
                return ""
            sql = "insert into exports(hash, publication, sender, at, until) values(?,?,?,?,?)"
            db.execute(sql, (hashed(secret), *of, now, now + LASTS))
            return secret

        return await self._database.write(work)

    async def is_good(self, secret: str, now: float) -> bool:
        sql = "select 1 from exports where hash=? and until>?"
        row = await self._database.read(lambda db: db.execute(sql, (hashed(secret), now)).fetchone())
        return row is not None

    async def take(self, secret: str, now: float) -> Face | None:
        """Whose it is; it is used up with that. None: there is no such address any more."""
        sql = "update exports set until=0 where hash=? and until>? returning publication, sender"
        row = await self._database.write(lambda db: db.execute(sql, (hashed(secret), now)).fetchone())
        return Face(row["publication"], row["sender"]) if row else None

    async def may_erase(self, face: Face, now: float) -> bool:
        """Not again and again: each time all files of the store are gone through."""
        marked = mark_of(self._marks, face)
        sql = "select 1 from erased where mark=? and since>? and times>=?"
        row = await self._database.read(lambda db: db.execute(sql, (marked, now - DAY, MOST)).fetchone())
        return not marked or row is None


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
