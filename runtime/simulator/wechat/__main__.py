"""`python -m runtime.simulator.wechat --port 8091`: the fake API host, for HONGYAN_WECHAT_API.

GET /_sent?since=N lists what arrived; POST /_ctl sets {"latency": seconds, "script": {path: [fault, …]},
"chance": {path: {fault: share}}}; POST /_expire voids every token; POST /_clear starts afresh.
"""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from runtime.simulator.http import Request, Response, Server
from runtime.simulator.wechat.accounts import RIGHTS, Account
from runtime.simulator.wechat.platform import Platform


class RemoteControl:
    """The platform's API, and the paths that steer it."""

    def __init__(self, platform: Platform) -> None:
        self._platform, self.faults = platform, platform.faults

    def __call__(self, request: Request) -> Response:
        platform = self._platform
        match request.path:
            case "/_sent":
                since = int(request.query.get("since", "0"))
                sent = [asdict(one) for one in platform.sent[since:]]
                return Response.json({"next": len(platform.sent), "sent": sent})
            case "/_ctl":
                return Response.json(self._set(json.loads(request.body)))
            case "/_expire":
                platform.tokens.void()
            case "/_clear":
                platform.sent.clear()
                platform.faults.clear()
            case _:
                return platform.call(request)
        return Response.json({"ok": True})

    def _set(self, wanted: dict[str, Any]) -> dict[str, Any]:
        faults = self._platform.faults
        faults.latency = float(wanted.get("latency", faults.latency))
        for path, script in wanted.get("script", {}).items():
            faults.script(path, *script)
        for path, chances in wanted.get("chance", {}).items():
            shares = {int(fault) if fault.lstrip("-").isdigit() else fault: p for fault, p in chances.items()}
            faults.chance(path, shares)
        return {"latency": faults.latency}


async def serve(control: RemoteControl, port: int) -> None:
    """Until SIGTERM or Ctrl-C."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Server(control, port) as server:
        sys.stdout.write(f"HONGYAN_WECHAT_API={server.url}\n")
        sys.stdout.flush()
        await stop.wait()


def begin(ours: Account, steered: Callable[[Account], RemoteControl], about: str) -> None:
    """What the command line says of the account, played until it is ended."""
    parser = argparse.ArgumentParser(prog="python -m runtime.simulator", description=about)
    parser.add_argument("--port", type=int, default=8091)
    parser.add_argument("--kind", choices=list(RIGHTS), default=ours.kind)
    parser.add_argument("--app-id", default=ours.app_id)
    parser.add_argument("--app-secret", default=ours.app_secret)
    parser.add_argument("--latency", type=float, default=0.02, help="seconds before each response")
    given = parser.parse_args()
    account = replace(ours, kind=given.kind, app_id=given.app_id, app_secret=given.app_secret)
    control = steered(account)
    control.faults.latency = given.latency
    asyncio.run(serve(control, given.port))


if __name__ == "__main__":
    begin(Account(), lambda account: RemoteControl(Platform([account], open_to_all=True)), str(__doc__))
