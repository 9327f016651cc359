"""Who writes in conversations of calling programs, as these say with each message.

Somebody whom a program names is one person in whatever conversation of its; several may write in one of them,
as in a room, and stay who they are.
"""

from runtime.store.database import Db
from runtime.store.messages.people import (
    CODE,
    FOR_EVER,
    GIVEN,
    Face,
    faces_of,
    hash_of,
    left_alone,
    made_person,
    nobody,
    person_of,
    unite,
)

EMPTY = (
    "delete from people where id=? and not exists (select 1 from faces where person=people.id)"
    " and not exists (select 1 from codes where person=people.id and until=?)"
)
"""Of whom nobody can hear any more."""


def is_so(db: Db, face: Face, agent: str, account: str) -> bool:
    """Whether that is who wrote there last."""
    person = person_of(db, face)
    return person is not None and all(_marked(db, mark) == person for mark in _marks(face, agent, account))


def call(db: Db, face: Face, agent: str, account: str, now: float) -> None:
    """The calling program says who writes there now. No customer's number of one is another's."""
    person = before = made_person(db, face, agent, now)
    found, wrote = (_marked(db, mark) for mark in _marks(face, agent, account))
    if found is not None and found != person and wrote is not None:
        person = found
    elif found is None and wrote is not None:
        person = nobody(db, agent, now)
    else:
        unite(db, face, agent, account, now)
        person = before = made_person(db, face, agent, now)
    moved = "update faces set person=? where publication=? and sender=? and person<>?"
    if db.execute(moved, (person, face.publication, face.sender, person)).rowcount:
        db.execute("delete from customers where publication=? and sender=?", (face.publication, face.sender))
        unite(db, face, agent, account, now)
    _mark(db, _marks(face, agent, account)[1:], person)
    if before != person:
        db.execute(EMPTY, (before, FOR_EVER))


def part_called(db: Db, face: Face, agent: str, account: str, now: float) -> bool:
    """Whoever the program says writes there is a person of their own again, of whom nothing is known; so they
    are in their other conversations of it, as they write there next. False where all is theirs."""
    person = person_of(db, face)
    if person is None or not _is_linked(db, face, agent, person):
        return False
    alone = nobody(db, agent, now)
    moved = "update faces set person=? where publication=? and sender=?"
    db.execute(moved, (alone, face.publication, face.sender))
    left_alone(db, agent, person)
    _mark(db, _marks(face, agent, account), alone)
    return True


def _is_linked(db: Db, face: Face, agent: str, person: int) -> bool:
    """By a code, or with somewhere else than conversations of that program."""
    caller = face.publication, face.sender.partition(":")[0]
    others = any((one.publication, one.sender.partition(":")[0]) != caller for one in faces_of(db, face))
    return others or _marked(db, hash_of(agent, f"linked {person}")) == person


def _marks(face: Face, agent: str, account: str) -> tuple[str, str]:
    """Of the account, and of who wrote there last."""
    return hash_of(agent, f"account {account}"), hash_of(agent, f"called {(face.publication, face.sender)}")


def _marked(db: Db, mark: str) -> int | None:
    row = db.execute(CODE, (mark, 0)).fetchone()
    return int(row["person"]) if row else None


def _mark(db: Db, marks: tuple[str, ...], person: int) -> None:
    for mark in marks:
        db.execute(GIVEN, (mark, person, FOR_EVER))
