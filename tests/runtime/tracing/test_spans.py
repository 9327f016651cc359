"""A turn as OpenTelemetry's spans: by the conventions for generative AI, and without anybody's words."""

import json
import re
from datetime import datetime

import pytest

from runtime.errors import ToolFailed
from runtime.gateway.job import Job
from runtime.lang import Text
from runtime.network.fetched import Fetched
from runtime.store.control.secrets import SecretBox
from runtime.store.messages.messages import Outcome
from runtime.tracing.export import BATCH, WAITING, Export, request
from runtime.tracing.spans import LONGEST, spans
from script import wrote

SECRET = "my-own-words"
TRACE = [
    {"type": "block_started", "block": "answer", "kind": "model", "title": SECRET},
    {
        "type": "model_used", "block": "answer", "model": "ds/chat", "prompt_tokens": 100,
        "completion_tokens": 7,
        "cost": 0.002, "first_token_ms": 250, "ms": 1000, "finish": "tool_calls",
        "failed": ["slow/one"], "cached_tokens": 40, "reasoning_tokens": 3,
        "thoughts": SECRET,
    },
    {"type": "tool_called", "block": "answer", "call": "c1", "name": "clock", "arguments": {"x": SECRET}},
    {"type": "tool_returned", "block": "answer", "call": "c1", "name": "clock", "ms": 300, "result": SECRET,
     "failed": True},
    {"type": "model_used", "block": "answer", "model": "ds/chat", "prompt_tokens": 1, "completion_tokens": 1,
     "cost": None, "first_token_ms": 1, "ms": 5000, "cached": ""},
    {"type": "model_used", "block": "answer", "model": "ds/chat", "cached": "exact", "ms": 1},
    {"type": "replied", "text": SECRET},
]  # fmt: skip
SURFACE = type("S", (), {"id": "shop-1", "kind": "api"})()
SURFACE.agent = type("A", (), {"id": "shop", "name": "店" * 500})()


OURS, OTHERS = SecretBox(["our own key"]), SecretBox(["somebody else's key"])


async def made(box=OURS, **more):
    job = Job(7, SURFACE, wrote(SECRET))
    given = {"failure": "", "handoff": True, "prompt_tokens": 101, "completion_tokens": 8, **more}
    outcome = Outcome(SECRET, 3, reason=Text(SECRET, SECRET), trace=TRACE, **given)
    return spans(job, outcome, 1_790_000_010.0, 4.0, box.mark, {"ds": "moonshot"})


async def test_a_turn_is_by_the_conventions():
    whole, first, tool, second = await made()
    assert [one.name for one in (whole, first, tool, second)] == [
        f"invoke_agent {'店' * (LONGEST - 13)}", "chat chat", "execute_tool clock", "chat chat",
    ]  # fmt: skip
    assert {one.trace for one in (first, tool, second)} == {whole.trace}
    assert {one.parent for one in (first, tool, second)} == {whole.id}
    assert (whole.began, whole.ended) == (1_790_000_006.0, 1_790_000_010.0)
    assert [round(one.ended - one.began, 3) for one in (first, tool, second)] == [
        1.0,
        0.3,
        2.7,
    ]  # never beyond it
    assert first.attributes["gen_ai.usage.input_tokens"] == 100
    assert first.attributes["gen_ai.usage.cost"] == 0.002
    assert first.attributes["gen_ai.provider.name"] == "moonshot_ai"
    assert first.attributes["gen_ai.request.model"] == "chat"
    assert first.attributes["hongyan.model"] == "ds/chat"
    assert first.attributes["gen_ai.usage.cache_read.input_tokens"] == 40
    assert first.attributes["gen_ai.usage.reasoning.output_tokens"] == 3
    assert first.attributes["gen_ai.response.finish_reasons"] == ["tool_calls"]
    assert first.attributes["hongyan.fallbacks"] == 1
    assert "gen_ai.usage.cost" not in second.attributes
    assert (tool.attributes["gen_ai.tool.name"], tool.failed) == ("clock", "tool_failed")
    assert whole.attributes["hongyan.message"] == 7


