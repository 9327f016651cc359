import pytest

from cost import cpu_seconds
from runtime.errors import ModelFailed
from runtime.models.completion import ToolCall
from runtime.models.reading.said import MOST_CALLS, CallPiece, Said
from runtime.models.reading.unfinished import MAX_TEXT, Unfinished

ADD = {
    "type": "function",
    "function": {"name": "add", "parameters": {"properties": {"a": {"type": "integer"}}}},
}


def call(index=None, arguments="", id="", name="", **more):
    return CallPiece(index, id, name, arguments, **more)


def calls_of(*pieces, tools=()):
    """The calls that a model made which sent these pieces, one a delta."""
    unfinished = Unfinished(tools=tools)
    for piece in pieces:
        unfinished.add(Said(calls=[piece]), "m")
    unfinished.add(Said(finish="tool_calls"), "m")
    return [(one.id, one.name, one.arguments) for one in unfinished.answer("m").tool_calls]


WHOLE = '{"a": 1}'
PIECES = {
    "same index, other ids": (
        [call(0, '{"a"', "x", "add"), call(0, ": 1}"), call(0, "{}", "y", "add")],
        [("x", "add", WHOLE), ("y", "add", "{}")],
    ),
    "alternating": (
        [call(0, '{"a":', "x", "add"), call(1, '{"a":', "y", "sub"), call(0, " 1}"), call(1, " 1}")],
        [("x", "add", WHOLE), ("y", "sub", WHOLE)],
    ),
    "no id": ([call(name="add")], [("call_0", "add", "{}")]),
    "neither index nor id in later pieces": (
        [call(None, "", "x", "add"), call(None, '{"a"'), call(None, ": 1}")],
        [("x", "add", WHOLE)],
    ),
    "no index, told apart by ids": (
        [call(None, '{"a"', "x", "add"), call(None, "{}", "y", "add"), call(None, ": 1}", "x")],
        [("x", "add", WHOLE), ("y", "add", "{}")],
    ),
    "no index, no ids, two whole calls": (
        [call(None, WHOLE, "", "add"), call(None, WHOLE, "", "add")],
        [("call_0", "add", WHOLE), ("call_1", "add", WHOLE)],
    ),
    "name in every piece": (
        [call(0, '{"a"', "x", "add"), call(0, ": 1}", "x", "add")],
        [("x", "add", WHOLE)],
    ),
    "a new id in every piece": (
        [call(0, '{"a"', "x1", "add"), call(0, ": 1}", "x2")],
        [("x1", "add", WHOLE)],
    ),
    "name in pieces": ([call(0, "", "x", "get_"), call(0, WHOLE, "", "order")], [("x", "get_order", WHOLE)]),
    "name that grows": ([call(0, "", "x", "a"), call(0, WHOLE, "", "add")], [("x", "add", WHOLE)]),
    "two calls with one id": (
        [call(0, WHOLE, "x", "add"), call(1, WHOLE, "x", "add")],
        [("x", "add", WHOLE), ("call_1", "add", WHOLE)],
    ),
    "begins with an empty object": ([call(0, "{}", "x", "add"), call(0, WHOLE)], [("x", "add", WHOLE)]),
    "whole again at the end": (
        [call(0, '{"a"', "x", "add"), call(0, ": 1}"), call(0, WHOLE)],
        [("x", "add", WHOLE)],
    ),
    "one index, no ids, two tools": (
        [call(0, WHOLE, "", "add"), call(0, "{}", "", "now")],
        [("call_0", "add", WHOLE), ("call_1", "now", "{}")],
    ),
    "one index, no ids, one tool": (
        [call(0, WHOLE, "", "add"), call(0, '{"a"', "", "add"), call(0, ": 2}")],
        [("call_0", "add", WHOLE), ("call_1", "add", '{"a": 2}')],
    ),
    "one index, no ids, one tool, whole": (
        [call(0, WHOLE, "", "add"), call(0, '{"a": 2}', "", "add")],
        [("call_0", "add", WHOLE), ("call_1", "add", '{"a": 2}')],
    ),
    "one id, no index, two tools": (
        [call(None, "{}", "x", "now"), call(None, WHOLE, "x", "add")],
        [("x", "now", "{}"), ("call_1", "add", WHOLE)],
    ),
    "an id that is made up is nobody's": (
        [call(0, "{}", "call_1", "now"), call(1, WHOLE, "", "add")],
        [("call_1", "now", "{}"), ("call_2", "add", WHOLE)],
    ),
    "JSON in JSON": ([call(0, '"{\\"a\\": 1}"', "x", "add")], [("x", "add", WHOLE)]),
    "in a fence": ([call(0, "```json\n" + WHOLE + "\n```", "x", "add")], [("x", "add", WHOLE)]),
    "twice in one text": ([call(0, WHOLE * 2, "x", "add")], [("x", "add", WHOLE)]),
    "with a mark behind": ([call(0, f"{WHOLE}</tool_call><|im_end|>", "x", "add")], [("x", "add", WHOLE)]),
    "two calls in one stay broken": ([call(0, f"{WHOLE}{{}}", "x", "add")], [("x", "add", f"{WHOLE}{{}}")]),
    "null": ([call(0, "null", "x", "add")], [("x", "add", "{}")]),
    "an object, twice": (
        [call(0, WHOLE, "x", "add", whole=True), call(0, WHOLE, "x", "add", whole=True)],
        [("x", "add", WHOLE)],
    ),
    "broken stays broken": ([call(0, '{"a": 1,', "x", "add")], [("x", "add", '{"a": 1,')]),
    "half an emoji over two pieces": (
        [call(0, '{"a": "\ud83c', "x", "add"), call(0, '\udf75"}')],
        [("x", "add", '{"a": "\U0001f375"}')],
    ),
    "half an emoji alone": ([call(0, '{"a": "\ud83c"}', "x", "add")], [("x", "add", '{"a": "\ufffd"}')]),
}


