"""Codes and passkeys on "My account", and who resets them on "People"."""

import pyotp
import pytest

from builder.actions import account, people, second_factor
from runtime.access.actor import COMMAND_LINE
from runtime.access.audit.declared import PROOFS, kept, named
from runtime.access.second.second_factors import SecondFactors
from runtime.access.tries import MOST
from runtime.access.users import Users
from runtime.errors import BadSettings, Conflict, Forbidden, NotFound, Refused
from runtime.store.control.user_records import Given, PasskeyRecord, UserRecord

PASSWORD = "long enough"


@pytest.fixture
def owner(studio):
    Users(studio.control).set_password("owner", PASSWORD)
    return Users(studio.control).actor("owner")


@pytest.fixture
def admin(studio, owner):
    studio.control.users.put(UserRecord(id="ada", password="x", roles=(Given(role="admin"),)))
    return Users(studio.control).actor("ada")


async def set_up(studio, who, present=PASSWORD):
    begun = (await second_factor.begin_codes(studio, who, present)).value
    secret = begun["secret"].replace(" ", "")
    made = second_factor.confirm_codes(studio, who, begun["nonce"], pyotp.TOTP(secret).now())
    return made.value["codes"]


def passkey(studio, user, id="a"):
    studio.control.passkeys.put(PasskeyRecord(id=id, user=user, name="phone", handle="h", rp="x", key="k"))


async def test_codes_are_set_up_and_taken_off_by_who_knows_the_password_or_a_code(studio, owner):
    with pytest.raises(BadSettings):
        await second_factor.begin_codes(studio, owner, "wrong")
    assert account.overview(studio, owner)["codes"] is None
    made = await set_up(studio, owner)
    assert account.overview(studio, owner)["codes"]["recovery"] == 10
    with pytest.raises(Conflict):
        await second_factor.begin_codes(studio, owner, PASSWORD)
    for deed in (second_factor.take_off_codes, second_factor.renew_recovery):
        with pytest.raises(BadSettings):
            await deed(studio, owner, "wrong")
    anew = (await second_factor.renew_recovery(studio, owner, made[0])).value["codes"]
    assert not set(anew) & set(made)
    await second_factor.take_off_codes(studio, owner, PASSWORD)
    with pytest.raises(NotFound):
        await second_factor.take_off_codes(studio, owner, PASSWORD)


async def test_an_open_window_guesses_nothing(studio, owner):
    for _ in range(MOST):
        with pytest.raises(BadSettings):
            await second_factor.begin_codes(studio, owner, "wrong")
    for deed in (second_factor.begin_codes, second_factor.take_off_codes):
        with pytest.raises(Refused):
            await deed(studio, owner, PASSWORD)


async def test_no_page_gets_what_opens(studio, owner):
    made = await set_up(studio, owner)
    told = str(account.overview(studio, owner)) + str(people.overview(studio, owner))
    found = SecondFactors(studio.control).find("owner")
    assert not any(one in told for one in (*made, *found.recovery, found.secret))


def test_a_passkey_is_removed_as_the_one_whose_it_is(studio, owner, admin):
    passkey(studio, "owner")
    with pytest.raises(NotFound):
        second_factor.remove_passkey(studio, admin, "a")
    second_factor.remove_passkey(studio, owner, "a")
    assert account.overview(studio, owner)["passkeys"] == []


async def test_somebody_who_lost_theirs_is_reset_by_who_may_as_much(studio, owner, admin):
    passkey(studio, "ada")
    with pytest.raises(Forbidden):
        people.reset_second(studio, admin, "owner")
    with pytest.raises(Conflict):
        people.reset_second(studio, owner, "owner")
    people.reset_second(studio, owner, "ada")
    (ada,) = [one for one in people.overview(studio, owner)["people"] if one["id"] == "ada"]
    assert (ada["codes"], ada["passkeys"]) == (False, 0)


def test_a_role_asks_for_two_steps_by_who_has_all_of_it(studio, owner, admin):
    with pytest.raises(Forbidden):
        people.ask_second(studio, admin, "owner", True)
    people.ask_second(studio, owner, "owner", True)
    roles = {role["id"]: role["second"] for role in people.overview(studio, owner)["roles"]}
    assert (roles["owner"], roles["admin"]) == (True, False)
    assert account.overview(studio, owner)["required"]


async def test_whoever_comes_in_another_way_and_has_no_password_is_not_asked_for_one(studio, admin):
    studio.control.users.put(UserRecord(id="sam", roles=(Given(role="viewer"),)))
    sam = Users(studio.control).actor("sam")
    assert not account.overview(studio, sam)["asks_present"]
    await set_up(studio, sam, present="")
    assert account.overview(studio, sam)["asks_present"]
    with pytest.raises(BadSettings):
        await second_factor.take_off_codes(studio, sam, "")


@pytest.mark.parametrize(
    "action", [account.change_password, second_factor.take_off_codes, second_factor.confirm_codes]
)
def test_what_somebody_proves_themselves_by_is_in_no_record(action):
    secrets = dict.fromkeys(PROOFS, "pass.word")
    assert named(kept(action), action, secrets) == ""


def test_nobody_above_is_needed_on_the_machine_itself(studio, owner):
    passkey(studio, "owner")
    SecondFactors(studio.control).reset("owner", by=COMMAND_LINE.id)
    assert studio.control.passkeys.all() == {}
