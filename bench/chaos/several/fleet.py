"""Several gateways on one database, each with a home, a line and, so it believes, a machine of its own."""

import asyncio
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import uuid4

from bench.chaos import clock
from bench.chaos.several.cable import Cable
from bench.chaos.several.line import Line
from bench.chaos.states import in_hand
from bench.chaos.trial import Plan, Running, Trial
from bench.forked import Forked
from bench.installation import Installation
from bench.ports import free_port
from bench.postgres import Postgres
from bench.process import CHECKOUT, Program
from bench.redis import Redis
from runtime.store.database.postgres_url import VARIABLE

MEMBERS = 3
KEY = Path("data", "secret.key")
AS_ANOTHER_MACHINE = """
import os, pathlib, sys
from bench.forked import take_for_machine
take_for_machine(pathlib.Path(sys.argv[1]))
os.execv(sys.argv[2], sys.argv[2:])
"""


@dataclass(frozen=True)
class Left:
    """A message that a gateway had in hand when it died, stood still or was cut off."""

    mark: str
    at: float
    member: int


@dataclass(frozen=True)
class SeveralPlan(Plan):
    clocks: Sequence[str] = ()
    """How far that of each is from ours, as libfaketime writes it."""
    standby: bool = False
    """Another server follows the database, to which it may fail over."""
    cables: bool = False
    """The database stands in a namespace, where this machine allows it: between them is only the kernel."""
    redis: bool = False
    """What may vanish is kept there."""
    older: str = ""
    """The first runs the program as of that commit."""
    of_member: Callable[[int, Path], dict[str, str]] = lambda number, home: {}
    """Environment of one, by its number and home."""


@dataclass
class Member(Running):
    """Its kills are the fleet's."""

    number: int
    lines: Sequence[Line | Cable]
    left: list[Left] = field(default_factory=list, kw_only=True)

    def kill(self) -> None:
        super().kill()
        self.lost()

    async def died(self, seconds: float) -> bool:
        if died := await super().died(seconds):
            self.lost()
        return died

    def lost(self) -> None:
        """Others must take over what it has in hand just now."""
        pid, now = self.gateway.program.pid, time.time()
        self.left += [Left(mark, now, self.number) for mark in in_hand(self.home, pid)]

    def stand_still(self) -> None:
        """From now on it hears and says nothing. What it learns from now on may be asked anew, as after a
        death."""
        os.kill(self.gateway.program.pid, signal.SIGSTOP)
        self.history.kills.append(time.time())
        self.lost()

    def go_on(self) -> None:
        if self.gateway.program.exit_code() is None:
            os.kill(self.gateway.program.pid, signal.SIGCONT)


@dataclass
class Fleet(Trial):
    """`gateway` and `home` are the first one's."""

    members: list[Member]
    database: Postgres
    standby: Postgres | None
    redis: Redis | None
    left: list[Left]

    @property
    def homes(self) -> list[Path]:
        return [member.home for member in self.members]

    async def start_all(self) -> None:
        """The first alone, since it makes the tables."""
        plan = self.plan
        assert isinstance(plan, SeveralPlan)
        first, *others = self.members
        await first.start(**plan.of_member(first.number, first.home))
        await asyncio.gather(*(one.start(**plan.of_member(one.number, one.home)) for one in others))

    @contextmanager
    def unrecorded(self) -> Iterator[None]:
        """What is learned meanwhile may not be kept, so that another has to ask anew."""
        began = time.time()
        self.history.unrecorded.append((began, math.inf))
        yield
        self.history.unrecorded.remove((began, math.inf))
        self.history.unrecorded.append((began, time.time()))

    async def all_well(self) -> None:
        """Whoever stands still goes on, lines are whole, who is dead is started."""
        for member in self.members:
            for line in member.lines:
                line.heal()
            member.go_on()
        dead = [one for one in self.members if one.gateway.program.exit_code() is not None]
        await asyncio.gather(*(one.start() for one in dead))

    def kill_all(self) -> None:
        for member in self.members:
            member.gateway.program.kill()


def beside(
    first: Installation, number: int, url: str, *, plan: SeveralPlan, older: Path | None
) -> Installation:
    """With a home of its own, where nothing is but the same key; the first itself for number 0."""
    home = first.home.parent / str(number)
    if home != first.home:
        (home / "data").mkdir(parents=True)
        shutil.copy(first.home / KEY, home / KEY)
    port = first.port if number == 0 else free_port()
    given = {"HONGYAN_HOME": str(home), "HONGYAN_PORT": str(port), VARIABLE: url}
    if plan.clocks:
        given |= clock.environment(home, plan.clocks[number])
    environment = {**first.program.environment, **given}
    program = Program.python("app.py", "gateway", environment=environment, log=home / "gateway.log")
    is_older = number == 0 and older is not None
    if is_older:
        program.command[1] = f"{older}/app.py"
    machine = _machine(home) if os.geteuid() == 0 else None
    if not (plan.clocks or is_older):  # a start takes a tenth of the time then
        program = Forked(program.command, program.environment, program.log, machine=machine)
    elif machine:
        program.command = [sys.executable, "-c", AS_ANOTHER_MACHINE, str(machine), *program.command]
    return replace(first, home=home, port=port, program=program)


def _machine(home: Path) -> Path:
    """A name of its own, so that none of them can look whether another's process lives."""
    named = home / "machine"
    named.write_text(f"{uuid4()}\n", encoding="ascii")
    return named


def unknown(commit: str) -> str:
    """Why the program as it was then cannot be had; empty when it can."""
    known = subprocess.run(["git", "cat-file", "-e", commit], cwd=CHECKOUT, check=False, capture_output=True)
    return f"there is no commit {commit} here" if known.returncode else ""


def as_of(commit: str, folder: Path) -> Path:
    """The program as it was then. Raises CalledProcessError."""
    folder.mkdir()
    archive = subprocess.run(["git", "archive", commit], cwd=CHECKOUT, check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder
