"""A pooler such as pgbouncer between us and the server: what it takes to work through one.

Locks, notifications and settings are a connection's. A pooler that keeps one for each client (session mode)
does no harm; one that gives each transaction another (transaction mode) would lose them without a word.
"""

from collections.abc import Mapping
from contextlib import suppress

import asyncpg

from runtime.store.database.postgres_failed import POOLED, other
from runtime.store.database.postgres_url import Url

PID = "select pg_backend_pid()"
LOOKS = 3
SECONDS = 5.0
_fine = set[str]()
"""Addresses at which a connection stays what it is."""


async def settle(connection: asyncpg.Connection, settings: Mapping[str, str]) -> int:
    """For this connection from now on; poolers take no settings as it begins. Returns whose process it is."""
    sets = ", ".join(f"set_config(${2 * n + 1}, ${2 * n + 2}, false)" for n in range(len(settings)))
    given = [word for pair in settings.items() for word in pair]
    row = await connection.fetchrow(f"{PID} as pid, {sets}", *given)
    return int(row["pid"])


async def refuse_pooled(connection: asyncpg.Connection, url: Url, pid: int) -> None:
    """Raises StoreFailed where statements of one connection go to several of the server's, or those of two
    to one."""
    if pid == connection.get_server_pid() or url.dsn in _fine:
        return
    beside = await asyncpg.connect(url.dsn, timeout=SECONDS, statement_cache_size=0)
    try:
        for _ in range(LOOKS):
            ours, theirs = await connection.fetchval(PID), await beside.fetchval(PID)
            if ours != pid or ours == theirs:
                raise other(url, POOLED)
    finally:
        with suppress(OSError):
            beside.terminate()
    _fine.add(url.dsn)
