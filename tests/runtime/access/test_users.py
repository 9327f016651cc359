"""Passwords, and homes from when there was one owner."""

import asyncio
import hashlib
from contextlib import nullcontext

import pytest

from runtime.access.actor import COMMAND_LINE
from runtime.access.membership import Membership
from runtime.access.passwords import hash_password, is_outdated, is_password
from runtime.access.permissions import Permission
from runtime.access.users import Users
from runtime.access.while_allowed import while_allowed
from runtime.errors import Conflict, Forbidden, NotFound
from runtime.store.control.control import Control
from runtime.store.control.records import OwnerRecord
from runtime.store.control.user_records import Given


def scrypt(password):
    digest = hashlib.scrypt(password.encode(), salt=b"salt", n=2, r=1, p=1)
    return f"2$1$1${b'salt'.hex()}${digest.hex()}"


def older_home(folder):
    control = Control.in_folder(folder)
    key = control.owner.new_session_key()
    control.owner.put(OwnerRecord(password=scrypt("as it was"), session_key=key, ended={"gone": 9e9}))
    return Control.in_folder(folder)


def test_an_older_homes_owner_is_a_user_with_the_same_password(tmp_path):
    control = older_home(tmp_path)
    users = Users(control)
    assert [(one.id, one.roles[0].role) for one in users.all()] == [("owner", "owner")]
    assert users.is_password("owner", "as it was")
    assert not users.is_password("owner", "as it was ")
    assert control.owner.get().ended == {"gone": 9e9}
    assert control.owner.get().password == ""


def test_what_scrypt_hashed_is_argon2s_after_the_next_sign_in(tmp_path):
    users = Users(older_home(tmp_path))
    assert not users.is_password("owner", "wrong")
    assert is_outdated(users.must("owner").password)
    assert users.is_password("owner", "as it was")
    hashed = users.must("owner").password
    assert hashed.startswith("$argon2id$")
    assert not is_outdated(hashed)
    assert users.must("owner").generation == 0  # nobody is signed out by it
    assert users.is_password("owner", "as it was")


def test_a_new_password_ends_what_was_opened_with_the_old_one(tmp_path):
    users = Users(Control.in_folder(tmp_path))
    users.set_password("owner", "long enough")
    before = users.generation("owner")
    users.set_password("owner", "long enough")
    assert users.generation("owner") == before + 1


def test_a_hash_that_is_none_opens_nothing():
    for hashed in ("", "x", "$argon2id$v=19$", "1$2$3", "a$b$c$d$e", "$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA"):
        assert not is_password("", hashed)
        assert not is_password("x", hashed)


def test_passwords_are_any_text():
    for password in ("密码密码密码密码", "\x00 nul", "\ud800 half", "x" * 200):
        assert is_password(password, hash_password(password))


def test_nobody_opens_nothing(tmp_path):
    users = Users(Control.in_folder(tmp_path))
    assert not users.is_password("owner", "")
    assert not users.is_password("nobody-here", "")
    assert users.actor("owner") is None
    assert not users.exists()


def test_whoever_was_invited_before_the_first_start_keeps_no_owner_from_being_made(tmp_path):
    control = Control.in_folder(tmp_path)
    users, members = Users(control), Membership(control)
    token = members.invite("anna", "", [Given(role="editor")], COMMAND_LINE)
    users.set_password("owner", "long enough")
    assert users.actor("owner").may(Permission.PEOPLE_EDIT)
    assert members.accept(token, "her own words").id == "anna"
    with pytest.raises(NotFound):
        users.set_password("nobody-here", "long enough")


def test_nobody_is_invited_as_the_owner(tmp_path):
    with pytest.raises(Conflict):
        Membership(Control.in_folder(tmp_path)).invite("owner", "", [Given(role="viewer")], COMMAND_LINE)


SHOP = Given(role="editor", agents=("shop",))
CHANGES = [
    ("nothing", lambda members: None, False),
    ("more", lambda members: members.give("ed", [SHOP, Given(role="viewer")], COMMAND_LINE), False),
    ("a lower role", lambda members: members.give("ed", [Given(role="viewer")], COMMAND_LINE), True),
    (
        "another agent",
        lambda members: members.give("ed", [Given(role="editor", agents=("tea",))], COMMAND_LINE),
        True,
    ),
    ("disabled", lambda members: members.disable("ed", COMMAND_LINE), True),
    ("removed", lambda members: members.remove("ed", COMMAND_LINE), True),
]


@pytest.mark.parametrize(("change", "stops"), [r[1:] for r in CHANGES], ids=[r[0] for r in CHANGES])
async def test_what_runs_for_somebody_without_a_request_stops_once_they_may_less(tmp_path, change, stops):
    control = Control.in_folder(tmp_path)
    members, done = Membership(control), []
    members.invite("ed", "", [SHOP], COMMAND_LINE)
    try:
        async with while_allowed(control, "ed", nullcontext(), every=0.001):
            change(members)
            async with asyncio.timeout(10 if stops else 0.05):
                await asyncio.Event().wait()
    except (Forbidden, TimeoutError) as e:
        done.append(type(e))
    assert done == [Forbidden if stops else TimeoutError]
