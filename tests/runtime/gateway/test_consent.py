"""Whoever has not agreed yet is asked, and nothing of what they sent goes anywhere or is kept."""

from dataclasses import replace
from hashlib import sha256

import pytest
from test_remembering import Talk
from world import ANSWERS, now, world

from runtime.agents.agent import Agent
from runtime.gateway.handing_out import NOWHERE
from runtime.gateway.own_data import page
from runtime.store.messages.consents import DAY, LASTS, MOST
from runtime.store.messages.exporting import exported_person
from runtime.store.messages.messages import Messages
from runtime.store.messages.people import Face
from runtime.turn.commands import ALONE_ONLY, ENOUGH
from runtime.turn.consent_settings import ASKED, REFUSED, THANKS
from script import says

SECRET = "我的身份证丢了"
CONSENT = {"asks": True, "policy": "https://example.com/privacy"}
FLOW = [{"type": "model", "id": "answer", "prompt": {"text": "你是店员"}}]
WORDS = {"facts": True, "show": ["你记得我什么"], "link": ["关联账号"]}
SHOP = {**ANSWERS, "consent": CONSENT, "flow": FLOW}


def bytes_of(folder):
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def test_until_they_agree_nothing_goes_to_a_model_and_nothing_is_kept(tmp_path):
    async with world(tmp_path, agent=SHOP) as w:
        talk = Talk(w)
        asked = await talk.say(SECRET)
        assert asked.startswith(ASKED.zh)
        assert "https://example.com/privacy" in asked
        assert "](menu:%E5%90%8C%E6%84%8F)" in asked
        assert (await talk.say(f"{SECRET}！")).startswith(ASKED.zh)
        assert not w.models.requests
        assert SECRET.encode() not in bytes_of(tmp_path)
        assert await talk.say("同意") == THANKS.zh
        assert not w.models.requests
        await talk.say("你好")
        assert talk.told()[1] == ["你好"]  # nothing of what was said before
        consent = await w.gateway.messages.database.read(
            lambda db: dict(db.execute("select * from consents").fetchone())
        )
        assert consent["answer"] == "yes"
        assert consent["seq"] == 3
        assert consent["at"] > 0


async def test_who_does_not_agree_is_told_so_politely_each_time_and_may_change_their_mind(tmp_path):
    async with world(tmp_path, agent=SHOP) as w:
        talk = Talk(w)
        await talk.say("你好")
        assert await talk.say("不同意。") == REFUSED.zh
        assert await talk.say(SECRET) == REFUSED.zh
        assert SECRET.encode() not in bytes_of(tmp_path)
        assert await talk.say("我同意") == THANKS.zh
        await talk.say("在吗")
        assert len(w.models.requests) == 1


async def test_another_text_is_asked_anew_and_who_is_forgotten_too(tmp_path):
    async with world(tmp_path, agent=SHOP) as w:
        talk = Talk(w)
        await talk.say("你好")
        await talk.say("同意")
        await talk.say("在吗")
        w.book.agents[2] = {**SHOP, "consent": {**CONSENT, "text": "新的说明，同意吗？"}}
        w.book.record = replace(w.book.record, version=2)
        assert (await talk.say("还在吗")).startswith("新的说明")
        assert len(w.models.requests) == 1
        assert await talk.say("同意") == THANKS.zh
        assert "再发一次" in await talk.say("删除我的数据")
        assert await talk.say("删除我的数据") == "好的，关于您的内容都已经删除。"
        assert (await talk.say("又来了")).startswith("新的说明")


@pytest.mark.parametrize(
    ("first", "then", "again"),
    [
        ("u1", "room/u1", False),
        ("room/u1", "u1", False),
        ("room/u1", "other/u1", False),
        ("room/u1", "room/u2", True),
        ("u1", "u2", True),
    ],
)
async def test_who_agreed_is_asked_in_no_other_conversation_there(tmp_path, first, then, again):
    async with world(tmp_path, agent=SHOP) as w:
        talk, other = Talk(w, first), Talk(w, then)
        await talk.say("你好")
        assert await talk.say("同意") == THANKS.zh
        assert (await other.say("在吗")).startswith(ASKED.zh) == again
        assert len(w.models.requests) == (not again)


@pytest.mark.parametrize(("event", "says"), [("followed", ("欢迎", ASKED.zh)), ("opened", ()), ("left", ())])
async def test_whoever_comes_is_greeted_and_asked_at_once(tmp_path, event, says):
    async with world(tmp_path, agent=SHOP) as w:
        await w.push("", id="e1", event=event)
        sql = "select seq, reply from messages"
        await w.come_to("kept" if says else "silent")  # more pieces than may be pushed
        row = await w.gateway.messages.database.read(lambda db: db.execute(sql).fetchone())
        assert all(word in row["reply"] for word in says)
        assert bool(row["reply"]) == bool(says)
        assert not w.models.requests


