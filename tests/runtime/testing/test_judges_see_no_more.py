"""Whoever judges what somebody was answered is sent no more of them than the agent's own models were."""

import re

import pytest

from runtime.agents.agent import Agent
from runtime.models.hiding import hidden
from runtime.testing.real_talks import turned
from runtime.testing.recording import Turned, recorded
from runtime.testing.running import run_case
from runtime.testing.suite import Case
from script import Script, says, services

PHONE = "13800138000"
HIDES = {"masking": {"kinds": ["phone"]}}
ANSWERS = {"type": "model", "id": "answer", "model": "own/one"}
PASSES = says('{"reason": "x", "passes": true}')


class Sent(Script):
    """What leaves, as models are asked everywhere."""

    async def complete(self, request, on_text=None, on_reset=None):
        return await super().complete(await hidden(request), on_text, on_reset)


def shop(*, within):
    """An agent that hides numbers, or one within it that does."""
    inner = {"format": 1, "id": "inner", "name": "i", "flow": [ANSWERS], "safety": HIDES}
    if not within:
        return Agent.load({**inner, "id": "shop"})
    block = {"type": "agent", "id": "answer", "agent": "inner"}
    tells = {"type": "reply", "id": "say", "text": "记下了"}
    return Agent.load({"id": "shop", "name": "s", "flow": [block, tells], "agents": {"inner": inner}})


@pytest.mark.parametrize("within", [False, True])
async def test_no_model_that_judges_is_sent_what_is_kept_from_models(within):
    models = Sent([says("记下了"), PASSES])
    rubric = f"记下了 {PHONE}"
    lines = [{"says": f"我是 {PHONE}", "checks": [{"type": "judged", "rubric": rubric}]}]
    ran = await run_case(Case(id="one", lines=lines), shop(within=within), services(models))
    assert ran.ok, ran.missed
    asked = [str(one.messages) for one in models.requests]
    assert [PHONE in one for one in asked] == [False, False]
    [judged] = [one for one in asked if "<rubric>" in one]
    marks = re.findall(r"\[PHONE-[A-Z]{12}\]", judged.partition("<message>")[2])
    assert (len(marks), len(set(marks))) == (2, 1)  # of one number there is one mark


def test_a_real_conversation_is_judged_by_the_model_that_saw_it():
    used = {"type": "model_used", "model": "own/one"}
    real = Turned("我头疼", "多喝水", 1.0, [{**used, "model": "first/x"}, used])
    agent = shop(within=False)
    [check] = [one for one in recorded(agent, [real], among=True)["lines"][0]["checks"]]
    assert (check["type"], check["model"]) == ("judged", "own/one")
    [check] = recorded(agent, [real])["lines"][0]["checks"]
    assert "model" not in check  # one that is kept has nobody's words in it any more


def test_what_the_store_has_names_that_model():
    row = {"text": "我头疼", "reply": "多喝水", "accepted_at": 1.0, "failure": ""}
    row["trace"] = '[{"type": "model_used", "block": "answer", "model": "own/one"}]'
    checks = recorded(shop(within=False), [turned(row)], among=True)["lines"][0]["checks"]
    assert [one.get("model") for one in checks if one["type"] == "judged"] == ["own/one"]
