"""The prompt templates we ship: every one in both languages, complete, and safe to fill."""

import re
from pathlib import Path

import pytest

from runtime.agents.agent import RESERVED
from runtime.templating.prompts import Prompt, Prompts

FOLDER = Path(__file__).parents[2] / "templates" / "prompts"
PROMPTS = Prompts([FOLDER])
FILES = sorted(FOLDER.iterdir())
IDS = sorted({file.name.split(".")[0] for file in FILES})
NOW = {"now": "2026-11-21 10:00 Saturday"}

HALF_WIDTH = re.compile(r"[\u4e00-\u9fff」）][,;:!?(]|[,;:!?)][\u4e00-\u9fff「（]")


def each():
    return pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)


def read(file):
    id, language, _ = file.name.split(".")
    return PROMPTS.template(id, language)


def filled(template, values, turn=NOW):
    return PROMPTS.fill(Prompt(template=template.id, values=values), turn, template.language)


def all_values(template):
    return {variable.name: f"值-{variable.name}" for variable in template.variables}


def test_there_are_templates():
    assert len(IDS) >= 8


@pytest.mark.parametrize("id", IDS)
def test_a_template_is_there_in_both_languages_with_the_same_blanks(id):
    assert {f"{id}.zh.j2", f"{id}.en.j2"} <= {file.name for file in FILES}
    zh, en = (PROMPTS.template(id, language) for language in ("zh", "en"))
    assert [(v.name, v.area) for v in zh.variables] == [(v.name, v.area) for v in en.variables]


@each()
def test_exactly_the_declared_variables_are_used(file):
    template = read(file)
    declared = {variable.name for variable in template.variables}
    assert PROMPTS.names(template.text) - set(RESERVED) == declared


@each()
def test_everything_in_the_builder_is_labelled_in_its_language(file):
    template = read(file)
    labels = [template.title, template.description, *(variable.title for variable in template.variables)]
    chinese = [bool(re.search(r"[\u4e00-\u9fff]", label)) for label in labels]
    assert chinese == [template.language == "zh"] * len(labels)


@each()
@pytest.mark.parametrize("fill", [dict, all_values], ids=["by defaults", "by the owner"])
@pytest.mark.parametrize("turn", [{}, NOW], ids=["outside a turn", "in a turn"])
def test_a_template_reads_well_however_it_is_filled(file, fill, turn):
    template = read(file)
    text = filled(template, {} if fill is dict else fill(template), turn)
    assert "{{" not in text
    assert "{%" not in text
    assert "\n\n\n" not in text
    assert not re.search(r"「」| {2}|[ \t]\n", text)
    assert not (template.language == "zh" and HALF_WIDTH.search(text))
    # A tag at the end of a line swallows the line's end.
    assert not re.search(r"[。.]- ", text)
    assert text.count("\n\n") == template.text.count("\n\n")


@each()
def test_what_the_owner_fills_in_arrives(file):
    template = read(file)
    text = filled(template, all_values(template))
    assert all(value in text for value in all_values(template).values())


@each()
def test_a_filled_in_value_is_text_and_not_a_template(file):
    template = read(file)
    hostile = {variable.name: "{{ '{{ 6*7 }}' }}" for variable in template.variables}
    assert "42" not in filled(template, hostile)


@each()
def test_a_prompt_is_short_enough_to_be_followed(file):
    template = read(file)
    assert 150 < len(template.text) < (1000 if template.language == "zh" else 2200)
