"""One person, many doors: what they wish crosses from one to another, and nothing else does."""

import asyncio
import hashlib

import pytest
from five_doors import DOORS, face, house

from builder.insights._scoped import SomePeople
from runtime.errors import Invalid
from runtime.message import Message
from runtime.person import Handing
from runtime.server.people.sent_files import FileIds, SentFile
from runtime.store.messages.people import Face
from runtime.store.messages.people_list import PeopleList

PEANUTS = "我的忌口是花生过敏"
NOTHING = "我还没有记住关于您的事。"


async def everywhere(w, who="ann"):
    """They are one wherever they write."""
    for door in DOORS[1:]:
        assert "关联好了" in await w.join(DOORS[0], door, who)


async def test_what_is_known_crosses_by_a_code_and_what_was_said_does_not(tmp_path):
    async with house(tmp_path) as w:
        await w.say("wechat", "ann", PEANUTS)
        for door in DOORS[1:]:
            await w.say(door, "ann", f"在{door}推荐点茶")
            assert "花生" not in str(w.shown()), "nobody said that it is ann"
        await everywhere(w)
        for door in DOORS:
            await w.say(door, "ann", "再推荐点茶")
            system, said = w.shown()
            assert "忌口: 花生过敏" in system
            assert (PEANUTS in said) == (door == "wechat")
            others = [other for other in DOORS if other != door]
            assert not any(f"在{other}推荐" in str(said) for other in others)
        await w.say("web", "bob", "我呢")
        assert "花生" not in str(w.shown())
        assert await w.say("email", "bob", "你记得我什么") == NOTHING


async def test_who_parts_at_one_door_is_unknown_there_and_stays_so(tmp_path):
    async with house(tmp_path) as w:
        await w.say("wechat", "ann", PEANUTS)
        await everywhere(w)
        for door in DOORS[1:]:
            assert "已经分开" in await w.say(door, "ann", "取消关联")
            for _ in range(2):
                assert await w.say(door, "ann", "你记得我什么") == NOTHING, door
            assert "没有关联" in await w.say(door, "ann", "取消关联")
        assert "花生" in await w.say("wechat", "ann", "你记得我什么")
        assert PeopleList(tmp_path / "messages.db").doors(Face("wechat", face("wechat", "ann"))) == []


@pytest.mark.of_files
@pytest.mark.plain("it looks for bytes that are there")
@pytest.mark.parametrize("door", DOORS)
async def test_who_is_forgotten_at_one_door_is_forgotten_at_all_that_they_joined(door, tmp_path):
    async with house(tmp_path) as w:
        await w.say("wechat", "ann", PEANUTS)
        await w.say("web", "ann", "我住在虹桥路八十八号")
        await w.say("telegram", "bob", "我爱喝龙井茶")
        await everywhere(w)
        assert "再发一次" in await w.say(door, "ann", "忘记我")
        assert "都已经删除" in await w.say(door, "ann", "忘记我")
        for other in DOORS:
            assert await w.say(other, "ann", "你记得我什么") == NOTHING
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert [word in kept for word in ("花生".encode(), "虹桥路".encode())] == [False, False]
    assert "龙井茶".encode() in kept


async def test_an_export_tells_of_all_doors_and_an_operator_of_another_agent_sees_none(tmp_path):
    async with house(tmp_path) as w:
        await w.say("wechat", "ann", PEANUTS)
        await w.say("telegram", "bob", "我是bob")
        await everywhere(w)
        code = (await w.say("wechat", "ann", "关联账号")).splitlines()[1]
        for text in ("我在别处", code):
            last = await w.followed("elsewhere", Message(f"x-{text}", "v-ann", text))
        assert "不对" in last.text, "a code is of one agent"
        told = await w.gateway.messages.remembered.export(Face("web", "v-ann"))
        assert {(one["publication"], one["person"]) for one in told["surfaces"]} == {
            (door, face(door, "ann")) for door in DOORS
        }
        assert "花生过敏" in str(told["facts"])
        assert "bob" not in str(told)
        assert "我在别处" not in str(told)
        found = PeopleList(tmp_path / "messages.db")
        assert {one.publication for one in found.doors(Face("web", "v-ann"))} == {*DOORS} - {"web"}
        others = SomePeople(found, frozenset({"elsewhere"}))
        assert others.doors(Face("web", "v-ann")) == []
        assert others.known(Face("web", "v-ann")) is None
        assert others.export(Face("web", "v-ann"))["surfaces"] == []
        assert others.doors(Face("elsewhere", "v-ann")) == []


async def test_a_human_and_a_limit_at_one_door_leave_the_others_alone(tmp_path):
    async with house(tmp_path, limits={"messages_per_minute": 8}) as w:
        await everywhere(w)
        tickets, lane = w.gateway.messages.tickets, ("wechat", face("wechat", "ann"))
        seq = await w.newest()
        id = await tickets.open(lane, "shop", Handing("要人"), w.gateway._clock(), seq=seq, step="t")
        await w.gateway.operating.take(id, "lin")
        await w.write("wechat", "ann", "有人吗")
        for n in range(12):
            await w.write("telegram", "ann", f"第{n}句")
        await asyncio.sleep(5)
        asked = [one.messages[-1]["content"] for one in w.models.requests]
        assert "有人吗" not in asked, "a human has them there"
        assert {"第0句", "第11句"} & {*asked} == {"第0句"}, "they wrote too much there"
        for door in ("web", "api", "email"):
            assert "还在吗" in await w.say(door, "ann", "还在吗")


def test_a_file_of_one_door_is_not_had_from_another():
    ids = FileIds(lambda what: [hashlib.sha256(what.encode()).hexdigest()])
    file = SentFile("image", "a.png", "0" * 64, "image/png", 9)
    id = ids.id(file, "web", "v-ann")
    assert ids.read(id, "web", "v-ann") == file
    for door, who in (("web", "v-bob"), ("mini", "v-ann"), ("api", "key:ann")):
        with pytest.raises(Invalid):
            ids.read(id, door, who)


async def test_several_who_write_in_one_conversation_of_a_program_have_each_their_own_memory(tmp_path):
    async with house(tmp_path) as w:

        async def said(who, text):
            w.count += 1
            message = Message(f"r{w.count}", "key:room", text, who={"id": who})
            return (await w.followed("api", message)).text

        await said("ann", PEANUTS)
        await said("bob", "我的爱好是龙井")
        for word in ("你记得我什么", "忘记 1", "你记得我什么"):
            assert "花生" not in await said("bob", word)
        assert "花生" in await said("ann", "你记得我什么")
        await said("bob", "忘记 1")
        assert "花生" in await w.say("api", "ann", "你记得我什么"), "in whatever conversation"