async def test_a_crash_between_their_yes_and_the_answer_asks_no_model(tmp_path):
    async with world(tmp_path, agent=SHOP) as w:
        await Talk(w).say("你好")
        face, version = Face("p", "u1"), Agent.load(SHOP).consent.version("shop", "zh")
        consents = w.gateway.messages.consents
        await consents.keep(face, "u1", version, "yes", 2, 1.0)  # and then it died: number 2 runs again
        assert (await consents.find(face, "u1", version, 2)).by_this
        assert not (await consents.find(face, "u1", version, 3)).by_this
        await w.push("同意", id="again")
        await w.come_to("kept", "kept")
        assert (await w.gateway.messages.outcome(2))[0] == THANKS.zh
        assert not w.models.requests


async def test_they_get_all_that_is_kept_of_them_by_an_address_that_opens_once(tmp_path):
    agent = {**ANSWERS, "flow": FLOW}
    async with world(tmp_path, says(f"知道了，{SECRET}"), agent=agent, url="https://bot.example.com") as w:
        talk = Talk(w)
        await talk.say(SECRET)
        told = await talk.say("导出我的数据")
        secret = told.rpartition("/my-data/")[2]
        assert "https://bot.example.com/my-data/" in told
        consents = w.gateway.messages.consents
        for other in ("x", secret.upper()):
            assert await consents.take(other, now()) is None
        assert await consents.is_good(secret, now())
        assert not await consents.is_good(secret, now() + LASTS)
        face = await consents.take(secret, now())
        assert face == Face("p", "u1")
        assert await consents.take(secret, now()) is None
        whole = await w.gateway.messages.remembered.export(face)
        shown = page(whole, "zh", now()).decode()
        assert SECRET in shown
        assert "<script" not in shown
        assert whole["surfaces"][0]["messages"][0]["seen_by"][0]["to"] == "model"
        for _ in range(MOST - 1):
            assert "/my-data/" in await talk.say("export my data")
        assert await talk.say("导出我的数据") == ENOUGH.zh
        assert "/my-data/" in await Talk(w, "u2").say("导出我的数据")


@pytest.mark.parametrize("answers", [(), ("不同意",)])
@pytest.mark.parametrize("event", ["rated", "left"])
async def test_no_flow_begins_with_what_somebody_does_who_did_not_agree(tmp_path, event, answers):
    start = {"id": "after", "on": "event", "event": event, "flow": [{**FLOW[0], "id": "then"}]}
    async with world(tmp_path, agent={**SHOP, "starts": [start]}) as w:
        talk = Talk(w)
        for said in ("你好", *answers):
            await talk.say(said)
        states = await w.states()
        await w.push("", id="e1", event=event)
        await w.come_to(*states, "silent")
        assert not w.models.requests


@pytest.mark.parametrize(
    ("agreed", "forgotten", "told"),
    [("u1", "u1", True), ("room/u1", "u1", True), ("u1", "room/u1", False), ("room/u1", "other/u1", False)],
)
async def test_who_is_forgotten_is_asked_anew_wherever_they_had_agreed(tmp_path, agreed, forgotten, told):
    async with world(tmp_path, agent=SHOP) as w:
        talks = {one: Talk(w, one) for one in ("u1", "room/u1", "other/u1", "room/u2")}
        for one in (agreed, "room/u2"):
            await talks[one].say("你好")
            assert await talks[one].say("同意") == THANKS.zh
        [known] = (await exported(w, Face("p", forgotten)))["surfaces"]
        assert bool(known["consent"]) == told
        assert "再发一次" in await talks[forgotten].say("删除我的数据")
        await talks[forgotten].say("删除我的数据")
        asked = [one for one, talk in talks.items() if (await talk.say("又来了")).startswith(ASKED.zh)]
        assert asked == ["u1", "room/u1", "other/u1"]


async def exported(w, face):
    return await w.gateway.messages.database.read(lambda db: exported_person(db, face))


PRIVATE = ["导出我的数据", "你记得我什么", "忘记 1", "关联账号"]


@pytest.mark.parametrize("word", PRIVATE)
async def test_what_is_private_is_not_said_where_others_read_along(tmp_path, word):
    agent = {**ANSWERS, "flow": FLOW, "memory": WORDS}
    async with world(tmp_path, agent=agent, url="https://bot.example.com") as w:
        assert await Talk(w, "g1/u1").say(word) == ALONE_ONLY.zh
        assert await Talk(w).say(word) != ALONE_ONLY.zh


async def test_without_an_address_that_people_reach_they_are_told_whom_to_ask(tmp_path):
    async with world(tmp_path, agent={**ANSWERS, "flow": FLOW}) as w:
        assert await Talk(w).say("导出我的数据") == NOWHERE.zh


@pytest.mark.of_files
async def test_nobody_has_themselves_erased_again_and_again(tmp_path):
    messages = Messages(tmp_path / "messages.db", marks=lambda words: [sha256(words.encode()).hexdigest()])
    ann, consents = Face("p", "ann"), messages.consents
    for n in range(MOST):
        assert await consents.may_erase(ann, n)
        await messages.remembered.erase(ann, n)
    assert not await consents.may_erase(ann, MOST)
    assert await consents.may_erase(Face("p", "bob"), MOST)
    assert await consents.may_erase(ann, MOST + DAY)
    messages.close()
    assert b"ann" not in (tmp_path / "messages.db").read_bytes()  # the list names nobody
