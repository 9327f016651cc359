"""Our gateway and a WhatsApp business number, played, on a clock that jumps."""

import asyncio

from played_world import PlayedWorld, faced, jumping
from runtime import simulator
from runtime.gateway.one_publication import OnePublication
from runtime.simulator.whatsapp.simulation import PERSON
from runtime.store.messages.insights import Insights
from script import Slow, says, services

AGENT = {"format": 1, "id": "shop", "name": "店", "flow": [{"type": "model", "id": "answer"}]}


class World(PlayedWorld):
    @property
    def texts(self):
        return [one.text for one in self.platform.sent]

    async def when(self, is_so):
        await self.until(is_so, 300)


def world(folder, *answers, slow=0.0, more=None):
    played = simulator.registry()["whatsapp"]("number", asyncio.get_running_loop().wall)
    publication = OnePublication("whatsapp", {**played.settings, **(more or {})}, AGENT, judged=True)
    return faced(folder, played, publication, services(Slow(list(answers), seconds=slow)), World, url="")


@jumping
async def test_what_is_written_is_answered_and_marked_as_read_while_it_is(tmp_path):
    async with world(tmp_path, says("**好**"), slow=30) as w:
        await w.played.write("你好")
        await w.when(lambda: w.texts == ["*好*"])
        assert [person for _, person in w.platform.typed] == [PERSON, PERSON]


@jumping
async def test_a_call_that_comes_again_is_answered_once(tmp_path):
    async with world(tmp_path, says("一")) as w:
        value = w.played.said(PERSON, {"type": "text", "text": {"body": "你好"}})
        assert await w.played.bring(value) is True
        assert await w.played.bring(value) is True
        await asyncio.sleep(60)
        assert w.texts == ["一"]


@jumping
async def test_a_tap_on_a_list_says_its_value(tmp_path):
    lines = "\n".join(f"- [{n} 点](menu:at{n})" for n in range(5))
    async with world(tmp_path, says(f"几点？\n{lines}"), says("好")) as w:
        await w.played.write("你好")
        await w.when(lambda: w.texts == ["几点？"])
        assert len(w.platform.sent[0].buttons) == 5
        await w.played.tap(PERSON, "3 点")
        await w.when(lambda: w.texts == ["几点？", "好"])


@jumping
async def test_a_sign_under_an_answer_judges_it_and_another_sign_stands_instead(tmp_path):
    async with world(tmp_path, says("好")) as w:
        await w.played.write("你好")
        await w.when(lambda: w.texts == ["好"])
        for sign, expected in (("👍🏽", ["good"]), ("👎", ["bad"]), ("❤️", []), ("👍", ["good"]), ("", [])):
            await w.played.reacts(PERSON, w.platform.sent[0].id, sign)
            found = Insights(tmp_path / "messages.db").ratings(["p"], 0.0, 1e12)
            assert [one.verdict for one in found] == expected
        assert w.texts == ["好"]


@jumping
async def test_what_did_not_arrive_is_known_later_and_goes_with_the_next_message(tmp_path):
    async with world(tmp_path, says("一"), says("二")) as w:
        value = w.played.said(PERSON, {"type": "text", "text": {"body": "你好"}})
        w.platform.wrote[PERSON] -= 25 * 3600  # its clock says that the window is over
        await w.played.bring(value)
        await w.when(lambda: w.platform.failed)
        assert w.texts == []
        await w.played.write("还在吗")
        await w.when(lambda: w.texts[-1:] == ["二"])


@jumping
async def test_after_a_day_it_goes_as_a_template_where_there_is_one(tmp_path):
    async with world(tmp_path, says("一\n\n二"), more={"template": "notice"}) as w:
        value = w.played.said(PERSON, {"type": "text", "text": {"body": "你好"}})
        value["messages"][0]["timestamp"] = str(int(w.platform.wrote[PERSON]) - 25 * 3600)
        w.platform.wrote[PERSON] -= 25 * 3600
        await w.played.bring(value)
        await w.when(lambda: w.texts == ["[notice] 一 二"])
        assert w.platform.failed == []


@jumping
async def test_too_fast_it_goes_on_by_itself(tmp_path):
    async with world(tmp_path, says("一")) as w:
        w.platform.faults.script("messages", 0, 130429)
        await w.played.write("你好")
        await w.when(lambda: w.texts == ["一"])
