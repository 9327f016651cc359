"""One owner among processes, each with its own connection to the same store."""

import asyncio
import os
import subprocess
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from runtime.errors import StoreFailed
from runtime.gateway import owner
from runtime.gateway.lease import BEAT, DEAD, LOOK, MINE, Leases
from runtime.lang import Text
from runtime.store.messages.messages import Messages

NAME = "link bot"
SLACK = 1.5
"""Seconds of the jumping clock that reading and writing may seem to take."""


def now():
    return asyncio.get_running_loop().time()


@dataclass
class Process:
    """One that works for as long as it has the lease."""

    leases: Leases
    tasks: list
    periods: list
    """When it worked: [from, until]."""

    @property
    def works(self):
        return bool(self.periods) and self.periods[-1][1] is None

    async def work(self):
        period = [now(), None]
        self.periods.append(period)
        try:
            await asyncio.Event().wait()
        finally:
            period[1] = now()

    async def killed(self):
        """Nothing that it does at an end is done."""
        leases = self.leases
        leases._rows.release = leases._rows.beat = nothing
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def nothing(*_):
    return set()


@asynccontextmanager
async def process(folder, name=NAME):
    loop = asyncio.get_running_loop()
    messages = Messages(folder / "messages.db", loop.outside)
    leases = Leases(messages.database, loop.wall)
    found = Process(leases, [], [])
    found.tasks += [asyncio.create_task(leases.watch())]
    found.tasks += [asyncio.create_task(leases.while_mine(name, found.work))]
    try:
        yield found
    finally:
        for task in found.tasks:
            task.cancel()
        await asyncio.gather(*found.tasks, return_exceptions=True)
        await asyncio.to_thread(messages.close)


async def until(condition, seconds):
    end = now() + seconds
    while not condition():
        assert now() < end, "it did not happen"
        await asyncio.sleep(0.05)


async def test_of_two_processes_one_works(tmp_path):
    async with process(tmp_path) as first, process(tmp_path) as second:
        await until(lambda: first.works or second.works, SLACK)
        await asyncio.sleep(10 * DEAD)
        assert [first.works, second.works].count(True) == 1
        assert len(first.periods) + len(second.periods) == 1
        assert first.leases.is_mine(NAME) == first.works


async def test_who_stood_still_knows_that_it_may_be_another_s_and_writes_nothing(tmp_path):
    async with process(tmp_path) as first:
        await until(lambda: first.works, SLACK)
        first.tasks[0].cancel()  # no sign of life, and no look whether it was lost
        assert await first.leases.learn(NAME, "how it stands", "well")
        async with process(tmp_path) as second:
            await asyncio.sleep(MINE)
            assert not first.leases.is_mine(NAME)
            assert not second.works
            await until(lambda: second.works, DEAD + SLACK)
            assert second.leases.is_mine(NAME)
            assert not await first.leases.learn(NAME, "how it stands", "ill")
            assert await second.leases.learn(NAME, "how it stands", "better")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(first.leases.surely(NAME), 60)


async def test_two_names_have_two_owners(tmp_path):
    async with process(tmp_path) as first, process(tmp_path, "link other") as second:
        await until(lambda: first.works and second.works, SLACK)


async def test_within_a_process_one_of_two_who_want_the_same_works(tmp_path):
    async with process(tmp_path) as first:
        await until(lambda: first.works, SLACK)
        first.tasks += [asyncio.create_task(first.leases.while_mine(NAME, first.work))]
        await asyncio.sleep(DEAD)
        assert len(first.periods) == 1


async def test_who_stops_gives_it_back_at_once(tmp_path):
    async with process(tmp_path) as first:
        await until(lambda: first.works, SLACK)
        async with process(tmp_path) as second:
            await asyncio.sleep(DEAD)
            assert not second.works
            first.tasks[1].cancel()
            await until(lambda: second.works, LOOK + SLACK)


