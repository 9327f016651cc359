"""The insights' pages, run by Streamlit without a browser."""

import asyncio
import json
import re
import sqlite3
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
import streamlit as st
from insights_world import World, asked, column, drawn, figures, show, text, words

from builder import texts
from builder.insights import _names
from builder.insights.desk import desk, place
from runtime.access.actor import Actor
from runtime.access.permissions import Permission
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.message import Message
from runtime.shared import Wanted
from runtime.store.messages.beside import writing
from runtime.store.messages.messages import Messages
from runtime.store.messages.people import Face
from runtime.store.messages.ratings import answer_mark
from runtime.store.messages.shared_list import SharedList
from runtime.store.messages.switching import switch

NASTY = "<img src=x onerror=alert(1)> ![x](http://evil.example/x.png) [link](javascript:alert(1)) $x$ :smile:"
MESSAGE, RESULT = 1, 3
"""Columns of the list."""
TRACE = [
    {"type": "block_started", "block": "answer", "kind": "model", "title": NASTY},
    {"type": "tool_called", "block": "answer", "call": "1", "name": "get_order",
     "arguments": {"order": "A1"}},
    {"type": "tool_returned", "block": "answer", "call": "1", "name": "get_order", "ms": 120, "result": NASTY,
     "failed": False},
    {"type": "model_used", "block": "answer", "model": "deepseek/deepseek-chat", "prompt_tokens": 900,
     "completion_tokens": 80, "cost": None, "first_token_ms": 400, "ms": 2600},
    {"type": "block_finished", "block": "answer", "kind": "model", "ms": 2900, "output": {"text": "好"}},
]  # fmt: skip


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


@pytest.mark.parametrize("name", ["overview", "conversations"])
def test_without_messages_the_next_step_is_offered(world, name):
    page = show(name)
    assert "还没有收到消息" in words(page)
    assert 'href="../publish"' in drawn(page)


def test_a_period_without_messages_says_so(world):
    world.message(at=time.time() - 60 * 86_400)
    assert "这段时间没有消息" in words(show())


def test_the_overview_counts_messages_people_failures_and_cost(world):
    world.message([(1, "pushed", "0")])
    world.message([(3, "carried", "0")], sender="o-another")
    world.message(failure="timeout", cost=None)
    found = figures(show())
    assert found["messages"] == ("3", "人数 2")
    assert found["failed"] == ("1", "占 33.3%")
    assert found["time"][0] == "1 秒"
    assert found["cost"] == ("¥0.0057", "1 条价格未知")
    assert "¥0.0057" in drawn(show())
    assert "美元" not in drawn(show())  # what a column says its values are in


def test_a_message_in_progress_is_counted_and_listed(world):
    world.message([(1, "pushed", "0")])
    world.message(state="accepted", sender="o-another", failure=None, finished_at=None)
    world.message(state="accepted", sender="o-long-ago", at=time.time() - 60 * 86_400)
    assert figures(show())["messages"] == ("2", "人数 2")
    assert sorted(column(show("conversations"), RESULT)) == ["处理中", "已送达"]


def test_failures_are_told_in_words(world):
    world.message(failure="rate_limit")
    world.message(failure="strange_code")
    said = words(show())
    assert "模型限流" in said
    assert "其他（strange_code）" in said


def test_every_page_speaks_english(world):
    seq = world.message([(0, "accepted", ""), (2, "kept", "48001")], state="kept", text="hi", reply="hello")
    for name in ("overview", "conversations", "waiting", "todo", "message", "conversation", "places"):
        said = words(show(name, lang="en", id=seq)).replace("茶铺", "")
        assert not any("\u4e00" <= c <= "\u9fff" for c in said), said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_where_texts_are_encrypted_a_search_says_that_it_finds_none(world, lang):
    world.message(text="龙井多少钱？")
    page = show("conversations", lang)
    page.text_input(key="search").set_value("龙井").run()
    assert not page.info
    with writing(world.path) as db:
        switch(db, "on", 1.0)
    page.run()
    assert [one.value for one in page.info] == [texts.load(lang, "insights.")["filter.sealed"]]
    page.text_input(key="search").set_value("").run()
    assert not page.info


