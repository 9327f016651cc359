"""Who somebody is for what must be the same on all their surfaces, as long as they are the same person."""

from typing import NamedTuple

from runtime.store.database import Database, Db
from runtime.store.messages.people import Face, faces_of, person_of
from runtime.store.messages.person_values import tags_of, values_of

FIRST = (
    "select seq from messages indexed by conversation where publication=? and sender=? order by seq limit 1"
)


class Whose(NamedTuple):
    """`first`: where they wrote first. That stays when they are linked with another surface later, and is
    found again by anybody, so nothing is kept for it. `tags`: the operator's."""

    first: Face
    tags: frozenset[str]


def whose(db: Db, face: Face) -> Whose:
    faces = faces_of(db, face)
    first = face if len(faces) < 2 else min(faces, key=lambda one: _began(db, one))
    return Whose(first, frozenset(tags_of(values_of(db, person_of(db, face)))))


async def asked(database: Database, face: Face) -> Whose:
    """Raises StoreFailed."""
    return await database.read(lambda db: whose(db, face))


def _began(db: Db, face: Face) -> tuple[float, str, str]:
    row = db.execute(FIRST, (face.publication, face.sender)).fetchone()
    return row["seq"] if row else float("inf"), face.publication, face.sender
