"""From sources to passages: what changed alone, again after a kill, and gone to the last byte."""

import asyncio
import io
import os
import signal
import sqlite3
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from runtime.errors import ModelFailed, StoreFailed, Unreadable
from runtime.knowledge.index.index import Index
from runtime.knowledge.index.tables import prepare
from runtime.knowledge.passage import Passage
from runtime.knowledge.reading import Unread
from runtime.knowledge.sources import corrections, corrections_file
from runtime.knowledge.sources.base import Splitting
from runtime.knowledge.sources.bases import Bases
from runtime.knowledge.sources.deleting import start_removing
from runtime.knowledge.sources.indexing import MUCH_LATER, SMALL, Indexing
from runtime.knowledge.sources.pictures import Seen
from runtime.knowledge.sources.reading_process import read
from runtime.knowledge.sources.work import Work
from runtime.lang import Text

DOCUMENTS = Path(__file__).parent / "documents"
CHECKOUT = Path(__file__).parents[3]


class Ground:
    """A base, and what happens to it."""

    def __init__(self, home):
        self.home = home
        self.bases = Bases(home)
        self.bases.create("tea")
        self.read = []

    def add(self, content, name, **more):
        return self.bases.add("tea", io.BytesIO(content), name, **more).source

    async def index(self, **options):
        """Which sources were read."""
        self.read.clear()
        indexing = Indexing(self.bases, **options)
        await indexing.run("tea", lambda source, progress: self.read.append(source.file))
        return list(self.read)

    def passages(self, source):
        with closing(Index(self.bases.index("tea"))) as index:
            return [kept.passage for kept in index.passages(source)]

    def digests(self):
        with closing(Index(self.bases.index("tea"))) as index:
            return set(index.digests())

    def work(self):
        return closing(Work(self.bases.work("tea")))

    def progress(self, file):
        with self.work() as work:
            return work.all()[file]

    def bytes(self):
        """Of every file below home."""
        return b"".join(path.read_bytes() for path in self.home.rglob("*") if path.is_file())


@pytest.fixture
def ground(tmp_path):
    return Ground(tmp_path)


async def test_sources_become_passages_with_their_headings_pages_and_answers(ground):
    for name in ("manual.pdf", "faq.xlsx"):
        ground.add((DOCUMENTS / name).read_bytes(), name, tags=["shop"])
    assert await ground.index() == ["manual.pdf", "faq.xlsx"]
    assert ground.passages("manual.pdf")[1:] == [
        Passage("七天内无理由退货，运费由买家承担。", ("退货",), 2),
        Passage("电话 400-800-1234，每天九点到十八点。", ("联系我们",), 4),
    ]
    assert ground.passages("faq.xlsx")[1] == Passage("如何退货", answer="七天内联系客服，原路退款。")
    pdf = ground.progress("manual.pdf")
    assert (pdf.state, pdf.kind, pdf.page, pdf.pages, pdf.passages, pdf.unread) == (
        "done", "pdf", 4, 4, 3, (Unread("scanned", 3),),
    )  # fmt: skip


async def test_only_what_changed_is_read_again(ground):
    ground.add(b"first text", "a.txt")
    ground.add(b"second text", "b.txt")
    assert await ground.index() == ["a.txt", "b.txt"]
    assert await ground.index() == []
    ground.add(b"another text", "b.txt")
    os.utime(ground.bases.folder("tea") / "sources" / "a.txt")
    assert await ground.index() == ["b.txt"]
    assert ground.passages("b.txt") == [Passage("another text")]
    # other tags and titles are noted, and nothing is read for them
    ground.bases.change("tea", lambda base: base.model_copy(update={"sources": tuple(
        one.model_copy(update={"tags": ("x",), "title": "B"}) for one in base.sources)}))  # fmt: skip
    assert await ground.index() == []
    with closing(Index(ground.bases.index("tea"))) as index:
        assert [(one.title, one.tags) for one in index.sources()] == [("B", ("x",))] * 2
    # an index that is lost is made again
    ground.bases.index("tea").unlink()
    assert await ground.index() == ["a.txt", "b.txt"]


