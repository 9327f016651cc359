"""A stream read a byte at a time, as a client without EventSource does; and the example of the page."""

import asyncio
import codecs
import json
import os
import re
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from doorway import doorway
from runtime.server.api import streams
from script import says

TEXT = "茶🍵与\u2028café\n\n第二段"
PAGES = Path(__file__).parents[4] / "docs"


async def lines(door, token, size):
    """Events of a stream, decoded as pieces of that size come, at whatever border."""
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    body = json.dumps({"input": "在吗", "stream": True}).encode()
    head = (
        "POST /agent/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nAccept-Encoding: gzip\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    writer.write(head.encode() + body)
    came = b""
    while piece := await reader.read(4096):
        came += piece
    writer.close()
    headers, _, chunked = came.partition(b"\r\n\r\n")
    decoder, text, buffered = codecs.getincrementaldecoder("utf-8")(), "", unchunked(chunked)
    for at in range(0, len(buffered), size):
        text += decoder.decode(buffered[at : at + size])
    return headers.decode().lower(), text


def unchunked(raw):
    found = b""
    while raw:
        size, _, raw = raw.partition(b"\r\n")
        found, raw = found + raw[: int(size, 16)], raw[int(size, 16) + 2 :]
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
async def test_a_stream_is_read_at_any_border(tmp_path, size):
    async with doorway(tmp_path, says(TEXT)) as door:
        headers, text = await lines(door, (await door.come())["token"], size)
    assert "content-encoding" not in headers
    assert "x-accel-buffering: no" in headers
    events = [part.split("\n") for part in text.split("\n\n") if part]
    told = [
        (event.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for event, data in events
    ]
    assert "".join(data["text"] for event, data in told if event == "text_delta") == TEXT
    assert told[-1] == ("done", {"reply": TEXT})


async def test_a_stream_in_which_nothing_happens_says_that_it_is_there(tmp_path, monkeypatch):
    assert streams.PING <= 15
    gate = asyncio.Event()
    monkeypatch.setattr(streams.with_pings, "__defaults__", (0.02,))
    async with doorway(tmp_path, gate=gate) as door:
        asyncio.get_running_loop().call_later(0.2, gate.set)
        _, text = await lines(door, (await door.come())["token"], 1)
    assert ": still here" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_page_s_example_works(tmp_path, lang):
    page = (PAGES / lang / "sessions.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    async with doorway(tmp_path, says("在呢")) as door:
        known = {"HONGYAN_ADDRESS": f"http://127.0.0.1:{door.port}", "HONGYAN_PUBLICATION": "page"}
        env = {"PATH": os.environ["PATH"], **known, "NO_PROXY": "*", "PYTHONUTF8": "1"}
        run = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, env=env, stdout=PIPE, stderr=PIPE
        )
        out, error = await asyncio.wait_for(run.communicate(), 30)
    assert (out.decode().strip(), run.returncode) == ("在呢", 0), error.decode()
