"""What a turn waits for comes to it: once, in order, over stops, in the version that it began with."""

import asyncio
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from world import Account, Plain, world

from pausing import DONE, Act, Pause
from runtime.blocks import registry
from runtime.channels import Announces
from runtime.errors import Conflict, NotFound, StoreFailed
from runtime.lang import Text
from runtime.store.messages.beside import writing
from runtime.store.messages.people import Face
from runtime.store.messages.waits import WaitRows
from runtime.store.messages.waits_list import WaitsList
from script import says

EXACTLY = {
    "sent": ["几位？", "请稍等", "已提交", "订好 3 位"],
    "acts": ["act"],
    "killed": True,
}


def asks(kind="message", hours=24, **more):
    """Something done once, a place where it waits, and an answer."""
    return {
        "format": 1,
        "id": "shop",
        "name": "店",
        "keywords": [{"words": ["价格"], "match": "contains", "text": "十元"}],
        "flow": [
            {"type": "act", "id": "act"},
            {"type": "pause", "id": "ask", "kind": kind, "hours": hours, **more.pop("ask", {})},
            {"type": "reply", "id": "say", "text": more.pop("says", "好，{{ ask.text }}{{ ask.yes }}")},
        ],
        **more,
    }


class Unasked(Announces, Plain):
    """People may be written to who did not write."""

    def check_receiver(self, to):
        """Anybody."""


@pytest.fixture(autouse=True)
def blocks():
    DONE.clear()
    with registry.including({"act": Act, "pause": Pause}):
        yield


async def waiting(w):
    return await w.gateway.messages.waits.open()


async def said(w, count):
    await w.until(lambda: len(w.account.sent) >= count)
    return [text for _, text in w.account.sent]


async def test_the_next_message_goes_on_also_after_a_stop_and_a_repeat_of_it_does_nothing(tmp_path):
    async with world(tmp_path, agent=asks()) as w:
        await w.push("订座", id="m1")
        assert await said(w, 1) == ["几位？"]
        account = w.account
    async with world(tmp_path, agent=asks(), account=account) as w:
        await asyncio.gather(*(w.push("三位", id="m2") for _ in range(3)))
        assert await said(w, 2) == ["几位？", "好，三位"]
        await w.push("三位", id="m2")
        await w.push("再来", id="m3")
        assert await said(w, 3) == ["几位？", "好，三位", "几位？"]
    assert DONE == {"act": 2}


async def test_whoever_waits_for_nothing_is_not_looked_for_and_a_message_right_behind_is_an_answer(
    tmp_path, monkeypatch
):
    looked = []
    of = WaitRows.of

    async def counted(self, publication, sender, *rest, **more):
        looked.append(sender)
        return await of(self, publication, sender, *rest, **more)

    monkeypatch.setattr(WaitRows, "of", counted)
    async with world(tmp_path, agent=asks()) as w:
        assert "十元" in str(await w.push("价格", id="1", **{"from": "z"}))
        both = ("订座", "1a"), ("三位", "2a")
        await asyncio.gather(*(w.push(text, id=id, **{"from": "a"}) for text, id in both))
        await w.until(lambda: ("a", "好，三位") in w.account.sent)
        assert "z" not in looked


async def test_people_wait_side_by_side(tmp_path):
    async with world(tmp_path, agent=asks()) as w:
        for who in "ab":
            await w.push("订座", id=f"1{who}", **{"from": who})
        for who in "ba":
            await w.push(f"我是{who}", id=f"2{who}", **{"from": who})
        await w.until(lambda: len(w.account.sent) == 4)
        assert Counter(w.account.sent)[("a", "好，我是a")] == Counter(w.account.sent)[("b", "好，我是b")] == 1


async def test_it_ends_with_the_version_that_it_began_with_unless_its_owner_wants_the_newest(tmp_path):
    for newer, answer in ((False, "好，三位"), (True, "新，三位")):
        async with world(tmp_path / str(newer), agent=asks()) as w:
            await w.push("订座", id="m1")
            await said(w, 1)
            w.book.republish(asks(says="新，{{ ask.text }}", waiting={"newer": newer}))
            await w.push("三位", id="m2")
            assert (await said(w, 2))[1] == answer


async def test_what_does_not_come_in_time_or_is_left_takes_the_other_way(tmp_path):
    other = {"ask": {"otherwise": [{"type": "reply", "id": "out", "text": "没成{{ ask.why }}"}]}}
    async with world(tmp_path, agent=asks(hours=0.02, **other)) as w:
        await w.push("订座", id="m1")
        await said(w, 1)
        asyncio.get_running_loop().ahead = -40.0  # somebody sets the clock back
        await asyncio.sleep(100)
        assert len(w.account.sent) == 1
        await asyncio.sleep(40)
        assert (await said(w, 2))[1] == "没成late"
        await w.push("订座", id="m3")
        await w.push("取消", id="m4")
        assert "".join((await said(w, 4))[3:]).startswith("没成cancel")
    assert DONE == {"act": 2}


