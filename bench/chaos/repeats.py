"""The same message arrives many times: at once, while it is answered, after it, and after a restart."""

import asyncio
import time

from bench.chaos.trial import Trial
from bench.client import Client
from bench.invariants import Broken
from runtime.simulator.history import Pushed
from runtime.simulator.wechat.wire import Wire

PATIENCE = 5.0
AFTERWARDS = 3
"""Times that each message is delivered once more after the restart."""


async def repeats(trial: Trial) -> None:
    """Messages of long ago and of just now, each time signed anew."""
    under_way = []
    pushed = trial.load.history.pushed
    while not await trial.pause(0.05, 0.05):
        for one in trial.dice.choices(list(pushed.values()), k=6):
            under_way.append(asyncio.create_task(_deliver(trial, one)))
    await asyncio.gather(*under_way)
    await trial.stop()
    await trial.start()
    for _ in range(AFTERWARDS):
        await asyncio.gather(*(_deliver(trial, one) for one in pushed.values()))


async def _deliver(trial: Trial, message: Pushed) -> None:
    """What the response says is not shown to anybody: WeChat has asked for this message before."""
    account = trial.load.account
    wire, client = Wire(account), Client(trial.gateway.callback)
    fields: dict[str, str | int] = {
        "ToUserName": account.original_id,
        "FromUserName": message.person,
        "CreateTime": int(message.at),
        "MsgType": "text",
        "Content": f"Q{message.id}E",
        "MsgId": int(message.id),
    }
    push = wire.push(fields, time.time())
    path = f"{client.path}?{push.query_string}"
    answer = await client.request(client.raw("POST", path, push.body, "Content-Type: text/xml\r\n"), PATIENCE)
    reply = wire.read(message.person, answer.status, answer.body.decode())
    if reply.kind == "fault":
        trial.broken.append(Broken("P1", message.id, f"a repeat was answered with {reply.text}"))
