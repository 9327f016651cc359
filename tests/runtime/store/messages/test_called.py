"""Who writes in a conversation of a calling program, as that program says with each message."""

import pytest

from runtime.store.messages.messages import Messages
from runtime.store.messages.people import Face

pytestmark = pytest.mark.usefixtures("engine")

ROOM, ANNS, BOBS = (Face("p", f"key:{name}") for name in ("room", "anns", "bobs"))


async def test_several_who_write_in_one_conversation_stay_who_they_are(tmp_path):
    messages = Messages(tmp_path / "messages.db")

    async def seen(face, user, card=""):
        await messages.remembered.call(face, "a", f"key {user}", 1.0)
        if card:
            await messages.values.put(face, "a", "card", "text", card, 1.0)
        return (await messages.values.read(face, 1, "s"))[0].get("card", "")

    await messages.values.put(ROOM, "a", "card", "text", "before anybody was named", 1.0)
    assert await seen(ROOM, "ann") == "before anybody was named"
    assert await seen(BOBS, "bob", "bob's") == "bob's"
    for _ in range(2):
        assert await seen(ROOM, "ann", "ann's") == "ann's"
        code = await messages.customers.claim("a", "123", 1.0, 60.0)
        assert await messages.customers.bind(ROOM, "a", code, 2.0) == "bound"
        assert await seen(ROOM, "bob") == "bob's"
        assert not await messages.customers.unbind(ROOM)  # what proved who ann is proves nothing of bob
        assert await seen(ROOM, "cara") == ""
        assert await seen(ANNS, "ann") == "ann's"
    messages.close()
