"""`kill -9` around a consent: a code is used once, and what it brought is not lost."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import aiohttp
from component_world import FIRST, ITS, PUBLIC, entered

from bench.ports import free_port
from runtime.simulator.http import Server
from runtime.simulator.wechat_component.component import Teller, page_of
from runtime.simulator.wechat_component.platform import ComponentPlatform
from runtime.store.control.control import Control

TESTS = Path(__file__).parents[2]
GATEWAY = """
import asyncio, sys
from pathlib import Path
from runtime.channels import WebRequest
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import Unobserved
from runtime.store.control.control import Control
from script import Script, services
from aiohttp import web

async def main(folder, url, public, port):
    control = Control.in_folder(Path(folder))
    gateway = Gateway(Path(folder), control, services(Script()), Unobserved(), {"HONGYAN_WECHAT_API": url},
                      lambda: public)
    await gateway.start()

    async def called(request):
        came = WebRequest("POST", dict(request.query), await request.read())
        response = await gateway.callback(request.match_info["id"], came)
        return web.Response(text=response.body, status=response.status)

    app = web.Application()
    app.router.add_post("/c/{id}", called)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(port)).start()
    await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""


async def begun(folder, url, port, crash=""):
    paths = os.pathsep.join((str(TESTS.parent), str(TESTS)))
    environ = os.environ | {"PYTHONPATH": paths, "HONGYAN_CRASH_AT": crash}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", GATEWAY, str(folder), url, PUBLIC, str(port)), env=environ
    )


async def until(is_so):
    async with asyncio.timeout(50):
        while not is_so():  # noqa: ASYNC110 # another process brings it about
            await asyncio.sleep(0.02)


async def told(url, push):
    """As the platform does it; again when nobody is there yet, or dies over it."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(50):
        while True:
            try:
                async with session.post(url, params=push.query, data=push.body) as response:
                    return await response.text()
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)


async def test_a_death_loses_no_consent(tmp_path):
    platform, control = ComponentPlatform([FIRST], ITS, time.time), Control.in_folder(tmp_path)
    id = entered(control).publication
    teller, port = Teller(ITS), free_port()

    def kept():
        return control.grants.kept(f"{ITS.app_id} {FIRST.app_id}").get("refresh_token")

    url = f"http://127.0.0.1:{port}{control.publication(id).path}"
    async with Server(platform.call) as server:
        killed = await begun(tmp_path, server.url, port, "before_grant")
        ticket = teller.event(
            "component_verify_ticket", time.time(), ComponentVerifyTicket=platform.desk.new_ticket()
        )
        assert await told(url, ticket) == "success"
        await until(lambda: control.joinings.find(id).stage == "shown")
        page = page_of(control.joinings.find(id).content)
        consented = {
            "AuthorizerAppid": FIRST.app_id,
            "AuthorizationCode": platform.desk.consent(FIRST.app_id),
            "PreAuthCode": page,
        }
        telling = asyncio.create_task(told(url, teller.event("authorized", time.time(), **consented)))
        assert await asyncio.wait_for(killed.wait(), 50) == -signal.SIGKILL
        assert control.publication(id).account == ""
        alive = await begun(tmp_path, server.url, port)
        try:
            await until(lambda: control.publication(id).account == FIRST.app_id)
            assert await telling == "success"
            # a refresh that is under way is given time to be kept: the platform has the newer one first
            await until(lambda: kept() == platform.desk.consents[FIRST.app_id].refresh_token)
        finally:
            alive.terminate()
            await alive.wait()