async def test_a_source_that_is_removed_leaves_no_byte(ground):
    marker, kept = "紫笋茶七号样品", "乌龙茶在这里"
    secret = ground.add(f"{marker}的价格是 99 元。".encode() * 50, f"{marker}.txt", tags=[marker])
    ground.add(f"{kept}。".encode(), "kept.txt")
    await ground.index()
    with ground.work() as work:
        work.see(secret.file, "digest", 1, f"{marker}照片", 0.1)
        work.fetched(secret.file, 1.0, "web", marker)
    with sqlite3.connect(ground.bases.index("tea")) as reader:  # somebody reads meanwhile
        reader.execute("select count(*) from passage").fetchone()
    reader.close()
    assert marker.encode() in ground.bytes()
    start_removing(ground.bases, "tea", secret.title, for_good=True)
    await ground.index()
    assert marker.encode() not in ground.bytes()
    # nor the pairs of characters that the full text has of it
    assert not any(
        marker[i : i + 2].encode() in ground.bytes()
        for i in range(len(marker) - 1)
        if marker[i : i + 2] not in kept
    )
    assert ground.passages("kept.txt") == [Passage(f"{kept}。")]


async def test_a_removal_that_was_cut_off_is_finished(ground):
    ground.add(b"goes", "goes.txt")
    await ground.index()
    ground.bases.change("tea", lambda base: base.model_copy(update={"sources": (
        base.sources[0].model_copy(update={"going": True}),)}))  # fmt: skip
    await ground.index()
    assert ground.bases.get("tea").sources == ()
    assert (ground.digests(), b"goes" in ground.bytes()) == (set(), False)


async def test_a_file_that_somebody_took_away_is_no_longer_found(ground):
    source = ground.add(b"text", "a.txt")
    await ground.index()
    path = ground.bases.file("tea", source)
    path.rename(path.with_name(".away"))
    await ground.index()
    assert (ground.digests(), ground.progress("a.txt").unread) == (set(), (Unread("missing"),))
    path.with_name(".away").rename(path)
    assert await ground.index() == ["a.txt"]
    assert ground.progress("a.txt").state == "done"


async def test_what_cannot_be_read_is_told_and_stops_nothing_else(ground):
    ground.add((DOCUMENTS / "locked.pdf").read_bytes(), "locked.pdf")
    ground.add(b"text", "a.txt")
    ground.add(b"<html><script>1</script></html>", "none.html")
    assert await ground.index() == ["locked.pdf", "a.txt", "none.html"]
    assert ground.progress("none.html").unread == (Unread("no_text"),)
    locked = ground.progress("locked.pdf")
    assert (locked.state, locked.unread, ground.digests()) == ("failed", (Unread("encrypted"),), {"a.txt"})
    assert await ground.index() == []


class Model:
    """Sees what it is told."""

    def __init__(self, *said):
        self.said, self.asked = list(said), 0

    async def see(self, model, picture):
        assert (model, picture[:3]) == ("p/eyes", b"\xff\xd8\xff")
        self.asked += 1
        said = self.said.pop(0)
        if isinstance(said, Exception):
            raise said
        return Seen(said, 0.01)


async def test_a_scanned_page_is_read_by_a_model_that_sees_and_paid_for_once(ground):
    ground.add((DOCUMENTS / "manual.pdf").read_bytes(), "manual.pdf")
    await ground.index()
    ground.bases.change("tea", lambda base: base.model_copy(update={"sees": "p/eyes"}))
    assert await ground.index() == []  # nobody is there who could ask it
    failing = Model(ModelFailed(Text("", ""), code="quota"))
    assert await ground.index(sees=failing) == ["manual.pdf"]
    failed = ground.progress("manual.pdf")
    assert failed.unread == (Unread("model", 3, "quota"),)
    model = Model("# 样机\n编号 88")
    assert await ground.index(sees=model, clock=lambda: failed.at + MUCH_LATER - 1) == []
    await ground.index(sees=model, clock=lambda: failed.at - 9)  # the clock was ahead, and was put right
    assert Passage("编号 88", ("样机",), 3) in ground.passages("manual.pdf")
    assert (ground.progress("manual.pdf").cost, ground.progress("manual.pdf").unread) == (0.01, ())
    ground.bases.change("tea", lambda base: base.model_copy(update={
        "splitting": base.splitting.model_copy(update={"longest": 200})}))  # fmt: skip
    assert await ground.index(sees=model) == ["manual.pdf"]
    assert model.asked == 1


