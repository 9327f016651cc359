"""Who works here, as the pages show and change it."""

import time

import pytest

from builder.actions import Malformed, account, people
from runtime.access.actor import Actor
from runtime.access.changes import Changed
from runtime.access.membership import Membership
from runtime.access.permissions import ALWAYS, Permission
from runtime.access.sign_ins import SignIns
from runtime.access.tries import MOST
from runtime.access.users import Users
from runtime.errors import BadSettings, Conflict, Forbidden, Invalid, NotFound, Refused
from runtime.store.control.user_records import Given, SignIn, UserRecord

PASSWORD = "long enough"
VIEWER = [{"role": "viewer", "agents": None}]


@pytest.fixture
def owner(studio):
    Users(studio.control).set_password("owner", PASSWORD)
    return Users(studio.control).actor("owner")


@pytest.fixture
def admin(studio, owner):
    studio.control.users.put(UserRecord(id="ada", password="x", roles=(Given(role="admin"),)))
    return Users(studio.control).actor("ada")


def person(studio, who, id):
    return next(one for one in people.overview(studio, who)["people"] if one["id"] == id)


def sign_in(studio, user, id="s1"):
    now = time.time()
    generation = Users(studio.control).generation(user)
    SignIns(studio.control).open(
        SignIn(id=id, user=user, generation=generation, opened_at=now, expires_at=now + 9)
    )


def test_somebody_is_invited_and_seen_to_come(studio, owner):
    made = people.invite(studio, owner, " anna ", "Anna", VIEWER).value
    seen = person(studio, owner, "anna")
    assert (seen["comes"], seen["link_until"] > time.time(), seen["roles"]) == (True, True, VIEWER)
    Membership(studio.control).accept(made["path"].removeprefix("invited/"), PASSWORD)
    assert not person(studio, owner, "anna")["comes"]
    assert people.new_link(studio, owner, "anna").value["path"] != made["path"]


def test_no_password_or_digest_of_a_link_is_told(studio, owner):
    people.invite(studio, owner, "anna", "", VIEWER)
    told = str(people.overview(studio, owner))
    for one in Users(studio.control).all():
        assert one.password == "" or one.password not in told
        assert one.invitation == "" or one.invitation not in told


def test_a_role_that_another_changed_or_named_anew_is_not_overwritten(studio, owner):
    people.save_role(studio, owner, "own-till", "Till", ["agents.view"], [])
    for before, was in ((["agents.run"], "Till"), (["agents.view"], "Counter")):
        with pytest.raises(Changed):
            people.save_role(studio, owner, "own-till", "Mine", ["agents.view"], before, was)
    people.save_role(studio, owner, "own-till", "Mine", ["agents.view"], ["agents.view"], "Till")


def test_a_role_on_chosen_agents_is_on_one_at_least(studio, owner):
    """On none it would say that somebody has it, and give nothing."""
    with pytest.raises(Invalid) as refused:
        people.invite(studio, owner, "anna", "", [{"role": "editor", "agents": []}])
    assert (refused.value.field, "Editor" in str(refused.value)) == ("roles", True)


def test_whoever_may_less_sees_less_and_touches_nobody_above(studio, admin):
    sign_in(studio, "owner")
    above = person(studio, admin, "owner")
    assert (above["may_touch"], above["sessions"]) == (False, [])
    for deed in (
        lambda: people.new_link(studio, admin, "owner"),
        lambda: people.let_in(studio, admin, "owner", False),
        lambda: people.end_session(studio, admin, "owner", "s1"),
        lambda: people.remove_person(studio, admin, "owner"),
        lambda: people.give_roles(studio, admin, "owner", VIEWER, [{"role": "owner", "agents": None}]),
        lambda: people.invite(studio, admin, "anna", "", [{"role": "owner", "agents": None}]),
    ):
        with pytest.raises(Forbidden):
            deed()
    roles = {role["id"]: role["may_give"] for role in people.overview(studio, admin)["roles"]}
    assert (roles["owner"], roles["admin"]) == (False, True)


def test_a_session_is_ended_only_as_the_one_whose_it_is(studio, owner, admin):
    sign_in(studio, "owner")
    with pytest.raises(NotFound):
        people.end_session(studio, owner, "ada", "s1")
    with pytest.raises(NotFound):
        account.end_mine(studio, admin, "s1")
    account.end_mine(studio, owner, "s1")
    assert account.overview(studio, owner)["sessions"] == []


def test_roles_are_changed_as_they_were_seen(studio, owner):
    people.invite(studio, owner, "anna", "", VIEWER)
    guest = [{"role": "guest", "agents": None}]
    people.give_roles(studio, owner, "anna", guest, VIEWER)
    with pytest.raises(Conflict):
        people.give_roles(studio, owner, "anna", VIEWER, VIEWER)
    people.let_in(studio, owner, "anna", False)
    assert not person(studio, owner, "anna")["enabled"]


@pytest.mark.parametrize(
    "roles", [[{"role": "viewer", "agents": "shop"}], [{"role": 1}], [{"name": "x"}], ["viewer"], [{}]]
)
def test_what_is_no_role_is_malformed(studio, owner, roles):
    with pytest.raises(Malformed):
        people.invite(studio, owner, "anna", "", roles)


def test_a_role_of_ones_own_is_made_given_and_removed(studio, owner):
    people.save_role(studio, owner, "own-reader", "Reader", ["agents.view"], [])
    people.invite(studio, owner, "anna", "", [{"role": "own-reader", "agents": None}])
    with pytest.raises(Conflict):
        people.remove_role(studio, owner, "own-reader")
    people.remove_person(studio, owner, "anna")
    people.remove_role(studio, owner, "own-reader")


async def test_a_password_is_changed_by_who_knows_it(studio, owner):
    sign_in(studio, "owner")
    with pytest.raises(BadSettings):
        await account.change_password(studio, owner, "wrong", "another one")
    with pytest.raises(BadSettings):
        await account.change_password(studio, owner, PASSWORD, "short")
    await account.change_password(studio, owner, PASSWORD, "another one")
    assert Users(studio.control).is_password("owner", "another one")
    assert account.overview(studio, owner)["sessions"] == []


async def test_an_open_window_guesses_no_password(studio, owner):
    for _ in range(MOST):
        with pytest.raises(BadSettings):
            await account.change_password(studio, owner, "wrong", "another one")
    with pytest.raises(Refused):
        await account.change_password(studio, owner, PASSWORD, "another one")


def test_whoever_does_not_sign_in_has_no_account(studio):
    with pytest.raises(NotFound):
        account.overview(studio, Actor("command line", ALWAYS))
    assert Permission.ACCOUNT in ALWAYS
