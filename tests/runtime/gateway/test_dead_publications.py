"""A publication that can no longer be read stops alone: said where it is looked for, its messages kept."""

import asyncio
from dataclasses import replace

import pytest
from world import ANSWERS, Record, world

from runtime.channels import WebRequest
from runtime.errors import BadSettings, NotFound
from runtime.gateway.surfaces import Surfaces
from runtime.lang import Text
from script import says


class Shelf:
    """Two publications; what is wrong with the second is for each test to say."""

    def __init__(self, **wrong):
        self.records = [Record("p", "api"), Record("q", wrong.pop("channel", "api"))]
        self.agent = ANSWERS
        self.wrong = wrong

    def publication(self, id):
        return next((record for record in self.records if record.id == id), None)

    def publications(self):
        return self.records

    def unreadable(self):
        return self.wrong.get("unreadable", {})

    def channel_settings(self, id):
        if id == "q" and (error := self.wrong.get("settings")):
            if isinstance(error, Exception):
                raise error
            return error
        return {}

    def frozen_agent(self, id, version):
        if id == "q" and (agent := self.wrong.get("agent")):
            if isinstance(agent, Exception):
                raise agent
            return agent
        return ANSWERS


WRONG = {
    "its own block was removed": ({"agent": {**ANSWERS, "flow": [{"type": "own", "id": "x"}]}}, "own"),
    "an older checkout knows no such field": ({"agent": {**ANSWERS, "newer": 1}}, "newer"),
    "an unknown channel": ({"channel": "pigeon"}, "pigeon"),
    "a setting that the channel does not know": ({"settings": {"colour": "red"}}, "colour"),
    "a secret that does not open": ({"settings": BadSettings(Text("损坏", "damaged"))}, "damaged"),
    "its version is missing": ({"agent": NotFound(Text("没有", "no version"))}, "no version"),
    "whatever a channel of the owner's raises": ({"settings": RuntimeError("boom")}, "boom"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_read_is_dead_alone_and_says_why(case, caplog):
    wrong, why = WRONG[case]
    surfaces = Surfaces(Shelf(**wrong))
    assert [surface.id for surface in surfaces.all()] == ["p"]
    assert surfaces.find("q") is None
    assert list(surfaces.dead()) == ["q"]
    assert why in surfaces.dead()["q"].en
    assert caplog.text.count("publication q is dead") == 1


def test_a_record_that_cannot_be_read_is_dead_too():
    surfaces = Surfaces(Shelf(unreadable={"r": Text("坏", "bad")}))
    assert surfaces.dead() == {"r": Text("坏", "bad")}


def test_what_was_put_back_or_published_again_lives():
    now = [0.0]
    shelf = Shelf(agent=NotFound(Text("没有", "none")))
    surfaces = Surfaces(shelf, lambda: now[0])
    assert surfaces.find("q") is None
    shelf.wrong.clear()
    assert surfaces.find("q") is None
    now[0] = 5
    assert surfaces.find("q").id == "q"

    shelf.wrong["agent"] = NotFound(Text("没有", "none"))
    shelf.records[1] = replace(shelf.records[1], version=2)
    assert surfaces.find("q") is None
    shelf.wrong.clear()
    shelf.records[1] = replace(shelf.records[1], version=3)
    assert surfaces.find("q").id == "q"
    assert surfaces.dead() == {}


async def test_messages_of_a_dead_publication_are_kept_until_it_can_be_read_again(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), gate=gate) as w:
        await w.push()
        await w.until(lambda: w.models.requests)
        w.gateway._worker.draining = True
        await w.gateway._worker.drain(0)
        assert await w.states() == ["accepted"]

    broken = {**ANSWERS, "flow": [{"type": "own", "id": "x"}]}
    async with world(tmp_path, agent=broken, account=w.account, dead=True) as later:
        assert await later.states() == ["accepted"]
        assert list(later.gateway.dead()) == ["p"]
        with pytest.raises(NotFound):
            await later.gateway.callback("p", WebRequest("POST", {"signature": "good", "id": "2"}, b""))

    async with world(tmp_path, says("龙井"), account=w.account) as again:
        await again.until(lambda: again.account.sent)
        assert again.account.sent == [("u1", "龙井")]
