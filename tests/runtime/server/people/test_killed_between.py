"""The gateway dies while it answers somebody who is signed in; after the next start they are answered."""

import asyncio

from doorway import doorway, hear, say
from script import says

SEND = {"type": "send", "id": "m1", "input": "在吗"}


async def test_who_sends_the_same_again_is_answered_once_and_still_signed_in(tmp_path):
    gate = asyncio.Event()
    async with doorway(tmp_path, gate=gate) as first:
        pair = await first.come()
        async with first.line(pair["token"]) as there:
            await say(there, **SEND)
            await hear(there, "accepted")
            for _ in range(500):
                if first.models.requests:
                    break
                await asyncio.sleep(0.01)
            for background in (first.gateway._background, first.gateway._worker._background):
                await background.end()  # nothing that is done at an end is done
        async with doorway(tmp_path, says("回来了"), control=first.control) as second:
            async with second.line(pair["token"]) as there:
                await say(there, **SEND)
                assert (await hear(there))[-1] == {"type": "answered", "id": "m1", "reply": "回来了"}
            again = await second.post(
                "/agent/chat", {"input": "在吗"}, pair["token"], **{"idempotency-key": "m1"}
            )
            assert again.json() == {"reply": "回来了"}
            assert len(second.models.requests) == 1