async def test_what_was_missed_while_it_was_stopped_or_paused_is_done_afterwards(tmp_path):
    async with world(tmp_path, agent=asks("time", hours=0.01)) as w:
        await w.push("提醒我", id="m1")
        await said(w, 1)
        account = w.account
    await asyncio.sleep(100)
    async with world(tmp_path, agent=asks("time", hours=0.01), account=account) as w:
        w.book.record = replace(w.book.record, rests_since=1.0)
        await asyncio.sleep(60)
        w.book.record = replace(w.book.record, rests_since=None)
        assert (await said(w, 2))[1] == "好，提醒我"


@pytest.mark.usefixtures("engine")
async def test_a_decision_is_made_once_and_never_by_what_somebody_writes(tmp_path):
    async with world(tmp_path, agent=asks("decision")) as w:
        await w.push("退款", id="m1")
        await said(w, 1)
        [wait] = await waiting(w)
        await w.push("同意 approve yes", id="m2")  # that is another conversation, side by side
        await said(w, 2)
        assert len(await waiting(w)) == 2
        beside = WaitsList(tmp_path / "messages.db")  # as another process does
        assert await asyncio.to_thread(lambda: beside.decide(wait.id, yes=True, by="an", note="", now=0.0))
        with pytest.raises(Conflict):
            await w.gateway.waits.decide(wait.id, yes=False, by="bo")
        assert (await said(w, 3))[2] == "好，退款True"
        with pytest.raises(NotFound):
            await w.gateway.waits.decide(99, yes=True, by="an")
        with pytest.raises(NotFound):
            await w.gateway.waits.call("guessed", {})


@pytest.mark.usefixtures("engine")
async def test_an_older_question_is_asked_again_once_the_newer_one_is_answered(tmp_path):
    first = {"type": "pause", "id": "first", "kind": "decision"}
    agent = {**asks(), "flow": [first, *asks()["flow"]]}
    async with world(tmp_path, agent=agent) as w:
        for n in (1, 2):
            await w.push("订座", id=f"m{n}")
            await said(w, n)
        for wait in await waiting(w):
            await w.gateway.waits.decide(wait.id, yes=True, by="an")
            await asyncio.sleep(10)
        answers = {}
        for text in ("三位", "五位"):
            await w.push(text, id=text)
            await asyncio.sleep(5)
            answers[text] = (await w.gateway.messages.history("p", "u1", 99, 9))[-1].reply
        assert answers == {"三位": "好，三位\n\n回到刚才的问题：\n几位？", "五位": "好，五位"}


@pytest.mark.usefixtures("engine")
async def test_nobody_waits_behind_those_whom_humans_have(tmp_path):
    async with world(tmp_path, agent=asks("decision")) as w:
        await w.push("退款", id="m1")
        await said(w, 1)
        with writing(tmp_path / "messages.db") as db:
            names = list(db.execute("select * from waits").fetchone().keys())[3:]
            into, some = ", ".join(names), ", ".join(names).replace("came,", "'{}',")
            copy = f"insert into waits(publication, sender, {into}) select publication, ?, {some} from waits"
            hand = (
                "insert into handed(publication, sender, seq, state, at, until)"
                " select publication, ?, 1, 'taken', 1, 1e12 from waits"
            )
            for number in range(120):
                for sql in (hand, copy):
                    db.execute(f"{sql} where id=1", (f"with a human {number}",))
        await w.push("退款", id="m2", **{"from": "b"})
        await said(w, 2)
        newest = max(wait.id for wait in await waiting(w))
        await w.gateway.waits.decide(newest, yes=True, by="an")
        assert (await said(w, 3))[2] == "好，退款True"


async def test_a_call_with_the_token_goes_on_once(tmp_path):
    async with world(tmp_path, agent=asks("call")) as w:
        await w.push("查快递", id="m1")
        await said(w, 1)
        await w.gateway.waits.call("secret-token", {"text": "到了"})
        with pytest.raises((Conflict, NotFound)):
            await w.gateway.waits.call("secret-token", {"text": "又到了"})
        assert (await said(w, 2))[1] == "好，到了"


async def test_a_full_disk_makes_the_person_wait_and_never_goes_another_way(tmp_path):
    class Full:
        def __init__(self, write):
            self.write, self.left = write, 2

        async def __call__(self, *given, **named):
            self.left -= 1
            if self.left >= 0:
                raise StoreFailed(Text("满", "full"), code="disk")
            return await self.write(*given, **named)

    counts = {
        "type": "set",
        "id": "count",
        "values": {"person.n": "person.n + 1"},
        "otherwise": [{"type": "reply", "id": "wrong", "text": "{{ count.error }}"}],
    }
    agent = asks(says="好，{{ ask.text }}，第 {{ person.n }} 次")
    agent["flow"].insert(2, counts)
    agent["person"] = [{"name": "n", "title": "n", "type": "number", "default": 0}]
    async with world(tmp_path, agent=agent) as w:
        messages = w.gateway.messages
        messages.waits.take = Full(messages.waits.take)
        messages.values.write = Full(messages.values.write)
        await w.push("订座", id="m1")
        await w.push("三位", id="m2")
        await asyncio.sleep(20)
        assert await said(w, 2) == ["几位？", "好，三位，第 1 次"]
        assert (messages.waits.take.left, messages.values.write.left) == (-1, -1)


