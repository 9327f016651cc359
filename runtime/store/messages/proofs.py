"""Codes by which somebody proves that a letter is theirs, where anybody may write in anybody's name.

A code goes to whom the letter names, and who sends it back reads what comes there. Each is for one deed.
"""

import secrets

from runtime.person import Proof
from runtime.store.database import Database, Db
from runtime.store.messages.people import (
    CODE,
    DIGITS,
    FOR_EVER,
    GIVEN,
    Face,
    hash_of,
    is_slow,
    made_person,
    wrong_code,
)

MOST_WRONG = 10_000
"""Codes that are none, which all who write to one publication may try in an hour. Each is for one person's
deed, of whom WRONG may be tried: with a hundred, a stranger who poses as twenty would keep everybody else
from agreeing or from being forgotten."""
PROOF_SECONDS = 3600.0
"""For which a code can be sent back."""


class Proofs:
    """`agent`: whose person it is; `deed`: what they would have done. Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, face: Face, agent: str, deed: str, now: float) -> str:
        """A code for that. The one before holds no more."""
        return await self._database.write(lambda db: _asked(db, face, agent, deed, now))

    async def take(self, face: Face, agent: str, deed: str, code: str, now: float) -> Proof:
        return await self._database.write(lambda db: _taken(db, face, agent, deed, code, now))


def _asked(db: Db, face: Face, agent: str, deed: str, now: float) -> str:
    person = made_person(db, face, agent, now)
    db.execute("delete from codes where (person=? and until<>?) or until<=?", (person, FOR_EVER, now))
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    db.execute(GIVEN, (_mark(face, agent, deed, code), person, now + PROOF_SECONDS))
    return code


def _taken(db: Db, face: Face, agent: str, deed: str, code: str, now: float) -> Proof:
    """A code is used up with that."""
    made_person(db, face, agent, now)
    if is_slow(db, face, agent, now, MOST_WRONG):
        return "slow"
    mark = _mark(face, agent, deed, code)
    if db.execute(CODE, (mark, now)).fetchone() is None:
        wrong_code(db, face, now)
        return "wrong"
    db.execute("delete from codes where hash=?", (mark,))
    return "proven"


def _mark(face: Face, agent: str, deed: str, code: str) -> str:
    return hash_of(agent, f"proof {(face.publication, face.sender, deed, code)}")
