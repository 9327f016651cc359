"""Works about different people go abreast: what they ask for at the same time is one round trip.

Each stands still at its statement until all the others stand at one. Those that stand at the same are
asked together, each row told apart by the place of who asked for it.
"""

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from greenlet import getcurrent, greenlet

from runtime.store.database.batches import Job
from runtime.store.database.found import Found
from runtime.store.database.session import Session

RETURNS = re.compile(r"\breturning\b")
NAMED = re.compile(r"(?<![:\w]):[a-z_]+")
"""A parameter by its name."""
CHANGES = ("insert", "update", "delete")


def of_many_people(jobs: Sequence[Job]) -> Iterator[list[Job]]:
    """In their order; each time those of different people that stand beside each other, or one that is
    nobody's."""
    some: list[Job] = []
    lanes = set[Any]()
    for job in jobs:
        lane = getattr(job.work, "lane", None)
        if some and (lane is None or lane in lanes or not lanes):
            yield some
            some, lanes = [], set()
        some.append(job)
        if lane is not None:
            lanes.add(lane)
    if some:
        yield some


def done_abreast(session: Session, works: Sequence[Callable[[Any], Any]]) -> list[Any]:
    """What each comes to. Whatever one raises ends them all: the transaction is void then."""
    if len(works) == 1:
        return [works[0](session)]
    here = getcurrent()
    walks = [greenlet(functools.partial(work, _Abreast(session, here))) for work in works]
    try:
        came = [walk.switch() for walk in walks]
        while standing := [n for n, walk in enumerate(walks) if not walk.dead]:
            for sql, many in dict.fromkeys((came[n].sql, came[n].many) for n in standing):
                some = [n for n in standing if not walks[n].dead and came[n].is_like(sql, many)]
                found = _asked(session, sql, many, [came[n].values for n in some])
                standing = [n for n in standing if n not in some]
                for n, rows in zip(some, found, strict=True):
                    came[n] = walks[n].switch(rows)
    finally:
        for walk in walks:
            if not walk.dead:
                walk.throw()
    return came


@dataclass(frozen=True)
class _Asked:
    sql: str
    many: bool
    values: Any

    def is_like(self, sql: str, many: bool) -> bool:
        return self.many == many and self.sql == sql


class _Abreast:
    """The database as each of them sees it."""

    def __init__(self, session: Session, outer: greenlet) -> None:
        self.instance, self.leaves = session.instance, session.leaves
        self._outer = outer

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        return self._outer.switch(_Asked(sql, False, parameters))

    def executemany(self, sql: str, parameters: Any, /) -> None:
        if rows := list(parameters):
            self._outer.switch(_Asked(sql, True, rows))


def _asked(session: Session, sql: str, many: bool, values: Sequence[Any]) -> Sequence[Any]:
    if many:
        session.executemany(sql, [row for rows in values for row in rows])
        return [None] * len(values)
    marked = told_apart(sql)
    if len(values) == 1 or marked is None:
        return [session.execute(sql, one) for one in values]
    found: list[list[Any]] = [[] for _ in values]
    for row in session.each(marked, [(*one, place) for place, one in enumerate(values)]):
        found[row[-1]].append(row)
    if not returns(sql):
        return [Found([], row[0]) for [row] in found]
    return [Found([Row(row) for row in rows], len(rows)) for rows in found]


@functools.lru_cache(500)
def returns(sql: str) -> bool:
    """Rows of what it found, or of what it changed."""
    return not sql.lstrip().startswith(CHANGES) or RETURNS.search(sql) is not None


@functools.lru_cache(500)
def told_apart(sql: str) -> str | None:
    """The same with the place of who asks as its last parameter, and last in each row; where it returns none,
    how many it changed. None: it is asked by itself."""
    verb = sql.split(maxsplit=1)[0]
    if verb not in (*CHANGES, "select") or NAMED.search(sql):
        return None
    if returns(sql):
        return f"with q as ({sql}) select q.*, 0 + ? as place from q"
    return f"with q as ({sql} returning 1) select count(*) as changed, 0 + ? as place from q"


class Row:
    """Without the place at its end."""

    __slots__ = ("_record",)

    def __init__(self, record: Any) -> None:
        self._record = record

    def __getitem__(self, key: Any) -> Any:
        return self._record[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(tuple(self._record)[:-1])

    def __len__(self) -> int:
        return len(self._record) - 1

    def keys(self) -> list[str]:
        return list(self._record.keys())[:-1]
