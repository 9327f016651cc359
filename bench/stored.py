"""Row 23: a store with as many messages as after a long time, put there by the database itself."""

import asyncio
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import asyncpg

from bench import postgres
from bench.ground import Ground
from bench.load import percentile
from bench.several import DURABLE
from bench.table import Row
from runtime.store.database.place import url_of
from runtime.store.database.postgres_url import VARIABLE, read
from runtime.store.messages.figures import Slot
from runtime.store.messages.insights import Insights, Wanted
from runtime.store.messages.messages import Messages

BATCH = 200_000
DAYS = 30
DAY = 86_400

OVERVIEW_MS = 200.0
"""What nobody notices."""

MESSAGE = """{"id": "1", "sender": "o", "text": "", "kind": "text", "at": 0, "data": {}, "history": null}"""
TRACE = """[{"type": "model_used", "block": "answer", "model": "fake/bench", "prompt_tokens": 50,
"completion_tokens": 40, "cost": null, "ms": 200}]"""

MESSAGES = """
with recursive n(i) as (select {first} union all select i + 1 from n where i < {last})
insert into messages(publication, sender, key, kind, text, message, state, accepted_at, version, reply,
  failure, reason, finished_at, prompt_tokens, completion_tokens, cost, trace)
select case when i % 2 = 0 then '{publication}' else 'shop-' || (i % 6) end,
  'o' || (cast(i as bigint) * 7919 % {people}), 'k' || i, 'text',
  '订单 A' || i || ' 什么时候到？', '{message}',
  case when i % 50 = 0 then 'kept' else 'delivered' end, {since} + i * {step}, 1,
  '您好，订单 A' || i || ' 已经发货，请留意短信。',
  case when i % 40 = 7 then 'timeout' else '' end, '["",""]',
  {since} + i * {step} + 2.5, 50, 40, case when i % 9 = 0 then null else 0.0004 end, '{trace}'
from n
"""
PARTS = """
insert into parts(seq, number, text, state, route, at)
select seq, 0, reply, 'sent', 'push', finished_at from messages where seq between {first} and {last}
"""
MOMENTS = """
insert into moments(seq, at, what, detail)
select seq, accepted_at + {after}, '{what}', '' from messages where seq between {first} and {last}
"""
NOTED = {"accepted": 0.0, "answered": 2.5, "pushed": 2.6}


def fill(path: Path, count: int, publication: str, now: float, people: int) -> Iterator[int]:
    """Messages of the last DAYS, half of them to that publication; how many there are, batch by batch."""
    Messages(path).close()
    step = DAY * DAYS / count
    given = {"people": people, "since": now - DAY * DAYS, "step": step, "publication": publication}
    given |= {"message": MESSAGE, "trace": TRACE}
    with _at_once(path) as run:
        for first in range(1, count + 1, BATCH):
            last = min(count, first + BATCH - 1)
            span = {"first": first, "last": last}
            run(MESSAGES.format(**given, **span))
            run(PARTS.format(**span))
            for what, after in NOTED.items():
                run(MOMENTS.format(**span, what=what, after=after))
            yield last


@contextmanager
def _at_once(path: Path) -> Iterator[Callable[[str], object]]:
    """Each statement is a transaction that nothing is synced for, and that no reference is looked up for. In
    the end all is tidied up that a database tidies up beside its work, over the days in which so much comes:
    at once it keeps a processor busy for minutes."""
    if url := url_of(path):
        loop = asyncio.new_event_loop()
        where = read(url)
        settings = {"search_path": where.schema, "synchronous_commit": "off"}
        settings["session_replication_role"] = "replica"
        connection = loop.run_until_complete(asyncpg.connect(where.dsn, server_settings=settings))
        try:
            yield lambda sql: loop.run_until_complete(connection.execute(sql))
            for tidied in ("vacuum analyze", "checkpoint"):
                loop.run_until_complete(connection.execute(tidied))
        finally:
            loop.run_until_complete(connection.close())
            loop.close()
        return
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript("pragma synchronous=off; pragma cache_size=-1000000; pragma temp_store=memory")
        yield db.execute
        db.execute("analyze")


