"""Who may take which way in: as allowed.txt says, and not otherwise."""

import pytest
from builder_world import add
from everything_allowed import AGENT, FILE, ROLES, whole

from builder.actions import bound
from builder.actions import build as build_actions
from builder.actions.agents import names, overview
from builder.actions.asking import Asker
from builder.actions.everything import find
from builder.actions.publish import revoke_key
from runtime.access.actor import Actor
from runtime.access.keys import Keys
from runtime.access.permissions import ALWAYS, Permission
from runtime.access.roles import Roles
from runtime.errors import Forbidden
from runtime.store.control.user_records import Given

ONE = Actor("one", ALWAYS, {one: frozenset({AGENT}) for one in Permission if one.is_of_agents})


def test_every_way_in_is_open_to_whom_the_table_says(tmp_path):
    """Whatever is new stands in no line of it, and fails here until somebody decided."""
    assert "\n".join(whole(tmp_path)) == FILE.read_text("utf-8").rstrip("\n")


def test_the_table_has_who_is_turned_away():
    head, *lines = FILE.read_text("utf-8").splitlines()
    columns = [head.rindex(f" {role}") + 1 if role != ROLES[0] else head.index(role) for role in ROLES]
    marks = [[line[at : at + 3].strip() for at in columns] for line in lines]
    assert {mark for line in marks for mark in line} == {"yes", "-"}
    people = [line for line, text in zip(marks, lines, strict=True) if text.startswith(("click", "command"))]
    assert all(line[-1] == "-" and line[0] == "yes" for line in people)  # never nobody, always the owner


@pytest.fixture
def shops(studio):
    add(studio, id=AGENT)
    add(studio, id="other")
    return studio


def test_lists_show_what_one_may_see(shops):
    assert [one["id"] for one in names(shops, ONE)] == [AGENT]
    assert [one["id"] for one in overview(shops, ONE)["agents"]] == [AGENT]
    assert [one["value"] for one in build_actions.choices(shops, ONE)["agents"]] == [AGENT]
    found = {hit["to"].partition("agent=")[2].partition("&")[0] for hit in find(shops, ONE, "店", "zh")}
    assert found - {""} == {AGENT}  # templates and the manual are of no agent


async def test_an_agent_that_is_not_ones_own_is_refused_by_every_action_that_names_one(shops):
    open_agent = bound(shops, build_actions.open_agent)["open_agent"]
    assert await open_agent(ONE, {"id": AGENT})
    for other in ("other", "", None, ["shop"], {"shop": 1}):
        with pytest.raises(Forbidden):
            await open_agent(ONE, {"id": other})
    with pytest.raises(Forbidden):
        await open_agent(ONE, {})


def test_a_talk_in_the_playground_is_asked_for_like_a_click():
    assert Asker.read(ONE, {"agent": AGENT}).agent == AGENT
    for given in ({"agent": "other"}, {}, None, {"agent": [AGENT, "other"]}):
        with pytest.raises(Forbidden):
            Asker.read(ONE, given)


@pytest.mark.parametrize(("agent", "more"), [("other", ()), (AGENT, ("other",)), ("other", (AGENT,))])
def test_a_key_is_revoked_by_who_may_on_all_its_agents_however_it_is_named(shops, agent, more):
    keys = Keys(shops.control)
    keys.create(agent, agents=more)
    [key] = keys.all()
    for name in (key.id, key.prefix):
        with pytest.raises(Forbidden):
            revoke_key(shops, ONE, name)
    assert keys.named(key.id) == key


def test_on_chosen_agents_nothing_of_the_whole_installation_is_given(studio):
    who = Roles(studio.control).actor("x", [Given(role="owner", agents=(AGENT,))])
    assert who.permissions == ALWAYS
    assert {one.area for one in who.on} == {"agents", "conversations", "keys"}
