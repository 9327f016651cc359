import pytest

from runtime.completion import ToolCall
from runtime.draft import MAX_TEXT, Delta, Draft, Function, ToolCallDelta
from runtime.errors import ModelFailed


def said(content=None, calls=(), reasoning=None):
    return Delta(content=content, tool_calls=list(calls), reasoning_content=reasoning)


def call(index, arguments, id=None, name=None):
    return ToolCallDelta(index=index, id=id, function=Function(name=name, arguments=arguments))


def test_calls_that_a_server_gives_the_same_index_are_told_apart_by_their_ids():
    draft = Draft()
    for id, arguments in (("x", '{"a"'), (None, ": 1}"), ("y", "{}")):
        draft.add(said(calls=[call(0, arguments, id, "add" if id else None)]), "m")
    answer = draft.answer("m", "tool_calls", None, None)
    assert answer.tool_calls == (ToolCall("x", "add", '{"a": 1}'), ToolCall("y", "add", "{}"))


def test_calls_whose_pieces_alternate_are_put_together_by_index():
    draft = Draft()
    pieces = [call(0, "{", "x", "f"), call(1, "[", "y", "g"), call(0, "}"), call(1, "]")]
    for piece in pieces:
        draft.add(said(calls=[piece]), "m")
    assert [c.arguments for c in draft.answer("m", "tool_calls", None, None).tool_calls] == ["{}", "[]"]


def test_a_call_without_an_id_gets_one():
    draft = Draft()
    draft.add(said(calls=[call(None, None, None, "f")]), "m")
    assert draft.answer("m", "stop", None, None).tool_calls == (ToolCall("call_0", "f", "{}"),)


@pytest.mark.parametrize(
    "piece",
    [
        said("x" * (MAX_TEXT + 1)),
        said(calls=[call(0, "x" * (MAX_TEXT + 1), "i", "f")]),
    ],
    ids=["text without end", "arguments without end"],
)
def test_what_has_no_end_is_refused(piece):
    with pytest.raises(ModelFailed) as caught:
        Draft().add(piece, "m")
    assert caught.value.code == "malformed"
    assert caught.value.retryable


def test_times_are_counted_from_the_question_through_all_tries():
    now = iter([10.0, 11.0, 12.5, 14.0])
    draft = Draft(clock=lambda: next(now))
    draft.add(said("lost"), "m")
    draft.reset()
    draft.add(said("好"), "m")
    answer = draft.answer("m", "stop", None, None)
    assert (answer.text, answer.first_token_ms, answer.ms) == ("好", 2500, 4000)
