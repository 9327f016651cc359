"""Files as Dify writes them, written for these tests."""

import json

import yaml


def app(mode="advanced-chat", nodes=(), edges=(), version="0.3.0", **more):
    graph = {"nodes": list(nodes), "edges": [way(*edge) for edge in edges]}
    workflow = {"graph": graph, **more.pop("workflow", {})}
    data = {
        "app": {"name": "Desk", "mode": mode},
        "kind": "app",
        "version": version,
        "workflow": workflow,
        **more,
    }
    return yaml.safe_dump(data, allow_unicode=True).encode()


def way(source, target, handle="source"):
    return {"source": source, "target": target, "sourceHandle": handle}


def node(id, type, title="", **data):
    parent = {"parentId": data.pop("inside")} if "inside" in data else {}
    return {"id": id, "type": "custom", "data": {"type": type, "title": title or id, **data}, **parent}


def llm(id, system, user="{{#sys.query#}}", **more):
    said = [{"role": "system", "text": system}, {"role": "user", "text": user}]
    return node(id, "llm", prompt_template=said, model={"name": "gpt-4o", "completion_params": {}}, **more)


def answer(id, text):
    return node(id, "answer", answer=text)


def when(*cases):
    """An if-else: (handle, selector, sign, value) each."""
    return [
        {
            "case_id": handle,
            "logical_operator": "and",
            "conditions": [{"variable_selector": selector, "comparison_operator": sign, "value": value}],
        }
        for handle, selector, sign, value in cases
    ]


START = node("start", "start", variables=[])
LEXICAL = json.dumps({"root": {"children": [{"children": [{"text": "for the team"}]}]}})
