"""POST /mcp: a published agent is a tool of other programs. The judge is the protocol's official client."""

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

import visitors
from runtime.lang import Text
from runtime.publish import unpublish
from runtime.turn.events import Failed

CALL = {"name": "shop", "arguments": {"message": "在吗"}}


@pytest.fixture
def house(tmp_path):
    return visitors.build(tmp_path)


def asked(method, params=None, id=1):
    return {"jsonrpc": "2.0", "id": id, "method": method, "params": params or {}}


async def test_the_official_client_finds_one_tool_and_gets_its_answer_and_goes_on_with_it(house):
    headers = {"authorization": f"Bearer {house.key()}"}
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(house.app), headers=headers)
    async with http, Client(streamable_http_client("http://localhost/mcp", http_client=http)) as client:
        [tool] = (await client.list_tools()).tools
        assert (tool.name, tool.title, tool.input_schema["required"]) == ("shop", "店", ["message"])
        first = await client.call_tool("shop", {"message": "在吗"})
        assert first.content[0].text == "你好"
        assert not first.is_error
        again = {"message": "还在吗", "conversation": first.structured_content["conversation"]}
        await client.call_tool("shop", again)
        (_, one), (_, two) = house.gateway.asked
        assert (one.text, two.text) == ("在吗", "还在吗")
        assert one.sender == two.sender
        house.gateway.events = (Failed("connection", Text("连不上 10.0.0.5", "no way to 10.0.0.5")),)
        failed = await client.call_tool("shop", {"message": "x"})
        assert failed.is_error
        assert "connection" in failed.content[0].text
        assert "10.0.0.5" not in failed.content[0].text


async def test_who_sends_the_same_key_again_sends_the_same_message(house):
    async with house.visitor(authorization=f"Bearer {house.key()}") as client:
        repeated = {**CALL, "_meta": {"idempotencyKey": "order-7"}}
        for headers, params in (
            ({}, repeated), ({}, repeated), ({"idempotency-key": "order-7"}, CALL), ({}, CALL), ({}, CALL),
        ):  # fmt: skip
            await client.post("/mcp", json=asked("tools/call", params), headers=headers)
        first, second, third, *others = [message.id for _, message in house.gateway.asked]
        assert first == second == third
        assert len({first, *others}) == 3


SIGN = {"arguments": {"message": "x" * 20_001}}
WRONG = [
    ("no object", [], 400, -32000),
    ("another protocol", {"id": 1, "method": "ping"}, 400, -32600),
    ("an id that is none", {**asked("ping"), "id": {"a": 1}}, 400, -32600),
    ("a notification", {"jsonrpc": "2.0", "method": "notifications/initialized"}, 202, None),
    ("an answer", {"jsonrpc": "2.0", "id": 4, "result": {}}, 202, None),
    ("an unknown method", asked("resources/list"), 200, -32601),
    ("another tool", asked("tools/call", {"name": "rm", "arguments": {}}), 200, -32602),
    ("no arguments", asked("tools/call", {"name": "shop"}), 200, -32602),
    ("odd arguments", asked("tools/call", {"name": "shop", "arguments": [1]}), 200, -32602),
    ("too long", asked("tools/call", {"name": "shop", **SIGN}), 200, -32602),
    ("more than is asked", asked("tools/call", {"name": "shop", "arguments": {"message": "x", "sudo": 1}}),
     200, -32602),
    ("a bad repeat", asked("tools/call", {**CALL, "_meta": {"idempotencyKey": "a b"}}), 400, -32000),
    ("odd meta", asked("tools/call", {**CALL, "_meta": 7}), 200, None),
]  # fmt: skip


async def test_what_is_no_call_is_told_by_its_code_and_runs_nothing(house):
    async with house.visitor(authorization=f"Bearer {house.key(per_minute=2)}") as client:
        for name, body, status, code in WRONG:
            response = await client.post("/mcp", json=body)
            assert response.status_code == status, name
            error = response.json().get("error") if response.content else None
            assert (error and error["code"]) == code, name
        assert len(house.gateway.asked) == 1  # the last one
        assert (await client.post("/mcp", json=asked("tools/call", CALL))).status_code == 429
        assert (await client.post("/mcp", json=asked("tools/list"))).status_code == 200
        assert (await client.get("/mcp")).status_code == 405
        modern = await client.post(
            "/mcp", json=asked("server/discover"), headers={"mcp-protocol-version": "2026-07-28"}
        )
        assert "2025-11-25" in modern.json()["error"]["data"]["supported"]


async def test_without_a_key_or_a_publication_there_is_nothing(house):
    async with house.visitor() as stranger:
        refused = await stranger.post("/mcp", json=asked("tools/list"))
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    async with house.visitor(authorization=f"Bearer {house.key()}") as client:
        for origin in ("https://evil.example", "null", "http://testserver"):  # also of a name that means us
            page = await client.post("/mcp", json=asked("tools/list"), headers={"origin": origin})
            assert (page.status_code, "HONGYAN_API_ORIGINS" in page.text) == (403, True)
        for publication in house.control.publications():
            unpublish(house.control, publication.id)
        assert (await client.post("/mcp", json=asked("tools/list"))).status_code == 404
    assert house.gateway.asked == []
