"""Who decides from outside: by the API with an operating key, or by tapping a card; once, and who they are
is never what somebody wrote."""

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from carded import ASKS, Carded, cards, tap
from starlette.applications import Starlette
from world import world

from runtime.access.audit.log import Audit
from runtime.access.keys import Keys
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.decisions_api import DecisionsApi
from runtime.server.api.key_check import KeyCheck, sender_of
from runtime.server.api.unasked_api import UnaskedApi
from runtime.server.api.unasked_feed import UnaskedFeed
from runtime.store.control.control import Control
from runtime.store.control.records import Publication
from runtime.store.messages.people import Face
from runtime.store.vanishing.memory import InMemory

SHOP = {
    "format": 1,
    "id": "shop",
    "name": "店",
    "flow": [
        {"type": "approve", "id": "ok", "question": "给 {{ message.text }} 退款？", "text": "已提交"},
        {"type": "reply", "id": "say", "text": "退了{{ ok.note }}"},
    ],
}


class Program:
    """The owner's system, which holds keys of this agent and of another one."""

    def __init__(self, w, folder):
        self.control = Control.in_folder(folder)
        self.control.save_publication(
            Publication(id="p", agent="shop", channel="api", version=1, created_at=0.0)
        )
        check, keys = KeyCheck(self.control, InMemory()), Keys(self.control)
        self.keys = {
            name: keys.create(agent, operates=operates)
            for name, agent, operates in (("desk", "shop", True), ("ask", "shop", False), ("b", "b", True))
        }
        browsers = Browsers(())
        routes = [
            *DecisionsApi(w.gateway, check, self.control, Audit(folder, str)).routes(),
            *UnaskedApi(w.gateway, check, browsers).routes(),
        ]
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(Starlette(routes=routes)), base_url="http://us"
        )
        self.sender = sender_of(keys.find(self.keys["ask"]), "c1")

    async def call(self, path, holds="desk", **data):
        headers = {"authorization": f"Bearer {self.keys[holds]}"}
        response = await self.client.post(path, json=data, headers=headers)
        return response.status_code, response.json()


async def test_whoever_stays_connected_hears_of_it_as_it_comes_and_of_nobody_elses(tmp_path):
    async with world(tmp_path, agent=SHOP) as w:
        us = Program(w, tmp_path / "control")
        feed = UnaskedFeed.of(w.gateway)
        heard = {sender: feed.follow("p", sender, 0) for sender in (us.sender, "another")}
        asking = {sender: asyncio.ensure_future(anext(found)) for sender, found in heard.items()}
        await w.push("小李", id="m1", **{"from": us.sender})
        [wait] = (await us.call("/desk/waits", kind="decision"))[1]["waits"]
        assert not asking[us.sender].done()
        await us.call("/desk/approve", wait=wait["id"], note="了")
        told = await asyncio.wait_for(asking[us.sender], 10)  # it looks by itself only every 30 s
        assert told["reply"] == "退了了"
        assert not asking["another"].done()
        asking["another"].cancel()
        await asyncio.gather(*asking.values(), return_exceptions=True)
        again = feed.follow("p", us.sender, told["id"])
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(again), 0.2)


async def test_an_operating_key_decides_once_and_the_program_that_asked_finds_what_came_of_it(tmp_path):
    async with world(tmp_path, agent=SHOP) as w:
        us = Program(w, tmp_path / "control")
        assert await w.push("小李", id="m1", **{"from": us.sender}) == "reply:已提交"
        _, told = await us.call("/desk/waits", kind="decision")
        [wait] = told["waits"]
        assert (wait["what"]["zh"], wait["for"], wait["person"]) == ("给 小李 退款？", "decision", us.sender)
        _, later = await us.call("/agent/later", holds="ask", context_id="c1")
        assert (later["answers"], later["waiting"][0]["for"]) == ([], "decision")
        refused = [
            await us.call("/desk/approve", holds="ask", wait=wait["id"]),
            await us.call("/desk/approve", holds="b", wait=wait["id"]),
            await us.call("/desk/approve", wait=99),
            await us.call("/desk/deny", wait=wait["id"], note="x" * 2000),
            await us.call("/desk/approve", wait=wait["id"], yes=True),
        ]
        assert [status for status, _ in refused] == [403, 404, 404, 400, 400]
        assert (await us.call("/desk/waits", holds="b"))[1] == {"waits": [], "more": False}
        assert (await us.call("/desk/approve", wait=wait["id"], note="了", operator="an"))[0] == 200
        assert (await us.call("/desk/deny", wait=wait["id"]))[0] in (404, 409)
        await w.until(lambda: len(w.account.sent) == 1)
        _, later = await us.call("/agent/later", holds="ask", context_id="c1")
        assert ([one["reply"] for one in later["answers"]], later["waiting"]) == (["退了了"], [])
        assert (await us.call("/agent/later", holds="ask", context_id="c2"))[1]["answers"] == []
        again = await us.call("/agent/later", holds="ask", context_id="c1", after=later["after"])
        assert again == (200, {"answers": [], "waiting": [], "after": later["after"]})
        await w.push("小王", id="m2", **{"from": us.sender})
        [wait] = (await us.call("/desk/waits"))[1]["waits"]
        assert (await us.call("/desk/cancel", wait=wait["id"]))[0] == 200
        await w.until(lambda: len(w.account.sent) >= 2)


