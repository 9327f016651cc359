"""One flow, written in the files of five products: here all of them take the same way."""

import json

import pytest
from dify_files import START, app, llm, node, when

from runtime.elsewhere import imported
from runtime.turn.events import Replied
from script import Script, play, says, wrote

DIFY = app(
    nodes=[
        START,
        node("how", "if-else", cases=when(("a", ["sys", "query"], "contains", "refund"))),
        llm("Pay", "Pay back."),
        node("end", "answer", answer="{{#Pay.text#}}!"),
        node("no", "answer", answer="no: {{#sys.query#}}"),
    ],
    edges=[("start", "how"), ("how", "Pay", "a"), ("Pay", "end"), ("how", "no", "false")],
)


def inputs(**given):
    return [{"key": key, "value": value} for key, value in given.items()]


def fast(id, kind, outputs=(), **given):
    named = [{"id": one, "key": one} for one in outputs]
    return {"nodeId": id, "name": id, "flowNodeType": kind, "inputs": inputs(**given), "outputs": named}


def joined(*edges):
    return [{"source": a, "target": b, "sourceHandle": f"{a}-source-{handle}"} for a, b, handle in edges]


ASKED = ["start", "userChatInput"]
FASTGPT = {
    "name": "Desk",
    "workflow": {
        "nodes": [
            fast("guide", "userGuide"),
            fast("start", "workflowStart", ["userChatInput"]),
            fast(
                "how",
                "ifElseNode",
                ifElseList=[
                    {
                        "condition": "AND",
                        "list": [{"variable": ASKED, "condition": "include", "value": "refund"}],
                    }
                ],
            ),
            fast(
                "Pay",
                "chatNode",
                ["answerText"],
                systemPrompt="Pay back.",
                userChatInput=ASKED,
                isResponseAnswerText=False,
            ),
            fast("end", "answerNode", text="{{$Pay.answerText$}}!"),
            fast("no", "answerNode", text="no: {{$start.userChatInput$}}"),
        ],
        "edges": joined(
            ("start", "how", "right"), ("how", "Pay", "IF"), ("Pay", "end", "right"), ("how", "no", "ELSE")
        ),
    },
}


def flow(id, name, **given):
    return {
        "id": id,
        "type": "agentFlow",
        "data": {"name": name, "label": id, "inputs": given, "inputParams": []},
    }


def lines(*edges):
    return [{"source": a, "target": b, "sourceHandle": f"{a}-output-{handle}"} for a, b, handle in edges]


FLOWISE = {
    "nodes": [
        flow("start", "startAgentflow", startInputType="chatInput"),
        flow(
            "how",
            "conditionAgentflow",
            conditions=[
                {
                    "type": "string",
                    "value1": "<p>{{ question }}</p>",
                    "operation": "contains",
                    "value2": "<p>refund</p>",
                }
            ],
        ),
        flow("Pay", "llmAgentflow", llmMessages=[{"role": "system", "content": "<p>Pay back.</p>"}]),
        flow("end", "directReplyAgentflow", directReplyMessage="<p>{{ Pay }}!</p>"),
        flow("no", "directReplyAgentflow", directReplyMessage="<p>no: {{ question }}</p>"),
    ],
    "edges": lines(("start", "how", "start"), ("how", "Pay", "0"), ("Pay", "end", "Pay"), ("how", "no", "1")),
}


def to(*targets):
    return {"main": [[{"node": one, "type": "main", "index": 0}] for one in targets]}


BASE, AI = "n8n-nodes-base.", "@n8n/n8n-nodes-langchain."
HOLDS = {
    "leftValue": "={{ $json.chatInput }}",
    "rightValue": "refund",
    "operator": {"type": "string", "operation": "contains"},
}
N8N = {
    "name": "Desk",
    "nodes": [
        {"name": "Chat", "type": f"{AI}chatTrigger", "parameters": {}},
        {
            "name": "how",
            "type": f"{BASE}if",
            "parameters": {"conditions": {"combinator": "and", "conditions": [HOLDS]}},
        },
        {
            "name": "Pay",
            "type": f"{AI}agent",
            "parameters": {"text": "={{ $json.chatInput }}", "options": {"systemMessage": "Pay back."}},
        },
        {"name": "GPT", "type": f"{AI}lmChatOpenAi", "parameters": {"model": "gpt-4o"}},
        {
            "name": "end",
            "type": f"{BASE}respondToWebhook",
            "parameters": {"responseBody": "={{ $('Pay').item.json.output }}!"},
        },
        {
            "name": "no",
            "type": f"{BASE}respondToWebhook",
            "parameters": {"responseBody": "=no: {{ $('Chat').item.json.chatInput }}"},
        },
    ],
    "connections": {
        "Chat": to("how"),
        "how": to("Pay", "no"),
        "Pay": to("end"),
        "GPT": {"ai_languageModel": [[{"node": "Pay", "type": "ai_languageModel", "index": 0}]]},
    },
}


def bisheng(id, kind, **given):
    params = [{"key": key, "value": value} for key, value in given.items()]
    about = {"name": id, "type": kind, "group_params": [{"params": params}]}
    return {"id": id, "type": "flowNode", "data": about}


