"""Setting up models; a key goes in and never comes out."""

import json
import time
from dataclasses import replace

import pytest

from builder.actions import model_keys, model_money, model_rules, models
from runtime.access.actor import OWNER
from runtime.errors import BadSettings, ModelFailed, NotFound
from runtime.models.budgets import Budgets, Spent, day_of
from runtime.models.routing import Routing

KEY = "sk-canary-0123456789"
DEEPSEEK = {"name": "deepseek", "provider": "deepseek", "models": ["deepseek-chat", "deepseek-reasoner"]}


def test_the_first_model_becomes_the_default_and_the_second_does_not(studio):
    models.set_up(studio, OWNER, **DEEPSEEK, api_key=KEY)
    models.set_up(studio, OWNER, name="qwen", provider="qwen", models=["qwen-plus"], api_key=KEY)
    assert models.overview(studio)["default_model"] == "deepseek/deepseek-chat"


def test_a_key_is_never_shown_again(studio):
    models.set_up(studio, OWNER, **DEEPSEEK, api_key=KEY)
    seen = models.overview(studio)
    assert seen["endpoints"][0]["has_key"] is True
    assert KEY not in json.dumps(seen)


def test_an_empty_key_keeps_the_stored_one(studio):
    models.set_up(studio, OWNER, **DEEPSEEK, api_key=KEY)
    models.set_up(studio, OWNER, **{**DEEPSEEK, "models": ["deepseek-reasoner"]}, api_key="")
    stored = studio.control.find("deepseek")
    assert stored.api_key.get_secret_value() == KEY
    assert list(stored.models) == ["deepseek-reasoner"]


def test_a_key_stays_behind_when_the_address_changes_and_the_owner_is_told(studio):
    models.set_up(studio, OWNER, **DEEPSEEK, api_key=KEY)
    said = models.set_up(studio, OWNER, **DEEPSEEK, api_key="", api_base="https://elsewhere.example.com/v1")
    assert "密钥没有带过去" in said.text.zh
    assert studio.control.find("deepseek").api_key is None


def test_a_new_one_does_not_replace_another_of_the_same_name(studio):
    models.set_up(studio, OWNER, **DEEPSEEK, api_key=KEY, fresh=True)
    with pytest.raises(BadSettings) as caught:
        models.set_up(studio, OWNER, **DEEPSEEK, api_key="sk-other", fresh=True)
    assert caught.value.field == "name"
    assert studio.control.find("deepseek").api_key.get_secret_value() == KEY


async def test_trying_out_asks_with_the_key_that_was_typed_and_saves_nothing(studio):
    said = await models.try_out(studio, **DEEPSEEK, api_key=KEY)
    assert said.text.zh == "可以使用。"
    assert studio.models.checked[0].api_key.get_secret_value() == KEY
    assert studio.control.endpoints() == []


async def test_trying_out_uses_the_stored_key_only_for_the_address_it_was_given_for(studio):
    models.set_up(studio, OWNER, **DEEPSEEK, api_key=KEY)
    await models.try_out(studio, **DEEPSEEK, api_key="")
    await models.try_out(studio, **DEEPSEEK, api_key="", api_base="https://elsewhere.example.com/v1")
    first, second = studio.models.checked
    assert first.api_key.get_secret_value() == KEY
    assert second.api_key is None


async def test_a_model_that_does_not_work_says_why(studio):
    models.set_up(studio, OWNER, **DEEPSEEK, api_key=KEY)
    studio.models.works = False
    with pytest.raises(ModelFailed, match="The key is wrong"):
        await models.test(studio, "deepseek")
    with pytest.raises(NotFound):
        await models.test(studio, "gone")


