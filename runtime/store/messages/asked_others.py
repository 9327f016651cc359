"""Others who were asked to decide something, once that came: nobody is asked any more, and of the cards that
they have nothing is left to tap.

A card that can be changed is a part of the outbox that was sent, whose `code` is what the platform gave for
that.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.deciding import settled
from runtime.store.database import Db
from runtime.store.messages.outbox import Said, put

SETTLES = "s"
"""Ends the key of what settles a card; what it settles has the same without."""


@dataclass(frozen=True)
class Settling:
    """`handle`: by which the platform changes the card."""

    handle: str
    words: str


def settling(said: Said) -> Settling | None:
    """What that part of the outbox settles; None for one that says something."""
    if not (said.key.startswith("w") and said.key.endswith(SETTLES)):
        return None
    return Settling(**json.loads(said.text))


def key_of(seq: int) -> str:
    """How keys of the outbox begin under which others hear of what waits of this message: letters and
    digits."""
    return f"w{seq}x"


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
    begins, ends = key_of(row["seq"]), f"x{row['token'][:12]}"
    sql = "select * from outbox where key>=? and key<?"
    for one in db.execute(sql, (begins, f"{begins}~")).fetchall():
        if not one["key"].endswith(ends):
            continue
        if one["state"] == "ready":
            db.execute("update outbox set state='failed', code='decided' where id=?", (one["id"],))
        elif one["state"] == "sent" and one["code"] and one["receiver"] != tapped:
            text = json.dumps(vars(Settling(one["code"], words)), ensure_ascii=False)
            put(db, one["publication"], one["receiver"], one["key"] + SETTLES, text, now)
