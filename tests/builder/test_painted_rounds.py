"""A turn that went round is painted round by round: what the engine told, as the editor reads it."""

import json

import pytest

from builder.flow_editor import catalog
from deno_script import told
from script import DOWN, Script, agent, calls, play, says, wrote

PAINT = """
import { painted } from "EDITOR/flow_editor/painted.js";
import { treeOf } from "EDITOR/flow_editor/tree.js";
const tree = treeOf(asked.types);
const turns = asked.chosen.map((one) => painted(tree, asked.flow, asked.types, asked.events, one));
console.log(JSON.stringify(turns));
"""
ASK = {"type": "model", "id": "ask", "prompt": {"text": "{{ item }}"}, "tools": [{"type": "clock"}]}
ONE = {"type": "set", "id": "one", "values": {"x": "{{ item }}"}}
WAY = {
    "type": "branch", "id": "way",
    "cases": [{"title": "首轮", "when": "index == 1", "flow": [ONE]}],
    "otherwise": [{"type": "set", "id": "other", "values": {"x": "{{ item }}"}}],
}  # fmt: skip
EACH = {"type": "repeat", "id": "each", "flow": [WAY]}
INNER = {
    "type": "repeat",
    "id": "inner",
    "over": "{{ 2 }}",
    "flow": [{"type": "set", "id": "x", "values": {"v": "{{ item }}"}}],
}
SAY = {"type": "reply", "id": "say", "text": "好"}


async def paints(folder, flow, text, chosen, models=None):
    whole = agent(*flow)
    events = [one.to_json() for one in await play(whole, wrote(text), models)]
    events = json.loads(json.dumps(events, default=str))
    asked = {
        "types": catalog()["blocks"],
        "flow": whole.to_json()["flow"],
        "events": events,
        "chosen": chosen,
    }
    return told(folder, PAINT, asked)


async def test_each_round_has_its_way_its_values_and_its_time(tmp_path):
    last, first = await paints(tmp_path, [EACH, SAY], "甲\n乙\n丙", [{}, {"each": 1}])
    assert last["each"]["rounds"]["at"] == 3
    assert [(one["n"], one["status"]) for one in last["each"]["rounds"]["of"]] == [
        (n, "done") for n in (1, 2, 3)
    ]
    assert all(isinstance(one["ms"], int) for one in last["each"]["rounds"]["of"])
    assert last["other"]["output"] == {"x": "丙"}
    assert "one" not in last
    assert first["one"]["output"] == {"x": "甲"}
    assert first["way"]["output"]["case"] == "首轮"
    assert "other" not in first
    assert [one["n"] for one in last["other"]["each"]] == [2, 3]
    assert (last["other"]["runs"], last["way"]["runs"]) == (2, 3)


async def test_rounds_in_rounds_and_side_by_side_keep_apart(tmp_path):
    outer = {**EACH, "at_once": 3, "flow": [INNER]}
    chosen = [{}, {"each": 1}, {"each": 1, "each.1/inner": 1}]
    last, first, firsts = await paints(tmp_path, [outer, SAY], "甲\n乙", chosen)
    places = [one["inner"]["rounds"]["place"] for one in (last, first, firsts)]
    assert places == ["each.2/inner", "each.1/inner", "each.1/inner"]
    assert [one["x"]["output"] for one in (last, first, firsts)] == [{"v": "2"}, {"v": "2"}, {"v": "1"}]
    assert [one["x"]["at"] for one in (last, first, firsts)] == [2, 2, 1]


async def test_a_round_that_failed_and_was_passed_over_says_why(tmp_path):
    loop = {**EACH, "failing": "skip", "flow": [ASK]}
    models = Script([says("一"), DOWN, says("三")])
    second, last = await paints(tmp_path, [loop, SAY], "甲\n乙\n丙", [{"each": 2}, {}], models)
    assert [one["status"] for one in second["each"]["rounds"]["of"]] == ["done", "failed", "done"]
    assert second["ask"]["status"] == "failed"
    assert "模型没有回应" in second["ask"]["why"]
    assert last["ask"]["output"]["text"] == "三"
    assert [one["status"] for one in last["ask"]["each"]] == ["done", "failed", "done"]


async def test_a_turn_that_fails_in_a_round_ends_there(tmp_path):
    loop = {**EACH, "flow": [ASK]}
    [seen] = await paints(tmp_path, [loop, SAY], "甲\n乙\n丙", [{}], Script([says("一"), DOWN]))
    assert seen["each"]["rounds"]["at"] == 2
    assert (seen["ask"]["status"], seen["each"]["status"]) == ("failed", "failed")


async def test_tools_belong_to_the_round_that_called_them(tmp_path):
    models = Script([calls(("clock", {})), says("一"), says("二")])
    first, second = await paints(
        tmp_path, [{**EACH, "flow": [ASK]}, SAY], "甲\n乙", [{"each": 1}, {}], models
    )
    assert ([one["name"] for one in first["ask"]["tools"]], second["ask"]["tools"]) == (["clock"], [])
    assert first["ask"]["tools"][0]["result"]


@pytest.mark.parametrize("name", ["constructor", "valueof"])
async def test_a_block_may_be_called_as_what_every_object_has(tmp_path, name):
    [seen] = await paints(tmp_path, [{"type": "set", "id": name, "values": {"x": "1"}}, SAY], "x", [{}])
    assert seen[name]["output"] == {"x": "1"}
