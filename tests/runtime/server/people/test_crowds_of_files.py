"""Halves of files, and no end of any, are no way to have all the memory."""

import asyncio
import json

import pytest
from starlette.requests import Request

from doorway import doorway
from runtime.errors import TooMany
from runtime.server.large_bodies import WAITING, LargeBodies
from runtime.server.people.files_api import FilesApi


async def hold(bodies, sender, held, go):
    async with bodies.turn(sender):
        held.append(sender)
        await go.wait()


async def test_so_many_are_read_at_once_of_one_and_of_all_and_the_others_in_turn():
    bodies, held, go = LargeBodies(of_all=3, of_one=2), [], asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for sender in "aaabbb":
            group.create_task(hold(bodies, sender, held, go))
        await asyncio.sleep(0)
        assert held == ["a", "a", "b"]
        go.set()
    assert sorted(held) == list("aaabbb")


async def test_whoever_waits_for_long_is_told_to_come_again():
    bodies = LargeBodies(of_one=1, patience=0)
    async with bodies.turn("a"):
        with pytest.raises(TooMany):
            async with bodies.turn("a"):
                pass
    async with bodies.turn("a"):
        pass


async def test_no_more_than_some_wait():
    bodies, held, go = LargeBodies(of_one=1), [], asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for _ in range(1 + WAITING):
            group.create_task(hold(bodies, "a", held, go))
        await asyncio.sleep(0)
        with pytest.raises(TooMany):
            await hold(bodies, "a", held, go)
        go.set()


async def test_nothing_of_a_file_is_read_before_it_is_its_turn(tmp_path):
    async with doorway(tmp_path) as door:
        token = (await door.come())["token"]
        full = FilesApi(door.people, door.gateway.kept, door.browsers, LargeBodies(of_one=0, patience=0))

        async def receive():
            raise AssertionError

        headers = [(b"authorization", f"Bearer {token}".encode())]
        scope = {"type": "http", "method": "POST", "path": "/agent/files", "query_string": b""}
        answer = await full.send(Request({**scope, "headers": headers, "client": ("::1", 1)}, receive))
        assert (answer.status_code, json.loads(answer.body)["error"]["code"]) == (429, "too_often")
