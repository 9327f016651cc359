"""Who writes, and what an agent keeps of each of them, across conversations and processes."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from world import ANSWERS, Account, world

from runtime.message import Message
from runtime.person import code_shown, retagged
from runtime.store.messages.messages import Messages
from runtime.store.messages.people import Face
from runtime.store.messages.people_list import PeopleList
from script import calls, says

ROOT = Path(__file__).parents[3]

QUIZ = {
    **ANSWERS,
    "person": [
        {"name": "score", "type": "counter"},
        {"name": "answers", "type": "list"},
        {"name": "city", "type": "text", "default": "杭州"},
    ],
    "flow": [
        {
            "type": "branch",
            "id": "right",
            "cases": [
                {
                    "title": "对",
                    "when": "message.text == '对'",
                    "flow": [
                        {
                            "type": "set",
                            "id": "point",
                            "values": {
                                "person.score": "person.score + 1",
                                "person.answers": "person.answers + [message.text]",
                                "person.city": "{{ person.city }}",
                            },
                        }
                    ],
                }
            ],
        },
        {"type": "reply", "id": "say", "text": "{{ person.score }}/{{ person.answers|length }}"},
    ],
}


async def said(w, text, id, sender="u1"):
    reply = await w.push(text, id=id, **{"from": sender})
    if reply == "success":
        await w.until(lambda: any(to == sender for to, _ in w.account.sent))
        return w.account.sent[-1][1]
    return reply.removeprefix("reply:")


@pytest.mark.usefixtures("engine")
async def test_a_quiz_of_twelve_says_twelve_after_a_restart_a_new_talk_and_in_an_export(tmp_path):
    async with world(tmp_path, says(), agent=QUIZ, account=Account(can_push=False)) as w:
        for n in range(6):
            assert await said(w, "对", f"a{n}") == f"{n + 1}/{n + 1}"
        assert await said(w, "错", "wrong") == "6/6"
        assert await said(w, "新对话", "anew") != "6/6"
        assert await said(w, "对", "other", sender="u2") == "1/1"
    async with world(tmp_path, says(), agent=QUIZ, account=Account(can_push=False)) as w:
        for n in range(6, 12):
            assert await said(w, "对", f"a{n}") == f"{n + 1}/{n + 1}"
        held = (await w.gateway.messages.remembered.person(Face("p", "u1"), "plain", 10**6)).values
        assert (held["score"], len(held["answers"]), held["city"]) == (12, 12, "杭州")
        exported = PeopleList(tmp_path / "messages.db").export(Face("p", "u1"))
        assert exported["values"]["score"]["value"] == 12
        await asyncio.sleep(1)
        assert await said(w, "忘记我", "f1")
        assert await said(w, "忘记我", "f2")
        person = await w.gateway.messages.remembered.person(Face("p", "u1"), "plain", 10**6)
        assert person.values == {}


WHO = {
    **ANSWERS,
    "flow": [
        {
            "type": "reply",
            "id": "say",
            "text": "{{ person.id }}|{{ person.channel }}|{{ person.unionid }}|{{ person.first_seen and 1 }}|"
            "{{ person.tags|join(',') }}",
        }
    ],
}


async def test_a_template_sees_who_writes_as_the_surface_and_the_operator_say(tmp_path):
    account = Account(can_push=False, known={"u1": "o6_1"})
    async with world(tmp_path, says(), agent=WHO, account=account) as w:
        assert (await said(w, "hi", "1")).startswith("u1|plain|")
        await w.until(lambda: account.asked_who == ["u1"])
        who, face = w.gateway.messages, Face("p", "u1")
        await who.values.put(face, "shop", "tags", "list", ["老客"], 1)

        await said(w, "hi", "2")  # what the platform told stands in the store before this is answered
        person = await who.remembered.person(face, "plain", 99)
        assert (person.id, person.channel, person.unionid, person.tags) == ("u1", "plain", "o6_1", ["老客"])
        assert person.first_seen == person.last_seen > 0
        assert "first_seen" in person.view()


TAGGED = {
    **ANSWERS,
    "person": [{"name": "tags", "type": "list"}],
    "flow": [
        {"type": "set", "id": "mark", "values": {"person.tags": "person.tags + message.text.split(',')"}},
        {"type": "reply", "id": "say", "text": "{{ person.tags|join(',') }}"},
    ],
}


async def test_tags_are_added_by_a_flow_that_may_bounded_told_apart_and_taken_away(tmp_path):
    async with world(tmp_path, says(), agent=TAGGED, account=Account(can_push=False)) as w:
        assert await said(w, "老客,  VIP ", "1") == "老客,VIP"
        assert await said(w, "VIP", "2") == "老客,VIP"
        for n, bad in enumerate(["x" * 41, ",", ",".join(map(str, range(20)))]):
            assert "老客" not in await said(w, bad, f"b{n}")
        face, values = Face("p", "u1"), w.gateway.messages.values
        assert await values.retag(face, "shop", lambda now: retagged(now, ["新"], ["老客"]), 1) == [
            "VIP",
            "新",
        ]
        assert (await w.gateway.messages.remembered.person(face, "plain", 99)).tags == ["VIP", "新"]
        people = PeopleList(tmp_path / "messages.db")
        assert people.retag(face, "shop", lambda now: retagged(now, [], ["新"]), 2) == ["VIP"]
        assert people.export(face)["values"]["tags"]["value"] == ["VIP"]
        w.book.republish({**TAGGED, "person": [], "flow": TAGGED["flow"][1:]})
        assert await said(w, "在", "3") == "VIP"
        people.erase(face, 3)
        assert people.who(face)[0].tags == []


async def test_two_surfaces_of_one_person_that_count_at_once_lose_nothing(tmp_path):
    messages = Messages(tmp_path / "messages.db")
    one, other = Face("p", "ann"), Face("q", "ann")
    await messages.remembered.unite(one, "a", "account", 1)
    await messages.remembered.unite(other, "a", "account", 1)

    async def count(face, n):
        seq = (await messages.accept(face.publication, Message(f"m{n}", "ann", "对"), 1)).seq
        while True:
            before, done = await messages.values.read(face, seq, "person.point")
            if done is not None:
                return
            changed = [("score", "counter", before.get("score", 0) + 1)]
            await messages.values.write(
                face, "a", before, changed, "agent", 2.0, seq=seq, step="person.point"
            )

    await asyncio.gather(*(count((one, other)[n % 2], n) for n in range(20)))
    before, _ = await messages.values.read(one, 0, "")
    assert before == {"score": 20}
    messages.close()


KILLED = """
import asyncio, sys
sys.path[:0] = [{tests!r}, {gateway!r}]
from test_person import QUIZ, said, Account, says
from world import world
from runtime.simulator.fast_loop import FastLoop
from pathlib import Path
async def main():
    async with world(Path({home!r}), says(), agent=QUIZ, account=Account(can_push=False)) as w:
        await said(w, "对", "m1")
