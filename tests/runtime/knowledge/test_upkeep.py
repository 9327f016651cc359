"""Who keeps bases up to date while the program runs: started when something changed, and only then."""

import asyncio
import io
import os
import sys
from contextlib import closing
from pathlib import Path

import pytest

from runtime.errors import BadSettings, Unreadable
from runtime.knowledge.index.index import Index
from runtime.knowledge.passage import Passage
from runtime.knowledge.reading import Unread
from runtime.knowledge.sources.answers import known, learn
from runtime.knowledge.sources.base import Source
from runtime.knowledge.sources.bases import Bases
from runtime.knowledge.sources.indexing import LATER, MUCH_LATER, Indexing
from runtime.knowledge.sources.upkeep import LOOKS, REST, Upkeep, usual_program
from runtime.knowledge.sources.web import AGAIN
from runtime.knowledge.sources.work import Work
from runtime.locks import alone_or_not
from runtime.settings import CHECKOUT
from set_clock import Clock


@pytest.fixture
def bases(tmp_path):
    bases = Bases(tmp_path)
    bases.create("tea")
    return bases


def notes(tmp_path, then=""):
    """A program that only notes for which base it was started."""
    log = tmp_path / "started"
    log.touch()
    script = f"import sys; open({str(log)!r}, 'a').write(sys.argv[1] + '\\n'); {then}"
    return (sys.executable, "-c", script), lambda: log.read_text(encoding="utf-8").split()


async def test_a_base_is_looked_after_when_it_changed_and_only_then(bases, tmp_path):
    program, started = notes(tmp_path)
    upkeep = Upkeep(bases, tmp_path, program, clock := Clock())
    for _ in range(2):
        await upkeep.look()
    assert started() == ["tea"]
    source = bases.add("tea", io.BytesIO(b"x"), "a.txt").source
    for _ in range(2):
        await upkeep.look()
    assert started() == ["tea"] * 2
    bases.file("tea", source).write_bytes(b"changed by hand")
    bases.create("shop")
    await upkeep.look()
    assert sorted(started()[2:]) == ["shop", "tea"]
    Upkeep(bases, tmp_path, program).wake("tea")  # in another process
    await upkeep.look()
    assert started()[4:] == ["tea"]
    # what the disk refused, and pages, are due by the clock
    with closing(Work(bases.work("tea"))) as work:
        work.begin("a.txt", "m", "d", (1, 1), "", clock.now)
        work.end("a.txt", "failed", [Unread("disk")], 0, 0, clock.now)
    bases.add("tea", io.BytesIO(b"y"), "b.txt")
    await upkeep.look()
    await upkeep.look()
    assert started()[5:] == ["tea"]
    clock.now += LATER
    await upkeep.look()
    assert started()[6:] == ["tea"]


async def test_vectors_that_could_not_be_had_are_asked_for_again(bases, tmp_path):
    bases.add("tea", io.BytesIO(b"x"), "a.txt")
    with closing(Index(bases.index("tea"))) as index, closing(Work(bases.work("tea"))):
        index.replace("a.txt", "m", (), [Passage("x")])
    program, started = notes(tmp_path)
    upkeep = Upkeep(bases, tmp_path, program, clock := Clock())
    await upkeep.look()
    clock.now += AGAIN - 1
    await upkeep.look()
    assert started() == ["tea"]
    clock.now += 1
    await upkeep.look()
    assert started() == ["tea"] * 2
    bases.change("tea", lambda base: base.model_copy(update={"embedding": "none"}))
    await upkeep.look()
    clock.now += AGAIN
    await upkeep.look()
    assert started() == ["tea"] * 3


async def test_a_process_that_fails_is_started_again_after_a_rest(bases, tmp_path, caplog):
    program, started = notes(tmp_path, "sys.exit('no room')")
    upkeep = Upkeep(bases, tmp_path, program, clock := Clock())
    for _ in range(3):
        await upkeep.look()
    assert (started(), "no room" in caplog.text) == (["tea"], True)
    clock.now += REST
    await upkeep.look()
    assert started() == ["tea"] * 2


async def test_a_process_that_stands_still_is_ended_and_what_it_stood_still_at_is_left_out(
    bases, tmp_path, caplog
):
    """A reader that was stopped, a disk or network that is gone: nothing fails, and nothing comes."""
    program, started = notes(tmp_path, "import time; time.sleep(600)")
    upkeep = Upkeep(bases, tmp_path, program, clock := Clock(), still=0.3)
    with closing(Work(bases.work("tea"))) as work:
        work.begin("a.txt", "m", "d", (1, 1), "", clock.now)
        others = _children()
        await upkeep.look()
        assert (_children() - others, work.all()["a.txt"].state) == (set(), "failed")
        assert [one.why for one in work.all()["a.txt"].unread] == ["time"]
        assert "stood still" in caplog.text
        clock.now += REST  # the others are gone on with
        await upkeep.look()
        assert started() == ["tea"] * 2
        clock.now += REST  # it was at no file
        await upkeep.look()
        assert started() == ["tea"] * 2
        clock.now += MUCH_LATER
        await upkeep.look()
        assert started() == ["tea"] * 3


