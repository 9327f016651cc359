"""`python -m bench.point_in_time`: a database goes back to a moment, and its messages into a home.

As docs/en/backup.md says: a base copy, the log archived as it is written, a crash, the copy brought up to a
moment. Then a backup of that, put back into a folder: what was unfinished waits there. Exits with 1 when
anything is there that should not be, or the other way round.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench.postgres import IMMEDIATE, Postgres, missing, running
from runtime.message import Message
from runtime.store.backup import back_up
from runtime.store.control.control import Control
from runtime.store.database.postgres_url import VARIABLE
from runtime.store.messages.messages import Messages
from runtime.store.messages.restored import Restored
from runtime.store.put_back import put_back

ARCHIVING = {"wal_level": "replica", "archive_mode": "on"}
SENDERS = "select sender from hongyan.messages order by seq"
WANTED = ["before", "between"]


async def gone_back(work: Path) -> bool:
    """Whether all is as it should be; says what it finds."""
    archive = work / "archive"
    archive.mkdir()
    archive.chmod(0o777)  # PostgreSQL is somebody else where we are root
    command = f"test ! -f {archive}/%f && cp %p {archive}/%f.new && mv {archive}/%f.new {archive}/%f"
    async with running(**ARCHIVING, archive_command=command) as first:
        await asyncio.to_thread(Control.in_folder, work / "home" / "data")
        await _write(first, work / "home", "before")
        async with first.base() as copy:
            await _write(first, work / "home", "between")
            [[at]] = await first.ask("select now()::text")
            await _write(first, work / "home", "after")
            await _archived(first)
            await first.stop(IMMEDIATE)
            began = time.monotonic()
            await copy.start_as_of(archive, at)
            took = time.monotonic() - began
            found = [row[0] for row in await copy.ask(SENDERS)]
            with _database(copy):
                await asyncio.to_thread(back_up, work / "home", work / "b.tar.gz", time.time())
    done = await asyncio.to_thread(put_back, work / "there", work / "b.tar.gz", time.time())
    held = await asyncio.to_thread(Restored(work / "there/data/messages.db").count)
    sys.stdout.write(f"back at {at} within {took:.1f} s: {found}\n")
    sys.stdout.write(f"put into a folder: {done.unfinished} unfinished, of which {held} wait\n")
    return found == WANTED and done.unfinished == held == len(WANTED)


async def _write(database: Postgres, home: Path, sender: str) -> None:
    with _database(database), closing(Messages(home / "data/messages.db")) as messages:
        await messages.accept("p", Message(sender, sender, "问"), time.time())


async def _archived(database: Postgres) -> None:
    [[log]] = await database.ask("select pg_walfile_name(pg_switch_wal())")
    done = "select 1 from pg_stat_archiver where last_archived_wal >= $1"
    while not await database.ask(done, log):  # noqa: ASYNC110 # the server tells nobody
        await asyncio.sleep(0.1)


@contextmanager
def _database(database: Postgres) -> Iterator[None]:
    os.environ[VARIABLE] = f"{database.url}?schema=hongyan"
    try:
        yield
    finally:
        del os.environ[VARIABLE]


def main() -> int:
    if why := missing():
        sys.stderr.write(f"{why}\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="hongyan-back-", dir="/tmp") as work:
        Path(work).chmod(0o755)
        return 0 if asyncio.run(gone_back(Path(work))) else 1


if __name__ == "__main__":
    sys.exit(main())
