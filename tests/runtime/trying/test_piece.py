"""A piece of a flow, tried with what earlier blocks gave."""

import pytest

from runtime.agents.piece import acts, piece, wanted
from runtime.errors import Invalid, NotFound
from runtime.trying.piece import LARGEST, tried
from runtime.turn.events import BlockFinished, BlockStarted, Failed, Replied
from script import Script, agent, says, services

DOCS = {"type": "set", "id": "docs", "values": {"text": "龙井", "other": "x"}}
ASK = {"type": "model", "id": "ask", "prompt": {"text": "见 {{ docs.text }}"}, "input": "{{ message.text }}"}
INNER = {"type": "set", "id": "inner", "values": {"x": "{{ docs.text }}{{ item }}"}}
ROUNDS = {"type": "repeat", "id": "again", "over": "{{ docs.list }}", "flow": [INNER]}
WAY = {
    "type": "branch",
    "id": "way",
    "cases": [{"title": "一", "when": "true", "flow": [ASK]}],
    "otherwise": [],
}
SAY = {"type": "reply", "id": "say", "text": "{{ ask.text }}·{{ docs.text }}·{{ shop }}"}
CHANGES = {"type": "http_request", "method": "POST", "url": "https://api.example.com/orders"}
SHOP = [{"name": "shop", "default": "一叶"}]


async def events_of(part, values, models=None, *, alone, text="在吗"):
    return [one async for one in tried(part, services(models), text, values, alone=alone)]


async def test_a_block_runs_alone_and_from_it_on_with_what_is_given():
    models = Script([says("有货")])
    whole = agent(DOCS, WAY, SAY, variables=SHOP)
    assert wanted(whole, "ask", on=False) == ["docs.text"]
    assert wanted(whole, "say", on=True) == ["ask.text", "docs.text"]
    given = {"docs": {"text": "碧螺春"}}
    alone = await events_of(piece(whole, "ask", on=False), given, models, alone=True)
    assert [type(one).__name__ for one in alone] == ["BlockStarted", "ModelUsed", "BlockFinished", "Replied"]
    assert models.requests[0].messages[0]["content"] == "见 碧螺春"
    rest = await events_of(piece(whole, "ask", on=True), given, models, alone=False)
    assert [one.block for one in rest if isinstance(one, BlockStarted)] == ["ask", "say"]
    assert isinstance(rest[-1], Replied)
    assert rest[-1].text == "有货·碧螺春·一叶"


async def test_one_that_is_switched_off_or_in_a_round_or_gives_no_answer_runs_too():
    whole = agent(DOCS, ROUNDS, SAY, {"type": "tool", "id": "post", "tool": CHANGES})
    assert wanted(whole, "inner", on=False) == ["docs.text", "item"]
    part = piece(agent(DOCS, ROUNDS, {**INNER, "id": "off", "disabled": True}, SAY), "off", on=False)
    events = await events_of(part, {"docs": {"text": "a"}, "item": "b"}, alone=True)
    [done] = [one for one in events if isinstance(one, BlockFinished)]
    assert done.output == {"x": "ab"}
    assert not [one for one in events if isinstance(one, Failed)]
    assert [power.value for power in acts(piece(whole, "post", on=False))] == ["changes"]
    assert acts(piece(whole, "say", on=False)) == []


async def test_what_is_not_there_or_too_large_is_refused():
    with pytest.raises(NotFound):
        piece(agent(SAY), "nobody", on=True)
    for values in ([], {"x": "y" * LARGEST}):
        with pytest.raises(Invalid):
            await events_of(piece(agent(SAY), "say", on=False), values, alone=True)
