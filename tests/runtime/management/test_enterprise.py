"""A WeCom app's menu and customer service's accounts, through wechatpy, against the platforms as played."""

from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from test_menus import MENU

from runtime import simulator
from runtime.channels import Button, Menu, Neighbour, registry
from runtime.errors import SendFailed
from runtime.management.accounts import Accounts
from runtime.network.platform_api import Outbound
from runtime.simulator.http import Server


@dataclass
class Asks:
    accounts: Accounts
    channel: object
    played: object

    async def __call__(self, call):
        return await self.accounts.ask(self.channel, call)


@asynccontextmanager
async def world(name, **more):
    kind, outbound = registry()[name], Outbound()
    played = simulator.registry()[name](next(iter(simulator.registry()[name].kinds)), lambda: 1_800_000_000.0)
    channel = kind(kind.Settings(**{**played.settings, **more}))
    async with Server(played.call) as server:
        accounts = Accounts.alone(outbound, {kind.api_host_setting: server.url})
        try:
            yield Asks(accounts, channel, played)
        finally:
            await outbound.close()


async def test_an_apps_menu_is_published_read_and_removed():
    async with world("wecom_app") as ask:
        assert (await ask(lambda of: of.menu())).menu is None
        await ask(lambda of: of.put_menu(MENU))
        found = await ask(lambda of: of.menu())
        assert found.shown
        assert [button.name for button in found.menu.buttons] == ["问AI", "更多"]
        page, app = found.menu.buttons[1].buttons
        assert (page.kind, app.kind, app.app_id, app.page) == ("view", "miniprogram", "wx1", "pages/i")
        await ask(lambda of: of.remove_menu())
        assert (await ask(lambda of: of.menu())).menu is None


async def test_what_an_app_may_not_have_is_said_in_words():
    async with world("wecom_app") as ask:
        with pytest.raises(SendFailed) as failed:
            await ask(lambda of: of.put_menu(Menu(buttons=[Button(name="a" * 17, key="k")])))
        assert failed.value.code == "40018"
        assert failed.value.text.zh


async def test_customer_services_accounts_are_listed():
    async with world("wecom_kf") as ask:
        [account] = await ask(lambda of: of.accounts())
        assert isinstance(account, Neighbour)
        assert account.name == "客服"


async def test_customers_are_called_by_their_names_where_these_are_told():
    async with world("wecom_kf") as ask:
        ask.played.platform.names = {"wm1": "小王\x00", "wm2": " ", "wm3": "甲" * 99, "wm9": "别人"}
        found = await ask(lambda of: of.names(["wm1", "wm2", "wm3", "wm4"]))
        assert found == {"wm1": "小王", "wm3": "甲" * 60}


@pytest.mark.parametrize("name", ["wecom_app", "wecom_kf"])
async def test_from_where_an_enterprise_is_called(name):
    async with world(name) as ask:
        assert "101.226.103.*" in await ask(lambda of: of.callback_addresses())


@pytest.mark.parametrize("name", ["wecom_app", "wecom_kf"])
async def test_a_wrong_secret_is_the_platforms_code(name):
    async with world(name, secret="w7Kq" * 10) as ask:
        with pytest.raises(SendFailed) as failed:
            await ask(lambda of: of.callback_addresses())
        assert failed.value.code == "40001"
