"""What walking a flow costs when no model is asked."""

import asyncio
import time

from bench.ground import Ground
from bench.table import Row
from runtime.agents.agent import Agent
from runtime.engine import run
from runtime.message import Message
from runtime.models.completion import Answer, Models, Request
from runtime.network.egress import Egress
from runtime.templating.prompts import Prompts
from runtime.turn.events import BlockFinished, Replied
from runtime.turn.turn import Services

SETS = [
    {"type": "set", "id": f"set_{n}", "values": {"x": f"{{{{ message.text | length + {n} }}}}"}}
    for n in range(6)
]
FLOW = [
    {"type": "note", "id": "about", "text": "…"},
    {
        "type": "extract", "id": "order", "model": "",
        "fields": [{"name": "day", "type": "date"}, {"name": "guests", "type": "number"}],
    },
    *SETS,
    {
        "type": "classify", "id": "wish", "model": "",
        "intents": [
            {
                "title": "订座", "examples": ["我要订座", "订一张桌子", "book a table"],
                "flow": [
                    {
                        "type": "branch", "id": "many",
                        "cases": [{"when": "order.fields.guests > 8", "flow": []}],
                        "otherwise": [{"type": "set", "id": "few", "values": {"table": "小桌"}}],
                    }
                ],
            },
            {"title": "退款", "examples": ["我要退款", "把钱退给我"]},
        ],
    },
    {"type": "reply", "id": "say", "text": "{{ order.fields.day }} {{ few.table }}"},
]  # fmt: skip
BLOCKS = 12
TEXT = "我要订座，2030年5月1日，三位"
MOST_MS = 2.0


class NoModel(Models):
    async def complete(self, request: Request, on_text: object = None, on_reset: object = None) -> Answer:
        raise AssertionError("no model is asked")


async def walked(ground: Ground) -> list[Row]:
    """CPU of the whole turn, from the message to the answer, once templates are compiled."""
    agent = Agent.load({"format": 1, "id": "bench", "name": "压测", "flow": FLOW})
    services = Services(NoModel(), Prompts([]), Egress())
    times = int(ground.of(200, 1000))
    done = 0
    for part in (20, times):
        before = time.process_time()
        for number in range(part):
            message = Message(id=str(number), sender="bench", text=TEXT, at=time.time())
            events = [event async for event in run(agent, message, [], services)]
            done = sum(isinstance(event, BlockFinished) for event in events)
            assert isinstance(events[-1], Replied), events[-1]
            assert (done, events[-1].text) == (BLOCKS, "2030-05-01 小桌")
        cpu = 1000 * (time.process_time() - before) / part
    await asyncio.sleep(0)
    return [
        Row("17", f"a flow of {done} blocks without a model", "", f"{cpu:.2f} ms CPU",
            f"<= {MOST_MS:g} ms CPU", cpu <= MOST_MS)
    ]  # fmt: skip
