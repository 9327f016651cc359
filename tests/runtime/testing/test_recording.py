"""A conversation that took place becomes a test that is the same each time, and tells of nobody."""

import json

from runtime.safety.masking.masking import Masking
from runtime.testing.recording import Turned, recorded
from runtime.testing.running import run_case
from runtime.testing.suite import Suite
from script import Script, agent, calls, says, services

LOOK = {"type": "http_request", "name": "get_order", "url": "https://api.example.com/{{ id }}"}
IT = agent({"type": "model", "id": "m", "prompt": {"text": ""}, "tools": [LOOK]}, timezone="Asia/Shanghai")
ORDER = {"id": "A1", "paid": 88, "phone": "13912345678", "name": "陈大文"}
WAY = [
    {"type": "block_started", "block": "m", "kind": "model"},
    {"type": "tool_called", "block": "m", "call": "1", "name": "get_order", "arguments": {"id": "A1"}},
    {
        "type": "tool_returned",
        "block": "m",
        "call": "1",
        "name": "get_order",
        "result": json.dumps(ORDER),
        "ms": 3,
    },
    {"type": "model_used", "block": "m"},
]


async def test_what_was_said_and_given_is_in_it_and_it_passes_as_it_was():
    turns = [
        Turned("订单 A1 付了多少", "付了 88 元", 1_772_674_200.0, WAY),
        Turned("谢谢", "不客气", 1_772_681_400.0, [{"type": "block_started", "block": "m"}]),
    ]
    case = recorded(IT, turns, variables={"nobody": "x"})
    assert (case["at"], case["lines"][1]["after"]) == ("2026-03-05T09:30:00", 2.0)
    assert case["tools"] == [{"tool": "get_order", "arguments": {"id": "A1"}, "gives": ORDER}]
    assert case["lines"][0]["checks"] == [
        {"type": "calls", "tool": "get_order", "arguments": {"id": "A1"}},
        {"type": "contains", "text": "88"},
    ]
    assert case["lines"][1]["checks"] == [{"type": "contains", "text": "不客气"}]
    [kept] = Suite.load({"cases": [{"id": "one", **case}]}).cases
    models = Script([calls(("get_order", {"id": "A1"})), says("付了 88 元"), says("不客气")])
    assert (await run_case(kept, IT, services(models))).missed == []


def test_nobody_is_told_of_and_what_was_alike_still_is():
    known = {"id": "oAbCdEf-1234567890_xyzQ", "said": "我叫陈大文，电话 139 1234 5678，订单 20260305123456"}
    turns = [Turned(f"{known['said']}", "陈大文您好，已发到 chen@example.org", 1.0, WAY)]
    masking = Masking([known["id"], "老陈"])
    whole = json.dumps(recorded(IT, turns, masking=masking), ensure_ascii=False)
    for secret in ("陈大文", "13912345678", "1234 5678", "20260305123456", "chen@example.org", known["id"]):
        assert secret not in whole, secret
    case = json.loads(whole)
    assert case["tools"][0]["gives"]["name"] in case["lines"][0]["says"]
    assert case["tools"][0]["gives"] | {"name": "", "phone": ""} == ORDER | {"name": "", "phone": ""}
    cases = {
        "我是来退款的": "我是来退款的",
        "my name is Bob Stone": "my name is Alex Green",
        "id card 110101199003071234": "id card 110101199001010015",
        "openid oAbCdEf1234567890xyzQ": "openid id-1",
        "v1.2.3 costs 88 or 1234.50": "v1.2.3 costs 88 or 1234.50",
        "老陈 13800138000": "王小明 13800000001",
    }
    for text, shown in cases.items():
        one = Masking(["老陈"] if "老陈" in text else ())
        one.learn(text)
        assert one.masked(text) == shown
