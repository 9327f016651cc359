"""Several publications at one address, or of one account: each thing is fetched and answered once."""

import asyncio
from contextlib import asynccontextmanager

from several_published import Book

from example_channel.simulator.pigeon import PigeonSimulation
from played_world import jumping
from runtime.channels import WebRequest
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication, Unobserved
from runtime.simulator.http import Server
from script import Script, says, services
from test_example_channel import AGENT, installed

__all__ = ["installed"]


@asynccontextmanager
async def world(folder, played, **lofts):
    """By publication, its loft; with another passphrase after a colon, if it is somebody else's."""
    loop = asyncio.get_running_loop()
    book = Book(
        {
            id: OnePublication("pigeon", {**played.settings, **settings(loft)}, AGENT.to_json(), id=id)
            for id, loft in lofts.items()
        }
    )
    async with Server(played.call) as server:
        hosts = {played.api_host_setting: server.url}
        gateway = Gateway(
            folder,
            book,
            services(Script([says("咕")])),
            Unobserved(),
            hosts,
            clock=loop.wall,
            outside=loop.outside,
        )

        async def knock(publication, **told):
            async def door(call):
                request = WebRequest(call.method, call.query, call.body, call.headers)
                response = await gateway.callback(publication, request)
                return response.status, response.body

            played.connect(door, None)
            return await played.knock({"waiting": True, **told})

        await gateway.start()
        await asyncio.sleep(1)
        try:
            yield knock
        finally:
            await gateway.stop()


def settings(loft):
    name, _, passphrase = loft.partition(":")
    return {"loft": name, **({"passphrase": passphrase} if passphrase else {})}


async def answered(played, text, knock, publication, **told):
    """Who asked is answered so often within a look at everything."""
    played.post.waiting.append({**played.letter(text, text), "at": played.clock()})
    before = len(played.post.sent)
    await knock(publication, **told)
    await asyncio.sleep(200)
    return [to for to, _ in played.post.sent[before:]].count(text)


@jumping
async def test_two_publications_of_one_account_answer_once_by_the_one_that_is_called(tmp_path):
    played = PigeonSimulation("carrier", asyncio.get_running_loop().wall)
    async with world(tmp_path, played, old="north", new="north") as knock:
        assert await answered(played, "一", knock, "old") == 1
        assert await answered(played, "二", knock, "old") == 1
    async with world(tmp_path, played, old="north", new="north") as knock:
        played.post.waiting.append({**played.letter("三", "三"), "at": played.clock()})
        await asyncio.sleep(200)
        assert [to for to, _ in played.post.sent].count("三") == 1


@jumping
async def test_a_signal_at_a_shared_address_reaches_the_account_that_it_names(tmp_path):
    played = PigeonSimulation("carrier", asyncio.get_running_loop().wall)
    others = {"north": "north", "south": "south", "west": "west:somebody-elses-feathers"}
    async with world(tmp_path, played, **others) as knock:
        before = played.post.asked.count("/letters")
        await knock("north", loft="south", ticket="T7")
        await asyncio.sleep(1)
        assert played.post.asked.count("/letters") == before + 1
        assert played.post.tickets[-1] == "T7"
        await knock("north", loft="east")
        await knock("north", loft="west", ticket="T8")
        await asyncio.sleep(1)
        assert played.post.asked.count("/letters") == before + 1
        assert "T8" not in played.post.tickets, "an account of somebody else on the same server"
