"""Chats of the playground: kept by the server as a tree of turns, none of which is lost by going back."""

import json
from contextlib import aclosing
from dataclasses import replace

import pytest
from builder_world import ASK, add

from builder.actions import chat_events, chats, variants
from builder.actions.asking import START, Asker, asked, shown
from builder.actions.history import begin_anew
from builder.actions.side_by_side import columns, side_by_side
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission
from runtime.errors import NotFound
from runtime.trying import kept_chat, kept_chats
from runtime.trying.kept_chat import KeptChat, new_turn
from script import DOWN, says

WHO = Asker("shop", OWNER.id)
OTHER = Actor("somebody", frozenset(Permission))


async def ask(studio, text, who=WHO):
    """Where the chat stands after the answer."""
    async with aclosing(asked(studio, who, text, ())) as states:
        *_, last = [state async for state in states]
    return replace(who, chat=last.result["chat"], tip=last.result["tip"])


def words(state):
    return [one["content"] for one in state.said if (one.get("metadata") or {}).get("id") in (None, "answer")]


def ways(studio, who):
    return [(one["question"], one["chosen"], len(one["ends"])) for one in shown(studio, who).result["forks"]]


async def test_one_goes_back_and_on_another_way_and_each_way_stays(studio, script):
    add(studio, ASK)
    script.answers = [says(one) for one in ("甲", "乙", "丙", "丁", "戊")]
    first = await ask(studio, "一")
    second = await ask(studio, "二", first)
    # edited: the second question in other words; the first answer is known, the second is not
    text, files, at = chat_events.otherwise(studio, second, len(shown(studio, first).said), "二改")
    edited = await ask(studio, text, replace(second, tip=at))
    assert (text, files, at) == ("二改", [], first.tip)
    assert [m["content"] for m in script.requests[-1].messages[1:]] == ["一", "甲", "二改"]
    assert words(shown(studio, edited)) == ["一", "甲", "二改", "丙"]
    assert ways(studio, edited) == [("二改", 1, 2)]
    # back to the first way, which is as it was
    other = replace(edited, tip=shown(studio, edited).result["forks"][0]["ends"][0])
    assert words(shown(studio, other)) == ["一", "甲", "二", "乙"]
    # asked again
    text, _, at = chat_events.again(studio, other, len(shown(studio, other).said) - 1)
    assert (text, at) == ("二", first.tip)
    third = await ask(studio, text, replace(other, tip=at))
    assert ways(studio, third) == [("二", 2, 3)]
    # taken back, twice: to before the first line, and the question is there to be written again
    before, line = chat_events.back(studio, third)
    assert (before.tip, line) == (first.tip, ("二", []))
    assert ways(studio, before) == [("二", -1, 3)]
    start, line = chat_events.back(studio, before)
    assert (start.tip, line, words(shown(studio, start))) == (START, ("一", []), [])
    anew = await ask(studio, "零", start)
    assert words(shown(studio, anew)) == ["零", "戊"]
    assert ways(studio, anew) == [("零", 1, 2)]
    assert chat_events.back(studio, start) == (start, ("", []))


async def test_a_chat_is_there_after_a_restart_for_whoever_had_it_and_for_nobody_else(studio, script):
    add(studio, ASK)
    script.answers = [says("甲"), DOWN]
    who = await ask(studio, "几点开门？")
    kept_chats._UNSAVED.clear()
    await ask(studio, "然后呢", who)
    (head,) = chats.chats(studio, OWNER, "shop")
    assert (head["name"], head["turns"]) == ("几点开门？", 2)
    assert words(shown(studio, Asker("shop", OWNER.id, who.chat)))[:2] == ["几点开门？", "甲"]
    assert chats.chats(studio, OTHER, "shop") == []
    assert shown(studio, Asker("shop", OTHER.id, who.chat)).said == []
    for id in ("../../control", "", "x" * 32, who.chat.upper()):
        assert shown(studio, Asker("shop", OWNER.id, id)).said == []
        with pytest.raises(NotFound):
            chats.export_chat(studio, OWNER, "shop", id)
    with pytest.raises(NotFound):
        chats.chats(studio, OWNER, "../shop")


async def test_chats_are_named_found_deleted_and_had_back(studio, script):
    add(studio, ASK)
    script.answers = [says("九点"), says("在二楼")]
    open, where = await ask(studio, "几点开门？"), await ask(studio, "在哪里？")
    chats.rename_chat(studio, OWNER, "shop", where.chat, "  位置\n问题 ")
    assert [one["name"] for one in chats.chats(studio, OWNER, "shop")] == ["位置 问题", "几点开门？"]
    for word, found in (("二楼", [where.chat]), ("开门", [open.chat]), ("没有", []), ("问题", [where.chat])):
        assert [one["id"] for one in chats.chats(studio, OWNER, "shop", word)] == found
    chats.delete_chat(studio, OWNER, "shop", open.chat)
    assert [one["id"] for one in chats.chats(studio, OWNER, "shop")] == [where.chat]
    assert shown(studio, open).said == []
    chats.restore_chat(studio, OWNER, "shop", open.chat)
    assert words(shown(studio, open)) == ["几点开门？", "九点"]
    begin_anew(studio, "shop")  # another agent has the id now
    assert chats.chats(studio, OWNER, "shop") == []