asyncio.Runner(loop_factory=FastLoop).run(main())
"""


@pytest.mark.usefixtures("engine")
async def test_a_kill_right_after_the_writing_neither_loses_nor_repeats_it(tmp_path):
    code = KILLED.format(tests=str(ROOT / "tests"), gateway=str(Path(__file__).parent), home=str(tmp_path))
    environment = {**os.environ, "HONGYAN_CRASH_AT": "after_value", "PYTHONPATH": str(ROOT)}
    run = [sys.executable, "-c", code]
    done = await asyncio.to_thread(subprocess.run, run, env=environment, cwd=ROOT, check=False)
    assert done.returncode == -9
    async with world(tmp_path, says(), agent=QUIZ, account=Account(can_push=False)) as w:
        assert (await said(w, "错", "m2")).split() == ["1/1", "1/1"]  # what was cut off, and this one


BINDS = {**ANSWERS, "flow": [{"type": "reply", "id": "say", "text": "我是{{ person.customer or '?' }}"}]}


@pytest.mark.usefixtures("engine")
async def test_a_code_says_once_which_customer_somebody_is_until_they_undo_it(tmp_path):
    async with world(tmp_path, says(), agent=BINDS, account=Account(can_push=False)) as w:
        customers, clock = w.gateway.messages.customers, asyncio.get_running_loop().wall

        async def made(customer, seconds=600):
            return code_shown(await customers.claim("shop", customer, clock(), seconds))

        async def tells(text, id, sender="u1", **more):
            await w.push(text, id=id, **{"from": sender, **more})
            sql = "select seq, reply from messages order by seq desc limit 1"
            return await w.gateway.messages.database.read(lambda db: db.execute(sql).fetchone()[1])

        code = await made("123")
        assert await tells("在", "1") == "我是?"
        assert "绑定好了" in await tells(f"绑定 {code.lower()}", "2")
        assert await tells("在", "3") == "我是123"
        assert "用过了" in await tells(code, "4", sender="u2")
        assert await tells("在", "5", sender="u2") == "我是?"
        late = await made("123", seconds=60)
        await asyncio.sleep(61)
        assert "过期" in await tells(late, "6", sender="u2")
        other = await made("456")
        assert "绑定好了" in await tells("", "7", sender="u2", event="scanned", click=other)
        assert await tells("在", "8", sender="u2") == "我是456"
        assert "已经解除" in await tells("解除绑定", "9")
        assert await tells("在", "10") == "我是?"
        for n in range(5):
            await tells("HY-AAAAA-AAAAA", f"w{n}", sender="u3")
        assert "太多" in await tells(await made("9"), "11", sender="u3")
        assert await customers.unbind_all(["p"], "456") == 1


async def test_a_model_changes_only_what_its_owner_lets_it(tmp_path):
    agent = {
        **ANSWERS,
        "person": [
            {"name": "points", "type": "number", "who": "model", "title": "积分"},
            {"name": "level", "type": "text", "who": "operator", "default": "普通"},
        ],
    }
    answers = [
        calls(
            ("keep_of_person", {"name": "points", "value": 5, "how": "add"}),
            ("keep_of_person", {"name": "level", "value": "金卡"}),
            ("keep_of_person", {"name": "points", "value": "很多"}),
        ),
        says("好"),
    ]
    async with world(tmp_path, *answers, agent=agent, account=Account(can_push=False)) as w:
        assert await said(w, "hi", "1") == "好"
        told = [message["content"] for message in w.models.requests[-1].messages if message["role"] == "tool"]
        assert json.loads(told[0]) == {"points": 5}
        assert "level" in told[1]
        assert "不是数字" in told[2]
        assert (await w.gateway.messages.values.read(Face("p", "u1"), 0, ""))[0] == {"points": 5}
