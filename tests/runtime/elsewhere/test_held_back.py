"""Nothing that was imported runs, connects or carries a secret before its owner allowed it."""

import json
from itertools import pairwise

import pytest
from dify_files import START, answer, app, node

from runtime.agents.agent import Agent
from runtime.agents.powers import from_elsewhere, may, to_allow
from runtime.elsewhere import imported

KEY = "sk-abcdefghijklmnopqrstuvwxyz0123456789"
INSIDE = "http://169.254.169.254/latest"


def flow(*nodes, **more):
    edges = [("start", nodes[0]["id"]), (nodes[-1]["id"], "end")] if nodes else []
    edges += [(a["id"], b["id"]) for a, b in pairwise(nodes)]
    return app(nodes=[START, *nodes, answer("end", "ok")], edges=edges, **more)


HTTP = node("call", "http-request", method="post", url="https://api.example.com/x",
            headers=f"X-Api-Key:{KEY}", body={"type": "json", "data": "{}"},
            authorization={"type": "no-auth"})  # fmt: skip
LOCAL = node("call", "http-request", method="get", url=INSIDE, authorization={"type": "no-auth"})
FOUND = node("look", "knowledge-retrieval", query_variable_selector=["sys", "query"], dataset_ids=["1"])
ENV = {"environment_variables": [{"name": "token", "value": KEY, "value_type": "secret"}]}
MCP = node("agent", "agent", agent_parameters={
    "mcp_servers_config": {"value": json.dumps({"evil": {"url": INSIDE, "headers": {"Authorization": KEY}}})},
    "instruction": {"value": "help"}, "query": {"value": "{{#sys.query#}}"},
})  # fmt: skip
AI, BASE = "@n8n/n8n-nodes-langchain.", "n8n-nodes-base."


def n8n(*nodes, connections=None):
    made = [{"parameters": {}, **one} for one in nodes]
    return json.dumps({"name": "x", "nodes": made, "connections": connections or {}}).encode()


def to(one, socket="main"):
    return {socket: [[{"node": one, "type": socket, "index": 0}]]}


TIMES = n8n(
    {"name": "Each day", "type": f"{BASE}scheduleTrigger"},
    {"name": "Ask", "type": f"{BASE}httpRequest", "parameters": {"url": INSIDE, "sendHeaders": True,
     "headerParameters": {"parameters": [{"name": "Authorization", "value": f"Bearer {KEY}"}]}}},
    connections={"Each day": to("Ask")},
)  # fmt: skip
HOOK = n8n(
    {"name": "Hook", "type": f"{BASE}webhook", "webhookId": "1", "parameters": {"path": "x"}},
    {"name": "Mail", "type": f"{BASE}telegram", "parameters": {"text": "hi", "chatId": "1"},
     "credentials": {"telegramApi": {"id": "1", "name": KEY}}},
    connections={"Hook": to("Mail")},
)  # fmt: skip
TOOLS = n8n(
    {"name": "Chat", "type": f"{AI}chatTrigger"},
    {"name": "Agent", "type": f"{AI}agent"},
    {"name": "MCP", "type": f"{AI}mcpClientTool", "parameters": {"sseEndpoint": INSIDE}},
    {
        "name": "HTTP",
        "type": f"{AI}toolHttpRequest",
        "parameters": {"url": f"{INSIDE}?key={KEY}", "method": "POST"},
    },
    connections={"Chat": to("Agent"), "MCP": to("Agent", "ai_tool"), "HTTP": to("Agent", "ai_tool")},
)
API = json.dumps({
    "openapi": "3.0.0", "info": {"title": "Pets"}, "servers": [{"url": INSIDE}],
    "paths": {"/pets": {"post": {"operationId": "addPet", "responses": {}}}},
}).encode()  # fmt: skip
WALKED = {
    "HTTP node with a key": flow(HTTP),
    "HTTP node to an inside address": flow(LOCAL),
    "knowledge": flow(FOUND),
    "environment": flow(HTTP, workflow=ENV),
    "MCP server of an agent": flow(MCP),
    "schedule": TIMES,
    "webhook and credentials": HOOK,
    "tools of an agent": TOOLS,
    "OpenAPI": API,
}


@pytest.mark.parametrize("name", WALKED)
def test_nothing_is_allowed_of_itself_and_no_key_comes_along(name):
    found = imported(WALKED[name], f"{name}.json")
    held = from_elsewhere(found.agent)
    assert KEY not in json.dumps([found.agent.to_json(), found.to_json()])
    assert [one.key for one in may(held) if one.allowed and one.asked] == []
    assert Agent.load(held.to_json()).to_json() == held.to_json()
    # What begins by itself or connects is no part of a flow that came.
    assert list(held.starts) == []
    assert "mcp" not in {tool.type for _, block in held.walk() for tool in getattr(block, "tools", ())}
    wants = {key.split(":")[0] for key, _ in to_allow(held)}
    if any(block.type == "knowledge" for _, block in held.walk()):
        assert "base" in wants
    if "secret." in json.dumps(held.to_json()):
        assert "secret" in wants


def test_it_would_be_seen_if_one_were_allowed():
    found = imported(WALKED["knowledge"], "x.yml").agent
    assert [one.key for one in may(found) if one.allowed and one.asked] != []