@pytest.mark.parametrize(("pieces", "expected"), PIECES.values(), ids=PIECES)
def test_the_pieces_of_calls_are_put_together(pieces, expected):
    assert calls_of(*pieces, tools=[ADD]) == expected


@pytest.mark.parametrize(("index", "id"), [(None, ""), (0, ""), (None, "x"), (0, "x")])
@pytest.mark.parametrize("arguments", ["", "{}"])
def test_each_call_in_one_list_is_its_own_however_it_is_numbered(index, id, arguments):
    unfinished = Unfinished()
    pieces = [call(index, arguments, id, "now"), call(index, WHOLE, id, "add"), call(index, WHOLE, id, "add")]
    unfinished.add(Said(calls=pieces, whole=True, finish="tool_calls"), "m")
    made = unfinished.answer("m").tool_calls
    assert [(one.name, one.arguments) for one in made] == [("now", "{}"), ("add", WHOLE), ("add", WHOLE)]
    assert len({one.id for one in made}) == 3


def test_pieces_that_a_proxy_sent_together_are_of_one_call():
    unfinished = Unfinished()
    together = [call(0, '{"a"', "x", "add"), call(0, ": ", "x", "add"), call(0, "1}", "x", "add")]
    unfinished.add(Said(calls=together), "m")
    unfinished.add(Said(finish="tool_calls"), "m")
    assert [one.arguments for one in unfinished.answer("m").tool_calls] == [WHOLE]


def test_what_else_came_with_a_call_is_kept():
    unfinished = Unfinished()
    unfinished.add(Said(calls=[call(0, "{}", "x", "add", more={"extra_content": {"s": "1"}})]), "m")
    unfinished.add(Said(finish="tool_calls"), "m")
    assert unfinished.answer("m").tool_calls == (ToolCall("x", "add", "{}", {"extra_content": {"s": "1"}}),)


def test_of_a_hundred_thousand_calls_only_a_few_are_kept():
    unfinished = Unfinished()
    for i in range(100_000):
        unfinished.add(Said(calls=[call(i, "", f"c{i}", "f")]), "m")
    unfinished.add(Said(finish="tool_calls"), "m")
    assert len(unfinished.answer("m").tool_calls) == MOST_CALLS


@pytest.mark.parametrize("named", [True, False], ids=["the name again", "an id of its own"])
def test_pieces_that_each_may_be_the_last_take_no_time(named):
    def add():
        unfinished = Unfinished()
        unfinished.add(Said(calls=[call(0, '{"a": "', "x", "f")]), "m")
        for i in range(60_000):
            unfinished.add(Said(calls=[call(0, "}", "x" if named else "yz"[i % 2], "f" * named)]), "m")

    assert cpu_seconds(add, enough=2) < 2