async def test_when_its_owner_was_killed_another_takes_over_after_a_while(tmp_path):
    async with process(tmp_path) as first, process(tmp_path) as second:
        await until(lambda: first.works or second.works, SLACK)
        owns, waits = (first, second) if first.works else (second, first)
        await owns.killed()
        await until(lambda: waits.works, DEAD + BEAT + LOOK + SLACK)
        assert waits.periods[0][0] - owns.periods[0][1] > DEAD - BEAT - LOOK - SLACK


async def test_a_clock_that_was_set_back_or_forth_changes_nothing(tmp_path):
    async with process(tmp_path) as first, process(tmp_path) as second:
        await until(lambda: first.works or second.works, SLACK)
        for clock in (lambda: 5.0, lambda: 5e9):
            first.leases._clock = clock
            await asyncio.sleep(3 * DEAD)
        assert len(first.periods) + len(second.periods) == 1


async def test_who_cannot_say_that_it_lives_stops_before_another_begins(tmp_path):
    async def refused(*_):
        raise StoreFailed(Text("满", "full"), code="disk")

    async with process(tmp_path) as first:
        await until(lambda: first.works, SLACK)
        async with process(tmp_path) as second:
            beat, first.leases._rows.beat = first.leases._rows.beat, refused
            first.leases._rows.take = refused
            await until(lambda: not first.works, MINE + BEAT + SLACK)
            await until(lambda: second.works, DEAD + SLACK)
            assert first.periods[0][1] < second.periods[0][0]
            first.leases._rows.beat = beat
            await asyncio.sleep(DEAD)
            assert second.works
            assert not first.works


async def test_it_works_again_once_a_disk_that_refused_for_long_is_well(tmp_path):
    async def refused(*_):
        raise StoreFailed(Text("满", "full"), code="disk")

    async with process(tmp_path) as alone:
        await until(lambda: alone.works, SLACK)
        rows = alone.leases._rows
        kept = rows.beat, rows.take, rows.release
        rows.beat = rows.take = rows.release = refused
        await until(lambda: not alone.works, MINE + BEAT + SLACK)
        rows.beat, rows.take, rows.release = kept
        await until(lambda: alone.works, BEAT + SLACK)


async def test_a_disk_that_never_answers_ends_it_too(tmp_path):
    async with process(tmp_path) as first:
        await until(lambda: first.works, SLACK)
        first.leases._rows.beat = lambda *_: asyncio.Event().wait()
        first.leases._rows.take = lambda *_: asyncio.Event().wait()
        await until(lambda: not first.works, MINE + BEAT + SLACK)


async def test_work_that_ends_or_fails_gives_it_back(tmp_path):
    async def ends():
        pass

    async def fails():
        raise ValueError("no")

    async with process(tmp_path, "another") as first:
        await first.leases.while_mine(NAME, ends)
        with pytest.raises(ValueError, match="no"):
            await first.leases.while_mine(NAME, fails)
        assert not first.leases.is_mine(NAME)


# Who is surely gone


@pytest.mark.skipif(not owner._machine(), reason="the system does not tell")
def test_a_process_that_died_is_surely_gone_and_one_that_lives_is_not():
    say = "from runtime.gateway import owner; print(owner.name(), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", say], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        name = other.stdout.readline().strip()
        assert not owner.is_gone(name)
        other.kill()
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
        assert owner.is_gone(name), "dead, and not buried yet"
        other.wait()
        assert owner.is_gone(name)


@pytest.mark.parametrize("strange", ["", "x", "a/b/c/d", "another machine/1/1/x", "///", "/1/2/3"])
def test_what_cannot_be_told_is_not_gone(strange):
    assert not owner.is_gone(strange)


def test_a_later_process_of_the_same_number_is_another_one():
    machine, pid, started, rest = owner.name().split("/")
    if started:
        assert owner.is_gone(f"{machine}/{pid}/{int(started) - 1}/{rest}")
        assert not owner.is_gone(f"{machine}/{pid}/{started}/{rest}")
