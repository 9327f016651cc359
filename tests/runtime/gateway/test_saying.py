"""What is said without anybody having written: whole, in order, once, and not faster than it is brought."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from several_published import Book

import example_channel
from example_channel.simulator.pigeon import PigeonSimulation
from example_channel.world import AGENT
from played_world import jumping
from runtime import simulator
from runtime.channels import Notice
from runtime.errors import BadSettings, NotFound
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication, Unobserved
from runtime.lang import Text
from runtime.simulator.http import Server
from runtime.simulator.wecom_group import WeComGroupSimulation
from script import DOWN, Script, services


@pytest.fixture(autouse=True)
def installed():
    with example_channel.installed():
        yield


@dataclass
class World:
    gateway: Gateway
    group: WeComGroupSimulation
    pigeon: PigeonSimulation

    @property
    def read(self):
        """What was read in the group."""
        return [one.sent for one in self.group.chat]

    async def say(self, text, key="", publication="g"):
        return await self.gateway.saying.say(self.gateway.surfaces.find(publication), text, key=key)

    async def states(self, ids):
        return [said.state for said in await self.gateway.messages.outbox.find(ids)]


@asynccontextmanager
async def world(folder, group=None, pigeon=None, alerts_to="", starts=(), models=None):
    loop = asyncio.get_running_loop()
    group = group or WeComGroupSimulation("group", loop.wall)
    pigeon = pigeon or PigeonSimulation("carrier", loop.wall)

    agent = {**AGENT.to_json(), "starts": list(starts)}

    def call(request):
        return group.call(request) if request.path.startswith("/cgi-bin") else pigeon.call(request)

    async with Server(call) as server:
        gateway = Gateway(
            folder,
            Book.of(
                OnePublication("wecom_group", group.settings, agent, id="g"),
                OnePublication("pigeon", pigeon.settings, agent, id="p"),
            ),
            services(models or Script()),
            Unobserved(),
            {"HONGYAN_WECOM_API": server.url, "HONGYAN_PIGEON_API": server.url},
            alerts_to=lambda: alerts_to,
            clock=loop.wall,
            outside=loop.outside,
        )
        await gateway.start()
        await asyncio.sleep(1)  # it is found out that both may be sent to
        try:
            yield World(gateway, group, pigeon)
        finally:
            await gateway.stop()


@jumping
async def test_what_is_said_is_read_in_order(tmp_path):
    async with world(tmp_path) as w:
        await w.say("**一**")
        ids = await w.say("二")
        await asyncio.sleep(5)
        assert w.read == ["**一**", "二"]
        assert await w.states(ids) == ["sent"]


@jumping
async def test_fifty_in_a_row_all_arrive_and_the_platform_never_says_too_often(tmp_path):
    async with world(tmp_path) as w:
        for n in range(50):
            await w.say(f"第 {n} 条")
        await asyncio.sleep(150)
        assert w.read == [f"第 {n} 条" for n in range(50)]
        assert w.group.refused == 0


@jumping
async def test_a_restart_sends_the_rest_at_the_same_pace_and_nothing_twice(tmp_path):
    async with world(tmp_path) as w:
        for n in range(30):
            await w.say(f"第 {n} 条")
        await asyncio.sleep(5)
        group = w.group
        assert len(w.read) == 20
    async with world(tmp_path, group=group) as w:
        await asyncio.sleep(90)
        assert w.read == [f"第 {n} 条" for n in range(30)]
        assert group.refused == 0


@jumping
async def test_what_the_platform_refuses_for_a_while_is_said_later(tmp_path):
    async with world(tmp_path) as w:
        w.group.faults.script("webhook/send", "http_502", 45009, -1)
        ids = await w.say("你好")
        await asyncio.sleep(90)
        assert w.read == ["你好"]
        assert await w.states(ids) == ["sent"]


@jumping
async def test_what_may_have_arrived_is_not_said_again(tmp_path):
    async with world(tmp_path) as w:
        w.group.faults.script("webhook/send", "lost")
        ids = await w.say("你好")
        await asyncio.sleep(90)
        assert w.read == ["你好"]
        assert await w.states(ids) == ["unknown"]


@jumping
async def test_what_cannot_be_taken_fails_and_holds_nothing_up(tmp_path):
    async with world(tmp_path) as w:
        w.group.faults.script("webhook/send", 40008)
        first = await w.say("一")
        await w.say("二")
        await asyncio.sleep(10)
        assert w.read == ["二"]
        assert await w.states(first) == ["failed"]


@jumping
async def test_the_same_key_is_said_once(tmp_path):
    async with world(tmp_path) as w:
        first, second = await w.say("你好", key="k"), await w.say("你好", key="k")
        await asyncio.sleep(5)
        assert first == second
        assert w.read == ["你好"]


@jumping
async def test_where_nobody_may_be_written_to_unasked_it_is_refused(tmp_path):
    async with world(tmp_path) as w:
        for text, publication, field in [("你好", "p", "publication"), (" ", "g", "text")]:
            with pytest.raises(BadSettings) as refused:
                await w.say(text, publication=publication)
            assert refused.value.field == field


# Alerts


@jumping
async def test_an_account_in_trouble_is_told_once_and_that_it_is_well_again(tmp_path):
    async with world(tmp_path, alerts_to="g") as w:
        w.pigeon.post.faults.always("*", "strike")
        w.gateway.abilities.check(w.gateway.surfaces.find("p"))
        await asyncio.sleep(600)
        assert len(w.read) == 1
        assert w.read[0].startswith("**店**（信鸽）\n")
        w.pigeon.post.faults.clear()
        await asyncio.sleep(300)
        assert len(w.read) == 2
        assert "已恢复正常" in w.read[1]


@jumping
async def test_what_the_platform_tells_the_owner_is_told_on(tmp_path):
    async with world(tmp_path, alerts_to="g") as w:
        onlooker = w.gateway.onlooker
        onlooker.told("p", Notice(Text("快停用了", "soon closed")), 0.0)
        await asyncio.sleep(5)
        assert w.read == ["**店**（信鸽）\n快停用了"]


@jumping
async def test_trouble_of_the_place_where_alerts_go_is_not_told_there(tmp_path):
    async with world(tmp_path, alerts_to="g") as w:
        onlooker = w.gateway.onlooker
        onlooker.trouble("g", Text("坏了", "broken"), 0.0)
        await asyncio.sleep(5)
        assert w.read == []


@jumping
async def test_an_alert_that_the_store_does_not_take_is_told_once_it_does(tmp_path):
    """Such as that the disk is full."""
    async with world(tmp_path, alerts_to="g") as w:
        (tmp_path / "messages.db").rename(tmp_path / "away")
        w.gateway.onlooker.tell(Text("备份失败", "the backup failed"))
        await asyncio.sleep(100)
        assert w.read == []
        (tmp_path / "away").rename(tmp_path / "messages.db")
        await asyncio.sleep(100)
        assert w.read == ["备份失败"]


@jumping
async def test_without_a_place_nothing_is_told(tmp_path):
    async with world(tmp_path) as w:
        w.gateway.onlooker.trouble("p", Text("坏了", "broken"), 0.0)
        await asyncio.sleep(5)
        assert w.read == []


@jumping
async def test_a_start_for_a_group_that_comes_to_nothing_is_told_to_the_owner_also_in_that_group(tmp_path):
    report = {"on": "webhook", "id": "r", "title": "周报", "flow": [{"type": "model", "id": "report"}]}
    async with world(tmp_path, alerts_to="g", starts=(report,), models=Script([DOWN])) as w:
        await w.gateway.starts.run_now("g", "r")
        await asyncio.sleep(5)
        assert [said.partition("：")[0] for said in w.read] == ["「店」的「周报」这次没有做成"]


# A death in the middle


@pytest.mark.parametrize(("channel", "after"), [("wecom_group", "unknown"), ("wecom_app", "sent")])
def test_what_was_leaving_when_the_process_died_is_sent_again_only_where_that_shows_nothing_twice(
    channel, after, tmp_path
):
    @jumping
    async def work(folder):
        loop = asyncio.get_running_loop()
        played = simulator.registry()[channel](next(iter(simulator.registry()[channel].kinds)), loop.wall)
        book = Book.of(OnePublication(channel, played.settings, AGENT.to_json(), id="g"))
        async with Server(played.call) as server:

            def gateway():
                hosts = {"HONGYAN_WECOM_API": server.url}
                made = (folder, book, services(Script()), Unobserved(), hosts)
                where = {"alerts_to": lambda: "g"} if after == "unknown" else {}
                return Gateway(*made, **where, clock=loop.wall, outside=loop.outside)

            first = gateway()
            surface = first.surfaces.find("g")
            ids = await first.saying.say(surface, "你好", "" if channel == "wecom_group" else "zhangsan")
            await first.messages.outbox.move(ids[0], "ready", "sending", "", loop.wall())
            await first.stop()
            second = gateway()
            await second.start()
            await asyncio.sleep(5)
            [said] = await second.messages.outbox.find(ids)
            await second.stop()
            assert said.state == after
            told = ["程序停了" in one.sent for one in played.seen()]
            assert told == ([True] if after == "unknown" else [False])

    work(tmp_path)


@jumping
async def test_the_result_of_a_start_is_said_once_in_its_own_group_or_in_the_one_it_names(tmp_path):
    own, other = (
        {"on": "webhook", "id": id, **more, "flow": [{"type": "reply", "id": f"{id}_says", "text": text}]}
        for id, text, more in (("own", "周报", {}), ("other", "日报", {"to": "g"}))
    )
    async with world(tmp_path, starts=(own, other)) as w:
        await w.gateway.starts.run_now("g", "own")
        await asyncio.sleep(5)
        await w.gateway.starts.run_now("p", "other")
        await asyncio.sleep(5)
        group = w.group
        assert w.read == ["周报", "日报"]
        with pytest.raises(NotFound):
            await w.gateway.starts.run_now("p", "none")
    async with world(tmp_path, group=group, starts=(own, other)) as w:
        await asyncio.sleep(20)
        assert w.read == ["周报", "日报"]
