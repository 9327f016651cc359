"""What comes in by any channel looks to programs of others like all that does."""

import json

import pytest
from jsonschema import Draft202012Validator
from test_contract import TABLES

from runtime.standard_answer import StandardAnswer, json_schema
from runtime.standard_message import StandardMessage

VALIDATOR = Draft202012Validator(json_schema())
CAME = [
    pytest.param(message, id=f"{name}-{row.id}-{n}")
    for name, tables in TABLES.items()
    for row in (*tables.incoming, *tables.linked)
    for n, message in enumerate(row.messages)
]


@pytest.mark.parametrize("message", CAME)
def test_what_comes_is_a_standard_message(message):
    standard = StandardMessage.of(message)
    VALIDATOR.validate(json.loads(standard.model_dump_json()))
    assert (standard.sender.id, standard.content, standard.msg_type) == (
        message.sender,
        message.text,
        message.kind,
    )


@pytest.mark.parametrize("name", TABLES)
def test_what_is_said_is_a_standard_answer(name):
    rich = "你好\n\n![茶](https://shop.example/tea.png)\n\n要哪个？\n- [绿茶](menu:green)\n- [红茶](menu:red)"
    answer = StandardAnswer.of("ann", TABLES[name].channel.parts(rich))
    VALIDATOR.validate(json.loads(answer.model_dump_json()))
    assert "绿茶" in answer.content