REFUND = [{"id": "a", "operator": "and", "conditions": [
    {"left_var": "in.user_input", "comparison_operation": "contains", "right_value": "refund"}]}]  # fmt: skip
BISHENG = {
    "name": "Desk",
    "flow_type": 10,
    "data": {
        "nodes": [
            bisheng("start", "start"),
            bisheng("in", "input"),
            bisheng("how", "condition", condition=REFUND),
            bisheng(
                "Pay", "llm", system_prompt="Pay back.", user_prompt="{{#in.user_input#}}", output_user=False
            ),
            bisheng("end", "output", message={"msg": "{{#Pay.output#}}!"}),
            bisheng("no", "output", message={"msg": "no: {{#in.user_input#}}"}),
        ],
        "edges": [
            {"source": a, "target": b, "sourceHandle": how}
            for a, b, how in (
                ("start", "in", "right_handle"),
                ("in", "how", "right_handle"),
                ("how", "Pay", "a"),
                ("Pay", "end", "right_handle"),
                ("how", "no", "right_handle"),
                ("end", "in", "right_handle"),
            )
        ],
    },
}
WRITTEN = {
    "Dify": DIFY,
    **{
        name: json.dumps(data).encode()
        for name, data in (("FastGPT", FASTGPT), ("Flowise", FLOWISE), ("n8n", N8N), ("BISHENG", BISHENG))
    },
}


@pytest.mark.parametrize("product", WRITTEN)
async def test_whoever_wrote_it_it_takes_the_same_way(product):
    found = imported(WRITTEN[product], "desk")
    assert found.product == product
    assert found.report.counted("lost") == 0
    for text, answer in (("a refund", "paid!"), ("hi", "no: hi")):
        script = Script([says("paid")])
        events = await play(found.agent, wrote(text), script)
        assert isinstance(events[-1], Replied), (text, events[-1])
        assert events[-1].text == answer
        assert [request.messages[0]["content"] for request in script.requests] == (
            ["Pay back."] if "refund" in text else []
        )


def component(id, type, **fields):
    return {
        "id": id,
        "type": "genericNode",
        "data": {
            "type": type,
            "node": {
                "display_name": id,
                "template": {key: {"value": value} for key, value in fields.items()},
            },
        },
    }


def leads(source, target, field):
    return {"source": source, "target": target, "data": {"targetHandle": {"fieldName": field}}}


LANGFLOW = {
    "name": "Poet",
    "data": {
        "nodes": [
            component("in", "ChatInput"),
            component("how", "Prompt", template="You rhyme on {theme}.", theme="tea"),
            component("Poet", "LanguageModelComponent"),
            component("sums", "CalculatorComponent"),
            component("out", "ChatOutput"),
        ],
        "edges": [
            leads("in", "Poet", "input_value"),
            leads("how", "Poet", "system_message"),
            leads("sums", "Poet", "tools"),
            leads("Poet", "out", "input_value"),
        ],
    },
}
CHATFLOW = {
    "nodes": [
        {
            "id": "a",
            "data": {
                "name": "toolAgent",
                "label": "Agent",
                "category": "Agents",
                "inputParams": [],
                "inputs": {"systemMessage": "You rhyme on tea."},
            },
        },
        {"id": "m", "data": {"name": "chatOpenAI", "label": "GPT", "category": "Chat Models", "inputs": {}}},
        {"id": "c", "data": {"name": "calculator", "label": "Sums", "category": "Tools", "inputs": {}}},
    ],
    "edges": [{"source": "m", "target": "a"}, {"source": "c", "target": "a"}],
}
SKILL = "---\nname: poet\ndescription: rhymes\n---\nYou rhyme on tea.\n"
CARD = {
    "spec": "chara_card_v2",
    "data": {"name": "Poet", "description": "You rhyme on {{user}}.", "first_mes": "Hi {{user}}"},
}
PETS = {
    "openapi": "3.0.0",
    "info": {"title": "Pets"},
    "servers": [{"url": "https://pets.example.com"}],
    "paths": {"/pets": {"get": {"operationId": "listPets", "responses": {}}}},
}
SINGLE = {
    "Langflow": (LANGFLOW, "poem.json", ["calculator"]),
    "Flowise": (CHATFLOW, "poem.json", ["calculator"]),
    "SKILL.md / AGENTS.md": (SKILL, "SKILL.md", []),
    "角色卡 / Character card": (CARD, "poet.json", []),
    "OpenAPI": (PETS, "pets.json", ["openapi"]),
}


@pytest.mark.parametrize("product", SINGLE)
async def test_what_is_one_model_is_a_model_with_its_tools(product):
    data, name, tools = SINGLE[product]
    found = imported((data if isinstance(data, str) else json.dumps(data)).encode(), name)
    assert (found.product, found.report.counted("lost")) == (product, 0)
    script = Script([says("a poem")])
    events = await play(found.agent, wrote("write"), script)
    assert events[-1].text == "a poem"
    request = script.requests[0]
    assert request.messages[0]["role"] == "system"
    assert request.messages[-1]["content"] == "write"
    model = next(block for _, block in found.agent.walk() if block.type == "model")
    assert [tool.type for tool in model.tools] == tools
    if product in ("Langflow", "Flowise", "SKILL.md / AGENTS.md"):
        assert request.messages[0]["content"] == "You rhyme on tea."
