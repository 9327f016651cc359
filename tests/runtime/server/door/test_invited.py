"""An invitation's link, and several people at one door."""

import time

import pytest

import visitors
from runtime.access.actor import COMMAND_LINE
from runtime.access.membership import Membership
from runtime.access.sign_ins import SignIns
from runtime.access.users import Users
from runtime.server.door.signed import Signed
from runtime.store.control.user_records import Given
from visitors import PASSWORD

OWN = "her own words"
EN = {"accept-language": "en"}


@pytest.fixture
def house(tmp_path):
    return visitors.build(tmp_path)


def invite(house, id="anna", role="viewer"):
    return Membership(house.control).invite(id, "", [Given(role=role)], COMMAND_LINE)


async def come(house, person, id="anna", role="viewer"):
    page = f"/invited/{invite(house, id, role)}"
    response = await person.post(page, data={"password": OWN, "again": OWN})
    assert response.status_code == 303, response.text
    return page


async def test_whoever_follows_the_link_chooses_a_password_and_is_in(house):
    async with house.visitor() as person:
        page = await come(house, person)
        assert (await person.get("/who")).text == "anna"
        assert (await person.get(page, headers=EN)).status_code == 410
        await person.post("/logout")
        again = await person.post(page, data={"password": "another one", "again": "another one"})
        assert again.status_code == 410
        assert (await person.post("/login", data={"name": "anna", "password": OWN})).status_code == 303


async def test_looking_at_the_link_uses_nothing_up(house):
    page = f"/invited/{invite(house)}"
    async with house.visitor() as person:
        for _ in range(3):
            shown = await person.get(page, headers=EN)
            assert (shown.status_code, 'value="anna"' in shown.text) == (200, True)
    assert SignIns(house.control).of("anna", time.time()) == []


@pytest.mark.parametrize(
    ("form", "says"),
    [({"password": OWN, "again": "xy"}, "differ"), ({"password": "x", "again": "x"}, "8 to 200")],
)
async def test_a_password_that_will_not_do_leaves_the_link_good(house, form, says):
    page = f"/invited/{invite(house)}"
    async with house.visitor() as person:
        refused = await person.post(page, data=form, headers=EN)
        assert (refused.status_code, says in refused.text) == (400, True)
        assert (await person.post(page, data={"password": OWN, "again": OWN})).status_code == 303


async def test_whoever_may_not_is_told_so_and_ends_with_the_right(house):
    async with house.visitor() as person:
        await come(house, person)
        assert (await person.get("/settings")).status_code == 403
        assert (await person.get("/", headers={"accept": "text/html"})).status_code == 200
        Membership(house.control).disable("anna", COMMAND_LINE)
        assert (await person.get("/who")).status_code == 401
        assert (await person.post("/login", data={"name": "anna", "password": OWN})).status_code == 401


async def test_the_door_asks_for_a_name_once_there_are_several(house):
    async with house.visitor() as person:
        assert 'name="name"' not in (await person.get("/login")).text
        invite(house)
        assert 'name="name"' in (await person.get("/login")).text
        assert (await person.post("/login", data={"name": "anna", "password": PASSWORD})).status_code == 401
        # as a program does that has always sent a password alone
        assert (await person.post("/login", data={"password": PASSWORD})).status_code == 303


async def test_a_session_is_listed_and_ended_by_itself(house):
    sign_ins = SignIns(house.control)
    async with house.owner(**{"user-agent": "one"}) as one, house.owner(**{"user-agent": "two"}) as two:
        listed = sign_ins.of("owner", time.time())
        assert [each.device for each in listed] == ["two", "one"]
        sign_ins.end(listed[1].id, "owner")
        assert (await one.get("/who")).status_code == 401
        assert (await two.get("/who")).text == "owner"


async def test_a_home_with_one_owner_keeps_its_sessions_until_they_end(house):
    signed = Signed(house.control.owner)
    later = int(time.time()) + 1000
    cookie = signed.write("session", ["0" * 32, "owner", later])
    async with house.visitor(cookie=f"hongyan={cookie}") as person:
        assert (await person.get("/who")).text == "owner"
        await person.post("/logout")
        assert (await person.get("/who")).status_code == 401
    other = signed.write("session", ["1" * 32, "owner", later])
    async with house.visitor(cookie=f"hongyan={other}") as person:
        assert (await person.get("/who")).text == "owner"
        Users(house.control).set_password("owner", "another password")
        assert (await person.get("/who")).status_code == 401


async def test_no_cookie_without_a_list_is_anybody_elses(house):
    invite(house)
    cookie = Signed(house.control.owner).write("session", ["0" * 32, "anna", int(time.time()) + 1000, 0])
    async with house.visitor(cookie=f"hongyan={cookie}") as person:
        assert (await person.get("/who")).status_code == 401
