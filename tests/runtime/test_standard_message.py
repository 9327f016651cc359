"""One JSON shape for what comes from any door and goes out by any."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from runtime.answer import AnswerPart
from runtime.errors import Wrong
from runtime.message import Message
from runtime.standard_answer import StandardAnswer, json_schema
from runtime.standard_message import StandardFile, StandardMessage
from runtime.standard_reading import parse, read

NOW = 1_800_000_000.0
SCHEMA = json_schema()


def as_told(model):
    told = json.loads(model.model_dump_json())
    Draft202012Validator(SCHEMA).validate(told)
    name = type(model).__name__
    Draft202012Validator({**SCHEMA["$defs"][name], "$defs": SCHEMA["$defs"]}).validate(told)
    return told


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)
    assert "labels" not in json.dumps(SCHEMA)
    assert not Draft202012Validator(SCHEMA).is_valid({"content": "who?"})
    assert not Draft202012Validator(SCHEMA).is_valid({"sender": {"id": "a"}, "nonsense": 1})


@pytest.mark.parametrize(
    ("told", "sender", "text", "kind"),
    [
        ({"sender": "u1", "content": "你好", "msg_type": "text"}, "u1", "你好", "text"),
        ({"SenderID": "u1", "Content": "hi", "Metadata": {"shop": 3}}, "u1", "hi", "text"),
        ({"sender_id": 7, "text": "hi"}, "7", "hi", "text"),
        ({"user_id": "u1", "message": "hi", "type": "TEXT"}, "u1", "hi", "text"),
        ({"sender": {"id": "u1", "name": "Ann", "vip": True}, "content": 12}, "u1", "12", "text"),
        ({"from": "u1", "msg_type": "audio", "content": "heard"}, "u1", "heard", "voice"),
        ({"sender": "u1", "event": "followed"}, "u1", "", "event"),
        ({"sender": "u1", "event": "message.created", "type": "message", "text": "hi"}, "u1", "hi", "text"),
    ],
)
def test_others_names_are_read(told, sender, text, kind):
    message = read(told)
    as_told(message)
    ours = message.to_message(NOW)
    assert (ours.sender, ours.text, ours.kind, ours.at) == (sender, text, kind, NOW)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ([], ""),
        ("hello", ""),
        ({}, "sender.id"),
        ({"sender": ""}, "sender.id"),
        ({"sender": {"name": "Ann"}}, "sender.id"),
        ({"sender": ["u1"]}, "sender.id"),
        ({"sender": True}, "sender.id"),
        ({"sender": "a\nb"}, "sender.id"),
        ({"sender": "a" * 201}, "sender.id"),
        ({"sender": "u1", "content": ["x"]}, "content"),
        ({"sender": "u1", "content": "x" * 100_001}, "content"),
        ({"sender": "u1", "msg_type": "start"}, "msg_type"),
        ({"sender": "u1", "msg_type": "event", "event": "exploded"}, "event"),
        ({"sender": "u1", "files": [{"kind": "image", "url": "file:///etc/passwd"}]}, "files.0.url"),
        ({"sender": "u1", "files": [{"kind": "image", "hash": "aa"}]}, "files.0.hash"),
        ({"sender": "u1", "files": [{"kind": "image"}] * 11}, "files"),
        ({"sender": "u1", "metadata": {"x": "y" * 17_000}}, "metadata"),
        ({"sender": "u1", "location": {"latitude": 91, "longitude": 0}}, "location.latitude"),
    ],
)
def test_what_is_no_message_is_told_by_its_field(told, field):
    with pytest.raises(Wrong) as wrong:
        read(told)
    assert wrong.value.field == field
    assert wrong.value.text.zh
    assert wrong.value.text.en


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b'{"sender": "u1", "content": "x"', b"[" * 30 + b"]" * 30, b" " * 1_048_577],
)
def test_what_is_no_json_is_refused(content):
    with pytest.raises(Wrong):
        parse(content)


@pytest.mark.parametrize("name", ["files", "picture", "attached", "described", "unseen", "event", "choice"])
def test_whatever_a_stranger_says_stands_for_nothing_of_ours(name):
    """A file that is kept here, what a model saw, what somebody tapped: only the gateway says these."""
    told = {"sender": "u1", "content": "x", "metadata": {name: [{"kind": "image", "hash": "0" * 64}]}}
    data = read(told).to_message(NOW).data
    assert name not in data
    assert data["metadata"] == told["metadata"]


@pytest.mark.parametrize(
    ("said", "at"),
    [(NOW, NOW), (NOW * 1000, NOW), (str(int(NOW)), NOW), ("soon", 0.0), (-1, 0.0), (1e300, 0.0), ([], 0.0)],
)
def test_a_time_is_seconds_or_milliseconds(said, at):
    assert read({"sender": "u1", "timestamp": said}).at == at


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    "id",
    "sender",
    "content",
    "msg_type",
    "at",
    "event",
    "files",
    "location",
    "link",
    "metadata",
    "From",
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), JSON, max_size=8))
def test_anything_is_a_message_or_is_told_why_not(told):
    try:
        message = read(told)
    except Wrong:
        return
    again = StandardMessage.of(message.to_message(NOW))
    assert (again.sender.id, again.content) == (message.sender.id, message.content)


def test_a_message_comes_back_as_it_went():
    sender = {"id": "u1", "name": "Ann", "language": "en"}
    files = [{"kind": "image", "url": "https://shop.example/a.png", "name": "a.png"}]
    told = {"id": "m1", "sender": sender, "content": "look", "msg_type": "image", "at": NOW, "files": files}
    message = read({**told, "metadata": {"shop": 3}})
    assert StandardMessage.of(message.to_message(0.0)) == message


def test_a_credential_of_a_message_is_told_nobody():
    message = Message(
        "m1", "u1", "hi", handle={"code": "sesame"}, data={"attached": [{"kind": "file", "aes": "sesame"}]}
    )
    assert "sesame" not in StandardMessage.of(message).model_dump_json()


def test_what_is_kept_of_a_file_is_told_without_where():
    kept = {"kind": "image", "hash": "0" * 64, "type": "image/png", "bytes": 3, "name": "a\n.png"}
    [file] = StandardMessage.of(Message("m1", "u1", "", "image", data={"files": [kept]})).files
    assert file == StandardFile(kind="image", type="image/png", bytes=3, name="a.png")


def test_an_answer_says_each_part_and_all_in_words():
    parts = [
        AnswerPart("Look"),
        AnswerPart("[picture]", "image", {"url": "https://shop.example/a.png", "title": "tea"}),
        AnswerPart("1. yes", "choices", {"question": "Tea?", "options": [{"text": "yes", "value": "y"}]}),
    ]
    told = as_told(StandardAnswer.of("u1", parts, "k1", "m1"))
    assert told["content"] == "Look\n\n[picture]\n\n1. yes"
    assert [one["msg_type"] for one in told["parts"]] == ["text", "image", "choices"]
    assert told["parts"][1]["url"] == "https://shop.example/a.png"
    assert StandardAnswer.of("u1", parts, "k1", "m1").told() == {
        "id": "k1",
        "to": "u1",
        "in_reply_to": "m1",
        "content": told["content"],
        "parts": [{name: value for name, value in part.items() if value} for part in told["parts"]],
    }
    assert told["parts"][2]["choices"] == [{"text": "yes", "value": "y"}]
