"""What a version that nobody hears came to, beside the answers that people got.

It is kept as a step of the answered message's turn. So it is sealed with the key of whoever wrote, and goes
with the words of the message: when they are forgotten, when they take it back, when it is too old.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.store.database import Database, Db
from runtime.store.messages.beside import look
from runtime.store.messages.compared import part_of
from runtime.store.messages.states import UNFINISHED, among
from runtime.store.messages.steps import STEP

NAME = "shadow"
MOST = 20_000
"""Of a publication's newest messages, that are looked at…"""
PAIRS = 2_000
"""…and pairs of them that are counted."""
SHOWN = 10
"""Pairs that differ most, to be looked at."""
LONGEST = 2_000
"""Characters of what is shown of one text."""
LONG_AGO = 900.0
"""Seconds after which what has not ended was cut off by the program's end."""
GONE = "select 1 from moments indexed by moments_of where seq=? and what='forgotten'"
THERE = "select 1 from steps where seq=? and name=?"
KEEP = "update steps set result=? where seq=? and name=?"
FIND = f"""
select seq, name, result from steps where name='{NAME}' and seq in (
  select seq from messages indexed by ended where state not in ({among(UNFINISHED)}) and accepted_at>=?
    and publication=? order by accepted_at desc limit {MOST})
order by seq desc limit {PAIRS}
"""
SAID = "select seq, text, reply from messages where seq=?"


@dataclass(frozen=True)
class Pair:
    """An answer that somebody got, and the other. `seconds`: that each turn took; `cost` in US dollars, None
    where a price is unknown; `failure`: why there is no answer; `alike`: whether they come to the same, None
    where nobody can tell; `agree`: the share of what had to be so that is; `near`: how alike the words are;
    `why`: by language, what is otherwise."""

    seq: int
    seconds: float = 0.0
    live_seconds: float = 0.0
    cost: float | None = None
    live_cost: float | None = None
    failure: str = ""
    live_failure: str = ""
    reply: str = ""
    alike: bool | None = None
    agree: float = 1.0
    near: float = 1.0
    why: Sequence[Mapping[str, str]] = ()


async def begin(database: Database, seq: int, version: int, now: float) -> bool:
    """Note that it is answered, once: another process, or this one after its death, does not do it again.
    False: it was, or its words are gone. Raises StoreFailed."""
    told = json.dumps({"version": version, "at": now})

    def work(db: Db) -> bool:
        if db.execute(GONE, (seq,)).fetchone() or db.execute(THERE, (seq, NAME)).fetchone():
            return False
        db.execute(STEP, (seq, NAME, told))
        return True

    return await database.write(work)


async def keep(database: Database, pair: Pair, version: int, now: float) -> bool:
    """False: its person was forgotten meanwhile, and nothing is kept. Raises StoreFailed."""
    kept = {name: value for name, value in vars(pair).items() if name != "seq"}
    told = json.dumps({"version": version, "at": now, "pair": kept}, ensure_ascii=False)

    def work(db: Db) -> bool:
        return db.execute(KEEP, (told, pair.seq, NAME)).rowcount > 0

    return await database.write(work)


@dataclass(frozen=True)
class Found:
    """`cut_off`: how many did not end; `lately`: whether the newest did, the newest first."""

    pairs: Sequence[Pair] = ()
    cut_off: int = 0
    lately: Sequence[bool] = ()


def found(
    db: Db, publication: str, version: int, since: float, now: float, silent: float = LONG_AGO
) -> Found:
    """Of a shadow that began then, the newest first. Bounded, whatever there is."""
    pairs, ended = list[Pair](), list[bool]()
    for row in db.execute(FIND, (since, publication)).fetchall():
        told = json.loads(row["result"] or "null") or {}
        if told.get("version") != version or told.get("at", 0.0) < since:
            continue
        pair = told.get("pair")
        if pair is not None:
            pairs.append(Pair(seq=row["seq"], **pair))
        if pair is not None or now - told["at"] > silent:
            ended.append(pair is not None)
    return Found(pairs, ended.count(False), ended)


def figures_of(seen: Found) -> dict[str, Any]:
    """See store.control.shadows.Figures."""
    pairs = seen.pairs
    both = [one for one in pairs if not (one.failure or one.live_failure)]
    judged = [one for one in both if one.alike is not None]
    return {
        "pairs": len(pairs),
        "both": len(both),
        "only_live": sum(bool(one.failure and not one.live_failure) for one in pairs),
        "only_shadow": sum(bool(one.live_failure and not one.failure) for one in pairs),
        "neither": sum(bool(one.failure and one.live_failure) for one in pairs),
        "judged": len(judged),
        "same": sum(bool(one.alike) for one in judged),
        "cut_off": seen.cut_off,
        "seconds": _times([one.seconds for one in both]),
        "live_seconds": _times([one.live_seconds for one in both]),
        "cost": round(sum(one.cost or 0.0 for one in pairs), 6),
        "live_cost": round(sum(one.live_cost or 0.0 for one in pairs), 6),
    }


def _times(seconds: Sequence[float]) -> tuple[float | None, float | None]:
    """The middle one, and that within which 95 of 100 are."""
    if not seconds:
        return None, None
    found = sorted(seconds)
    return _told(part_of(found, 0.5)), _told(part_of(found, 0.95))


def _told(seconds: float) -> float:
    """Never nothing: what came at once came within a tenth."""
    return max(0.1, round(seconds, 1))


def most_different(seen: Found) -> list[Pair]:
    """Those in which one did not answer first, then by how much they differ."""
    otherwise = [
        one for one in seen.pairs if one.alike is False or bool(one.failure) != bool(one.live_failure)
    ]
    return sorted(otherwise, key=lambda one: (not one.failure, one.agree, one.near))[:SHOWN]


def told(path: Path, publication: str, version: int, since: float, now: float) -> dict[str, Any]:
    """`figures`, and `pairs` to look at, each with what was said; read beside the gateway. Raises
    StoreFailed."""

    def work(db: Db) -> dict[str, Any]:
        seen = found(db, publication, version, since, now)
        return {"figures": figures_of(seen), "pairs": list(_shown(db, most_different(seen)))}

    return look(path, work, {"figures": figures_of(Found()), "pairs": []})


def _shown(db: Db, pairs: Sequence[Pair]) -> Iterator[dict[str, Any]]:
    for one in pairs:
        row = db.execute(SAID, (one.seq,)).fetchone()
        if row is not None:
            said = {"seq": one.seq, "text": row["text"][:LONGEST], "live": (row["reply"] or "")[:LONGEST]}
            how = {"near": round(one.near, 2), "agree": round(one.agree, 2), "why": list(one.why)}
            yield {**said, "shadow": one.reply[:LONGEST], "failure": one.failure, **how}
