"""What a `kill -9` leaves of an erasure, an export or a run of the days goes on, and nothing is half; of two
processes one takes away what is too old."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import asdict

import pytest

from runtime.gateway.retaining import retain
from runtime.media.kept import KeptMedia
from runtime.message import Message
from runtime.settings import CHECKOUT
from runtime.store.database.postgres_url import VARIABLE
from runtime.store.messages.beside import writing
from runtime.store.messages.consents import mark_of
from runtime.store.messages.media import KeptFile
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.people import Face
from runtime.store.messages.retention import DAY
from runtime.store.messages.switching import KEPT, Switch
from runtime.store.messages.switching import NAME as SEALING
from runtime.store.sealing.columns import COVERS
from runtime.testing.forgetting import Forgetting

pytestmark = pytest.mark.usefixtures("engine")

MARK, NOW, MANY, PICTURES = "紫藤花开了记得浇水", 100 * DAY, 130, 3
ANN, BOB = Face("p", "ann"), Face("p", "bob")
BEGIN = f"""
import asyncio, os, signal, sys
from contextlib import closing
from pathlib import Path
from runtime.gateway.retaining import retain
from runtime.media.kept import KeptMedia
from runtime.off_loop import off_loop
from runtime.store.messages.messages import Messages
from runtime.store.messages.people import Face
from runtime.testing.forgetting import Forgetting

HOME, NOW = Path(sys.argv[1]), {NOW}
DAYS = {{"messages": 30}}
kept = KeptMedia(HOME / "data" / "media")


def marks(words):
    return [f"{{sum(map(ord, words)):064x}}"]


def die():
    os.kill(os.getpid(), signal.SIGKILL)


async def main(messages):
"""
END = """

async def program():
    with closing(Messages(HOME / "data" / "messages.db", marks=marks)) as messages:
        messages.remembered.remove = kept.remove
        made = Forgetting(HOME / "agents", HOME / "data")
        messages.remembered.beside = lambda erased: off_loop(made.forget, erased)
        await main(messages)

asyncio.run(program())
"""
LEASED = """
    from runtime.gateway.lease import Leases
    from runtime.gateway.sweeping import Upkeep
    gone = []
    async def remove(hashes):
        gone.extend(hashes)
        await kept.remove(hashes)
    upkeep = Upkeep(kept, messages, lambda: NOW)
    upkeep._kept = type("Kept", (), {"remove": staticmethod(remove)})
    upkeep.days = lambda: DAYS
    leases = Leases(messages.database, lambda: NOW)
    life = asyncio.create_task(leases.watch())
    print("ready", flush=True)
    sys.stdin.readline()
    await leases.by_one("sweep", upkeep._retain)()
    life.cancel()
    print(len(gone), flush=True)
"""
RETAINED = """
    async def remove(hashes):
        if hashes:
            die()
    await retain(messages.database, DAYS, remove, NOW)
"""
ERASED = (
    """
    async def remove(hashes):
        die()
    messages.remembered.remove = remove
    await messages.remembered.erase(Face("p", "ann"), NOW)
""",
    """
    async def beside(erased):
        die()
    messages.remembered.beside = beside
    await messages.remembered.finish_erasing()
""",
    """
    messages.remembered.go_on_erasing = lambda *told: die()
    await messages.remembered.finish_erasing()
""",
)
"""With its files still there, then what was made of her, then some of her messages."""
EXPORTED = """
    assert await messages.consents.take(sys.argv[2], NOW)
    assert await messages.remembered.export(Face("p", "ann"))
    die()
