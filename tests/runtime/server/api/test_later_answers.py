"""POST /back/{token}: what a tool asked for is answered later."""

import asyncio

import pytest

import visitors
from runtime.server.api import later_answers

ANSWERS = [
    ("application/json", b'{"state": "done", "n": 1e999}', {"state": "done", "n": None}),
    ("text/plain", "打好了\0".encode(), "打好了"),
    ("", b'"\\ud83d"', "\ufffd"),
    ("application/json", b"{" * 100_000, None),
    ("application/json", b'{"a":' * 40 + b"1" + b"}" * 40, '{"a":' * 40 + "1" + "}" * 40),
]


@pytest.mark.parametrize(("kind", "body", "taken"), ANSWERS, ids=["json", "text", "half", "large", "deep"])
async def test_an_answer_counts_once_is_bounded_and_is_only_data(tmp_path, kind, body, taken):
    house = visitors.build(tmp_path)
    house.gateway.awaited = "t" * 32
    async with house.visitor() as caller:
        headers = {"content-type": kind} if kind else {}
        assert (await caller.post("/back/other", content=body[:60_000])).status_code == 404
        response = await caller.post(f"/back/{'t' * 32}", content=body, headers=headers)
        if taken is None:
            assert response.status_code == 413
            assert house.gateway.asked == []
            return
        assert (response.status_code, response.json()) == (200, {"ok": True})
        assert house.gateway.asked == [{"body": taken}]
        assert (await caller.post(f"/back/{'t' * 32}", content=body)).status_code == 409
        assert (await caller.get(f"/back/{'t' * 32}")).status_code == 405


async def test_who_answers_before_the_turn_waits_is_asked_to_stay(tmp_path):
    house = visitors.build(tmp_path)
    url = house.gateway.later.address("early")
    async with house.visitor() as caller:
        answering = asyncio.create_task(caller.post(url.removeprefix("https://us.example"), content=b"1"))
        await house.gateway.missed.wait()
        house.gateway.awaited = "early"
        assert (await answering).status_code == 200
        assert house.gateway.asked == [{"body": 1}]
        assert not house.gateway.later.expects("early")


async def test_who_answers_what_a_dead_process_asked_is_asked_to_stay_or_to_come_again(tmp_path, monkeypatch):
    monkeypatch.setattr(later_answers, "TRIES", 2)
    house = visitors.build(tmp_path)
    house.gateway.given = "early"
    async with house.visitor() as caller:
        refused = await caller.post("/back/early", content=b"1")
        assert (refused.status_code, int(refused.headers["retry-after"]) > 0) == (503, True)
        house.gateway.missed.clear()
        answering = asyncio.create_task(caller.post("/back/early", content=b"2"))
        await house.gateway.missed.wait()
        house.gateway.awaited = "early"
        assert (await answering).status_code == 200
        assert house.gateway.asked == [{"body": 2}]