async def many(ground: Ground) -> list[Row]:
    """Each engine with nothing in it, and with as many as are wished."""
    ground.model.latency = 0.2
    count, rows = ground.stored or int(ground.of(200_000, 1_000_000)), list[Row]()
    async with postgres.running(**DURABLE, synchronous_commit="on") as server:
        for engine, url in (("SQLite", ""), ("PostgreSQL", f"{server.url}?schema=many")):
            empty = await _looked(ground, url.replace("many", "none"), 0)
            full = await _looked(ground, url, count)
            rows += _rows(engine, count, empty, full)
    return rows


@dataclass(frozen=True)
class Looked:
    """ms: CPU of the gateway for a message, until it was acknowledged, until its answer; of the overview."""

    cpu: float
    ack: float
    answer: float
    overview: float
    lost: int


def _rows(engine: str, count: int, empty: Looked, full: Looked) -> list[Row]:
    what = f"{count:,} messages stored, {engine}"
    ratios = [getattr(full, name) / getattr(empty, name) for name in ("cpu", "ack", "answer")]
    overview = full.overview / empty.overview
    return [
        Row("23", f"{what}: CPU of a turn; ack p50; answer p50",
            f"{empty.cpu:.2f}; {empty.ack:.1f}; {empty.answer:.1f} ms",
            f"{full.cpu:.2f}; {full.ack:.1f}; {full.answer:.1f} ms", "<= 1.5 x an empty store",
            max(ratios) <= 1.5, max(ratios), harm=empty.lost + full.lost),
        Row("23", f"{what}: overview of 7 days", f"{empty.overview:.0f} ms", f"{full.overview:.0f} ms",
            f"<= 1.5 x, or {OVERVIEW_MS:.0f} ms", overview <= 1.5 or full.overview <= OVERVIEW_MS, overview),
    ]  # fmt: skip


async def _looked(ground: Ground, url: str, count: int) -> Looked:
    with tempfile.TemporaryDirectory(prefix="hongyan-bench-") as folder, _at(url):
        gateway = ground.made(Path(folder), {VARIABLE: url} if url else {})
        path = gateway.home / "data" / "messages.db"
        if count:
            await asyncio.to_thread(_fill, path, count, gateway.path.rpartition("/")[2])
        gateway.program.start()
        try:
            await gateway.ready(60)
            await ground.warm(gateway, ground.account)
            await asyncio.to_thread(lambda: asyncio.run(_count(path)))
            before, number = gateway.program.cpu(), int(ground.of(100, 300))
            wave = await ground.load(gateway.callback).wave(20, number, number, settle=30)
            cpu = 1000 * (gateway.program.cpu() - before) / number
            overview = min([await asyncio.to_thread(_overview, path) for _ in range(5)])
        finally:
            gateway.program.kill()
    ack, answer = 1000 * percentile(wave.acks, 0.5), 1000 * percentile(wave.answers, 0.5)
    return Looked(cpu, ack, answer, overview, number - wave.answered)


@contextmanager
def _at(url: str) -> Iterator[None]:
    """As a program that was started with it."""
    with mock.patch.dict(os.environ, {VARIABLE: url} if url else {}):
        yield


def _fill(path: Path, count: int, publication: str) -> None:
    """Says how far it is: ten million take a quarter of an hour."""
    for there in fill(path, count, publication, time.time(), max(1, count // 10)):
        print(f"\r{there:,} of {count:,} stored", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


async def _count(path: Path) -> None:
    """Count the hours, as a gateway does in its first quarter of an hour; once it began: it settles what was
    left open."""
    messages = Messages(path)
    while await messages.counting.next(time.time()) is not None:
        pass
    messages.close()


def _overview(path: Path) -> float:
    """ms for all that the page asks, see builder/insights/overview.py."""
    insights, began, today = Insights(path, 60), time.perf_counter(), time.time() // DAY * DAY
    all = insights.publications()
    steps = [(today - n * DAY, today - (n - 1) * DAY) for n in range(6, -1, -1)]
    slots = [Slot(n * len(all) + k, one, *step) for n, step in enumerate(steps) for k, one in enumerate(all)]
    since, until = steps[0][0], steps[-1][1]
    insights.failing(time.time())
    insights.figures(slots)
    insights.people([Slot(k, one, since, until) for k, one in enumerate(all)])
    insights.failures(Wanted(since, until, tuple(all)))
    insights.ratings(all, since, until)
    return 1000 * (time.perf_counter() - began)
