"""PostgreSQL of Debian's package as a server of ours: started, stopped in any way, followed by a standby."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import asyncpg

from bench.ports import free_port

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/lib/postgresql"))
USER = "postgres"
"""Who runs it where we are root: PostgreSQL refuses to be."""
ROLE = "hongyan"
PATIENCE = 60.0
"""Seconds for a start or a stop."""
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",  # a killed server leaves what it told the system; a machine without current is not played
    "max_connections": "80",
    "hot_standby": "on",
}
ROUNDS = 4
"""In which all connections are taken: whoever loses one comes again at once."""
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT
"""Stops: open transactions are undone and everybody is told; or as if it had crashed."""


def missing() -> str:
    """Why none can be started here; empty when one can."""
    return "" if (PROGRAMS / "initdb").exists() else "needs PostgreSQL (apt-get install postgresql-15)"


@dataclass
class Postgres:
    """`folder` holds its data and its log."""

    folder: Path
    port: int = field(default_factory=free_port)
    host: str = "127.0.0.1"
    namespace: str = ""
    """Of the network that it runs in, where that is another than ours."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Beside SETTINGS, or instead of one of them."""
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}@{self.host}:{self.port}/postgres"

    async def make(self) -> None:
        """Raises CalledProcessError."""
        await self._run(
            "initdb", "-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale=C", "-N", "-D", self._data
        )
        with (self._data / "pg_hba.conf").open("a", encoding="ascii") as rules:
            rules.write("host all all samenet trust\n")  # of the namespace, if it runs in one

    async def start(self) -> None:
        """Returns once it takes connections. Raises TimeoutError, ChildProcessError."""
        named = {**SETTINGS, **self.settings}.items()
        settings = [word for name, value in named for word in ("-c", f"{name}={value}")]
        where = ["-D", self._data, "-k", self.folder, "-p", str(self.port)]
        with (self.folder / "log").open("ab") as log:
            self._process = begun(
                [PROGRAMS / "postgres", *where, *settings], self.folder, USER, log, self.namespace
            )
        ends = time.monotonic() + PATIENCE
        while not await self._takes_connections():
            if self._process.poll() is not None:
                raise ChildProcessError((self.folder / "log").read_text(errors="replace")[-2000:])
            if time.monotonic() > ends:
                raise TimeoutError(f"PostgreSQL takes no connections, see {self.folder / 'log'}")
            await asyncio.sleep(0.05)

    async def stop(self, how: signal.Signals = FAST) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(how)
            await asyncio.to_thread(self._process.wait, PATIENCE)

    async def ask(self, sql: str, *values: Any) -> list[Any]:
        """As the server's owner. Raises OSError and what asyncpg raises."""
        connection = await asyncpg.connect(self.url, timeout=10, command_timeout=30)
        try:
            return list(await connection.fetch(sql, *values))
        finally:
            await connection.close()

    @asynccontextmanager
    async def base(self) -> AsyncIterator["Postgres"]:
        """A copy of it as it is now, which is not started yet."""
        async with _placed() as folder:
            other = Postgres(folder)
            copy = ("-h", "127.0.0.1", "-p", str(self.port), "-U", ROLE, "-X", "stream", "-c", "fast")
            await other._run("pg_basebackup", *copy, "-D", other._data)
            try:
                yield other
            finally:
                await other.stop(IMMEDIATE)

    async def start_as_of(self, archive: Path, at: str) -> None:
        """A base copy, brought to that moment (as PostgreSQL writes times) by the log archived there; returns
        once it can be written to."""
        self.settings = {
            "restore_command": f"cp {archive}/%f %p",
            "recovery_target_time": at,
            "recovery_target_action": "promote",
        }
        (self._data / "recovery.signal").touch()
        await self.start()
        ends = time.monotonic() + PATIENCE
        while (await self.ask("select pg_is_in_recovery()"))[0][0]:
            if time.monotonic() > ends:
                raise TimeoutError(f"PostgreSQL does not come back, see {self.folder / 'log'}")
            await asyncio.sleep(0.05)

    @asynccontextmanager
    async def standby(self) -> AsyncIterator["Postgres"]:
        """Another one that follows this one, which from now on answers a commit when both have it."""
        async with _placed() as folder:
            other = Postgres(folder)
            copy = ("-h", "127.0.0.1", "-p", str(self.port), "-U", ROLE, "-R", "-X", "stream", "-c", "fast")
            await other._run("pg_basebackup", *copy, "-D", other._data)
            try:
                await other.start()
                await self.ask("alter system set synchronous_standby_names='*'")
                await self.ask("select pg_reload_conf()")
                yield other
            finally:
                await other.stop(IMMEDIATE)

    async def promote(self) -> None:
        """A standby becomes one that can be written to, and waits for no standby of its own."""
        await self.ask("select pg_promote(true, 30)")
        await self.ask("alter system set synchronous_standby_names=''")
        await self.ask("select pg_reload_conf()")

    @asynccontextmanager
    async def full(self, of: str = "hongyan") -> AsyncIterator[None]:
        """Every connection is taken, also those of programs with this name, which end."""
        taken: list[asyncpg.Connection] = []
        end = f"select pg_terminate_backend(pid) from pg_stat_activity where application_name='{of}'"
        try:
            for _ in range(ROUNDS):
                with suppress(asyncpg.TooManyConnectionsError):
                    while True:
                        taken.append(await asyncpg.connect(self.url, timeout=10))
                await taken[0].fetch(end)
            yield
        finally:
            await asyncio.gather(*(one.close() for one in taken))

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    async def _takes_connections(self) -> bool:
        try:
            await self.ask("select 1")
        except (OSError, asyncpg.PostgresError):
            return False
        return True

    async def _run(self, program: str, *arguments: str | Path) -> None:
        process = begun([PROGRAMS / program, *arguments], self.folder, USER, subprocess.PIPE)
        _, said = await asyncio.to_thread(process.communicate)
        if process.returncode:
            raise ChildProcessError(f"{program}: {said.decode(errors='replace')[-2000:]}")


@asynccontextmanager
async def running(**settings: str) -> AsyncIterator[Postgres]:
    """A new one, until the end of the block."""
    async with _placed() as folder, started(Postgres(folder, settings=settings)) as made:
        yield made


@asynccontextmanager
async def elsewhere(namespace: str, host: str, port: int) -> AsyncIterator[Postgres]:
    """A new one in that network, where this is one of its addresses."""
    async with _placed() as folder:
        made = Postgres(folder, port, host, namespace, {"listen_addresses": "*"})
        async with started(made):
            yield made


@asynccontextmanager
async def started(made: Postgres) -> AsyncIterator[Postgres]:
    await made.make()
    try:
        await made.start()
        yield made
    finally:
        await made.stop(IMMEDIATE)


@asynccontextmanager
async def _placed() -> AsyncIterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="hongyan-pg-", dir="/tmp"))  # its socket's path must be short
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def begun(
    command: Sequence[str | Path], folder: Path, name: str, log: int | IO[bytes], namespace: str = ""
) -> "subprocess.Popen[bytes]":
    """Run by somebody who is not root, and owns that folder; in that network, which only root may enter."""
    who: dict[str, Any] = {}
    if os.getuid() == 0:
        user = pwd.getpwnam(name)
        os.chown(folder, user.pw_uid, user.pw_gid)
        who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    if namespace:
        enter = ["nsenter", f"--net=/run/netns/{namespace}", "-S", str(user.pw_uid), "-G", str(user.pw_gid)]
        command, who = [*enter, "--", *command], {}
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, cwd=folder, **who)
