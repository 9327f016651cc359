"""A message that is sent once more is the same one if it says the same, whatever address it came by."""

from dataclasses import replace

import pytest

from runtime.message import WAY, Message
from runtime.store.messages.asked import Asked
from runtime.store.messages.messages import Messages

FIRST = Message("m1", "key:c1", "在吗", at=1.0, data={WAY: "/agent/ws"})


@pytest.mark.parametrize(
    ("again", "same"),
    [
        (replace(FIRST, at=9.0), True),
        (replace(FIRST, data={WAY: "/agent/chat"}), True),
        (replace(FIRST, data={}), True),
        (replace(FIRST, data={WAY: "/agent/ws", "url": "https://a.example/b.png"}), False),
        (replace(FIRST, text="在？"), False),
        (replace(FIRST, who={"id": "7"}), False),
    ],
)
async def test_what_is_sent_again_says_the_same(tmp_path, again, same):
    store = Messages(tmp_path / "messages.db")
    try:
        accepted = await store.accept("p", FIRST, 1.0, 3)
        assert await Asked(store.database).is_same(accepted.seq, again) is same
    finally:
        store.close()
