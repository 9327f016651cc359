"""Who may only look is shown nothing that acts: no secret, no code to scan, no key, on any page."""

import inspect
import json
import time
from types import SimpleNamespace

import pytest
from builder_world import SAY, add, answered

from builder import ui
from builder.actions import _bound
from builder.actions.publish import create_key
from runtime import simulator
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission, needed
from runtime.access.users import first_owner
from runtime.agents.agent import Agent
from runtime.channels import registry
from runtime.models.providers import Endpoint
from runtime.publish import publish
from runtime.publish.scanning import drawn
from runtime.schema import widget

LOOKS = {one for one in Permission if one.id.rpartition(".")[2] in ("view", "read", "watch")}
VIEWER = Actor("viewer", frozenset(LOOKS))
CODE = "https://liteapp.weixin.qq.com/q/canary-of-a-code"
MODEL_KEY, NAMED = "sk-canary-of-a-model-0001", "canary-of-a-named-secret"
ACTIONS = {
    f"{one.__module__.rpartition('.')[2]}.{one.__name__}": one
    for actions in ui.ACTIONS.values()
    for one in actions
    if needed(one) in LOOKS
}
SHOP = {"id": "shop"}
GIVEN = {
    "starts.due": {"cron": "0 9 * * 1", "timezone": "Asia/Shanghai"},
    "agents.overview": {},
    "agents.names": {},
    "bases.overview": {},
    "bases.base": {"id": "tea"},
    "bases.passages": {"base": "tea", "source": "a.txt", "start": 0},
    "bases.picture": {"base": "tea", "source": "a.txt", "page": 1},
    "bases_found.ask": {"base": "tea", "question": "退货"},
    "bases_found.measure": {"base": "tea", "questions": "问题,期望\n退货,七天"},
    "bases_found.unanswered": {"base": "tea"},
    "build.open_agent": SHOP,
    "build.choices": {},
    "build.read_json": {"text": "{}", **SHOP},
    "history.versions": SHOP,
    "history.published_on": SHOP,
    "importing.report": SHOP,
    "starter_talks.talks": {"lang": "zh"},
    "history.version": {**SHOP, "key": "KEY"},
    "preview.preview": {"prompt": {"text": "你好"}, "variables": []},
    "prompts.overview": {},
    "safety.overview": {},
    "privacy.encryption": {},
    "privacy.overview": {},
    "limits.overview": {},
    "security.overview": {},
    "safety.read_list": {"name": "basic"},
    "safety.decisions": {"before": 0},
    "prompts.template": {"id": "translator"},
    "prompts_looked.look": {"languages": {"zh": {"text": "{{ shop }}"}}, "samples": {}},
    "prompts_looked.versions": {"id": "translator"},
    "prompts_looked.compare": {"id": "translator", "key": "", "now": {}},
    "deleted.overview": {},
    "models.overview": {},
    "model_money.money": {},
    "model_rules.list_rules": {},
    "named_secrets.list_secrets": {},
    "piece.piece_form": {
        "data": {**SHOP, "name": "店", "flow": [SAY]},
        "block": "say",
        "on": False,
    },
    "playground.agent": {**SHOP, "version": ""},
    "variants.models": {},
    "rehearsal.choices": SHOP,
    "sample.sample": {"channel": "wechat"},
    "publish.overview": {"agent": "shop"},
    "publish.state": {"publication": "EACH"},
    "publish.on_server": {},
    "canary.canary_figures": {"publication": "EACH"},
    "shadow.shadow_report": {"publication": "EACH"},
    "shadow.shadow_pairs": {"publication": "EACH"},
    "history.compare": {**SHOP, "before": "now", "after": "now"},
    "suites.overview": SHOP,
    "suites.outcome": {**SHOP, "at": 0, "case": "one"},
    "suites.case_lines": {**SHOP, "case": "one"},
    "suite_runs.look_tests": SHOP,
    "turn.look": {"seq": 1},
    "checkup.look": {"publication": "EACH"},
    "audit.overview": {},
    "audit.records": {"by": "", "area": "", "status": "", "text": "", "since": 0, "until": 0, "below": 0},
    "audit.verify": {},
    "backups.overview": {},
    "backups.kept": {},
    "people.overview": {},
    "sso.overview": {},
    "tool_trial.tool_form": {"tool": {"type": "clock"}, "variables": []},
}
"""What each of them is asked with: one that is new has to stand here."""


@pytest.fixture
def ids(studio):
    """Published on every surface, in every way that it has."""
    add(studio)
    studio.checkups = SimpleNamespace(newest=lambda id: None)
    shop, made = Agent.load(studio.library.get("shop").agent.to_json()), []
    for name, played in simulator.registry().items():
        for kind in played.kinds:
            given = {**played(kind, time.time).settings}
            made.append(publish(studio.control, shop, name, given, is_new=True, also=True).publication)
    made.append(publish(studio.control, shop, "ilink", {}, is_new=True).publication)
    studio.control.joinings.change(made[-1], stage="digits", content=CODE, at=time.time(), digits="135790")
    answered(studio, made[0])
    studio.bases.create("tea")
    studio.control.users.put(first_owner("", 0))
    studio.control.secrets.put("erp", NAMED, [], by="owner")
    studio.control.save_endpoint(Endpoint(name="ds", provider="deepseek", api_key=MODEL_KEY))
    return made


def secrets(studio, ids):
    found = {CODE, MODEL_KEY, NAMED, "135790", drawn(CODE)[10], create_key(studio, OWNER, "shop")["key"]}
    for id in ids:
        kind = registry()[studio.control.publication(id).channel]
        settings = studio.control.channel_settings(id)
        hidden = {name for name, field in kind.Settings.model_fields.items() if widget(field) == "secret"}
        found |= {str(settings[name]) for name in hidden if settings.get(name)}
    return found


async def answers(studio, who, ids):
    """What every action that only looks gives, by its name."""
    found = {}
    for name, action in ACTIONS.items():
        for id in ids if "EACH" in GIVEN[name].values() else ids[:1]:
            given = {key: id if value == "EACH" else value for key, value in GIVEN[name].items()}
            if given.get("key") == "KEY":
                given["key"] = f"{id}.1"
            told = await _bound(studio, action)(who, given)
            value = told.value if hasattr(told, "value") else told
            found[name] = found.get(name, "") + json.dumps(value, ensure_ascii=False, default=str)
    return found


def test_every_action_that_only_looks_stands_here():
    assert {*GIVEN} == {*ACTIONS}
    for name, action in ACTIONS.items():
        taken = {*inspect.signature(action).parameters}
        assert not taken - {"studio", "who", "lang", "channel", *GIVEN[name]}, name


async def test_what_only_looks_gives_nothing_that_acts(studio, ids):
    canaries = secrets(studio, ids)
    assert len(canaries) > 12
    shown = await answers(studio, VIEWER, ids)
    for name, told in shown.items():
        assert not [one for one in canaries if json.dumps(one, ensure_ascii=False)[1:-1] in told], name


async def test_whoever_publishes_sees_what_to_copy_and_to_scan(studio, ids):
    shown = await answers(studio, OWNER, ids)
    assert CODE in shown["publish.state"]
    publications = json.loads(shown["publish.overview"])["publications"]
    assert "token" in {line["name"] for one in publications for line in one["to_copy"]}
