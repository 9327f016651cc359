"""What a provider's word counts for at our door: a second step only where an owner said so, and what a
password tells where only a provider opens."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from lying_provider import CLIENT, ISSUER, LyingProvider

import visitors
from runtime.access.actor import COMMAND_LINE
from runtime.access.membership import Membership
from runtime.access.second.required import Required
from runtime.access.sso.kinds import Net
from runtime.access.sso.only import Only
from runtime.access.sso.providers import Providers
from runtime.access.users import Users
from runtime.network.platform_api import Outbound
from runtime.store.control.user_records import Given
from visitors import PASSWORD

EN = {"accept-language": "en"}
OWN = "her own words"
RANDOM = r'nonce="[^"]*"|"challenge": ?"[^"]*"|value="[^"]{40,}"'


@pytest.fixture
def provider():
    now = int(time.time())
    return LyingProvider(claims={"iat": now, "exp": now + 300, "preferred_username": "ann"})


@pytest.fixture
def house(tmp_path, provider):
    return visitors.build(tmp_path, net=Net(provider, Outbound()))


def set_up(house, **more):
    told = {"id": "corp", "kind": "oidc", "name": "Corp", "issuer": ISSUER, "client_id": CLIENT}
    given = {**told, "default_role": "editor", **more}
    Providers(house.control).save(given, "s3cret", COMMAND_LINE)


async def come(person, provider):
    """There and back; where our door leads then."""
    begun = await person.get("/login/sso/corp", params={"next": "/who"}, headers=EN)
    asks = {name: values[0] for name, values in parse_qs(urlsplit(begun.headers["location"]).query).items()}
    provider.nonce, provider.codes = asks["nonce"], []
    back = await person.get("/login/sso/corp/back", params={"code": "good", "state": asks["state"]})
    return back.headers["location"]


SAID = {
    "nothing": {},
    "mfa": {"amr": ["mfa"]},
    "mfa among others": {"amr": ["pwd", "otp", "mfa"]},
    "a level": {"acr": "https://refeds.org/profile/mfa"},
    "a level of ours": {"acr": "2", "is_strong": True},
    "a password alone": {"amr": ["pwd"]},
}


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("is_trusted", [True, False])
async def test_a_second_step_is_a_providers_only_where_an_owner_trusts_it_with_that(
    house, provider, said, is_trusted
):
    set_up(house, is_strong=is_trusted)
    Required(house.control).put("editor", True, COMMAND_LINE)
    provider.claims |= SAID[said]
    comes_in = is_trusted and "password" not in said
    async with house.visitor() as person:
        assert await come(person, provider) == ("/who" if comes_in else "/login/set-up")
        assert ((await person.get("/who")).text == "ann") is comes_in


async def test_where_only_a_provider_opens_nobody_learns_whose_password_still_does(house, provider):
    """One answer for the owner who is named, for who has a password, for who has none, and for nobody: after
    the same work, also with the right password of whoever is not named."""
    set_up(house)
    for id in ("ben", "eve"):
        Membership(house.control).invite(id, "", [Given(role="viewer")], COMMAND_LINE)
    Users(house.control).set_password("ben", OWN)
    async with house.visitor() as person:
        await come(person, provider)
    Only(house.control).switch(True, "owner", COMMAND_LINE)
    hashed, users = [], Users.is_password
    tries = [("owner", "wrong"), ("ben", "wrong"), ("ben", OWN), ("eve", OWN), ("nobody", OWN)]
    answers = set()
    for name, password in tries:
        async with house.visitor() as stranger:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Users, "is_password", lambda *of: hashed.append(of[1]) or users(*of))
                given = {"name": name, "password": password}
                refused = await stranger.post("/login", data=given, headers=EN)
            told = re.sub(RANDOM, "", refused.text.replace(f'value="{name}"', ""))
            answers.add((refused.status_code, "opened nothing" in told, told, tuple(refused.headers)))
    assert len(answers) == 1
    assert next(iter(answers))[:2] == (401, True)
    assert hashed == [name for name, _ in tries]
    async with house.visitor() as owner:
        assert (await owner.post("/login", data={"password": PASSWORD})).status_code == 303
