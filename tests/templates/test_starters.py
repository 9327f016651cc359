"""The starter agents we ship: each works offline, at once, with whatever model is there."""

import json
import re
from itertools import product
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from builder.actions.starter_talks import script
from builder.actions.starters import _groups
from runtime.agents.agent import walk
from runtime.agents.check import check
from runtime.agents.json_schema import agent_schema
from runtime.agents.library import BLANK, Library
from runtime.agents.strict_json import to_bytes
from runtime.blocks import Block, is_over, results
from runtime.blocks.handoff import NOTED, Handoff
from runtime.engine import run
from runtime.models.completion import Answer
from runtime.models.demo.answers import answer
from runtime.models.senses import UsualModels
from runtime.network.fetched import Fetched
from runtime.person import Person
from runtime.shared import Claimed
from runtime.store.control.control import Control
from runtime.templating.prompts import Prompts
from runtime.turn.events import BlockFinished, Replied, ToolReturned
from runtime.turn.keeping import KeptHere, Value
from runtime.turn.shares_here import SharesHere
from runtime.turn.turn import Services
from script import wrote
from talking import Talk

TALKS_SHOWN = Path(__file__).parents[2] / "templates" / "agents" / "talks"
TEMPLATES = Path(__file__).parents[2] / "templates"
FILES = sorted((TEMPLATES / "agents").glob("*.json"))
LIBRARY = Library(Path("nowhere"), TEMPLATES / "agents")
SHOWN = [starter for lang in ("zh", "en") for starter in LIBRARY.starters(lang)]
PROMPTS = Prompts([TEMPLATES / "prompts"])
VALIDATOR = Draft202012Validator(agent_schema())
SECRET = re.compile(r"sk-|api[_-]?key|bearer (?!\{\{ secret\.)\S|password|token", re.IGNORECASE)

