"""A chat page with its server, and a shop on another site that embeds it and allows little, in a thread."""

import asyncio
import threading
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bench.ports import free_port
from doorway import AGENT, Doorway, doorway, publish
from runtime.store.control.control import Control
from script import says
from served import served

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Shop</h1><a href="/two">Next page</a><input aria-label="search"></main>{tag}</body></html>"""


@dataclass
class World:
    """`us`, `shop`: addresses."""

    us: str
    shop: str
    door: Doorway
    loop: asyncio.AbstractEventLoop
    gate: asyncio.Event

    def tell(self, *texts):
        """What the model says from now on; the last one again and again."""
        self.door.models.answers[:] = [says(text) for text in texts]

    def hold(self):
        """Nothing is answered until release()."""
        self.loop.call_soon_threadsafe(self.gate.clear)

    def release(self):
        self.loop.call_soon_threadsafe(self.gate.set)

    def asked(self):
        """What people asked, as the model was told of it last."""
        return [
            [one["content"] for one in request.messages if one["role"] == "user"][-1]
            for request in self.door.models.requests
        ]


@contextmanager
def chat_world(folder):
    started, over = threading.Event(), []
    thread = threading.Thread(target=lambda: asyncio.run(_run(folder, started, over)))
    thread.start()
    assert started.wait(30), "the chat's server did not start"
    world, stop = over
    try:
        yield world
    finally:
        world.loop.call_soon_threadsafe(stop.set)
        thread.join(30)


async def _run(folder, started, over):
    gate, stop = asyncio.Event(), asyncio.Event()
    gate.set()
    control = Control.in_folder(folder)
    async with AsyncExitStack() as stack:
        shop_port = free_port()
        shop = f"http://localhost:{shop_port}"
        settings = {"origins": shop, "title": "问茶", "suggestions": "怎么泡？\n几点开门？"}
        publish(control, "page", "web", settings, {"identity_secret": "s" * 40}, AGENT)
        publish(control, "closed", "web", {}, {}, AGENT)
        door = await stack.enter_async_context(doorway(folder, gate=gate, control=control))
        us = f"http://127.0.0.1:{door.port}"
        await stack.enter_async_context(served(_shop(us), shop_port))
        over += [World(us, shop, door, asyncio.get_running_loop(), gate), stop]
        started.set()
        await stop.wait()


def _shop(us):
    policy = (
        f"default-src 'none'; script-src {us}; connect-src {us} {us.replace('http', 'ws')}; "
        "require-trusted-types-for 'script'; base-uri 'none'"
    )

    async def page(request):
        publication = request.query_params.get("chat", "page")
        more = request.query_params.get("more", "")
        tag = f'<script src="{us}/chat/{publication}/widget.js" async {more}></script>'
        return HTMLResponse(PAGE.format(tag=tag), headers={"content-security-policy": policy})

    async def framing(request):
        return HTMLResponse(f'<!doctype html><title>x</title><iframe src="{us}/chat/page"></iframe>')

    async def icon(request):
        return Response(status_code=204)

    paths = {"/": page, "/two": page, "/frame": framing, "/favicon.ico": icon}
    return Starlette(routes=[Route(path, work) for path, work in paths.items()])
