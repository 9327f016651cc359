"""Who has a person, the agent or a human at the desk, and what follows; and what the platform tells late."""

import asyncio
import itertools
from contextlib import closing

import pytest

from played_world import jumping
from runtime.agents.agent import Agent
from runtime.errors import Conflict, NotFound
from runtime.gateway.fetching import PAGES
from runtime.store.messages.insights import Insights
from runtime.store.messages.messages import Messages
from script import says
from test_example_channel import installed, world

__all__ = ["installed"]

SHOP = Agent.load(
    {
        "id": "shop",
        "name": "店",
        "texts": {"greeting": "欢迎"},
        "flow": [
            {
                "type": "branch",
                "id": "wish",
                "cases": [
                    {
                        "title": "人工",
                        "when": "'人工' in message.text",
                        "flow": [{"type": "handoff", "id": "human", "text": "请稍等"}],
                    }
                ],
                "otherwise": [{"type": "model", "id": "answer"}],
            }
        ],
    }
)


async def knock(w, *texts, sender="ann", **event):
    """Letters of one person in one call; with an event, one of it."""
    letters = [w.played.letter(text, sender) for text in texts]
    if event:
        letters.append({**w.played.letter("", sender), **event})
    await w.played.knock({"letters": letters})
    return [letter["id"] for letter in letters]


async def happened(w, seq):
    return await w.gateway.messages.database.read(
        lambda db: [row["what"] for row in db.execute("select what from moments where seq=?", (seq,))]
    )


async def rows(w, sql):
    return await w.gateway.messages.database.read(lambda db: [tuple(row) for row in db.execute(sql)])


@jumping
async def test_after_a_hand_over_the_agent_is_silent_until_the_human_is_done(tmp_path):
    async with world(tmp_path, says("咕"), agent=SHOP) as w:
        await knock(w, "要人工")
        await w.come_to("delivered")
        await asyncio.sleep(6)
        assert w.post.sent == [("ann", "请稍等")]
        assert w.post.standings == {"ann": "queued"}
        tickets = "select state from tickets"
        assert await rows(w, tickets) == [("open",)]
        await knock(w, "在吗")
        await knock(w, "喂", sender="bob")
        await w.come_to("delivered", "handed", "delivered")
        await knock(w, event="keeper_wrote", value="我是养鸽人")
        await knock(w, event="keeper_went")
        w.post.standings["ann"] = "free"
        await knock(w, "谢谢")
        await w.come_to("delivered", "handed", "delivered", "silent", "silent", "delivered")
        assert [text for to, text in w.post.sent if to == "ann"] == ["请稍等", "咕"]
        remembered = [message["content"] for message in w.models.requests[-1].messages]
        assert await rows(w, tickets) == [("done",)], "the platform gave her back"
        assert "我是养鸽人" in remembered, "the agent knows what the human said"


@jumping
async def test_what_was_written_before_the_hand_over_ended_is_left_to_the_human(tmp_path):
    async with world(tmp_path, says("咕"), agent=SHOP) as w:
        w.models.gate = asyncio.Event()
        await knock(w, "一", "要人工", "二")
        await asyncio.sleep(1)
        w.models.gate.set()
        await w.come_to("delivered", "delivered", "handed")
        assert len(w.models.requests) == 1