def test_the_list_is_searched_and_filtered(world):
    world.message(text="龙井怎么泡？")
    world.message(text="几点开门？", failure="timeout")
    page = show("conversations")
    page.text_input(key="search").set_value("龙井").run()
    assert column(page, MESSAGE) == ["龙井怎么泡？"]
    page.text_input(key="search").set_value("").run()
    page.toggle(key="failed").set_value(True).run()
    assert column(page, RESULT) == ["失败：超时"]


def test_openids_are_shown_only_when_asked_for(world):
    seq = world.message()
    page = show("conversations")
    assert "o-secret-open-id" not in drawn(page)
    page.toggle(key="openly").set_value(True).run()
    assert "o-secret-open-id" in drawn(page)
    assert "o-secret-open-id" not in words(show("message", id=seq)) + words(show("conversation", id=seq))


def test_a_message_shows_what_happened_when(world):
    seq = world.message([(0, "accepted", ""), (2, "answered", ""), (65, "pushed", "0")])
    said = words(show("message", id=seq))
    assert f"日志里写作 message {seq}" in said
    for sentence in ("收到消息，已存好", "想好了回答", "＋2 秒", "主动发送了第 1 部分", "＋63 秒"):
        assert sentence in said


def test_a_message_shows_what_its_turn_did(world):
    seq = world.message(trace=TRACE)
    said = words(show("message", id=seq))
    for piece in (
        "deepseek/deepseek-chat",
        "900 + 80 Token",
        "价格未知",
        "工具 get_order",
        '"order": "A1"',
    ):
        assert piece in said


def test_a_moment_of_a_later_version_is_named_as_it_is(world):
    seq = world.message([(0, "teleported", "")])
    assert "teleported" in words(show("message", id=seq))


@pytest.mark.parametrize("name", ["message", "conversation"])
def test_an_unknown_message_is_said_to_be_unknown(world, name):
    world.message()
    assert "没有编号为 404 的消息" in words(show(name, id=404))
    assert "请从「消息」里选一条" in words(show(name, id="1; drop table"))


def test_what_people_and_models_wrote_is_never_read_as_markdown(world):
    seq = world.message(text=NASTY, reply=NASTY, trace=TRACE, reason='["' + NASTY.replace('"', "") + '", ""]')
    for name in ("message", "conversation", "conversations", "todo"):
        page = show(name, id=seq)
        assert "<img" not in drawn(page), name
        assert "![x](" in text(drawn(page)) or name == "todo", name
        for kind in ("markdown", "caption", "info", "error", "title", "subheader", "expander", "button"):
            for element in page.get(kind):
                read = str(getattr(element, "value", "")) + str(getattr(element, "label", ""))
                assert "![x](" not in read, (name, kind)
                assert "<img" not in read.replace("\\<img", ""), (name, kind)


def test_a_very_long_message_is_cut_and_says_so(world):
    page = show("message", id=world.message(text="长" * 1_000_000))
    assert drawn(page).count("长") <= 20_010
    assert "共 1,000,000 个" in words(page)


@pytest.mark.parametrize(
    ("given", "button"),
    [
        ({"state": "kept"}, "再发一次"),
        ({"state": "unknown"}, "再发一次"),
        ({"failure": "aside"}, "重新运行"),
        ({"state": "shed"}, "重新运行"),
    ],
)
def test_the_operator_can_start_it_again(world, given, button):
    seq = world.message(**given)
    page = show("message", id=seq)
    click(page, button)
    assert world.asked == [seq]
    assert page.toast[0].value == "已开始，稍后刷新看结果。"


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (NotFound(Text("它的发布已经下线。", "Its publication is gone.")), "它的发布已经下线"),
        (RuntimeError("a bug"), "按编号"),
        (TimeoutError(), "还在进行"),
    ],
    ids=["the gateway refuses", "a bug", "it takes long"],
)
def test_what_came_of_a_button_is_said(world, refusal, told):
    world.refusal = refusal
    if isinstance(refusal, TimeoutError):  # of the wait, not of the action
        place(replace(desk(), act=world.too_slow))
    page = show("message", id=world.message(state="kept"))
    click(page, "再发一次")
    assert told in page.toast[0].value.replace("\\", "")
    assert world.asked == []


