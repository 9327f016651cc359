"""The starter agents we ship: each works offline, at once, with whatever model is there."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from runtime.agents.agent import walk
from runtime.agents.json_schema import agent_schema
from runtime.agents.library import BLANK, Library
from runtime.agents.strict_json import to_bytes
from runtime.blocks import Block
from runtime.blocks.handoff import NOTED, Handoff
from runtime.engine import run
from runtime.message import Exchange
from runtime.models.completion import Answer
from runtime.models.demo.answers import answer
from runtime.network.fetched import Fetched
from runtime.templating.prompts import Prompts
from runtime.turn.events import BlockFinished, Replied, ToolReturned
from runtime.turn.turn import Services
from script import wrote

TEMPLATES = Path(__file__).parents[2] / "templates"
FILES = sorted((TEMPLATES / "agents").iterdir())
LIBRARY = Library(Path("nowhere"), TEMPLATES / "agents")
SHOWN = [starter for lang in ("zh", "en") for starter in LIBRARY.starters(lang)]
PROMPTS = Prompts([TEMPLATES / "prompts"])
VALIDATOR = Draft202012Validator(agent_schema())
SECRET = re.compile(r"sk-|api[_-]?key|bearer \S|password|token", re.IGNORECASE)

MORE = {
    ("tea-shop", "zh"): ["人工", "订单 20261121001 到哪了"],
    ("tea-shop", "en"): ["human", "where is my order 20261121001"],
    ("sales-advisor", "zh"): ["下单"],
    ("sales-advisor", "en"): ["order"],
    ("booking-assistant", "zh"): ["人工"],
    ("booking-assistant", "en"): ["human"],
}
"""What people write besides the suggestions, so that every way is taken."""


def name(agent):
    return f"{agent.id}.{agent.language}"


each = pytest.mark.parametrize("agent", SHOWN, ids=name)


class Demo:
    """The model that answers as long as nobody has set up another. Implements Models."""

    async def complete(self, request, on_text=None, on_reset=None):
        assert request.model == "default"
        said = answer(request.messages, request.tools)
        return Answer(said.text, "demo", said.tool_calls, finish=said.finish)


class Shop:
    """The order interface that an owner connects."""

    def __init__(self):
        self.urls = []

    async def fetch(self, method, url, **_):
        self.urls.append(url)
        return Fetched(url, 200, "application/json", '{"status": "已发货"}')


async def play(agent, text, http=None, history=(), **more):
    services = Services(Demo(), PROMPTS, http or Shop())
    return [event async for event in run(agent, wrote(text), history, services, **more)]


# The files


def test_there_are_starters_in_both_languages_and_a_blank_one():
    ids = {starter.id for starter in SHOWN if starter.language == "zh"}
    assert len(ids) >= 6
    assert ids == {starter.id for starter in SHOWN if starter.language == "en"}
    assert BLANK not in ids
    assert {file.name for file in FILES} == {
        f"{id}.{lang}.json" for id in ids | {BLANK} for lang in ("zh", "en")
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_as_the_library_would_save_it(file):
    id, lang, _ = file.name.split(".")
    starter = LIBRARY.starter(id, lang)
    assert starter.language == lang
    assert file.read_bytes() == to_bytes(starter.to_json())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_keeps_the_published_schema(file):
    assert list(VALIDATOR.iter_errors(json.loads(file.read_bytes()))) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_holds_no_secret(file):
    assert not SECRET.search(file.read_text(encoding="utf-8"))


@each
def test_both_languages_have_the_same_flow(agent):
    other = LIBRARY.starter(agent.id, "en" if agent.language == "zh" else "zh")
    flows = [[(path, block.type, block.id) for path, block in walk(a.flow)] for a in (agent, other)]
    assert flows[0] == flows[1]


@each
def test_a_starter_introduces_itself(agent):
    assert agent.description
    assert "AI" in agent.texts.greeting
    assert 3 <= len(agent.suggestions) <= 6
    assert all(block.title for _, block in walk(agent.flow))
    chinese = [bool(re.search(r"[\u4e00-\u9fff]", text)) for text in (agent.name, agent.texts.greeting)]
    assert chinese == [agent.language == "zh"] * 2


@each
def test_models_are_the_owners_choice_and_prompts_exist(agent):
    for _, block in walk(agent.flow):
        if block.type != "model":
            continue
        assert (block.model, block.fallbacks) == ("default", [])
        if block.prompt.template:
            template = PROMPTS.template(block.prompt.template, agent.language)
            assert template.language == agent.language
            assert block.prompt.values.keys() <= {variable.name for variable in template.variables}


@each
def test_every_variable_is_used(agent):
    flow = json.dumps(agent.to_json()["flow"], ensure_ascii=False)
    assert [v.name for v in agent.variables if not re.search(rf"\b{v.name}\b", flow)] == []


@each
def test_nothing_follows_an_answer(agent):
    assert unreachable(agent.flow) == []


def unreachable(flow: list[Block]) -> list[str]:
    """Blocks behind one that always ends the turn."""
    found, over = [], False
    for block in flow:
        found += [block.id] if over else []
        ways = [way for _, way in block.flows()]
        found += [id for way in ways for id in unreachable(way)]
        over = over or answers(block)
    return found


def answers(block):
    ways = [way for _, way in block.flows()]
    return block.type in {"reply", "handoff"} or (bool(ways) and all(any(map(answers, way)) for way in ways))


def test_an_unreachable_block_would_be_found():
    agent = LIBRARY.starter("tea-shop")
    assert unreachable([*agent.flow, *LIBRARY.starter(BLANK).flow]) == ["answer", "say"]


# In use


@each
async def test_every_suggestion_is_answered_offline(agent):
    for text in agent.suggestions:
        events = await play(agent, text)
        assert isinstance(events[-1], Replied), events[-1]
        assert "{{" not in events[-1].text
        assert not [e for e in events if isinstance(e, ToolReturned) and e.failed]


@each
async def test_every_block_is_used_and_gives_what_it_promises(agent):
    blocks = {block.id: block for _, block in walk(agent.flow)}
    used = set()
    for text in [*agent.suggestions, *MORE.get((agent.id, agent.language), [])]:
        for order_api in ("", "https://shop.example.com/orders"):
            events = await play(agent, text, variables={"order_api": order_api})
            done = [event for event in events if isinstance(event, BlockFinished) and not event.within]
            assert all(event.output.keys() == blocks[event.block].outputs().keys() for event in done)
            used |= {event.block for event in done}
    assert used == blocks.keys()


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_new_agent_answers_at_once(tmp_path, lang):
    library = Library(tmp_path / "agents", TEMPLATES / "agents")
    created = library.create(None, lang).agent
    assert isinstance((await play(created, "你好"))[-1], Replied)


KNOWN = [
    ("tea-shop", "zh", "你们几点开门？", "21:00"),
    ("tea-shop", "zh", "龙井多少钱", "168"),
    ("tea-shop", "zh", "买了能退吗？", "7 天"),
    ("tea-shop", "en", "Can I return it?", "7 days"),
    ("tea-shop", "en", "When do you open?", "9:00"),
    ("knowledge-answerer", "zh", "书丢了怎么赔？", "按定价"),
    ("knowledge-answerer", "zh", "周一开门吗？", "不开门"),
    ("knowledge-answerer", "en", "How do I get a library card?", "ID"),
]


@pytest.mark.parametrize(("id", "lang", "question", "fact"), KNOWN)
async def test_the_passage_that_answers_is_found(id, lang, question, fact):
    events = await play(LIBRARY.starter(id, lang), question)
    assert any(
        fact in e.output["passages"][0] for e in events if isinstance(e, BlockFinished) and e.block == "docs"
    )


PROMISES = re.compile(
    r"已经?通知|会尽快|(?<!不一定)马上回复|稍等|会联系|会发来|会在.{0,12}回复|转给(?:人工|客服)"
    r"|have been told|will (?:answer|reply|contact|look|send|follow)|as soon as",
    re.IGNORECASE,
)
"""What nobody sees to: no block notifies anybody, and no block makes anybody answer."""

SAID = {
    **{file.name: file.read_text("utf-8") for file in FILES},
    **{f"{lang} handoff": text for lang, text in NOTED.by_language().items()},
}


@pytest.mark.parametrize("name", SAID)
def test_a_starter_promises_only_what_happens(name):
    assert PROMISES.findall(SAID[name]) == []


@pytest.mark.parametrize("file", sorted((TEMPLATES / "prompts").iterdir()), ids=lambda file: file.name)
def test_nor_does_a_prompt_make_a_model_promise_it(file):
    about = file.read_text("utf-8").split("---")[1]
    assert PROMISES.findall(about) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_agent_is_told_of_in_its_own_language_also_by_a_block_that_was_just_added(lang):
    assert Handoff.model_validate({"type": "handoff", "id": "h"}).text == ""
    assert bool(re.search(r"[\u4e00-\u9fff]", NOTED.to(lang))) == (lang == "zh")


# The shop


@pytest.mark.parametrize(("lang", "text"), [("zh", "我要找人工"), ("en", "Human")])
async def test_who_wants_a_person_gets_one(lang, text):
    assert (await play(LIBRARY.starter("tea-shop", lang), text))[-1].handoff


async def test_artificial_intelligence_is_not_a_call_for_a_person():
    assert not (await play(LIBRARY.starter("tea-shop"), "你是人工智能吗"))[-1].handoff


@pytest.mark.parametrize(("lang", "text"), [("zh", "我的订单到哪了"), ("en", "Where is my order?")])
async def test_without_an_order_interface_a_person_looks_it_up(lang, text):
    shop = Shop()
    reply = (await play(LIBRARY.starter("tea-shop", lang), text, shop))[-1]
    assert (reply.handoff, shop.urls) == (True, [])


ASKED = [
    ("zh", "帮我查一下订单 20261121001", ()),
    ("zh", "20261121001", (Exchange("我的订单到哪了", "请把订单号发给我。"),)),
    ("en", "Where is my order 20261121001?", ()),
    ("en", "20261121001", (Exchange("Where is it?", "Please send your order number."),)),
]


@pytest.mark.parametrize(("lang", "text", "history"), ASKED)
async def test_an_order_is_looked_up_where_the_owner_says(lang, text, history):
    shop = Shop()
    variables = {"order_api": "https://shop.example.com/orders"}
    reply = (await play(LIBRARY.starter("tea-shop", lang), text, shop, history, variables=variables))[-1]
    assert shop.urls == ["https://shop.example.com/orders/20261121001"]
    assert "已发货" in reply.text
