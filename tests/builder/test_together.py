"""Two people at one agent see each other, and neither loses work."""

import pytest
from builder_world import SAY, add

from builder.actions import build, together
from runtime.access.actor import OWNER
from runtime.errors import Conflict

MORE = {"type": "reply", "id": "more", "title": "再说一句", "text": "嗯"}


async def test_who_is_here_and_on_which_block_is_heard_until_they_go(studio, monkeypatch):
    add(studio)
    assert (await together.here(studio, OWNER, "shop", "one", "say"))["others"] == []
    found = await together.here(studio, OWNER, "shop", "two")
    assert found["others"] == [{"window": "one", "by": OWNER.id, "block": "say"}]
    assert found["revision"] == build.open_agent(studio, "shop")["revision"]
    await together.here(studio, OWNER, "shop", "three", leaves=True)
    assert [one["window"] for one in (await together.here(studio, OWNER, "shop", "two"))["others"]] == ["one"]
    await together.here(studio, OWNER, "shop", "one", leaves=True)
    assert (await together.here(studio, OWNER, "shop", "two"))["others"] == []
    await together.here(studio, OWNER, "shop", "one", "say")
    later = together.time.time() + together.GONE
    monkeypatch.setattr(together.time, "time", lambda: later)
    assert (await together.here(studio, OWNER, "shop", "two"))["others"] == []


def test_two_who_began_with_the_same_both_keep_their_work(studio):
    add(studio, SAY, MORE)
    opened = build.open_agent(studio, "shop")
    base, revision = opened["data"], opened["revision"]
    theirs = {**base, "flow": [{**base["flow"][0], "text": "他"}, base["flow"][1]]}
    build.save(studio, OWNER, "shop", theirs, revision)
    mine = {
        **base,
        "flow": [base["flow"][0], {**base["flow"][1], "text": "我", "when": None}],
        "keywords": [],
    }
    with pytest.raises(Conflict):
        build.save(studio, OWNER, "shop", mine, revision)

    met = together.merge(studio, "shop", base, mine, {})
    assert met["clashes"] == []
    build.save(studio, OWNER, "shop", met["data"], met["revision"])
    assert [block["text"] for block in build.open_agent(studio, "shop")["data"]["flow"]] == ["他", "我"]


def test_the_same_field_is_told_with_both_texts_and_nothing_is_saved_until_one_is_chosen(studio):
    add(studio)
    opened = build.open_agent(studio, "shop")
    base = opened["data"]
    said = {text: {**base, "flow": [{**base["flow"][0], "text": text}]} for text in ("我", "他")}
    build.save(studio, OWNER, "shop", said["他"], opened["revision"])
    (clash,) = together.merge(studio, "shop", base, said["我"], {})["clashes"]
    assert (clash["key"], clash["mine"], clash["theirs"]) == ("say/text", "我", "他")
    assert clash["pieces"]["mine"] == [("-", "好"), ("+", "我")]
    assert build.open_agent(studio, "shop")["data"] == said["他"]
    for side, text in (("mine", "我"), ("theirs", "他")):
        met = together.merge(studio, "shop", base, said["我"], {clash["key"]: side})
        assert (met["clashes"], met["data"]["flow"][0]["text"]) == ([], text)
