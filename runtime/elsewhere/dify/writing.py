"""An agent of ours as Dify's DSL (0.3.0): a chatflow of nodes that do the same.

Texts that are more than references, and conditions, become template nodes, whose language is as ours.
"""

from collections.abc import Callable
from typing import Any

from runtime.agents.agent import Agent, walk
from runtime.elsewhere._graph import Json
from runtime.elsewhere._losses import Report
from runtime.elsewhere.dify.written import (
    NO_NODE,
    NO_REQUEST,
    REFERENCE,
    After,
    Written,
    named,
    template,
    text_of,
)
from runtime.elsewhere.dify.written_models import classify, extract, knowledge, model, ways
from runtime.lang import NOTHING, Text

VERSION = "0.3.0"
Result = tuple[After, Text]


def _reply(block: Any, after: After, state: Written, inside: str) -> Result:
    text, after = text_of(block.text, block.id, after, state, inside)
    choices = "".join(f"\n- {one.text}" for one in block.choices)
    state.node(block.id, "answer", block.title, {"answer": text + choices, "variables": []}, after, inside)
    state.outputs[block.id] = {}
    return [(block.id, "source")], NOTHING


def _branch(block: Any, after: After, state: Written, inside: str) -> Result:
    tests = "".join(f"{{% {'el' if i else ''}if {case.when} %}}{i + 1}" for i, case in enumerate(block.cases))
    id = template(f"{tests}{{% endif %}}", f"{block.id}_way", after, state, inside)
    cases = []
    for i, _ in enumerate(block.cases):
        condition = {
            "id": f"{i}",
            "comparison_operator": "is",
            "value": f"{i + 1}",
            "varType": "string",
            "variable_selector": [id, "output"],
        }
        handle = "true" if i == 0 else f"case{i + 1}"
        cases.append({"case_id": handle, "id": handle, "logical_operator": "and", "conditions": [condition]})
    state.node(block.id, "if-else", block.title, {"cases": cases}, [(id, "source")], inside)
    state.outputs[block.id] = {"case": f"{id}.output"}
    handles = [case["case_id"] for case in cases]
    return ways(
        block, [*handles, "false"], [case.flow for case in block.cases] + [block.otherwise], state, inside
    ), NOTHING


def _set(block: Any, after: After, state: Written, inside: str) -> Result:
    state.outputs[block.id] = {}
    items = []
    for name, text in block.values.items():
        kept = name.startswith("person.")
        source = f"{{{{ {text} }}}}" if kept and text.strip() and "{{" not in text else text
        id = template(source, f"{block.id}_{name.removeprefix('person.')}", after, state, inside)
        after = [(id, "source")]
        state.outputs[block.id][name] = f"{id}.output"
        if kept:
            items.append(
                {
                    "variable_selector": ["conversation", name.removeprefix("person.")],
                    "operation": "over-write",
                    "input_type": "variable",
                    "value": [id, "output"],
                    "write_mode": "over-write",
                }
            )
    if items:
        state.node(block.id, "assigner", block.title, {"items": items, "version": "2"}, after, inside)
        after = [(block.id, "source")]
    return after, NOTHING


def _code(block: Any, after: After, state: Written, inside: str) -> Result:
    variables = []
    for name, text in block.values.items():
        id = template(text, f"{block.id}_{name}", after, state, inside)
        after = [(id, "source")]
        variables.append({"variable": name, "value_selector": [id, "output"]})
    body = "\n".join(f"    {line}" for line in block.code.splitlines())
    code = f"def main({', '.join(block.values)}):\n{body}\n    return {{'result': result}}"
    data = {
        "code": code,
        "code_language": "python3",
        "variables": variables,
        "outputs": {"result": {"type": "string", "children": None}},
    }
    state.node(block.id, "code", block.title, data, after, inside)
    state.outputs[block.id] = {"result": f"{block.id}.result"}
    return [(block.id, "source")], AS_TEXT


AS_TEXT = Text("给代码的值和结果在 Dify 里都是文字", "what goes into code and comes out is text in Dify")


def _tool(block: Any, after: After, state: Written, inside: str) -> Result:
    tool = block.tool
    if tool.type != "http_request":
        note = {
            "text": f"{block.title or block.id}\n{tool.model_dump_json(exclude_defaults=True)[:2000]}",
            "author": "",
        }
        state.node(block.id, "", block.title, note, (), inside)
        return after, NO_REQUEST
    url, after = text_of(tool.url, block.id, after, state, inside)
    body, after = text_of(tool.body, block.id, after, state, inside)
    headers = "\n".join(f"{name}:{text}" for name, text in tool.headers.items() if "secret." not in text)
    data = {
        "method": tool.method.lower(),
        "url": url,
        "headers": headers,
        "params": "",
        "authorization": {"type": "no-auth", "config": None},
        "body": {
            "type": "json" if body else "none",
            "data": [{"type": "text", "key": "", "value": body}] if body else [],
        },
    }
    state.node(block.id, "http-request", block.title, data, after, inside)
    state.outputs[block.id] = {
        "result.body": f"{block.id}.body",
        "result.status": f"{block.id}.status_code",
        "result": f"{block.id}.body",
    }
    return [(block.id, "source")], KEYS if any("secret." in one for one in tool.headers.values()) else NOTHING


