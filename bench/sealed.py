"""Row 27: what it costs the store that what people write is encrypted in it."""

import asyncio
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.ground import Ground
from bench.table import Row
from runtime.message import Message
from runtime.store.control.control import Control
from runtime.store.messages.beside import writing
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.switching import NOTICED, step, switch

MOST_MS = 1.5
"""Of CPU a message, beside what it costs plainly."""
PEOPLE = 50
WORDS = "你好，我想问一下订单什么时候到" * 5


async def cost(ground: Ground) -> list[Row]:
    """Taken, answered, and told to the next turn."""
    number = int(ground.of(300, 2_000))
    plain, sealed = await _ms(number, on=False), await _ms(number, on=True)
    more = sealed - plain
    target = f"≤ {MOST_MS} more"
    return [
        Row("27", "ms of CPU a message, encrypted", f"{plain:.2f}", f"{sealed:.2f}", target, more <= MOST_MS)
    ]


async def _ms(number: int, *, on: bool) -> float:
    with tempfile.TemporaryDirectory() as home:
        data = Path(home) / "data"
        await asyncio.to_thread(Control.in_folder, data)
        path = data / "messages.db"
        with writing(path) as db:
            if on:
                switch(db, "on", time.time() - NOTICED)
                step(db, time.time())
        with closing(Messages(path)) as messages:
            began = time.process_time()
            for n in range(number):
                sender = f"u{n % PEOPLE}"
                came = await messages.accept("p", Message(f"m{n}", sender, WORDS), 2.0, turns=5)
                trace = [{"type": "model_used", "text": WORDS}]
                outcome = Outcome(WORDS, 1, trace=trace)
                await messages.finish(came.seq, outcome, [WORDS], 3.0, "answered")
            return 1000 * (time.process_time() - began) / number