def test_that_something_is_under_way_is_shown_until_it_is_done(world, monkeypatch):
    told = []

    @contextmanager
    def spinner(text):
        told.append(text)
        yield
        told.append("over")

    monkeypatch.setattr(st, "spinner", spinner)
    done = {"ok": True, "text": Text("好了", "Done").by_language()}
    place(replace(desk(), act=lambda name, args: told.append(name) or done))
    click(show("message", id=world.message(state="kept")), "再发一次")
    assert told == ["正在做，请稍等。", "send_again", "over"]


def test_whoever_may_only_read_by_now_starts_nothing_on_a_page_of_before(world):
    page = show("message", id=world.message(state="kept"))
    world.who = Actor("reader", [Permission.CONVERSATIONS_READ])
    click(page, "再发一次")
    assert "再发一次" not in [button.label for button in page.button]
    assert world.asked == []


@pytest.mark.parametrize(
    ("code", "said", "unsaid"),
    [
        ("uncertain", "平台没有回应", "uncertain"),
        ("http_502", "HTTP 502", "http_502："),
        ("40164", "40164：", "uncertain"),
    ],
)
def test_a_part_that_did_not_arrive_says_why_in_words(world, code, said, unsaid):
    page = show(
        "message", id=world.message(state="unknown", parts=[{"text": "好", "state": "unknown", "code": code}])
    )
    assert said in words(page)
    assert unsaid not in words(page)


def test_a_delivered_message_offers_nothing_to_start_again(world):
    page = show("message", id=world.message())
    assert [button.label for button in page.button] == ["回答这个人"]
    assert "../tests?agent=shop&amp;talk=" in drawn(page)


def test_an_answer_that_its_person_stopped_says_so(world):
    assert "被对方停下" in words(show("message", id=world.message(finish="stopped")))


def test_what_waits_for_the_operator_is_listed_and_ticked_off(world):
    world.message(state="kept")
    world.message(failure="aside")
    world.message(state="unknown")
    world.message(state="bounced")
    world.message(doubt=1)
    seq = world.message(handoff=1)
    page = show("todo")
    assert [tab.label for tab in page.tabs] == [
        "还没送到 1",
        "已搁置 1",
        "不确定是否送达 1",
        "没送到 1",
        "工具结果不明 1",
        "转人工 1",
    ]
    page.button(key=f"done_handoff_{seq}").click().run()
    assert world.moments(seq) == ["done"]
    page.button(key="undo").click().run()
    assert world.moments(seq) == []
    page.button(key=f"done_handoff_{seq}").click().run()
    assert page.toast[0].value == "已标为处理好。"


def test_a_mark_that_somebody_else_made_as_well_stays(world):
    seq = world.message(handoff=1)
    show("todo")
    undo = desk().act("mark_done", {"seq": seq})["undo"]
    desk().act("mark_done", {"seq": seq})
    told = desk().act(undo["action"], undo["args"])
    assert told["text"]["en"].startswith("Your mark is taken back")
    assert world.moments(seq) == ["done"]


