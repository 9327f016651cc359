"""A connection to PostgreSQL for plain functions: each statement is one round trip, and waited for."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import asyncpg
from greenlet import getcurrent, greenlet

from runtime.store.database.dialect import arguments, plain, translated
from runtime.store.database.found import Found
from runtime.store.database.postgres_failed import RAISED

T = TypeVar("T")
MOST_STATEMENTS = 500
"""Prepared ones of one connection."""
PLANNED = 60.0
"""Seconds."""


class Session:
    """Of one thread at a time, in which no event loop runs. Raises what asyncpg raises."""

    instance = 0
    """See instance_of."""
    leaves = False

    def __init__(self, connection: asyncpg.Connection, loop: asyncio.AbstractEventLoop) -> None:
        self._connection, self._loop = connection, loop
        self._prepared: dict[str, Any] = {}
        self._number = 0
        self._since = time.monotonic()
        self._plans_until = self._since + 1.0
        self._outer: greenlet | None = None
        """Where the loop runs, in the middle of `whole`."""

    @property
    def is_open(self) -> bool:
        return not self._loop.is_closed() and not self._connection.is_closed()

    def execute(self, sql: str, parameters: Any = (), /) -> Found:
        text, names = translated(sql)
        return self._run(self._fetch(text, arguments(names, parameters)))

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> None:
        text, _ = translated(sql)
        rows = [[plain(value) for value in row] for row in parameters]
        if len(rows) == 1:
            self._run(self._fetch(text, rows[0]))
        elif rows:
            self._run(self._fetch_many(text, rows))

    def each(self, sql: str, parameters: Sequence[Sequence[Any]], /) -> Sequence[Any]:
        """The rows for each of them, one after another, in one round trip."""
        text, names = translated(sql)
        return self._run(self._fetch_each(text, [arguments(names, values) for values in parameters]))

    def whole(self, work: Callable[[], T]) -> T:
        """Do `work`, which asks for several statements, while the loop goes on running: to begin and to end
        it for each would cost as much as the statement. Nothing in there may run another loop."""
        return self._loop.run_until_complete(self._carried(work))

    def run(self, script: str, seconds: float | None = None) -> None:
        """PostgreSQL's own words, without parameters. `seconds`: how long they may take; None: as any."""
        self._run(self._connection.execute(script, timeout=seconds))

    def plan_anew(self) -> None:
        """Now and then, between transactions: the server keeps how it reads tables, and these grow from
        nothing. When they are twice as old, or PLANNED has passed."""
        now = time.monotonic()
        if now > self._plans_until:
            self._plans_until = now + min(PLANNED, max(1.0, now - self._since))
            self.run("discard plans")

    def step(self, work: Callable[[], T]) -> T:
        """Do `work` in a transaction: all of it, or nothing."""
        self.run("begin")
        try:
            done = work()
            self.run("commit")
        except BaseException:
            if self.is_open:
                with suppress(*RAISED):
                    self.run("rollback")
            raise
        return done

    def close(self) -> None:
        """Never waits for the server."""
        if self._loop.is_closed():
            return
        self._prepared.clear()
        self._connection.terminate()
        self._run(asyncio.sleep(0))
        self._loop.close()

    async def _fetch(self, text: str, values: Sequence[Any]) -> Found:
        statement = await self._statement(text)
        rows = await statement.fetch(*values)
        return Found(rows, changed(statement.get_statusmsg()))

    async def _fetch_each(self, text: str, rows: Sequence[Sequence[Any]]) -> Sequence[Any]:
        found: Sequence[Any] = await (await self._statement(text)).fetchmany(rows)
        return found

    async def _fetch_many(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        await (await self._statement(text)).executemany(rows)

    async def _statement(self, text: str) -> Any:
        if (known := self._prepared.get(text)) is None:
            if len(self._prepared) >= MOST_STATEMENTS:
                self._prepared.clear()
            self._number += 1
            name = f"hongyan_{self._number}"  # without one, the server would read and plan it each time
            known = self._prepared[text] = await self._connection.prepare(text, name=name)
        return known

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        if self._outer is None:
            return self._loop.run_until_complete(work)
        found: T = self._outer.switch(work)
        return found

    async def _carried(self, work: Callable[[], T]) -> T:
        """`work` stands still at each statement, which is awaited here."""
        self._outer = getcurrent()
        inner = greenlet(work)
        try:
            asked = inner.switch()
            while not inner.dead:
                try:
                    found = await asked
                except Exception as e:  # noqa: BLE001 # whatever it is, it is raised where it was asked for
                    asked = inner.throw(e)
                else:
                    asked = inner.switch(found)
        finally:
            self._outer = None
        done: T = asked
        return done


def changed(status: str) -> int:
    """How many rows, by what the server says of a statement."""
    last = status.rpartition(" ")[2]
    return int(last) if last.isdecimal() else 0