@pytest.mark.parametrize(
    "piece",
    [
        Said("x" * (MAX_TEXT + 1)),
        Said(thoughts="x" * (MAX_TEXT + 1)),
        Said(calls=[call(0, "x" * (MAX_TEXT + 1), "i", "f")]),
        Said(calls=[call(0, "", "i", "x" * (MAX_TEXT + 1))]),
    ],
    ids=["text", "thoughts", "arguments", "name"],
)
def test_what_has_no_end_is_refused(piece):
    with pytest.raises(ModelFailed) as caught:
        Unfinished().add(piece, "m")
    assert caught.value.code == "malformed"
    assert caught.value.retryable


def test_times_are_counted_from_the_question_through_all_tries():
    now = iter([10.0, 11.0, 12.5, 14.0])
    unfinished = Unfinished(clock=lambda: next(now))
    unfinished.add(Said("lost"), "m")
    unfinished.reset()
    unfinished.add(Said("好", finish="stop"), "m")
    answer = unfinished.answer("m")
    assert (answer.text, answer.first_token_ms, answer.ms) == ("好", 2500, 4000)


ENDS = {
    "stop": ("stop", "好"),
    "STOP": ("stop", "好"),
    "end_turn": ("stop", "好"),
    "FinishReason.STOP": ("stop", "好"),
    "a_new_word": ("stop", "好"),
    "tool_calls": ("stop", "好"),
    "length": ("length", "好"),
    "max_tokens": ("length", "好"),
    "MAX_TOKENS": ("length", "好"),
    "model_context_window_exceeded": ("length", "好"),
    "max_tokens_reached": ("length", "好"),
    "token_limit_reached": ("length", "好"),
    "ERROR_LIMIT": ("length", "好"),
}


@pytest.mark.parametrize(("word", "expected"), ENDS.items(), ids=ENDS)
def test_why_an_answer_ended_is_told_in_one_language(word, expected):
    unfinished = Unfinished()
    unfinished.add(Said("好", finish=word), "m")
    answer = unfinished.answer("m")
    assert (answer.finish, answer.text) == expected


FAILED_ENDS = {
    "sensitive": "policy",
    "content_filter": "policy",
    "SAFETY": "policy",
    "PROHIBITED_CONTENT": "policy",
    "refusal": "policy",
    "IMAGE_RECITATION": "policy",
    "MODEL_ARMOR": "policy",
    "unsafe": "policy",
    "MISSING_THOUGHT_SIGNATURE": "malformed",
    "network_error": "malformed",
    "insufficient_system_resource": "malformed",
    "error": "malformed",
    "aborted": "malformed",
    "rate_limit_reached": "malformed",
    "server_busy": "malformed",
    "MALFORMED_FUNCTION_CALL": "malformed",
    "": "malformed",
}


@pytest.mark.parametrize(("word", "code"), FAILED_ENDS.items(), ids=FAILED_ENDS)
def test_half_an_answer_is_never_taken_for_a_whole_one(word, code):
    unfinished = Unfinished()
    unfinished.add(Said("前半段", finish=word), "m")
    with pytest.raises(ModelFailed) as caught:
        unfinished.answer("m")
    assert (caught.value.code, caught.value.retryable) == (code, code == "malformed")


@pytest.mark.parametrize("arguments", ["", '{"a": 1, "b'], ids=["none yet", "half"])
def test_a_call_that_was_cut_by_the_longest_answer_is_not_made(arguments):
    unfinished = Unfinished()
    unfinished.add(Said(calls=[call(0, arguments, "x", "add")], finish="length"), "m")
    with pytest.raises(ModelFailed) as caught:
        unfinished.answer("m")
    assert caught.value.code == "length"


def test_a_tool_that_was_wanted_but_not_named_is_asked_again():
    unfinished = Unfinished(tools=[ADD])
    unfinished.add(Said("我来算一下", finish="tool_calls"), "m")
    with pytest.raises(ModelFailed) as caught:
        unfinished.answer("m")
    assert caught.value.retryable


def test_half_an_emoji_in_one_piece_waits_for_the_other_half():
    heard = []
    unfinished = Unfinished(heard.append)
    for text in ("好\ud83c", "\udf75", "了\ud83c"):
        unfinished.add(Said(text), "m")
    unfinished.add(Said(finish="stop"), "m")
    assert unfinished.answer("m").text == "好\U0001f375了\ufffd"
    assert heard == ["好", "\U0001f375", "了", "\ufffd"]


def test_a_whole_message_behind_its_pieces_is_not_said_twice():
    unfinished = Unfinished()
    for said in (Said("你"), Said("好"), Said("你好！", whole=True, finish="stop")):
        unfinished.add(said, "m")
    assert unfinished.answer("m").text == "你好！"