async def test_a_token_is_known_from_when_it_is_given_away_whatever_process_did_that(tmp_path):
    tokens = [letter * 32 for letter in "abcd"]

    async def known(w):
        return [
            token[0]
            for token in [*tokens, *(token.upper() for token in tokens), "%" * 32, "_" * 32]
            if await w.gateway.waits.expects(token)
        ]

    async with world(tmp_path, agent=asks("call")) as w:
        await w.push("查快递", id="m1")
        await said(w, 1)
        await w.gateway.messages.steps.record(1, {"tool.late.token": tokens[0]})  # its turn is over
        w.book.record = replace(w.book.record, rests_since=1.0)
        await w.push("再查", id="m2", **{"from": "u2"})
        await w.gateway.messages.steps.record(2, {"tool.label.token": tokens[1]})
        assert await known(w) == ["b"]
        carried = json.dumps({"steps": {"tool.other.token": tokens[2]}})
        await w.gateway.messages.database.write(
            lambda db: db.execute("update waits set carried=? where id=?", (carried, 1))
        )
        assert await known(w) == ["b", "c"]


async def test_commands_are_answered_and_the_question_stays_open_but_starting_anew_ends_it(tmp_path):
    async with world(tmp_path, says("一"), agent=asks(memory={"facts": True})) as w:
        await w.push("订座", id="m1")
        await said(w, 1)
        await w.push("你记得我什么", id="m2")
        await said(w, 2)
        assert len(await waiting(w)) == 1
        # Who is asked something answers that, whatever word is in the answer.
        assert await w.push("价格三位", id="m3") == "reply:好，价格三位"
        await w.push("订座", id="m4")
        await said(w, 4)
        await w.push("重新开始", id="m5")
        await said(w, 5)
        assert await waiting(w) == []


async def test_what_a_person_does_besides_answers_no_question_but_what_they_choose_may(tmp_path):
    def start(id, **what):
        says = {"type": "reply", "id": f"{id}_said", "text": id}
        return {"on": "event", "id": id, "flow": [says], **what}

    def newest(db):
        return db.execute("select seq, reply from messages order by seq desc limit 1").fetchone()["reply"]

    starts = [
        start("came", event="opened"),
        start("help", event="menu", value="帮助"),
        start("any", event="menu"),
    ]
    async with world(tmp_path, agent=asks(starts=starts)) as w:
        await w.push("订座", id="m1")
        for number, (event, value, answer) in enumerate((
            ("opened", "", "came"),
            ("menu", "帮助", "help"),
            ("menu", "三位", "好，三位"),
            ("menu", "三位", "any"),
        )):  # fmt: skip
            await w.push(value, id=f"e{number}", event=event)
            await asyncio.sleep(10)
            assert await w.gateway.messages.database.read(newest) == answer


@pytest.mark.usefixtures("engine")
async def test_whoever_is_forgotten_waits_no_more_and_what_is_unpublished_ends(tmp_path):
    async with world(tmp_path, agent=asks()) as w:
        for who in "ab":
            await w.push("订座", id=f"1{who}", **{"from": who})
        await said(w, 2)
        await w.gateway.messages.remembered.erase(Face("p", "a"), 0.0)
        assert [one.sender for one in await waiting(w)] == ["b"]
        w.book.record = replace(w.book.record, enabled=False)
        await asyncio.sleep(120)
        assert await waiting(w) == []


async def test_a_passive_account_is_asked_and_answered_in_its_responses(tmp_path):
    async with world(tmp_path, agent=asks(), account=Account(can_push=False)) as w:
        assert await w.push("订座", id="m1") == "reply:几位？"
        assert await w.push("三位", id="m2") == "reply:好，三位"


async def test_what_is_said_in_the_middle_leaves_at_once_and_once_where_anybody_may_be_written_to(tmp_path):
    flow = [{"type": "reply", "id": "first", "text": "请稍等"}, *asks()["flow"]]
    async with world(tmp_path, agent={**asks(), "flow": flow}, kind=Unasked) as w:
        await w.push("订座", id="m1")
        assert await said(w, 2) == ["请稍等", "几位？"]
        await w.push("三位", id="m2")
        assert await said(w, 3) == ["请稍等", "几位？", "好，三位"]
        [first, _] = await w.gateway.messages.history("p", "u1", 99, 9)
        assert first.reply == "请稍等\n\n几位？"


@pytest.mark.timeout(200)  # seven programs are started one after the other
def test_a_kill_at_any_block_neither_loses_nor_repeats_anything(tmp_path):
    program = [sys.executable, str(Path(__file__).with_name("waits_that_die.py")), str(tmp_path)]
    env = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    done = subprocess.run(program, env=env, capture_output=True, text=True, check=True, timeout=190)
    told = json.loads(done.stdout)
    assert {point: found for point, found in told.items() if found != EXACTLY} == {}
    assert len(told) == 6
