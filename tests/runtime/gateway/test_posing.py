"""Where anybody may write in anybody's name, nothing is undone before its person sent a code back."""

import asyncio
import re

import pytest
from test_consent import SHOP as ASKS
from test_remembering import Talk, shop
from world import Plain, world

from runtime.person import Note, code_shown
from runtime.store.messages.people import Face
from runtime.turn.binding import BOUND, UNBOUND
from runtime.turn.commands import DROPPED, PARTED
from runtime.turn.consent_settings import ASKED, THANKS
from runtime.turn.restart import FORGOTTEN
from script import says

ANN, ELSEWHERE = Face("p", "u1"), Face("q", "u1")


class Posed(Plain):
    knows_who = False


def line(told):
    """What is to be sent back."""
    return next(one for one in told.split("\n") if re.search(r" \d{8}$", one))


async def claimed(w, customer):
    customers, now = w.gateway.messages.customers, asyncio.get_running_loop().wall()
    return await customers.claim("shop", customer, now, 3600)


async def standing(w):
    """What is known of Ann: facts, on how many surfaces, which customer."""
    known = await w.gateway.messages.remembered.known(ANN)
    sql = "select customer from customers where publication='p' and sender='u1'"
    row = await w.gateway.messages.database.read(lambda db: db.execute(sql).fetchone())
    return [one.name for one in known.notes], known.surfaces, row and row["customer"]


BEFORE = (["忌口"], 2, "7")
DEEDS = {
    "forget": ("删除我的数据", FORGOTTEN.zh, ([], 1, None)),
    "drop": ("忘记 1", DROPPED.zh[:4], ([], 2, "7")),
    "part": ("取消关联", PARTED.zh, ([], 1, "7")),
    "unbind": ("解除绑定", UNBOUND.zh, (["忌口"], 2, None)),
    "bind": ("绑定 {code}", BOUND.zh, (["忌口"], 2, "9")),
}


@pytest.mark.parametrize("deed", DEEDS)
async def test_what_cannot_be_undone_wants_a_code_that_went_to_its_person(tmp_path, deed):
    words, says_done, after = DEEDS[deed]
    async with world(tmp_path, says("好"), agent=shop(facts=True), kind=Posed) as w:
        talk, remembered = Talk(w), w.gateway.messages.remembered
        await remembered.keep(ANN, "shop", Note("忌口", "花生"), 1)
        code = await remembered.give_code(ELSEWHERE, "shop", 1)
        await remembered.take_code(ANN, "shop", code, 1)
        await w.gateway.messages.customers.bind(ANN, "shop", await claimed(w, "7"), 1)
        assert await standing(w) == BEFORE
        words = words.format(code=code_shown(await claimed(w, "9")))
        asked = await talk.say(words)
        assert await talk.say("确定")  # as where one is sure who writes
        assert "确认码不对" in await talk.say(f"{line(asked)[:-8]}00000000")
        assert await standing(w) == BEFORE
        assert says_done in await talk.say(line(await talk.say(words)))
        assert await standing(w) == after


async def test_a_code_is_for_one_deed_of_one_person_and_once(tmp_path):
    async with world(tmp_path, says("好"), agent=shop(facts=True), kind=Posed) as w:
        talk, other = Talk(w), Talk(w, "u2")
        code = line(await talk.say("解除绑定"))[-8:]
        for talker, words in ((other, "解除绑定"), (talk, "删除我的数据"), (talk, "取消关联")):
            assert "确认码不对" in await talker.say(f"{words} {code}")
        assert "确认码不对" not in await talk.say(f"解除绑定 {code}")
        assert "确认码不对" in await talk.say(f"解除绑定 {code}")


async def test_nobody_agrees_for_somebody_else(tmp_path):
    async with world(tmp_path, agent=ASKS, kind=Posed) as w:
        talk = Talk(w)
        assert (await talk.say("你好")).startswith(ASKED.zh)
        asked = await talk.say("同意")
        assert (await talk.say("在吗")).startswith(ASKED.zh)
        assert not w.models.requests
        assert await talk.say(line(asked)) == THANKS.zh
        await talk.say("在吗")
        assert len(w.models.requests) == 1
