"""What the menu editor's clicks do, with the platform as it is played."""

from contextlib import asynccontextmanager

import pytest
from builder_world import add

from builder.actions import bound, click, menu
from builder.pages.publish import ACTIONS
from runtime.access.actor import OWNER
from runtime.channels import registry
from runtime.management.accounts import Accounts
from runtime.network.platform_api import Outbound
from runtime.publish import publish
from runtime.simulator.http import Server
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.platform import Platform

ASK = {"name": "问AI", "kind": "click", "key": "你好"}


@asynccontextmanager
async def played(studio, kind="verified_service", **more):
    """A published agent, and its account at the platform; `do(action, …)` clicks."""
    add(studio, **more)
    account = Account(kind)
    platform, outbound = Platform([account]), Outbound()
    id = publish(studio.control, studio.library.get("shop").agent, "wechat", account.settings).publication
    async with Server(platform.call) as server:
        studio.accounts = Accounts.alone(outbound, {registry()["wechat"].api_host_setting: server.url})
        actions = bound(studio, *ACTIONS)

        async def do(action, **args):
            return await click(actions, {"action": action, "args": {"publication": id, **args}}, OWNER)

        try:
            yield platform, account.app_id, do
        finally:
            await outbound.close()


async def test_a_menu_is_published_read_and_removed_by_a_click_each(studio):
    async with played(studio) as (platform, app_id, do):
        assert (await do("menu"))["value"]["buttons"] == []
        answer = await do("put_menu", buttons=[ASK])
        assert answer["ok"]
        assert "取消关注" in answer["text"]["zh"]
        found = (await do("menu"))["value"]
        assert (found["shown"], [one["name"] for one in found["buttons"]]) == (True, ["问AI"])
        assert (await do("put_menu", buttons=found["buttons"]))["ok"]
        undo = (await do("remove_menu"))["undo"]
        assert app_id not in platform.owner.menus.created
        assert (await do(undo["action"], **undo["args"]))["ok"]
        assert (await do("menu"))["value"]["buttons"] == found["buttons"]
        answer = await do(undo["action"], **undo["args"])  # somebody put one since
        assert (answer["ok"], answer["code"]) == (False, "Conflict")


BAD = {
    "no name": ([{**ASK, "name": ""}], "buttons.0.name"),
    "too long below": ([{"name": "a", "buttons": [{**ASK, "name": "字" * 21}]}], "buttons.0.buttons.0.name"),
    "none": ([], "buttons"),
    "no list": (7, "buttons"),
}


@pytest.mark.parametrize(("buttons", "field"), BAD.values(), ids=BAD)
async def test_a_menu_that_does_not_fit_is_named_and_not_sent(studio, buttons, field):
    async with played(studio) as (platform, app_id, do):
        answer = await do("put_menu", buttons=buttons)
        assert (answer["ok"], answer["field"]) == (False, field)
        assert app_id not in platform.owner.menus.created


async def test_an_account_that_may_not_have_one_is_told_before_anything_is_typed(studio):
    async with played(studio, "unverified_subscription") as (_, _, do):
        answer = await do("menu")
        assert answer["ok"]
        assert "认证" in answer["value"]["forbidden"]["zh"]


async def test_what_the_platform_answered_by_itself_becomes_the_agents(studio):
    async with played(studio, keywords=[{"words": ["发票"], "text": "找店员"}]) as (platform, app_id, do):
        platform.owner.menus.replies[app_id] = {
            "add_friend_autoreply_info": {"type": "text", "content": "欢迎光临"},
            "keyword_autoreply_info": {
                "list": [
                    {
                        "rule_name": "退款",
                        "reply_mode": "reply_all",
                        "keyword_list_info": [{"type": "text", "match_mode": "contain", "content": "退款"}],
                        "reply_list_info": [{"type": "text", "content": "七天内"}, {"type": "img"}],
                    }
                ]
            },
        }
        answer = await do("bring_answers", answers={"营业时间": "九点"})
        assert answer["value"] == 2
        assert "退款" in answer["text"]["zh"]
        agent = studio.library.get("shop").agent
        assert [(one.words, one.match, one.text) for one in agent.keywords] == [
            (["发票"], "exact", "找店员"),
            (["退款"], "contains", "七天内"),
            (["营业时间"], "exact", "九点"),
        ]
        assert agent.texts.greeting == "欢迎光临"
        again = await do("bring_answers", answers={"营业时间": "九点"})
        assert (again["value"], studio.library.get("shop").agent) == (0, agent)


async def test_some_people_get_another_menu_by_a_click_and_it_is_listed_and_removed(studio):
    async with played(studio) as (_, _, do):
        assert (await do("put_menu", buttons=[ASK]))["ok"]
        refused = await do("put_menu_for", buttons=[ASK], whom={})
        assert (refused["ok"], refused["field"]) == (False, "phone")
        assert (await do("put_menu_for", buttons=[ASK], whom={"phone": "android"}))["ok"]
        [other] = (await do("menu"))["value"]["others"]
        assert (other["whom"]["phone"], other["buttons"][0]["name"]) == ("android", "问AI")
        undo = (await do("remove_menu_for", id=other["id"]))["undo"]
        assert (await do("menu"))["value"]["others"] == []
        assert (await do(undo["action"], **undo["args"]))["ok"]
        assert [one["whom"] for one in (await do("menu"))["value"]["others"]] == [other["whom"]]
        answer = await do(undo["action"], **undo["args"])  # they have one by now
        assert (answer["ok"], answer["code"]) == (False, "Conflict")


async def test_a_surface_without_a_menu_says_so(studio):
    add(studio, id="other")
    id = publish(studio.control, studio.library.get("other").agent, "api", {}).publication
    answer = await click(bound(studio, menu.menu), {"action": "menu", "args": {"publication": id}}, OWNER)
    assert (answer["ok"], answer["code"]) == (False, "NotFound")
