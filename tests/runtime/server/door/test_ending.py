"""What is open ends soon after the right to it does, at every program that works on the same home."""

import asyncio

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

import visitors
from runtime.access.actor import COMMAND_LINE
from runtime.access.membership import Membership
from runtime.access.sign_ins import SignIns
from runtime.access.users import Users
from runtime.server.door.guard import EVERY
from runtime.server.door.secured import LOGGED_OUT
from runtime.server.door.while_live import PATIENCE
from runtime.store.control.user_records import Given

EDITOR, VIEWER = Given(role="editor"), Given(role="viewer")
OWN = "her own words"


def sign_out(control):
    for one in SignIns(control).of("anna", 0):
        SignIns(control).end(one.id, "anna")


ENDS = {
    "signing out": sign_out,
    "disabling": lambda control: Membership(control).disable("anna", COMMAND_LINE),
    "removing": lambda control: Membership(control).remove("anna", COMMAND_LINE),
    "a new password": lambda control: Users(control).set_password("anna", "another one"),
    "another role": lambda control: Membership(control).give("anna", [VIEWER], COMMAND_LINE),
    "fewer agents": lambda control: Membership(control).give(
        "anna", [Given(role="editor", agents=("a",)), VIEWER], COMMAND_LINE
    ),
}


@pytest.fixture
def houses(tmp_path):
    """Two programs on one home: she is at the one, and what ends it happens at the other."""
    one, two = visitors.build(tmp_path), visitors.build(tmp_path)
    members = Membership(two.control)
    members.accept(members.invite("anna", "", [EDITOR], COMMAND_LINE), OWN)
    return one, two


def test_it_is_looked_at_often_enough():
    assert EVERY + PATIENCE < 5


@pytest.mark.parametrize("end", ENDS)
async def test_a_stream_ends(houses, end):
    here, elsewhere = houses
    async with here.visitor() as anna:
        await anna.post("/login", data={"name": "anna", "password": OWN})
        stream = asyncio.create_task(anna.get("/silent"))
        await here.reached.wait()
        ENDS[end](elsewhere.control)
        assert (await asyncio.wait_for(stream, 20)).status_code == 401


@pytest.mark.parametrize("end", ENDS)
def test_a_websocket_ends(houses, end):
    here, elsewhere = houses
    with TestClient(here.app, base_url="http://localhost") as anna:
        anna.post("/login", data={"name": "anna", "password": OWN})
        with anna.websocket_connect("ws://localhost/talk") as talk:
            assert talk.receive_text() == "anna"
            ENDS[end](elsewhere.control)
            with pytest.raises(WebSocketDisconnect) as ended:
                talk.receive_text()
    assert ended.value.code == LOGGED_OUT


async def test_another_role_that_allows_more_ends_nothing(houses):
    here, elsewhere = houses
    async with here.visitor() as anna:
        await anna.post("/login", data={"name": "anna", "password": OWN})
        slow = asyncio.create_task(anna.post("/slow", json={}))
        await here.reached.wait()
        Membership(elsewhere.control).give("anna", [EDITOR, Given(role="analyst")], COMMAND_LINE)
        assert (await slow).text == "saved"
