"""A chat of the playground, or a real conversation, becomes a test with one click."""

import json
import sqlite3

from builder_world import add
from insights_world import ROW, World

from builder.actions import bound, click
from builder.actions.asking import Asker, asked
from builder.actions.suites import suites
from builder.actions.taken_cases import Talks, keep_chat, keep_conversation
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission
from runtime.agents.library import Library
from runtime.testing.suites import Suites

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


async def test_a_real_conversation_becomes_one_in_which_nobody_is_told_of(tmp_path):
    world = World(tmp_path)
    library = Library(tmp_path / "agents", tmp_path / "none", tmp_path / "data")
    add(type("Studio", (), {"library": library})())
    seqs = []
    for at, text in ((1, "早上好"), (90_000, "我叫陈大文，电话 13912345678"), (90_060, "几点开门？")):
        row = {**ROW, "text": text, "reply": f"好的：{text}", "accepted_at": at, "key": text}
        marks = ",".join("?" * len(row))
        with sqlite3.connect(world.path) as db:
            sql = f"insert into messages({','.join(row)}) values({marks})"
            seqs.append(db.execute(sql, [*row.values()]).lastrowid)
    talks = Talks(world.control, tmp_path)
    actions = bound(talks, keep_conversation)
    asked = {"action": "keep_conversation", "args": {"seq": seqs[-1]}}
    looks = Actor("edits", frozenset({Permission.AGENTS_EDIT}))
    assert (await click(actions, asked, looks))["code"] == "conversations.read"
    kept = await click(actions, asked, OWNER)
    assert (kept["ok"], kept["value"]) == (True, {"agent": "shop", "case": "case-1"})
    [case] = Suites(library.folder, tmp_path / "data").open("shop")[0].cases
    whole = json.dumps(case.model_dump(mode="json"), ensure_ascii=False)
    assert [line.says for line in case.lines] == ["我叫王小明，电话 13800000001", "几点开门？"]
    assert not [one for one in ("陈大文", "139", ROW["sender"]) if one in whole]
