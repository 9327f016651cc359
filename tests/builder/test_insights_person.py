"""What is remembered of a person, in the insights: seen, changed, deleted, exported, erased."""

import asyncio
from dataclasses import replace

import pytest
from insights_world import World, asked, drawn, show, words

from runtime.access.actor import Actor
from runtime.access.permissions import Permission
from runtime.person import Note, Summary
from runtime.store.messages import erasures
from runtime.store.messages.beside import reading, writing
from runtime.store.messages.erasing import PIECE
from runtime.store.messages.message_json import dump
from runtime.store.messages.messages import Messages
from runtime.store.messages.people import Face
from runtime.store.messages.people_list import PeopleList
from script import wrote

SECRET = "我对花生过敏"
ANN = Face("shop-1", "ann")


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def remembered(world):
    """Ann said something, and it is remembered; the number of her message."""
    seq = world.message(sender="ann", text=SECRET, reply=f"好，{SECRET}", message=dump(wrote(SECRET)))
    messages = Messages(world.path)

    async def work():
        await messages.remembered.keep(ANN, "shop", Note("忌口", "<b>花生</b>"), 5)
        await messages.remembered.keep(ANN, "shop", Note("称呼", "安"), 6)
        await messages.remembered.sum_up(ANN, Summary(f"聊过{SECRET}", seq), 5)

    asyncio.run(work())
    messages.close()
    return seq


def notes(world):
    return {note.name: (note.value, note.source) for note in PeopleList(world.path).known(ANN).notes}


def press(page, label):
    [button] = [one for one in page.button if one.label.replace("\\", "") == label][:1]
    button.click()
    page.run()
    assert not page.exception


def test_facts_are_seen_changed_added_and_deleted(world):
    seq = remembered(world)
    assert 'href="person' in drawn(show("conversation", id=seq))
    page = show("person", id=seq)
    assert "聊过" in words(page)
    assert [field.value for field in page.text_input] == ["<b>花生</b>", "安", "", ""]
    page.text_input[1].set_value("安妮")
    page.run()
    for place in range(2):  # the other one is as it was, and stays whoever's it is
        page.button(key=f"save_{seq}_{place}").click().run()
    assert notes(world)["称呼"] == ("安妮", "operator")
    press(page, "删除")
    assert set(notes(world)) == {"称呼"}
    page.text_input[-2].set_value("城市")
    page.text_input[-1].set_value("上海")
    press(page, "添加")
    assert notes(world)["城市"] == ("上海", "operator")
    press(page, "删除摘要")
    assert PeopleList(world.path).known(ANN).summary is None


def test_a_person_is_erased_by_who_may_and_is_sure(world):
    seq = remembered(world)
    other = world.message(sender="bob", text="别人的话")
    world.who = Actor("reader", [one for one in Permission if one is not Permission.CONVERSATIONS_ERASE])
    assert "全部删除" not in [one.label for one in show("person", id=seq).button]
    world.who = replace(world.who, permissions=frozenset(Permission))
    page = show("person", id=seq)
    assert "找不回来" in asked(page, "全部删除")
    press(page, "全部删除")
    assert "1 条消息的内容、2 条记住的事" in page.toast[0].value.replace("\\", "")
    left = b"".join(file.read_bytes() for file in world.path.parent.rglob("*") if file.is_file())
    assert "花生".encode() not in left
    assert "别人的话".encode() in left
    assert SECRET not in words(show("conversation", id=seq))
    assert "别人的话" in words(show("conversation", id=other))


def test_how_far_it_is_when_somebody_who_wrote_much_is_erased_and_a_stop(world):
    seqs = [
        world.message(sender="ann", text=f"花生{n}", message=dump(wrote("花生"))) for n in range(2 * PIECE)
    ]
    with writing(world.path) as db:
        left = erasures.begin(db, ANN, 9.0).left
    page = show("person", id=seqs[0])
    assert f"正在删除：{2 * PIECE} 条消息中的 0 条" in str(page.get("progress")[0].proto)
    press(page, "停下")
    with reading(world.path) as db:
        assert left == PIECE
        assert erasures.find(db, ANN).stopped
        assert erasures.go_on(db, ANN) is None
    assert "已停下" in str(page.get("progress")[0].proto)
    assert "停下" not in [button.label for button in page.button]
    page = show("person", id=seqs[0])
    press(page, "全部删除")
    assert world.asked == ["finish_erasing"]
    assert f"正在删除 {2 * PIECE} 条消息的内容" in page.toast[0].value.replace("\\", "")
