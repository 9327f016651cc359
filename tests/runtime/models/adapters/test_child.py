"""The process that runs litellm: who may reach it, and what becomes of questions when it hangs or dies.

What plays litellm here begins in no time (child_that_plays.py); test_litellm_child.py has the real one.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from leftovers import leftovers
from runtime.errors import ModelFailed
from runtime.models.adapters.via_litellm import ViaLiteLLM, child
from runtime.models.adapters.via_litellm.child import Child, ChildDied, Pace
from runtime.models.adapters.via_litellm.children import Children
from runtime.models.completion import Request
from runtime.models.litellm_child import frames
from runtime.models.reading.unfinished import Unfinished
from runtime.models.targets import Target
from runtime.settings import CHECKOUT

PLAYED = (str(Path(__file__).with_name("child_that_plays.py")),)
USUAL = Pace()
ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT)}


class Way(ViaLiteLLM):
    """The adapter, with a process that plays litellm. `calls`: the model of each question that reached it."""

    def __init__(self, log, pace=USUAL, **limits):
        super().__init__({})
        self.log = log
        self.children = Children(lambda: Child.start(ENVIRONMENT, str, PLAYED, pace), **limits)

    @property
    def calls(self):
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []

    @property
    def pid(self):
        return self.children.pid

    def ask(self, what="hello", heard=None, seconds=50.0):
        request = Request("m", [{"role": "user", "content": "你好"}])
        unfinished = Unfinished(heard.append if heard is not None else None)
        return super().ask(Target("m", what, str(self.log)), request, unfinished, seconds)

    def begin(self, what, heard=None):
        return asyncio.ensure_future(self.ask(what, heard))


@pytest.fixture
def playing(tmp_path):
    @asynccontextmanager
    async def playing(**limits):
        way = Way(tmp_path / "calls", **limits)
        try:
            yield way
        finally:
            await way.close()

    return playing


async def until(condition, seconds=40):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 # it has no event
            await asyncio.sleep(0.02)


def proc(path):
    return Path("/proc", path).read_text(encoding="utf-8")


def alive(pid):
    with contextlib.suppress(OSError):
        return proc(f"{pid}/stat").rpartition(")")[2].split()[0] != "Z"
    return False


def test_the_process_that_asks_never_imports_litellm():
    code = "import sys, runtime.models.routed; sys.exit('litellm' in sys.modules or 'openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=False).returncode == 0


async def test_it_is_started_when_first_needed_and_once_for_all_who_wait(playing):
    begun = []

    async def begin():
        begun.append(1)
        return await Child.start(ENVIRONMENT, str, PLAYED)

    async with playing() as way:
        way.children = Children(begin)
        assert way.pid is None
        answers = await asyncio.gather(*(way.ask() for _ in range(5)))
        assert [answer.text for answer in answers] == ["你好"] * 5
        assert len(way.calls) == 5
    assert begun == [1]


@pytest.mark.parametrize("heard", [None, []], ids=["whole", "in pieces"])
async def test_a_question_leaves_nothing_for_the_collector(playing, heard):
    async with playing() as way:
        await way.ask(heard=heard)
        with leftovers() as found:
            await way.ask("3", heard)
            given_up = way.begin("hangs", heard)
            await until(lambda: way.calls[-1] == "hangs")
            given_up.cancel()
            await asyncio.wait([given_up])
            del given_up
            await way.ask()
    assert found == {}


async def test_a_question_in_flight_at_its_death_is_asked_once_more(playing):
    async with playing() as way:
        asked = way.begin("hangs once")
        await until(lambda: way.calls)
        os.kill(way.pid, signal.SIGKILL)
        assert (await asked).text == "你好"
        assert way.calls == ["hangs once"] * 2


async def test_a_second_death_is_a_failure_that_says_so(playing):
    async with playing() as way:
        with pytest.raises(ModelFailed) as caught:
            await way.ask("deadly")
        assert way.calls == ["deadly"] * 2
    assert not caught.value.retryable
    assert "litellm" in caught.value.text.zh


async def test_what_was_shown_before_its_death_is_not_followed_by_another_answer(playing):
    heard = []
    async with playing() as way:
        asked = way.begin("shown then hangs", heard)
        await until(lambda: heard)
        os.kill(way.pid, signal.SIGKILL)
        with pytest.raises(ModelFailed) as caught:
            await asked
        assert len(way.calls) == 1
    assert caught.value.retryable


async def test_many_deaths_at_odd_moments_lose_no_question(playing):
    async with playing() as way:
        for moment in (0.0, 0.01, 0.05, 0.2, 0.4):
            asked = [way.begin("slow") for _ in range(20)]
            await asyncio.sleep(moment)
            if way.pid:
                os.kill(way.pid, signal.SIGKILL)
            assert [answer.text for answer in await asyncio.gather(*asked)] == ["你好"] * 20


async def test_one_that_hangs_is_ended_and_another_answers(playing):
    async with playing(pace=Pace(0.05)) as way:
        await way.ask()
        os.kill(stopped := way.pid, signal.SIGSTOP)
        assert (await way.ask()).text == "你好"
        assert not alive(stopped)


class Crowded:
    """A machine on which somebody else has the cores for so many looks."""

    def __init__(self, looks):
        self.looks = looks
        self.seconds = 0.0

    def __call__(self, pid):
        if self.looks > 0:
            self.looks -= 1
            self.seconds += 60.0
        return self.seconds


async def test_one_that_gets_no_core_is_not_taken_for_one_that_hangs(playing):
    crowded = Crowded(0)
    async with playing(pace=Pace(0.02, waited=crowded)) as way:
        await way.ask()
        crowded.looks = 40
        os.kill(before := way.pid, signal.SIGSTOP)
        asked = way.begin("hello")
        await until(lambda: crowded.looks == 0)
        os.kill(before, signal.SIGCONT)
        assert (await asked).text == "你好"
        assert way.pid == before


async def test_one_that_gets_no_core_while_it_loads_is_waited_for(playing):
    async with playing(pace=Pace(0.01, loading=0.0, waited=Crowded(10_000))) as way:
        assert (await way.ask()).text == "你好"


async def test_one_that_waits_for_a_slow_model_is_left_alone(playing):
    async with playing(pace=Pace(0.01)) as way:
        await way.ask()
        before = way.pid
        assert (await way.ask("slow")).text == "你好"
        assert way.pid == before


@pytest.mark.parametrize("limits", [{"most_questions": 1}, {"most_memory": 1}], ids=["count", "memory"])
async def test_one_that_is_worn_out_is_replaced_without_failing_what_it_was_asked(playing, limits):
    async with playing(**limits) as way:
        slow = way.begin("slow")
        await until(lambda: way.calls)
        old = way.pid
        assert (await way.ask()).text == "你好"
        assert (await slow).text == "你好"
        await until(lambda: way.pid != old and not alive(old))
        assert (await way.ask()).text == "你好"
        assert len(way.calls) == 3


async def test_a_cancelled_question_is_taken_back(playing):
    async with playing() as way:
        await way.ask()
        asked = way.begin("hangs")
        await until(lambda: len(way.calls) == 2)
        child = await way.children.take()
        assert child.busy
        asked.cancel()
        await until(lambda: not child.busy)
        assert (await way.ask()).text == "你好"


async def test_a_flood_of_pieces_arrives_whole_in_few_frames(playing):
    heard = []
    async with playing() as way:
        await way.ask()
        child = await way.children.take()
        before = child.frames_heard
        answer = await way.ask("5000", heard)
        assert "".join(heard) == answer.text == "字" * 100_000 + "你好"
        assert child.frames_heard - before < 100


def sockets_of(pid):
    links = [fd.readlink().name for fd in Path(f"/proc/{pid}/fd").iterdir()]
    return {link[8:-1] for link in links if link.startswith("socket:")}


async def test_nobody_else_may_connect(playing):
    """It has one end of a pair of sockets: no address, no file."""
    async with playing() as way:
        await way.warm()
        sockets = sockets_of(way.pid)
        assert sockets
        tcp = [line.split() for line in proc("net/tcp").splitlines()[1:]]
        assert not [line for line in tcp if line[9] in sockets and line[3] == "0A"]
        local = [line.split() for line in proc("net/unix").splitlines()[1:]]
        assert not [line for line in local if line[6] in sockets and len(line) > 7]


PARENT = f"""
import asyncio
from runtime.models.adapters.via_litellm.child import Child
async def main():
    child = await Child.start({ENVIRONMENT}, str, {PLAYED})
    print(child.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.mark.parametrize("stopped", [False, True], ids=["running", "stopped"])
def test_it_ends_with_its_parent_even_when_that_is_killed(stopped):
    with subprocess.Popen([sys.executable, "-c", PARENT], cwd=CHECKOUT, stdout=subprocess.PIPE) as parent:
        pid = int(parent.stdout.readline())
        if stopped:
            os.kill(pid, signal.SIGSTOP)
        parent.kill()
    end = time.monotonic() + 10
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    assert not alive(pid)


async def test_a_signal_to_the_whole_group_does_not_end_it(playing):
    """A service manager sends SIGTERM to all; the answers in flight are still to come."""
    async with playing() as way:
        asked = way.begin("slow")
        await until(lambda: way.calls)
        os.kill(way.pid, signal.SIGTERM)
        os.kill(way.pid, signal.SIGINT)
        assert (await asked).text == "你好"
        assert len(way.calls) == 1


async def test_one_that_cannot_start_is_told_and_tried_again_by_the_next_question(playing):
    begun = []

    async def broken():
        begun.append(1)
        raise ChildDied

    async with playing() as way:
        way.children = Children(broken, pauses=(0, 0))
        for _ in range(2):
            with pytest.raises(ModelFailed) as caught:
                await way.ask()
    assert not caught.value.retryable
    assert "make setup" in caught.value.text.en
    assert len(begun) == 4


BAD = [
    b"",
    b"nonsense",
    b'{"not": "a list"}',
    b'[[1, "unknown", null]]',
    b'[["1x", "said", {}]]',
    b'[[1, "end", {"cost": "much"}]]',
    b'[[1, "failed", {"status": 99999}]]',
    b"[" * 100_000,
]


@pytest.mark.parametrize("data", BAD, ids=lambda data: data[:20].decode())
def test_a_frame_that_is_not_in_form_is_refused(data):
    with pytest.raises(frames.BadFrame):
        child._items(data)
