"""How fast a base is indexed and searched, and what it weighs. Its texts are drawn up, the same each time.

The vectors of the large base are drawn, too, as encoding it takes a quarter of an hour: how fast the nearest
is found does not depend on what they mean. Questions are encoded by the encoder that comes with the program.
"""

import asyncio
import contextlib
import gc
import random
import statistics
import struct
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.ground import Ground
from bench.table import Row
from runtime.knowledge.index import vectors
from runtime.knowledge.index.index import Index
from runtime.knowledge.passage import Passage
from runtime.knowledge.search.child import SearchChild
from runtime.knowledge.search.filling import Filling
from runtime.knowledge.search.found import Wanted
from runtime.knowledge.search.searching import Searching

PARTS = (
    *("订单", "退款", "发票", "运费", "会员", "积分", "保修", "安装", "门店", "快递"),
    *("换货", "优惠券", "账号", "密码", "地址", "客服", "价格", "型号", "电池", "滤芯"),
)
SAYS = (
    "{a}和{b}要在{n}天内一起办理，过期不再受理",
    "{a}以页面公示为准，{b}另行通知，有疑问请联系{c}",
    "第{n}号{a}支持{b}，不支持{c}，具体见说明书",
    "如果{a}出现异常，先检查{b}，再联系{c}处理",
    "每位顾客的{a}上限为{n}元，{b}可以累计",
    "办理{a}需要提供{b}的凭证，由{c}核实后生效",
)
PAGE = 300
"""Characters of a page, which is two passages."""
NUMBERS = 512


async def base(ground: Ground) -> list[Row]:
    draw = random.Random(1)  # nothing is kept secret by it
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        many = int(ground.of(20_000, 100_000))
        pages_a_second = _index(home / "large.sqlite", many, draw)
        encoded_a_second = await _encode(home / "small.sqlite", int(ground.of(60, 200)), draw)
        _draw_vectors(home / "large.sqlite", draw)
        return [
            Row("16a", "pages a second into an index, by words", "", f"{pages_a_second:.0f}", "≥ 200",
                pages_a_second >= 200),
            Row("16b", "pages a second, with the offline encoder", "", f"{encoded_a_second:.0f}", "≥ 60",
                encoded_a_second >= 60),
            *await _search(home, many, draw, int(ground.of(40, 200))),
        ]  # fmt: skip


def text(draw: random.Random, length: int = PAGE // 2) -> str:
    said = ""
    while len(said) < length:
        a, b, c = draw.sample(PARTS, 3)
        said += draw.choice(SAYS).format(a=a, b=b, c=c, n=draw.randrange(1000)) + "。"
    return said[:length]


def _index(path: Path, many: int, draw: random.Random) -> float:
    index = Index(path)
    spent = 0.0
    for source in range(many // 1000):
        passages = [
            Passage(f"{text(draw)}QH-{source}-{n}", (f"手册 {source}", f"第 {n} 节")) for n in range(1000)
        ]
        began = time.process_time()
        index.replace(f"{source}.md", "1", [f"tag{source % 10}"], passages)
        spent += time.process_time() - began
    index.close()
    return many / 2 / spent


async def _encode(path: Path, pages: int, draw: random.Random) -> float:
    """By the CPU that the other process spent, once it is warm."""
    index = Index(path)
    index.replace("a.md", "1", [], [Passage(text(draw)) for _ in range(pages * 2 + 64)])
    async with searching_child() as child:
        filling = Filling(child)
        await filling.step(index)
        before = _cpu(child)
        await filling.run(index, vectors.OFFLINE)
        return pages / (_cpu(child) - before)


def _draw_vectors(path: Path, draw: random.Random) -> None:
    index = Index(path)
    form = struct.Struct(f"{NUMBERS}e")
    while lacking := vectors.missing(index, 5000):
        drawn = {
            id: (said, form.pack(*(draw.gauss(0, 0.044) for _ in range(NUMBERS)))) for id, said in lacking
        }
        vectors.keep(index, vectors.OFFLINE, drawn)
    index.close()


async def _search(home: Path, many: int, draw: random.Random, asked: int) -> list[Row]:
    gc.collect()
    gc.freeze()  # as runtime.server.serve does: walking all that this process holds takes 50 ms
    before = psutil.Process().memory_info().rss
    async with searching_child() as child:
        searching = Searching(home, None, child, patience=60)
        questions = [f"{draw.choice(PARTS)}怎么办理，{text(draw, 12)}" for _ in range(asked)]
        await searching.search("热身", ["large"])
        words = await _timed(searching, questions, Wanted(way="words"))
        both = await _timed(searching, questions, Wanted())
        loop = max(words.longest, both.longest)
        grown = (psutil.Process().memory_info().rss - before) / 1e6
        resident = psutil.Process(child.pid).memory_info().rss / 1e6
        return [
            Row("16c", f"full text among {many:,}, p50", "", str(words), "≤ 15 ms", words.p50 <= 15),
            Row("16d", f"offline hybrid among {many:,}, p50", "", str(both), "≤ 40 ms",
                both.p50 <= 40),
            Row("16e", "the event loop's longest piece of work meanwhile", "", f"{loop:.1f} ms", "≤ 2 ms",
                loop <= 2),
            Row("16f", "memory of who searches, more", "", f"{grown:.0f} MB", "≤ 40 MB", grown <= 40),
            Row("16g", "memory of the search's own process", "", f"{resident:.0f} MB", "≤ 200 MB",
                resident <= 200),
        ]  # fmt: skip


@dataclass(frozen=True)
class Timed:
    """Milliseconds: a search's p50, its CPU on average, and the loop's longest piece of work."""

    p50: float
    cpu: float
    longest: float

    def __str__(self) -> str:
        return f"{self.p50:.1f} ms ({self.cpu:.1f} of CPU)"


async def _timed(searching: Searching, questions: list[str], wanted: Wanted) -> Timed:
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            began = time.thread_time()
            await asyncio.sleep(0.001)
            longest = max(longest, time.thread_time() - began)

    watching = asyncio.create_task(watch())
    took, spent = [], _spent(searching)
    for question in questions:
        began = time.perf_counter()
        await searching.search(question, ["large"], wanted)
        took.append(time.perf_counter() - began)
    watching.cancel()
    cpu = (_spent(searching) - spent) / len(questions)
    return Timed(statistics.median(took) * 1000, cpu * 1000, longest * 1000)


def _spent(searching: Searching) -> float:
    """CPU seconds of this process and the search's own."""
    return time.process_time() + _cpu(searching.child)


@contextlib.asynccontextmanager
async def searching_child() -> AsyncIterator[SearchChild]:
    child = SearchChild()
    try:
        yield child
    finally:
        await child.close()


def _cpu(child: SearchChild) -> float:
    times = psutil.Process(child.pid).cpu_times()
    return float(times.user + times.system)
