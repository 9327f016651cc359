"""The commands about an account at its platform, against the platform as it is played."""

import json

import pytest
from commands import served

from runtime.access.actor import COMMAND_LINE
from runtime.agents.agent import Agent
from runtime.cli import arguments
from runtime.cli.commands import execute
from runtime.errors import BadSettings, NotFound, SendFailed
from runtime.publish import publish
from runtime.settings import Settings
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.platform import Platform
from runtime.store.control.control import Control

SAY = {"type": "reply", "id": "say", "text": "好"}
AGENT = Agent.load({"id": "shop", "name": "店", "flow": [SAY]})
MENU = {"buttons": [{"name": "问AI", "key": "你好"}]}


@pytest.fixture
def platform():
    return Platform([Account()])


@pytest.fixture
def run(tmp_path, platform, capsys):
    """Runs a command about the publication; what it printed."""
    control = Control.in_folder(tmp_path / "data")
    id = publish(control, AGENT, "wechat", Account().settings).publication
    with served(platform.call) as url:
        settings = Settings(home=tmp_path, api_hosts={"HONGYAN_WECHAT_API": url})

        def command(typed):
            options = arguments.parser().parse_args(typed.replace("ID", id).split())
            execute(options, settings, COMMAND_LINE)
            return json.loads(capsys.readouterr().out)

        yield command


def test_a_menu_is_put_shown_and_removed(run, tmp_path):
    (tmp_path / "menu.json").write_text(json.dumps(MENU))
    assert run(f"menu put ID {tmp_path}/menu.json")["buttons"] == MENU["buttons"]
    assert run("menu show ID") == {**MENU, "shown": True, "left_out": []}
    assert run("menu remove ID")["buttons"] == []
    assert run("menu show ID")["shown"] is False


@pytest.mark.parametrize("text", ["{}", "[1]", '{"buttons": [{"name": ""}]}'])
def test_a_file_that_is_no_menu_is_refused(run, tmp_path, text):
    (tmp_path / "menu.json").write_text(text)
    with pytest.raises(BadSettings) as refused:
        run(f"menu put ID {tmp_path}/menu.json")
    assert refused.value.field.startswith("buttons")


def test_what_the_platform_says_of_the_account_is_one_object_and_says_what_it_lacks(run, platform):
    platform.owner.followers, platform.owner.callback = 7, ()
    told = run("account ID")
    assert (told["people"], told["quota"]["left"]) == (7, 500_000)
    assert told["callback_check"]["code"] == "40201"
    assert told["menu"] == {"menu": None, "shown": False, "left_out": [], "answers": {}, "others": []}


def test_a_platform_that_refuses_is_told(run, platform):
    platform.faults.always("menu/delete", 45010)
    with pytest.raises(SendFailed, match="今天"):
        run("menu remove ID")


def test_a_publication_that_is_none_is_told(run):
    with pytest.raises(NotFound):
        run("menu show nothing")
