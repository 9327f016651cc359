"""Names that mean one model or another, by rules. What time it is and what texts mean is told by the test."""

import struct
from datetime import UTC, datetime

import pytest
from models_world import HELLO, SetUp

from fake_llm import FakeLLM, Say
from runtime.errors import BadSettings, NotFound
from runtime.models.completion import Request
from runtime.models.policy import NoPolicy
from runtime.models.providers import Endpoint
from runtime.models.routed import RoutedModels
from runtime.models.routes import route_of
from runtime.models.routing import MOST, Asked, Routing
from runtime.store.control.control import Control

MONDAY_NOON = datetime(2026, 11, 30, 4, tzinfo=UTC).timestamp()
"""12:00 in Shanghai."""
HOUR = 3600


class Decided(NoPolicy):
    def __init__(self, **routes):
        self.routes = {name: route_of({**given, "id": name}) for name, given in routes.items()}

    def route(self, name):
        return self.routes.get(name)


async def said(texts):
    """What texts are about, by one of three words."""
    subjects = ("退", "代码", "茶")
    return [struct.pack("<3e", *(float(subject in text) for subject in subjects)) for text in texts]


async def nobody(texts):
    return ()


def asked(text="你好", *, picture=False, at=MONDAY_NOON, left=1.0):
    return Asked(text, picture, at, lambda: left)


async def chosen(rules, question, meanings=said):
    routing = Routing(Decided(smart={"rules": rules, "otherwise": ["a/usual"]}), str)
    routing.meanings = meanings
    return await routing.choose(routing._policy.route("smart"), question)


REFUND = {"intent": "退货退款", "examples": ["我要退款"], "models": ["a/refund"]}
CODE = {"examples": ["写一段代码", "代码报错了"], "models": ["a/code"]}
NIGHT = {"since": "22:00", "until": "06:00", "models": ["a/x"]}
FRIDAY_NIGHT = {**NIGHT, "days": [5]}
CASES = [
    ("a word, however it is written", {"words": ["ＶＩＰ"]}, asked("我是vip会员"), 1),
    ("no such word", {"words": ["VIP"]}, asked("我是会员"), 0),
    ("long", {"longer": 5}, asked("一二三四五"), 1),
    ("not long", {"longer": 6}, asked("一二三四五"), 0),
    ("short", {"shorter": 5}, asked("一二三四五"), 1),
    ("a picture", {"picture": True}, asked(picture=True), 1),
    ("no picture", {"picture": True}, asked(), 0),
    ("without one", {"picture": False}, asked(), 1),
    ("at that time", {"since": "09:00", "until": "12:01"}, asked(), 1),
    ("its end is not in it", {"since": "09:00", "until": "12:00"}, asked(), 0),
    ("that day", {"days": [1]}, asked(), 1),
    ("another day", {"days": [2, 3]}, asked(), 0),
    ("over midnight, before it", NIGHT, asked(at=MONDAY_NOON + 11 * HOUR), 1),
    ("over midnight, after it", NIGHT, asked(at=MONDAY_NOON + 17 * HOUR), 1),
    ("over midnight, by day", NIGHT, asked(), 0),
    ("the night that began on Friday", FRIDAY_NIGHT, asked(at=MONDAY_NOON - 59 * HOUR), 1),
    ("the night that began on Saturday", FRIDAY_NIGHT, asked(at=MONDAY_NOON - 35 * HOUR), 0),
    ("little left", {"left": 20}, asked(left=0.1), 1),
    ("enough left", {"left": 20}, asked(left=0.2), 0),
    ("all of it holds", {"words": ["你"], "shorter": 2}, asked(), 1),
    ("one of it does not", {"words": ["你"], "longer": 9}, asked(), 0),
]


async def test_a_rule_holds_when_all_that_it_says_holds_and_says_why():
    for name, rule, question, number in CASES:
        found = await chosen([{"models": ["a/x"], **rule}], question)
        assert (found.rule, list(found.models)) == (number, ["a/x" if number else "a/usual"]), name
        assert found.why.zh, name
        assert found.why.en, name


async def test_what_is_meant_is_told_by_meaning_or_by_words_when_nobody_tells():
    rules = [REFUND, CODE]
    for meanings in (said, nobody):
        for text, number in (("我想退款", 1), ("帮我写一段代码吧", 2), ("几点开门", 0), ("", 0)):
            assert (await chosen(rules, asked(text), meanings)).rule == number, (text, meanings)
    found = await chosen(rules, asked("退" + "长" * 100_000))
    assert (found.rule, found.why.en) == (1, "it means something like '退货退款'")


