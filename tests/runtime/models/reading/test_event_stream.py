import json
import re

import pytest

from runtime.models.reading.event_stream import LARGEST, USUAL, EventReader, NotJson, Sent, TooLarge

TEA = "茶\U0001f375"
ONE, TWO = {"a": TEA}, {"b": 2}
J = {name: json.dumps(value, ensure_ascii=False) for name, value in (("one", ONE), ("two", TWO))}
PRETTY = "".join(f"data: {line}\n" for line in json.dumps(ONE, ensure_ascii=False, indent=1).split("\n"))

BODIES = {
    "plain": "data: {one}\n\ndata: {two}\n\ndata: [DONE]\n\n",
    "CR LF": "data: {one}\r\n\r\ndata: {two}\r\n\r\ndata: [DONE]\r\n\r\n",
    "CR": "data: {one}\r\rdata: {two}\r\rdata: [DONE]\r\r",
    "ends mixed": "data: {one}\r\n\ndata: {two}\n\r\ndata: [DONE]\r\r",
    "no space": "data:{one}\n\ndata:{two}\n\ndata:[DONE]\n\n",
    "BOM": "\ufeffdata: {one}\n\ndata: {two}\n\ndata: [DONE]\n\n",
    "comments": ": PROCESSING\n\n:\n\ndata: {one}\n\n: ping\ndata: {two}\n\ndata: [DONE]\n\n",
    "other fields": (
        "event: message\nid: 1\nretry: 9\ndata: {one}\n\nid: 2\ndata: {two}\n\nfoo: x\n\ndata: [DONE]\n\n"
    ),
    "empty events": "\n\ndata:\n\ndata: {one}\n\ndata: \n\ndata: {two}\n\ndata: [DONE]\n\n",
    "no last newline": "data: {one}\n\ndata: {two}\n\ndata: [DONE]",
    "no empty lines": "data: {one}\ndata: {two}\ndata: [DONE]\n",
    "several lines": PRETTY.replace("{", "{{").replace("}", "}}") + "\ndata: {two}\n\ndata: [DONE]\n\n",
    "DONE with the last": "data: {one}\n\ndata: {two}\ndata: [DONE]\n\n",
    "more behind DONE": "data: {one}\n\ndata: {two}\n\ndata: [DONE]\n\ndata: {one}\n\n",
    "capitals": "Data: {one}\n\nDATA: {two}\n\ndata: [DONE]\n\n",
    "JSON lines": "{one}\n{two}\ndata: [DONE]\n",
    "data in data": "data: data: {one}\n\ndata: data:{two}\n\ndata: data: [DONE]\n\n",
    "DONE as JSON": 'data: {one}\n\ndata: {two}\n\ndata: "[DONE]"\n\ndata: {one}\n\n',
    "DONE in small letters": "data: {one}\n\ndata: {two}\n\ndata: [done]\n\n",
    "words between": "data: {one}\n\ndata: keep-alive\n\ndata: {two}\n\ndata: [DONE]\n\n",
}
WHOLE = {
    "JSON": "{one}",
    "JSON after white space": "\n  {one}\n",
    "JSON, then DONE": "{one}\ndata: [DONE]\n\n",
    "JSON in lines, then DONE": json.dumps(ONE, indent=2).replace("{", "{{").replace("}", "}}")
    + "\n\ndata: [DONE]\n",
    "JSON with a BOM": "\ufeff{one}",
}
EVENT = 0
"""What comes is an event each, as from nearly all servers."""
SIZES = pytest.mark.parametrize("size", [EVENT, 1, 2, 5, 37, 100_000], ids=lambda size: f"by {size}")


def events_of(body):
    return [piece for piece in re.split(rb"(?<=\n\n)|(?<=\r\r)|(?<=\r\n\r\n)", body) if piece]


def read(body, size):
    reader, found = EventReader(), []
    pieces = (body[start : start + size] for start in range(0, len(body), size)) if size else events_of(body)
    for piece in pieces:
        found += reader.feed(piece)
    return [*found, *reader.end()], reader.done


def body_of(text):
    return text.format(**J).encode()


@SIZES
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_events_are_read_as_the_standard_says_and_more_tolerantly(body, size):
    assert read(body_of(body), size) == ([Sent(ONE), Sent(TWO)], True)


@SIZES
@pytest.mark.parametrize("body", WHOLE.values(), ids=WHOLE)
def test_a_whole_answer_may_come_in_place_of_events(body, size):
    assert read(body_of(body), size) == ([Sent(ONE)], True)


@pytest.mark.parametrize(
    ("piece", "is_usual"),
    [
        ("data: {one}\n\n", True),
        ("data:{one}\n\n", True),
        ("data: {one}\n\ndata: {two}\n\n", False),
        ("data: {one}\n", False),
        ("id: 1\ndata: {one}\n\n", False),
        ("data: [DONE]\n\n", False),
    ],
)
def test_an_event_as_nearly_all_are_is_read_at_one_look(piece, is_usual):
    assert bool(USUAL.fullmatch(body_of(piece))) == is_usual


def test_a_stream_that_is_cut_anywhere_gives_what_was_whole_and_is_not_done():
    body = body_of(BODIES["CR LF"])
    for cut in range(len(body)):
        found, done = read(body[:cut], 7)
        assert found in ([], [Sent(ONE)], [Sent(ONE), Sent(TWO)])
        assert not done or cut >= body.index(b"[DONE]") + 6


def test_an_event_can_say_that_it_is_an_error():
    assert read(b'event: error\ndata: {"message": "bad key"}\n\n', 3)[0] == [
        Sent({"message": "bad key"}, failed=True)
    ]


def test_half_an_emoji_in_an_event_stays_half():
    assert read(b'data: {"a": "\\ud83c"}\n\n', 3)[0] == [Sent({"a": "\ud83c"})]


def test_null_is_an_event_without_anything():
    assert read(b"data: null\n\ndata: [DONE]\n\n", 100) == ([Sent(None)], True)


def test_an_event_is_there_as_soon_as_it_is_complete():
    reader = EventReader()
    assert reader.feed(b"data: 1\n\nda") == [Sent(1)]
    assert reader.feed(b"ta: {}\n") == []
    assert reader.feed(b"\n") == [Sent({})]
    assert not reader.done
    reader.feed(b"data: [DONE]\n")
    assert reader.done


def test_a_whole_answer_is_known_although_the_server_does_not_close():
    reader = EventReader()
    reader.feed(b'{"a": ')
    assert reader.whole() is None
    reader.feed(b"1}")
    assert reader.whole() == [Sent({"a": 1})]


@pytest.mark.parametrize(
    ("body", "page"),
    [
        (b"<!doctype html><p>hi</p>", True),
        (b"hello", False),
        (b'{"choices": [', False),
        (b"data: {x}\n\n", False),
    ],
)
def test_what_is_neither_is_said_so(body, page):
    with pytest.raises(NotJson) as caught:
        read(body, 5)
    assert caught.value.page == page


def test_nothing_is_nothing():
    assert read(b"", 1) == ([], False)
    assert read(b"\n \n", 1) == ([], False)


@pytest.mark.parametrize("head", [b"data: ", b"{", b"data: x\n", b": "])
def test_what_has_no_end_is_not_read_to_its_end(head):
    reader = EventReader()
    piece = b"data: " + b"x" * 2_000 + b"\n" if head.endswith(b"\n") else b"x" * 80_000
    reader.feed(head)
    pieces = [piece] * (LARGEST // len(piece) + 10)
    with pytest.raises(TooLarge):
        list(map(reader.feed, pieces))
