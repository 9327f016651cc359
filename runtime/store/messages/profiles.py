"""Who somebody is on a surface: what it tells, and which customer of the owner's they proved to be."""

from typing import NamedTuple

from runtime.person import Described, Person
from runtime.store.database import Db
from runtime.store.messages.people import Face, person_of
from runtime.store.messages.person_values import plain, tags_of, values_of
from runtime.store.messages.upsert import upsert

SEEN = "select accepted_at from messages indexed by conversation where publication=? and sender=?"


class Customer(NamedTuple):
    """`how`: by what they proved it; `at`: seconds since 1970."""

    customer: str
    how: str
    at: float


def person(db: Db, face: Face, channel: str, seq: int) -> Person:
    """Whoever wrote that message."""
    of = (face.publication, face.sender)
    held = values_of(db, person_of(db, face))
    told = profile_of(db, face)
    first, last = (_at(db, face, seq, order) for order in ("asc", "desc"))
    bound = customer_of(db, face)
    return Person(
        id=of[1],
        channel=channel,
        name=told.name,
        language=told.language,
        tags=tags_of(held),
        first_seen=first,
        last_seen=last,
        unionid=told.account,
        customer=bound.customer if bound else "",
        values=plain(held),
    )


def _at(db: Db, face: Face, seq: int, order: str) -> float:
    sql = f"{SEEN} and seq<? order by seq {order} limit 1"
    row = db.execute(sql, (face.publication, face.sender, seq)).fetchone()
    return float(row[0]) if row else 0.0


def profile_of(db: Db, face: Face) -> Described:
    sql = "select account, name, language from profiles where publication=? and sender=?"
    row = db.execute(sql, (face.publication, face.sender)).fetchone()
    return Described(*row) if row else Described()


def keep_profile(db: Db, face: Face, told: Described, now: float) -> None:
    """It takes the place of what was told before."""
    sql = upsert("profiles", "publication, sender", "account, name, language, at")
    db.execute(sql, (face.publication, face.sender, told.account, told.name, told.language, now))


def customer_of(db: Db, face: Face) -> Customer | None:
    sql = "select customer, how, at from customers where publication=? and sender=?"
    row = db.execute(sql, (face.publication, face.sender)).fetchone()
    return Customer(*row) if row else None
