import json
import os

import pytest
from pydantic import ValidationError

from runtime.errors import BadTemplate, NotFound
from runtime.templating.prompts import Prompt, Prompts

ABOUT = {
    "title": "客服",
    "description": "回答顾客的问题",
    "variables": [
        {"name": "shop", "title": "店名", "default": "一叶茶铺"},
        {"name": "tone", "title": "语气"},
    ],
}
VALUES = {"message": {"text": "几点开门？"}, "shop_name": "青山茶馆"}


def write(folder, name, text, about=ABOUT):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(
        f"---\n{json.dumps(about, ensure_ascii=False)}\n---\n{text}\n", encoding="utf-8"
    )


@pytest.fixture
def prompts(tmp_path):
    write(tmp_path / "ours", "customer_service.zh.j2", "你是{{ shop }}的客服。{{ tone }}")
    write(tmp_path / "ours", "customer_service.en.j2", "You serve {{ shop }}.")
    write(tmp_path / "ours", "poet.en.j2", "You are a poet.", {"title": "Poet"})
    return Prompts([tmp_path / "ours"])


def test_a_template_is_filled_with_values_which_are_templates(prompts):
    prompt = Prompt(template="customer_service", values={"shop": "{{ shop_name }}", "tone": "亲切"})
    assert prompts.fill(prompt, VALUES) == "你是青山茶馆的客服。亲切"


def test_a_blank_left_out_has_its_default(prompts):
    assert prompts.fill(Prompt(template="customer_service"), VALUES) == "你是一叶茶铺的客服。"


def test_text_is_a_template(prompts):
    assert prompts.fill(Prompt(text="问：{{ message.text }}"), VALUES) == "问：几点开门？"


@pytest.mark.parametrize("hostile", ["{{ 7*7 }}{% raw %}", "{{x}}", "{% include 'a' %}"])
def test_what_a_person_writes_is_never_template_source(prompts, hostile):
    values = {"message": {"text": hostile}, "nickname": hostile}
    prompt = Prompt(
        template="customer_service", values={"shop": "{{ message.text }}", "tone": "{{ nickname }}"}
    )
    assert prompts.fill(prompt, values) == f"你是{hostile}的客服。{hostile}"


def test_a_template_is_found_in_its_language_or_the_other(prompts):
    assert prompts.template("customer_service", "en").text == "You serve {{ shop }}."
    assert prompts.template("poet", "zh").language == "en"
    assert [t.id for t in prompts.templates("zh")] == ["customer_service", "poet"]


def test_a_template_says_what_can_be_filled_in(prompts):
    template = prompts.template("customer_service")
    assert template.title == "客服"
    assert [(v.name, v.title, v.default) for v in template.variables] == [
        ("shop", "店名", "一叶茶铺"),
        ("tone", "语气", ""),
    ]


def test_an_earlier_folder_wins(prompts, tmp_path):
    write(tmp_path / "mine", "poet.en.j2", "Mine.", {"title": "Poet"})
    assert Prompts([tmp_path / "mine", tmp_path / "ours"]).template("poet").text == "Mine."


def test_a_changed_file_is_read_again(prompts, tmp_path):
    assert prompts.template("poet").text == "You are a poet."
    write(tmp_path / "ours", "poet.en.j2", "Changed.", {"title": "Poet"})
    os.utime(tmp_path / "ours" / "poet.en.j2", ns=(1, 1))
    assert prompts.template("poet").text == "Changed."


@pytest.mark.parametrize("id", ["nobody", "../ours/poet", "*", ""])
def test_an_unknown_template_is_named(prompts, id):
    with pytest.raises(NotFound) as caught:
        prompts.template(id)
    assert repr(id) in caught.value.text.en


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no front matter", "JSON"),
        ("---\n{broken\n---\ntext", "JSON"),
        ("---\n[]\n---\ntext", "JSON"),
        ("---\n{}\n---\ntext", "title"),
        ('---\n{"title": "a", "colour": "red"}\n---\ntext', "colour"),
    ],
)
def test_a_broken_file_is_told_with_its_name(prompts, tmp_path, text, told):
    (tmp_path / "ours" / "bad.zh.j2").write_text(text, encoding="utf-8")
    with pytest.raises(BadTemplate) as caught:
        prompts.template("bad")
    assert "bad.zh.j2" in caught.value.text.zh
    assert told in caught.value.text.zh


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"template": "a", "text": "b"},
        {"text": "a", "values": {"x": "y"}},
        {"template": "../a"},
        {"txt": "a"},
    ],
)
def test_a_prompt_is_either_a_template_or_text(data):
    with pytest.raises(ValidationError):
        Prompt.model_validate(data)


@pytest.mark.parametrize(
    "data", [{"text": ""}, {"text": "a"}, {"template": "poet"}, {"template": "poet", "values": {"a": "b"}}]
)
def test_a_prompt_survives_the_agent_file(data):
    assert Prompt.model_validate(data).model_dump(exclude_defaults=True) == data


def test_checking_gives_a_problem_or_nothing(prompts):
    assert prompts.check("{{ anything }}") is None
    assert "第 1 行" in prompts.check("{{ a b }}").text.zh
    assert prompts.check_expression("a > 1") is None
    assert prompts.check_expression("a >") is not None
    assert prompts.names("{{ a }}{{ b.c }}") == {"a", "b"}
    assert prompts.evaluate("message.text == '几点开门？'", VALUES)
