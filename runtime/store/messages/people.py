"""Who is whom, and what is remembered of them: facts, and what a conversation came to.

A person is made when there is something to remember. Two surfaces are one person's when that person typed on
one of them a code that the other gave out, or as the platform says where the agent's owner allows it.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from runtime.person import MOST_NOTES, Joined, Known, Note, Summary
from runtime.store.database import Db, Row
from runtime.store.messages.person_values import join_values
from runtime.store.messages.upsert import upsert

CODE_SECONDS = 600.0
"""For which a code can be typed on the other surface."""
DIGITS = 8
WRONG = 5
"""Codes that are none, which one face may try…"""
MOST_WRONG = 100
"""…and all who write to one publication of it together: somebody may have many faces there, which keeps
nobody on another surface from joining…"""
WRONG_SECONDS = 3600.0
"""…in so many seconds."""

SURE_SECONDS = 600.0
"""For which somebody who wishes to be forgotten may say that they mean it."""

FACE = "select * from faces where publication=? and sender=?"

FOR_EVER = 1e12
"""When what a platform says of a person, or a person's wish to be apart, ends."""
ALL_WRONG = (
    "select coalesce(sum(wrong), 0) from faces join people on people.id=faces.person"
    " where people.agent=? and publication=? and wrong_at>?"
)
NOTE = upsert("notes", "person, name", "value, kind, source, at, seq")
GIVEN = upsert("codes", "hash", "person, until")
CODE = "select person from codes where hash=? and until>?"
SINCE = (
    "select count(*), max(finished_at) from messages indexed by conversation"
    " where publication=? and sender=? and seq<? and finished_at>=? and (kind<>'event' or text<>'')"
)
"""What they wrote or chose that was answered after that time."""


@dataclass(frozen=True)
class Face:
    """Somebody on one surface."""

    publication: str
    sender: str


def known(db: Db, face: Face) -> Known:
    """All that is remembered of whoever writes there."""
    row = db.execute(FACE, (face.publication, face.sender)).fetchone()
    here = [Face(one["publication"], one["sender"]) for one in _faces(db, row["person"])] if row else [face]
    return Known(
        notes_of(db, row["person"]) if row else (),
        summary_of(db, face),
        [found.text for one in here if one != face and (found := summary_of(db, one))],
        len(here),
    )


def person_of(db: Db, face: Face) -> int | None:
    row = db.execute(FACE, (face.publication, face.sender)).fetchone()
    return row["person"] if row else None


def made_person(db: Db, face: Face, agent: str, now: float) -> int:
    """The person whose face that is, new when nobody had it."""
    if (person := person_of(db, face)) is not None:
        return person
    made = nobody(db, agent, now)
    db.execute("insert into faces(publication, sender, person) values(?,?,?)", (*_of(face), made))
    return made


def faces_of(db: Db, face: Face) -> list[Face]:
    """All of the same person, that one among them."""
    person = person_of(db, face)
    if person is None:
        return [face]
    return [Face(one["publication"], one["sender"]) for one in _faces(db, person)]


def notes_of(db: Db, person: int) -> list[Note]:
    """In the order in which they were learnt."""
    sql = "select name, value, kind, source, at, seq from notes where person=? order by at, name"
    return [Note(*row) for row in db.execute(sql, (person,))]


def keep_note(db: Db, person: int, note: Note) -> bool:
    """It replaces what had its name. False: there are as many as there may be."""
    rows = db.execute("select name from notes where person=?", (person,)).fetchall()
    if len(rows) >= MOST_NOTES and note.name not in {row["name"] for row in rows}:
        return False
    values = (person, note.name, note.value, note.kind, note.source, note.at, note.seq)
    db.execute(NOTE, values)
    return True


def drop_note(db: Db, person: int, name: str) -> bool:
    return bool(db.execute("delete from notes where person=? and name=?", (person, name)).rowcount)