async def test_a_picture_in_a_text_is_read_under_its_heading_once_there_is_who_sees(ground):
    file = ground.add((DOCUMENTS / "wiring.docx").read_bytes(), "wiring.docx").file
    await ground.index()
    assert ground.progress(file).unread == (Unread("pictures", detail="1"),)
    before = len(ground.passages(file))
    model = Model("红线接 A 端")
    assert await ground.index(sees=model, usual="p/eyes") == [file]
    assert ground.progress(file).unread == ()
    assert ground.passages(file)[before:] == [Passage("[图片]\n红线接 A 端", ("第二章 接线",))]
    ground.bases.change("tea", lambda base: base.model_copy(update={"splitting": Splitting(longest=200)}))
    assert await ground.index(sees=model, usual="p/eyes") == [file]
    assert model.asked == 1  # it is paid for once


async def reading_a_manual(ground):
    """The indexing, which stands at a picture of it for an hour."""
    ground.add((DOCUMENTS / "manual.pdf").read_bytes(), "manual.pdf")
    ground.bases.change("tea", lambda base: base.model_copy(update={"sees": "p/eyes"}))
    looking = asyncio.Event()

    class Slow:
        async def see(self, model, picture):
            looking.set()
            await asyncio.sleep(3600)

    indexing = asyncio.create_task(ground.index(sees=Slow()))
    await looking.wait()
    return indexing


async def test_what_is_cancelled_is_read_no_further_until_it_is_wanted_again(ground):
    indexing = await reading_a_manual(ground)
    with ground.work() as work:
        work.cancel("manual.pdf")
    await indexing
    assert (ground.progress("manual.pdf").state, ground.digests()) == ("cancelled", set())
    assert await ground.index() == []
    with ground.work() as work:
        work.again("manual.pdf")
    assert await ground.index() == ["manual.pdf"]


async def test_what_is_removed_while_it_is_read_is_not_found_and_holds_up_nothing(ground):
    indexing = await reading_a_manual(ground)
    start_removing(ground.bases, "tea", "manual.pdf", for_good=True)
    await indexing
    await ground.index()
    assert (ground.bases.get("tea").sources, ground.digests()) == ((), set())


async def test_a_disk_that_is_full_is_tried_again_later(ground, monkeypatch):
    ground.add(b"text", "a.txt")
    now = 1000.0
    monkeypatch.setattr("runtime.knowledge.index.index._put", full)
    await ground.index(clock=lambda: now)
    assert ground.progress("a.txt").unread == (Unread("disk"),)
    monkeypatch.undo()
    assert await ground.index(clock=lambda: now + 30) == []
    assert await ground.index(clock=lambda: now + 61) == ["a.txt"]
    assert ground.progress("a.txt").unread == ()


def full(*_):
    raise sqlite3.OperationalError("database or disk is full")


KILLED = """
import asyncio, os, sys, pathlib
from runtime.knowledge.sources.base import Splitting
from runtime.knowledge.sources.bases import Bases
from runtime.knowledge.sources.indexing import MUCH_LATER, Indexing
def tell(source, progress):
    if source.file == "1.txt":
        print("one is done", flush=True)
        sys.stdin.read()
asyncio.run(Indexing(Bases(pathlib.Path(sys.argv[1]))).run("tea", tell))
"""


async def test_after_a_kill_it_goes_on_where_it_was(ground):
    for number in (1, 2, 3, 4):
        ground.add(f"text {number}".encode(), f"{number}.txt")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, str(ground.home), cwd=CHECKOUT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert await process.stdout.readline() == b"one is done\n"
    waiting = asyncio.create_task(ground.index())  # who comes meanwhile waits, and does the rest
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    assert await waiting == ["3.txt", "4.txt"]  # 2 was read beside 1
    assert ground.digests() == {"1.txt", "2.txt", "3.txt", "4.txt"}


