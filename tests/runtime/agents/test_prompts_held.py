"""A published agent keeps the prompt templates that it was published with."""

import json

import pytest

from runtime.agents.agent import Agent
from runtime.agents.library import Library
from runtime.agents.nesting import gathered
from runtime.agents.prompts_held import let_go, renamed, users
from runtime.engine import run
from runtime.publish import publish
from runtime.settings import CHECKOUT
from runtime.store.control.control import Control
from runtime.templating.own import OwnPrompts
from runtime.templating.prompts import prompts_of
from runtime.templating.template_file import PromptTemplate
from runtime.turn.turn import Services
from script import NoHttp, Script, says
from talking import wrote

ASKS = {"type": "model", "id": "answer", "prompt": {"template": "tea", "values": {"tea": "龙井"}}}
SHOP = {"format": 1, "id": "shop", "name": "茶铺", "flow": [ASKS]}


def tea(text="你卖{{ tea }}。"):
    return PromptTemplate(id="tea", language="zh", title="茶", text=text)


@pytest.fixture
def own(tmp_path):
    own = OwnPrompts(tmp_path)
    own.save("tea", {"zh": tea()}, "")
    return own


async def told(agent, home):
    """What its model is told."""
    script = Script([says("好")])
    async for _ in run(agent, wrote(), (), Services(script, prompts_of(home), NoHttp())):
        pass
    return script.requests[0].messages[0]["content"]


async def test_what_is_changed_later_changes_nothing_that_is_published(own, tmp_path):
    control = Control.in_folder(tmp_path / "data")
    draft = Agent.load(SHOP)
    live = publish(control, draft, "api", {})
    own.save("tea", {"zh": tea("改了{{ tea }}。")}, None)
    frozen = Agent.load(control.frozen_agent(live.publication, live.version))
    assert await told(frozen, tmp_path) == "你卖龙井。"
    assert await told(draft, tmp_path) == "改了龙井。"
    own.remove("tea")
    assert await told(frozen, tmp_path) == "你卖龙井。"


def test_given_ones_stay_with_the_program_and_broken_ones_with_the_check(own, tmp_path):
    given = Agent.load({**SHOP, "flow": [{**ASKS, "prompt": {"template": "translator"}}]})
    assert gathered(given, tmp_path) == given
    (own.folder / "tea.zh.j2").write_text("broken")
    assert not gathered(Agent.load(SHOP), tmp_path).prompts


def test_an_agent_that_is_handed_on_brings_its_templates(own, tmp_path):
    there = Library(tmp_path / "agents", CHECKOUT / "templates" / "agents")
    there.save(Agent.load(SHOP))
    handed_on = there.export("shop")
    elsewhere = tmp_path / "elsewhere"
    theirs = OwnPrompts(elsewhere)
    theirs.save("tea", {"zh": tea("他们的")}, "")
    agent = Library(elsewhere / "agents", CHECKOUT / "templates" / "agents").import_(handed_on)
    assert (agent.prompts, agent.flow[0].told.template) == ({}, "tea_2")
    assert (theirs.get("tea")["zh"].text, theirs.get("tea_2")["zh"].text) == ("他们的", "你卖{{ tea }}。")


def test_a_version_to_go_on_with_keeps_only_what_is_there_no_more(own, tmp_path):
    version = gathered(Agent.load(SHOP), tmp_path).to_json()
    assert let_go(version, tmp_path) == SHOP
    own.remove("tea")
    assert let_go(version, tmp_path) == version


def test_templates_are_found_and_renamed_in_drafts_too():
    draft = {
        "flow": [{"cases": [{"flow": [ASKS]}], "type": 3}, {"prompt": "tea"}, 7],
        "prompt": {"text": "x"},
    }
    assert list(users(draft)) == [("tea", "answer")]
    assert list(users(renamed(draft, {"tea": "new"}))) == [("new", "answer")]
    assert json.dumps(renamed(draft, {})) == json.dumps(draft)
