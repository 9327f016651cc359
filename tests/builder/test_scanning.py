"""An account that is joined by a scan, on the publish page and on the command line."""

import json
import sqlite3
import time

import pytest
from builder_world import add
from insights_world import World, drawn, show, words

from builder.actions import publish, scanning
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission
from runtime.agents.agent import Agent
from runtime.cli.scanned import where_to_scan
from runtime.errors import BadSettings
from runtime.publish import publish as publish_agent
from runtime.publish.scanning import drawn as modules
from runtime.publish.scanning import in_terminal
from runtime.settings import Settings
from runtime.store.control.records import Publication

LINK = "https://liteapp.weixin.qq.com/q/abc"
SCANNED = ("b@im.bot", {"bot_id": "b@im.bot", "user_id": "u@im.wechat"}, {"bot_token": "t0ken-t0ken"})


@pytest.fixture
def live(studio):
    """Published, and to be scanned."""
    add(studio)
    return publish.go_live(studio, OWNER, "shop", "ilink", {}).value["publication"]


def seen(studio, live):
    return publish.state(studio, OWNER, live)


def come_to(studio, live, stage, **more):
    studio.control.joinings.change(live, stage=stage, at=time.time(), **more)


def test_nothing_is_asked_for_and_the_code_comes_by_itself(studio, live):
    [channel] = [one for one in publish.overview(studio, OWNER, "shop")["channels"] if one["name"] == "ilink"]
    assert channel["fields"] == []
    [published] = publish.overview(studio, OWNER, "shop")["publications"]
    assert published["reached"] is False
    assert seen(studio, live)["scan"]["rows"] == []
    come_to(studio, live, "shown", content=LINK)
    scan = seen(studio, live)["scan"]
    assert scan["link"] == LINK
    assert {*"".join(scan["rows"])} == {"0", "1"}
    assert len({len(row) for row in scan["rows"]} | {len(scan["rows"])}) == 1
    assert "扫" in scan["title"]["zh"]


@pytest.mark.parametrize("content", ["javascript:alert(1)", "weixin://x", "data:text/html,x"])
def test_a_code_that_is_no_web_address_is_drawn_and_not_linked(studio, live, content):
    come_to(studio, live, "shown", content=content)
    scan = seen(studio, live)["scan"]
    assert scan["rows"]
    assert scan["link"] == ""


def test_what_stands_in_the_way_of_a_code_is_said_and_no_code_is_said_to_come(studio, live):
    come_to(studio, live, "asking", trouble={"zh": "还没有公网地址。", "en": "There is no public address."})
    scan = seen(studio, live)["scan"]
    assert (scan["title"]["en"], scan["hint"]["en"]) == ("No code yet", "There is no public address.")


STAGES = ("asking", "shown", "scanned", "digits", "wrong_digits", "taken", "given_up")


@pytest.mark.parametrize("stage", STAGES)
def test_each_state_has_its_words_and_what_can_be_done(studio, live, stage):
    come_to(studio, live, stage)
    scan = seen(studio, live)["scan"]
    assert scan["title"]["zh"] != scan["title"]["en"]
    assert scan["hint"]["zh"]
    assert "{" not in scan["title"]["zh"] + scan["hint"]["zh"]
    assert scan["wants_digits"] == (stage in ("digits", "wrong_digits"))
    assert scan["may_ask"] == (stage in ("taken", "given_up"))


def test_digits_are_passed_on_and_others_are_refused(studio, live):
    come_to(studio, live, "digits")
    with pytest.raises(BadSettings):
        scanning.enter_digits(studio, OWNER, live, "12<b>")
    scanning.enter_digits(studio, OWNER, live, "123 456")
    assert studio.control.joinings.find(live).digits == "123456"
    assert seen(studio, live)["scan"]["wants_digits"] is False


def test_a_new_code_is_wanted_when_somebody_asks_or_publishes(studio, live):
    come_to(studio, live, "given_up")
    for ask in (
        lambda: scanning.new_code(studio, OWNER, live),
        lambda: publish.go_live(studio, OWNER, "shop", "ilink", {}, publication=live),
    ):
        studio.control.joinings.change(live, asked_at=0.0)
        ask()
        assert studio.control.joinings.find(live).asked_at > 0


def test_once_scanned_it_is_live_and_its_token_is_nowhere(studio, live):
    studio.control.joinings.keep(live, *SCANNED)
    come_to(studio, live, "joined")
    assert seen(studio, live)["scan"] is None
    [published] = publish.overview(studio, OWNER, "shop")["publications"]
    assert (published["reached"], published["account"]) == (True, "b@im.bot")
    assert "t0ken" not in json.dumps(publish.overview(studio, OWNER, "shop"))
    assert studio.control.channel_settings(live)["bot_token"] == "t0ken-t0ken"
    for file in (studio.settings.data / "control").glob("*.json"):
        assert "t0ken" not in file.read_text("utf-8")


def test_a_lost_connection_is_told_with_its_new_code(studio, live):
    studio.control.joinings.keep(live, *SCANNED)
    come_to(studio, live, "shown", content=LINK)
    state = seen(studio, live)
    assert state["tone"] == "bad"
    assert "连接断了" in state["hint"]["zh"]
    assert state["scan"]["link"] == LINK


