"""Sign in at `oidc-provider-mock`, from PyPI: the whole way through our door, as a browser goes it."""

import logging
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest

import visitors
from runtime.access.actor import COMMAND_LINE
from runtime.access.membership import Membership
from runtime.access.sso.kinds import Net
from runtime.access.sso.only import Only
from runtime.access.sso.providers import Providers
from runtime.access.users import Users
from runtime.network.egress import Egress
from runtime.network.platform_api import Outbound
from runtime.store.control.user_records import Given

EN = {"accept-language": "en"}
PEOPLE = [
    oidc_provider_mock.User(
        sub="u-anna",
        claims={"preferred_username": "Anna", "email": "anna@x.example", "groups": ["staff", "boss"]},
    ),
    oidc_provider_mock.User(sub="u-ben", claims={"email": "ben@x.example", "email_verified": True}),
    oidc_provider_mock.User(sub="u-mallory", claims={"email": "owner@x.example", "email_verified": False}),
]


@pytest.fixture(scope="module")
def issuer():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with oidc_provider_mock.run_server_in_thread(user_claims=PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
async def house(tmp_path, issuer):
    egress = Egress([f"sign_in={issuer.removeprefix('http://')}"])
    house = visitors.build(tmp_path, net=Net(egress, Outbound()))
    yield house
    await egress.close()


def provider(house, issuer, **more):
    told = {"id": "corp", "kind": "oidc", "name": "Corp", "issuer": issuer, "client_id": "hongyan"}
    return Providers(house.control).save({**told, **more}, "a secret", COMMAND_LINE)


async def go(person, sub, path="/login/sso/corp", **asks):
    """There and back, as a browser does it; the response at our door."""
    begun = await person.get(path, params={"next": "/who", **asks}, headers=EN)
    assert begun.status_code == 303, begun.text
    return await person.get(await at_provider(begun.headers["location"], sub), headers=EN)


async def at_provider(address, sub):
    async with httpx.AsyncClient() as there:
        shown = await there.post(address, data={"sub": sub})
        assert shown.status_code == 302, shown.text
        back = urlsplit(shown.headers["location"])
        assert back.netloc == "localhost"  # the page that we named
        return f"{back.path}?{back.query}"


BOSS = {"rules": [{"claim": "groups", "value": "boss", "role": "admin"}]}


async def test_groups_let_in_and_say_what_somebody_may(house, issuer):
    provider(house, issuer, **BOSS)
    async with house.visitor() as person:
        response = await go(person, "u-anna")
        assert (response.status_code, response.headers["location"]) == (303, "/who")
        assert (await person.get("/who")).text == "anna"
    assert Users(house.control).must("anna").mapped == (Given(role="admin"),)


async def test_whom_no_rule_names_does_not_come_in_unless_there_is_a_default(house, issuer):
    provider(house, issuer, **BOSS)
    async with house.visitor() as person:
        refused = await go(person, "u-ben")
        assert (refused.status_code, "no account here" in refused.text) == (403, True)
        assert (await person.get("/who")).status_code == 401
        assert [one.id for one in Users(house.control).all()] == ["owner"]
        provider(house, issuer, **BOSS, default_role="viewer")
        await go(person, "u-ben")
        assert (await person.get("/who")).text == "ben"


async def test_roles_by_rules_go_when_the_group_goes_and_those_given_here_stay(house, issuer):
    provider(house, issuer, **BOSS)
    async with house.visitor() as person:
        await go(person, "u-anna")
        Membership(house.control).give("anna", [Given(role="analyst")], COMMAND_LINE)
        provider(house, issuer, rules=[{"claim": "groups", "value": "nobody-has-it", "role": "admin"}])
        assert (await go(person, "u-anna")).headers["location"] == "/who"
        one = Users(house.control).must("anna")
        assert (one.mapped, one.roles) == ((), (Given(role="analyst"),))


async def test_whoever_lost_the_last_role_does_not_come_in(house, issuer):
    provider(house, issuer, **BOSS)
    async with house.visitor() as person:
        await go(person, "u-anna")
        provider(house, issuer, rules=[])
        await person.post("/logout")
        assert (await go(person, "u-anna")).status_code == 403
        assert (await person.get("/who")).status_code == 401


async def test_an_invitation_is_taken_up_by_signing_in(house, issuer):
    provider(house, issuer)
    token = Membership(house.control).invite("ben", "", [Given(role="editor")], COMMAND_LINE)
    async with house.visitor() as person:
        assert "/login/sso/corp?invitation=" in (await person.get(f"/invited/{token}", headers=EN)).text
        await go(person, "u-ben", invitation=token)
        assert (await person.get("/who")).text == "ben"
        assert (await person.get(f"/invited/{token}")).status_code == 410
        await person.post("/logout")
        await go(person, "u-ben")  # known from now on
        assert (await person.get("/who")).text == "ben"


@pytest.mark.parametrize(
    ("sub", "by_email", "comes"),
    [("u-ben", True, True), ("u-ben", False, False), ("u-mallory", True, False)],
)
async def test_an_address_takes_over_an_account_only_verified_and_where_the_owner_says_so(
    house, issuer, sub, by_email, comes
):
    address = {"u-ben": "ben@x.example", "u-mallory": "owner@x.example"}[sub]
    Users(house.control).change("owner", email=address)
    provider(house, issuer, by_email=by_email)
    async with house.visitor() as person:
        await go(person, sub)
        assert (await person.get("/who")).text == (
            "owner" if comes else '{"error":"登录已失效，请重新登录后再试。"}'
        )


async def test_a_name_at_the_provider_makes_nobody_somebody_else(house, issuer):
    async with httpx.AsyncClient() as there:
        await there.put(f"{issuer}/users/u-fake", json={"preferred_username": "owner", "groups": ["boss"]})
    provider(house, issuer, **BOSS)
    async with house.visitor() as person:
        await go(person, "u-fake")
        assert (await person.get("/who")).text not in ("owner", "")
        assert Users(house.control).must("owner").mapped == ()


async def test_what_was_used_begun_elsewhere_or_changed_signs_in_nobody(house, issuer):
    provider(house, issuer, default_role="viewer")
    async with house.visitor() as person, house.visitor() as other:
        begun = await person.get("/login/sso/corp", headers=EN)
        cookie = {"Cookie": begun.headers["set-cookie"].partition(";")[0]}
        back = await at_provider(begun.headers["location"], "u-ben")
        for stranger, headers, path in [
            (other, EN, back),
            (other, EN | cookie, back.replace("state=", "state=0")),
            (other, EN | cookie, back.replace("/corp/", "/else/")),
        ]:
            refused = await stranger.get(path, headers=headers)
            assert refused.status_code == 403, refused.text
        assert (await person.get(back)).status_code == 303
        # the same address and the same cookie, once more: both are used
        again = await other.get(back, headers=EN | cookie)
        assert (again.status_code, "Begin again" in again.text) == (403, True)


async def test_a_removed_person_does_not_come_back_as_somebody_new(house, issuer):
    provider(house, issuer, default_role="viewer")
    async with house.visitor() as person:
        await go(person, "u-ben")
        Membership(house.control).remove("ben", COMMAND_LINE)
        refused = await go(person, "u-ben")
        assert (refused.status_code, "disabled or removed" in refused.text) == (403, True)


async def test_signing_out_leads_to_the_provider_and_back(house, issuer):
    provider(house, issuer, default_role="viewer")
    async with house.visitor() as person:
        await go(person, "u-ben")
        assert (await person.get("/login")).status_code == 303
        await person.post("/logout")
        shown = await person.get("/login", headers=EN)
        there = urlsplit(shown.headers["refresh"].partition("url=")[2])
        asks = parse_qs(there.query)
        assert f"{there.scheme}://{there.netloc}" == issuer
        assert asks["post_logout_redirect_uri"] == ["http://localhost/login"]
        assert asks["id_token_hint"][0].count(".") == 2
        assert "refresh" not in (await person.get("/login")).headers  # once


async def test_passwords_go_off_once_somebody_came_in_and_one_owners_stays(house, issuer):
    provider(house, issuer, default_role="viewer")
    Membership(house.control).invite("ben", "", [Given(role="viewer")], COMMAND_LINE)
    with pytest.raises(Exception, match="Nobody has come in"):
        Only(house.control).switch(True, "owner", COMMAND_LINE)
    async with house.visitor() as person:
        await go(person, "u-anna")
        with pytest.raises(Exception, match="Name an owner"):
            Only(house.control).switch(True, "anna", COMMAND_LINE)
        Users(house.control).set_password("ben", "her own words")
        async with house.visitor() as ben:
            await ben.post("/login", data={"name": "ben", "password": "her own words"})
            assert (await ben.get("/who")).text == "ben"
            Only(house.control).switch(True, "owner", COMMAND_LINE)
            assert (await ben.get("/who")).status_code == 401  # what a password opened is over
            Only(house.control).switch(False, "", COMMAND_LINE)
            assert (await ben.get("/who")).status_code == 401  # for good
            Only(house.control).switch(True, "owner", COMMAND_LINE)
        assert (await person.get("/who")).text == "anna"  # and what the provider opened is not
        await person.post("/logout")
        refused = await person.post("/login", data={"name": "ben", "password": "her own words"}, headers=EN)
        assert (refused.status_code, "opened nothing" in refused.text) == (401, True)
    async with house.owner() as owner:
        assert (await owner.get("/who")).text == "owner"
    with pytest.raises(Exception, match="last provider"):
        Providers(house.control).remove("corp", COMMAND_LINE)
