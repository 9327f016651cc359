import json

import pytest

from runtime.models.failures import ErrorResponse
from runtime.models.reading.said import read
from runtime.models.reading.unfinished import Unfinished


def choice(**more):
    return {"index": 0, "delta": {"content": "好"}, "finish_reason": None, **more}


USED = {
    "OpenAI": (
        {
            "prompt_tokens": 20,
            "completion_tokens": 9,
            "total_tokens": 29,
            "prompt_tokens_details": {"cached_tokens": 16},
            "completion_tokens_details": {"reasoning_tokens": 4},
        },
        (20, 9, 16, 4),
    ),
    "xAI counts thoughts apart": (
        {
            "prompt_tokens": 32,
            "completion_tokens": 9,
            "total_tokens": 135,
            "completion_tokens_details": {"reasoning_tokens": 94},
        },
        (32, 103, 0, 94),
    ),
    "Gemini's are only in the sum": (
        {"prompt_tokens": 32, "completion_tokens": 9, "total_tokens": 135},
        (32, 103, 0, 0),
    ),
    "Kimi": (
        {"prompt_tokens": 19, "completion_tokens": 2, "total_tokens": 21, "cached_tokens": 10},
        (19, 2, 10, 0),
    ),
    "DeepSeek": (
        {"prompt_tokens": 19, "completion_tokens": 2, "prompt_cache_hit_tokens": 10},
        (19, 2, 10, 0),
    ),
    "Anthropic counts what it knew apart": (
        {
            "input_tokens": 3,
            "cache_read_input_tokens": 100,
            "cache_creation_input_tokens": 50,
            "output_tokens": 9,
        },
        (153, 9, 100, 0),
    ),
    "a proxy of it, with a sum": (
        {"prompt_tokens": 3, "completion_tokens": 9, "total_tokens": 112, "cache_read_input_tokens": 100},
        (103, 9, 100, 0),
    ),
    "litellm, which has added it": (
        {"prompt_tokens": 103, "completion_tokens": 9, "total_tokens": 112, "cache_read_input_tokens": 100},
        (103, 9, 100, 0),
    ),
    "a sum alone": ({"total_tokens": 30}, (0, 0, 0, 0)),
    "nonsense": ({"prompt_tokens": -1, "completion_tokens": "x", "total_tokens": True}, (0, 0, 0, 0)),
}


@pytest.mark.parametrize(("usage", "expected"), USED.values(), ids=USED)
@pytest.mark.parametrize("inside", [False, True], ids=["of the answer", "of its choice"])
def test_what_was_used_is_counted_as_it_is_paid(usage, expected, inside):
    data = {"choices": [choice(usage=usage)]} if inside else {"choices": [choice()], "usage": usage}
    assert read(data).used == expected


@pytest.mark.parametrize(
    "error",
    [{}, "", None, {"code": "", "message": ""}, {"code": None}, {"code": 0, "message": "ok"}],
    ids=str,
)
@pytest.mark.parametrize("inside", [False, True], ids=["of the answer", "of its choice"])
def test_an_error_of_nothing_is_none(error, inside):
    data = {"choices": [choice(error=error)]} if inside else {"choices": [choice()], "error": error}
    assert read(data).text == "好"


@pytest.mark.parametrize(
    "error",
    ["down", {"message": "down"}, {"code": 502, "message": "down"}, {"type": "server_error"}],
    ids=str,
)
@pytest.mark.parametrize("inside", [False, True], ids=["of the answer", "of its choice"])
def test_an_error_beside_half_an_answer_is_told(error, inside):
    data = {"choices": [choice(error=error)]} if inside else {"choices": [choice()], "error": error}
    with pytest.raises(ErrorResponse) as caught:
        read(data)
    assert "down" in str(caught.value) or "server_error" in str(caught.value)
    assert caught.value.status_code == (502 if "502" in json.dumps(error) else 0)


@pytest.mark.parametrize("data", [None, "", "ping", 1, 0.5, True])
def test_a_word_or_a_number_only_keeps_the_connection_open(data):
    assert read(data).text == ""


NOTHING = {"role": None, "content": "", "tool_calls": None, "reasoning_content": ""}
SAYS = {"role": "assistant", "content": "好"}


@pytest.mark.parametrize(
    ("message", "delta"),
    [(SAYS, NOTHING), (NOTHING, SAYS), (SAYS, None), (None, SAYS), (SAYS, {}), (SAYS, ""), (SAYS, SAYS)],
    ids=str,
)
def test_of_a_message_and_a_delta_the_one_with_words_is_read(message, delta):
    """ModelScope sends both: https://github.com/AstrBotDevs/AstrBot/issues/2544"""
    assert read({"choices": [{"message": message, "delta": delta, "finish_reason": "stop"}]}).text == "好"


@pytest.mark.parametrize(
    "said",
    [["一", "二", "一二三"], ["一", "一二", "一二一二三"]],
    ids=["pieces", "all of it, again and again"],
)
def test_messages_that_come_as_pieces_lose_nothing(said):
    heard = []
    unfinished = Unfinished(heard.append)
    pieces = [{"choices": [{"message": {"role": "assistant", "content": one}}]} for one in said]
    unfinished.read([*pieces, {"choices": [{"message": {"content": ""}, "finish_reason": "stop"}]}], "m")
    assert unfinished.answer("m").text == "".join(heard) == "一二一二三"
