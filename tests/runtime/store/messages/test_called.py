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


async def test_who_parts_from_elsewhere_stays_apart_in_all_their_conversations(tmp_path):
    messages, remembered = (made := Messages(tmp_path / "messages.db")), made.remembered
    away, again = Face("w", "ann"), Face("p", "key:again")

    async def cards(*faces):
        for face in faces:
            if face.publication == "p":
                await remembered.call(face, "a", "key ann", 3.0)
        return [(await messages.values.read(face, 1, "s"))[0].get("card", "") for face in faces]

    await messages.values.put(away, "a", "card", "text", "ann's", 1.0)
    await cards(ANNS, again)
    assert not await remembered.part(ANNS, "a", 2.0, "key ann"), "all is theirs"
    code = await remembered.give_code(away, "a", 2.0)
    assert await remembered.take_code(ANNS, "a", code, 2.0) == "joined"
    assert await cards(ANNS, again, away) == ["ann's"] * 3
    assert await remembered.part(ANNS, "a", 4.0, "key ann")
    assert await cards(ANNS, again, away) == ["", "", "ann's"]
    assert not await remembered.part(ANNS, "a", 5.0, "key ann")
    code = await remembered.give_code(away, "a", 6.0)
    assert await remembered.take_code(ANNS, "a", code, 6.0) == "joined"
    assert await cards(ANNS, again) == ["ann's"] * 2
    assert await remembered.part(away, "a", 7.0)
    assert await remembered.part(ANNS, "a", 8.0, "key ann")
    assert await cards(ANNS, again, away) == [""] * 3
    people = await messages.database.read(lambda db: db.execute("select count(*) from people").fetchone()[0])
    assert people == 2, "what nobody can hear of any more is gone"
    messages.close()
