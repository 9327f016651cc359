"""The publish page's check-up: begun once, looked at while it runs, and codes explained."""

import asyncio
import json

import pytest
from builder_world import ACCOUNT, SAY, add

from builder.actions import checkup, publish
from runtime.access.actor import OWNER
from runtime.checkup.patient import Ways
from runtime.checkup.running import Checkups
from runtime.errors import Compared, NotFound
from runtime.lang import Text
from runtime.management.accounts import Accounts
from runtime.network.outside import Outside
from runtime.network.platform_api import Outbound
from runtime.publish.reached import Reach

API = "HONGYAN_WECHAT_API"


@pytest.fixture
async def live(studio):
    """Published, at a platform that cannot be reached."""
    outbound, hosts = Outbound(), {API: "http://127.0.0.1:1"}
    ways = Ways(Outside(), outbound, Accounts.alone(outbound, hosts), Reach(studio.control), hosts)
    studio.checkups = Checkups(studio.control, studio.doctor, ways, studio.public_url)
    add(studio, SAY)
    yield publish.go_live(studio, OWNER, "shop", "wechat", ACCOUNT).value["publication"]
    await outbound.close()


async def finished(studio, publication):
    await studio.checkups.newest(publication).task
    return await checkup.look(studio, publication)


async def test_it_is_seen_from_its_plan_to_its_end(studio, live):
    assert await checkup.look(studio, live) is None
    begun = await checkup.begin(studio, live)
    assert (begun["over"], begun["found"]) == (False, [])
    seen = await finished(studio, live)
    assert [one["check"] for one in seen["found"]] == [one["check"] for one in begun["planned"]]
    url = next(one for one in seen["found"] if one["check"] == "url")
    assert (url["ok"], "公网地址" in url["says"]["zh"]) == (False, True)
    assert json.dumps(seen)


async def test_two_who_ask_look_at_the_same_one(studio, live):
    first, second = await checkup.begin(studio, live), await checkup.begin(studio, live)
    assert first["at"] == second["at"]
    await finished(studio, live)
    assert (await checkup.begin(studio, live))["at"] > first["at"]
    await finished(studio, live)


async def test_one_that_is_stopped_says_so_and_the_next_one_is_whole(studio, live):
    await checkup.begin(studio, live)
    await checkup.stop(studio, live)
    await asyncio.wait([studio.checkups.newest(live).task])
    seen = await checkup.look(studio, live)
    assert (seen["over"], seen["stopped"]) == (True, True)
    assert len(seen["found"]) < len(seen["planned"])
    await checkup.begin(studio, live)
    assert not (await finished(studio, live))["stopped"]


async def test_a_code_is_explained_in_the_channels_words(studio, live):
    [found] = await checkup.explained(studio, live, "errcode 40125")
    assert "AppSecret" in found["says"]["zh"]


async def test_a_publication_that_there_is_not_is_told(studio, live):
    for action in (checkup.begin(studio, "nope"), checkup.explained(studio, "nope", "40001")):
        with pytest.raises(NotFound):
            await action


async def test_what_a_refused_call_was_judged_by_is_on_the_page(studio, live):
    assert publish.state(studio, OWNER, live)["compared"] == []
    studio.doctor.saw(live, "refused", "signature", 10, [Compared(Text("令牌", "Token"), "10 / ab", "")])
    [line] = publish.state(studio, OWNER, live)["compared"]
    assert (line["name"]["en"], line["here"], line["there"]) == ("Token", "10 / ab", "")
