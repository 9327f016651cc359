"""Our gateway and a Telegram bot, played, on a clock that jumps."""

import asyncio
import itertools

import pytest

from played_world import PlayedWorld, faced, jumping, run
from runtime import simulator
from runtime.simulator.telegram.simulation import PERSON
from script import Script, says, services

AGENT = {
    "format": 1,
    "id": "shop",
    "name": "店",
    "texts": {"greeting": "欢迎"},
    "flow": [{"type": "model", "id": "answer"}],
}


class World(PlayedWorld):
    @property
    def words(self):
        return [one.words for one in self.platform.sent]

    async def when(self, is_so, seconds=300):
        await self.until(is_so, seconds)


def world(folder, *answers, kind="poll", public="https://bot.example", played=None, models=None):
    played = played or simulator.registry()["telegram"](kind, asyncio.get_running_loop().wall)
    around = services(models or Script(list(answers) or Script().answers))
    return faced(folder, played, ("telegram", AGENT), around, World, url=public, probed=False)


@jumping
async def test_what_waits_is_looked_for_answered_and_forgotten_there(tmp_path):
    async with world(tmp_path, says("**一**"), says("二")) as w:
        await w.played.write("你好")
        await w.when(lambda: w.words == ["一"])
        await w.played.write("还在吗")
        await w.when(lambda: w.words == ["一", "二"])
        await w.when(lambda: not w.platform.waiting)
        assert w.platform.sent[0].text == "<b>一</b>"
        assert w.platform.asked[0] in ("deleteWebhook", "getMe")


@jumping
async def test_that_the_account_is_right_is_known_at_once_and_not_after_a_look_that_waits(tmp_path):
    async with world(tmp_path) as w:
        await w.when(lambda: "verified" in w.doctor.seen, seconds=8)


@jumping
async def test_a_look_is_held_and_nobody_asks_more_often(tmp_path):
    async with world(tmp_path) as w:
        await asyncio.sleep(250)
        assert 8 <= w.platform.asked.count("getUpdates") <= 12


@jumping
async def test_where_it_calls_it_is_told_so_once_and_again_when_it_is_taken_back(tmp_path):
    async with world(tmp_path, says("好"), kind="webhook") as w:
        await w.when(lambda: w.platform.webhook)
        assert w.platform.webhook == "https://bot.example/c/p"
        assert await w.played.says(PERSON, "你好") is True
        await w.when(lambda: w.words == ["好"])
        assert w.platform.asked.count("getUpdates") == 0
    async with world(tmp_path, kind="webhook", played=w.played) as again:
        await asyncio.sleep(30)
        assert again.platform.asked.count("setWebhook") == 1
        object.__setattr__(again.publications, "enabled", False)  # its owner took it back
        await again.when(lambda: again.platform.deletions)
        assert again.platform.webhook == ""


@jumping
async def test_without_an_address_its_owner_is_told_and_nobody_else(tmp_path):
    async with world(tmp_path, kind="webhook", public="") as w:
        await w.when(lambda: w.doctor.troubles)
        await asyncio.sleep(300)
        assert "Enter the public address first" in w.doctor.troubles[0]
        assert w.platform.asked.count("setWebhook") == 0


@jumping
async def test_a_call_that_comes_again_is_answered_once(tmp_path):
    async with world(tmp_path, says("一"), kind="webhook") as w:
        update = w.platform.said(PERSON, PERSON, {"text": "你好"})
        w.platform._ids = itertools.repeat(9)
        assert await w.played.bring(update) is True
        assert await w.played.bring(update) is True
        await asyncio.sleep(30)
        assert w.words == ["一"]


@jumping
async def test_a_tap_says_its_value_and_shows_that_it_was_made(tmp_path):
    offer = says("要什么？\n- [查订单](menu:orders)\n- [人工](menu:human)")
    async with world(tmp_path, offer, says("好")) as w:
        await w.played.write("你好")
        await w.when(lambda: w.words == ["要什么？"])
        assert w.platform.sent[0].buttons == [("查订单", "orders"), ("人工", "human")]
        await w.played.tap(PERSON, "查订单")
        await w.when(lambda: w.words == ["要什么？", "好"])
        assert len(w.platform.answered) == 1


@jumping
async def test_whoever_stopped_the_bot_is_not_sent_more_until_they_write(tmp_path):
    async with world(tmp_path, says("一"), says("二")) as w:
        w.platform.blocked.add(PERSON)
        await w.played.write("你好")
        await w.when(lambda: any("blocked" in one for one in w.platform.refused))
        w.platform.blocked.clear()
        await w.played.write("还在吗")
        await w.when(lambda: w.words[-1:] == ["二"])


@jumping
async def test_too_fast_it_waits_as_long_as_the_platform_asks(tmp_path):
    async with world(tmp_path, says("一")) as w:
        w.platform.faults.script("sendMessage", 429)
        await w.played.write("你好")
        await w.when(lambda: w.words == ["一"])
        assert len(w.platform.sent) == 1


class Slow(Script):
    """Writes a sentence every three seconds, or so many."""

    seconds = 3

    async def complete(self, request, on_text=None, on_reset=None):
        for sentence in ("第一句。", "**第二句**。", "第三句。"):
            on_text(sentence)
            await asyncio.sleep(self.seconds)
        return says("第一句。**第二句**。第三句。")