def test_removing_the_default_chooses_another(studio):
    models.set_up(studio, OWNER, **DEEPSEEK, api_key=KEY)
    models.set_up(studio, OWNER, name="qwen", provider="qwen", models=["qwen-plus"], api_key=KEY)
    models.remove(studio, OWNER, "deepseek")
    assert models.overview(studio)["default_model"] == "qwen/qwen-plus"
    models.remove(studio, OWNER, "qwen")
    assert models.overview(studio)["default_model"] == ""


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({**DEEPSEEK, "name": "Deep Seek"}, "name"),
        ({**DEEPSEEK, "provider": "nobody"}, "provider"),
        ({**DEEPSEEK, "models": []}, "models"),
        ({"name": "own", "provider": "openai_compatible", "models": ["m"]}, "api_base"),
        ({**DEEPSEEK, "colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_named(studio, given, field):
    with pytest.raises(BadSettings) as caught:
        models.set_up(studio, OWNER, **given, api_key=KEY)
    assert caught.value.field == field
    assert studio.control.endpoints() == []


def test_what_sees_hears_and_speaks_is_chosen_and_one_that_nobody_can_ask_is_refused_by_its_field(studio):
    models.set_up(studio, OWNER, **DEEPSEEK, api_key=KEY)
    chosen = {
        "seeing": "deepseek/vl",
        "hearing": "",
        "speaking": "",
        "voice": "少女",
        "drawing": "deepseek/draw",
    }
    models.make_usual(studio, OWNER, **chosen)
    assert models.overview(studio)["usual"] == chosen
    refused = [
        ("hearing", "whisper"),
        ("speaking", "no such/tts"),
        ("seeing", "glm/glm-4v"),
        ("seeing", "demo/hongyan"),
        ("voice", "a\nb"),
        ("hearing", "x" * 201),
        ("drawing", "demo/hongyan"),
        ("loud", "x"),
    ]
    for field, value in refused:
        with pytest.raises(BadSettings) as caught:
            models.make_usual(studio, OWNER, **{**chosen, field: value})
        assert caught.value.field == field, (field, value)
    assert studio.control.usual_models().model_dump() == chosen


def test_keys_of_an_endpoint_are_changed_together_and_how_they_are_is_seen_but_not_what_they_are(studio):
    models.set_up(studio, OWNER, **DEEPSEEK, api_key=KEY)
    rows = [
        {"name": "main", "per_minute": 9},
        {"name": "two", "api_key": KEY + "2"},
        {"name": "three", "api_key": KEY},
    ]
    model_keys.set_keys(studio, OWNER, "deepseek", rows)
    model_keys.set_keys(studio, OWNER, "deepseek", [{"name": "main", "per_minute": 9}, {"name": "two"}])
    [seen] = models.overview(studio)["endpoints"]
    assert [(key["name"], key["per_minute"], key["rests"]) for key in seen["keys"]] == [
        ("main", 9, 0),
        ("two", None, 600),
    ]
    assert seen["keys"][1]["why"]["en"] == "The key is wrong."
    assert models.overview(studio)["unwell"][0] | {"why": 0} == {
        "model": "deepseek/deepseek-chat", "state": "open", "failures": 3, "rests": 12, "why": 0
    }  # fmt: skip
    assert KEY not in json.dumps(models.overview(studio))
    wrong = [
        ([{"name": "two"}, {"name": "new"}], "1.api_key"),
        ([{"name": "two"}, {"name": "two"}], "1.name"),
        ([{"name": "two", "per_minute": 0}], "0.per_minute"),
        ([{"name": "two", "per_minute": "many"}], "0.per_minute"),
        ([{"name": "two", "api_key": "密"}], "0.api_key"),
        ([{"name": "two", "colour": "red"}], "0.colour"),
    ]
    for rows, field in wrong:
        with pytest.raises(BadSettings) as caught:
            model_keys.set_keys(studio, OWNER, "deepseek", rows)
        assert caught.value.field == field


async def test_rules_are_changed_and_tried_and_a_wrong_one_is_named_by_its_place(studio):
    studio.models.routing = Routing(studio.control.policy, str)
    models.set_up(studio, OWNER, **DEEPSEEK, api_key=KEY)
    smart = {"id": "smart", "otherwise": ["deepseek/deepseek-chat"]}
    rule = {"words": ["难"], "picture": "", "days": [*"1234567"], "models": ["deepseek/deepseek-reasoner"]}
    model_rules.set_rules(studio, OWNER, smart, [rule], fresh=True)
    [shown] = model_rules.list_rules(studio)
    assert (shown["id"], shown["rules"][0]["picture"], shown["rules"][0]["days"][:2]) == ("smart", "", [1, 2])
    tried = [await model_rules.try_rules(studio, "smart", text) for text in ("难题", "你好")]
    assert [one["rule"] for one in tried] == [1, 0]
    models.make_default(studio, OWNER, "smart")
    assert models.overview(studio)["routes"] == ["smart"]
    wrong = [
        ({"id": "Smart"}, [rule], False, "id"),
        (smart, [rule], True, "id"),
        (smart, [rule, {"models": ["a/x"]}], False, "1"),
        (smart, [{**rule, "longer": "many"}], False, "0.longer"),
        ({**smart, "otherwise": ["smart"]}, [rule], False, "models"),
    ]
    for route, rules, fresh, field in wrong:
        with pytest.raises(BadSettings) as caught:
            model_rules.set_rules(studio, OWNER, {**smart, **route}, rules, fresh=fresh)
        assert caught.value.field.startswith(field), (caught.value.field, field)
    with pytest.raises(BadSettings):
        model_rules.remove_rules(studio, OWNER, "smart")


async def test_prices_and_budgets_are_changed_together_and_what_is_spent_of_them_is_seen(studio):
    budgets = Budgets(studio.control.policy.budgets, time.time)
    studio.services = replace(studio.services, budgets=budgets)
    price = {"id": "ds/chat", "input": 2, "output": 8, "currency": "CNY"}
    model_money.set_prices(studio, OWNER, [price])
    model_money.set_budgets(studio, OWNER, [{"id": "ds", "tokens": 200}, {"id": "all", "money": 1}])
    budgets.add([Spent("model", "ds/chat", day_of(time.time()), 150, 0.1, 0)])
    seen = await model_money.money(studio)
    assert seen["prices"] == [price]
    assert [(one["id"], one["left"], one["spent"]["tokens"]) for one in seen["budgets"]] == [
        ("ds", 25, 150),
        ("all", 90, 150),
    ]
    model_money.set_budgets(studio, OWNER, [{"id": "all", "money": 2}])
    assert [one["left"] for one in (await model_money.money(studio))["budgets"]] == [95]
    wrong = [
        (model_money.set_prices, [price, price], "1.id"),
        (model_money.set_prices, [{**price, "input": "free"}], "0.input"),
        (model_money.set_prices, [{**price, "id": "chat"}], "0.id"),
        (model_money.set_budgets, [{"id": "all"}], "0"),
        (model_money.set_budgets, [{"id": "all", "tokens": 0}], "0.tokens"),
    ]
    for change, rows, field in wrong:
        with pytest.raises(BadSettings) as caught:
            change(studio, OWNER, rows)
        assert caught.value.field.startswith(field)


async def test_a_test_tells_which_more_models_there_are_and_one_is_added_without_losing_the_key(studio):
    models.set_up(studio, OWNER, **DEEPSEEK, api_key=KEY)
    assert (await models.test(studio, "deepseek")).value == {"models": ["deepseek-next"]}
    assert await models.list_models(studio, **{**DEEPSEEK, "models": []}, api_key=KEY, fresh=True)
    models.add_model(studio, OWNER, "deepseek", "deepseek-next")
    kept = studio.control.find("deepseek")
    assert kept.models == (*DEEPSEEK["models"], "deepseek-next")
    assert kept.api_key.get_secret_value() == KEY
    with pytest.raises(NotFound):
        models.add_model(studio, OWNER, "gone", "x")
