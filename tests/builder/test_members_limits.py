"""What each of those who work here may take of a day: who sets it, who sees it, whom it bounds."""

from dataclasses import replace

import pytest

from builder.actions import bell, bound, click, limits
from runtime.access.actor import OWNER
from runtime.access.key_caps import KeyCaps, key_name
from runtime.access.keys import Keys
from runtime.access.membership import Membership
from runtime.access.user_caps import AT_FIRST, EVERYBODY, UserCaps
from runtime.access.users import Users
from runtime.caps import Cap
from runtime.errors import BadSettings, Forbidden, NotFound
from runtime.models.budgets import Budgets, Spent
from runtime.store.control.control import Control
from runtime.store.control.user_records import Given


@pytest.fixture
def people(studio):
    """Somebody of each role, by what they are called."""
    Users(studio.control).set_password("owner", "long enough")
    members, users = Membership(studio.control), Users(studio.control)
    for role in ("admin", "editor", "guest"):
        members.invite(role, role.title(), [Given(role=role)], OWNER)
    budgets = Budgets(list, lambda: 1_795_900_000.0)
    studio.services = replace(studio.services, budgets=budgets)
    return users.actor


def set_to(studio, who, id, own=True, messages=None, tokens=None, money=None):
    return limits.save_member(studio, who, id, own, messages, tokens, money)


def test_whoever_may_issue_keys_has_only_a_limit_of_their_own_and_all_others_that_of_everybody(
    studio, people
):
    caps = UserCaps(studio.control)
    first = [caps.cap(id) for id in ("owner", "admin", "editor", "guest", "nobody-there")]
    assert first == [Cap(), Cap(), AT_FIRST, AT_FIRST, AT_FIRST]
    set_to(studio, people("owner"), EVERYBODY, messages=5)
    set_to(studio, people("owner"), "admin", money=1.5)
    set_to(studio, people("owner"), "guest")
    found = [caps.cap(id) for id in ("owner", "admin", "editor", "guest")]
    assert found == [Cap(), Cap(money=1.5), Cap(messages=5), Cap()]
    for id in ("guest", EVERYBODY):
        set_to(studio, people("owner"), id, own=False)
    assert caps.cap("guest") == AT_FIRST
    Membership(studio.control).remove("admin", OWNER)
    assert caps.own("admin") is None


REFUSED = [
    ("admin", "owner", {"messages": 1}, Forbidden),
    ("admin", "nobody-there", {"messages": 1}, NotFound),
    ("owner", "guest", {"messages": 0}, BadSettings),
    ("owner", "guest", {"messages": 1.5}, BadSettings),
    ("owner", "guest", {"tokens": -1}, BadSettings),
    ("owner", "guest", {"money": float("nan")}, BadSettings),
    ("owner", "guest", {"money": 10**10}, BadSettings),
]


@pytest.mark.parametrize(("who", "id", "given", "error"), REFUSED)
def test_what_is_no_limit_or_somebody_elses_to_set_is_refused(studio, people, who, id, given, error):
    with pytest.raises(error):
        set_to(studio, people(who), id, **given)
    assert studio.control.user_limits.all() == {}


@pytest.mark.parametrize("name", ["save", "save_member"])
async def test_what_a_page_sends_that_is_no_whole_number_is_told_beside_its_field(studio, people, name):
    given = {"messages": 1.5, "tokens": None, "money": None}
    given |= {"timezone": "UTC"} if name == "save" else {"id": "guest", "own": True}
    actions = bound(studio, limits.save, limits.save_member)
    told = await click(actions, {"action": name, "args": given}, people("owner"))
    assert (told["ok"], told["field"]) == (False, "messages")


async def test_everybody_sees_their_own_and_whoever_looks_after_people_all(studio, people):
    budgets = studio.services.budgets
    budgets.add([Spent("user", "guest", budgets.today(), 4_200_000, 0.5, 0, 12)])

    async def seen(id):
        found = await limits.uses(studio, people(id), 0.0)
        return {one["id"]: one["share"] for one in found if one["kind"] == "user"}

    assert await seen("guest") == {"guest": pytest.approx(0.84)}
    assert await seen("editor") == {"editor": 0.0}
    others = dict.fromkeys(("owner", "admin", "editor"), 0.0)  # whoever may set it sees for whom
    assert await seen("admin") == {"guest": pytest.approx(0.84), **others}
    rung = await bell.bell(studio, people("admin"))
    assert [one["key"].split()[1:3] for one in rung["notices"] if one["key"].startswith("limit user")] == [
        ["user", "guest"]
    ]


def test_a_key_that_was_revoked_still_says_whose_it_was(tmp_path):
    control = Control.in_folder(tmp_path)
    keys, caps = Keys(control), KeyCaps(control)
    made = keys.named(keys.create("shop", user="lin")[:7])
    keys.revoke(made.prefix)
    assert (caps.user(key_name(made)), caps.user("nobody's")) == ("lin", "")