class Moving(Upkeep):
    """Whose program has written something at each look."""

    def _written(self, id):
        self.looks = getattr(self, "looks", 0) + 1
        return (self.looks,)


async def test_a_process_that_writes_has_the_time_that_it_takes(bases, tmp_path):
    program, _ = notes(tmp_path, "import time; time.sleep(0.3)")
    upkeep = Moving(bases, tmp_path, program, Clock(), still=0.06)
    with closing(Work(bases.work("tea"))) as work:
        work.begin("a.txt", "m", "d", (1, 1), "", 0.0)
        await upkeep.look()
        assert (upkeep.looks > LOOKS, work.all()["a.txt"].state) == (True, "reading")
        before = Upkeep._written(upkeep, "tea")
        assert Upkeep._written(upkeep, "tea") == before
        work.goes_on("a.txt", 1, 9, "pdf")
        assert Upkeep._written(upkeep, "tea") != before


async def test_a_base_that_somebody_else_reads_just_now_is_not_waited_for(bases):
    with alone_or_not(bases.working("tea")):
        assert not await Indexing(bases).run("tea", waits=False)
    assert await Indexing(bases).run("tea", waits=False)


async def test_while_the_program_runs_a_source_is_indexed_and_nothing_is_left_of_the_process(bases, tmp_path):
    bases.change("tea", lambda base: base.model_copy(update={"embedding": "none"}))
    bases.add("tea", io.BytesIO("保修两年。".encode()), "a.txt")
    upkeep = Upkeep(bases, tmp_path, usual_program(CHECKOUT))
    await upkeep.look()
    with closing(Index(bases.index("tea"))) as index:
        assert [kept.passage for kept in index.passages("a.txt")] == [Passage("保修两年。")]
    others = _children()
    slow = Upkeep(bases, tmp_path, (sys.executable, "-c", "import time; time.sleep(600)"))
    running = asyncio.create_task(slow.run(lambda: True))
    slow.wake("tea")
    for _ in range(2000):
        if children := _children() - others:
            break
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert not children & _children()


def _children():
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split())


async def test_what_an_operator_answers_is_answered_from_then_on(bases):
    learn(bases, "tea", "你们 几点开门？", "九点。")
    learn(bases, "tea", "=HYPERLINK(1)", "-1 折")
    learn(bases, "tea", "a|b", "x")
    learn(bases, "tea", "你们几点开门", "十点，\n周末九点。")
    path = bases.file("tea", Source(file="answers.csv", title="answers.csv"))
    assert known(path) == [("=HYPERLINK(1)", "-1 折"), ("a／b", "x"), ("你们几点开门", "十点，\n周末九点。")]
    assert b"'=HYPERLINK" in path.read_bytes()
    read = []
    await Indexing(bases).run("tea", lambda source, _: read.append(source.file))
    with closing(Index(bases.index("tea"))) as index:
        assert [kept.passage for kept in index.passages("answers.csv")][-1] == Passage(
            "你们几点开门", answer="十点，\n周末九点。"
        )
    learn(bases, "tea", "你们几点开门", "")
    await Indexing(bases).run("tea", lambda source, _: read.append(source.file))
    assert read == ["answers.csv", "answers.csv"]
    assert [question for question, _ in known(path)] == ["=HYPERLINK(1)", "a／b"]
    for question, answer in (("", "x"), ("x" * 1001, "x"), ("x", "y" * 20_001)):
        with pytest.raises(BadSettings, match="characters"):
            learn(bases, "tea", question, answer)


@pytest.mark.parametrize(
    ("content", "after"),
    [
        (
            "问题,答案\n能开发票吗,可以\n".encode("gb18030"),
            "问题,答案\n能开发票吗,可以\n几点开门,九点\n",
        ),
        (
            "分类;答案;标准问题;相似问\n票;可以;能开发票吗;有发票吗|几点开门\n".encode(),
            "分类,答案,标准问题,相似问\n票,可以,能开发票吗,有发票吗\n,九点,几点开门,\n",
        ),
        ("问题,答案\n几点开门？,八点\n没答的,\n".encode("utf-16"), "问题,答案\n没答的,\n几点开门,九点\n"),
        ("能开发票吗,可以\n".encode(), None),
        (b"PK\x03\x04\0\0\0\0" * 9, None),
        (b'\xef\xbb\xbf\xe9\x97\xae\xe9\xa2\x98,\xe7\xad\x94\xe6\xa1\x88\n"' + b"x" * 2_000_000, None),
    ],
)
def test_a_table_of_answers_that_a_person_saved_loses_nothing(bases, content, after):
    path = bases.file("tea", Source(file="answers.csv", title="answers.csv"))
    bases.add("tea", io.BytesIO(content), "answers.csv")
    if after is None:
        with pytest.raises(Unreadable, match="no table"):
            learn(bases, "tea", "几点开门", "九点")
        assert path.read_bytes() == content
    else:
        learn(bases, "tea", "几点开门", "九点")
        assert path.read_text("utf-8-sig") == after
        assert ("几点开门", "九点") in known(path)
