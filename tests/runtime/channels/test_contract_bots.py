"""What a program wrote, as its platform says, is answered by nobody: it is none, or a bot's (Message.is_bot),
which the gateway refuses in one place. Two that answer each other would never stop."""

import pytest
from test_contract import TABLES
from test_contract_links import played

from runtime.channels import WebRequest

TELL = {"telegram", "discord", "slack", "feishu", "dingtalk", "webhook", "websocket"}
"""Whose platform says of what a program wrote that one did."""
ROWS = [
    pytest.param(tables, *row, id=f"{name}-{n}")
    for name, tables in TABLES.items()
    for n, row in enumerate(tables.bots)
]


def came(tables, told):
    if isinstance(told, WebRequest):
        return tables.channel.receive(told, tables.now).messages
    return played(tables, told)[1].messages


@pytest.mark.parametrize(("tables", "by_bot", "by_person"), ROWS)
def test_what_a_program_wrote_is_taken_by_nobody(tables, by_bot, by_person):
    assert [one for one in came(tables, by_bot) if not one.is_bot] == []
    [message] = came(tables, by_person)
    assert not message.is_bot


def test_each_platform_that_says_so_is_tried():
    assert {name.partition(" ")[0] for name, tables in TABLES.items() if tables.bots} == TELL
