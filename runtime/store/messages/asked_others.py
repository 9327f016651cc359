"""Others who were asked to decide something, once that came: nobody is asked any more, and of the cards that
they have nothing is left to tap.

A card that can be changed is a part of the outbox that was sent, whose `code` is what the platform gave for
that.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.deciding import CANCELLED, settled
from runtime.store.database import Db, Row
from runtime.store.messages.outbox import Said, put

SETTLES = "s"
"""Ends the key of what settles a card; what it settles has the same without."""
ABOUT, OF_NOBODY = "w", "k"
"""Begin a key: of what is said about a message, and of what is said when that is forgotten."""

OF_PERSON = """
select id, seq, token, data from waits
where publication=? and sender=? and token<>'' and came is null and taken_by is null
"""


@dataclass(frozen=True)
class Settling:
    """`handle`: by which the platform changes the card."""

    handle: str
    words: str


def settling(said: Said) -> Settling | None:
    """What that part of the outbox settles; None for one that says something."""
    if not (said.key.startswith((ABOUT, OF_NOBODY)) and said.key.endswith(SETTLES)):
        return None
    return Settling(**json.loads(said.text))


def key_of(seq: int) -> str:
    """How keys of the outbox begin under which others hear of what waits of this message: letters and
    digits."""
    return f"{ABOUT}{seq}x"


def came(db: Db, id: int, what: Mapping[str, Any], now: float) -> None:
    """To the wait of that number, in the same step. Who tapped sees it on the card by that."""
    row = db.execute("select seq, token, data from waits where id=?", (id,)).fetchone()
    if row is None or not row["token"]:
        return
    data, said = json.loads(row["data"]), what.get("data", {})
    if not data.get("through"):
        return
    words = settled(what["kind"], said, data.get("lang", "zh"))
    tapped = said.get("by") if said.get("tapped") else None
    for one in _told(db, row):
        if one["state"] == "ready":
            db.execute("update outbox set state='failed', code='decided' where id=?", (one["id"],))
        elif one["receiver"] != tapped:
            _settle(db, one, one["key"], words, now)


def forgotten(db: Db, publication: str, sender: str, now: float) -> None:
    """What waits of them is over, before it goes with all that was said about it: of the cards that others
    have nothing is left to tap. What settles them says nothing of anybody."""
    for row in db.execute(OF_PERSON, (publication, sender)).fetchall():
        words = CANCELLED.to(json.loads(row["data"]).get("lang", "zh"))
        for one in _told(db, row):
            _settle(db, one, OF_NOBODY + one["key"][1:], words, now)


def _told(db: Db, wait: Row) -> list[Row]:
    """What others were told of it."""
    begins, ends = key_of(wait["seq"]), f"x{wait['token'][:12]}"
    found = db.execute("select * from outbox where key>=? and key<?", (begins, f"{begins}~")).fetchall()
    return [one for one in found if one["key"].endswith(ends)]


def _settle(db: Db, told: Row, key: str, words: str, now: float) -> None:
    """Where it is a card that can be changed, and is there."""
    if told["state"] == "sent" and told["code"]:
        text = json.dumps(vars(Settling(told["code"], words)), ensure_ascii=False)
        put(db, told["publication"], told["receiver"], key + SETTLES, text, now)
