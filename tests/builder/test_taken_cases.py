"""A chat of the playground, or a real conversation, becomes a test with one click."""

import asyncio
import io
import json
import sqlite3

import pytest
from builder_world import add
from insights_world import ROW

from builder.actions import bound, click
from builder.actions.asking import Asker, asked
from builder.actions.chat_events import question
from builder.actions.chats import kept_of
from builder.actions.real_cases import keep_talk, talk
from builder.actions.sent_files import keep_file, shown_message
from builder.actions.suites import suites
from builder.actions.taken_cases import Talks, keep_chat, keep_rated
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission
from runtime.agents.beside import LARGEST, files_folder
from runtime.agents.library import Library
from runtime.store.control.records import Publication
from runtime.store.messages.messages import Messages
from runtime.testing.taken_along import exported, imported

BOOK = {"id": "book", "type": "tool", "tool": {"type": "clock", "name": "now_is"}}
SAY = {"id": "say", "type": "reply", "text": "订好了：{{ message.text }}"}


async def test_what_tools_gave_in_the_chat_is_in_the_test(studio):
    add(studio, BOOK, SAY)
    chat, tip = "", ""
    for text in ("订位", "明天"):
        who = Asker("shop", OWNER.id, chat=chat, tip=tip)
        shown = [one async for one in asked(studio, who, text, [])]
        chat, tip = shown[-1].result["chat"], shown[-1].result["tip"]
    kept = await keep_chat(studio, OWNER, "shop", chat, tip)
    [case] = suites(studio).open("shop")[0].cases
    assert (case.id, kept.value) == ("case-1", {"case": "case-1"})
    assert [line.says for line in case.lines] == ["订位", "明天"]
    assert [one.tool for one in case.tools] == ["now_is", "now_is"]
    assert [one.type for one in case.lines[0].checks] == ["calls", "contains"]
    assert case.at is not None


@pytest.fixture
def real(studio):
    """Real messages of the agent "shop": `write(at, text, files)` tells its number."""
    add(studio, BOOK, SAY)
    studio.control.save_publication(
        Publication(id="shop-1", agent="shop", channel="wechat", version=1, created_at=0)
    )
    studio.control.freeze("shop-1", {"id": "shop", "name": "茶铺"})
    path = studio.settings.data / "messages.db"
    Messages(path).close()

    def write(at, text, files=(), reply="好的"):
        told = json.dumps({"data": {"files": list(files)}})
        row = {**ROW, "text": text, "reply": reply, "accepted_at": at, "key": f"{at}", "message": told}
        marks = ",".join("?" * len(row))
        with sqlite3.connect(path) as db:
            sql = f"insert into messages({','.join(row)}) values({marks})"
            return db.execute(sql, [*row.values()]).lastrowid

    return write


async def clicked(studio, action, who=OWNER, **given):
    return await click(bound(studio, talk, keep_talk), {"action": action, "args": given}, who)


async def test_a_real_conversation_becomes_one_in_which_nobody_is_told_of(studio, real):
    for at, text in ((1, "早上好"), (90_000, "我叫陈大文，电话 13912345678")):
        real(at, text, reply=f"好的：{text}")
    seq = real(90_060, "几点开门？")
    looks = Actor("edits", frozenset({Permission.AGENTS_EDIT}))
    for action in ("talk", "keep_talk"):
        assert (await clicked(studio, action, looks, seq=seq))["code"] == "conversations.read"
    kept = await clicked(studio, "keep_talk", seq=seq)
    assert (kept["ok"], kept["value"]) == (True, {"agent": "shop", "case": "case-1"})
    [case] = suites(studio).open("shop")[0].cases
    whole = json.dumps(case.model_dump(mode="json"), ensure_ascii=False)
    assert [line.says for line in case.lines] == ["我叫王小明，电话 13800000001", "几点开门？"]
    assert not [one for one in ("陈大文", "139", ROW["sender"]) if one in whole]


async def test_it_is_shown_before_it_is_kept_and_what_rules_missed_is_replaced_too(studio, real):
    real(10, "我叫陈大文，帮丫丫订 7 号桌")
    seq = real(20, "丫丫要靠窗", reply="给丫丫留好了")
    shown = (await clicked(studio, "talk", seq=seq))["value"]
    assert shown["replaced"] == [{"was": "陈大文", "instead": "王小明"}]
    assert "丫丫" in shown["case"]["lines"][0]["says"]
    more = (await clicked(studio, "talk", seq=seq, also=["丫丫", "7 号", "x"]))["value"]
    assert {one["was"] for one in more["replaced"]} == {"陈大文", "丫丫", "7 号"}
    assert suites(studio).open("shop")[0].cases == []  # nothing is kept yet
    await clicked(studio, "keep_talk", seq=seq, also=["丫丫", "7 号", "x"])
    [case] = suites(studio).open("shop")[0].cases
    whole = json.dumps(case.model_dump(mode="json"), ensure_ascii=False)
    assert not [one for one in ("丫丫", "7 号", "陈大文") if one in whole]


