"""A server's stream is looked through once, however it is cut: what a server sends keeps nobody waiting."""

import json

import pytest

from cost import cpu_seconds
from runtime.mcp.over_http import _Awaited


def event(**said):
    return f"data: {json.dumps(said)}\n\n".encode()


ANSWER = event(id=2, result={})


def seen(*pieces, id=2):
    """After which piece nothing more is wanted."""
    awaited, so_far = _Awaited(id), bytearray()
    for number, piece in enumerate(pieces):
        so_far += piece
        if awaited(so_far):
            return number
    return None


@pytest.mark.parametrize(
    ("pieces", "after"),
    {
        "it is all": ((ANSWER,), 0),
        "behind a notice": ((event(method="x"), ANSWER, b": ping\n\n"), 1),
        "in pieces": ((ANSWER[:9], ANSWER[9:-1], ANSWER[-1:]), 2),
        "in one piece with what follows": ((ANSWER + event(method="x"),), 0),
        "of another": ((event(id=21, result={}), event(id=1, error={}), event(of={"id": 2})), None),
        "large": ((event(id=2, result={"x": "y" * 100_000}),), 0),
    }.values(),
)  # fmt: skip
def test_the_answer_is_seen_as_soon_as_it_is_there(pieces, after):
    assert seen(*pieces) == after


def test_what_is_no_answer_is_looked_at_once():
    large = event(id=1, x=[{"a": 1}] * 20_000)
    assert cpu_seconds(lambda: seen(large, *[b"\n\n"] * 300), enough=0.1) < 0.1
