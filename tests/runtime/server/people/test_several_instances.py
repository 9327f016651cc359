"""Somebody who is signed in, where the next request meets another instance."""

import asyncio
import base64
import json

from doorway import doorway


class Late:
    """Keys of a home that several have: what another made is here once it was looked for."""

    def __init__(self, keys):
        self._keys, self.looks = keys, 0

    def find(self, id):
        return self._keys.find(id) if self.looks else None

    def catch_up(self):
        self.looks += 1


def naming(token, id):
    """The same, as if another key had signed it."""
    header = json.dumps({"alg": "HS256", "typ": "at+jwt", "kid": id}, separators=(",", ":")).encode()
    _, said, proof = token.split(".")
    return f"{base64.urlsafe_b64encode(header).rstrip(b'=').decode()}.{said}.{proof}"


async def test_a_token_counts_whose_key_another_instance_made_just_now_and_made_up_ones_cost_nothing(
    tmp_path,
):
    async with doorway(tmp_path) as door:
        token = (await door.come())["token"]
        door.control.token_keys = keys = Late(door.control.token_keys)
        asked = [door.get("/agent/history", token) for _ in range(5)]
        assert [one.status_code for one in await asyncio.gather(*asked)] == [200] * 5
        made_up = [door.get("/agent/history", naming(token, f"{n:08x}")) for n in range(30)]
        assert {one.status_code for one in await asyncio.gather(*made_up)} == {401}
        assert keys.looks <= 2


async def test_the_same_refresh_at_an_instance_whose_clock_is_behind_gets_the_same_pair(tmp_path):
    async with doorway(tmp_path) as door:
        pair = await door.come()
        first = (await door.refresh(pair)).json()
        door.clock.now -= 2.5
        assert (await door.refresh(pair)).json()["refresh"] == first["refresh"]
        assert (await door.get("/agent/history", first["token"])).status_code == 200
