"""Small files of every product, changed anyhow: an agent that validates, or a sentence; soon, in bounds."""

import copy
import json
import time
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_held_back import API, HOOK, TIMES, TOOLS, WALKED
from test_one_flow import BISHENG, CARD, CHATFLOW, FASTGPT, FLOWISE, LANGFLOW, N8N

from runtime.agents.agent import Agent
from runtime.elsewhere import imported
from runtime.errors import BadAgent

ABOUT = {"kind": "app", "version": "0.3.0", "app": {"mode": "advanced-chat", "name": "x"}}
DIFY = {**ABOUT, "workflow": {"graph": {
    "nodes": [
        {"id": "s", "data": {"type": "start", "variables": [{"variable": "a", "type": "text-input"}]}},
        {"id": "i", "data": {"type": "if-else", "cases": [{"case_id": "true", "conditions": [
            {"variable_selector": ["s", "a"], "comparison_operator": "contains", "value": "x"}]}]}},
        {"id": "c", "data": {"type": "code", "code_language": "javascript", "code": "function main(){ }",
                             "variables": [], "outputs": {"x": {}}}},
        {"id": "e", "data": {"type": "answer", "answer": "{{#c.x#}}"}},
    ],
    "edges": [{"source": "s", "target": "i"}, {"source": "i", "target": "c", "sourceHandle": "true"},
              {"source": "c", "target": "e"}]}}}  # fmt: skip
SMALL = [
    DIFY,
    FASTGPT,
    FLOWISE,
    N8N,
    LANGFLOW,
    CHATFLOW,
    CARD,
    BISHENG,
    *(json.loads(one) for one in (API, HOOK, TIMES, TOOLS)),
]
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=30),
    st.sampled_from([
        "__proto__", "constructor", "{{#sys.query#}}", "{{ secret.x }}", "{% for x in y %}",
        "{{ [].__class__ }}",
        "<img src=x onerror=1>", "../../etc", "http://169.254.169.254/", "=1+1", "\x00", "\ud800",
        "[" * 300, "a" * 70_000,
        [], {}, [[]], [None], {"": ""}, [{"id": 1}], {"nodes": [], "edges": {}},
    ]),
)  # fmt: skip


def places(value, path=()):
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def changed(draw):
    data = copy.deepcopy(draw(st.sampled_from(SMALL)))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from([one for one in places(data) if one] or [()]))
        if not path:
            break
        owner = data
        for key in path[:-1]:
            owner = owner[key]
        how = draw(st.sampled_from(["put", "drop", "twice", "key", "swap"]))
        if how == "drop":
            del owner[path[-1]]
        elif how == "twice" and isinstance(owner, list):
            owner.append(copy.deepcopy(owner[path[-1]]))
        elif how == "key" and isinstance(owner, dict):
            owner[draw(st.sampled_from(["__proto__", "id", "type", "", "data", "{{x}}"]))] = owner[path[-1]]
        elif how == "swap" and len(owner) > 1:
            other = draw(st.sampled_from(list(owner) if isinstance(owner, dict) else range(len(owner))))
            owner[path[-1]], owner[other] = owner[other], owner[path[-1]]
        else:
            owner[path[-1]] = draw(ODD)
    return data


def read(content):
    """What became of it; None, with a sentence, for what is refused."""
    try:
        return imported(content, "x.json", stubs=["*"])
    except BadAgent as e:
        return None if e.text.zh and e.text.en else pytest.fail("refused without a sentence")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_it_is_an_agent_or_a_sentence(data):
    content = json.dumps(changed(data.draw)).encode("utf-8", "surrogatepass")
    began = time.thread_time()
    if found := read(content):
        assert Agent.load(found.agent.to_json())
        json.dumps(found.to_json())
    assert time.thread_time() - began < 2


def graph(nodes, edges=()):
    flow = {"graph": {"nodes": nodes, "edges": list(edges)}}
    return {"kind": "app", "app": {"mode": "workflow"}, "workflow": flow}


FORK = {"type": "if-else", "cases": [{"case_id": "true"}]}
PAIRS = [(i, j, how) for i in range(60) for j in range(i + 1, 60) for how in ("true", "false")]
HUGE = {
    "nodes": lambda: graph([{"id": str(i)} for i in range(100_000)]),
    "lines": lambda: {
        "nodes": [{"name": "a", "type": "n8n-nodes-base.set"}],
        "connections": {"a": {"main": [[{"node": "a"}] * 60_000]}},
    },
    "loops in loops": lambda: graph(
        [{"id": str(i), "parentId": str(i + 1), "data": {"type": "loop"}} for i in range(400)]
    ),
    "forks that meet": lambda: graph(
        [{"id": str(i), "data": FORK} for i in range(60)],
        [{"source": str(i), "target": str(j), "sourceHandle": how} for i, j, how in PAIRS],
    ),
}


@pytest.mark.parametrize("name", HUGE)
def test_what_is_huge_is_soon_done(name):
    content = json.dumps(HUGE[name]()).encode()
    began = time.thread_time()
    read(content)
    assert time.thread_time() - began < 2


def test_what_is_huge_is_no_more_in_memory():
    content = json.dumps(HUGE["nodes"]()).encode()
    tracemalloc.start()
    try:
        read(content)
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()


def test_every_small_file_is_one_that_is_read():
    for one in SMALL:
        assert imported(json.dumps(one).encode(), "x.json").agent
    assert WALKED


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('{\n"id": "x",\n"name": ', "not valid JSON, near line 3"),
        ('[{"id": ]', "not valid JSON, near line 1"),
        ("kind: app\napp: {mode: [\n", "not valid YAML"),
    ],
)
def test_what_is_broken_is_called_by_what_it_is(written, said):
    with pytest.raises(BadAgent) as refused:
        imported(written.encode(), "x")
    assert said in refused.value.text.en
