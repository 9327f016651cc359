"""Our gateway and one person's WeChat, played, on a clock that jumps."""

import asyncio
import base64
import itertools

import pytest

from played_world import PlayedWorld, faced, jumping, run
from runtime import simulator
from runtime.channels._tencent.ecb import decrypted, encrypted
from runtime.gateway.one_publication import OnePublication
from runtime.simulator.ilink.server import PERSON
from script import Script, says, services

AGENT = {
    "format": 1,
    "id": "shop",
    "name": "店",
    "limits": {"seconds": 600},
    "flow": [{"type": "model", "id": "answer"}],
}


class World(PlayedWorld):
    @property
    def kept(self):
        """How far it is joined."""
        return self.publications.joinings

    async def when(self, is_so):
        await self.until(is_so, 3000)

    async def come_to(self, *states):
        await super().come_to(*states, seconds=5000, every=0.25)

    def write(self, words, **more):
        return self.platform.write(self.platform.text(words), **more)

    @property
    def texts(self):
        return [one.text for one in self.platform.sent]


def world(folder, *answers, played=None, joined=True):
    played = played or simulator.registry()["ilink"]("person", asyncio.get_running_loop().wall)
    publication = OnePublication("ilink", played.settings if joined else {}, AGENT)
    around = services(Script(list(answers) or Script().answers))
    return faced(folder, played, publication, around, World, url="", probed=False)


@jumping
async def test_what_is_written_is_answered_under_its_own_thread(tmp_path):
    async with world(tmp_path, says("一"), says("二")) as w:
        w.write("你好")
        await w.come_to("delivered")
        w.write("还在吗")
        await w.come_to("delivered", "delivered")
        assert w.texts == ["一", "二"]
        assert [one.thread for one in w.platform.sent] == ["ctx-1", "ctx-2"]
        assert w.platform.asked[0] in ("notifystart", "getconfig")
    assert w.platform.asked[-1] == "notifystop"


@jumping
async def test_a_poll_is_held_and_nobody_asks_more_often(tmp_path):
    async with world(tmp_path) as w:
        await asyncio.sleep(350)
        assert 9 <= w.platform.asked.count("getupdates") <= 12
        assert w.gateway.metrics


@jumping
async def test_an_account_is_joined_by_a_scan_and_answers(tmp_path):
    async with world(tmp_path, says("好"), joined=False) as w:
        w.platform.token = ""
        w.platform.scans = [["scaned", "need_verifycode", "confirmed"]]
        await w.when(lambda: w.kept.stage == "digits")
        assert w.kept.content.startswith("https://liteapp.weixin.qq.com/q/")
        w.kept.change("p", digits="000000")
        await w.when(lambda: w.kept.stage == "wrong_digits")
        w.kept.change("p", digits=w.platform.digits)
        await w.when(lambda: w.kept.stage == "joined")
        await w.when(lambda: "getupdates" in w.platform.asked)
        w.write("你好")
        await w.come_to("delivered")


@jumping
async def test_three_codes_that_nobody_scans_and_then_none(tmp_path):
    async with world(tmp_path, joined=False) as w:
        w.platform.scans_itself = False
        await w.when(lambda: w.kept.stage == "given_up")
        await asyncio.sleep(300)
        assert len(w.platform.codes) == 3


@jumping
async def test_a_redirect_is_followed_and_wrong_digits_block(tmp_path):
    async with world(tmp_path, joined=False) as w:
        w.platform.scans = [["need_verifycode"], ["scaned_but_redirect", "scaned", "confirmed"]]
        w.platform.redirect = "ilinkai2.weixin.qq.com"
        for _ in range(3):
            await w.when(lambda: w.kept.stage in ("digits", "wrong_digits") and not w.kept.digits)
            w.kept.change("p", digits="1")
            await w.when(lambda: not w.kept.digits)
        await w.when(lambda: w.kept.stage == "joined")
        assert len(w.platform.codes) == 2


