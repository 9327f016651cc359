"""`python -m runtime.simulator --channel wecom_kf --port 8092 --callback URL`: the API for HONGYAN_WECOM_API.

GET /_settings is what to publish with; /_sent?since=N lists what arrived, /_states whose each customer is.
POST /_write {customer, text, menu_id}, /_enter and /_recall {customer, id} are a customer's doing; /_take,
/_reply {customer, text} and /_end a human's; /_fail {number, type} says that something sent did not arrive;
/_ctl sets {callback, page, empty_first, latency, script: {path: [fault, …]}}; /_verify checks the callback.
"""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Coroutine
from dataclasses import asdict
from time import time
from typing import Any

import aiohttp

from runtime.simulator import Knock
from runtime.simulator.http import Request, Response, Server
from runtime.simulator.wecom_kf.account import RIGHTS, Account
from runtime.simulator.wecom_kf.customers import House
from runtime.simulator.wecom_kf.platform import Platform

Json = dict[str, Any]


class RemoteControl:
    """The API, and the paths that steer it."""

    def __init__(self, account: Account, callback: str) -> None:
        self.callback = callback
        self.platform = Platform(account, time)
        self.house = House(account, self._knock, self.platform, time)
        self._tasks: set[asyncio.Task[Any]] = set()

    def __call__(self, request: Request) -> Response:
        if not request.path.startswith("/_"):
            return self.platform.call(request)
        body = json.loads(request.body or b"{}")
        match request.path:
            case "/_settings":
                return Response.json(self.house.account.settings)
            case "/_sent":
                since = int(request.query.get("since", "0"))
                sent = [asdict(one) for one in self.platform.sent[since:]]
                return Response.json({"next": len(self.platform.sent), "sent": sent})
            case "/_states":
                return Response.json({id: vars(one) for id, one in self.platform.sessions.items()})
            case "/_ctl":
                return Response.json(self._set(body))
            case "/_verify":
                self._begin(self._verify())
            case _:
                self._begin(self._act(request.path, body))
        return Response.json({"ok": True})

    def _set(self, wanted: Json) -> Json:
        platform = self.platform
        self.callback = str(wanted.get("callback", self.callback))
        platform.page = int(wanted.get("page", platform.page))
        platform.empty_first = bool(wanted.get("empty_first", platform.empty_first))
        platform.faults.latency = float(wanted.get("latency", platform.faults.latency))
        for path, script in wanted.get("script", {}).items():
            platform.faults.script(path, *script)
        return {"callback": self.callback, "page": platform.page, "latency": platform.faults.latency}

    async def _act(self, path: str, body: Json) -> None:
        house, customer = self.house, self.house.customer(str(body.get("customer", "")))
        text = str(body.get("text", ""))
        match path:
            case "/_write":
                await customer.write(text, str(body.get("menu_id", "")))
            case "/_enter":
                await customer.enter()
            case "/_recall":
                await customer.take_back(str(body["id"]))
            case "/_take":
                await house.take(customer)
            case "/_reply":
                await house.reply(customer, text)
            case "/_end":
                await house.end(customer)
            case "/_fail":
                await house.fail(self.platform.sent[int(body["number"])], int(body.get("type", 0)))

    async def _verify(self) -> None:
        sys.stdout.write(f"verified: {await self.house.verify()}\n")
        sys.stdout.flush()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _knock(self, knock: Knock) -> tuple[int, str]:
        """Each a connection of its own. Raises OSError when nobody opens."""
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.request(
                    knock.method,
                    self.callback,
                    params=knock.query,
                    data=knock.body or None,
                    allow_redirects=False,
                ) as response,
            ):
                return response.status, await response.text()
        except (aiohttp.ClientError, ValueError) as e:
            raise ConnectionError(str(e)) from e


async def serve(control: RemoteControl, port: int) -> None:
    """Until SIGTERM or Ctrl-C."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Server(control, port) as server:
        sys.stdout.write(f"HONGYAN_WECOM_API={server.url}\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m runtime.simulator --channel wecom_kf", description=__doc__
    )
    parser.add_argument("--port", type=int, default=8092)
    parser.add_argument("--callback", default="", help="the address that the account calls")
    parser.add_argument("--rights", choices=RIGHTS, default="verified")
    given = parser.parse_args()
    asyncio.run(serve(RemoteControl(Account(given.rights), given.callback), given.port))


if __name__ == "__main__":
    main()