"""


def marks(words):
    return [f"{sum(map(ord, words)):064x}"]


def begun(home, what, *more):
    """Another process of the same home that does it."""
    return subprocess.Popen(
        [sys.executable, "-c", BEGIN + what + END, str(home), *more],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


async def killed(home, what, *more):
    child = begun(home, what, *more)
    await asyncio.to_thread(child.communicate, timeout=60)
    assert child.returncode == -signal.SIGKILL


def opened(home):
    messages = Messages(home / "data" / "messages.db", asyncio.get_running_loop().outside, marks)
    made = Forgetting(home / "agents", home / "data")
    messages.remembered.remove = KeptMedia(home / "data" / "media").remove
    messages.remembered.beside = lambda erased: asyncio.to_thread(made.forget, erased)
    return closing(messages)


async def wrote(messages, id, who, text, at):
    seq = (await messages.accept("p", Message(id, who, text, at=at), at)).seq
    await messages.finish(seq, Outcome("好", 1), [], at, "silent")


@pytest.fixture
async def home(tmp_path, request):
    """Ann wrote much, with some pictures, and a test was made of it; Bob wrote once."""
    if request.config.getoption("--sealed"):  # in the other processes, too
        with writing(tmp_path / "data" / "messages.db") as db:
            db.execute(KEPT, (SEALING, json.dumps(asdict(Switch("on", 1.0, ended=2.0, covers=COVERS))), 2.0))
    kept = KeptMedia(tmp_path / "data" / "media")
    with opened(tmp_path) as messages:
        await asyncio.gather(*(wrote(messages, f"m{n}", "ann", f"{MARK}{n}", n) for n in range(MANY)))
        for n in range(PICTURES):
            file = await kept.keep(f"{MARK} 照片 {n}".encode())
            await messages.media.belong(n + 1, [KeptFile(file, "image/png", 9)])
        await wrote(messages, "b", "bob", "留着", NOW)
    case = {"id": "one", "lines": [{"says": MARK}], "made_of": [{"who": mark_of(marks, ANN), "at": 1.0}]}
    suite = tmp_path / "agents" / "tests" / "shop.json"
    suite.parent.mkdir(parents=True)
    suite.write_text(json.dumps({"cases": [case]}, indent=2, ensure_ascii=False), "utf-8")
    return tmp_path


def left_in(home):
    return [one for one in home.rglob("*") if one.is_file() and MARK.encode() in one.read_bytes()]


def files_of(home):
    return {one for one in home.rglob("*") if one.is_file() and not one.name.startswith("messages.db-")}


async def said(messages, who="ann"):
    sql = "select count(*) from messages where sender=? and text<>''"
    return await messages.database.read(lambda db: db.execute(sql, (who,)).fetchone()[0])


async def test_an_erasure_goes_on_at_the_next_start_wherever_it_was_killed(home, request):
    for what in ERASED:
        await killed(home, what)
        assert left_in(home) or os.environ.get(VARIABLE) or request.config.getoption("--sealed")
    with opened(home) as messages:
        assert await said(messages)
        await messages.remembered.finish_erasing()
        assert (await said(messages), await said(messages, "bob")) == (0, 1)
    assert left_in(home) == []


async def test_a_run_of_the_days_that_was_killed_is_brought_to_its_end(home):
    await killed(home, RETAINED)
    kept = KeptMedia(home / "data" / "media")
    with opened(home) as messages:
        assert 0 < await said(messages) < MANY
        await retain(messages.database, {"messages": 30}, kept.remove, NOW)
        await kept.sweep(messages.media.unused, lambda: time.time() + DAY)
        assert (await said(messages), await said(messages, "bob")) == (0, 1)
    assert list((home / "data" / "media").rglob("[0-9a-f]" * 64)) == []


async def test_an_export_that_was_killed_leaves_no_copy_and_can_be_asked_for_again(home):
    with opened(home) as messages:
        secret = await messages.consents.give_address(ANN, NOW)
    before = files_of(home)
    await killed(home, EXPORTED, secret)
    assert files_of(home) == before
    with opened(home) as messages:
        assert not await messages.consents.is_good(secret, NOW)  # it was good once
        assert await messages.consents.is_good(await messages.consents.give_address(ANN, NOW), NOW)
        assert await said(messages) == MANY


async def test_of_two_processes_one_takes_away_what_is_too_old(home):
    both = [begun(home, LEASED) for _ in range(2)]
    ready = await asyncio.gather(*(asyncio.to_thread(one.stdout.readline) for one in both))
    assert ready == ["ready\n"] * 2
    told = await asyncio.gather(*(asyncio.to_thread(one.communicate, "go\n", timeout=60) for one in both))
    assert sorted(int(out) for out, _ in told) == [0, PICTURES]
    with opened(home) as messages:
        assert (await said(messages), await said(messages, "bob")) == (0, 1)
