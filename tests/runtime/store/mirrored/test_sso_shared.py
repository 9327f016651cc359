"""Who signs people in is entered at one instance, and offered by the other."""

import shutil

import pytest

import visitors
from runtime.access.actor import COMMAND_LINE
from runtime.access.sso.providers import Providers

TOLD = {
    "id": "corp",
    "kind": "oidc",
    "name": "Corp Sign-in",
    "issuer": "https://sso.example",
    "client_id": "hongyan",
}


@pytest.fixture
def houses(homes):
    """Two programs with one key, as several instances have it."""
    one = visitors.build(homes() / "data")
    there = homes()
    (there / "data").mkdir(exist_ok=True)
    shutil.copy(one.data / "secret.key", there / "data" / "secret.key")
    return one, visitors.build(there / "data")


async def offered(house):
    async with house.visitor() as person:
        page = await person.get("/login", headers={"accept-language": "en"})
        return "/login/sso/corp" in page.text and "Corp Sign-in" in page.text


async def test_a_provider_is_offered_by_the_other_instance_and_its_secret_opens_there(houses, soon):
    one, other = houses
    assert not await offered(other)
    Providers(one.control).save(TOLD, "a secret", COMMAND_LINE)
    soon(lambda: other.control.sso.all())
    assert await offered(other)
    [found] = other.control.sso.all()
    assert (found.issuer, other.control.sso.secret(found)) == ("https://sso.example", "a secret")
    Providers(one.control).remove("corp", COMMAND_LINE)
    soon(lambda: not other.control.sso.all())
    assert not await offered(other)