def test_all_that_waits_is_counted_found_decided_with_a_note_and_ended(world):
    asked = [world.waiting("decision", f"第 {n} 件" + "很长" * 600 * (n == 0)) for n in range(25)]
    question = world.waiting("message", "几位？")
    page = show("waiting")
    assert ("很长" * 600 in drawn(page), "等审批 <b>25</b>" in drawn(page)) == (True, True)
    assert [page.button(key=f"deny_{id}").label for id in asked[:20]] == ["不同意"] * 20
    assert "第 24 件" not in drawn(page)
    page.text_input(key=f"note_{asked[0]}").set_value("查过了").run()
    page.button(key=f"approve_{asked[0]}").click().run()
    assert world.decided == [(asked[0], True, "owner", "查过了")]
    assert page.toast[0].value == "已记下决定，流程接着走。"
    assert ("已同意" in drawn(page), "第 1 件" in drawn(page)) == (True, True)
    world.refusal = NotFound(Text("已经有了结果", "decided"))
    page.button(key=f"deny_{asked[1]}").click().run()
    assert page.toast[0].value == "已经有了结果"
    page.query_params.update({"part": "decision", "page": "2"})
    assert "第 24 件" in drawn(page.run())
    page.query_params["part"] = "message"
    assert "几位？" in drawn(page.run())
    assert page.button(key=f"cancel_{question}").label == "结束等待"


def test_places_are_listed_with_who_has_them_given_back_and_counted_anew(world):
    assert "还没有要分的名额" in words(show("places"))
    shared = [{"name": "slots", "title": "时段", "places": 2}]
    version = world.control.freeze("shop-1", {"format": 1, "id": "shop", "name": "茶铺", "shared": shared})
    world.control.save_publication(
        world.control.publication("shop-1").model_copy(update={"version": version.number})
    )
    assert "还没有人占" in words(show("places"))
    messages = Messages(world.path)

    async def claimed():
        for who in ("ann", "bob"):
            seq = (await messages.accept("shop-1", Message(who, who, "约"), 1)).seq
            wanted = Wanted("slots", "<b>15:00", cap=2)
            await messages.shared.claim(Face("shop-1", who), "shop", wanted, 2, seq=seq, step="s")

    asyncio.run(claimed())
    messages.close()
    page = show("places")
    assert page.selectbox[0].options == ["<b>15:00 · 2 / 2"]
    assert "bob" not in drawn(page)  # ids are shown when asked for
    page.button(key="free_1").click().run()
    assert page.toast[0].value == "已退掉，别人可以占了。"
    assert page.selectbox[0].options == ["<b>15:00 · 1 / 2"]
    page.number_input[0].set_value(0)
    click(page, "保存")
    assert [one.places for one in SharedList(world.path).keys("shop")] == [0]
    assert "#2" in drawn(page)


def test_whoever_is_with_a_human_is_shown_so_and_given_back_by_a_click(world):
    seq = world.message(state="handed", text="有人吗", reply="我是张三")
    world.message(text="别人的", sender="o-another")
    world.handed("o-secret-open-id", seq, code="95016")
    page = show("conversation", id=seq)
    seen = drawn(page)
    assert "现在由人工接待" in seen
    assert "我是张三" in seen
    click(page, "交还给智能体")
    assert world.returned == [seq]


def test_a_part_that_did_not_arrive_says_why(world):
    parts = [{"text": "好", "state": "bounced", "code": "45015"}]
    seq = world.message(state="bounced", parts=parts, moments=[(9, "bounced", "45015")])
    seen = drawn(show("message", id=seq))
    assert "平台说没送到" in seen
    assert "48 小时" in seen


def click(page, label):
    [button] = [button for button in page.button if button.label == label]
    button.click().run()
    assert not page.exception


def test_a_conversation_reads_like_a_chat(world):
    first = world.message(text="一", reply="壹")
    world.message(text="别人的", sender="o-another")
    world.message(text="二", reply="贰")
    page = show("conversation", id=first)
    assert [said for said in text(drawn(page)) if said in "一壹二贰别"] == ["一", "壹", "二", "贰"]