async def test_a_thumb_and_a_note_are_kept_with_the_turn_and_taken_along(studio, script):
    add(studio, ASK)
    script.answers = [says("九点"), says("八点")]
    who = await ask(studio, "几点？")
    assert chat_events.liked(studio, who, len(shown(studio, who).said) - 1, False)["good"] is False
    chats.rate(studio, OWNER, "shop", who.chat, who.tip, False, "应该说八点")
    assert shown(studio, who).ratings == ["Dislike"]
    (told,) = chats.feedback(studio, OWNER, "shop")
    expected = {"good": False, "note": "应该说八点", "question": "几点？", "answer": "九点", "before": []}
    assert expected.items() <= told.items()
    again = await ask(studio, "几点？", replace(who, tip=START))
    assert shown(studio, again).ratings == [None]  # another answer at the same place
    chat_events.liked(studio, who, 0, None)
    assert chats.feedback(studio, OWNER, "shop") == []
    for gone in (replace(who, chat="f" * 32), replace(who, tip="gone")):
        assert chat_events.liked(studio, gone, 0, True)["turn"] == ""


async def test_several_answer_side_by_side_each_with_its_own_trace_and_the_better_one_goes_on(studio, script):
    add(studio, {**ASK, "model": "script/one", "fallbacks": ["script/spare"]})
    script.answers = [says("甲"), says("乙"), says("丙"), says("丁")]
    given = {"agent": "shop", "columns": [{"model": ""}, {"model": "script/two", "name": "二号"}]}

    async def both(askers, text):
        last = {}
        async with aclosing(side_by_side(studio, [(who, text, ()) for who in askers])) as found:
            async for new in found:
                last |= new
        return [last[place] for place in range(len(askers))]

    states = await both(columns(OWNER, given), "几点？")
    asked_of = {request.model: list(request.fallbacks) for request in script.requests}
    assert asked_of == {"script/one": ["script/spare"], "script/two": []}
    assert {words(state)[-1] for state in states} == {"甲", "乙"}
    assert [state.usage["over"] for state in states] == [True, True]
    assert all(any(event["type"] == "model_asked" for event in state.result["events"]) for state in states)
    chat, better = states[0].result["chat"], states[1].result["tip"]
    assert {state.result["chat"] for state in states} == {chat}
    chats.choose(studio, OWNER, "shop", chat, better)
    kept = chats.export_chat(studio, OWNER, "shop", chat)
    assert kept["tip"] == better
    assert [(one["tried"].get("name"), one["chosen"]) for one in kept["turns"]] == [
        ("", False),
        ("二号", True),
    ]
    given |= {"chat": chat, "columns": [{**one, "tip": better} for one in given["columns"]]}
    states = await both(columns(OWNER, given), "然后？")
    assert {words(state)[1] for state in states} == {
        words(shown(studio, Asker("shop", OWNER.id, chat, better)))[1]
    }
    assert len(columns(OWNER, {"columns": [{}] * 9})) == 4
    assert columns(OWNER, {"columns": [{}]}) == []


def test_a_version_answers_as_it_was_and_the_draft_stays(studio):
    from builder.actions.history import history

    add(studio, {**ASK, "prompt": {"text": "新"}})
    old = studio.library.get("shop").agent.to_json()
    old["flow"][0]["prompt"]["text"] = "旧"
    key = history(studio).keep("shop", old, 1.0)
    found = variants.variant(studio, "shop", {"version": key, "model": "demo/hongyan"})
    assert [(block.prompt.text, block.model) for _, block in found.walk()] == [("旧", "demo/hongyan")]
    assert studio.library.get("shop").agent.to_json()["flow"][0]["prompt"]["text"] == "新"
    with pytest.raises(NotFound):
        variants.variant(studio, "shop", {"version": "gone"})


async def test_what_was_said_is_kept_bounded_and_nothing_is_lost_when_the_disk_is_full(
    studio, script, monkeypatch
):
    chat = KeptChat.new("shop", "owner", 1.0)
    monkeypatch.setattr(kept_chat, "LARGEST", 40_000)
    for n in range(60):
        turn = new_turn(chat.tip, [{"role": "user", "content": f"{n}" * 400}], float(n))
        turn.events = [{"type": "model_asked", "messages": ["x" * 2000]}]
        chat.add(turn)
    assert len(json.dumps(chat.to_json(), ensure_ascii=False)) < 45_000
    assert chat.path()[-1].question.startswith("59")
    assert len(chat.path()) == len(chat.turns) > 20
    monkeypatch.setattr(kept_chats, "MOST", 2)
    add(studio, ASK)
    for text in ("一", "二", "三"):
        who = await ask(studio, text)
    assert [one["name"] for one in chats.chats(studio, OWNER, "shop")] == ["三", "二"]
    monkeypatch.setattr(kept_chats, "write_whole", full)
    further = await ask(studio, "四", who)
    assert [m["content"] for m in script.requests[-1].messages[1:]] == ["三", "好的", "四"]
    assert shown(studio, further).said


def full(path, content, mode):
    from runtime.errors import NotSaved
    from runtime.lang import Text

    raise NotSaved(Text("磁盘满了", "the disk is full"))


def test_a_chat_that_only_a_browser_had_is_taken_over(studio):
    add(studio)
    said = [
        {"role": "user", "content": "一"},
        {"role": "assistant", "content": "甲", "metadata": {"id": "answer", "evil": {"x": 1}}},
        {"role": "user", "content": "二"},
        7,
    ]
    chat = chats.take_over(studio, OWNER, "shop", said)
    assert words(shown(studio, Asker("shop", OWNER.id, chat))) == ["一", "甲", "二"]
    assert chats.take_over(studio, OWNER, "shop", [{"role": "assistant", "content": "x"}]) == ""