def summary_of(db: Db, face: Face) -> Summary | None:
    sql = "select text, upto from summaries where publication=? and sender=?"
    row = db.execute(sql, _of(face)).fetchone()
    return Summary(*row) if row else None


def sum_up(db: Db, face: Face, summary: Summary, now: float) -> None:
    """It takes the place of the one before, unless that goes further."""
    sql = (
        "insert into summaries(publication, sender, text, upto, at)"
        " values(:publication, :sender, :text, :upto, :at)"
        " on conflict(publication, sender) do update set text=:text, upto=:upto, at=:at"
        " where summaries.upto < :upto"
    )
    db.execute(sql, {**vars(face), "text": summary.text, "upto": summary.upto, "at": now})


def drop_summary(db: Db, face: Face, since: int = 0) -> None:
    """If it holds something of that message, or of a later one."""
    db.execute("delete from summaries where publication=? and sender=? and upto>=?", (*_of(face), since))


def give_code(db: Db, face: Face, agent: str, now: float) -> str:
    """One that joins whoever types it elsewhere in time, once. The one before holds no more."""
    person = made_person(db, face, agent, now)
    db.execute("delete from codes where (person=? and until<>?) or until<=?", (person, FOR_EVER, now))
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    db.execute(GIVEN, (hash_of(agent, code), person, now + CODE_SECONDS))
    return code


def take_code(db: Db, face: Face, agent: str, code: str, now: float) -> Joined:
    """Make this face another of the person who was given the code: what is known of either is of both."""
    person = made_person(db, face, agent, now)
    if is_slow(db, face, agent, now):
        return "slow"
    given = db.execute(CODE, (hash_of(agent, code), now)).fetchone()
    if given is None:
        wrong_code(db, face, now)
        return "wrong"
    if given["person"] == person:
        return "same"
    db.execute("delete from codes where hash=?", (hash_of(agent, code),))
    join(db, given["person"], person)
    db.execute(GIVEN, (hash_of(agent, f"linked {given['person']}"), given["person"], FOR_EVER))
    return "joined"


def void_code(db: Db, agent: str, code: str) -> None:
    """Others may have read it."""
    db.execute("delete from codes where hash=? and until<>?", (hash_of(agent, code), FOR_EVER))


def is_slow(db: Db, face: Face, agent: str, now: float, most: int = MOST_WRONG) -> bool:
    """Whether too many wrong codes were tried of late, there or, `most`, by all together."""
    wrong, _ = _lately_wrong(db, face, now)
    all_wrong = db.execute(ALL_WRONG, (agent, face.publication, now - WRONG_SECONDS)).fetchone()[0]
    return bool(wrong >= WRONG or all_wrong >= most)


def wrong_code(db: Db, face: Face, now: float) -> None:
    """They tried one that is none."""
    wrong, since = _lately_wrong(db, face, now)
    sql = "update faces set wrong=?, wrong_at=? where publication=? and sender=?"
    db.execute(sql, (wrong + 1, since, *_of(face)))


def _lately_wrong(db: Db, face: Face, now: float) -> tuple[int, float]:
    row = db.execute(FACE, _of(face)).fetchone()
    lately = row["wrong_at"] is not None and 0 <= now - row["wrong_at"] < WRONG_SECONDS
    return (row["wrong"], row["wrong_at"]) if lately else (0, now)


def unite(db: Db, face: Face, agent: str, account: str, now: float) -> bool:
    """The platform says that whoever writes there is `account`, wherever it says so. Whether two became one.

    Not for a face that its person took away from the others.
    """
    person = made_person(db, face, agent, now)
    if db.execute(CODE, (hash_of(agent, f"apart {_of(face)}"), 0)).fetchone():
        return False
    mark = hash_of(agent, f"account {account}")
    found = db.execute(CODE, (mark, 0)).fetchone()
    if found is None or found["person"] == person:
        db.execute(GIVEN, (mark, person, FOR_EVER))
        return False
    join(db, found["person"], person)
    return True