def test_what_belongs_to_no_block_has_no_fold_of_its_own(world):
    ends = [
        {"type": "replied", "text": "好", "ms": 5},
        {"type": "failed", "code": "x", "reason": {}, "block": ""},
    ]
    page = show("message", id=world.message(trace=[*TRACE, *ends]))
    assert "None" not in words(page)
    assert drawn(page).count("<summary>") == 1


def test_what_a_restore_holds_back_is_said_with_the_way_to_decide(world):
    world.message()
    assert "恢复或复制来的" not in words(show())
    world.held_back, world.instances = 3, 2
    page = show()
    assert "3 条没做完的消息先不发" in words(page)
    assert "2 个程序在处理" in words(page)
    assert 'href="../"' in drawn(page)


def test_each_row_is_a_link_to_its_message(world):
    seq = world.message(text="")
    page = show("conversations")
    assert f'href="message?id={seq}"' in drawn(page)
    assert column(page, MESSAGE) == ["（没有文字）"]


def test_a_long_list_has_pages_that_links_lead_to(world):
    now = time.time()
    for n in range(120):
        world.message(text=f"第{n}条", at=now - n)
    first = show("conversations")
    assert len(column(first, MESSAGE)) == 50
    assert 'href="conversations?page=3"' in drawn(first)
    assert column(show("conversations", page=3), MESSAGE) == [f"第{n}条" for n in range(100, 120)]


def judged(world, seq, verdict, text="", sender="", of=None, at=None):
    """Somebody judged the answer to a message."""
    row = (
        sqlite3.connect(world.path)
        .execute("select publication, sender, key from messages where seq=?", (seq,))
        .fetchone()
    )
    sender = sender or row[1]
    told = {"event": "rated", "of": of or answer_mark(*row, seq), "verdict": verdict, "reasons": ["1"]}
    said = {"id": "x", "sender": sender, "text": text, "kind": "event", "data": told, "history": None}
    message = json.dumps(said)
    world.message(kind="event", state="silent", text=text, message=message, sender=sender, at=at, reply=None)


def test_what_people_thought_of_answers_is_counted_by_agent_and_stands_beside_the_answer(world):
    now = time.time()
    first, second, third = (world.message(sender=f"g/o-{n}", at=now - 100 + n) for n in range(3))
    judged(world, first, "good", at=now - 50)
    judged(world, first, "bad", "太长", at=now - 40)
    judged(world, first, "good", sender="g/o-other", at=now - 30)
    judged(world, second, "bad", "<b>错了</b>", at=now - 20)
    judged(world, third, "bad", at=now - 10)
    judged(world, third, "none", at=now - 5)
    judged(world, third, "bad", of=f"{third}-000000000000", sender="g/o-forger", at=now - 4)
    judged(world, third, "bad", sender="o-elsewhere", at=now - 3)
    said = drawn(show())
    assert re.search(r"shop</t.><td[^>]*>1</td><td[^>]*>2<", said), said
    assert "太长" in said
    assert "&lt;b&gt;错了&lt;/b&gt;" in said
    about = words(show("message", id=first))
    assert "不满意 太长 平台给的原因编号：1" in about
    assert "满意" in about
    assert "不满意" not in words(show("message", id=third))
    crowded(world, 20_001, at=now - 3)
    assert "太长" in drawn(show())


def crowded(world, many, at):
    """So many times somebody opened the conversation."""
    told = json.dumps({"id": "x", "sender": "o-x", "text": "", "kind": "event", "data": {"event": "opened"}})
    seq = world.message(kind="event", state="silent", text="", message=told, at=at, reply=None)
    with sqlite3.connect(world.path) as db:
        names = [row[1] for row in db.execute("pragma table_info(messages)") if row[1] != "seq"]
        values = ["key || i" if name == "key" else name for name in names]
        db.execute(
            "with recursive n(i) as (select 1 union all select i+1 from n where i < ?) insert into messages "
            f"({','.join(names)}) select {','.join(values)} from messages, n where seq=?",
            (many, seq),
        )


