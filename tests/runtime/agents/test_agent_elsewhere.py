"""Files of other products are called by their name, and ours never are."""

import json
from pathlib import Path

import pytest

from runtime.agents.elsewhere import product_of
from runtime.agents.library import Library
from runtime.errors import BadAgent

STARTERS = sorted((Path(__file__).parents[3] / "templates" / "agents").glob("*.json"))


def graph(*nodes, **more):
    return json.dumps({"nodes": list(nodes), "edges": [], **more})


FILES = [
    ("Dify", "app:\n  mode: advanced-chat\n  name: a\nkind: app\nversion: 0.3.1\nworkflow:\n  graph: {}\n"),
    ("Dify", "app:\n  mode: chat\nmodel_config:\n  model: {}\n"),
    ("Dify", "kind: app\napp:\n  name: a\n"),
    ("Dify", json.dumps({"kind": "app", "app": {"mode": "workflow"}, "workflow": {}})),
    ("Coze", graph({"id": "100001", "type": "1", "blocks": [], "edges": None, "meta": {}}, versions={})),
    ("Coze", "PK\x03\x04\x14\x00"),
    (
        "FastGPT",
        json.dumps({"name": "a", "workflow": {"nodes": [{"nodeId": "x", "flowNodeType": "chatNode"}]}}),
    ),
    ("FastGPT", graph({"nodeId": "userGuide", "flowNodeType": "userGuide"}, chatConfig={})),
    ("n8n", graph({"name": "AI", "type": "@n8n/n8n-nodes-langchain.agent"}, connections={})),
    ("n8n", graph({"name": "Webhook", "type": "n8n-nodes-base.webhook"}, connections={})),
    ("Flowise", graph({"id": "startAgentflow_0", "type": "agentFlow", "data": {"inputParams": []}})),
    ("Flowise", graph({"id": "chatOpenAI_0", "type": "customNode", "data": {"inputParams": []}})),
    ("LangFlow", json.dumps({"data": {"nodes": [{"type": "genericNode", "data": {}}]}, "name": "Basic"})),
    ("BISHENG", json.dumps([{"flow_id": "a", "flow_type": 1, "data": {"nodes": [{"type": "genericNode"}]}}])),
    ("MaxKB", "\x80\x04\x95"),
    ("OpenAPI", json.dumps({"openapi": "3.0.1", "info": {}, "paths": {}})),
    ("OpenAPI", "openapi: 3.0.0\ninfo:\n  title: a\npaths:\n  /a: {}\n"),
    ("MCP", json.dumps({"mcpServers": {"a": {"command": "npx"}}})),
    ("SKILL.md", "---\nname: pdf\ndescription: reads\n---\n# PDF\n"),
    ("Dify", "\ufeffapp:\n  name: a\nkind: app\n"),
]


@pytest.mark.parametrize(("name", "text"), FILES)
def test_a_file_of_another_product_is_called_by_its_name(tmp_path, name, text):
    with pytest.raises(BadAgent) as caught:
        Library(tmp_path / "agents", tmp_path).import_(text)
    assert name in caught.value.text.zh
    assert name in caught.value.text.en


OURS = [
    '{"format": 1, "id": "a"}',
    '{"flow": []}',
    "",
    "not json",
    "[]",
    "[1]",
    "null",
    "name: a",
    '{"nodes": 3}',
]


@pytest.mark.parametrize("text", [*OURS, *(file.read_text("utf-8") for file in STARTERS)])
def test_one_of_ours_or_of_nobodys_is_none(text):
    assert product_of(text) == ""
