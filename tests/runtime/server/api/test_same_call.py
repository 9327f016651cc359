"""What a program's tools gave names its message: the same is run once, and whatever differs is another."""

from types import SimpleNamespace

import pytest
from starlette.requests import Request

from runtime.message import Exchange
from runtime.server.api.calls import Call
from runtime.server.api.taken_files import SentFile

SCOPE = {"type": "http", "path": "/v1/chat/completions", "query_string": b"", "headers": []}
SAID = {
    "text": "这是什么",
    "pictures": ["https://shop.example/tea.png"],
    "files": [SentFile("file", "a.pdf", "0" * 64, "application/pdf", 3)],
    "history": (Exchange("在吗", "在"),),
    "wishes": {"results": [{"id": "c1", "content": "9"}]},
    "who": {"id": "ann"},
}


def id_of(**other):
    keys = SimpleNamespace(publication=lambda key: SimpleNamespace(id="p"))
    call = Call(Request(SCOPE | {"server": ("shop", 80)}), SimpleNamespace(id="k"), keys, None)
    return call.message(**SAID | other).id


def test_the_same_is_the_same_message():
    assert id_of() == id_of()


@pytest.mark.parametrize(
    "other",
    [
        {"text": "那是什么"},
        {"pictures": []},
        {"files": [SentFile("file", "a.pdf", "1" * 64, "application/pdf", 3)]},
        {"files": []},
        {"history": ()},
        {"wishes": {"results": [{"id": "c1", "content": "8"}]}},
        {"who": {"id": "bob"}},
    ],
    ids=["text", "pictures", "another file", "no file", "history", "results", "who"],
)
def test_whatever_differs_is_another_message(other):
    assert id_of(**other) != id_of()
