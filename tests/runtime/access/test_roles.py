"""Roles that come with the program, and those that are made here."""

import pytest

from runtime.access.actor import COMMAND_LINE, Actor
from runtime.access.permissions import ALWAYS, AREAS, Permission
from runtime.access.roles import TEMPLATES, Roles
from runtime.errors import Conflict, Forbidden, Invalid, NotFound
from runtime.store.control.control import Control
from runtime.store.control.user_records import Given, RoleRecord, UserRecord

WHO = Actor("anna", frozenset(Permission) - {Permission.RESTORE})


@pytest.fixture
def control(tmp_path):
    return Control.in_folder(tmp_path)


@pytest.fixture
def roles(control):
    return Roles(control)


def test_the_owner_may_everything_and_each_other_template_less():
    everything = frozenset(Permission) - ALWAYS
    assert TEMPLATES["owner"].permissions == everything
    assert all(role.permissions < everything for id, role in TEMPLATES.items() if id != "owner")


def test_whatever_may_be_given_stands_under_a_title():
    assert {one.area for one in Permission if one not in ALWAYS} == set(AREAS)


def test_a_role_is_made_and_changed(roles):
    made = roles.save("reader", "Reader", ["agents.view"], [], WHO)
    assert made.permissions == {Permission.AGENTS_VIEW}
    changed = roles.save("reader", "Reader", ["models.view"], ["agents.view"], WHO)
    assert roles.find("reader") == changed
    with pytest.raises(Conflict):  # somebody else's change is not written over
        roles.save("reader", "Reader", ["knowledge.view"], ["agents.view"], WHO)
    roles.remove("reader", WHO)
    assert roles.find("reader") is None


@pytest.mark.parametrize(
    ("id", "name", "permissions", "error"),
    [
        ("owner", "Mine", ["agents.view"], Conflict),
        ("../x", "Mine", ["agents.view"], Invalid),
        ("x", "", ["agents.view"], Invalid),
        ("x", "y" * 61, [], Invalid),
        ("x", "Owner", [], Conflict),
        ("x", "主人", [], Conflict),
        ("x", "Mine", ["agents.fly"], Invalid),
        ("x", "Mine", ["account.edit"], Invalid),
        ("x", "Mine", ["installation.restore"], Forbidden),
    ],
)
def test_what_is_no_role_is_not_kept(roles, id, name, permissions, error):
    with pytest.raises(error):
        roles.save(id, name, permissions, [], WHO)
    assert not [role for role in roles.all() if role.is_own]


def test_nobody_changes_or_takes_away_a_role_that_allows_more_than_they_may(roles):
    before = ["installation.restore"]
    roles.save("restorer", "Restorer", before, [], COMMAND_LINE)
    with pytest.raises(Forbidden):
        roles.save("restorer", "Restorer", [], before, WHO)
    with pytest.raises(Forbidden):
        roles.remove("restorer", WHO)


def test_a_role_that_somebody_has_stays(roles, control):
    roles.save("reader", "Reader", ["agents.view"], [], WHO)
    control.users.put(UserRecord(id="bob", roles=(Given(role="reader"),)))
    with pytest.raises(Conflict, match="bob"):
        roles.remove("reader", WHO)
    with pytest.raises(NotFound):
        roles.remove("writer", WHO)


def test_what_a_role_no_longer_names_is_allowed_to_nobody(roles, control):
    control.roles.put(RoleRecord(id="old", name="Old", permissions=("agents.fly", "account.edit"), at=1))
    assert roles.find("old").permissions == frozenset()
    assert roles.actor("bob", [Given(role="old"), Given(role="gone")]).permissions == ALWAYS