def join(db: Db, to: int, other: int) -> None:
    """Two people are one: of two facts with one name the newer counts, of too many the newest."""
    for note in notes_of(db, other):
        before = db.execute("select at from notes where person=? and name=?", (to, note.name)).fetchone()
        if before is None or before["at"] < note.at:
            db.execute(NOTE, (to, *vars(note).values()))
    surplus = "select name from notes where person=? order by at desc limit 1000000 offset ?"
    for row in db.execute(surplus, (to, MOST_NOTES)).fetchall():
        drop_note(db, to, row["name"])
    join_values(db, to, other)
    db.execute("update faces set person=? where person=?", (to, other))
    db.execute("update codes set person=? where person=? and until=?", (to, other, FOR_EVER))
    db.execute("delete from people where id=?", (other,))


def part(db: Db, face: Face, agent: str, now: float) -> bool:
    """This face is a person of its own again, of whom nothing is known; False when it was one."""
    if len(faces_of(db, face)) < 2:
        return False
    before, person = person_of(db, face), nobody(db, agent, now)
    db.execute("update faces set person=? where publication=? and sender=?", (person, *_of(face)))
    left_alone(db, agent, before)
    apart = hash_of(agent, f"apart {_of(face)}")
    db.execute(GIVEN, (apart, person, FOR_EVER))
    return True


def left_alone(db: Db, agent: str, person: int | None) -> None:
    """With one face nobody is linked."""
    if person is not None and len(_faces(db, person)) < 2:
        db.execute("delete from codes where hash=?", (hash_of(agent, f"linked {person}"),))


def asks(db: Db, face: Face, agent: str, now: float) -> None:
    """They wish to be forgotten, and are asked whether they mean it."""
    made_person(db, face, agent, now)
    db.execute("update faces set asked_at=? where publication=? and sender=?", (now, *_of(face)))


def was_asked(db: Db, face: Face, seq: int, now: float) -> bool:
    """Whether they were asked that lately, and the message of that number is the next that they wrote, after
    they were asked."""
    row = db.execute(FACE, _of(face)).fetchone()
    if row is None or row["asked_at"] is None or not 0 <= now - row["asked_at"] < SURE_SECONDS:
        return False
    answered, asked = db.execute(SINCE, (*_of(face), seq, row["asked_at"])).fetchone()
    came = db.execute("select accepted_at from messages where seq=?", (seq,)).fetchone()
    return bool(answered == 1 and came and came[0] >= asked)


def tries(db: Db, faces: Sequence[Face], now: float) -> list[tuple[Face, str, int, float]]:
    """Who of these tried wrong codes of late: for which agent, how many, since when."""
    sql = (
        "select people.agent, wrong, wrong_at from faces join people on people.id=person"
        " where publication=? and sender=? and wrong_at>?"
    )
    found = [(face, db.execute(sql, (*_of(face), now - WRONG_SECONDS)).fetchone()) for face in faces]
    return [(face, *row) for face, row in found if row]


def tried(db: Db, face: Face, agent: str, wrong: int, since: float) -> None:
    """They tried as many, and no wish to be forgotten makes them fewer."""
    made_person(db, face, agent, since)
    sql = "update faces set wrong=?, wrong_at=? where publication=? and sender=?"
    db.execute(sql, (wrong, since, *_of(face)))


def nobody(db: Db, agent: str, now: float) -> int:
    """Somebody of whom nothing is known."""
    sql = "insert into people(agent, at) values(?,?) returning id"
    return int(db.execute(sql, (agent, now)).fetchone()[0])


def _faces(db: Db, person: int) -> Sequence[Row]:
    sql = "select publication, sender from faces where person=? order by publication, sender"
    return db.execute(sql, (person,)).fetchall()


def _of(face: Face) -> tuple[str, str]:
    return face.publication, face.sender


def hash_of(agent: str, code: str) -> str:
    """Codes are of one agent."""
    return hashlib.sha256(f"{agent}\n{code}".encode()).hexdigest()