MEETS = """
import json, os, sys, time
said = sys.stdin.read().strip()
open(os.path.join({here!r}, said), "w").close()
while said != "large" and len(os.listdir({here!r})) < 2:
    time.sleep(0.01)
if said == "dies":
    os.kill(os.getpid(), 9)
text = f"{{said}} beside {{len(os.listdir({here!r})) - 1}}"
if said == "large":
    os.remove(os.path.join({here!r}, said))
print(json.dumps(["section", {{"text": text, "headings": [], "page": None}}]))
print('["end"]')
"""
"""A reading process that goes on only once another one is there."""


async def test_small_files_are_read_side_by_side_and_the_death_of_one_costs_no_other(
    ground, tmp_path_factory, monkeypatch
):
    here = tmp_path_factory.mktemp("here")
    program = ("-c", MEETS.format(here=str(here)))
    monkeypatch.setattr("runtime.knowledge.sources.indexing.read", partial(read, program=program))
    ground.add(b"large" + b" " * SMALL, "0.txt")
    ground.add(b"dies", "1.txt")
    ground.add(b"lives", "2.txt")
    assert await ground.index() == ["0.txt", "1.txt", "2.txt"]
    assert ground.passages("0.txt") == [Passage("large beside 0")]  # it could want all memory
    assert ground.progress("1.txt").unread == (Unread("died"),)
    assert ground.passages("2.txt") == [Passage("lives beside 1")]


async def test_what_was_corrected_is_there_again_when_the_index_is_made_anew_and_goes_with_its_source(ground):
    ground.add("保修一年零三天。".encode(), "a.txt")
    await ground.index()
    with closing(Index(ground.bases.index("tea"))) as index:
        [kept] = index.passages("a.txt")
        index.edit(kept.id, "保修两年零四天。")
        index.switch(kept.id, on=False)
        corrections.keep(ground.bases, "tea", "a.txt", index.corrections("a.txt"))
    for left in (ground.home / "data" / "knowledge").iterdir():
        left.unlink()
    await ground.index()
    with closing(Index(ground.bases.index("tea"))) as index:
        [kept] = index.passages("a.txt")
    assert (kept.passage.text, kept.off, kept.edited) == ("保修两年零四天。", True, True)
    start_removing(ground.bases, "tea", "a.txt", for_good=True)
    await ground.index()
    assert "零四天".encode() not in ground.bytes()


@pytest.mark.parametrize("content", ["{", "[]", '{"a.txt": {"x": {"run": 1}}}'])
async def test_a_broken_file_of_corrections_is_told_and_overwritten_by_nobody(ground, content):
    ground.add("保修一年。".encode(), "a.txt")
    path = ground.bases.folder("tea") / corrections_file.FILE
    path.write_text(content, encoding="utf-8")
    await ground.index()
    assert ground.passages("a.txt") == [Passage("保修一年。")]
    with pytest.raises(Unreadable, match=r"corrections\.json"):
        corrections.keep(ground.bases, "tea", "a.txt", {"x": (None, True)})
    start_removing(ground.bases, "tea", "a.txt", for_good=True)
    await ground.index()
    assert ground.digests() == set()
    assert path.read_text(encoding="utf-8") == content


def test_a_disk_that_is_full_is_told_as_such_wherever_it_is_met(tmp_path):
    with closing(Work(tmp_path / "a.work.sqlite")) as work:
        work.begin("a.pdf", "mark", "digest", (1, 1), "", 0.0)
        [pages] = work._db.execute("pragma page_count").fetchone()
        work._db.execute(f"pragma max_page_count={pages}")
        with pytest.raises(StoreFailed, match="is full"):
            work.end("a.pdf", "failed", [Unread("web", detail="x" * 5000)] * 99, 0, 0, 1.0)
        assert work.all()["a.pdf"].state == "reading"
    with closing(sqlite3.connect(tmp_path / "b.sqlite", isolation_level=None)) as connection:
        connection.execute("pragma max_page_count=3")
        with pytest.raises(sqlite3.OperationalError, match="full"):
            prepare(connection)
