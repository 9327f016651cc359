"""Our gateway behind a simulated WeChat, on a clock that jumps."""

import asyncio
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from runtime.channels import WebRequest
from runtime.errors import Refused
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication, Unobserved
from runtime.simulator.http import Server
from runtime.simulator.wechat.account_played import Habits, WeChat
from runtime.simulator.wechat.accounts import of_kind
from runtime.simulator.wechat.platform import Platform
from script import says, services

AGENT = {
    "format": 1,
    "safety": {"label": {"when": "never"}},
    "id": "shop",
    "name": "店",
    "limits": {"seconds": 600},
    "flow": [{"type": "model", "id": "answer"}],
}


@dataclass
class SlowModel:
    """Answers `A7A` to `Q7E` after so many seconds."""

    seconds: float
    text: str = "这是回答。"
    requests: list = field(default_factory=list)

    async def complete(self, request, on_text=None, on_reset=None):
        self.requests.append(request)
        await asyncio.sleep(self.seconds)
        marks = re.findall(r"Q(\d+)E", str(request.messages[-1]["content"]))
        return says(f"A{marks[-1]}A {self.text}" if marks else self.text)


@dataclass
class World:
    gateway: Gateway
    wechat: WeChat
    platform: Platform
    model: SlowModel

    async def page(self, url):
        """What a page of ours shows, as soon as it shows the answer."""
        key = url.rstrip("/").rpartition("/")[2]
        pages = self.gateway.messages.pages
        while not (shown := await pages.find(key, self.wechat.clock())).reply:  # noqa: ASYNC110 # so does the page itself
            await asyncio.sleep(1)
        await pages.seen(shown, self.wechat.clock())
        return shown.reply

    async def states(self):
        return await self.gateway.messages.database.read(
            lambda db: [state for (state,) in db.execute("select state from messages order by seq")]
        )


@asynccontextmanager
async def world(
    folder,
    kind="verified_service",
    seconds=2.0,
    habits=None,
    public_url="https://bot.test",
    probed=True,
    wall=None,
    agent=AGENT,
    settings=None,
    senses=None,
    makes=None,
    **more,
):
    """Everything on this loop, which should be a FastLoop. `wall`: the gateway's clock, if it goes wrong.
    `settings`: what the owner entered otherwise. `senses`: made of where files are kept.
    `makes`: gives files an address."""
    loop = asyncio.get_running_loop()
    account, model = replace(of_kind(kind), **more), SlowModel(seconds)
    platform = Platform([account], loop.wall)
    async with Server(platform.call) as server:
        hosts = {"HONGYAN_WECHAT_API": server.url}
        gateway = Gateway(
            folder,
            OnePublication("wechat", {**account.settings, **(settings or {})}, agent),
            replace(services(model), makes=makes),
            Unobserved(),
            hosts,
            lambda: public_url,
            clock=wall or loop.wall,
            outside=loop.outside,
            senses=senses and senses(folder / "media"),
        )
        await gateway.start()
        if probed:
            [surface] = gateway.surfaces.all()
            await gateway.abilities.find_out(surface)

        async def door(push):
            try:
                response = await gateway.callback("p", WebRequest(push.method, push.query, push.body))
            except Refused:
                return 403, ""
            return response.status, response.body

        wechat = WeChat(account, door, platform, clock=loop.wall, habits=habits or Habits())
        it = World(gateway, wechat, platform, model)
        try:
            yield it
        finally:
            await wechat.settle()
            await gateway.stop()


ASKS_BOTH = {
    "format": 1,
    "id": "shop",
    "name": "店",
    "flow": [
        {
            "type": "ask",
            "id": "ask",
            "fields": [
                {"name": "kind", "title": "办什么", "type": "choice", "choices": ["退货", "换货"]},
            ],
        },
        {"type": "approve", "id": "ok", "question": "{{ ask.fields.kind }}？"},
        {"type": "reply", "id": "say", "text": "{{ ask.fields.kind }}办好了"},
    ],
}
"""Waits for its person, then for an operator."""
