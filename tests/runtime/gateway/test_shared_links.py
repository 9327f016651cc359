"""Several publications of an account that connects once: which one does, and what the others hear."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from test_shared_accounts import Book

from runtime.gateway import lease
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OneJoining, OnePublication, Unobserved
from runtime.simulator.hosting import hosted
from runtime.simulator.http import Response, Server
from runtime.simulator.ilink.simulation import ILinkSimulation
from runtime.simulator.wecom_bot import SIMULATION
from script import Script, says, services

SECOND_LOOK = 10.0
DISCONNECTED = {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}


class Doctor(Unobserved):
    def __init__(self):
        self.troubles = {}

    def trouble(self, publication, text, at):
        self.troubles[publication] = text and text.en


@dataclass
class World:
    gateway: Gateway
    book: Book
    bot: SIMULATION
    doctor: Doctor
    asked: list = field(default_factory=list)

    async def link(self, id):
        return json.loads(await self.gateway.messages.facts.find(f"link {id}") or "{}")

    async def until_up(self, id, seconds=60.0):
        for _ in range(int(seconds * 2)):
            if (await self.link(id)).get("up"):
                return
            await asyncio.sleep(0.5)
        raise AssertionError(self.doctor.troubles)

    async def answered_by(self):
        """Whose agent answers what is written now."""
        await self.bot.write("你好")
        for _ in range(60):
            rows = await self.gateway.messages.database.read(
                lambda db: [row[0] for row in db.execute("select publication from messages order by seq")]
            )
            if rows:
                return rows[-1]
            await asyncio.sleep(0.5)
        raise AssertionError("nobody")


def agent(id):
    return {"format": 1, "id": id, "name": id, "flow": [{"type": "model", "id": "answer"}]}


class Scanned(Book):
    joinings = OneJoining()


@asynccontextmanager
async def world(folder, bot, **secrets):
    """By publication, the newest last, its Secret; "" for the right one."""
    loop = asyncio.get_running_loop()
    book, doctor = Book(), Doctor()
    for id, secret in secrets.items():
        given = {**bot.settings, **({"secret": secret} if secret else {})}
        book.records[id] = OnePublication("wecom_bot", given, agent(id), id=id)
    async with hosted(bot) as hosts:
        model = services(Script([says("好")]))
        gateway = Gateway(folder, book, model, doctor, hosts, clock=loop.wall, outside=loop.outside)
        bot.connect(None, None)
        await gateway.start()
        try:
            yield World(gateway, book, bot, doctor)
        finally:
            await gateway.stop()


@pytest.fixture
def bot():
    return lambda: SIMULATION("connection", asyncio.get_running_loop().wall)


@pytest.mark.parametrize("order", [("good", "bad"), ("bad", "good")])
async def test_a_wrong_secret_keeps_nobody_else_from_connecting(order, tmp_path, bot):
    played, secrets = bot(), {"good": "", "bad": "f" * 43}
    given = {id: secrets[id] for id in order}
    async with world(tmp_path, played, **given) as w:
        await w.until_up("good")
        await asyncio.sleep(SECOND_LOOK)
        assert "used by 'good'" in w.doctor.troubles["bad"], "and it is told whose the connection is"
        assert (await w.link("bad"))["by"] == "good"
        assert w.doctor.troubles["good"] is None
        assert await w.answered_by() == "good"
        before = played.subscribed
    async with world(tmp_path, played, **given) as w:
        played.platform.refused.clear()
        await w.until_up("good", 5)  # whoever was connected last is first
        await asyncio.sleep(300)
        assert played.subscribed == before + 1
        assert (await w.link("good"))["up"]


async def test_of_two_that_are_right_the_newest_connects_and_the_other_when_that_one_is_gone(tmp_path, bot):
    async with world(tmp_path, bot(), old="", new="") as w:
        await w.until_up("new")
        await asyncio.sleep(SECOND_LOOK)
        assert w.bot.subscribed == 1
        assert "Take that one offline" in w.doctor.troubles["old"]
        w.book.records["new"] = replace(w.book.records["new"], enabled=False)
        await w.until_up("old")
        assert w.doctor.troubles["old"] is None
        assert await w.answered_by() == "old"


async def test_whoever_was_taken_over_from_outside_is_not_followed_by_another_of_ours(tmp_path, bot):
    async with world(tmp_path, bot(), old="", new="") as w:
        await w.until_up("new")
        told = {"cmd": "aibot_event_callback", "headers": {"req_id": "D"}, "body": DISCONNECTED}
        await w.bot.wires[-1].send(json.dumps(told))
        await asyncio.sleep(300)
        assert w.bot.subscribed == 1
        assert "Another program took over" in w.doctor.troubles["new"]
        w.book.records["old"] = replace(w.book.records["old"], version=1, agent=agent("later"))
        await w.until_up("new")


@pytest.mark.of_files
async def test_a_process_that_stood_still_writes_nothing_about_what_another_has_now(
    tmp_path, bot, monkeypatch
):
    played = bot()
    monkeypatch.setattr(lease, "BEAT", 1e9)
    async with world(tmp_path, played, p="") as first:
        await first.until_up("p")
        monkeypatch.undo()
        async with world(tmp_path, played, p="") as second:
            for _ in range(60):
                if played.subscribed == 2:
                    break
                await asyncio.sleep(1)
            await asyncio.sleep(60)
            assert played.subscribed == 2, "it does not take it back either"
            assert first.doctor.troubles == second.doctor.troubles == {"p": None}
            assert (await second.link("p"))["up"]


async def test_where_one_may_look_a_token_that_is_refused_lets_another_publication_look(tmp_path):
    loop = asyncio.get_running_loop()
    played, book = ILinkSimulation("person", loop.wall), Scanned()
    for id, token in (("good", played.settings["bot_token"]), ("bad", "an-old-token-of-it")):
        book.records[id] = OnePublication("ilink", {**played.settings, "bot_token": token}, agent(id), id=id)

    def call(request):
        is_old = "an-old-token-of-it" in request.headers.get("authorization", "")
        return Response(status=403) if is_old else played.call(request)

    async with Server(call) as server:
        hosts, model, doctor = {played.api_host_setting: server.url}, services(Script([says("好")])), Doctor()
        gateway = Gateway(tmp_path, book, model, doctor, hosts, clock=loop.wall, outside=loop.outside)
        await gateway.start()
        try:
            for text in ("一", "二"):
                played.platform.write(played.platform.text(text))
                await asyncio.sleep(120)
            assert [one.text for one in played.platform.sent] == ["好", "好"]
            assert "used by 'good'" in doctor.troubles["bad"]
            assert doctor.troubles.get("good") is None
        finally:
            await gateway.stop()
