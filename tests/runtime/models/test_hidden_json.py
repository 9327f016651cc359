"""Wherever in a question, a tool or an event it stands: hidden, and what no person wrote stays as it is."""

import json

import pytest

from runtime.models.completion import KEPT, Request
from runtime.models.hidden_json import event_hidden, given_by, request_hidden, texts_in
from runtime.safety.masking.personal import KINDS
from runtime.safety.masking.standing import Standing

PHONE, HOME = "13800138000", "杭州市西湖区文三路478号3幢1201室"
ESCAPED = json.dumps({"to": HOME, PHONE: [PHONE]})


def standing():
    return Standing(b"key", frozenset(KINDS))


def sent(*messages, **more):
    request = Request("m", messages, **more)
    said = list(texts_in([request.messages, request.tools, request.schema]))
    return request_hidden(standing(), request, said)


def call(arguments):
    function = {"name": f"f{PHONE}", "arguments": arguments}
    return {"id": PHONE, "type": "function", "function": function, "signature": "s"}


WHERE = {
    "text": {"role": "user", "content": f"打 {PHONE}"},
    "parts": {
        "role": "user",
        "content": [{"type": "text", "text": PHONE}, {"type": "image_url", "image_url": {}}],
    },
    "an address of a picture": {
        "role": "user",
        "content": [{"type": "image_url", "image_url": {"url": f"https://a.example/?to={PHONE}"}}],
    },
    "a tool's result": {"role": "tool", "tool_call_id": "1", "content": f'{{"phone": {PHONE}}}'},
    "json with escapes": {"role": "tool", "tool_call_id": "1", "content": ESCAPED},
    "arguments": {"role": "assistant", "content": "", "tool_calls": [call(json.dumps({"to": PHONE}))]},
    "arguments with escapes": {"role": "assistant", "content": "", "tool_calls": [call(ESCAPED)]},
    "broken arguments": {"role": "assistant", "content": "", "tool_calls": [call(f'{{"to": "{PHONE}')]},
    "thoughts": {"role": "assistant", "content": "", "reasoning_content": f"他的是 {PHONE}"},
}


@pytest.mark.parametrize("where", WHERE)
def test_in_messages(where):
    [*_, message] = sent(WHERE[where]).messages
    told = json.dumps({**message, "tool_calls": []}, ensure_ascii=False)
    told += "".join(one["function"]["arguments"] for one in message.get("tool_calls", ()))
    assert PHONE not in told
    assert HOME not in told.encode().decode("unicode_escape", "ignore")
    assert HOME not in told


def test_what_no_person_wrote_stays():
    kept = {name: {"signature": PHONE} for name in KEPT}
    message = {"role": "assistant", "content": PHONE, "tool_calls": [call("{}")], **kept}
    [_, made] = sent(message).messages
    assert made["tool_calls"] == message["tool_calls"]
    assert {name: made[name] for name in KEPT} == kept


def test_pictures_that_are_in_the_message_stay_and_others_of_nobody():
    parts = [
        {"type": "image_url", "image_url": {"url": url}}
        for url in (f"data:image/png;base64,{PHONE}", f"kept:{PHONE}", "https://a.example/1.png")
    ]
    [message] = sent({"role": "user", "content": parts}).messages
    assert message["content"] == parts


def test_in_tools_and_the_schema():
    schema = {"type": "object", "properties": {"name": {"type": "string", "description": f"像 {PHONE}"}}}
    function = {"name": "ask", "description": f"打 {PHONE}", "parameters": {**schema, "enum": [PHONE]}}
    made = sent(
        {"role": "user", "content": "好"}, tools=[{"type": "function", "function": function}], schema=schema
    )
    told = json.dumps([made.tools, made.schema], ensure_ascii=False)
    assert PHONE not in told
    assert made.tools[0]["function"]["name"] == "ask"
    assert made.schema["properties"]["name"]["type"] == "string"


def test_the_model_is_told_of_marks_only_where_there_are_some():
    own = {"role": "system", "content": "你是客服"}
    assert list(sent(own, {"role": "user", "content": "好"}).messages) == [
        own,
        {"role": "user", "content": "好"},
    ]
    first, _ = sent(own, {"role": "user", "content": PHONE}).messages
    assert first["content"].startswith("你是客服\n\n像 [PHONE-")
    first, _ = sent({"role": "user", "content": PHONE}).messages
    assert first["role"] == "system"


def test_an_event_has_marks_and_its_own_names():
    event = {
        "type": "tool_called",
        "block": "b",
        "ms": 13800138000,
        "arguments": {"id": PHONE, "n": 13800138000},
    }
    made = event_hidden(standing(), event, list(texts_in(event)))
    assert (made["type"], made["block"], made["ms"]) == ("tool_called", "b", 13800138000)
    assert PHONE not in str(made["arguments"])


def test_arguments_are_put_back_at_any_depth():
    one = standing()
    marked = one.hidden(PHONE)
    told = {"to": [marked, {marked: f"打 {marked}"}], "n": 1, "none": None}
    assert given_by(one, told) == {"to": [PHONE, {PHONE: f"打 {PHONE}"}], "n": 1, "none": None}


def test_what_is_too_deep_is_left_out():
    deep = PHONE
    for _ in range(60):
        deep = [deep]
    made = sent({"role": "assistant", "content": "", "more": deep}).messages[-1]
    assert PHONE not in str(made)