async def test_what_langfuse_adds_up_is_there_once_and_what_it_groups_by_is_everywhere():
    every = await made()
    assert [one.name.split()[0] for one in every if _summed(one)] == ["chat", "chat"]
    for name in ("session.id", "user.id", "gen_ai.conversation.id", "langfuse.trace.name"):
        [said] = {one.attributes[name] for one in every}
        assert said
    began = every[1].attributes["langfuse.observation.completion_start_time"]
    assert datetime.fromisoformat(began).timestamp() == every[1].began + 0.25
    assert every[0].attributes["langfuse.trace.tags"] == ["api"]


def _summed(one):
    return any(name.startswith("gen_ai.usage.") for name in one.attributes)


async def test_nobody_s_words_go_along_and_names_are_bounded():
    told = json.dumps(request(await made(failure="model")), ensure_ascii=False)
    assert SECRET not in told
    assert "u1" not in re.findall(r'"stringValue": "([^"]*)"', told)
    assert "店" * (LONGEST + 1) not in told


async def test_who_wrote_is_told_by_nobody_who_tries_out_names():
    """A telephone number is found among all there are in a moment, where the hash has no key."""
    ours, again, others = [(await made(box))[0] for box in (OURS, OURS, OTHERS)]
    names = ("user.id", "session.id", "gen_ai.conversation.id")
    assert ours.trace == again.trace != others.trace
    for name in names:
        assert ours.attributes[name] == again.attributes[name] != others.attributes[name]


async def test_what_is_sent_is_otlp_in_json():
    [scope] = request(await made(failure="model"))["resourceSpans"][0]["scopeSpans"]
    whole = scope["spans"][0]
    assert re.fullmatch("[0-9a-f]{32}", whole["traceId"])
    assert re.fullmatch("[0-9a-f]{16}", whole["spanId"])
    assert (whole["parentSpanId"], whole["kind"]) == ("", 1)
    assert whole["startTimeUnixNano"] == "1790000006000000000"
    assert whole["status"] == {"code": 2, "message": "model"}
    values = {one["key"]: one["value"] for one in whole["attributes"]}
    assert values["hongyan.input_tokens"] == {"intValue": "101"}
    assert values["langfuse.trace.tags"] == {"arrayValue": {"values": [{"stringValue": "api"}]}}
    assert values["hongyan.handed"] == {"boolValue": True}
    assert values["error.type"] == {"stringValue": "model"}


class Collector:
    def __init__(self, *answers):
        self.answers, self.got = list(answers), []

    async def fetch(self, method, url, **given):
        self.got.append((method, url, given))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return Fetched(url, answer, {}, b"")


def exporting(*answers, url="https://otel.example/x"):
    collector = Collector(*answers)
    return collector, Export(collector, url, {"authorization": "Basic x"})


@pytest.mark.parametrize("url", ["https://otel.example/x", "https://otel.example/x/v1/traces"])
async def test_spans_are_brought_in_batches_to_the_place_that_was_named(url):
    collector, export = exporting(url=url)
    one = (await made())[0]
    export.add([one] * (BATCH + 1))
    await export.flush()
    assert [where for _, where, _ in collector.got] == ["https://otel.example/x/v1/traces"] * 2
    assert collector.got[0][2]["headers"]["authorization"] == "Basic x"
    assert collector.got[0][2]["reach"].tool == "traces"
    assert export.lost == 0


async def test_a_collector_that_takes_nothing_costs_nothing():
    collector, export = exporting(503, ToolFailed(Text("没有", "it is not there")))
    one = (await made())[0]
    for _ in range(2):
        export.add([one])
        await export.flush()
    assert (export.lost, len(collector.got)) == (2, 2)
    export.add([one] * (WAITING + 5))
    assert export.lost == 7
    await export.flush()
    assert export.lost == 7
