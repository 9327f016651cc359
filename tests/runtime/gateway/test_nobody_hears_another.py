"""However the messages of many people cross, what a model is asked holds one person's words alone."""

import asyncio
import random
import re

from world import Account, world

from script import Script, says

AGENT = {
    "format": 1,
    "id": "shop",
    "name": "店",
    "memory": {"type": "window", "turns": 10},
    "limits": {"messages_per_minute": 1000},
    "flow": [
        {"type": "model", "id": "answer", "prompt": {"text": "{{ person.id }}：{{ conversation|length }}"}}
    ],
}
MARK = re.compile(r"\b(u\d)#\d+")


class Told(Script):
    """Answers with the mark of whom it answers."""

    async def complete(self, request, on_text=None, on_reset=None):
        self.requests.append(request)
        mine = MARK.findall(str(request.messages[-1]))
        await asyncio.sleep(random.Random(len(self.requests)).random() / 50)
        return says(f"{mine[-1]}#0" if mine else "?")


async def test_a_model_hears_one_person(tmp_path):
    dice = random.Random(7)
    models = Told()
    async with world(tmp_path, agent=AGENT, models=models, account=Account(can_push=False)) as w:
        people = [f"u{n}" for n in range(6)]
        lines = {who: asyncio.Queue() for who in people}
        heard = {who: [] for who in people}

        async def writes(who):
            while (n := await lines[who].get()) is not None:
                heard[who].append(await w.push(f"{who}#{n} 你好", id=f"m{n}", **{"from": who}))

        for n in range(120):
            lines[dice.choice(people)].put_nowait(n)
        for line in lines.values():
            line.put_nowait(None)
        await asyncio.gather(*map(writes, people))
        assert len(models.requests) >= 100
        for request in models.requests:
            assert len(set(MARK.findall(str(request.messages)))) == 1
        for who in people:
            assert {mark for said in heard[who] for mark in MARK.findall(said)} <= {who}
