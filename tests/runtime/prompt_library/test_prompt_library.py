"""Prompt templates with versions, users, and a better wording."""

from dataclasses import replace

import pytest

from runtime import trash
from runtime.agents.agent import Agent
from runtime.agents.library import Library
from runtime.agents.prompts_held import users
from runtime.errors import BadAgent, BadTemplate, Conflict, NotFound, NotSaved, TurnFailed
from runtime.lang import Text
from runtime.models.targets import DEMO
from runtime.prompt_library.from_block import template_of
from runtime.prompt_library.improving import improved
from runtime.prompt_library.library import PromptLibrary, as_json, read_json
from runtime.prompt_library.rules import RULES, reworded
from runtime.prompt_library.using import Frozen, live, rename, using
from runtime.settings import CHECKOUT
from runtime.templating import sandbox
from script import Script, says

ASKS = {"type": "model", "id": "answer", "prompt": {"template": "tea"}}
SHOP = {"format": 1, "id": "shop", "name": "茶铺", "flow": [ASKS]}


def tea(text="你卖茶。", **more):
    return read_json("tea", {"zh": {"title": "茶", "text": text, **more}})


@pytest.fixture
def prompts(tmp_path):
    prompts = PromptLibrary(tmp_path)
    prompts.create(tea(), "Tea", by="an")
    return prompts


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "agents", CHECKOUT / "templates" / "agents")
    library.save(Agent.load(SHOP))
    library.save(
        Agent.load({**SHOP, "id": "other", "flow": [{**ASKS, "prompt": {"template": "translator"}}]})
    )
    return library


def test_each_save_is_a_version_and_what_is_deleted_comes_back(prompts):
    revision = prompts.own.revision("tea")
    prompts.save("tea", tea("二"), revision, by="bo")
    assert prompts.history.states("tea")[0].data["zh"]["text"] == "二"
    prompts.keep_samples("tea", {"a": "1", "empty": ""})
    token = prompts.remove("tea", by="bo")
    assert prompts.own.ids() == set()
    assert prompts.restore(token) == "tea"
    assert as_json(prompts.own.get("tea")) == {"zh": {"title": "茶", "text": "二"}}
    assert prompts.samples("tea") == {"a": "1"}
    with pytest.raises(NotFound):
        prompts.restore(token)
    for id in ("nobody", "../tea", ""):
        assert prompts.samples(id) == {}
        with pytest.raises(NotFound):
            prompts.restore(id)


def test_a_return_that_broke_off_between_two_languages_can_be_asked_for_again(prompts, monkeypatch):
    both = {language: {"title": "茶", "text": language} for language in ("en", "zh")}
    prompts.save("tea", read_json("tea", both), prompts.own.revision("tea"), by="bo")
    token, moved = prompts.remove("tea", by="bo"), trash._moved

    def full(path, to):
        if to.name == "tea.en.j2":
            raise NotSaved(Text("磁盘满了", "the disk is full"))
        moved(path, to)

    with monkeypatch.context() as disk:
        disk.setattr(trash, "_moved", full)
        with pytest.raises(NotSaved):
            prompts.restore(token)
    assert prompts.own.ids() == set()
    assert prompts.restore(token) == "tea"
    assert as_json(prompts.own.get("tea")) == both


def test_a_file_that_was_written_by_hand_is_its_first_version(prompts):
    hand = tea("手写")["zh"].model_copy(update={"id": "hand"})
    (prompts.own.folder / "hand.zh.j2").write_text(hand.to_file())
    saved = read_json("hand", {"zh": {"title": "茶", "text": "改了"}})
    prompts.save("hand", saved, prompts.own.revision("hand"), by="an")
    assert [one.data["zh"]["text"] for one in prompts.history.states("hand")] == ["改了", "手写"]


def test_a_new_id_mends_all_who_use_it_in_files_and_drafts(prompts, library):
    draft = {**SHOP, "flow": [{**ASKS, "colour": "red"}]}
    library.keep_draft("shop", draft, library.get("shop").revision)
    assert [(one.id, one.blocks) for one in using(library)["tea"]] == [("shop", ("answer",))]
    assert rename(prompts, library, "tea", "green", [], by="an") == ["茶铺"]
    assert prompts.own.ids() == {"green"}
    assert list(users(library.get("shop").agent.to_json())) == [("green", "answer")]
    opened = library.open("shop")
    assert (opened.is_draft, opened.file_changed, list(users(opened.data))) == (
        True,
        False,
        [("green", "answer")],
    )
    assert list(users(library.get("other").agent.to_json())) == [("translator", "answer")]
    assert len(prompts.history.states("green")) >= 1


