import json

import pytest

from cost import cpu_seconds
from runtime.models.completion import Request
from runtime.models.questions import prepared
from runtime.models.reading.said import CallPiece, Said
from runtime.models.reading.unfinished import Unfinished

ADD = {"type": "function", "function": {"name": "add", "parameters": {}}}


def round_of(*ids, name="add", arguments='{"a": 1}'):
    calls = [{"id": id, "type": "function", "function": {"name": name, "arguments": arguments}} for id in ids]
    told = [{"role": "tool", "tool_call_id": id, "content": str(i)} for i, id in enumerate(ids)]
    return [{"role": "assistant", "content": "", "tool_calls": calls}, *told]


def sent(*messages, without=()):
    return prepared(Request("a/m", messages, without=frozenset(without)), "a/m")


def pairs(messages):
    """The ids of the calls of each round, and those of their results."""
    calls = [one["id"] for message in messages for one in message.get("tool_calls", ())]
    return calls, [message["tool_call_id"] for message in messages if message["role"] == "tool"]


ROUNDS = {
    "its own": [["x1", "x2"], ["x3"]],
    "the same in each round": [["search:0", "search:1"], ["search:0"], ["search:0"]],
    "the same in one round": [["x", "x"], ["x_1"]],
}


@pytest.mark.parametrize("short", [(), ("long_ids",)], ids=["any", "short"])
@pytest.mark.parametrize("ids", ROUNDS.values(), ids=ROUNDS)
def test_each_call_of_a_conversation_has_an_id_of_its_own_and_so_its_result(ids, short):
    messages = [message for one in ids for message in round_of(*one)]
    calls, results = pairs(sent(*messages, without=short))
    assert calls == results
    assert len(set(calls)) == len(calls)
    assert not short or all(len(id) == 9 and id.isalnum() for id in calls)


def test_ids_that_differ_are_left_alone():
    assert pairs(sent(*round_of("x1", "x2"), *round_of("x3")))[0] == ["x1", "x2", "x3"]


def test_thousands_of_calls_with_one_id_take_no_time():
    messages = [*round_of(*["x"] * 10_000), *round_of(*["x"] * 10_000)]
    assert cpu_seconds(sent, *messages, enough=2) < 2
    calls, results = pairs(sent(*messages))
    assert len(set(calls)) == len(calls) == len(results) == 20_000


BROKEN = ['{"a": 1,', "", None, "[1]", '"a"', "null", "{" * 5000, '{"a": "' + "\\"]


@pytest.mark.parametrize("arguments", BROKEN, ids=range(len(BROKEN)))
def test_arguments_that_are_no_object_are_not_sent_again(arguments):
    said = sent(*round_of("x", arguments=arguments))[0]
    assert said["tool_calls"][0]["function"]["arguments"] == "{}"


def test_arguments_are_sent_again_word_for_word():
    written = '{"a":  "\\u4f60", "b": 1.0}'
    assert sent(*round_of("x", arguments=written))[0]["tool_calls"][0]["function"]["arguments"] == written


@pytest.mark.parametrize("name", ["functions.add", "add<|channel|>commentary", "加", "a" * 300, "a b/c:0"])
def test_a_name_that_no_server_takes_is_sent_as_one_that_they_take(name):
    said = sent(*round_of("x", name=name))[0]["tool_calls"][0]["function"]["name"]
    assert said.replace("_", "").replace("-", "").isalnum() or set(said) == {"_"}
    assert said.isascii()
    assert 0 < len(said) <= 64


NAMES = {
    "functions.add": "add",
    "functions.add:0": "add",
    "default_api:add": "add",
    "add<|channel|>commentary": "add",
    "add.now": "add.now",
    "other.tool": "other.tool",
    "now-add": "now-add",
}
"""As gpt-oss, Kimi and Gemini write them; where two tools may be meant, none is."""


@pytest.mark.parametrize(("said", "meant"), NAMES.items(), ids=NAMES)
def test_a_tool_is_known_by_its_name_whatever_stands_beside_it(said, meant):
    now = {"type": "function", "function": {"name": "now", "parameters": {}}}
    unfinished = Unfinished(tools=[ADD, now])
    unfinished.add(Said(calls=[CallPiece(0, "x", said, json.dumps({}))], finish="tool_calls"), "m")
    assert unfinished.answer("m").tool_calls[0].name == meant
