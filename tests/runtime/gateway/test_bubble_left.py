"""A bubble that takes nothing more before the answer is there: only the rest goes another way."""

from types import SimpleNamespace

import pytest

from runtime.channels import Bubble
from runtime.gateway.delivery.pieces import SentBubbles
from runtime.gateway.growing import Growing
from runtime.store.messages.messages import Messages, Outcome
from script import wrote

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.sealed_too]


@pytest.mark.parametrize(
    ("shown", "parts", "left"),
    [
        ("这是一个回答", ["这是一个回答。"], ["。"]),
        ("这是一个回答。", ["这是一个回答。"], []),
        ("这是一个回答。", ["这是一个回答。", "还有。"], ["还有。"]),
        ("别的话", ["这是一个回答。"], ["这是一个回答。"]),
        ("", ["这是一个回答。"], ["这是一个回答。"]),
    ],
)
async def test_what_a_bubble_shows_already_is_not_pushed_once_more(shown, parts, left, tmp_path):
    messages = Messages(tmp_path / "messages.db")
    seq = (await messages.accept("p", wrote(sender="ann"), 1.0)).seq
    await messages.finish(seq, Outcome("".join(parts), 1), parts, 2.0, "answered")
    context = SimpleNamespace(messages=messages, metrics=None, clock=lambda: 3.0)
    over = Growing(Bubble("b", None), frozenset(), 0.0, shown=shown, is_over=True)
    job = SimpleNamespace(seq=seq, lane=("p", "ann"))
    await SentBubbles(context, None, None).finish(job, over)
    assert [one.text for one in await messages.parts.waiting("p", "ann", asked=True)] == left
    messages.close()