async def test_its_files_come_with_it_byte_for_byte_and_go_along_where_it_is_handed_on(
    studio, real, tmp_path
):
    def kept(name, content):
        hash = asyncio.run(studio.senses.kept.keep(content))
        return {"name": name, "kind": "image", "hash": hash}

    picture, voice = b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"#!AMR\n" + bytes(300)
    large, gone = b"\x89PNG" + bytes(LARGEST), {"name": "没了.png", "kind": "image", "hash": "0" * 64}
    files = await asyncio.to_thread(
        lambda: [kept("王大力的票.png", picture), kept("话.amr", voice), kept("大.png", large), gone]
    )
    left_out = files[1]["hash"]
    real(10, "", [gone])
    seq = real(20, "我是王大力", files)
    shown = (await clicked(studio, "talk", seq=seq, without=[left_out]))["value"]
    assert [one["lost"] for one in shown["files"]] == ["gone", "", "left_out", "too_large", "gone"]
    await clicked(studio, "keep_talk", seq=seq)
    [case] = suites(studio).open("shop")[0].cases
    assert case.lines[0].says == "📎 没了.png"
    assert case.lines[1].files == ["李小红的票.png", "话.amr"]
    assert case.lines[1].lacks == ["大.png", "没了.png"]
    handed_on = exported(studio.library, "shop", studio.settings.data)
    other = Library(tmp_path / "other", tmp_path / "none", tmp_path / "other-data")
    brought = imported(other, handed_on, tmp_path / "other-data", lambda agent: agent)
    folder = files_folder(brought.id, other.folder)
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == {
        "李小红的票.png": picture,
        "话.amr": voice,
    }


async def test_files_of_a_rated_turn_are_in_its_test(studio):
    add(studio, SAY)
    content = "一张票".encode()
    kept = await keep_file(studio, "票.txt", io.BytesIO(content))
    gone = await keep_file(studio, "没了.txt", io.BytesIO(b"gone"))
    who = Asker("shop", OWNER.id)
    shown = [one async for one in asked(studio, who, "看看", [kept, gone])]
    chat, tip = shown[-1].result["chat"], shown[-1].result["tip"]
    studio.senses.kept.remove_now([gone["hash"]])
    kept_of(studio, OWNER.id, "shop").rate(chat, tip, False, "")
    for click_it in (
        lambda: keep_rated(Talks(studio.control, studio.settings.data), OWNER, "shop", chat, tip),
        lambda: asyncio.run(keep_chat(studio, OWNER, "shop", chat, tip)),
    ):
        made = (await asyncio.to_thread(click_it)).value["case"]
        case = next(one for one in suites(studio).open("shop")[0].cases if one.id == made)
        assert [(line.says, line.files, line.lacks) for line in case.lines] == [
            ("看看", ["票.txt"], ["没了.txt"])
        ]
    assert (files_folder("shop", studio.library.folder) / "票.txt").read_bytes() == content


async def test_a_file_that_was_gone_when_it_was_sent_is_named_as_lacking_and_is_no_words(studio):
    add(studio, SAY)
    here = await keep_file(studio, "票.txt", io.BytesIO("一张票".encode()))
    gone = await keep_file(studio, "没了.txt", io.BytesIO(b"gone"))
    studio.senses.kept.remove_now([gone["hash"]])
    who = Asker("shop", OWNER.id)
    shown = [one async for one in asked(studio, who, "看看", [gone, here])]
    chat, tip = shown[-1].result["chat"], shown[-1].result["tip"]
    made = (await keep_chat(studio, OWNER, "shop", chat, tip)).value["case"]
    [case] = [one for one in suites(studio).open("shop")[0].cases if one.id == made]
    assert [(line.says, line.files, line.lacks) for line in case.lines] == [
        ("看看", ["票.txt"], ["没了.txt"])
    ]
    turn = kept_of(studio, OWNER.id, "shop").find(chat).turns[tip]
    assert question(turn) == ("看看", [here])  # what is written again has no file that is not there
    seen = shown_message(turn.said[0])
    assert (seen["content"], [one["name"] for one in seen["files"]]) == ("📎 没了.txt\n看看", ["票.txt"])