@jumping
async def test_alone_with_somebody_it_shows_what_is_written_and_then_sends_it_once(tmp_path):
    async with world(tmp_path, models=Slow()) as w:
        await w.played.write("你好")
        await w.when(lambda: w.words == ["第一句。第二句。第三句。"])
        texts = [text for _, _, _, text in w.platform.drafts]
        assert texts == ["第一句。", "第一句。第二句。", "第一句。第二句。第三句。"][: len(texts)]
        assert len(texts) >= 2
        assert len({number for _, _, number, _ in w.platform.drafts}) == 1
        assert len(w.platform.sent) == 1
        shown = len(w.platform.drafts)
        await w.played.says(PERSON, "@tea_shop_bot 好", chat=-1002003)
        await w.when(lambda: len(w.platform.sent) == 2)
        assert len(w.platform.drafts) == shown, "a group has none"


class Slower(Slow):
    seconds = 8


GROUP = -1002003
WHOLE = "第一句。第二句。第三句。"


@jumping
async def test_in_a_group_it_is_one_message_that_grows(tmp_path):
    async with world(tmp_path, models=Slower()) as w:
        await w.played.says(PERSON, "@tea_shop_bot 好", chat=GROUP)
        await w.when(lambda: w.words == [WHOLE])
        assert w.platform.sent[0].text == "第一句。<b>第二句</b>。第三句。"
        assert len({id for _, id, _ in w.platform.edits}) == 1
        assert len(w.platform.edits) >= 2
        assert w.platform.drafts == []
        await asyncio.sleep(60)
        assert w.words == [WHOLE], "nothing more is sent or edited"


@pytest.mark.parametrize("when", ["while it is written", "when the answer is there"])
def test_after_a_death_the_same_message_goes_on(tmp_path, when):
    async def work():
        async with world(tmp_path, models=Slow()) as w:
            if when != "while it is written":
                w.platform.faults.always("editMessageText", "hang")
            await w.played.says(PERSON, "@tea_shop_bot 好", chat=GROUP)
            await w.when(
                lambda: (w.words and w.platform.edits) or w.platform.asked.count("editMessageText") > 1
            )
            await w.kill()
        w.platform.faults.clear()
        [before] = [one.id for one in w.platform.sent]
        async with world(tmp_path, models=Slow(), played=w.played) as again:
            await again.when(lambda: again.words == [WHOLE])
            await asyncio.sleep(60)
            assert [one.id for one in again.platform.sent] == [before]

    run(work())


@pytest.mark.parametrize(
    ("fault", "words"),
    [(400, ["第一句。", WHOLE]), ("lost", [WHOLE]), ("http_502", [WHOLE]), (429, [WHOLE])],
)
def test_what_an_edit_meets_loses_nothing_and_doubles_nothing(tmp_path, fault, words):
    """400: somebody took the message away, or it is too old; then the answer is another one."""

    async def work():
        async with world(tmp_path, models=Slower()) as w:
            if fault == 400:
                w.platform.faults.always("editMessageText", 400)
            else:
                w.platform.faults.script("editMessageText", fault, fault)
            await w.played.says(PERSON, "@tea_shop_bot 好", chat=GROUP)
            await w.when(lambda: w.words == words)
            await asyncio.sleep(120)
            assert w.words == words

    run(work())


@jumping
async def test_a_group_gets_no_more_than_it_takes_however_many_ask(tmp_path):
    async with world(tmp_path, models=Slow()) as w:
        for person in range(12):
            await w.played.says(PERSON + person, "@tea_shop_bot 好", chat=GROUP)
        await w.when(lambda: w.words == [WHOLE] * 12, 900)
        assert [one for one in w.platform.refused if "Too Many" in one] == []


@jumping
async def test_a_platform_that_takes_no_drafts_gets_the_answer_all_the_same(tmp_path):
    async with world(tmp_path, models=Slow()) as w:
        w.platform.faults.always("sendMessageDraft", 400)
        await w.played.write("你好")
        await w.when(lambda: w.words == ["第一句。第二句。第三句。"])
        assert w.platform.asked.count("sendMessageDraft") == 1


@jumping
async def test_two_who_look_are_told_of_each_other(tmp_path):
    async with world(tmp_path) as w:
        w.platform.faults.always("getUpdates", 409)
        await w.when(lambda: any(one and "Another program" in one for one in w.doctor.troubles))
        w.platform.faults.clear()
        await w.when(lambda: w.doctor.troubles[-1] is None)


@jumping
async def test_in_a_group_it_answers_below_what_was_said_to_it(tmp_path):
    async with world(tmp_path, says("七点")) as w:
        await w.played.says(PERSON, "今天好热", chat=-1002003)
        await w.played.says(PERSON, "@tea_shop_bot 几点开门", chat=-1002003)
        await w.when(lambda: w.words == ["七点"])
        assert (w.platform.sent[0].chat, w.platform.sent[0].reply) == (-1002003, 2)


@pytest.mark.parametrize("fault", ["lost", "http_502"])
def test_what_may_have_arrived_is_not_sent_twice(tmp_path, fault):
    async def work():
        async with world(tmp_path, says("一")) as w:
            w.platform.faults.script("sendMessage", fault)
            await w.played.write("你好")
            await asyncio.sleep(120)
            assert w.words.count("一") == 1

    run(work())
