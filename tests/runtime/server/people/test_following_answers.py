"""The answer to a message that was sent is followed as an EventSource reads it, over any number of cuts."""

import asyncio
import json
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from starlette.requests import Request

from doorway import doorway
from runtime.errors import TurnFailed
from runtime.lang import NOTHING
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.events_api import AT_ONCE, LATER, OVER, RETRY, EventsApi, Telling
from runtime.server.api.shown import Lane
from runtime.server.api.streams import taken
from runtime.server.logs import redacted
from runtime.turn.events import Failed, Replied, Stored, TextDelta, TextReset
from script import DOWN, says

EVENTS = [
    Stored(),
    TextDelta("a", "先写👋"),
    TextDelta("a", "一半"),
    TextDelta("other", "不是回答"),
    TextReset("a"),
    TextDelta("a", "先写"),
    TextDelta("a", "别的，后一半"),
    Replied("先写别的，后一半", 0),
]


class Told:
    """What an EventSource makes of lines."""

    def __init__(self):
        self.place, self.text, self.kinds = "", "", []

    def read(self, lines):
        for block in b"".join(lines).decode().split("\n\n"):
            field = dict(line.split(": ", 1) for line in block.split("\n") if line and line[0] != ":")
            if "data" in field:
                self.take(field["event"], field.get("id"), json.loads(field["data"]))
        return self

    def take(self, kind, place, data):
        assert kind == data["type"]
        self.place = self.place if place is None else place
        self.kinds.append(kind)
        if kind in ("written", "rewritten"):
            self.text = data["text"] if kind == "rewritten" else self.text + data["text"]


def telling(after=""):
    return Telling("m1", Lane("page", "ann", {"a"}), after, "zh")


@pytest.mark.parametrize("cut", range(len(EVENTS)))
@pytest.mark.parametrize("away", range(4))
def test_what_is_told_after_a_cut_is_what_follows_or_all_of_it(cut, away):
    told, first = Told(), telling()
    for event in EVENTS[:cut]:
        told.read(first.take(event))
    again = telling(told.place)
    since, text = EVENTS[: cut + away], ""
    for event in since:
        if isinstance(event, TextDelta) and event.block == "a":
            text += event.text
        text = "" if isinstance(event, TextReset) else text
    told.kinds.clear()
    told.read(again.take(Stored()))
    told.read(again.take(TextDelta("a", text)) if text else [])
    if text:
        assert told.text == text
    if cut > 1 and not any(isinstance(one, TextReset) for one in since):
        assert "rewritten" not in told.kinds, "what was told is told once"
    for event in EVENTS[cut + away :]:
        told.read(again.take(event))
    if cut + away < len(EVENTS):
        assert (told.text, told.place, told.kinds[-1]) == ("先写别的，后一半", OVER, "answered")


class Written:
    """A model that writes what it is given; "" takes back what it wrote, None is the end."""

    def __init__(self):
        self.pieces, self.text = asyncio.Queue(), ""

    async def complete(self, request, on_text=None, on_reset=None):
        while (piece := await self.pieces.get()) is not None:
            if piece:
                self.text += piece
                on_text(piece)
            else:
                self.text = ""
                on_reset()
            self.pieces.task_done()
        return says(self.text)


@pytest.fixture
async def door(tmp_path):
    async with doorway(tmp_path, models=Written()) as door:
        yield door
        door.models.pieces.put_nowait(None)


@asynccontextmanager
async def followed(door, address, told, **headers):
    """Read on with `until`, a kind of frame."""
    async with door.http.stream("GET", address, headers=headers) as response:
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"].startswith("text/event-stream")
        assert (response.headers["cache-control"], response.headers["referrer-policy"]) == (
            "no-store",
            "no-referrer",
        )
        blocks = aiter(response.aiter_bytes())

        async def until(kind):
            while kind not in told.kinds:
                told.read([await asyncio.wait_for(anext(blocks), 5)])
            told.kinds.clear()

        yield until


async def sent(door, token):
    said = await door.post("/agent/chat", {"input": "在吗", "background": True}, token)
    assert said.status_code == 202
    return said.json()["events"]