KEYS = Text("密钥没有带过去，请在 Dify 里设置", "its secrets stay here: set them in Dify")
ROUNDS = Text("重复到满足条件的，在 Dify 里按列表做", "what repeats until a condition is over a list in Dify")


def _repeat(block: Any, after: After, state: Written, inside: str) -> Result:
    over = REFERENCE.fullmatch(block.over.strip())
    name = named(over[1], state) if over else None
    data = {
        "iterator_selector": (name or "sys.files").split("."),
        "output_selector": [],
        "output_type": "array[string]",
        "start_node_id": f"{block.id}start",
        "is_parallel": False,
        "parallel_nums": 10,
        "error_handle_mode": "terminated",
    }
    state.node(block.id, "iteration", block.title, data, after, inside)
    made = state.nodes[-1]
    state.names |= {"item": f"{block.id}.item", "index": f"{block.id}.index"}
    state.node(f"{block.id}start", "iteration-start", "", {}, (), block.id)
    last = state.flow(block.flow, [(f"{block.id}start", "source")], block.id)
    made["data"]["output_selector"] = [last[0][0], "output"] if last else []
    state.outputs[block.id] = {"items": f"{block.id}.output"}
    state.nodes.remove(made)
    state.nodes.append(made)
    return [(block.id, "source")], ROUNDS if block.way == "until" or not name else NOTHING


def _says(block: Any, after: After, state: Written, inside: str) -> Result:
    """It says something, and ends."""
    text, after = text_of(block.text or block.title or "…", block.id, after, state, inside)
    state.node(block.id, "answer", block.title, {"answer": text, "variables": []}, after, inside)
    return [(block.id, "source")], NO_DESK


NO_DESK = Text("Dify 里没有人工：只说这句话", "nobody takes over in Dify: only this is said")


def _note(block: Any, after: After, state: Written, inside: str) -> Result:
    state.node(block.id, "", block.title, {"text": block.text, "author": ""}, (), inside)
    return after, NOTHING


WRITES: dict[str, Callable[..., Result]] = {
    "model": model, "reply": _reply, "branch": _branch, "classify": classify, "extract": extract,
    "knowledge": knowledge, "set": _set, "code": _code, "tool": _tool, "repeat": _repeat,
    "handoff": _says, "note": _note,
}  # fmt: skip


TAKEN = (
    "format",
    "id",
    "name",
    "description",
    "suggestions",
    "variables",
    "person",
    "flow",
    "starts",
)
NO_SETTING = Text("Dify 里没有这项设置", "Dify has no such setting")


def written(agent: Agent, report: Report) -> Json:
    """The DSL, as data. What cannot go is told to the report."""
    state = Written([], [], {}, [], {}, WRITES, report)
    for one in agent.variables:
        state.names[one.name] = f"env.{one.name}"
    for value in agent.person:
        state.names[f"person.{value.name}"] = f"conversation.{value.name}"
    state.node("start", "start", "开始", {"variables": []}, (), "")
    state.flow(agent.flow, [("start", "source")], "")
    for start in agent.starts:
        report.tell(start.title or start.id, "start", "lost", why=NO_NODE)
        for _, block in walk(start.flow):
            report.tell(block.title or block.id, block.type, "lost", why=NO_NODE)
    for setting in agent.to_json():
        if setting not in TAKEN:
            report.tell(setting, "", "lost", why=NO_SETTING)
    env = [{"name": one.name, "value": one.default, "value_type": "string"} for one in agent.variables]
    kept = [{"name": one.name, "value_type": "string", "value": ""} for one in agent.person]
    features = {"opening_statement": agent.texts.greeting, "suggested_questions": list(agent.suggestions)}
    workflow = {
        "conversation_variables": kept, "environment_variables": env, "features": features,
        "graph": {"edges": state.edges, "nodes": state.nodes},
    }  # fmt: skip
    app = {"name": agent.name, "description": agent.description, "mode": "advanced-chat", "icon": "🤖"}
    return {"app": app, "kind": "app", "version": VERSION, "workflow": workflow}