async def test_rules_lead_to_rules_and_default_but_never_in_a_circle_and_within_bounds():
    many = {"otherwise": [f"x/{i}" for i in range(5)]}
    decided = Decided(
        smart={"otherwise": ["cheap", "a/last", "default"]},
        cheap={"otherwise": ["b/one", "smart"]},
        **{f"many{i}": many | {"otherwise": [f"x/{i}{j}" for j in range(5)]} for i in range(9)},
    )
    routing = Routing(decided, lambda: "cheap")
    found = await routing.of(["smart", "c/z", "smart"], asked())
    assert found.names == ["b/one", "a/last", "c/z"]
    assert [one.route for one in found.chosen] == ["smart", "cheap"]
    assert len((await routing.of([f"many{i}" for i in range(9)], asked())).names) == MOST


async def test_a_name_with_rules_is_asked_as_a_model_and_changed_while_running(litellm):
    async with FakeLLM(lambda call: Say(call.body["model"])) as llm:
        local = Endpoint(name="local", provider="openai_compatible", api_base=llm.url)
        decided = Decided(
            smart={"rules": [{"words": ["难"], "models": ["local/big"]}], "otherwise": ["local/small"]}
        )
        shared = {"via_litellm": litellm}
        models = RoutedModels(SetUp(local, default="smart"), {}, policy=decided, shared=shared)

        async def ask(text, model="smart"):
            parts = [{"type": "text", "text": text}]
            return await models.complete(
                Request(model, [*HELLO, {"role": "user", "content": parts}], seconds=10)
            )

        assert [(await ask(text)).text for text in ("难题", "你好")] == ["big", "small"]
        answer = await ask("难题", "default")
        assert (answer.model, [one["rule"] for one in answer.routed]) == ("local/big", [1])
        assert answer.routed[0]["why"]["zh"] == "说到「难」"
        decided.routes["smart"] = route_of({"id": "smart", "otherwise": ["nowhere/x", "local/new"]})
        assert (await ask("难题")).text == "new"
        await models.close()


WRONG = [
    ({"rules": [{"models": ["a/x"]}], "otherwise": ["a/x"]}, "0"),
    ({"rules": [{"words": [" "], "models": ["a/x"]}], "otherwise": ["a/x"]}, "0.words"),
    ({"rules": [{"words": ["x"], "models": []}], "otherwise": ["a/x"]}, "0.models"),
    ({"rules": [{"words": ["x"]}], "otherwise": ["a/x"]}, "0.models"),
    ({"rules": [{"since": "25:00", "until": "1:00", "models": ["a/x"]}], "otherwise": ["a/x"]}, "0.since"),
    ({"rules": [{"words": ["x"], "if": "1", "models": ["a/x"]}], "otherwise": ["a/x"]}, "0.if"),
    ({"rules": [{"words": ["x"], "models": ["a/x"]}] * 21, "otherwise": ["a/x"]}, "rules"),
    ({"otherwise": []}, "otherwise"),
    ({}, "otherwise"),
    ({"otherwise": ["a/x"], "timezone": "Mars/One"}, "timezone"),
]


def test_what_cannot_be_a_rule_is_named_by_its_place():
    for given, field in WRONG:
        with pytest.raises(BadSettings) as caught:
            route_of({**given, "id": "smart"})
        assert caught.value.field.startswith(field), (given, caught.value.field)


def test_names_are_kept_without_a_circle_and_none_is_taken_away_that_is_used(tmp_path):
    control, other = Control.in_folder(tmp_path), Control.in_folder(tmp_path)
    control.save_endpoint(Endpoint(name="mine", provider="deepseek"))

    def save(name, *models):
        control.policy.save_route(route_of({"id": name, "otherwise": models}))

    save("cheap", "a/x", "mine")
    save("smart", "cheap", "b/y")
    assert other.policy.route("smart").otherwise == ("cheap", "b/y")
    refused = [
        (lambda: save("cheap", "smart"), "models"),
        (lambda: save("self", "self"), "models"),
        (lambda: save("lost", "nobody"), "models"),
        (lambda: save("mine", "a/x"), "id"),
        (lambda: save("deepseek", "a/x"), "id"),
        (lambda: save("default", "a/x"), "id"),
        (lambda: control.save_endpoint(Endpoint(name="smart", provider="glm")), "name"),
        (lambda: control.policy.remove_route("cheap"), "id"),
    ]
    for change, field in refused:
        with pytest.raises(BadSettings) as caught:
            change()
        assert caught.value.field == field
    control.choose_default("smart")
    with pytest.raises(BadSettings, match=r"smart → cheap|cheap → smart"):
        save("cheap", "default")
    with pytest.raises(BadSettings):
        control.policy.remove_route("smart")
    save("deep0", "smart")
    save("deep1", "deep0")
    with pytest.raises(BadSettings, match="4"):
        save("deep2", "deep1")
    assert control.policy.route("deep1") is not None
    assert control.policy.route("deep2") is None
    with pytest.raises(NotFound):
        control.policy.remove_route("nobody")
