"""At the door, after the password: a code, a recovery code, a passkey, or setting codes up."""

import html
import json
import re
import time

import pyotp
import pytest

import visitors
from runtime.access.actor import COMMAND_LINE
from runtime.access.audit.reading import Wanted, all_of
from runtime.access.membership import Membership
from runtime.access.second.passkeys import Passkeys, Place
from runtime.access.second.required import Required
from runtime.access.second.second_factors import SecondFactors
from runtime.access.sign_ins import SignIns
from runtime.access.users import Users
from runtime.server.door.arrivals import HALF_SECONDS
from runtime.store.messages.messages import Messages
from software_authenticator import Device
from visitors import PASSWORD

EN = {"accept-language": "en"}


class World:
    def __init__(self, folder):
        self.now = time.time()
        Messages(folder / "messages.db").close()
        self.house = visitors.build(folder, clock=lambda: self.now)
        self.control = self.house.control
        self.second = SecondFactors(self.control, lambda: self.now)
        self.secret = ""

    def set_up(self, user="owner"):
        nonce = self.second.begin()
        self.secret = self.second.proposed(user, nonce)
        made = self.second.confirm(user, nonce, self.code())
        self.now += 30
        return made

    def code(self, later=0):
        return pyotp.TOTP(self.secret).at(self.now + later)

    def add_passkey(self, device, user="owner", place=None):
        place = place or Place("localhost", "http://localhost")
        passkeys = Passkeys(self.control)
        handle = passkeys.handle(user)
        made = device.make(passkeys.making(user, place, b"c" * 32, handle))
        return passkeys.add(user, "phone", place, b"c" * 32, made, handle)

    def told(self):
        return [
            (one.what, one.status, one.after) for one in all_of(self.house.data / "messages.db", Wanted())
        ]


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


async def half_in(person, there="/build"):
    response = await person.post("/login", data={"password": PASSWORD, "next": there})
    assert response.status_code == 303
    return response.headers["location"]


def asked(page, action):
    """The options and token of the form that asks for a passkey."""
    form = re.search(rf'<form method="post" action="{action}" data-passkey="([^"]*)"', page)
    token = re.search(r'name="token" value="([^"]*)"', page)
    return json.loads(html.unescape(form[1])), html.unescape(token[1])


async def test_a_password_alone_opens_nothing_where_codes_are_on(world):
    world.set_up()
    async with world.house.visitor(**EN) as person:
        assert await half_in(person) == "/login/second"
        assert (await person.get("/who")).status_code == 401
        page = await person.get("/login/second")
        assert "one-time-code" in page.text
        assert "<script" not in page.text
        wrong = await person.post("/login/second", data={"code": "000000"})
        assert (wrong.status_code, "not the code" in wrong.text) == (401, True)
        response = await person.post("/login/second", data={"code": world.code()})
        assert (response.status_code, response.headers["location"]) == (303, "/build")
        assert (await person.get("/who")).text == "owner"
    assert SignIns(world.control).of("owner", world.now)[0].by == ("password", "code")


async def test_every_step_is_written_down(world):
    made = world.set_up()
    async with world.house.visitor() as person:
        await person.post("/login", data={"password": "wrong"})
        await half_in(person)
        await person.post("/login/second", data={"code": "000000"})
        await person.post("/login/second", data={"code": made[0]})
    assert list(reversed(world.told())) == [
        ("account.sign-in", "refused", ("password",)),
        ("account.first-step", "done", ("password",)),
        ("account.sign-in", "refused", ("password", "code")),
        ("account.sign-in", "done", ("password", "recovery")),
    ]


async def test_a_code_that_was_used_opens_no_second_browser(world):
    world.set_up()
    code = world.code()
    async with world.house.visitor() as one, world.house.visitor() as two:
        await half_in(one)
        await half_in(two)
        assert (await one.post("/login/second", data={"code": code})).status_code == 303
        assert (await two.post("/login/second", data={"code": code})).status_code == 401


async def test_half_way_in_lasts_minutes_and_counts_in_one_browser(world):
    world.set_up()
    async with world.house.visitor() as person:
        await half_in(person)
        cookie = person.cookies["hongyan-half"]
        for page in ("/login/second", "/login/set-up"):
            async with world.house.visitor() as stranger:
                response = await stranger.post(page, data={"code": world.code()})
                assert response.headers["location"] == "/login"
        # it is no session, whatever it is called
        async with world.house.visitor(cookie=f"hongyan={cookie}") as thief:
            assert (await thief.get("/who")).status_code == 401
        world.now += HALF_SECONDS
        response = await person.post("/login/second", data={"code": world.code()})
        assert response.headers["location"] == "/login"


