"""Who asks through the API: who hangs up, who asks the same again, how much was asked."""

import asyncio
from dataclasses import replace

import pytest
from world import world

from runtime.errors import Conflict
from runtime.message import Exchange
from runtime.turn.events import Failed, Replied, Stored, TextDelta
from script import Script, says, wrote

HISTORY = (Exchange("一", "壹"),)


def asked(**more):
    return wrote(**{"id": "k1", "sender": "key:c", **more})


async def ask(w, message=None, **more):
    return [event async for event in w.gateway.stream("p", message or asked(), **more)]


async def test_who_hangs_up_ends_the_turn_and_no_model_is_paid_for(tmp_path):
    async with world(tmp_path, says("好"), gate=asyncio.Event()) as w:
        asking = asyncio.ensure_future(ask(w, needs_listener=True))
        await w.until(lambda: w.models.requests)
        asking.cancel()
        await w.until(lambda: w.gateway._worker.find(1) is None)
        assert (await w.gateway.messages.outcome(1))[1] == "unwanted"


async def test_a_turn_that_will_be_asked_for_again_goes_on(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("好"), gate=gate) as w:
        asking = asyncio.ensure_future(ask(w))
        await w.until(lambda: w.models.requests)
        asking.cancel()
        again = asyncio.ensure_future(ask(w))
        await asyncio.gather(asking, return_exceptions=True)
        gate.set()
        assert (await again)[-1].text == "好"
        assert len(w.models.requests) == 1


async def test_as_long_as_one_listens_the_turn_goes_on(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("好"), gate=gate) as w:
        first, second = (asyncio.ensure_future(ask(w, needs_listener=True)) for _ in range(2))
        await w.until(lambda: w.models.requests and len(w.gateway._worker.find(1).watchers) == 2)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        gate.set()
        assert isinstance((await second)[-1], Replied)


class ByPieces(Script):
    """Writes one sign whenever it may."""

    async def complete(self, request, on_text=None, on_reset=None):
        self.requests.append(request)
        answer = self.answers[0]
        for piece in answer.text:
            await self.gate.wait()
            self.gate.clear()
            on_text(piece)
        await self.gate.wait()
        return answer


async def test_who_comes_later_is_told_what_was_written_before_and_nothing_twice(tmp_path):
    models = ByPieces([says("好的呢")], gate=asyncio.Event())
    async with world(tmp_path, models=models) as w:
        asking = [asyncio.ensure_future(ask(w, pieces=True))]
        await w.until(lambda: w.models.requests)
        for there in ("好", "好的", "好的呢"):
            models.gate.set()
            await w.until(
                lambda there=there: "".join(w.gateway._worker.find(1).written.get("answer", "")) == there
            )
            asking.append(asyncio.ensure_future(ask(w, pieces=True)))
            await w.until(lambda: len(w.gateway._worker.find(1).watchers) == len(asking))
        models.gate.set()
        found = await asyncio.gather(*asking)
    for told in found:
        assert told[0] == Stored()
        assert "".join(event.text for event in told if isinstance(event, TextDelta)) == "好的呢"
        assert told[-1].text == "好的呢"


async def test_who_wants_text_at_once_is_told_all_of_it_before_the_end(tmp_path):
    models = ByPieces([says("好的呢")], gate=asyncio.Event())
    told = []
    async with world(tmp_path, models=models) as w:
        asking = asyncio.ensure_future(ask(w, tell=told.append))
        for seen in range(1, 4):
            await w.until(lambda: w.models.requests)
            models.gate.set()
            await w.until(lambda seen=seen: len(told) == seen)
        assert not asking.done()
        models.gate.set()
        events = await asking
    assert [event.text for event in told] == ["好", "的", "呢"]
    assert [type(event) for event in events if isinstance(event, Stored | TextDelta | Replied)] == [
        Stored,
        Replied,
    ]


@pytest.mark.parametrize(
    "other",
    [{"text": "别的"}, {"history": HISTORY}, {"wishes": {"max_tokens": 5}}, {"data": {"url": "https://x"}}],
    ids=lambda other: next(iter(other)),
)
async def test_the_same_key_for_another_question_is_refused(tmp_path, other):
    async with world(tmp_path) as w:
        await ask(w)
        with pytest.raises(Conflict, match="Idempotency-Key"):
            await ask(w, replace(asked(), **other))


async def test_the_same_question_later_is_the_same(tmp_path):
    async with world(tmp_path, says("好")) as w:
        message = asked(history=HISTORY, wishes={"instructions": "x"}, at=1)
        events = [await ask(w, replace(message, at=at)) for at in (1, 99)]
    assert [end[-1].text for end in events] == ["好", "好"]
    assert len(w.models.requests) == 1


async def test_too_many_at_once_is_told(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, gate=gate) as w:
        first = [asyncio.ensure_future(ask(w, asked(id=f"k{n}"))) for n in range(20)]
        await w.until(lambda: w.models.requests)
        (end,) = await ask(w, asked(id="one more"))
        assert isinstance(end, Failed)
        assert end.code == "shed"
        gate.set()
        await asyncio.gather(*first)


async def test_what_was_shed_begins_anew_when_it_is_asked_again_and_runs_once(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, *[says("好")] * 21, gate=gate) as w:
        first = [asyncio.ensure_future(ask(w, asked(id=f"k{n}"))) for n in range(20)]
        await w.until(lambda: w.models.requests)
        for _ in range(2):  # there is no room for its repeat either
            (end,) = await ask(w, asked(id="one more"))
            assert end.code == "shed"
        gate.set()
        await asyncio.gather(*first)
        for events in await asyncio.gather(*(ask(w, asked(id="one more")) for _ in range(3))):
            assert events[-1].text == "好"
        assert len(w.models.requests) == 21
