"""A group robot: its key in every form in which it is copied, and no secret shown."""

import pytest
from pydantic import ValidationError
from wecom_group_table import KEY, TABLES

from runtime.channels import ApiAnswer, is_for_people
from runtime.channels.wecom_group import CHANNEL
from runtime.errors import SendFailed, Wrong
from runtime.schema import first_problem

HOOK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="


@pytest.mark.parametrize("given", [KEY, f" {KEY}\n", HOOK + KEY, HOOK + KEY + "&debug=1"])
def test_the_key_or_the_whole_webhook_can_be_pasted(given):
    assert CHANNEL.Settings(key=given).key.get_secret_value() == KEY


@pytest.mark.parametrize(
    "given", ["", " ", "key", "xxxxxxxx", "请填写 key", HOOK, HOOK + "a b", "a" * 65, KEY + "?"]
)
def test_a_key_that_is_none_names_the_field_and_is_not_repeated(given):
    with pytest.raises(ValidationError) as error:
        CHANNEL.Settings(key=given)
    problem = first_problem(error.value)
    assert problem.field == "key"
    assert len(given) < 5 or given not in str(problem.text)


def test_nobody_writes_there_and_its_account_tells_nothing_of_its_key():
    channel = TABLES.channel
    assert not is_for_people(CHANNEL)
    assert channel.account not in KEY
    assert channel.account == CHANNEL(CHANNEL.Settings(key=KEY)).account
    assert channel.to_copy("https://bot.example/c/p") == ()


def test_it_writes_to_its_own_group_only():
    TABLES.channel.check_receiver("group")
    with pytest.raises(Wrong):
        TABLES.channel.check_receiver("zhangsan")


def test_a_robot_is_looked_for_without_anybody_seeing_it():
    channel = TABLES.channel
    assert channel.probe().body == {"msgtype": "text", "text": {"content": ""}}
    assert channel.probed(ApiAnswer(200, {"errcode": 44004, "errmsg": "empty"}))
    with pytest.raises(SendFailed) as failed:
        channel.probed(ApiAnswer(200, {"errcode": 93000}))
    assert "Webhook" in failed.value.text.zh


def test_a_long_answer_is_cut_where_the_platform_would_cut_it():
    assert all(len(part.encode()) <= 2048 for part in CHANNEL.render("# 题\n" + "很长的一段。" * 900))
