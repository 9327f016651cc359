"""Rows 18 and 19: many conversations that wait, and many reminders, are rows on the disk and nothing else."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bench.ground import Ground
from bench.installation import AGENT, Installation
from bench.load import percentile
from bench.table import Row

WAITING = 10_000
MOST_MS = 50.0
MOST_MB = 10.0
MOST_SECONDS = 1.0
PERSON = "o_waits"
ASK = {"type": "ask", "id": "ask", "heard": False, "fields": [{"name": "x", "title": "单号", "type": "text"}]}
SAY = {"type": "reply", "id": "say", "text": "{{ ask.fields.x | replace('Q', 'A') | replace('E', 'A') }}"}
ASKING = {**AGENT, "flow": [ASK, SAY]}
COLUMNS = "version, kind, block, step, what, data, token, carried, until, at"
COPY = f"""insert into waits(publication, sender, seq, {COLUMNS}) select publication, ?, seq, {COLUMNS}
from waits where id=(select min(id) from waits)"""
REMIND = """insert into reminders(publication, sender, key, text, due, at)
select publication, ?, 'bench', '喝水', ?, ? from messages where seq=(select min(seq) from messages)"""
TOOK = "select (finished_at - accepted_at) from messages where state='delivered' and sender like ?"


async def many(ground: Ground) -> list[Row]:
    """Each start is that of a process of its own; going on counts from the accepted message until its answer
    is on the disk."""
    async with ground.gateway(ASKING, warm=False) as gateway:
        gateway.program.start()
        await gateway.ready(60)
        await ground.load(gateway.callback).wave(5, 1, 1, settle=2)
        bare = await _started(gateway)
        people = [f"{PERSON}_{number:06d}" for number in range(WAITING)]
        _put(gateway.home, COPY, [(person,) for person in people])
        waiting = await _started(gateway)
        resumed = int(ground.of(50, 300))
        wave = await ground.load(gateway.callback).wave(5, resumed, resumed, settle=20, person=PERSON)
        [(left,)] = _asked(gateway.home, "select count(*) from waits")
        now = time.time()
        _put(gateway.home, REMIND, [(person, now + 3600, now) for person in people])
        reminding = await _started(gateway)
        took = [1000 * row[0] for row in _asked(gateway.home, TOOK, f"{PERSON}_%")]
    median, slow = percentile(took, 0.5), percentile(took, 0.99)
    lost = wave.messages - wave.answered
    # the one that was copied waits too
    doubled = abs(int(left) - (WAITING + 1 - resumed))
    return [
        Row("18", f"{WAITING} conversations wait: start; memory", *_beside(waiting, bare)),
        Row("18", f"{resumed} of them go on, one by one", "",
            f"{median:.0f} ms, p99 {slow:.0f} ms; {lost} lost", f"<= {MOST_MS:g} ms",
            median <= MOST_MS and not lost and not doubled, harm=lost + doubled),
        Row("19", f"{WAITING} reminders besides: start; memory", *_beside(reminding, bare)),
    ]  # fmt: skip


def _beside(found: tuple[float, float], bare: tuple[float, float]) -> tuple[str, str, str, bool]:
    later, more = found[0] - bare[0], found[1] - bare[1]
    return (
        f"{bare[0]:.2f} s; {bare[1]:.0f} MB",
        f"{later:+.2f} s; {more:+.1f} MB",
        f"<= +{MOST_SECONDS:g} s; <= +{MOST_MB:g} MB",
        later <= MOST_SECONDS and more <= MOST_MB,
    )


async def _started(gateway: Installation) -> tuple[float, float]:
    """Seconds of a start until it is ready, and MB when it is."""
    gateway.program.stop()
    gateway.program.start()
    return await gateway.ready(60), gateway.program.rss()


def _put(home: Path, sql: str, rows: list[tuple[object, ...]]) -> None:
    with closing(sqlite3.connect(home / "data" / "messages.db", timeout=5)) as db, db:
        db.executemany(sql, rows)


def _asked(home: Path, sql: str, *values: str) -> list[tuple[float, ...]]:
    with closing(sqlite3.connect(home / "data" / "messages.db", timeout=5)) as db:
        return db.execute(sql, values).fetchall()
