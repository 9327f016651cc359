"""Sign in at Glewlwyd, as Debian has it: the whole way, with groups, a check, and signing out there."""

import json
import time
from urllib.parse import parse_qs, urlsplit

import glewlwyd
import httpx
import pytest

import visitors
from runtime.access.actor import COMMAND_LINE
from runtime.access.sso.kinds import Net
from runtime.access.sso.providers import Providers
from runtime.access.users import Users
from runtime.network.egress import Egress
from runtime.network.platform_api import Outbound
from runtime.store.control.user_records import Given

EN = {"accept-language": "en"}
BACK, AFTER = "http://localhost/login/sso/corp/back", "http://localhost/login"

pytestmark = pytest.mark.skipif(not glewlwyd.PROGRAM, reason="make debian installs glewlwyd")


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    with glewlwyd.running(tmp_path_factory.mktemp("glewlwyd"), BACK, AFTER) as provider:
        provider.add("anna", ["staff", "boss"])
        provider.add("ben", ["staff"])
        yield provider


@pytest.fixture
async def house(tmp_path, provider):
    egress = Egress([f"sign_in={urlsplit(provider.url).netloc}"])
    house = visitors.build(tmp_path, net=Net(egress, Outbound()))
    house.net = Net(egress, Outbound())
    yield house
    await egress.close()


def set_up(house, provider, secret=glewlwyd.SECRET, **more):
    told = {"id": "corp", "kind": "oidc", "name": "Corp", "issuer": provider.issuer, "scopes": []}
    told |= {"client_id": glewlwyd.CLIENT, "rules": [{"claim": "groups", "value": "boss", "role": "admin"}]}
    return Providers(house.control).save(told | more, secret, COMMAND_LINE)


async def go(person, provider, name):
    begun = await person.get("/login/sso/corp", params={"next": "/who"}, headers=EN)
    assert begun.status_code == 303, begun.text
    back = urlsplit(provider.signs_in(name, begun.headers["location"]))
    return await person.get(f"{back.path}?{back.query}", headers=EN)


async def test_groups_let_in_and_go_when_they_go_there(house, provider):
    set_up(house, provider)
    async with house.visitor() as person, house.visitor() as other:
        assert (await go(person, provider, "anna")).headers["location"] == "/who"
        assert (await person.get("/who")).text == "anna"
        assert Users(house.control).must("anna").mapped == (Given(role="admin"),)
        assert (await go(other, provider, "ben")).status_code == 403
        provider.put_into("ben", ["staff", "boss"])
        assert (await go(other, provider, "ben")).status_code == 303
        provider.put_into("ben", ["staff"])
        assert (await go(other, provider, "ben")).status_code == 403


async def test_whoever_signs_out_is_led_to_its_end_session(house, provider):
    set_up(house, provider)
    async with house.visitor() as person:
        await go(person, provider, "anna")
        await person.post("/logout")
        shown = await person.get("/login", headers=EN)
        address = shown.headers["refresh"].partition("url=")[2]
        assert parse_qs(urlsplit(address).query)["post_logout_redirect_uri"] == [AFTER]
    async with httpx.AsyncClient() as there:
        led = await there.get(address)
    assert (led.status_code, "login.html" in led.headers["location"]) == (302, True)
    assert "invalid" not in json.dumps(dict(led.headers))


@pytest.mark.parametrize(
    ("more", "secret", "good", "says"),
    [
        ({}, glewlwyd.SECRET, True, "provider was found"),
        ({}, "another", False, "client id or secret"),
        ({"client_id": "somebody-else"}, glewlwyd.SECRET, False, "client id or secret"),
        ({"issuer": "{issuer}/"}, glewlwyd.SECRET, False, "calls itself"),
        ({"issuer": "{url}"}, glewlwyd.SECRET, False, ""),
    ],
)
async def test_the_check_finds_what_is_wrong(house, provider, more, secret, good, says):
    about = {name: value.format(issuer=provider.issuer, url=provider.url) for name, value in more.items()}
    record = set_up(house, provider, secret, **about)
    found = await house.net.way(record, secret).check(BACK, time.time())
    assert all(one.ok for one in found) is good, [one.says.en for one in found]
    assert says in " ".join(one.says.en for one in found)