@jumping
async def test_scanned_elsewhere_is_told_within_a_minute_and_joined_anew_by_a_scan(tmp_path):
    async with world(tmp_path, says("好")) as w:
        await w.when(lambda: "getupdates" in w.platform.asked)
        w.platform.scans = [["binded_redirect"], []]
        w.platform.lose()
        began = asyncio.get_running_loop().time()
        await w.when(lambda: w.doctor.troubles)
        assert asyncio.get_running_loop().time() - began < 60
        assert "no longer valid" in w.doctor.troubles[0]
        await w.when(lambda: w.platform.known)
        assert w.platform.known[0] == ["bot-token-0"]


@jumping
async def test_after_a_new_scan_what_was_held_goes_out(tmp_path):
    async with world(tmp_path, says("好")) as w:
        w.models.gate = asyncio.Event()
        w.write("你好")
        await w.when(lambda: w.models.requests)
        w.platform.scans_itself = False
        w.platform.lose()
        w.models.gate.set()
        await w.come_to("held")
        w.platform.scans = [["confirmed"]] * 3
        w.kept.change("p", asked_at=asyncio.get_running_loop().wall() + 1)
        await w.when(lambda: w.kept.stage == "joined")
        await w.come_to("delivered")
        assert w.texts == ["好"]


@jumping
async def test_what_was_taken_and_most_likely_not_shown_is_a_doubt_and_not_sent_again(tmp_path):
    async with world(tmp_path, says("好"), says("二")) as w:
        w.platform.hides = True
        w.write("你好")
        await w.come_to("unknown")
        await asyncio.sleep(600)
        assert w.texts == ["好"]
        w.platform.hides = False
        w.write("在吗")
        await w.come_to("unknown", "delivered")
        assert any("可能没有送达" in text for text in w.texts)


@jumping
async def test_parts_are_spaced_and_a_throttle_makes_it_slower(tmp_path):
    async with world(tmp_path, says("字" * 12_000)) as w:
        w.write("说说")
        await w.come_to("delivered")
        times = [one.at for one in w.platform.sent]
        assert len(times) == 4
        assert min(b - a for a, b in itertools.pairwise(times)) >= 0.79
        w.platform.faults.script("/ilink/bot/sendmessage", -2, -2, -2)
        w.write("再说")
        await w.come_to("delivered", "delivered")


@jumping
async def test_a_long_block_is_met_with_ever_longer_rests_and_everything_arrives(tmp_path):
    async with world(tmp_path, says("好")) as w:
        w.platform.faults.always("/ilink/bot/sendmessage", -2)
        w.write("你好")
        await asyncio.sleep(300)
        assert 8 <= w.platform.asked.count("sendmessage") <= 24
        w.platform.faults.always("/ilink/bot/sendmessage", 0)
        await w.come_to("delivered")
        assert w.texts == ["好"]


@jumping
async def test_what_is_written_after_hours_of_refusals_is_answered_at_once(tmp_path):
    """What their last message brought may be refused long before a day is over; the next brings another."""
    async with world(tmp_path, says("一"), says("二")) as w:
        w.platform.faults.always("/ilink/bot/sendmessage", -2)
        w.write("你好")
        await asyncio.sleep(3 * 3600)
        w.platform.faults.always("/ilink/bot/sendmessage", 0)
        w.write("还在吗")
        await asyncio.sleep(5)
        assert w.texts == ["一", "二"]


@jumping
async def test_after_ten_parts_the_rest_waits_for_the_next_message(tmp_path):
    async with world(tmp_path, says("字" * 47_000), says("好")) as w:
        w.write("说说")
        await w.come_to("kept")
        assert len(w.platform.sent) == 10
        assert all(one.shown for one in w.platform.sent)
        w.write("继续")
        await w.when(lambda: sum(text.count("字") for text in w.texts) == 47_000)


@jumping
async def test_the_same_message_comes_once_however_often_and_as_whom_it_is_sent(tmp_path):
    async with world(tmp_path, says("好"), says("二")) as w:
        first = w.write("好")
        w.platform.deliver(first)
        w.platform.deliver({**first, "message_id": first["message_id"] + 1000})
        await w.come_to("delivered")
        await asyncio.sleep(2)
        w.write("好")
        await w.come_to("delivered", "delivered")
        assert len(w.models.requests) == 2