@jumping
async def test_a_human_who_takes_over_by_themselves_is_not_interrupted(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        w.models.gate = asyncio.Event()
        await knock(w, "在吗")
        await asyncio.sleep(1)
        await knock(w, event="keeper_came")
        w.models.gate.set()
        await asyncio.sleep(5)
        assert await w.gateway.messages.database.read(
            lambda db: [state for (state,) in db.execute("select state from messages")]
        ) == ["handed", "silent"]
        assert w.post.sent == []


@jumping
async def test_a_refused_push_is_asked_about_and_what_was_left_is_dropped(tmp_path):
    async with world(tmp_path, says("字" * 250)) as w:
        w.post.standings["ann"] = "keeper"
        await knock(w, "在吗")
        await w.come_to("handed")
        assert {state for (state,) in await rows(w, "select state from parts")} == {"handed"}
        assert await rows(w, "select sender, state from handed") == [("ann", "taken")]


@jumping
async def test_an_end_that_nobody_told_of_is_found_out_and_the_message_answered(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        await knock(w, event="keeper_came")
        w.post.standings["ann"] = "free"
        await knock(w, "在吗")
        await w.come_to("silent", "delivered")
        assert w.post.sent == [("ann", "咕")]


@jumping
async def test_whether_a_human_still_has_the_person_is_asked_until_the_platform_says(tmp_path):
    """Nobody has to write once more for it, and a clock that is set back holds up nothing."""
    async with world(tmp_path, says("咕")) as w:
        await knock(w, event="keeper_came")
        w.post.standings["ann"] = "keeper"
        await knock(w, "在吗")
        await w.come_to("silent", "handed")
        await asyncio.sleep(5)
        asyncio.get_running_loop().ahead = -100.0
        w.post.standings["ann"] = "free"
        await knock(w, "还在吗")  # within the minute in which it is not asked again
        w.post.faults.script("/keeper", "hang")
        await asyncio.sleep(70)
        assert await happened(w, 3) == ["accepted", "handed"]
        await asyncio.sleep(70)
        await w.come_to("silent", "handed", "delivered")
        assert w.post.sent == [("ann", "咕")]


@jumping
async def test_without_a_human_the_agent_goes_on_and_the_owner_is_told_why(tmp_path):
    async with world(tmp_path, says("咕"), agent=SHOP) as w:
        w.post.standings["ann"] = "over"  # from there no way leads to the desk
        await knock(w, "要人工")
        await w.come_to("delivered")
        await asyncio.sleep(6)
        assert "not_handed" in await happened(w, 1)
        await knock(w, "那你说吧")
        await w.come_to("delivered", "delivered")


@jumping
async def test_the_longest_time_with_a_human_passes_by_itself(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        await knock(w, event="keeper_came")
        w.post.standings["ann"] = "keeper"
        await knock(w, "在吗")
        await w.come_to("silent", "handed")
        await asyncio.sleep(600)
        w.post.standings.clear()
        await knock(w, "还在吗")
        await w.come_to("silent", "handed", "delivered")


@jumping
async def test_the_owner_gives_back_where_the_platform_lets_them(tmp_path):
    async with world(tmp_path, says("咕"), agent=SHOP) as w:
        await knock(w, "要人工")
        await w.come_to("delivered")
        await asyncio.sleep(6)
        assert Insights(tmp_path / "messages.db").handed(1, w.played.clock()).state == "taken"
        await w.gateway.give_back(1)
        assert w.post.standings == {"ann": "over"}
        with pytest.raises(NotFound):
            await w.gateway.give_back(1)
        w.post.standings.clear()
        await knock(w, "在吗")
        await w.come_to("delivered", "delivered")


@jumping
async def test_what_the_platform_refuses_the_owner_is_told(tmp_path):
    async with world(tmp_path, says("咕"), agent=SHOP) as w:
        await knock(w, "要人工")
        await w.come_to("delivered")
        await asyncio.sleep(6)
        w.post.faults.script("/keeper", 0, "no_rights", 0, "no_rights")
        with pytest.raises(Conflict):
            await w.gateway.give_back(1)
        assert await rows(w, "select state, code from handed") == [("taken", "no_rights")]


@jumping
async def test_another_process_gives_back_through_the_store(tmp_path):
    async with world(tmp_path, says("咕"), agent=SHOP) as w:
        await knock(w, "要人工")
        await w.come_to("delivered")
        await asyncio.sleep(6)
        with closing(Messages(tmp_path / "messages.db")) as other:
            assert await other.handed.returning("p", "ann")
        await asyncio.sleep(6)
        assert w.post.standings == {"ann": "over"}
        assert await rows(w, "select * from handed") == []


@jumping
async def test_who_was_handed_over_when_the_process_died_is_at_the_desk_after_the_start(tmp_path):
    async with world(tmp_path, agent=SHOP) as w:
        w.post.faults.always("/keeper", "asleep")
        await knock(w, "要人工")
        await w.come_to("delivered")
        played = w.played
    played.post.faults.clear()
    async with world(tmp_path, says("咕"), agent=SHOP, played=played) as w:
        await knock(w, "在吗")
        await asyncio.sleep(6)
        await w.come_to("delivered", "handed")
        assert w.post.standings == {"ann": "queued"}
        assert w.post.sent == [("ann", "请稍等")]


@jumping
async def test_a_repeat_of_a_report_changes_nothing(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        came = {**w.played.letter("", "ann"), "event": "keeper_came"}
        went = {**w.played.letter("", "ann"), "event": "keeper_went"}
        for told in (came, went, came):
            await w.played.knock({"letters": [told]})
        await knock(w, "在吗")
        await w.come_to("silent", "silent", "delivered")


# Taken back


@jumping
async def test_what_is_taken_back_before_its_turn_is_not_answered_and_what_was_said_is_forgotten(tmp_path):
    async with world(tmp_path, says("好"), says("咕")) as w:
        w.models.gate = asyncio.Event()
        [first, second] = await knock(w, "先问一句", "我的密码是 hunter2")
        await asyncio.sleep(1)
        await knock(w, event="burnt", of=second)
        w.models.gate.set()
        await w.come_to("delivered", "recalled", "silent")
        await knock(w, event="burnt", of=first)
        await knock(w, "在吗")
        await w.come_to("delivered", "recalled", "silent", "silent", "delivered")
        assert len(w.models.requests) == 2
        said = str(w.models.requests[-1].messages)
        assert "先问一句" not in said
        assert "hunter2" not in str(await rows(w, "select seq, text, message, trace from messages"))
        assert "先问一句" not in str(await rows(w, "select seq, text, message, trace from messages"))
        assert "recalled" in await happened(w, 1)


@jumping
async def test_what_comes_and_is_taken_back_in_one_call_gets_no_turn(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        letters = [w.played.letter("算了"), {**w.played.letter(""), "event": "burnt"}]
        letters[1]["of"] = letters[0]["id"]
        await w.played.knock({"letters": letters})
        await w.come_to("recalled", "silent")
        assert w.models.requests == []


# Said afterwards not to have arrived


@jumping
async def test_exactly_the_part_that_did_not_arrive_is_marked_and_the_operator_may_send_it_again(tmp_path):
    async with world(tmp_path, says("一" * 100 + "二" * 100 + "三" * 50)) as w:
        await knock(w, "在吗")
        await w.come_to("delivered")
        key = next(key for key, text in w.post.keys.items() if text.startswith("二"))
        w.post.lost = [{"to": "ann", "key": key}, {"to": "ann", "key": "another's"}]
        await w.played.knock({"waiting": True})
        await w.come_to("bounced")
        states = await rows(w, "select state, code from parts order by number")
        assert states == [("sent", ""), ("bounced", "hawk"), ("sent", "")]
        await w.gateway.again(1)
        await w.come_to("delivered")
        assert [text[0] for _, text in w.post.sent] == ["一", "二", "三", "二"], "under a key of its own"


@jumping
async def test_a_page_that_brings_only_what_did_not_arrive_is_taken(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        await knock(w, "在吗")
        await w.come_to("delivered")
        w.post.lost = [{"to": "ann", "key": key} for key in w.post.keys]
        await asyncio.sleep(120)
        await w.come_to("bounced")


# Fetched


@jumping
async def test_the_newest_ticket_goes_with_each_page_as_long_as_it_is_good(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        await asyncio.sleep(1)
        w.post.waiting = [{**w.played.letter("在吗", f"p{n}"), "at": w.played.clock()} for n in range(3)]
        await w.played.knock({"waiting": True, "ticket": "T1"})
        await w.come_to(*["delivered"] * 3)
        await asyncio.sleep(480)
        assert w.post.tickets[:3] == ["", "T1", "T1"]
        assert w.post.tickets[-1] == ""


@jumping
async def test_a_ticket_that_the_platform_refuses_is_left_away(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        await asyncio.sleep(1)
        w.post.waiting = [{**w.played.letter("在吗"), "at": w.played.clock()}]
        w.post.faults.script("/letters", "ticket")
        await w.played.knock({"waiting": True, "ticket": "T1"})
        await w.come_to("delivered")
        assert w.post.tickets[-1] == ""


@jumping
async def test_a_platform_that_always_has_more_is_left_and_gone_on_with_a_little_later(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        await asyncio.sleep(1)
        before, cursors = w.post.asked.count("/letters"), itertools.count(1)
        w.post.letters = lambda query: {"letters": [], "next": f"c{next(cursors)}", "more": True, "lost": []}
        await w.played.knock({"waiting": True})
        await asyncio.sleep(3)
        assert w.post.asked.count("/letters") - before == PAGES
        await asyncio.sleep(6)
        assert w.post.asked.count("/letters") - before == 2 * PAGES
        assert (await rows(w, "select value from facts where name like 'cursor%'"))[0] == (f"c{2 * PAGES}",)


@jumping
async def test_what_is_older_than_our_time_is_kept_and_not_answered(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        now = w.played.clock()
        ages = {"p1": 2 * 86_400, "p2": 700, "p3": 5}
        w.post.waiting = [{**w.played.letter("在吗", who), "at": now - age} for who, age in ages.items()]
        await w.played.knock({"waiting": True})
        await w.come_to("silent", "silent", "delivered")
        assert [to for to, _ in w.post.sent] == ["p3"]
        assert "stale" in await happened(w, 1)


@jumping
async def test_what_came_while_we_were_away_is_answered(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        await asyncio.sleep(1)
        played = w.played
    await asyncio.sleep(3000)
    written = asyncio.get_running_loop().wall() - 2000
    played.post.waiting = [{**played.letter("在吗"), "at": written}]
    async with world(tmp_path, says("咕"), played=played) as w:
        await w.come_to("delivered")


@jumping
async def test_a_signal_for_another_account_is_passed_to_whose_it_is(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        await asyncio.sleep(1)
        before = w.post.asked.count("/letters")
        await w.played.knock({"waiting": True, "loft": "south"})
        await asyncio.sleep(1)
        assert w.post.asked.count("/letters") == before
        await w.played.knock({"waiting": True, "loft": "north"})
        await asyncio.sleep(1)
        assert w.post.asked.count("/letters") == before + 1


# Greeted


@jumping
async def test_who_opens_the_chat_is_greeted_by_its_own_request_where_that_may_be(tmp_path):
    async with world(tmp_path, agent=SHOP) as w:
        await knock(w, event="landed", crumb="C1")
        await knock(w, event="landed", sender="bob")
        await w.come_to("delivered", "silent")
        assert w.post.sent == [("crumb C1", "欢迎")]
