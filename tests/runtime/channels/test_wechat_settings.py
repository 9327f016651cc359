"""What an Official Account's owner may enter."""

from dataclasses import dataclass, field

import pytest
from official_account import ACCOUNT, APP_ID, KEY, SAFE, channel, plain_push, received, sample
from pydantic import ValidationError

from runtime.channels.wechat import CHANNEL
from runtime.schema import first_problem


@dataclass(frozen=True)
class Wrong:
    id: str
    field: str
    value: object
    others: dict = field(default_factory=dict)


NOTHING = ["", "  ", None, "None"]
WRONG = [
    *(Wrong(f"{name} is {value!r}", name, value) for name in ACCOUNT for value in NOTHING),
    Wrong("placeholder secret", "app_secret", "your_app_secret"),
    Wrong("placeholder secret x", "app_secret", "xxxxxxxx"),
    Wrong("placeholder secret in Chinese", "app_secret", "请填写AppSecret"),
    Wrong("placeholder secret even without push", "app_secret", "changeme", {"push": False}),
    Wrong("placeholder token", "token", "yourtoken"),
    Wrong("placeholder changeme", "token", "changeme"),
    Wrong("placeholder app id", "app_id", "wxxxxxxxxxxxxxxxxx"),
    Wrong("placeholder original id", "original_id", "gh_xxxxxxxxxxxx"),
    Wrong("an app id of another kind", "app_id", "ww0123456789abcdef"),
    Wrong("a token with a sign", "token", "abc-def"),
    Wrong("a token of 2", "token", "ab"),
    Wrong("a token of 33", "token", "a" * 33),
    Wrong("a key of 42", "encoding_aes_key", KEY[:-1]),
    Wrong("a key of 44", "encoding_aes_key", KEY + "a"),
    Wrong("a key with a sign", "encoding_aes_key", "+" + KEY[1:]),
    Wrong("a key with a line end inside", "encoding_aes_key", KEY[:20] + "\n" + KEY[21:]),
    Wrong("another mode", "mode", "compatible"),
]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.id)
def test_wrong_settings_name_the_field(case):
    with pytest.raises(ValidationError) as error:
        CHANNEL.Settings(**{**ACCOUNT, **case.others, case.field: case.value})
    problem = first_problem(error.value)
    assert problem.field == case.field
    assert problem.text.zh != problem.text.en
    assert case.value in NOTHING or str(case.value) not in str(problem.text)


@pytest.mark.parametrize("name", ["app_id", "original_id", "token", "encoding_aes_key", "app_secret"])
def test_missing_settings_name_the_field(name):
    with pytest.raises(ValidationError) as error:
        CHANNEL.Settings(**{key: value for key, value in ACCOUNT.items() if key != name})
    assert first_problem(error.value).field == name


def test_an_account_that_cannot_push_needs_no_secret():
    account = channel(push=False, app_secret="")
    assert not account.may_push
    assert SAFE.may_push
    assert SAFE.account == APP_ID


def test_plain_mode_needs_no_key():
    assert received(channel(mode="plain", encoding_aes_key=""), plain_push(sample("text"))).text == "你好"


def test_spaces_around_a_pasted_value_are_dropped():
    account = CHANNEL.Settings(**{name: f" {value}\n" for name, value in ACCOUNT.items()})
    assert account == CHANNEL.Settings(**ACCOUNT)


def test_secrets_do_not_show():
    shown = repr(SAFE.settings) + SAFE.settings.model_dump_json()
    assert not any(ACCOUNT[name] in shown for name in ("token", "encoding_aes_key", "app_secret"))


def test_suggested_values_are_accepted():
    assert CHANNEL.Settings(**{**ACCOUNT, **CHANNEL.suggest()})
