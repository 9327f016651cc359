"""Which customer of the agent's owner somebody is: proven by a code that holds once."""

import secrets
from collections.abc import Sequence

from runtime.person import LENGTH, SIGNS, Bound
from runtime.store.database import Database, Db
from runtime.store.messages.people import Face, hash_of, is_slow, made_person, wrong_code
from runtime.store.messages.profiles import customer_of
from runtime.store.messages.upsert import upsert

USUAL_SECONDS = 1800.0
MOST_SECONDS = 30 * 86_400.0
MOST = 100_000
"""Codes of one agent that hold at a time."""
MOST_WRONG = 10_000
"""Codes that are none, which all who write to one publication may try in an hour. There are 32**10: so many
tries an hour find one of 100,000 that hold in a thousand years, while with a hundred a stranger with some
accounts would keep everybody else from binding."""
LONGEST = 128
"""Characters of a customer's number."""


class Customers:
    """Every method is one durable step. Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, agent: str, customer: str, now: float, seconds: float) -> str:
        """A code for that customer; "" when too many hold. The one before holds no more."""
        return await self._database.write(lambda db: claim(db, agent, customer, now, seconds))

    async def bind(self, face: Face, agent: str, code: str, now: float) -> Bound:
        return await self._database.write(lambda db: bind(db, face, agent, code, now))

    async def unbind(self, face: Face) -> bool:
        """Whether they were bound."""
        return await self._database.write(lambda db: unbind(db, face))

    async def unbind_all(self, publications: Sequence[str], customer: str) -> int:
        """Everybody who is that customer there; how many there were."""
        return await self._database.write(lambda db: unbind_all(db, publications, customer))


def claim(db: Db, agent: str, customer: str, now: float, seconds: float) -> str:
    db.execute("delete from claims where until<=? or (agent=? and customer=?)", (now, agent, customer))
    if db.execute("select count(*) from claims where agent=?", (agent,)).fetchone()[0] >= MOST:
        return ""
    code = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    sql = upsert("claims", "hash", "agent, customer, until")
    db.execute(sql, (hash_of(agent, f"customer {code}"), agent, customer, now + min(seconds, MOST_SECONDS)))
    return code


def bind(db: Db, face: Face, agent: str, code: str, now: float) -> Bound:
    """Said again by whom it bound, it says so again: a crash may have come between."""
    mark = hash_of(agent, f"customer {code}")
    bound = customer_of(db, face)
    if bound and bound.how == mark:
        return "bound"
    made_person(db, face, agent, now)
    if is_slow(db, face, agent, now, MOST_WRONG):
        return "slow"
    row = db.execute("select customer from claims where hash=? and until>?", (mark, now)).fetchone()
    if row is None:
        wrong_code(db, face, now)
        return "wrong"
    db.execute("delete from claims where hash=?", (mark,))
    sql = upsert("customers", "publication, sender", "customer, how, at")
    db.execute(sql, (face.publication, face.sender, row["customer"], mark, now))
    return "bound"


def unbind(db: Db, face: Face) -> bool:
    sql = "delete from customers where publication=? and sender=?"
    return bool(db.execute(sql, (face.publication, face.sender)).rowcount)


def unbind_all(db: Db, publications: Sequence[str], customer: str) -> int:
    sql = "delete from customers where publication=? and customer=?"
    return sum(db.execute(sql, (one, customer)).rowcount for one in publications)
