"""`say` and `alerts`, as they are typed."""

import dataclasses
import json
import time

import pytest
from commands import served

from runtime.cli import arguments, commands
from runtime.errors import BadSettings, NotFound
from runtime.metrics.alerting.rules import rules
from runtime.settings import Settings
from runtime.simulator.wecom_group import KEY, WeComGroupSimulation


@pytest.fixture
def home(tmp_path):
    """An installation with a robot's publication, and the group that it writes to."""
    group = WeComGroupSimulation("group", time.time)
    with served(group.call) as url:
        settings = Settings(home=tmp_path, api_hosts={"HONGYAN_WECOM_API": url})
        agent = tmp_path / "shop.json"
        agent.write_text(
            '{"format":1,"id":"shop","name":"店","flow":[{"type":"model","id":"answer"}]}', "utf-8"
        )
        run(settings, "agent", "import", str(agent))
        yield settings, group


def run(settings, *words):
    options = arguments.parser().parse_args(words)
    commands.execute(options, settings)


def test_something_is_said_without_a_running_program_and_alerts_are_sent_there(home, capsys):
    settings, group = home
    run(settings, "publish", "shop", "--channel", "wecom_group", "--set", f"key={KEY}")
    id = json.loads(capsys.readouterr().out.splitlines()[-1])["publication"]
    run(settings, "say", id, "**你好**")
    line = json.loads(capsys.readouterr().out)
    assert (line["publication"], line["to"], line["state"], line["code"]) == (id, "group", "sent", "")
    assert [one.sent for one in group.chat] == ["**你好**"]

    run(settings, "alerts", id)
    run(settings, "alerts")
    run(settings, "alerts", "off")
    told = [json.loads(one)["alerts_to"] for one in capsys.readouterr().out.splitlines()]
    assert told == [id, id, ""]

    group.faults.script("webhook/send", 40008)
    with pytest.raises(SystemExit) as ended:
        run(settings, "say", id, "又一条")
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out)["state"] == "failed"


def test_what_cannot_be_said_is_told(home, capsys):
    settings, _ = home
    run(settings, "publish", "shop", "--channel", "api")
    id = json.loads(capsys.readouterr().out.splitlines()[-1])["publication"]
    with pytest.raises(BadSettings):
        run(settings, "say", id, "你好")
    with pytest.raises(BadSettings):
        run(settings, "alerts", id)
    with pytest.raises(NotFound):
        run(settings, "say", "nothing", "你好")


def test_the_rules_of_prometheus_are_printed_with_our_own_address(home, capsys):
    run(dataclasses.replace(home[0], public_url="https://ai.example"), "alerts", "--rules")
    assert capsys.readouterr().out == rules("https://ai.example")