def test_published_again_it_keeps_its_account_and_another_person_gets_another_publication(studio, live):
    studio.control.joinings.keep(live, *SCANNED)
    come_to(studio, live, "joined")
    again = publish.go_live(studio, OWNER, "shop", "ilink", {}, publication=live).value
    assert again == {"publication": live, "version": 2}
    assert studio.control.publication(live).account == "b@im.bot"
    other = publish.go_live(studio, OWNER, "shop", "ilink", {}).value["publication"]
    assert other != live
    assert publish.go_live(studio, OWNER, "shop", "ilink", {}).value["publication"] == other


def test_the_code_is_drawn_for_a_terminal_too():
    lines = in_terminal(LINK).split("\n")
    assert len(lines) == (len(modules(LINK)) + 1) // 2
    assert {len(line) for line in lines} == {len(modules(LINK))}
    assert lines[0] == "█" * len(lines[0])


def test_the_command_line_says_where_to_scan(studio, live, capsys):
    settings = Settings(home=studio.settings.home, port=7899)
    told = where_to_scan(studio.control, settings, studio.control.publication(live))
    assert told == {"scan": f"http://127.0.0.1:7899/publish?agent=shop&publication={live}"}
    assert "python app.py" in capsys.readouterr().err


def test_a_lost_connection_is_an_alert_in_insights_and_others_are_not(tmp_path):
    world = World(tmp_path)
    world.message()
    for id in ("shop-2", "shop-3"):
        world.control.save_publication(
            Publication(id=id, agent="shop", channel="ilink", version=1, created_at=0)
        )
        world.control.freeze(id, {"id": "shop", "name": "茶铺"})
    world.control.joinings.keep("shop-2", *SCANNED)
    world.control.joinings.change("shop-2", stage="shown", at=time.time(), content=LINK)
    page = show()
    assert words(page).count("连接断了") == 1
    assert 'href="../publish?agent=shop&amp;publication=shop-2"' in drawn(page)


@pytest.mark.parametrize(("state", "count"), [({"again": None}, 1), ({"again": 4.0}, 0), ({"up": True}, 0)])
def test_a_connection_that_another_program_took_over_is_an_alert_too(tmp_path, state, count):
    world = World(tmp_path)
    world.message()
    agent = Agent.load({"id": "shop", "name": "茶铺", "flow": [{"type": "reply", "id": "say", "text": "好"}]})
    given = {"bot_id": "aibQ7xY2mK9pL4", "secret": "mN4xVb7cQz1LpRt8KjHs2Wd6Fg3Ya9Ee"}
    id = publish_agent(world.control, agent, "wecom_bot", given).publication
    noted = json.dumps({"up": False, "why": {"zh": "被挤下线了", "en": "Taken over"}, **state})
    with sqlite3.connect(world.path) as db:
        db.execute("insert into facts(name, value, at) values(?, ?, ?)", (f"link {id}", noted, time.time()))
    page = show()
    assert words(page).count("被挤下线了") == count
    assert drawn(page).count("去发布页") == count


BY_CONSENT = {
    "component_app_id": "wxc0ffee0123456789",
    "component_app_secret": "c0ffee0123456789c0ffee0123456789",
}


def test_an_application_is_entered_once_and_told_where_to_paste_and_how_to_consent(studio):
    add(studio)
    live = publish.go_live(studio, OWNER, "shop", "wechat_component", BY_CONSENT).value["publication"]
    [first] = publish.overview(studio, OWNER, "shop")["publications"]
    lines = {line["name"]: line["value"] for line in first["to_copy"]}
    [application] = studio.control.applications.all()
    assert lines["url"].endswith(f"/c/{application.id}")
    assert lines["messages_url"] == lines["url"] + "/$APPID$"
    assert len(lines["aes"]) == 43
    come_to(studio, live, "shown", content="https://open.example/p", link="https://mp.example/c")
    scan = seen(studio, live)["scan"]
    assert (scan["link"], scan["computer"]) == ("https://open.example/p", "https://mp.example/c")
    studio.control.joinings.keep(live, "wx5a1b2c3d4e5f6071", {"app_id": "wx5a1b2c3d4e5f6071"}, {})
    second = publish.go_live(studio, OWNER, "shop", "wechat_component", {}).value["publication"]
    assert second != live
    assert studio.control.applications.all() == [application]
    assert studio.control.known_settings(second)["token"] == lines["token"]


def test_what_agents_share_is_shown_to_who_may_publish_all_of_them(studio):
    for id in ("shop", "bank"):
        add(studio, id=id)
        publish.go_live(studio, OWNER, id, "wechat_component", BY_CONSENT if id == "shop" else {})
    view, live = Permission.AGENTS_VIEW, Permission.AGENTS_PUBLISH
    for agents, shown in (({"bank"}, False), ({"shop", "bank"}, True)):
        ann = Actor("ann", (), dict.fromkeys((view, live), frozenset(agents)))
        [told] = publish.overview(studio, ann, "bank")["publications"]
        assert bool(told["to_copy"]) is shown
