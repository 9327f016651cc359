"""What a tap on a menu button comes to: a message to the agent, a ready answer, or nothing."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from ladder import AGENT, world

from runtime.simulator.fast_loop import FastLoop

SHOP = {**AGENT, "keywords": [{"words": ["营业时间"], "text": "九点到五点"}]}
BUTTONS = [
    {"type": "click", "name": "几点开门", "key": "营业时间"},
    {"name": "更多", "sub_button": [{"type": "view", "name": "官网", "url": "https://example.cn/"}]},
    {"type": "click", "name": "问AI", "key": "介绍一下"},
]


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio", {"loop_factory": FastLoop}


@asynccontextmanager
async def tapped(folder):
    """A phone below whose chat are these buttons."""
    async with world(folder, agent=SHOP, seconds=1.0) as it:
        it.platform.owner.menus.created[it.wechat.account.app_id] = BUTTONS
        yield it, it.wechat.phone()


async def received(it, phone):
    """What is shown once something is: in the response, or pushed by a machine that is slow just now."""
    await it.wechat.settle()
    for _ in range(100):
        if phone.received:
            break
        await asyncio.sleep(0.1)
    return phone.received


async def test_a_ready_answer_comes_at_once_and_no_model_is_asked(tmp_path):
    async with tapped(tmp_path) as (it, phone):
        delivered = await phone.choose("几点开门")
        assert delivered.seconds < 1
        assert await received(it, phone) == ["九点到五点"]
        assert it.model.requests == []


async def test_what_a_button_says_is_said_to_the_agent(tmp_path):
    async with tapped(tmp_path) as (it, phone):
        await phone.choose("问AI")
        assert await received(it, phone) == ["这是回答。"]
        assert it.model.requests[0].messages[-1]["content"] == "介绍一下"


async def test_a_button_that_opens_a_page_says_nothing(tmp_path):
    async with tapped(tmp_path) as (it, phone):
        await phone.choose("官网")
        assert (phone.received, await it.states()) == ([], [])


async def test_a_menu_of_the_console_is_not_seen_while_a_server_url_is_enabled(tmp_path):
    async with tapped(tmp_path) as (it, phone):
        menus, app_id = it.platform.owner.menus, it.wechat.account.app_id
        menus.console[app_id] = menus.created.pop(app_id)
        with pytest.raises(LookupError):
            await phone.choose("问AI")
        menus.server_url = False
        assert it.wechat.button("问AI")["key"] == "介绍一下"