@pytest.mark.parametrize(
    ("to", "error"), [("translator", Conflict), ("taken", Conflict), ("A b", BadTemplate), ("", BadTemplate)]
)
def test_a_new_id_that_cannot_be_changes_nothing(prompts, library, to, error):
    prompts.create(tea("别的"), "taken", by="an")
    with pytest.raises(error):
        rename(prompts, library, "tea", to, [], by="an")
    assert list(users(library.get("shop").agent.to_json())) == [("tea", "answer")]
    assert prompts.own.ids() == {"tea", "taken"}


def test_whoever_cannot_be_mended_keeps_the_id(prompts, library):
    old = Frozen("wechat gh_1", "shop", SHOP)
    with pytest.raises(Conflict) as caught:
        rename(prompts, library, "tea", "green", [old], by="an")
    assert "wechat gh_1" in caught.value.text.en
    held = Frozen("wechat gh_1", "shop", {**SHOP, "prompts": {"tea": {"text": "当时"}}})
    assert [(one.place, inside["text"]) for one, inside in live("tea", [held])] == [("wechat gh_1", "当时")]
    broken = library.folder / "broken.json"
    broken.write_text('{"flow": [{"id": "x", "prompt": {"template": "tea"}}]}')
    with pytest.raises(BadAgent):
        rename(prompts, library, "tea", "green", [held], by="an")
    assert prompts.own.ids() == {"tea"}
    broken.unlink()
    assert rename(prompts, library, "tea", "green", [held], by="an") == ["茶铺"]


@pytest.mark.parametrize(
    ("text", "became", "values", "left"),
    [
        ("你好", "你好", {}, []),
        ("{{ shop }}的店员", "{{ shop }}的店员", {"shop": "{{ shop }}"}, []),
        ("资料：{{ docs.text }}", "资料：{{ docs_text }}", {"docs_text": "{{ docs.text }}"}, []),
        ("{{ message.text }}{{ now }}", "{{ message.text }}{{ now }}", {}, []),
        (
            "{% for p in docs.all %}{{ p }}{% endfor %}",
            "{% for p in docs.all %}{{ p }}{% endfor %}",
            {},
            ["docs.all"],
        ),
        ("{{ a.b }}{{ a.b|upper }}", "{{ a.b }}{{ a.b|upper }}", {}, ["a.b"]),
        ("{%if vip%}{{- vip -}}{%endif%}", "{%if vip%}{{- vip -}}{%endif%}", {"vip": "{{ vip }}"}, []),
    ],
)
def test_a_blocks_prompt_becomes_a_template_that_it_fills_as_before(text, became, values, left):
    taken = template_of(text, "x", "zh", "新", {"shop": "店名"})
    assert (taken.template.text, dict(taken.values), list(taken.left)) == (became, values, left)
    assert [one.name for one in taken.template.variables] == list(values)
    assert all(one.title == "店名" for one in taken.template.variables if one.name == "shop")


async def better(said, text="你是{{ shop }}的店员。", **more):
    return await improved(Script([says(said)]), "some/model", text, "短", **more)


@pytest.mark.parametrize(
    "said",
    [
        "<prompt>\n新的{{ shop }}\n</prompt>",
        "好的：<prompt>新的{{ shop }}</prompt>，请看",
        "```jinja\n新的{{ shop }}\n```",
    ],
)
async def test_a_better_wording_is_the_text_that_the_model_gives(said):
    found = await better(said)
    assert (found.text, list(found.lost), found.by_rules) == ("新的{{ shop }}", [], False)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "<prompt></prompt>",
        "\0",
        "{{ shop ",
        "{% include '/etc/passwd' %}",
        "{{ shop.__class__.__mro__ }}",
        "{{ 9**99999999 }}",
        "{{ secret }}",
        "{{ secrets.key }}{{ shop }}",
        "a" * 40_000,
        "<prompt>" + "b" * 200_000,
    ],
)
async def test_what_a_model_gives_is_text_within_bounds_and_asks_for_nothing_else(said):
    with pytest.raises(TurnFailed) as caught:
        await better(said)
    assert caught.value.text.zh


async def test_half_characters_and_values_that_got_lost_are_told():
    found = await better("<prompt>\ud83d新\0的</prompt>")
    assert (found.text, list(found.lost)) == ("\ufffd新的", ["shop"])


async def test_a_broken_prompt_is_told_before_a_model_is_asked():
    script = Script()
    with pytest.raises(BadTemplate):
        await improved(script, "some/model", "{{ a", "")
    assert script.requests == []


@pytest.mark.parametrize("text", ["你是店员，请回答{{ shop }}的顾客。  \n\n\n\n完", "You answer {{ shop }}."])
async def test_the_demo_model_improves_by_rules_which_a_second_time_change_nothing(text):
    script = Script([replace(says("**我**按规则回答"), model=DEMO)])
    found = await improved(script, "default", text, "")
    assert found.by_rules
    new = found.text
    assert new.count("- ") >= len(RULES) - 2
    assert reworded(new) == new
    assert sandbox.names(new) == sandbox.names(text)
    assert "\n\n\n" not in new