@pytest.fixture
def nobody_known():
    """Names that are kept for a day, in one process of tests."""
    _names._known.clear()
    yield
    _names._known.clear()


def test_people_are_called_by_their_names_where_ids_are_shown_openly_and_asked_for_once(world, nobody_known):
    asked = []

    def act(name, args):
        asked.append((name, args["people"]))
        return {"value": {"o-secret-open-id": "小王"}}

    place(replace(desk(), act=act))
    world.message()
    world.message(sender="o-nameless")
    assert "小王" not in words(show("conversations"))
    assert asked == []
    page = show("conversations")
    page.session_state.openly = True
    page.run()
    said = words(page)
    assert "小王" in said
    assert "o-nameless" in said
    assert [sorted(people) for _, people in asked] == [["o-nameless", "o-secret-open-id"]]
    page.run()
    assert len(asked) == 1


def test_what_begins_by_itself_shows_when_it_is_due_what_ran_and_who_got_nothing(world):
    assert "添加触发器" in words(show("runs"))
    flow = [{"type": "reply", "id": "say", "text": "周报"}]
    start = {"on": "schedule", "id": "weekly", "title": NASTY[:40], "cron": "0 9 * * 1", "for": "everybody"}
    agent = {"id": "shop", "name": "茶铺", "starts": [{**start, "flow": flow}]}
    record = world.control.publication("shop-1")
    version = world.control.freeze("shop-1", agent).number
    world.control.save_publication(record.model_copy(update={"version": version}))
    seq = world.message(kind="start")
    with sqlite3.connect(world.path) as db:
        columns = "runs(publication, start, key, due, at, state)"
        run = f"insert into {columns} values('shop-1', 'weekly', 'k', 1, 1, 'made')"
        id = db.execute(run).lastrowid
        people = "insert into run_people(run, publication, sender, seq, code) values(?, 'shop-1', ?, ?, ?)"
        db.executemany(people, [(id, "u1", seq, ""), (id, "u2", None, "window")])
        db.execute(run.replace("'k', 1, 1, 'made'", "'none', 1, 1, 'skipped'"))
    assert [(ran.people, ran.left_out) for ran in desk().runs.runs("shop-1")] == [(0, 0), (2, 1)]
    page = show("runs")
    assert "每周一 09:00（Asia/Shanghai），接下来" in words(page)
    assert "太久没写来" in drawn(page)
    assert "u2" not in drawn(page)
    assert "<img" not in drawn(page)
    assert "每一个写过的人" in asked(page, "现在运行一次")
    click(page, "现在运行一次")
    assert world.asked == [("shop-1", "weekly")]


def test_an_answer_is_read_as_its_marks_mean_it(world):
    reply = "**一叶**茶铺\n\n- 龙井 `168`\n- 明前\n\n<img src=x> https://example.com"
    seq = world.message(reply=reply, text="**原样**")
    assert column(show("conversations"), 2) == ["一叶茶铺 龙井 168 明前 <img src=x> https://example.com"]
    assert column(show("conversations"), MESSAGE) == ["**原样**"]
    for name in ("message", "conversation"):
        page = drawn(show(name, id=seq))
        assert "<strong>一叶</strong>茶铺" in page
        assert "<img" not in page
        assert "**原样**" in page


def test_words_of_an_operator_stand_once_and_are_said_by_nobody_else(world):
    first = world.message(text="几点开门？", reply="九点。\n我是店长，九点见")
    again = world.message(text="", key="by hand 1 x", kind="start", reply="我是店长，九点见")
    timed = world.message(text="", key="t1", kind="start", reply="早上好")
    for seq in (first, again, timed):
        drawn_page = words(show("conversation", id=seq))
        assert drawn_page.count("我是店长，九点见") == 1
    assert "没有人写来" in words(show("conversation", id=timed))
    assert column(show("conversations"), MESSAGE) == ["[定时]", "[人工回答]", "几点开门？"]
