"""Which lines to a server of the owner's come about, and what is said where one does not."""

import asyncio
import ssl
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from aiohttp.abc import AbstractResolver

from doctor_faults.certificates import Issuer
from runtime.network.egress import Egress
from runtime.network.transports import Server, Unopened
from runtime.network.transports.opening import open_line

HOST = "broker.example"
ROOT, STRANGER = Issuer("Our Own Root"), Issuer("Somebody Else's")
PEM = ROOT.pem.decode()
PERSON = Issuer("agent", ROOT, ca=False)


class Here(AbstractResolver):
    """Every name is this machine."""

    async def resolve(self, host, port=0, family=0):
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    async def close(self):
        pass


@dataclass
class Place:
    port: int = 0
    peers: list = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, scheme="mqtts", host=HOST):
        return f"{scheme}://{host}:{self.port}"


def context(folder, who, signed_by=None):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    pair = folder / "pair.pem"
    pair.write_bytes(who.pem + who.key_pem)
    made.load_cert_chain(pair)
    if signed_by:
        made.verify_mode = ssl.CERT_REQUIRED
        made.load_verify_locations(cadata=signed_by.pem.decode())
    return made


@asynccontextmanager
async def listening(made=None):
    place = Place()

    async def serve(reader, writer):
        if made:
            place.peers.append(writer.get_extra_info("peercert"))
        place.came.set()
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=made)
    place.port = server.sockets[0].getsockname()[1]
    try:
        yield place
    finally:
        server.close()


@asynccontextmanager
async def egress(place, *, allowed=True):
    made = Egress([f"mqtt={HOST}:{place.port}"] if allowed else [], resolver=Here())
    yield made
    await made.close()


async def refused(server, place, **more):
    async with egress(place, **more) as out:
        with pytest.raises(Unopened) as why:
            await open_line(server, out)
    assert why.value.text.zh
    return why.value


async def test_a_server_whose_certificate_our_ca_signed_is_spoken_to(tmp_path):
    leaf = Issuer(HOST, ROOT, ca=False, names=(HOST,))
    async with listening(context(tmp_path, leaf)) as place, egress(place) as out:
        line = await open_line(Server(place.url(), "mqtt", PEM), out)
        async with line:
            await line.send('{"is": "ping"}')


@pytest.mark.parametrize(
    ("who", "trusts", "says"),
    [
        (Issuer(HOST, ROOT, ca=False, names=(HOST,)), "", "unable to get local issuer"),
        (Issuer(HOST, STRANGER, ca=False, names=(HOST,)), PEM, "unable to get local issuer"),
        (Issuer("else", ROOT, ca=False, names=("else.example",)), PEM, "Hostname mismatch"),
    ],
    ids=["of nobody known", "of somebody else", "for another host"],
)
async def test_a_certificate_that_is_not_to_be_trusted_ends_it(tmp_path, who, trusts, says):
    async with listening(context(tmp_path, who)) as place:
        why = await refused(Server(place.url(), "mqtt", trusts), place)
    assert (why.code, says in why.text.en) == ("certificate", True), why.text.en


async def test_a_certificate_of_ours_is_shown_where_the_server_wants_one(tmp_path):
    leaf = Issuer(HOST, ROOT, ca=False, names=(HOST,))
    async with listening(context(tmp_path, leaf, signed_by=ROOT)) as place, egress(place) as out:
        ours = Server(place.url(), "mqtt", PEM, PERSON.pem.decode(), PERSON.key_pem.decode())
        async with await open_line(ours, out) as line:
            await line.send('{"is": "ping"}')
            await asyncio.wait_for(place.came.wait(), 10)
    assert place.peers[0]["subject"][0][0] == ("commonName", "agent")


@pytest.mark.parametrize("bad", [{"authority": "x"}, {"certificate": "x"}, {"certificate": PEM, "key": "x"}])
async def test_what_is_no_certificate_is_named(bad):
    why = await refused(replace(Server("mqtts://broker.example:1", "mqtt"), **bad), Place(1))
    assert why.code == "certificate"


async def test_what_is_not_permitted_is_not_reached(tmp_path):
    async with listening() as place:
        assert (await refused(Server(place.url(), "mqtt"), place, allowed=False)).code == "blocked"
        assert (await refused(Server(place.url("mqtt"), "email"), place)).code == "blocked"


async def test_a_server_that_is_not_there_or_has_no_tls_is_named(tmp_path):
    async with listening() as place:
        why = await refused(Server(place.url(), "mqtt"), place)
        assert why.code in ("tls", "slow")
    assert (await refused(Server(place.url(), "mqtt"), place)).code == "not_reached"


async def test_an_address_that_begins_like_none_is_named():
    assert (await refused(Server("gopher://broker.example:70", "mqtt"), Place(70))).code == "scheme"
