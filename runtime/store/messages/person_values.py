"""What an agent keeps of each person by names that it declares; the operator's tags, too.

A value is written only upon what was read: whoever was quicker makes the other one read again, in whatever
process. With it goes the step of the turn that wrote it, so that it is written once.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from runtime.person import LONGEST_TAG, MOST_TAGS, TAGS
from runtime.store.database import Db, Row
from runtime.store.messages.steps import STEP
from runtime.store.messages.upsert import upsert

By = Literal["agent", "model", "operator"]

MOST = 200
"""Values of one person: those that agents declare, and those that they declared once."""
TAGS_OF = """
select faces.sender as sender, v.person as person, v.name as name, v.value as value
from faces join person_values v on v.person=faces.person and v.name='tags'
where faces.publication=? and faces.sender>? order by faces.sender limit ?
"""
"""They may be sealed, so the store cannot tell who has which."""
LOOKED_AT = 500


@dataclass(frozen=True)
class Held:
    """One value. `former`: what it was before it got another type; None for nothing.

    `kind`: the type that it was declared as; `at`: seconds since 1970.
    """

    value: Any
    kind: str
    by: By
    at: float
    former: Any = None


def values_of(db: Db, person: int | None) -> dict[str, Held]:
    """By name."""
    if person is None:
        return {}
    rows = db.execute("select * from person_values where person=? order by name", (person,))
    return {row["name"]: _held(row) for row in rows}


def plain(held: Mapping[str, Held]) -> dict[str, Any]:
    return {name: one.value for name, one in held.items()}


def put_value(
    db: Db, person: int, name: str, value: Any, kind: str, by: By, now: float, seq: int = 0
) -> bool:
    """False: there are as many as there may be. What had another type is not lost: see Held.former."""
    before = values_of(db, person)
    if name not in before and len(before) >= MOST:
        return False
    one = before.get(name)
    former = None if one is None else one.former if one.kind == kind else one.value
    sql = upsert("person_values", "person, name", "value, kind, by, at, former, seq")
    kept = "" if former is None else _dump(former)
    db.execute(sql, (person, name, _dump(value), kind, by, now, kept, seq))
    return True


def drop_value(db: Db, person: int, name: str) -> bool:
    sql = "delete from person_values where person=? and name=?"
    return bool(db.execute(sql, (person, name)).rowcount)


def join_values(db: Db, to: int, other: int) -> None:
    """Two people are one: of two values with one name the newer counts."""
    ours = values_of(db, to)
    for name, one in values_of(db, other).items():
        if name not in ours or ours[name].at < one.at:
            put_value(db, to, name, one.value, one.kind, one.by, one.at)


def tags_of(held: Mapping[str, Held]) -> list[str]:
    found = held[TAGS].value if TAGS in held else []
    return [str(tag)[:LONGEST_TAG] for tag in found][:MOST_TAGS] if isinstance(found, list) else []


def tagged(db: Db, publication: str, after: str, tag: str, most: int) -> list[str]:
    """The next who have that tag, by their ids."""
    found: list[str] = []
    while rows := db.execute(TAGS_OF, (publication, after, LOOKED_AT)).fetchall():
        found += [row["sender"] for row in rows if tag in (json.loads(row["value"]) or ())]
        after = rows[-1]["sender"]
        if len(found) >= most or len(rows) < LOOKED_AT:
            break
    return found[:most]


def retag(db: Db, person: int, change: Callable[[list[str]], list[str]], now: float) -> list[str] | None:
    """By the operator: what `change` makes of the tags that there are; None: too much is kept of them."""
    tags = change(tags_of(values_of(db, person)))
    return tags if put_value(db, person, TAGS, tags, "list", "operator", now) else None


def step_result(db: Db, seq: int, step: str) -> Any | None:
    """What that step of the turn came to, if it was done."""
    row = db.execute("select result from steps where seq=? and name=?", (seq, step)).fetchone()
    return json.loads(row["result"]) if row else None


def note_step(db: Db, seq: int, step: str, result: Any) -> None:
    db.execute(STEP, (seq, step, _dump(result)))


def _held(row: Row) -> Held:
    former = json.loads(row["former"]) if row["former"] else None
    return Held(json.loads(row["value"]), row["kind"], row["by"], row["at"], former)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