async def test_another_password_ends_what_was_half_way(world):
    world.set_up()
    async with world.house.visitor() as person:
        await half_in(person)
        Users(world.control).set_password("owner", "another password")
        response = await person.post("/login/second", data={"code": world.code()})
        assert response.headers["location"] == "/login"


async def test_codes_are_guessed_no_more_than_passwords(world):
    made = world.set_up()
    async with world.house.visitor(address="203.0.113.7") as person:
        await half_in(person)
        got = [(await person.post("/login/second", data={"code": f"{n:06}"})).status_code for n in range(12)]
        assert (got.count(401), got.count(429)) == (10, 2)
        assert (await person.post("/login/second", data={"code": made[0]})).status_code == 429
        # the password is not locked by that, nor is whoever looks from elsewhere with a passkey
        assert await half_in(person) == "/login/second"


async def test_a_role_that_asks_for_it_has_it_set_up_on_the_way_in(world):
    Required(world.control).put("owner", True, COMMAND_LINE)
    async with world.house.visitor(**EN) as person:
        assert await half_in(person) == "/login/set-up"
        assert (await person.get("/login/second")).headers["location"] == "/login"
        page = (await person.get("/login/set-up")).text
        world.secret = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
        assert 'src="data:image/svg+xml' in page
        assert (await person.post("/login/set-up", data={"code": "000000"})).status_code == 400
        done = await person.post("/login/set-up", data={"code": world.code()})
        made = re.findall(r"<li><code>([^<]+)</code>", done.text)
        assert (done.status_code, len(made), 'href="/build"' in done.text) == (200, 10, True)
        assert (await person.get("/who")).text == "owner"
        assert (await person.get("/login/set-up")).headers["location"] == "/login"
    async with world.house.visitor() as person:
        assert await half_in(person) == "/login/second"
        assert (await person.post("/login/set-up", data={"code": world.code(30)})).headers[
            "location"
        ] == "/login"
        assert (await person.post("/login/second", data={"code": made[3]})).status_code == 303


async def test_where_a_role_begins_to_ask_sessions_by_one_factor_end(world):
    async with world.house.owner() as owner:
        Required(world.control).put("owner", True, COMMAND_LINE)
        assert (await owner.get("/who")).status_code == 401


async def test_a_new_link_asks_for_the_code_as_well(world):
    world.set_up()
    token = Membership(world.control).link("owner", COMMAND_LINE)
    async with world.house.visitor() as person:
        chosen = {"password": "another password", "again": "another password"}
        response = await person.post(f"/invited/{token}", data=chosen)
        assert response.headers["location"] == "/login/second"
        assert (await person.get("/who")).status_code == 401


async def test_a_passkey_alone_is_two_factors(world):
    phone = Device()
    world.add_passkey(phone)
    world.set_up()
    Required(world.control).put("owner", True, COMMAND_LINE)
    async with world.house.visitor() as person:
        page = await person.get("/login?next=/build")
        assert "script-src 'nonce-" in page.headers["content-security-policy"]
        options, token = asked(page.text, "/login/passkey")
        assert options["rpId"] == "localhost"
        said = {"token": token, "credential": json.dumps(phone.prove(options)), "next": "/build"}
        async with world.house.visitor() as thief:  # who saw it go by has another browser
            assert (await thief.post("/login/passkey", data=said)).status_code == 401
        response = await person.post("/login/passkey", data=said)
        assert (response.status_code, response.headers["location"]) == (303, "/build")
        assert (await person.get("/who")).text == "owner"
        await person.post("/logout")
        assert (await person.post("/login/passkey", data=said)).status_code == 401
    signed = world.told()
    assert ("account.sign-in", "done", ("passkey",)) in signed
    assert ("account.sign-in", "refused", ("passkey", "stale")) in signed


async def test_a_challenge_is_over_in_minutes_and_for_one_purpose(world):
    phone = Device()
    world.add_passkey(phone)
    world.set_up()
    async with world.house.visitor() as person:
        options, token = asked((await person.get("/login")).text, "/login/passkey")
        said = {"token": token, "credential": json.dumps(phone.prove(options))}
        await half_in(person)
        assert (await person.post("/login/second/passkey", data=said)).status_code == 401
        world.now += 5 * 60
        assert (await person.post("/login/passkey", data=said)).status_code == 401


