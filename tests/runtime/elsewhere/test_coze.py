"""A canvas of Coze's, and a workflow that it exports packed, take the same way here."""

import io
import json
import zipfile

import pytest
import yaml

from runtime.elsewhere import imported
from runtime.turn.events import Replied
from script import Script, play, says, wrote


def ref(node, name, type="string"):
    content = {"source": "block-output", "blockID": node, "name": name}
    return {"type": type, "value": {"type": "ref", "content": content}}


def given(value, type="string"):
    return {"type": type, "value": {"type": "literal", "content": value}}


def node(id, type, title, inputs=None, outputs=(), blocks=None, edges=None, **own):
    named = [{"name": name, "input": one} for name, one in own.items()]
    data = {"nodeMeta": {"title": title}, "inputs": {"inputParameters": named, **(inputs or {})}}
    data["outputs"] = [{"name": name, "type": "string"} for name in outputs]
    inner = {"blocks": blocks, "edges": ways(edges)} if blocks else {}
    return {"id": id, "type": type, "data": data, **inner}


def ways(edges):
    names = ("sourceNodeID", "targetNodeID", "sourcePortID")
    return [dict(zip(names, edge, strict=False)) for edge in edges]


def canvas(nodes, edges):
    return json.dumps({"nodes": nodes, "edges": ways(edges)}).encode()


def params(**settings):
    return [{"name": name, "input": given(value)} for name, value in settings.items()]


START = node("1", "1", "Start", outputs=["input"])
COMPARED = {"left": {"input": ref("1", "input")}, "operator": 7, "right": {"input": given("refund")}}
BRANCHES = {"branches": [{"condition": {"logic": 2, "conditions": [COMPARED]}}]}
DESK = canvas(
    [
        START,
        node("2", "8", "Refund?", BRANCHES),
        node(
            "3",
            "3",
            "Pay",
            {"llmParam": params(prompt="{{q}}", systemPrompt="Pay {{q}} back")},
            ["output"],
            q=ref("1", "input"),
        ),
        node("4", "13", "Say", {"content": given("no: {{q}}")}, q=ref("1", "input")),
        node("5", "2", "End", {"content": given("{{said}}!")}, said=ref("3", "output")),
    ],
    [("1", "2"), ("2", "3", "true"), ("2", "4", "false"), ("3", "5")],
)


@pytest.mark.parametrize(("text", "answer"), [("a refund", "paid!"), ("hi", "no: hi")])
async def test_a_canvas_takes_the_same_way(text, answer):
    found = imported(DESK, "desk.json")
    script = Script([says("paid")])
    events = await play(found.agent, wrote(text), script)
    assert isinstance(events[-1], Replied)
    assert events[-1].text == answer
    assert found.report.counted("lost") == 0
    if script.requests:
        assert script.requests[0].messages[0]["content"] == "Pay a refund back"


async def test_a_loop_of_the_canvas_collects_what_each_round_gave():
    code = "async def main(args: Args) -> Output:\n    o: Output={'o': args.params['x'] + '!'}\n    return o"
    loop = node(
        "2",
        "21",
        "Each",
        {"loopType": "array"},
        blocks=[node("3", "5", "Loud", {"code": code, "language": 3}, ["o"], x=ref("2", "list"))],
        edges=[("2", "3", "loop-function-inline-output"), ("3", "2")],
        list=given(["a", "b"], "list"),
    )
    loop["data"]["outputs"] = [{"name": "all", "input": ref("3", "o")}]
    end = node("4", "2", "End", all=ref("2", "all"))
    found = imported(canvas([START, loop, end], [("1", "2"), ("2", "4", "loop-output")]), "loop.json")
    events = await play(found.agent, wrote("x"))
    assert json.loads(events[-1].text) == ["a!", "b!"]


def test_a_packed_workflow_is_read_and_a_foreign_flow_is_told():
    flow = {
        "schema_version": "1.0.0",
        "name": "desk",
        "nodes": [
            {
                "id": "1",
                "type": "start",
                "title": "S",
                "parameters": {"node_outputs": {"query": {"type": "string"}}},
            },
            {
                "id": "2",
                "type": "llm",
                "title": "Think",
                "parameters": {
                    "llmParam": [{"name": "prompt", "input": {"type": "string", "value": "{{input}}"}}],
                    "node_inputs": [
                        {"name": "input", "input": {"value": {"path": "query", "ref_node": "1"}}}
                    ],
                    "node_outputs": {"output": {"type": "string"}},
                },
            },
            {"id": "3", "type": "sub_workflow", "title": "Other", "parameters": {}},
            {
                "id": "4",
                "type": "end",
                "title": "E",
                "parameters": {
                    "node_inputs": [
                        {"name": "output", "input": {"value": {"path": "output", "ref_node": "2"}}}
                    ]
                },
            },
        ],
        "edges": [{"source_node": a, "target_node": b} for a, b in (("1", "2"), ("2", "3"), ("3", "4"))],
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("W-1/MANIFEST.yml", "type: Workflow\n")
        packed.writestr("W-1/workflow/desk-draft.yaml", yaml.safe_dump(flow))
    found = imported(out.getvalue(), "W-1.zip")
    assert (found.agent.name, found.report.counted("lost"), found.report.nodes) == ("desk", 1, 4)
    assert [block.type for _, block in found.agent.walk()] == ["model", "note", "reply"]
    assert found.agent.flow[0].input == "{{ message.text }}"
