"""Blocks of ours that ask a model or go several ways, as Dify's nodes."""

import re
from collections.abc import Sequence
from typing import Any

from runtime.blocks import Block
from runtime.elsewhere._graph import Json
from runtime.elsewhere.dify.written import (
    After,
    Written,
    text_of,
)
from runtime.lang import Text

Result = tuple[After, Text]
MODEL = Text("导入后请在 Dify 里选模型", "choose its model in Dify once it is there")
DOCUMENTS = Text("资料没有带过去，请在 Dify 里选知识库", "its documents stay here: choose a base in Dify")
TOOLS = Text("工具没有带过去：{tools}", "its tools stay here: {tools}")


def ways(block: Block, handles: Sequence[Any], flows: Sequence[Any], state: Written, inside: str) -> After:
    ends: After = []
    for handle, flow in zip(handles, flows, strict=False):
        last = state.flow(flow, [(block.id, str(handle))], inside)
        is_over = bool(flow) and flow[-1].ends
        ends += [] if is_over else last
    return ends


def model(block: Any, after: After, state: Written, inside: str) -> Result:
    prompt = (
        block.prompt.text
        if block.prompt.text is not None
        else f"[{block.prompt.template}] {dict(block.prompt.values)}"
    )
    system, after = text_of(prompt, block.id, after, state, inside)
    user, after = text_of(block.input, block.id, after, state, inside)
    given = {"temperature": block.temperature, "max_tokens": block.max_tokens}
    said = [
        {"role": "system", "text": system, "id": f"{block.id}-system"},
        {"role": "user", "text": user, "id": f"{block.id}-user"},
    ]
    data: Json = {
        "model": {
            "provider": "langgenius/openai/openai",
            "name": block.model,
            "mode": "chat",
            "completion_params": {key: one for key, one in given.items() if one is not None},
        },
        "prompt_template": said,
        "context": {"enabled": False, "variable_selector": []},
        "vision": {"enabled": block.images},
    }
    if block.memory:
        data["memory"] = {
            "window": {"enabled": True, "size": 10},
            "query_prompt_template": user,
            "role_prefix": {"user": "", "assistant": ""},
        }
    if block.fields:
        properties = {one.name: {"type": "string", "description": one.title} for one in block.fields}
        data["structured_output_enabled"] = True
        data["structured_output"] = {
            "schema": {"type": "object", "properties": properties, "required": list(properties)}
        }
    state.node(block.id, "llm", block.title, data, after, inside)
    state.outputs[block.id] = {"text": f"{block.id}.text", "*": f"{block.id}.structured_output"}
    if block.tools:
        state.report.tell(
            block.title or block.id,
            "tools",
            "lost",
            why=TOOLS.fill(tools=", ".join(t.name or t.type for t in block.tools)),
        )
    return [(block.id, "source")], MODEL


def classify(block: Any, after: After, state: Written, inside: str) -> Result:
    text, after = text_of(block.input, block.id, after, state, inside)
    found = re.fullmatch(r"\{\{#(.+)#\}\}", text)
    selector = found[1].split(".") if found else ["sys", "query"]
    named = [
        f"{one.title}：{one.description}".rstrip("：") + "".join(f"\n- {e}" for e in one.examples[:10])
        for one in block.intents
    ]
    classes = [{"id": f"{i + 1}", "name": name} for i, name in enumerate([*named, "其他 / other"])]
    data = {
        "classes": classes,
        "query_variable_selector": selector,
        "instructions": "",
        "topics": [],
        "model": {
            "provider": "langgenius/openai/openai",
            "name": "gpt-4o-mini",
            "mode": "chat",
            "completion_params": {},
        },
    }
    state.node(block.id, "question-classifier", block.title, data, after, inside)
    state.outputs[block.id] = {"intent": f"{block.id}.class_name"}
    flows = [*(one.flow for one in block.intents), block.otherwise]
    return ways(block, [one["id"] for one in classes], flows, state, inside), MODEL


def extract(block: Any, after: After, state: Written, inside: str) -> Result:
    text, after = text_of(block.input, block.id, after, state, inside)
    found = re.fullmatch(r"\{\{#(.+)#\}\}", text)
    kinds = {"number": "number", "yes_no": "boolean", "list": "array[string]"}
    parameters = [
        {
            "name": one.name,
            "type": kinds.get(one.type, "string"),
            "description": one.title or one.name,
            "required": False,
        }
        for one in block.fields
    ]
    data = {
        "parameters": parameters,
        "query": found[1].split(".") if found else ["sys", "query"],
        "reasoning_mode": "prompt",
        "instruction": "",
        "model": {
            "provider": "langgenius/openai/openai",
            "name": "gpt-4o-mini",
            "mode": "chat",
            "completion_params": {},
        },
    }
    state.node(block.id, "parameter-extractor", block.title, data, after, inside)
    state.outputs[block.id] = {"*": block.id}
    return [(block.id, "source")], MODEL


def knowledge(block: Any, after: After, state: Written, inside: str) -> Result:
    data = {
        "dataset_ids": [],
        "query_variable_selector": ["sys", "query"],
        "retrieval_mode": "multiple",
        "multiple_retrieval_config": {"top_k": block.top, "reranking_enable": False},
    }
    state.node(block.id, "knowledge-retrieval", block.title, data, after, inside)
    state.outputs[block.id] = {"text": f"{block.id}.result", "fits": f"{block.id}.result"}
    return [(block.id, "source")], DOCUMENTS