TALKS = {
    ("tea-shop", "zh"): ["人工", "订单 20261121001 到哪了"],
    ("tea-shop", "en"): ["human", "where is my order 20261121001"],
    ("sales-advisor", "zh"): ["下单"],
    ("sales-advisor", "en"): ["order"],
    ("booking-assistant", "zh"): [
        "我想约剪发 / 明天 / 下午3点 / 13800000000 / 对 / 我的预约 / 取消预约",
        "我想约剪发 / 取消", "取消预约 / 取消预约", "取消预约要收费吗？", "人工",
        "我想约剪发 / 找个人工",
    ],
    ("booking-assistant", "en"): [
        "I would like a haircut / tomorrow / 15:00 / 13800000000 / yes / My appointment"
        " / Cancel my appointment",
        "I would like a haircut / cancel", "Please cancel it / Please cancel it", "Can I cancel it?", "human",
        "I would like a haircut / a human please",
    ],
    ("quiz", "zh"): ["开始答题 / 长江 / 365 / 水 / 悟空 / 不知道 / 我的成绩", "开始答题 / 取消"],
    ("quiz", "en"): ["Start the quiz / Yangtze / 365 / ? / he / no / My score", "Start / cancel"],
    ("leave-approval", "zh"): [
        "我想请假 / 事假 / 明天 / 2 / 家里有事 / 对 / <yes> / 我的请假记录",
        "明天请事假 2 天 / 跳过 / 对 / <no>", "我想请假 / 取消", "取消我的假",
    ],
    ("leave-approval", "en"): [
        "I would like some leave / personal / tomorrow / 2 / skip / yes / <yes> / My leave record",
        "leave / annual / tomorrow / 3 / skip / yes / <no>", "leave / cancel", "cancel my leave",
    ],
    ("homework-helper", "zh"): ["记错题 / 分数除法忘了倒过来乘 / 我的错题本", "记错题 / 取消"],
    ("homework-helper", "en"): ["Note a mistake / not flipped / my mistakes", "note a mistake / cancel"],
    ("reminders", "zh"): [
        "明天早上 8 点提醒我 / 交水费 / 我的提醒 / 全部取消提醒", "提醒我开会 / 取消",
        "提醒我 / 今天 / 0点 / 开会", "谢谢！",
        "每天八点提醒我吃药", "明天早上 8 点提醒我 / 取消",
    ],
    ("reminders", "en"): [
        "Remind me tomorrow at 8:00 / pay / my reminders / Cancel my reminders", "remind me / cancel",
        "remind me / today / 0:00 / meet", "Thanks!",
        "Remind me every day at 8:00", "Remind me tomorrow at 8:00 / cancel",
    ],
    ("invoice-desk", "zh"): [
        "我要开发票 / A1 / 100 / 一叶公司 / 91330106MA00000000 / a@b.cn / 对 / 我的开票信息 / 我要开发票 / A2"
        " / 50 / 换个抬头",
        "我要开发票 / 取消", "我要开发票 / A1 / 100 / 取消",
    ],
    ("invoice-desk", "en"): [
        "I need an invoice / A1 / 100 / Leaf / 91330106MA00000000 / a@b.cn / yes / my invoice details"
        " / I need an invoice / A2 / 50 / Change it",
        "I need an invoice / cancel", "I need an invoice / A1 / 100 / cancel",
    ],
    ("returns-desk", "zh"): [
        "我要退货 / A1 / 退款 / 碎了或发错了 / 88 / 对", "我要退货 / A1 / 换一个 / 不喜欢 / 500 / 对 / <no>",
        "我要退货 / A1 / 退款 / 其他 / 500 / 对 / <yes>", "我要退货 / 取消",
        "我要退货 / 人工",
    ],
    ("returns-desk", "en"): [
        "I want to return it / A1 / a refund / Broken or wrong / 88 / yes", "I want to return it / cancel",
        "I want to return it / human",
        "I want to return it / A1 / another one / I do not like it / 500 / yes / <no>",
    ],
    ("event-signup", "zh"): [
        "我要报名 / 周六上午 / 小明 / 13800000000 / 我报了哪场 / 可以取消吗 / 取消报名", "我要报名 / 取消",
    ],
    ("event-signup", "en"): [
        "I want to sign up / Saturday morning / Ann / 13800000000 / What did I sign up for / can I cancel"
        " / cancel my place",
        "I want to sign up / cancel",
    ],
    ("quote-desk", "zh"): [
        "我要报价 / 名片 / 2000 / 下单", "我要报价 / 海报 / 10 / 再想想", "我要报价 / 海报 / 10 / 取消",
        "我要报价 / 取消", "我要报价 / 人工", "我要报价 / 海报 / 10 / 转人工",
    ],
    ("quote-desk", "en"): [
        "I need a quote / business cards / 2000 / Order it", "I need a quote / posters / 10 / Not now",
        "I need a quote / posters / 10 / cancel", "I need a quote / cancel",
        "I need a quote / human", "I need a quote / posters / 10 / human",
    ],
    ("recruiting-desk", "zh"): [
        "我想应聘店员 / 小李 / 13800000000 / 2 / 跳过 / 对 / 我的应聘", "我想应聘 / 取消",
        "我想应聘仓管 / 小李 / 13800000000 / 0 / 跳过 / 对",
    ],
    ("recruiting-desk", "en"): [
        "I want to apply as shop assistant / Ann / 13800000000 / 2 / skip / yes / my application",
        "I want to apply / cancel", "I want to apply as tea master / Ann / 13800000000 / 0 / skip / yes",
    ],
    ("travel-planner", "zh"): ["帮我安排一次旅行 / 杭州 / 明天 / 3 / 跳过", "帮我安排一次旅行 / 取消"],
    ("travel-planner", "en"): ["Plan a trip for me / Rome / tomorrow / 3 / skip", "Plan a trip / cancel"],
    ("feedback-survey", "zh"): [
        "我要评价 / 5 / 手艺 / 会 / 我上次打了几分", "我要评价 / 2 / 服务 / 不会 / 等太久", "我要评价 / 取消",
        "我要评价 / 2 / 服务 / 不会 / 取消",
    ],
    ("feedback-survey", "en"): [
        "I want to rate you / 5 / The work / Yes, surely / my last score", "I want to rate you / cancel",
        "I want to rate you / 2 / The service / Perhaps / too slow",
        "I want to rate you / 2 / The service / Perhaps / cancel",
    ],
}  # fmt: skip
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

    def __init__(self, status=200):
        self.urls, self.status = [], status

    async def fetch(self, method, url, **_):
        self.urls.append(url)
        return Fetched(url, self.status, "application/json", '[{"id": "20261121001", "status": "已发货"}]')


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
def test_a_starter_has_no_errors_that_keep_it_from_being_published(agent, tmp_path):
    class Owned:
        home, secrets = tmp_path, type("", (), {"names": staticmethod(lambda: ["bocha", "github", "shop"])})
        usual_models = staticmethod(lambda: UsualModels())

        def __getattr__(self, _):
            return lambda *_: None

    found = check(agent, PROMPTS, Owned())
    wrong = [one for one in found if one.level == "error" or one.field.endswith(".text")]
    assert [(one.field, one.text.en) for one in wrong] == []


@each
def test_nothing_follows_an_answer(agent):
    assert unreachable(agent.flow) == []


def unreachable(flow: list[Block]) -> list[str]:
    """Blocks behind one that always ends the turn."""
    over = [place for place in range(len(flow)) if is_over(flow, place)]
    found = [block.id for block in flow[over[0] + 1 :]] if over else []
    return [*found, *(id for block in flow for _, way in block.flows() for id in unreachable(way))]


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


