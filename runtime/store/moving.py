"""The messages of a home, moved to another store while nobody works at it; begun again, it goes on.

The store that was left keeps everything, and says at a start where it went.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from runtime.crash import crashpoint
from runtime.errors import Conflict, NotFound, StoreFailed
from runtime.lang import Text
from runtime.store.database import Db
from runtime.store.database.contents import Table, contents, copy, sums
from runtime.store.database.moving import Mark, Movable
from runtime.store.messages.restored import hold
from runtime.store.messages.tables import TABLES

Told = Callable[[str, int], object]
"""Of a table, and how many of its rows are there by now."""
LARGEST_NUMBER = 2**31 - 1
"""SQLite keeps so much in a file's head."""


class FilesEnd(Protocol):
    """Where the files of the home go. Raises Conflict, BadSettings, StoreFailed, NotSaved."""

    def check(self) -> None:
        """Before anything is taken: nothing there would be mixed with them."""

    def take(self) -> int:
        """All are there after this, as they are here; how many that is."""


@dataclass(frozen=True)
class Arrived:
    """`rows`: of all tables; `aside`: where is what stood there before."""

    to: str
    rows: int
    messages: int
    aside: str
    files: int = 0


def move(source: Movable, target: Movable, files: FilesEnd, now: float, told: Told) -> Arrived:
    """Raises StoreFailed, Conflict, NotFound, BadSettings and NotSaved: then the source is what it was, and
    may have a mark that says that a move was begun."""
    mark = _begun(source, target)
    files.check()
    if mark and target.number() == mark.number:  # the messages came there, and nobody said so here
        with target.reading(TABLES) as db:
            moved = _moved(target, db, "")
        return _over(source, mark, files, moved)
    refuse_other(target)
    refuse_users(source, target)
    number = mark.number if mark else new_number()

    def begun() -> None:
        if mark is None:
            source.put_mark(Mark(target.shown, number, now))
            refuse_users(source)  # who began in the same moment

    def whole() -> None:
        refuse_users(source, target)
        crashpoint("moved_all")

    moved = copied(source, target, number, told, begun=begun, whole=whole)
    crashpoint("moved_there")
    return _over(source, Mark(target.shown, number, now), files, moved)


def _over(source: Movable, mark: Mark, files: FilesEnd, moved: Arrived) -> Arrived:
    count = files.take()
    source.put_mark(replace(mark, is_done=True))
    return replace(moved, files=count)


def copied(
    source: Movable,
    target: Movable,
    number: int,
    told: Told = lambda *_: None,
    *,
    begun: Callable[[], object] = lambda: None,
    whole: Callable[[], object] = lambda: None,
) -> Arrived:
    """All of it, compared by what was read from both. `begun` is called once the target takes rows, `whole`
    before it is the store."""
    with target.building(TABLES, number) as (there, step):
        begun()
        with source.reading(TABLES) as db:
            tables = contents(TABLES)
            copy(tables, db, step, _counting(told))
            counters = source.counters(db, TABLES)
            wrong = _difference(db, there, tables)
            moved = _moved(target, there, "")
    if wrong:
        target.call_off()
        raise wrong
    whole()
    return replace(moved, aside=target.become(TABLES, number, counters, time.strftime("%Y%m%d_%H%M%S")))


def new_number() -> int:
    """Of a store that is made."""
    return secrets.randbelow(LARGEST_NUMBER) + 1


def undo(source: Movable) -> int:
    """What was moved away from here, or was about to be, is used here again as it was then. What was
    unfinished then waits for the owner's word, where it may have been answered since; returns how much."""
    mark = source.mark()
    if mark is None:
        raise NotFound(Text("这里没有搬走过消息。", "No messages were moved away from here.").fill())
    if not mark.is_done:
        source.put_mark(None)
        return 0
    return source.taken_back(TABLES, hold)


def refuse_users(*stores: Movable) -> None:
    for store in stores:
        if who := store.users():
            raise Conflict(
                Text(
                    "{store} 正被运行中的鸿雁使用（{who}）。请先停掉它。",
                    "{store} is in use by a running Hongyan ({who}). Stop it first.",
                ).fill(store=store.shown, who=who)
            )


def refuse_other(target: Movable) -> None:
    mark = target.mark()
    if mark and not mark.is_done:
        raise mark.refusal(target.shown)
    if not mark and not target.is_empty(TABLES):
        raise Conflict(
            Text(
                "{target} 里已有消息或别的数据，什么都没有搬。"
                "请换一个空的地方（数据库可以用 ?schema=名字）。",
                "There are messages or other data in {target} already; nothing was moved. "
                "Choose an empty place, in a database for example with ?schema=name.",
            ).fill(target=target.shown)
        )


def _begun(source: Movable, target: Movable) -> Mark | None:
    if source.shown == target.shown:
        raise Conflict(
            Text("消息已经在 {store} 里。", "The messages are in {store} already.").fill(store=source.shown)
        )
    if not source.number():
        raise NotFound(
            Text("{store} 里还没有消息。", "There are no messages in {store} yet.").fill(store=source.shown)
        )
    mark = source.mark()
    if mark and (mark.is_done or mark.to != target.shown):
        raise mark.refusal(source.shown)
    with source.reading(TABLES):
        return mark  # of a version that can be read


def _counting(told: Told) -> Callable[[Table, int], None]:
    there: dict[str, int] = {}

    def counted(table: Table, rows: int) -> None:
        there[table.name] = there.get(table.name, 0) + rows
        told(table.name, there[table.name])
        crashpoint("moved_some")

    return counted


def _difference(source: Db, target: Db, tables: Sequence[Table]) -> StoreFailed | None:
    ours, theirs = sums(source, tables), sums(target, tables)
    for name, one in ours.items():
        if one != theirs[name]:
            return StoreFailed(
                Text(
                    "搬过去的表 {table} 和原来的不一样（{rows} 行，那边 {others} 行），没有启用；"
                    "请再运行一次。",
                    "Table {table} did not arrive as it was ({rows} rows, {others} there), "
                    "so it is not used. Run it again.",
                ).fill(table=name, rows=one.rows, others=theirs[name].rows),
                code="damaged",
            )
    return None


def _moved(target: Movable, db: Db, aside: str) -> Arrived:
    rows = {
        table.name: int(db.execute(f'select count(*) from "{table.name}"').fetchone()[0])
        for table in contents(TABLES)
    }
    return Arrived(target.shown, sum(rows.values()), rows["messages"], aside)
