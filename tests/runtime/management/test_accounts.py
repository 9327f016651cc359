"""An account is looked after over our own way out, with our own token, and never asked for ever."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from runtime.channels import registry
from runtime.errors import SendFailed
from runtime.management.accounts import Accounts
from runtime.management.line import line
from runtime.network.platform_api import Outbound
from runtime.simulator.http import Response, Server
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.platform import Platform

ACCOUNT = Account()


@asynccontextmanager
async def world(**kinds):
    """The platform, and an account of it that is looked after."""
    account = Account(**kinds)
    platform = Platform([account])
    kind = registry()["wechat"]
    channel = kind(kind.Settings(**account.settings))
    outbound = Outbound()
    async with Server(platform.call) as server:
        accounts = Accounts.alone(outbound, {kind.api_host_setting: server.url})
        try:
            yield platform, lambda call: accounts.ask(channel, call)
        finally:
            await outbound.close()


def paths(platform):
    return [called.path for called in platform.called]


async def test_the_platform_says_how_it_reaches_the_callback():
    async with world() as (platform, ask):
        found = await ask(lambda of: of.check_callback())
        assert found.addresses == ["203.0.113.7"]
        assert [(ping.address, ping.lost) for ping in found.pings] == [("203.0.113.7", "0%")]
        platform.owner.callback = ()
        with pytest.raises(SendFailed) as failed:
            await ask(lambda of: of.check_callback())
        assert failed.value.code == "40201"
        assert "URL" in failed.value.text.zh


async def test_it_says_from_where_it_calls_and_what_is_left_of_the_day():
    async with world() as (_, ask):
        assert "101.226.103.0/25" in await ask(lambda of: of.callback_addresses())
        left = await ask(lambda of: of.quota())
        assert (left.most, left.used, left.left) == (500_000, 0, 500_000)


async def test_it_says_how_many_people_follow():
    async with world() as (platform, ask):
        platform.owner.followers = 12
        assert await ask(lambda of: of.people()) == 12


async def test_a_request_id_tells_where_the_call_came_from():
    async with world() as (platform, ask):
        platform.owner.callback = ()
        with pytest.raises(SendFailed) as failed:
            await ask(lambda of: of.check_callback())
        rid = failed.value.text.en.split("rid: ")[1].rstrip(")")
        made = await ask(lambda of: of.call_made(rid))
        assert (made.path, made.address) == ("/cgi-bin/callback/check", "127.0.0.1")


async def test_a_token_that_is_refused_is_replaced_once_and_never_by_the_other_way():
    async with world() as (platform, ask):
        await ask(lambda of: of.quota())
        platform.tokens.void()
        await ask(lambda of: of.quota())
        assert paths(platform) == [
            "stable_token",
            "openapi/quota/get",
            "openapi/quota/get",
            "stable_token",
            "openapi/quota/get",
        ]


async def test_a_token_that_is_refused_for_ever_is_asked_for_twice_and_not_more():
    async with world() as (platform, ask):
        platform.faults.always("openapi/quota/get", 40001)
        with pytest.raises(SendFailed) as failed:
            await ask(lambda of: of.quota())
        assert failed.value.code == "40001"
        assert paths(platform).count("openapi/quota/get") == 2
        assert "token" not in paths(platform)


async def test_calls_wait_in_a_thread_and_not_on_the_loop(stall):
    async with world() as (_, ask):
        await ask(lambda of: of.quota())  # wechatpy is loaded
        async with stall() as longest:
            await asyncio.gather(*(ask(lambda of: of.quota()) for _ in range(10)))
        assert longest() < 0.5


HOSTILE = {
    "a bomb": b'{"ip_list": [' + b"[]," * 600_000 + b"1]}",
    "html": b"<html>",
    "no list": b'{"ip_list": "x"}',
    "objects": b'{"ip_list": [{}]}',
    "no code": b'{"errcode": "x"}',
    "a list": b"[]",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
async def test_what_cannot_be_read_is_a_failure_in_words(body):
    def answer(request):
        if request.path.endswith("stable_token"):
            return Response.json({"access_token": "T", "expires_in": 7200})
        return Response(body)

    kind = registry()["wechat"]
    channel, outbound = kind(kind.Settings(**ACCOUNT.settings)), Outbound()
    async with Server(answer) as server:
        accounts = Accounts.alone(outbound, {kind.api_host_setting: server.url})
        with pytest.raises(SendFailed) as failed:
            await accounts.ask(channel, lambda of: of.callback_addresses())
        assert failed.value.text.zh
    await outbound.close()


async def test_the_line_reaches_its_platform_only():
    outbound = Outbound()
    there = line("https://api.example", outbound.api("https://api.example"), asyncio.get_running_loop())
    for url in (
        "https://api.example.evil/x",
        "https://api.weixin.qq.com/cgi-bin/token",
        "http://api.example/x",
    ):
        with pytest.raises(SendFailed) as failed:
            await asyncio.to_thread(there.session.get, url)
        assert failed.value.code == "elsewhere"
    await outbound.close()


async def test_text_goes_out_without_escapes():
    seen = []

    def answer(request):
        seen.append(request)
        return Response.json({"errcode": 0})

    outbound = Outbound()
    async with Server(answer) as server:
        there = line(server.url, outbound.api(server.url), asyncio.get_running_loop())
        body = json.dumps({"name": "菜单"}).encode()
        await asyncio.to_thread(lambda: there.session.post(f"{server.url}/x?a=1", data=body))
    await outbound.close()
    assert seen[0].body == '{"name": "菜单"}'.encode()
    assert (seen[0].path, seen[0].query) == ("/x", {"a": "1"})