async def test_a_passkey_is_a_second_factor_of_its_owner(world):
    hers, his = Device(), Device()
    anna = Membership(world.control)
    anna.accept(
        anna.invite("anna", "", [g for g in Users(world.control).must("owner").roles], COMMAND_LINE), "x" * 9
    )
    world.add_passkey(hers, "anna")
    world.add_passkey(his)
    world.set_up()
    async with world.house.visitor() as person:
        await half_in(person)
        for device, answered in ((hers, 401), (his, 303)):
            options, token = asked((await person.get("/login/second")).text, "/login/second/passkey")
            assert len(options["allowCredentials"]) == 1
            said = {"token": token, "credential": json.dumps(device.prove(options))}
            response = await person.post("/login/second/passkey", data=said)
            assert response.status_code == answered
        assert (await person.get("/who")).text == "owner"


async def test_somebody_who_may_not_come_in_is_refused_with_a_passkey_too(world):
    phone = Device()
    members = Membership(world.control)
    members.accept(
        members.invite("anna", "", Users(world.control).must("owner").roles, COMMAND_LINE), "x" * 9
    )
    world.add_passkey(phone, "anna")
    members.disable("anna", COMMAND_LINE)
    async with world.house.visitor() as person:
        options, token = asked((await person.get("/login")).text, "/login/passkey")
        said = {"token": token, "credential": json.dumps(phone.prove(options))}
        assert (await person.post("/login/passkey", data=said)).status_code == 401
        assert "hongyan" not in person.cookies


@pytest.mark.parametrize(
    ("public_url", "opened_at", "is_offered"),
    [
        ("", "http://localhost", True),
        ("", "http://127.0.0.1", False),
        ("https://a.example.com", "https://a.example.com", True),
        ("https://a.example.com", "http://localhost", False),
        ("https://a.example.com/hy", "https://a.example.com", True),
        ("http://a.example.com", "http://a.example.com", False),
        ("http://localhost", "http://localhost", True),
        ("https://a.example.com:443", "https://a.example.com", True),
        ("https://a.example.com", "https://a.example.com:8443", False),
    ],
)
async def test_passkeys_are_offered_where_they_can_be_used(world, public_url, opened_at, is_offered):
    world.house.public_url = public_url
    for rp in ("localhost", "a.example.com", "127.0.0.1"):
        world.add_passkey(Device(rp=rp, origin=f"https://{rp}"), place=Place(rp, f"https://{rp}"))
    async with world.house.visitor(opened_at) as person:
        page = await person.get("/login", follow_redirects=True)
        assert ("data-passkey" in page.text) == is_offered
        assert "通行密钥" in page.text  # the button, or why there is none
        await person.post("/login", data={"password": PASSWORD}, headers={"origin": opened_at})
        root = "/hy" if public_url.endswith("/hy") else ""
        began = await person.post(f"{root}/passkeys/begin", json={"present": PASSWORD})
        assert (began.status_code == 200) == is_offered
        if not is_offered:
            assert "https" in began.json()["text"]["en"].lower()


async def test_where_nobody_has_a_passkey_no_button_is_there(world):
    async with world.house.visitor() as person:
        assert "data-passkey" not in (await person.get("/login")).text


async def test_a_passkey_is_added_by_who_is_signed_in_and_knows_the_password(world):
    phone = Device()
    async with world.house.visitor() as stranger:
        assert (await stranger.post("/passkeys/begin", json={"present": PASSWORD})).status_code == 401
    async with world.house.owner() as owner, world.house.owner() as elsewhere:
        wrong = await owner.post("/passkeys/begin", json={"present": "wrong"})
        assert (wrong.status_code, wrong.json()["field"]) == (400, "present")
        began = (await owner.post("/passkeys/begin", json={"present": PASSWORD})).json()
        said = {"token": began["token"], "name": "phone", "credential": phone.make(began["options"])}
        assert (await elsewhere.post("/passkeys/add", json=said)).status_code == 403
        for odd in ({}, {"token": 1}, {**said, "token": began["token"] + "x"}, {**said, "token": None}):
            assert (await owner.post("/passkeys/add", json=odd)).status_code == 403
        assert (await owner.post("/passkeys/add", json=said)).json()["ok"]
        assert (await owner.post("/passkeys/add", json=said)).status_code == 403
        assert (await owner.post("/passkeys/add", content=b"[]")).status_code in (400, 415)
    assert [one.name for one in Passkeys(world.control).of("owner")] == ["phone"]
    assert ("account.add_passkey", "done", ("phone",)) in world.told()


async def test_an_open_window_guesses_no_password_to_add_one(world):
    async with world.house.owner() as owner:
        got = [(await owner.post("/passkeys/begin", json={"present": "no"})).status_code for _ in range(11)]
        assert got == [400] * 10 + [429]
