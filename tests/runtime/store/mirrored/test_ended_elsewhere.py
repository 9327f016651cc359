"""Whoever loses a right at one instance loses what is open at another, each on a folder of its own."""

import asyncio
import contextlib
import shutil

import pytest

import visitors
from runtime.access.actor import COMMAND_LINE
from runtime.access.membership import Membership
from runtime.access.sign_ins import SignIns
from runtime.server.door import guard, while_live
from runtime.store.control.user_records import Given
from runtime.store.mirrored import home

EDITOR, VIEWER = Given(role="editor"), Given(role="viewer")
OWN = "her own words"


def sign_out(control):
    for one in SignIns(control).of("anna", 0):
        SignIns(control).end(one.id, "anna")


ENDS = {
    "demotion": lambda control: Membership(control).give("anna", [VIEWER], COMMAND_LINE),
    "disabling": lambda control: Membership(control).disable("anna", COMMAND_LINE),
    "signing out": sign_out,
}


def test_it_ends_within_five_seconds_also_where_nobody_tells_of_it():
    """A look at the database, a look at the right, and what it may take to clean up."""
    assert home.EVERY + guard.EVERY + while_live.PATIENCE < 5


@pytest.fixture
def houses(homes):
    """Two programs with one key, as several instances have it."""
    one = visitors.build(homes() / "data")
    there = homes()
    (there / "data").mkdir(exist_ok=True)
    shutil.copy(one.data / "secret.key", there / "data" / "secret.key")
    members = Membership(one.control)
    members.accept(members.invite("anna", "", [EDITOR], COMMAND_LINE), OWN)
    return one, visitors.build(there / "data")


@pytest.mark.parametrize("end", ENDS)
async def test_a_stream_ends_at_the_other_instance(houses, end):
    elsewhere, here = houses
    async with here.visitor() as anna:
        await anna.post("/login", data={"name": "anna", "password": OWN})
        stream = asyncio.create_task(anna.get("/silent"))
        await here.reached.wait()
        await asyncio.to_thread(ENDS[end], elsewhere.control)
        try:
            assert (await asyncio.wait_for(stream, 40)).status_code == 401
        finally:
            with contextlib.suppress(asyncio.CancelledError):
                stream.cancel()
