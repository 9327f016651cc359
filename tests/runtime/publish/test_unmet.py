"""What an agent counts on and a surface does not do is warned of before it is published."""

import json

import pytest

from runtime.agents.agent import Agent
from runtime.agents.starts import EVENTS
from runtime.channels import registry
from runtime.publish import publish, unpublish
from runtime.publish.unmet import Place, unmet, unmet_where_published
from runtime.store.control.control import Control

SAY = {"type": "reply", "id": "say", "text": "好"}
APPROVE = {"type": "approve", "id": "boss", "question": "?", "through": "staff", "members": ["li"]}
GROUP = {"type": "send", "name": "tell", "way": "group", "publication": "robot"}
CALLED = {"type": "http_request", "name": "call", "url": "https://x.example", "callback": 5}
WEEKLY = {"on": "schedule", "id": "weekly", "cron": "0 9 * * 1", "flow": [{**SAY, "id": "news"}]}


def agent(*flow, **more):
    return Agent.load({"format": 1, "id": "shop", "name": "店", "flow": [*flow, SAY], **more})


def tools(*them):
    return {"type": "model", "id": "m", "tools": list(them)}


@pytest.fixture
def control(tmp_path):
    return Control.in_folder(tmp_path / "data")


def fields(control, agent, *names):
    found = unmet(control, agent, [Place(registry()[name]) for name in names])
    assert {one.level for one in found} <= {"warning"}
    return [one.field for one in found]


def test_events_that_a_surface_never_tells(control):
    def told(name):
        events = {e: {"on": "event", "id": "e", "event": e, "flow": WEEKLY["flow"]} for e in EVENTS}
        return {e for e, start in events.items() if not fields(control, agent(starts=[start]), name)}

    assert told("wechat") == {"followed", "left", "scanned", "menu"}
    assert told("wecom_app") == {"followed", "left", "opened", "menu"}
    assert told("wecom_bot") == {"opened", "menu", "rated"}
    assert told("wecom_kf") == {"opened"}
    assert told("api") == set()


FOR_NOBODY = agent(starts=[WEEKLY])
FOR_ALL = agent(starts=[{**WEEKLY, "for": "everybody"}])
QUIET = agent(starts=[{**WEEKLY, "flow": [{"type": "set", "id": "s", "values": {"x": "1"}}]}])


@pytest.mark.parametrize(
    ("wanted", "where", "warned"),
    [
        (agent(tools({"type": "remind"})), "api", []),  # the program asks for it
        (agent(tools({"type": "remind"})), "wechat", []),
        (agent({"type": "approve", "id": "boss", "question": "?"}), "wecom_app", []),
        (agent({"type": "ask", "id": "a", "fields": [{"name": "x"}]}), "api", []),
        (FOR_ALL, "api", ["starts.0.for"]),
        (FOR_ALL, "wecom_kf", []),
        (FOR_NOBODY, "wechat", ["starts.0.to"]),
        (FOR_NOBODY, "wecom_group", []),
        (QUIET, "wechat", []),
    ],
)
def test_what_comes_unasked_where_nobody_can_be_written_to(control, wanted, where, warned):
    assert fields(control, wanted, where) == warned


def test_what_is_said_on_another_publication_that_cannot_say_it(control):
    def ways(id):
        it = {**APPROVE, "through": id}
        start = {**WEEKLY, "to": id}
        wanted = agent(it, tools({**GROUP, "publication": id}), starts=[start])
        return [one.field for one in unmet_where_published(control, wanted)]

    def published(channel, **given):
        other = Agent.load({"format": 1, "id": channel.replace("_", "-"), "name": "别的", "flow": [SAY]})
        return publish(control, other, channel, given).publication

    app = {"corp_id": f"ww{'0' * 16}", "agent_id": "1000002", "secret": "a1" * 20}
    bot = {"mode": "webhook"}
    everything = ["starts.0.to", "flow.0.through", "flow.1.tools.0.publication"]
    assert ways("staff") == everything  # there is none
    robot = published("wecom_group", key="693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa")
    assert ways(robot) == ["flow.0.through"]  # no card there
    staff = published("wecom_app", **app)
    assert ways(staff) == ["starts.0.to", "flow.1.tools.0.publication"]  # no group of its own
    assert ways(published("wecom_bot", **bot)) == everything  # writes to nobody unasked
    unpublish(control, robot)
    assert ways(robot) == everything


def test_the_settings_of_a_publication_count_and_so_do_agents_inside(control):
    account = {"app_id": f"wx{'0' * 16}", "app_secret": "a1" * 16, "original_id": "gh_0123456789ab"}
    reminding = agent(tools({"type": "remind"}))
    publish(control, reminding, "wechat", account)
    assert unmet_where_published(control, reminding) == []
    silent = {**account, "push": "false"}
    publish(control, reminding, "wechat", silent)
    [found] = unmet_where_published(control, reminding)
    assert found.field == "flow.0.tools.0"
    ways = {
        "flow.0": {"type": "approve", "id": "boss", "question": "?"},
        "flow.0.tools.1": tools({"type": "clock"}, CALLED),
        "": {"type": "ask", "id": "a", "fields": [{"name": "x"}]},
    }
    for field, block in ways.items():
        assert [one.field for one in unmet_where_published(control, agent(block))] == [field][: len(field)]

    inner = {**reminding.to_json(), "id": "inner", "name": "助手"}
    asks = {"type": "agent", "id": "a", "agent": "inner"}
    outer = Agent.load({**agent(asks).to_json(), "agents": {"inner": inner}})
    [found] = unmet_where_published(control, outer)
    assert (found.field, "助手" in found.text.zh) == ("flow.0.agent", True)


def asks(model, **more):
    return agent({"type": "model", "id": "m", "model": model}, **more)


UNMARKED = {"safety": {"label": {"when": "never"}}}
CONSENT = {"consent": {"asks": True}}
INNER = {"type": "agent", "id": "inner", "agent": "abroad"}


@pytest.mark.parametrize(
    ("wanted", "where", "warned"),
    [
        (asks("deepseek/deepseek-chat"), "wechat", []),
        (asks("openai/gpt-5"), "wechat", ["consent.asks"]),
        (asks("openai/gpt-5"), "wecom_kf", ["consent.asks"]),
        (asks("openai/gpt-5", **CONSENT), "wechat", []),
        (asks("openai/gpt-5"), "wecom_app", []),  # members of the owner's organisation
        (asks("openai/gpt-5"), "api", []),
        (asks("openai_compatible/mine"), "wechat", []),  # where that is, its owner knows
        (asks("demo/hongyan", **UNMARKED), "wechat", ["safety.label.when"]),
        (asks("demo/hongyan", **UNMARKED), "wecom_app", []),
        (asks("openai/gpt-5", **UNMARKED), "wechat", ["safety.label.when", "consent.asks"]),
        (agent(INNER), "wechat", ["consent.asks"]),
    ],
)
def test_what_the_law_asks_for_is_told_before_it_is_public(control, wanted, where, warned):
    folder = control.home / "agents"
    folder.mkdir()
    inner = {
        "format": 1,
        "id": "abroad",
        "name": "外",
        "flow": [{"type": "model", "id": "m", "model": "openai/x"}],
    }
    (folder / "abroad.json").write_text(json.dumps(inner), "utf-8")
    assert [
        one for one in fields(control, wanted, where) if "." in one and not one.startswith("flow")
    ] == warned
