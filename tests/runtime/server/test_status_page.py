"""The status page: open to everybody where its owner wants it, honest about 90 days, and without names."""

from types import SimpleNamespace

import httpx
import pytest
from starlette.applications import Starlette

from runtime.server.app import make_app
from runtime.server.incidents import GAP, KEPT, MOST, Incident, Incidents
from runtime.server.program import build_program
from runtime.server.role import Role
from runtime.server.status_page import StatusPage
from runtime.settings import Settings
from runtime.store.control.control import Control

DAY = 86_400.0
NOW = 1_790_000_000.0


class Facts(dict):
    async def find(self, name):
        return self.get(name)

    async def learn(self, name, value, now):
        self[name] = value


class Stood:
    """How publications are, as a test says it."""

    def __init__(self, **how):
        self.how = {name: (name.partition("_")[0], state) for name, state in how.items()}

    async def look(self):
        pass

    def by_publication(self):
        return self.how


def looked(*steps, incidents=None):
    """`steps`: minutes and whether each surface is well."""
    incidents = incidents or Incidents()
    for minute, well in steps:
        incidents.look(well, NOW + 60 * minute)
    return incidents


def test_what_lasts_is_an_incident_and_a_moment_is_none():
    found = looked((0, {"a": True}), (1, {"a": False}), (2, {"a": True}))
    assert found.all() == []
    found = looked((0, {"a": True, "b": True}), *((n, {"a": False, "b": n % 2 == 0}) for n in range(1, 5)))
    assert found.all() == [Incident("a", NOW + 60)]
    found.look({"a": True, "b": True}, NOW + 300)
    assert found.all() == [Incident("a", NOW + 60, NOW + 300)]


def test_a_program_that_was_not_there_says_so():
    found = looked((0, {"a": True}), (GAP / 60 + 2, {"a": True}))
    assert found.all() == [Incident("", NOW, NOW + GAP + 120)]


def test_a_surface_that_is_gone_has_no_trouble():
    assert looked((0, {"a": False}), (4, {})).open == {}


def test_what_is_kept_has_an_end_and_comes_back_as_it_was():
    found = Incidents(
        NOW, {"a": NOW}, [Incident("b", NOW - n * DAY, NOW - n * DAY + 600) for n in range(200)]
    )
    again = Incidents.from_json(found.to_json())
    assert again == found
    again.look({"a": False}, NOW + 60)
    assert all(one.until > NOW + 60 - KEPT for one in again.past)
    many = Incidents(NOW, {}, [Incident("b", NOW - n, NOW) for n in range(MOST + 50)])
    many.look({}, NOW + 1)
    assert len(many.past) == MOST


@pytest.mark.parametrize("text", [None, "", "[]", "{}", "null", '{"seen": "x", "open": {}, "past": []}', "{"])
def test_what_cannot_be_read_is_nothing(text):
    assert Incidents.from_json(text) == Incidents()


async def seen(page, path="/status", lang="zh"):
    transport = httpx.ASGITransport(app=Starlette(routes=page.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        return await client.get(path, headers={"accept-language": lang})


async def test_everybody_reads_kinds_of_surfaces_and_no_names():
    stood = Stood(api_secretshop="well", web_1="paused", web_2="failing", email_1="paused")
    clock = SimpleNamespace(now=NOW)
    page = StatusPage(stood, facts := Facts(), lambda: clock.now)
    for minute in range(4):
        clock.now = NOW + 60 * minute
        await page.look()
    response = await seen(page)
    assert response.status_code == 200
    assert "max-age=10" in response.headers["cache-control"]
    assert response.headers["vary"] == "Accept-Language, Cookie"
    assert "有问题" in response.text
    assert "secretshop" not in response.text
    told = (await seen(page, "/status.json")).json()
    assert told["surfaces"] == {"api": "well", "email": "paused", "web": "ill"}
    assert told["incidents"] == [{"channel": "web", "since": NOW, "until": None}]
    assert len(facts) == 1


async def test_it_reads_in_english_and_is_held_for_a_while():
    stood, looks = Stood(api_1="well"), []
    page = StatusPage(stood, Facts(), lambda: NOW)

    async def look():
        looks.append(1)

    stood.look = look
    texts = [(await seen(page, lang="en")).text for _ in range(20)]
    assert "All is well." in texts[0]
    assert len(looks) == 1


@pytest.mark.parametrize("is_open", [False, True])
def test_it_is_there_only_where_its_owner_wants_it(tmp_path, is_open):
    settings = Settings(home=tmp_path, status_page=is_open)
    program = build_program(settings, Control.in_folder(settings.data))
    paths = {way.path for way in make_app(program, Role(settings)).routes}
    assert ({"/status", "/status.json"} & paths == set()) is not is_open
    program.gateway.messages.close()
