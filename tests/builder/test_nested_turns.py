"""What runs in rounds and in other agents is told inside of the block that runs it."""

import json

from builder.actions.agents import live_state
from builder.actions.transcript import STEP, Transcript
from builder.insights import _trace
from runtime.agents.agent import Agent
from runtime.publish.publications import publish
from runtime.turn.within import holder, placed, round_of
from script import Script, calls, play, says, wrote

PLACES = [
    # within, its holder, its round
    ("", "", 0),
    ("ask", "ask", 0),
    ("each.3", "each", 3),
    ("each.3/ask", "each.3/ask", 0),
    ("ask/each.12", "ask/each", 12),
    ("lead.0.1", "lead", 0),
]
TEA = {
    "id": "tea",
    "name": "茶",
    "flow": [
        {"type": "model", "id": "answer", "prompt": {"text": "茶"}},
        {"type": "reply", "id": "say", "text": "{{ answer.text }}"},
    ],
}
BOSS = Agent.load({
    "id": "boss",
    "name": "主管",
    "agents": {"tea": TEA},
    "flow": [
        {
            "type": "repeat", "id": "each",
            "flow": [{"type": "agent", "id": "ask", "agent": "tea", "input": "{{ item }}"}],
        },
        {"type": "model", "id": "lead", "tools": [{"type": "agent", "agent": "tea"}]},
    ],
})  # fmt: skip


def test_a_place_tells_what_holds_it_and_which_round_it_is():
    for within, around, number in PLACES:
        assert (holder(within), round_of(within)) == (around, number)
    assert (placed("", "a"), placed("each.1", "a")) == ("a", "each.1/a")


async def test_chat_and_trace_show_it_inside_of_its_block(monkeypatch):
    answers = [says("一"), says("二"), calls(("agent", {"task": "x"})), says("三"), says("完")]
    events = await play(BOSS, wrote("a\nb"), Script(answers))
    chat = Transcript("zh")
    for event in events:
        chat.take(event)
    steps = {m["metadata"]["id"]: m["metadata"].get("parent_id") for m in chat.messages()}
    assert steps[f"{STEP}each.2/ask"] == f"{STEP}each"
    assert steps[f"{STEP}each.2/ask/answer"] == f"{STEP}each.2/ask"
    assert steps[f"{STEP}lead.0.0/answer"] == f"{STEP}lead"

    monkeypatch.setattr(_trace, "t", lambda key, **more: f"{key} {more.get('n', '')}")
    monkeypatch.setattr(_trace._words, "in_lang", lambda text: text.zh)
    told = [json.loads(json.dumps({**e.to_json(), "reason": ""}, default=str)) for e in events]
    shown = _trace.trace(told)
    assert shown.count("trace.round 2") == 1
    assert shown.index("trace.round 1") < shown.index("trace.round 2") < shown.index("完")


def test_an_agent_differs_from_what_answers_when_one_that_it_uses_does(studio):
    lead = studio.library.create("team-lead", "zh").agent
    publish(studio.control, lead, "api", {})
    assert live_state(studio, lead.id, lead) == {"published": True, "version": 1, "changed": False}
    writer = studio.library.get("team-copywriter")
    studio.library.save(writer.agent.model_copy(update={"description": "改过"}), writer.revision)
    assert live_state(studio, lead.id, lead)["changed"]