class AllTaken(SharesHere):
    """Somebody else was quicker."""

    async def claim(self, wanted, once):
        return Claimed("full", left=0)


CONNECTED = {"order_api": "https://shop.example.com/orders", "booking_api": "https://shop.example.com"}


DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Writer(Demo):
    """Writes what it is told to; what is to be chosen or called is the demo model's choice."""

    text = ""

    async def complete(self, request, on_text=None, on_reset=None):
        if request.schema or not self.text:
            return await super().complete(request)
        return Answer(self.text, "demo")


@each
async def test_the_picture_of_a_starter_shows_what_it_says(agent):
    model = Writer()
    talk = Talk(agent, Services(model, PROMPTS, Shop()))
    for one in script(TALKS_SHOWN / f"{agent.id}.json", agent.language):
        model.text = one["said"]
        said = (await talk.says(one["asked"])).text
        assert DAY.sub("", said) == DAY.sub("", one["said"])


def test_there_is_a_picture_of_each_starter_and_of_nothing_else():
    assert {file.stem for file in TALKS_SHOWN.iterdir()} == {starter.id for starter in SHOWN}


def test_the_gallery_has_each_in_one_group_and_says_what_it_needs(tmp_path):
    control = Control.in_folder(tmp_path)
    shown = [one for group in _groups(LIBRARY, control) for one in group["starters"]]
    ids = [one["id"] for one in shown]
    assert sorted(ids) == sorted({starter.id for starter in SHOWN})
    assert len(ids) >= 24
    needs = {one["id"]: one["needs"]["zh"] for one in shown}
    assert (needs["leave-approval"], needs["reminders"]) == ("需要：有人来批准", "")
    assert needs["tea-shop"].startswith("需要：大模型、")
    assert needs["travel-planner"] == "需要：大模型"  # those that it asks have one


@each
async def test_every_block_is_used_and_gives_what_it_promises(agent):
    blocks = {block.id: block for _, block in walk(agent.flow)}
    used = set()
    worlds = [({}, "C7", 200), (CONNECTED, "C7", 200), (CONNECTED, "", 200), (CONNECTED, "C7", 409)]
    worlds += [({}, "C7", 409)] if agent.shared else []
    days = ["2020-01-01 10:00", *(["2099-01-01 10:00"] if agent.id == "booking-assistant" else [])]
    for (variables, customer, status), day in product(worlds, days):
        known = {v.name: variables[v.name] for v in agent.variables if v.name in variables}
        for said in [*agent.suggestions, *TALKS.get((agent.id, agent.language), [])]:
            services = Services(Demo(), PROMPTS, Shop(status))
            booked = {name: Value(name, "text", day) for name in ("booking", "slot")}
            kept = KeptHere(who=Person("u1", customer=customer), values=booked)
            kept.places |= {agent.id: AllTaken()} if status == 409 else {}
            talk = Talk(agent, services, known, kept)
            for text in said.split(" / "):
                await talk.says(text)
            used |= {event.block for event in talk.events if isinstance(event, BlockFinished)}
            done = [e for e in talk.events if isinstance(e, BlockFinished) and e.block in blocks]
            failed = [e for e in done if e.output.get("failed")]
            for event in (e for e in done if e not in failed):
                assert event.output.keys() == results(blocks[event.block]).keys()
    assert used >= blocks.keys(), blocks.keys() - used


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


@pytest.mark.parametrize(("lang", "text"), [("zh", "我的订单到哪了"), ("en", "Where is my order?")])
async def test_orders_are_looked_up_for_whom_the_shop_knows_and_for_nobody_else(lang, text):
    for customer, urls in (("C7", ["https://shop.example.com/orders?customer=C7"]), ("", [])):
        shop = Shop()
        services = Services(Demo(), PROMPTS, shop)
        who = KeptHere(who=Person("u1", customer=customer))
        order_api = {"order_api": CONNECTED["order_api"]}
        reply = await Talk(LIBRARY.starter("tea-shop", lang), services, order_api, who).says(text)
        assert shop.urls == urls
        assert ("绑定" in reply.text or "bind" in reply.text) == (not customer)


async def test_twelve_right_answers_say_twelve():
    quiz = LIBRARY.starter("quiz")
    questions = "\n".join(f"{n} 加 1 等于几？ | {n + 1}" for n in range(12))
    talk = Talk(quiz, Services(Demo(), PROMPTS, Shop()), {"questions": questions})
    await talk.says("开始答题")
    for n in range(12):
        end = await talk.says(str(n + 1))
    assert "12 题答对 12 题，最好成绩 12 题" in end.text
    await talk.says("再来")
    assert "先到这里，答对了 0 题" in (await talk.says("取消")).text
    assert "12" in (await talk.says("我的成绩")).text
