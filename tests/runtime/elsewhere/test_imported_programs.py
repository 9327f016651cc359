"""Programs in JavaScript of four products come along; what is not known stays a note, with its reason."""

import json
from datetime import UTC, datetime

import pytest
from dify_files import START, answer, app, node

from runtime.code.running import Sandbox
from runtime.elsewhere import imported

NOW = datetime(2026, 3, 1, tzinfo=UTC)
UP = "return {loud: text.toUpperCase() + '!'}"
DIFY = app(
    nodes=[
        START,
        node("up", "code", code=f"function main({{text}}) {{ {UP} }}", code_language="javascript",
             variables=[{"variable": "text", "value_selector": ["sys", "query"]}], outputs={"loud": {}}),
        answer("end", "{{#up.loud#}}"),
    ],
    edges=[("start", "up"), ("up", "end")],
)  # fmt: skip


def fast(id, kind, outputs=(), **given):
    inputs = [{"key": key, "value": value} for key, value in given.items()]
    named = [{"id": one, "key": one} for one in outputs]
    return {"nodeId": id, "name": id, "flowNodeType": kind, "inputs": inputs, "outputs": named}


def fastgpt(code):
    nodes = [
        fast("start", "workflowStart", ["userChatInput"]),
        fast("up", "code", ["loud"], codeType="js", code=code, text=["start", "userChatInput"]),
        fast("end", "answerNode", text="{{$up.loud$}}"),
    ]
    edges = [
        {"source": a, "target": b, "sourceHandle": f"{a}-source-right"}
        for a, b in (("start", "up"), ("up", "end"))
    ]
    return json.dumps({"name": "Up", "workflow": {"nodes": nodes, "edges": edges}}).encode()


def n8n(code, **more):
    def to(one):
        return {"main": [[{"node": one, "type": "main", "index": 0}]]}

    nodes = [
        {"name": "Chat", "type": "@n8n/n8n-nodes-langchain.chatTrigger", "parameters": {}},
        {"name": "up", "type": "n8n-nodes-base.code", "parameters": {"jsCode": code, **more}},
        {
            "name": "end",
            "type": "n8n-nodes-base.respondToWebhook",
            "parameters": {"responseBody": "={{ $json.loud }}"},
        },
    ]
    return json.dumps(
        {"name": "Up", "nodes": nodes, "connections": {"Chat": to("up"), "up": to("end")}}
    ).encode()


def coze():
    typed = f"async function main({{ params }}: Args): Promise<Output> {{ const text = params.text; {UP} }}"
    ref = {"type": "ref", "content": {"source": "block-output", "blockID": "100001", "name": "text"}}
    code = {"language": 5, "code": typed, "inputParameters": [{"name": "text", "input": {"value": ref}}]}
    return json.dumps({
        "nodes": [
            {"id": "100001", "type": "1", "meta": {}, "data": {"outputs": [{"name": "text"}]}},
            {"id": "5", "type": "5", "meta": {}, "data": {"inputs": code, "outputs": [{"name": "loud"}]}},
        ],
        "edges": [{"sourceNodeID": "100001", "targetNodeID": "5"}],
    }).encode()  # fmt: skip


WRITTEN = {
    "Dify": (DIFY, {"in_text": "hi"}),
    "FastGPT": (fastgpt(f"function main({{text}}) {{ {UP} }}"), {"in_text": "hi"}),
    "n8n": (n8n(f"const text = $input.first().json.chatInput; {UP}"), {"in_came": "hi"}),
    "n8n's items": (n8n("return items.map(({json}) => ({json: {loud: json.chatInput.toUpperCase() + '!'}}))"),
                    {"in_came": "hi"}),
    "n8n of another": (n8n("return [{json: {loud: $('Chat').item.json.text.toUpperCase() + '!'}}]"),
                       {"in_came": "", "in_node_1": "hi"}),
    "Coze": (coze(), {"in_text": "hi"}),
}  # fmt: skip


@pytest.mark.parametrize("product", WRITTEN)
async def test_a_program_becomes_one_of_ours_that_gives_the_same(product):
    content, given = WRITTEN[product]
    found = imported(content, "up.json")
    code = next(block for _, block in found.agent.walk() if block.type == "code")
    assert sorted(code.values) == sorted(given)
    sandbox = Sandbox()
    try:
        ran = await sandbox.run(code.code, given, now=NOW, seconds=code.seconds)
    finally:
        await sandbox.close()
    assert ran.result == {"loud": "HI!"}
    row = next(row for row in found.report.rows if row.node in ("up", "5"))
    assert (row.state, "try it" in row.why.en) == ("nearly", True)


def test_what_is_not_known_is_a_note_that_names_it():
    found = imported(fastgpt("function main() { return fetch('http://10.0.0.1') }"))
    row = next(row for row in found.report.rows if row.node == "up")
    assert (row.state, "fetch" in row.why.en, "fetch" in row.why.zh) == ("lost", True, True)
    assert any(block.type == "note" and "10.0.0.1" in block.text for _, block in found.agent.walk())


def test_programs_of_one_file_are_read_for_a_second_at_most():
    program = "function main() { return {a: 1} }" + " " * 7000
    nodes = [fast("start", "workflowStart")]
    nodes += [fast(f"n{i}", "code", ["a"], codeType="js", code=program) for i in range(40)]
    edges = [{"source": "start", "target": f"n{i}", "sourceHandle": "right"} for i in range(40)]
    found = imported(json.dumps({"workflow": {"nodes": nodes, "edges": edges}}).encode(), "x.json")
    states = [row.state for row in found.report.rows if row.theirs == "code"]
    assert states.count("nearly") == 5
    assert states.count("lost") == 35
