"""Mail servers that say what no mail server should: it is told as a failure, and nothing else comes of it."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from runtime.errors import SendFailed
from runtime.network.egress import Egress
from runtime.network.transports import Server
from runtime.network.transports.letters import imap
from runtime.network.transports.letters.api import LettersApi

SELECTED = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 2] x\r\n"
DATE = b'INTERNALDATE "01-Jan-2026 00:00:00 +0000"'
WELL = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
    b"SELECT": SELECTED,
    b"UID SEARCH": b"* SEARCH 1\r\n",
    b"UID FETCH": b"* 1 FETCH (UID 1 RFC822.SIZE 10 " + DATE + b")\r\n",
}
LOOK = {
    "account": {"user": "u", "password": "p", "folder": "INBOX"},
    "cursor": "1:0",
    "hold": 0,
    "mark": True,
}
ODD = {
    "counts nothing": {b"SELECT": b"* 1 EXISTS\r\n"},
    "counts in words": {b"SELECT": b"* OK [UIDVALIDITY x] x\r\n"},
    "counts without end": {b"SELECT": b"* OK [UIDVALIDITY " + b"9" * 5000 + b"] x\r\n"},
    "finds words": {b"UID SEARCH": b"* SEARCH a b c\r\n"},
    "finds what is no text": {b"UID SEARCH": b"* SEARCH \xff\xfe\r\n"},
    "deep": {b"UID FETCH": b"* 1 FETCH (UID 1 X " + b"(" * 5000 + b")" * 5000 + b")\r\n"},
    "cut off": {b"UID FETCH": b"* 1 FETCH (UID\r\n"},
    "a size that is a list": {b"UID FETCH": b"* 1 FETCH (UID 1 RFC822.SIZE (a b))\r\n"},
    "a size of nothing": {b"UID FETCH": b"* 1 FETCH (UID 1 RFC822.SIZE NIL)\r\n"},
    "a literal below zero": {b"UID FETCH": b"* 1 FETCH (UID 1 BODY[] {-5}\r\n"},
}
GONE = {
    "a literal of 100 GB": {b"UID FETCH": b"* 1 FETCH (UID 1 BODY[] {99999999999}\r\n"},
    "what nobody asked for": {b"UID FETCH": b"* 1 FETCH (FLAGS (\\Seen))\r\n" * 10_000},
    "no protocol": {b"UID SEARCH": b"\xff\xff\xff\r\n"},
}


@asynccontextmanager
async def api(said):
    async def serve(reader, writer):
        writer.write(b"* OK here\r\n")
        while line := await reader.readline():
            tag, command, *more = line.split()
            name = command.upper() + (b" " + more[0].upper() if command.upper() == b"UID" else b"")
            writer.write({**WELL, **said}.get(name, b"") + tag + b" OK done\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        egress = Egress([f"email=127.0.0.1:{port}"])
        made = LettersApi(Server(f"imap://127.0.0.1:{port}", "email"), egress)
        try:
            yield made
        finally:
            await made.close()
            await egress.close()


@pytest.mark.parametrize("said", ODD.values(), ids=ODD.keys())
async def test_what_is_no_answer_is_a_failure_of_the_servers(said):
    async with api(said) as letters:
        found = await letters.call("/look", LOOK, 0.0)
    assert found["error"] == "imap"
    assert found["says"]


@pytest.mark.parametrize("said", GONE.values(), ids=GONE.keys())
async def test_who_says_more_than_can_be_read_is_hung_up_on(said, monkeypatch):
    monkeypatch.setattr(imap, "MOST_ANSWERED", 100_000)  # of 26 MB
    async with api(said) as letters:
        with pytest.raises(SendFailed) as failed:
            await letters.call("/look", LOOK, 0.0)
    assert failed.value.code == "unreachable"
