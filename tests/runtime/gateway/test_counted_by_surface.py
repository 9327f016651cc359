"""What a gateway counts of its messages, by the surface that they came on."""

import asyncio

from world import ANSWERS, now, world

from runtime.message import Message
from script import says

VERDICTS = ("good", "bad", "none")
HANDS = {**ANSWERS, "flow": [*ANSWERS["flow"], {"type": "handoff", "id": "human"}]}


def read(w, name, **labels):
    return w.gateway.metrics.registry.get_sample_value(name, labels) or 0


async def test_rate_failures_and_time_stand_by_surface(tmp_path):
    async with world(tmp_path, says("好"), agent=HANDS) as w:
        assert read(w, "hongyan_queue_age_seconds") == 0
        assert await w.push("找人") == "success"
        await w.until(lambda: read(w, "hongyan_turns_total", channel="plain", failure=""))
        assert read(w, "hongyan_callbacks_total", channel="plain", outcome="accepted") == 1
        assert read(w, "hongyan_handed_total", channel="plain") == 1
        assert read(w, "hongyan_turn_seconds_count", channel="plain") == 1
        assert read(w, "hongyan_ack_seconds_count", channel="plain") == 1
        [tries] = [
            one
            for family in w.gateway.metrics.registry.collect()
            for one in family.samples
            if one.name == "hongyan_model_tries_total"
        ]
        assert (tries.labels["outcome"], tries.value) == ("answered", 1)


async def test_the_age_of_the_queue_is_that_of_the_oldest_message(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("好"), says("也好"), gate=gate) as w:
        assert await w.push("一", id="1", **{"from": "u1"}) == "success"
        await asyncio.sleep(40)
        assert await w.push("二", id="2", **{"from": "u2"}) == "success"
        await asyncio.sleep(2)
        assert 42 <= read(w, "hongyan_queue_age_seconds") < 45
        gate.set()
        await w.until(lambda: read(w, "hongyan_turns_total", channel="plain", failure="") == 2)
        assert read(w, "hongyan_queue_age_seconds") == 0
        assert 42 <= read(w, "hongyan_answer_seconds_sum", channel="plain") < 50


async def test_what_people_think_is_counted_and_other_words_are_not(tmp_path):
    async with world(tmp_path, says("好")) as w:
        [surface] = w.gateway.surfaces.all()
        for n, verdict in enumerate(("good", "bad", "bad", "excellent", ["bad"])):
            told = {"event": "rated", "of": "1-000000000000", "verdict": verdict}
            event = Message(f"r{n}", "u1", "", "event", now(), told)
            await w.gateway._intake.take(surface, [event])
        found = [
            read(w, "hongyan_ratings_total", channel="plain", verdict=v) for v in ("good", "bad", "none")
        ]
        assert found == [1, 2, 0]