async def test_the_first_tap_of_somebody_who_was_asked_decides_and_nothing_else_does(tmp_path):
    async with world(tmp_path, agent=ASKS, kind=Carded) as w:
        await w.push("小李", id="m1")
        await w.until(lambda: len(cards(w)) == 2)
        question, yes, no = cards(w)["boss"]
        assert (question, cards(w)["vice"]) == ("给 小李 退款？", (question, yes, no))
        await w.push(yes, id="t1", **{"from": "boss"})  # written, not tapped: a conversation of its own
        await tap(w, "clerk", yes, "t2")
        await tap(w, "boss", yes.replace(yes[7:20], "A" * 13), "t3")
        told = [("clerk", "这件事不由您决定。"), ("boss", "这件事已经有了结果，")]
        await w.until(lambda: all(one in w.account.sent for one in told))
        open_ones = await w.gateway.messages.waits.open(kind="decision")
        assert [one.sender for one in open_ones] == ["boss", "u1"]
        w.book.record = replace(w.book.record, rests_since=1.0)  # so that it does not go on yet
        await asyncio.gather(*(tap(w, "boss", no, "t4") for _ in range(3)))
        await tap(w, "vice", yes, "t5")
        await w.until(lambda: ("vice", "boss 已经决定：") in w.account.sent)
        assert ("boss", "✓ 不同意（boss）") in w.account.sent
        assert ("vice", "✓ 同意（vice）") not in w.account.sent
        w.book.record = replace(w.book.record, rests_since=None)
        await w.until(lambda: ("u1", "没有批准。") in w.account.sent)
        await w.gateway.messages.remembered.erase(Face("p", "u1"), 0.0)
        left = await w.gateway.messages.database.read(
            lambda db: [row["text"] for row in db.execute("select id, text from outbox")]
        )
        assert not any("小李" in text for text in left)


KILLED = """
import asyncio, sys
sys.path[:0] = [{tests!r}, {gateway!r}]
from pathlib import Path
from carded import ASKS, Carded, cards, tap
from world import world
from runtime.simulator.fast_loop import FastLoop
from runtime.store.vanishing.memory import InMemory
async def main():
    async with world(Path({home!r}), agent=ASKS, kind=Carded) as w:
        await w.push("小李", id="m1")
        await w.until(lambda: len(cards(w)) == 2)
        await asyncio.sleep(5)
        print(cards(w)["boss"][1], flush=True)
        await tap(w, "boss", cards(w)["boss"][1], "t1")
asyncio.Runner(loop_factory=FastLoop).run(main())
"""


async def test_a_tap_whose_process_dies_counts_once_and_nobody_is_asked_again(tmp_path):
    root = Path(__file__).parents[3]
    code = KILLED.format(tests=str(root / "tests"), gateway=str(Path(__file__).parent), home=str(tmp_path))
    environment = {**os.environ, "HONGYAN_CRASH_AT": "after_decision", "PYTHONPATH": str(root)}
    run = [sys.executable, "-c", code]
    done = await asyncio.to_thread(
        subprocess.run, run, env=environment, cwd=root, check=False, capture_output=True, text=True
    )
    assert done.returncode == -9, done.stderr
    async with world(tmp_path, agent=ASKS, kind=Carded) as w:
        await tap(w, "boss", done.stdout.strip(), "t1")  # the platform got no answer
        await w.until(lambda: ("u1", "boss 退了") in w.account.sent)
        await asyncio.sleep(60)
        assert cards(w) == {}
        assert [text for to, text in w.account.sent if to == "u1"] == ["boss 退了"]