@pytest.mark.parametrize(("away", "first"), [(["，后一半"], "written"), (["", "重写"], "rewritten")])
async def test_a_line_is_cut_and_taken_up_without_loss_or_repeat(door, away, first):
    token, told, write = (await door.come())["token"], Told(), door.models.pieces.put_nowait
    address = f"{await sent(door, token)}?access_token={token}"
    async with followed(door, address, told) as until:
        write("先写")
        await until("rewritten")
        write("一半")
        await until("written")
    place = told.place
    for piece in away:
        write(piece)
    await door.models.pieces.join()
    async with followed(door, address, told, **{"last-event-id": place}) as until:
        await until(first)
        write("。")
        await until("written")
        write(None)
        await until("answered")
    assert told.text == door.models.text
    assert told.place == OVER
    over = await door.get(address, **{"last-event-id": OVER})
    assert over.status_code == 204
    anew = await door.get(f"{address}&last_event_id={place}")
    assert Told().read([anew.content]).kinds == ["answered"]


async def test_whoever_signs_out_is_told_no_more(door):
    pair, told, write = await door.come(), Told(), door.models.pieces.put_nowait
    address = f"{await sent(door, pair['token'])}?access_token={pair['token']}"
    async with followed(door, address, told) as until:
        write("先写")
        await until("rewritten")
        await door.post("/agent/session/end", {"refresh": pair["refresh"]})

        async def goes_on():
            for _ in range(500):  # what comes within the moment between two looks is told
                write("后")
                await until("written")

        with pytest.raises(StopAsyncIteration):
            await goes_on()
    assert (await door.get(address)).json()["error"]["code"] == "session_over"


class Ann:
    """Implements EventsApi's Reads and Answers: somebody with one message, which is not over."""

    def reads(self, request):
        return True

    async def lane(self, request):
        return Lane("page", "ann", {"a"})

    async def find(self, publication, sender, key):
        return SimpleNamespace(is_over=False, message=None)


class Waiting:
    """Implements Streams: nothing more happens."""

    async def stream(self, publication, message):
        yield Stored()
        await asyncio.Event().wait()


async def test_however_many_come_at_one_moment_only_so_many_follow():
    api = EventsApi(Waiting(), None, None, Browsers([]), Ann(), Ann())
    scope = {"type": "http", "headers": [], "query_string": b"", "path_params": {"id": "m1"}}
    responses = [await api.follow(Request(scope)) for _ in range(AT_ONCE + 1)]
    bodies = [aiter(one.body_iterator) for one in responses]
    assert [await anext(one) for one in bodies] == [RETRY] * AT_ONCE + [LATER]
    assert await anext(bodies[-1], b"") == b""
    assert (await api.follow(Request(scope))).status_code == 429
    for one in bodies:
        await one.aclose()
    assert (await api.follow(Request(scope))).status_code == 200


async def test_whoever_may_not_is_refused_before_anything_is_told(door):
    mine, other = [(await door.come())["token"] for _ in "ab"]
    address = await sent(door, mine)
    door.models.pieces.put_nowait(None)
    refused = [
        (address, {}, "no_key"),
        (f"{address}?access_token=hy-{'x' * 43}", {}, "no_key"),
        (f"{address}?access_token={mine}x", {}, "bad_token"),
        (f"{address}?access_token={other}", {}, "notfound"),
        (f"{address}?access_token={mine}", {"origin": "https://evil.example"}, "origin"),
        (f"/agent/messages/no/events?access_token={mine}", {}, "notfound"),
    ]
    for asked, headers, code in refused:
        answer = await door.get(asked, **headers)
        assert (answer.status_code >= 400, answer.json()["error"]["code"]) == (True, code), asked
    assert mine not in redacted(f"GET {address}?access_token={mine} 200")


@pytest.mark.parametrize("quiet", [0, 2])
async def test_what_could_not_be_stored_is_not_said_to_be(quiet):
    async def events(last):
        for _ in range(quiet):  # the disk is slow
            yield None
        yield last

    await taken(events(Stored()))
    with pytest.raises(TurnFailed):
        await taken(events(Failed("shed", NOTHING)))


async def test_one_that_failed_is_told_so_and_ends(tmp_path):
    async with doorway(tmp_path, DOWN) as door:
        token = (await door.come())["token"]
        answer = await door.get(f"{await sent(door, token)}?access_token={token}")
        told = Told().read([answer.content])
    assert (told.kinds[-1], told.place) == ("failed", OVER)
