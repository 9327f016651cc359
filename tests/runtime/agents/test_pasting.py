"""Blocks from a clipboard: read strictly, and switched off where they could act or use the owner's things."""

import pytest

from runtime.agents.pasting import pasted
from runtime.errors import BadAgent

SAY = {"type": "reply", "id": "say", "text": "好"}
READS = {"type": "web_page", "hosts": ["docs.example.com"]}
CHANGES = {"type": "http_request", "method": "POST", "url": "https://api.example.com/orders"}
SECRET = {
    "type": "http_request",
    "url": "https://api.example.com/x",
    "headers": {"Authorization": "{{ secret.key }}"},
}
CASE = {"title": "一", "when": "true"}


def ask(*tools, **more):
    return {"type": "model", "id": "ask", "prompt": {"text": "x"}, "tools": list(tools), **more}


def way(*flow):
    return {"type": "branch", "id": "way", "cases": [{**CASE, "flow": list(flow)}]}


@pytest.mark.parametrize(
    ("blocks", "off"),
    [
        ([SAY, ask({"type": "clock"})], {}),
        ([SAY, ask(READS)], {"ask": "read from outside (docs.example.com)"}),
        ([SAY, ask(CHANGES)], {"ask": "change things elsewhere (api.example.com)"}),
        ([way(SAY, ask(CHANGES, disabled=False))], {"ask": "change things elsewhere (api.example.com)"}),
        (
            [ask(SECRET)],
            {"ask": "read from outside (api.example.com), use the secret “key”, sent to api.example.com"},
        ),
        ([{"type": "agent", "id": "inner", "agent": "boss"}], {"inner": "let the agent 'boss' answer"}),
        (
            [{"type": "knowledge", "id": "docs", "bases": ["pay"]}],
            {"docs": "look into the knowledge base “pay”"},
        ),
    ],
    ids=lambda one: None,
)
def test_what_could_act_comes_in_switched_off(blocks, off):
    found, acts = pasted(blocks)
    assert {id: words.en for id, words in acts} == off
    inner = [case for block in found for case in block.get("cases", [])]
    all_of_them = [*found, *(block for case in inner for block in case["flow"])]
    assert {block["id"] for block in all_of_them if block.get("disabled")} == off.keys()


@pytest.mark.parametrize(
    ("blocks", "field"),
    [
        ("text", "flow"),
        ([None], "flow.0"),
        ([{"type": "nothing", "id": "x"}], "flow.0"),
        ([{**SAY, "id": "__proto__-"}], "flow.0.id"),
        ([{**SAY, "unknown": 1}], "flow.0.unknown"),
        ([SAY, SAY], "flow.1.id"),
        ([{**SAY, "text": 5}], "flow.0.text"),
        ([{**SAY, "id": f"s{n}"} for n in range(300)], "flow"),
    ],
    ids=lambda one: None,
)
def test_what_is_no_block_is_refused_with_its_place(blocks, field):
    with pytest.raises(BadAgent) as refused:
        pasted(blocks)
    assert refused.value.field.startswith(field)