@jumping
async def test_typing_is_shown_every_five_seconds_and_ended(tmp_path):
    async with world(tmp_path, says("好")) as w:
        w.models.gate = asyncio.Event()
        w.write("你好")
        await asyncio.sleep(13)
        w.models.gate.set()
        await w.come_to("delivered")
        await w.when(lambda: w.platform.typed[-1][1] == 2)
        assert [status for _, status in w.platform.typed] == [1, 1, 1, 2]
        assert w.platform.asked.count("getconfig") <= 2


@jumping
async def test_a_page_that_could_not_be_stored_comes_again(tmp_path):
    async with world(tmp_path, says("好")) as w:
        write = w.gateway.messages.database.write
        full = "create trigger full before insert on messages begin select raise(abort, 'full'); end"
        await write(lambda db: db.execute(full).rowcount)
        w.write("你好")
        await asyncio.sleep(1)
        assert await w.states() == []
        await write(lambda db: db.execute("drop trigger full").rowcount)
        await w.come_to("delivered")


@jumping
async def test_a_server_that_breaks_is_asked_again_more_slowly(tmp_path):
    async with world(tmp_path, says("好")) as w:
        w.platform.faults.script("/ilink/bot/getupdates", *["http_502"] * 5)
        w.write("你好")
        await w.come_to("delivered")


@jumping
async def test_a_start_goes_on_where_the_last_one_ended(tmp_path):
    async with world(tmp_path, says("好")) as w:
        w.write("你好")
        await w.come_to("delivered")
        played = w
    simulation = simulator.registry()["ilink"]("person", asyncio.get_running_loop().wall)
    simulation.platform = played.platform
    async with world(tmp_path, says("二"), played=simulation) as w:
        await asyncio.sleep(60)
        assert w.models.requests == []
        w.write("在吗")
        await w.come_to("delivered", "delivered")


@pytest.mark.parametrize("seconds", [2, 6, 14, 40, 300])
def test_however_slow_the_model_the_whole_answer_comes_once(seconds, tmp_path):
    async def work():
        async with world(tmp_path, says("好")) as w:
            w.models.gate = asyncio.Event()
            w.write("你好")
            await asyncio.sleep(seconds)
            w.models.gate.set()
            await w.come_to("delivered")
            assert w.texts == ["好"]
            assert w.platform.sent[0].to == PERSON

    run(work())


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@jumping
async def test_a_picture_in_an_answer_is_sealed_put_up_and_shown(tmp_path):
    url = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    async with world(tmp_path, says(f"看\n\n![茶]({url})\n\n好吗")) as w:
        w.write("有图吗")
        await w.come_to("delivered")
        assert [one.item["type"] for one in w.platform.sent] == [1, 2, 1]
        media = w.platform.sent[1].item["image_item"]["media"]
        key = bytes.fromhex(base64.b64decode(media["aes_key"]).decode())
        assert decrypted(w.platform.files[media["encrypt_query_param"]], key)[:8] == PNG[:8]
        assert w.platform.sent[1].thread == "ctx-1"


@jumping
async def test_a_picture_that_comes_is_fetched_and_opened(tmp_path):
    async with world(tmp_path, says("好")) as w:
        key = bytes(range(16))
        w.platform.files["P1"] = encrypted(PNG, key)
        media = {"encrypt_query_param": "P1", "aes_key": base64.b64encode(key).decode()}
        w.write("看", item_list=[{"type": 2, "image_item": {"media": media}}])
        await w.when(lambda: "download" in w.platform.asked)
        await w.when(lambda: w.platform.sent)
        kept = [await w.gateway.kept.read(file.name) for file in (tmp_path / "media").rglob("[0-9a-f]" * 64)]
        assert any(content.startswith(PNG[:8]) for content in kept)
