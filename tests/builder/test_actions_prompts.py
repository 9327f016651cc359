"""The clicks of the prompts' page."""

import asyncio
from dataclasses import replace

import pytest

from builder.actions import prompts, prompts_looked
from builder.actions.build import save as save_agent
from runtime.access.actor import OWNER
from runtime.agents.agent import Agent
from runtime.errors import BadTemplate, Conflict, ModelFailed, NotFound
from runtime.lang import Text
from runtime.publish import publish
from script import says

AN = replace(OWNER, id="an")
BO = replace(OWNER, id="bo")
ASKS = {"type": "model", "id": "answer", "prompt": {"template": "tea"}}
SHOP = {"format": 1, "id": "shop", "name": "茶铺", "flow": [ASKS]}


def tea(text="你卖{{ tea }}。", **more):
    variables = [{"name": "tea", "title": "茶", "default": "龙井"}]
    return {"zh": {"title": "茶", "variables": variables, "text": text, **more}}


@pytest.fixture
def made(studio):
    id = prompts.create(studio, AN, "zh", "Tea")["id"]
    prompts.save(studio, AN, id, tea(), prompts.template(studio, AN, id)["revision"])
    return id


def line(studio, id):
    return next(one for one in prompts.overview(studio, AN)["templates"] if one["id"] == id)


def test_a_template_is_made_saved_copied_deleted_and_had_again(studio, made):
    assert (made, line(studio, made)["given"]) == ("tea", False)
    assert prompts.template(studio, AN, made)["languages"] == tea()
    english = {"title": "Tea", "text": "You sell tea."}
    prompts.save(studio, AN, made, {**tea(), "en": english}, prompts.template(studio, AN, made)["revision"])
    copy = prompts.copy(studio, AN, made).value["id"]
    assert (copy, list(prompts.template(studio, AN, copy)["languages"])) == ("tea_2", ["zh", "en"])
    assert prompts.copy(studio, AN, "translator").value["id"] == "translator_2"
    undo = prompts.delete(studio, AN, made).undo
    with pytest.raises(NotFound):
        prompts.template(studio, AN, made)
    prompts.restore(studio, **undo)
    assert prompts.template(studio, AN, made)["languages"] == {**tea(), "en": english}
    assert [line(studio, id)["given"] for id in ("tea", "translator")] == [False, True]


@pytest.mark.parametrize(
    ("languages", "field"),
    [
        ({"zh": {"title": "", "text": ""}}, "zh.title"),
        ({"zh": {"text": ""}}, "zh.title"),
        ({"fr": {"title": "a", "text": ""}}, "fr.language"),
        ({"zh": {"title": "a", "text": "{{ a", "id": "../x"}}, "zh"),
        ({"zh": {"title": "a", "text": "", "colour": 1}}, "zh.colour"),
        (tea(variables=[{"name": "A", "title": ""}]), "zh.variables.0.name"),
        (tea(variables=[{"name": "now", "title": ""}]), "zh.variables.0.name"),
        ({"zh": "text"}, "zh."),
        ({}, ""),
    ],
)
def test_what_is_no_template_is_told_with_its_field_and_nothing_is_lost(studio, made, languages, field):
    with pytest.raises(BadTemplate) as caught:
        prompts.save(studio, AN, made, languages, prompts.template(studio, AN, made)["revision"])
    assert caught.value.field == field
    assert prompts.template(studio, AN, made)["languages"] == tea()


def test_two_people_do_not_write_over_each_other(studio, made):
    began = prompts.template(studio, AN, made)["revision"]
    prompts.save(studio, AN, made, tea("一"), began)
    with pytest.raises(Conflict):
        prompts.save(studio, BO, made, tea("二"), began)


def test_who_uses_it_is_told_also_where_it_answers(studio, made):
    agent = Agent.load(SHOP)
    studio.library.save(agent)
    publish(studio.control, agent, "api", {})
    assert line(studio, made)["used_by"] == ["茶铺"]
    shown = prompts.template(studio, AN, made)
    assert [(one["id"], one["blocks"]) for one in shown["used_by"]] == [("shop", ("answer",))]
    assert [one["same"] for one in shown["live"]] == [True]
    prompts.save(studio, AN, made, tea("改了"), shown["revision"])
    assert [one["same"] for one in prompts.template(studio, AN, made)["live"]] == [False]
    told = prompts.rename_template(studio, AN, made, "green")
    assert "1" in told.text.en
    assert studio.library.get("shop").agent.flow[0].told.template == "green"


def test_a_page_that_has_the_agent_open_does_not_bring_the_old_id_back(studio, made):
    studio.library.save(Agent.load(SHOP))
    began = f"{studio.library.get('shop').revision}."
    prompts.rename_template(studio, AN, made, "green")
    with pytest.raises(Conflict):
        save_agent(studio, AN, "shop", {**SHOP, "name": "新"}, began)


