"""What a channel owes that says it can be checked: questions of its own, and codes that have a meaning."""

import contextlib
import json

import pytest
from test_contract import HOSTILE, KINDS, TABLES, claiming, rows

from runtime.channels import ApiAnswer, Checked
from runtime.errors import SendFailed


def test_a_channel_brings_answers_and_a_refused_address_if_it_can_be_checked_and_only_then():
    for name, tables in TABLES.items():
        is_checked = issubclass(KINDS[name], Checked)
        assert bool(tables.stranger[1]) == (is_checked and bool(tables.channel.codes.address)), name
        asked = tables.channel.questions() if is_checked else ()
        assert {row.question for row in tables.asked} == {one.id for one in asked}, name


@claiming(Checked)
def test_each_question_has_a_name_of_its_own_and_a_title(tables):
    asked = tables.channel.questions()
    assert len({one.id for one in asked}) == len(asked)
    assert all(one.id.replace("_", "").isalpha() and one.title.zh and one.title.en for one in asked)


@rows(Checked, "asked")
def test_what_the_platform_answers_to_a_question(tables, row):
    question = next(one for one in tables.channel.questions() if one.id == row.question)
    if row.code:
        with pytest.raises(SendFailed) as failed:
            question.read(ApiAnswer(200, row.data))
        assert failed.value.code == row.code
        return
    told = question.read(ApiAnswer(200, row.data))
    assert (told.ok, row.says in told.says.en) == (row.ok, True), told.says.en
    assert told.says.zh
    assert told.do.zh or told.ok is not False, "what is wrong has something to do"


@claiming(Checked)
@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_a_strange_answer_is_told_or_a_failure(tables, data):
    for question in tables.channel.questions():
        with contextlib.suppress(SendFailed):
            json.dumps([question.read(ApiAnswer(200, data)).says.zh])


@claiming(Checked)
def test_the_address_that_is_not_allowed_is_read_from_the_refusal_and_from_nothing_else(tables):
    refusal, address = tables.stranger
    assert tables.channel.seen_address(ApiAnswer(200, refusal)) == address
    assert all(tables.channel.seen_address(ApiAnswer(200, data)) == "" for data in HOSTILE)


@claiming(Checked)
def test_codes_about_the_owners_settings_are_explained_and_stop_the_account(tables):
    codes, unknown = tables.channel.codes, tables.channel.explain("no-such-code")
    assert codes.credentials
    assert not codes.credentials & codes.address
    assert codes.address <= codes.blocking.keys()
    for code in codes.credentials | codes.address:
        text = tables.channel.explain(code)
        assert text != unknown, code
        assert "{" not in text.zh + text.en, code
