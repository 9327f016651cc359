"""Each way in says what it needs, and the guard asks before anything runs."""

import asyncio
from dataclasses import dataclass, field

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

import visitors
from runtime.access.actor import Actor
from runtime.access.permissions import Permission
from runtime.server.door.ways import Entry, Folder, Way, Ways

READER = Actor("reader", [Permission.AGENTS_VIEW])
HTML = {"accept": "text/html"}


@pytest.fixture
def house(tmp_path):
    return visitors.build(tmp_path, users=lambda id: READER)


async def anything(request):
    return PlainTextResponse("")


@dataclass(frozen=True)
class Case:
    id: str
    path: str
    status: int
    method: str = "GET"
    headers: dict = field(default_factory=dict)


READERS = [
    Case("a page that may be looked at", "/", 200, headers=HTML),
    Case("whatever is for all who signed in", "/who", 200),
    Case("a page that may not", "/settings", 403, headers=HTML),
    Case("the same for a program", "/settings", 403),
    Case("changing it", "/settings", 403, "POST"),
    Case("changing it in a way that it does not take", "/settings", 403, "DELETE"),
    Case("what nobody asks about", "/health", 200),
]


@pytest.mark.parametrize("case", READERS, ids=lambda c: c.id)
async def test_whoever_may_only_look(house, case):
    async with house.owner() as reader:
        response = await reader.request(case.method, case.path, headers=case.headers, json={})
    assert response.status_code == case.status
    assert ("settings.edit" in response.text) == (case.status == 403)
    assert response.headers["content-type"].startswith("text/html") == (case.headers == HTML)


async def test_who_signed_in_is_named_to_the_apps_behind(house):
    async with house.owner() as reader:
        assert (await reader.get("/who")).text == "reader"


async def test_whoever_is_no_longer_known_is_signed_out(tmp_path):
    known = {"owner": READER}
    house = visitors.build(tmp_path, users=known.get)
    async with house.owner() as reader:
        assert (await reader.get("/who")).status_code == 200
        known.clear()
        assert (await reader.get("/who")).status_code == 401


async def test_whoever_may_no_longer_is_cut_off_while_it_is_still_open(tmp_path):
    then = iter([READER])
    house = visitors.build(tmp_path, users=lambda id: next(then, Actor("reader", [])))
    async with house.owner() as reader:
        assert (await asyncio.wait_for(reader.get("/silent"), 20)).status_code == 401


@pytest.mark.parametrize(
    "route", [Route("/open", anything), Mount("/folder", anything)], ids=lambda route: route.path
)
def test_a_way_that_does_not_say_what_it_needs_keeps_the_program_from_starting(route):
    with pytest.raises(TypeError, match="does not say what it needs"):
        Ways([Way("/", anything, methods=["GET"], needs=Entry.ANYBODY), route])


@pytest.mark.parametrize(
    ("method", "path", "needs"),
    [
        ("GET", "/form", Entry.ANYBODY),
        ("POST", "/form", Permission.SETTINGS_EDIT),
        ("DELETE", "/form", Entry.ANYBODY),
        ("GET", "/builder/", Permission.AGENTS_VIEW),
        ("GET", "/builder/models", Permission.MODELS_VIEW),
        ("GET", "/builder/models/", Permission.AGENTS_VIEW),
        ("GET", "/nowhere", Entry.SIGNED_IN),
    ],
)
def test_what_a_request_needs_is_what_the_route_says_that_answers_it(method, path, needs):
    ways = Ways(
        [
            Way("/form", anything, methods=["GET"], needs=Entry.ANYBODY),
            Way("/form", anything, methods=["POST"], needs=Permission.SETTINGS_EDIT),
            Folder(
                "/builder",
                anything,
                needs=Permission.AGENTS_VIEW,
                inside={"/models": Permission.MODELS_VIEW},
            ),
        ]
    )
    scope = {"type": "http", "method": method, "path": path, "headers": [], "root_path": ""}
    assert ways.needs(scope) is needs
