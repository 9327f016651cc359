"""A page is told what of its actions whoever looks may not ask for, and its script leaves that out."""

import re

import pytest
from test_scripts import reached, sources

from builder import ui
from builder.actions import bound, lacking
from runtime.access.actor import Actor
from runtime.access.permissions import ALWAYS, Permission, needed_on
from runtime.access.roles import TEMPLATES
from runtime.errors import Forbidden

MAY = re.compile(r'\bmay\(\s*"(\w+)"')
OVERVIEW = re.compile(r"\bmay(?:\.\w+)?\b(?!\()")
SAID = {"people", "safety", "limits", "sso", "tests"}
"""Pages whose overview says what may be done there."""
NEVER_FIRST = {
    ("build", "agents.run"): "what was deleted is had back by whoever deleted it, who may more",
    ("prompts", "agents.run"): "likewise",
    ("agents", "agents.delete"): "likewise",
    ("play", "agents.view"): "without it nothing of the page is there",
}


def actor(permissions, on=()):
    return Actor("ada", frozenset(permissions) | ALWAYS, dict.fromkeys(on, frozenset({"shop"})))


@pytest.mark.parametrize("page", ui.ACTIONS)
@pytest.mark.parametrize("role", TEMPLATES)
def test_what_a_page_is_told_is_what_it_would_be_refused(page, role):
    actions = bound(None, *ui.ACTIONS[page])
    for who in (actor(TEMPLATES[role].permissions), actor((), TEMPLATES[role].permissions)):
        lacks = lacking(actions, who).get("lacks", {})
        for name, action in actions.items():
            named = [one for one in action.needs.on if one in ("agent", "id")]
            for agent in ("shop", "other"):
                if action.needs.on and not named and not action.needs.is_of_some:
                    continue  # of a publication or a message: whose that is, the store says
                try:
                    action.must(who, dict.fromkeys(named, agent))
                except Forbidden:
                    assert agent not in lacks.get(name, [agent]), (name, agent)
                else:
                    assert agent in lacks.get(name, [agent]), (name, agent)


def test_whoever_may_all_of_it_is_told_nothing():
    assert lacking(bound(None, *ui.ACTIONS["models"]), actor(Permission)) == {}


@pytest.mark.parametrize("page", ui.ACTIONS)
def test_the_script_asks_before_it_offers_what_needs_more_than_the_page(page):
    door = ui.DOORS["" if page == "agents" else page]
    by_name = {one.__name__: asks(one) for one in ui.ACTIONS[page]}
    files = sources()
    parts = [name for name in files if name.startswith(f"static/{page}/")]
    read = {one for part in parts for one in reached(files, part)}
    asked = {by_name[name] for one in read for name in MAY.findall(files[one]) if name in by_name}
    opened = {(one, False) for one in (*ALWAYS, door)} | {(one, True) for one in ALWAYS}
    more = set(by_name.values()) - asked - opened
    if page in SAID:
        assert any(OVERVIEW.search(files[part]) for part in parts)
    else:
        assert {(one.id, whole) for one, whole in more if (page, one.id) not in NEVER_FIRST} == set()


def asks(action):
    """What it needs, and whether on the whole installation where it could be given on one agent."""
    found = needed_on(action)
    return found.permission, found.permission.is_of_agents and not found.on