@pytest.mark.parametrize(
    ("text", "samples", "filled"),
    [
        ("你卖{{ tea }}。", {}, "你卖龙井。"),
        ("你卖{{ tea }}。", {"tea": "红茶"}, "你卖红茶。"),
        ("{{ message.text }}", {"message.text": "开门？"}, "开门？"),
        ("{{ message.text }}", {}, "{{ message.text }}"),
        ("{% for p in goods %}{{ p.n }}{% endfor %}", {"goods": '[{"n": 1}, {"n": 2}]'}, "12"),
        ("{{ price * 2 }}", {"price": "3"}, "6"),
        ("{% if vip %}贵宾{% else %}客人{% endif %}", {"vip": "false"}, "客人"),
        ("{{ tea }}", {"tea": "{{ 7*7 }}"}, "{{ 7*7 }}"),
        ("{{ docs.text }}", {"docs.text": "<b>资料</b>"}, "<b>资料</b>"),
    ],
)
def test_the_preview_is_what_the_model_would_be_told(studio, text, samples, filled):
    [shown] = prompts_looked.look(studio, tea(text), samples).values()
    assert (shown["problem"], shown["filled"]) == (None, filled)


def test_what_is_wrong_is_told_at_its_line(studio):
    shown = prompts_looked.look(studio, {**tea("一\n二\n{{ a b }}"), "en": {"text": "ok {{ 1 / 0 }}"}}, {})
    assert shown["zh"]["problem"]["line"] == 3
    assert (shown["en"]["problem"], shown["en"]["reason"]["line"]) == (None, 1)
    names = prompts_looked.look(studio, tea("{{ shop }}{{ now }}"), {})["zh"]
    assert names["unused"] == ["tea"]
    assert [(one["name"], one["always"]) for one in names["names"]] == [("shop", False), ("now", True)]


def test_versions_are_told_with_what_became_of_them(studio, made):
    prompts.save(studio, AN, made, tea("你卖{{ tea }}和水。"), prompts.template(studio, AN, made)["revision"])
    newest = prompts_looked.versions(studio, made)[0]
    found = prompts_looked.compare(studio, made, newest["key"], tea("你卖{{ tea }}。"))
    assert found["languages"] == tea("你卖{{ tea }}和水。")
    assert ("-", "和水") in [tuple(one) for one in found["pieces"]["zh"]]
    assert newest["by"] == "an"


def test_a_file_goes_out_and_comes_in_again(studio, made):
    [file] = prompts.export(studio, made)
    assert file["name"] == "tea.zh.j2"
    assert prompts.import_template(studio, AN, **file).value["id"] == "tea_2"
    english = file["text"].replace("你卖", "You sell")
    assert prompts.import_template(studio, AN, "tea.en.j2", english).value["id"] == "tea"
    assert list(prompts.template(studio, AN, "tea")["languages"]) == ["zh", "en"]
    assert prompts.import_template(studio, AN, "../../茶.zh.j2", file["text"]).value["id"] == "prompt"
    for bad in ("no front matter", "---\n{\n---\n", "\ud800"):
        with pytest.raises(BadTemplate):
            prompts.import_template(studio, AN, "x.zh.j2", bad)


def test_a_blocks_prompt_is_kept_as_a_template_which_the_block_fills(studio):
    text = "{{ docs.text }}{{ shop }}"
    told = prompts_looked.keep_as_template(studio, AN, text, "Shop", "zh", {"shop": "店名"})
    assert told.value["prompt"] == {
        "template": "shop",
        "values": {"docs_text": "{{ docs.text }}", "shop": "{{ shop }}"},
    }
    assert prompts.template(studio, AN, "shop")["languages"]["zh"]["text"] == "{{ docs_text }}{{ shop }}"


async def test_a_better_wording_is_told_with_its_price_and_nothing_is_kept(studio, script, made):
    script.answers = [says("<prompt>\n更好的{{ tea }}\n</prompt>", cost=0.002)]
    found = (await prompts_looked.improve(studio, AN, "你卖{{ tea }}。", "m1", wish="短")).value
    assert (found["text"], found["cost"], found["tokens"]) == ("更好的{{ tea }}", 0.002, 15)
    assert [one.cost for one in script.paid] == [0.002]
    assert prompts.template(studio, AN, made)["languages"] == tea()
    script.answers = [ModelFailed(Text("不通。", "It is down."), code="server")]
    with pytest.raises(ModelFailed):
        await prompts_looked.improve(studio, AN, "你好", "m1")


async def test_a_better_wording_is_stopped_by_whoever_asked(studio, script):
    script.gate = asyncio.Event()
    asked = asyncio.create_task(prompts_looked.improve(studio, AN, "你好", "m1"))
    for _ in range(3):
        await asyncio.sleep(0)
    assert script.requests
    with pytest.raises(Conflict):
        await prompts_looked.improve(studio, AN, "你好", "m1")
    await asyncio.to_thread(prompts_looked.stop, studio, BO, "m1")
    await asyncio.to_thread(prompts_looked.stop, studio, AN, "m1")
    answer = await asked
    assert (answer.ok, answer.code) == (False, "stopped")
    assert prompts_looked._under_way == {}
