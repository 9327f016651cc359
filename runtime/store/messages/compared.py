"""How the versions of one publication did side by side, as far as one can tell which is worse."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runtime.store.database import Db
from runtime.store.messages.beside import look, looking
from runtime.store.messages.ratings import ratings
from runtime.store.messages.score_asking import ASKS
from runtime.store.messages.scores import scores
from runtime.store.messages.states import NO_TURN, UNFINISHED, among

MOST = 3000
"""Of a publication's newest messages, and…"""
NEWEST = 200
"""…of a canary's, which are compared with…"""
BESIDE = 1000
"""…so many of the others."""
THUMBS = 2 * (NEWEST + BESIDE)
"""Judgements that are looked into: some people have many."""
SECONDS = 10.0
"""For one look."""
DAY = 86_400.0
"""Before a canary began, and before now, in seconds: what was earlier tells nothing of today."""
MONTH = 30 * DAY
MIDDLE = 3
"""Of five points."""

TURNS = f"""
select seq, sender, version, failure, accepted_at, finished_at from messages indexed by ended
where state not in ({among(UNFINISHED)}) and accepted_at >= ? and publication=? and kind<>'event'
  and key not like '{ASKS} %' and state not in ({among(NO_TURN)})
  and coalesce(failure, '') not in ('unwanted', 'budget')
order by accepted_at desc limit ?
"""
"""Whoever hung up or has used up their day was failed by no version; a question of ours is no answer."""


@dataclass(frozen=True)
class Turned:
    """`at`: when its message was accepted; `seconds`: until it was answered."""

    at: float
    sender: str
    failed: bool
    seconds: float
    code: str = ""
    """Why it failed."""


@dataclass(frozen=True)
class Thumb:
    at: float
    bad: bool


@dataclass(frozen=True)
class Side:
    """What one version did, oldest first. `thumbs`: the newest of each person's, also of points."""

    turns: Sequence[Turned] = ()
    thumbs: Sequence[Thumb] = ()


@dataclass(frozen=True)
class Compared:
    """`since`: when both began to answer; what the stable version did before is there, too, where little was
    done since."""

    canary: Side = field(default_factory=Side)
    stable: Side = field(default_factory=Side)
    since: float = 0.0


def compared(db: Db, publication: str, canary: int, stable: int, since: float, now: float) -> Compared:
    """Bounded, whatever there is."""
    since = since if since <= now else now - DAY  # it was begun by a clock that was ahead
    began = max(since, now - DAY)
    rows = db.execute(TURNS, (began - DAY, publication, MOST)).fetchall()
    found: dict[int, list[Turned]] = {canary: [], stable: []}
    for row in rows:
        if row["version"] not in found or (row["version"] == canary and row["accepted_at"] < began):
            continue
        seconds = max(0.0, (row["finished_at"] or row["accepted_at"]) - row["accepted_at"])
        turn = Turned(row["accepted_at"], row["sender"], bool(row["failure"]), seconds, row["failure"] or "")
        found[row["version"]].append(turn)
    thumbs: dict[int, dict[str, Thumb]] = {canary: {}, stable: {}}
    for version, by, thumb in _judged(db, publication, max(since, now - MONTH) - MONTH, now):
        if version in thumbs and (version == stable or thumb.at >= since):
            thumbs[version].setdefault(by, thumb)
    return Compared(
        Side(found[canary][:NEWEST][::-1], [*thumbs[canary].values()][:NEWEST][::-1]),
        Side(found[stable][:BESIDE][::-1], [*thumbs[stable].values()][:BESIDE][::-1]),
        began,
    )


def _judged(db: Db, publication: str, since: float, now: float) -> list[tuple[int, str, Thumb]]:
    """Version, person, and whether they were unhappy, the newest first: by a thumb, or by 1 or 2 of 5 points.
    Three say neither."""
    thumbs = [
        (one.version, one.by, Thumb(one.at, one.verdict == "bad"))
        for one in ratings(db, [publication], since, now, THUMBS)
    ]
    points = [
        (one.version, one.sender, Thumb(one.at, one.score < MIDDLE))
        for one in scores(db, [publication], since, now, THUMBS)
        if one.score != MIDDLE
    ]
    known = [(version, by, one) for version, by, one in (*thumbs, *points) if version is not None]
    return sorted(known, key=lambda told: -told[2].at)


def figures_of(side: Side, version: int, since: float) -> dict[str, Any]:
    """What is told of it, see store.control.canaries.Side."""
    turns = [one for one in side.turns if one.at >= since]
    thumbs = [one.bad for one in side.thumbs if one.at >= since]
    seconds = sorted(one.seconds for one in turns if not one.failed)
    return {
        "version": version,
        "messages": len(turns),
        "people": len({one.sender for one in turns}),
        "failed": sum(one.failed for one in turns),
        "seconds": max(0.1, round(part_of(seconds, 0.95), 1)) if seconds else None,  # never "within 0 s"
        "good": len(thumbs) - sum(thumbs),
        "bad": sum(thumbs),
    }


def part_of(seconds: Sequence[float], part: float) -> float:
    """Within which that part of them is, sorted as they are."""
    return seconds[min(len(seconds) - 1, int(part * len(seconds)))]


async def looked_at(
    path: Path, publication: str, canary: int, stable: int, since: float, now: float
) -> Compared:
    """Beside whoever reads and writes: among a million events it takes a second. Raises StoreFailed, TooSlow,
    Unreadable."""

    def look() -> Compared:
        with looking(path, SECONDS) as db:
            return compared(db, publication, canary, stable, since, now)

    return await asyncio.to_thread(look)


def sides(
    path: Path, publication: str, canary: int, stable: int, since: float, now: float
) -> list[dict[str, Any]]:
    """What is told of both, read beside the gateway. Raises StoreFailed."""
    found = look(
        path, lambda db: compared(db, publication, canary, stable, since, now), Compared(since=since)
    )
    both = ((found.canary, canary), (found.stable, stable))
    return [figures_of(side, version, found.since) for side, version in both]
