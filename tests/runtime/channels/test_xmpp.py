"""People who write over Prosody, with slixmpp, which is not ours; our side is the whole gateway."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
import slixmpp

import prosody
from beside_server import running, until, up
from played_world import PlayedWorld
from runtime.channels.xmpp.link import RESOURCE
from runtime.store.messages.insights import Insights
from script import Script, says

pytestmark = pytest.mark.skipif(not prosody.PROGRAM, reason="make debian installs prosody")

SHOP = f"shop@{prosody.DOMAIN}"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with prosody.running(tmp_path_factory.mktemp("prosody")) as house:
        yield house


def gateway(folder, house, model, *, judged=False, **more):
    settings = {
        "jid": SHOP,
        "password": prosody.PASSWORD,
        "host": f"127.0.0.1:{house.port}",
        "ca": house.authority,
    }
    return running(folder, "xmpp", settings | more, model, house.port, judged=judged)


class Person(slixmpp.ClientXMPP):
    """Keeps what it is sent."""

    def __init__(self, house, name):
        super().__init__(f"{name}@{prosody.DOMAIN}/phone", prosody.PASSWORD)
        self.ca_certs = house.folder / "root.pem"
        self.said, self.ids, self.receipts, self.is_there = [], [], [], asyncio.Event()
        self.register_plugin("xep_0184")
        self.register_plugin("xep_0085")
        self.add_event_handler("session_start", lambda _: (self.send_presence(), self.is_there.set()))
        self.register_plugin("xep_0030")
        self.register_plugin("xep_0444")
        self.add_event_handler("message", self.hear)
        self.add_event_handler("receipt_received", lambda m: self.receipts.append(m["receipt"]))

    def hear(self, message):
        if message["body"]:
            self.said.append(message["body"])
            self.ids.append(message["id"])


@asynccontextmanager
async def person(house, name="ann"):
    one = Person(house, name)
    one.connect("127.0.0.1", house.port)
    await asyncio.wait_for(one.is_there.wait(), 20)
    try:
        yield one
    finally:
        await one.disconnect()


def write(one, text, id=""):
    made = one.make_message(SHOP, text, mtype="chat")
    made["request_receipt"] = True
    made["id"] = id or made["id"]
    made.send()
    return made["id"]


async def test_a_person_is_answered_and_has_a_receipt(tmp_path, house):
    model = Script([says("有龙井 & <茶>")])
    async with gateway(tmp_path, house, model) as it, person(house) as ann:
        await up(it)
        id = write(ann, "有茶吗 & <什么>？")
        await until(lambda: ann.said)
        assert (ann.said, ann.receipts) == (["有龙井 & <茶>"], [id])
        write(ann, "有茶吗 & <什么>？", id)
        write(ann, "再见")
        await until(lambda: len(ann.said) == 2)
    assert [one.messages[-1]["content"] for one in model.requests] == ["有茶吗 & <什么>？", "再见"]


async def test_a_sign_under_an_answer_judges_it_until_it_is_taken_back(tmp_path, house):
    async with gateway(tmp_path, house, Script([says("有")]), judged=True) as it, person(house) as ann:
        await up(it)
        write(ann, "有茶吗")
        await until(lambda: ann.ids)
        known = await ann.plugin["xep_0030"].get_info(f"{SHOP}/{RESOURCE}", timeout=10)
        assert "urn:xmpp:reactions:0" in known["disco_info"]["features"]
        for signs, verdicts in (({"👍"}, ["good"]), ({"👎"}, ["bad"]), (set(), [])):
            ann.plugin["xep_0444"].send_reactions(SHOP, ann.ids[0], signs)
            await until(lambda verdicts=verdicts: judged(tmp_path) == verdicts)
        assert ann.said == ["有"]


def judged(folder):
    return [one.verdict for one in Insights(folder / "messages.db").ratings(["p"], 0.0, 1e12)]


async def test_what_comes_while_nobody_is_there_is_answered_later(tmp_path, house):
    model = Script([says("在")])
    async with person(house) as ann:
        write(ann, "在吗")
        async with gateway(tmp_path, house, model) as it:
            await up(it)
            await until(lambda: ann.said)
    assert ann.said == ["在"]


async def test_what_was_stored_and_not_acknowledged_when_we_died_is_answered_once(tmp_path, house):
    model, stored = Script([says("好")]), asyncio.Event()
    async with gateway(tmp_path, house, model) as it, person(house) as ann:
        await up(it)
        accept = it.messages.accept_all

        async def dies(*given):
            await accept(*given)
            stored.set()
            await asyncio.Event().wait()

        it.messages.accept_all = dies
        write(ann, "一杯")
        await asyncio.wait_for(stored.wait(), 10)
        await PlayedWorld(it).kill()
        it.stopped = True
        async with gateway(tmp_path, house, model) as again:
            await until(lambda: ann.said)
            await up(again)
            write(ann, "两杯")
            await until(lambda: len(ann.said) == 2)
    assert [one.messages[-1]["content"] for one in model.requests] == ["一杯", "两杯"]


@pytest.mark.parametrize(("more", "code"), [({"password": "other"}, "refused"), ({"ca": ""}, "certificate")])
async def test_what_keeps_us_out_is_told(tmp_path, house, more, code):
    async with gateway(tmp_path, house, Script(), **more) as it:
        await until(lambda: any(it.told.troubles) or "verified" in it.told.seen)
        fact = json.loads(await it.messages.facts.find("link p"))
    assert (fact["up"], fact["code"]) == (False, code)
