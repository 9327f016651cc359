"""Talking to an agent in the playground."""

import asyncio
import json
from contextlib import aclosing
from dataclasses import replace

import pytest
from builder_world import ASK, SAY, add

from builder.actions import kept_chat, overheard, playground, playground_chat
from builder.actions.asking import told_of
from runtime.choices import read
from runtime.message import Exchange
from runtime.models.routed import RoutedModels
from runtime.network.fetched import Fetched
from runtime.person import Summary
from runtime.trying.memory import Tried
from runtime.turn.consent_settings import ASKED, REFUSED, THANKS
from runtime.turn.keeping import HERE
from script import DOWN, calls, says

CLOCK = {"type": "clock"}
PLAYED = {"几位？": ["/late", "/cancel"], "已提交": ["/approve", "/deny", "/late", "/cancel"]}
"""What can be tapped while a flow waits, by what it said."""


async def talk(studio, text="你好", history=(), agent="shop", **more):
    """The turn as it stands at the end."""
    states = [state async for state in playground.talk(studio, agent, text, history, **more)]
    return states[-1]


def spoken(turn):
    return turn.transcript.messages()[-1]


async def test_the_answer_of_the_saved_agent_is_shown_in_the_chat_and_on_the_phone(studio, script):
    add(studio, ASK)
    script.answers = [says("**早**")]
    turn = await talk(studio)
    assert (spoken(turn)["content"], spoken(turn)["metadata"]["id"]) == ("**早**", "answer")
    assert [part["text"] for part in turn.preview["parts"]] == ["早\n\n（内容由 AI 生成）"]


async def test_whoever_tries_it_out_is_asked_for_consent_and_may_take_it_back(studio, script):
    add(studio, ASK, consent={"asks": True}, safety={"label": {"when": "never"}})
    history = []

    async def say(text):
        said = spoken(await talk(studio, text, history))["content"]
        history.append(Exchange(text, said))
        return said

    assert (await say("我的身份证丢了")).startswith(ASKED.zh)
    assert await say("不同意") == REFUSED.zh
    assert script.requests == []
    assert await say("同意") == THANKS.zh
    script.answers = [says("早")]
    assert await say("你好") == "早"
    assert "身份证" not in str(script.requests[0].messages)
    assert HERE.zh in await say("导出我的数据")
    assert "再发一次" in await say("删除我的数据")
    assert "已经删除" in await say("删除我的数据")
    assert (await say("又来了")).startswith(ASKED.zh)
    assert len(script.requests) == 1


async def test_the_block_that_is_at_work_is_shown_before_anything_else_comes(studio, script):
    add(studio, {"type": "set", "id": "first", "values": {"a": "1"}}, ASK)
    script.gate = asyncio.Event()
    async with aclosing(playground.talk(studio, "shop", "你好", ())) as states, asyncio.timeout(30):
        async for turn in states:
            if [m["metadata"]["status"] for m in turn.transcript.messages()] == ["done", "pending"]:
                break
    assert not turn.usage.over


async def test_closing_stops_the_turn(studio, script):
    add(studio, ASK)
    script.gate = asyncio.Event()
    before = asyncio.all_tasks()
    async with aclosing(playground.talk(studio, "shop", "你好", ())) as states:
        await anext(states)
    assert asyncio.all_tasks() == before


async def test_tools_are_shown_under_the_block_that_called_them(studio, script):
    add(studio, {**ASK, "tools": [CLOCK]})
    script.answers = [calls(("clock", {})), says("八点")]
    turn = await talk(studio)
    steps = {m["metadata"].get("title"): m["metadata"] for m in turn.transcript.messages()}
    assert steps["时钟"]["parent_id"] == steps["大模型"]["id"]
    assert steps["时钟"]["status"] == "done"
    assert {"tool_called", "tool_returned"} <= {event["type"] for event in turn.events}


async def test_usage_adds_up_over_the_rounds(studio, script):
    add(studio, {**ASK, "tools": [CLOCK]})
    script.answers = [calls(("clock", {})), says("八点", cost=0.5)]
    turn = await talk(studio)
    assert (turn.usage.prompt_tokens, turn.usage.completion_tokens) == (20, 10)
    assert turn.usage.models == ("script/one",)
    assert turn.usage.over
    assert turn.usage.cost is None  # the first round's price is unknown


async def test_a_failure_says_why_and_what_to_do(studio, script):
    add(studio, ASK)
    script.answers = [DOWN]
    turn = await talk(studio, lang="zh")
    assert "模型没有回应" in spoken(turn)["content"]
    assert "重试" in spoken(turn)["content"]
    assert all(m["metadata"].get("status") != "pending" for m in turn.transcript.messages())


async def test_an_agent_that_is_gone_is_told_in_the_chat(studio):
    turn = await talk(studio, agent="gone")
    assert "gone" in spoken(turn)["content"]


async def test_variables_are_replaced_for_the_test_only(studio):
    add(studio, {**SAY, "text": "{{ shop }}"}, variables=[{"name": "shop", "default": "老店"}])
    assert spoken(await talk(studio))["content"] == "老店"
    assert spoken(await talk(studio, variables={"shop": "新店"}))["content"] == "新店"
    assert studio.library.get("shop").agent.variables[0].default == "老店"


async def test_the_model_sees_what_was_said_and_answered_before(studio, script):
    add(studio, ASK)
    first = await talk(studio, "一")
    chat = [{"role": "user", "content": "一"}, *first.transcript.messages()]
    await talk(studio, "二", playground_chat.exchanges(chat))
    assert [m["content"] for m in script.requests[-1].messages[1:]] == ["一", "好的", "二"]


async def test_a_failed_turn_is_not_remembered(studio, script):
    add(studio, ASK)
    script.answers = [DOWN]
    turn = await talk(studio, "一")
    assert playground_chat.exchanges([{"role": "user", "content": "一"}, *turn.transcript.messages()]) == []


def test_a_message_in_parts_is_one_text():
    parts = [{"type": "text", "text": "你"}, {"type": "text", "text": "好"}]
    chat = [
        {"role": "user", "content": parts},
        {"role": "assistant", "content": "嗯", "metadata": {"id": "answer"}},
    ]
    assert [(e.text, e.reply) for e in playground_chat.exchanges(chat)] == [("你好", "嗯")]


async def test_a_result_cannot_end_its_own_code_block(studio):
    add(studio, {**SAY, "text": "```\n# 标题"})
    turn = await talk(studio)
    step = next(m for m in turn.transcript.messages() if m["metadata"].get("title"))
    assert step["content"].startswith("````\n")


def test_stopping_settles_what_was_running():
    chat = [
        {"role": "assistant", "content": "", "metadata": {"id": "a", "title": "大模型", "status": "pending"}}
    ]
    assert kept_chat.stopped(chat)[0]["metadata"]["status"] == "done"


def test_suggestions_come_from_the_agent_and_a_missing_one_has_none(studio):
    add(studio, suggestions=["几点开门？"])
    assert playground.suggestions(studio, "shop") == ["几点开门？"]
    assert playground.suggestions(studio, "") == []


def test_the_page_is_told_about_variables_drafts_and_the_demo_model(studio):
    revision = add(studio, ASK, variables=[{"name": "shop", "title": "店名"}])
    studio.library.keep_draft("shop", {"name": ""}, revision)
    about = playground.agent(studio, "shop")
    assert (about["draft"], about["demo"], about["variables"][0]["title"]) == (True, True, "店名")


async def test_a_failed_turn_shows_on_the_phone_what_a_person_is_told(studio, script):
    add(studio, ASK, texts={"failure": "店里信号不好，等会儿再来。"})
    script.answers = [DOWN]
    turn = await talk(studio)
    assert [part["text"] for part in turn.preview["parts"]] == ["店里信号不好，等会儿再来。"]
    assert turn.preview["failed"]
    said = [{"role": "user", "content": "你好"}, *turn.transcript.messages()]
    failure = playground.failure_of(studio, "shop")
    assert [one["failed"] for one in playground_chat.previews(said, "wechat", failure)] == [True]
    assert playground_chat.exchanges(said) == []


async def test_a_chat_is_seen_on_the_surface_that_is_asked_for(studio, script):
    add(studio, ASK, safety={"label": {"when": "never"}})
    script.answers = [says("**好**")]
    turn = await talk(studio)
    said = [{"role": "user", "content": "你好"}, *turn.transcript.messages()]
    assert playground_chat.previews(said, "wechat") == [turn.preview]


@pytest.mark.parametrize("block", [ASK, {"type": "reply", "id": "say", "text": "好"}], ids=["model", "flow"])
async def test_the_mark_of_a_models_words_is_there_again_with_the_chat_and_on_nothing_else(
    studio, script, block
):
    add(studio, block)
    script.answers = [says("好")]
    turn = await talk(studio)
    said = [{"role": "user", "content": "你好"}, *turn.transcript.messages()]
    label = told_of(studio, "shop")[2]
    again = playground_chat.previews(said, "wechat", label=label)
    assert again == [turn.preview]
    assert ("AI" in again[0]["parts"][0]["text"]) == (block is ASK)


async def test_a_tool_that_failed_is_told_beside_a_cheerful_answer(studio, script):
    add(studio, {**ASK, "tools": [{"type": "calculator"}]})
    script.answers = [calls(("calculator", {"expression": "1/0"})), says("好了，已经算好啦！")]
    turn = await talk(studio)
    told, answer = turn.transcript.messages()[-2:]
    assert "计算器" in told["content"]
    assert "没有成功" in told["content"]
    assert "title" not in told["metadata"]  # a title would fold it
    assert answer["content"] == "好了，已经算好啦！"


async def test_the_trace_holds_what_each_model_was_told(studio, script):
    add(studio, ASK)
    script.answers = [says("早")]
    turn = await talk(studio, text="早上好")
    (asked,) = [event for event in turn.events if event["type"] == "model_asked"]
    assert [(m["role"], m["text"]) for m in asked["messages"]] == [("system", "你是店员"), ("user", "早上好")]


async def test_what_was_sent_and_what_came_back_is_kept_word_for_word_without_a_key(studio):
    """Of each round, as its server got it: what a routed model is sent is known there only."""
    studio.services = replace(studio.services, models=RoutedModels(studio.control, {}))
    add(studio, {**ASK, "model": "demo/hongyan", "temperature": 0.5, "tools": [CLOCK]})
    turn = await talk(studio, text="我的密钥是 sk-abcdefghijklmnop1234 " + "长" * overheard.LONGEST_VALUE)
    first, *_ = [event for event in turn.events if event["type"] == "model_asked"]
    sent, came = json.loads(first["request"]["text"]), json.loads(first["answer"]["text"])
    assert (sent["model"], sent["temperature"], first["tries"]) == ("demo/hongyan", 0.5, 1)
    assert [tool["function"]["name"] for tool in sent["tools"]] == ["clock"]
    assert "sk-abc" not in str(turn.events)
    assert len(first["request"]["text"]) < 2 * overheard.LONGEST_VALUE
    assert came["model"] == "demo/hongyan"
    assert came.get("text") or came.get("tool_calls")
    assert overheard.raw({"n": ["x" * 3000] * 50})["left"] > 0


async def test_what_a_model_was_told_is_bounded_and_says_so(studio, script):
    add(studio, ASK)
    script.answers = [says("早")]
    turn = await talk(studio, text="长" * (overheard.LONGEST + 7))
    (asked,) = [event for event in turn.events if event["type"] == "model_asked"]
    assert (len(asked["messages"][1]["text"]), asked["messages"][1]["left"]) == (overheard.LONGEST, 7)


async def test_the_playground_remembers_like_a_surface_and_forgets_when_asked(studio, script):
    add(studio, ASK, memory={"facts": True})
    script.answers = [calls(("remember", {"name": "忌口", "value": "不吃辣"})), says("好")]
    said = []

    async def say(text):
        *_, state = [one async for one in playground.talk(studio, "shop", text, said)]
        reply = state.events[-1]["text"]
        said.append(Exchange(text, reply))
        return reply, state.forgotten

    assert await say("我不吃辣") == ("好", False)
    assert "1. 忌口：不吃辣" in (await say("你记得我什么"))[0]
    assert "再发一次" in (await say("忘记我"))[0]
    assert await say("算了") == ("好", False)
    assert await say("是的") == ("好", False)
    await say("忘记我")
    assert (await say("忘记我"))[1]
    await say("在吗")
    assert [message["content"] for message in script.requests[-1].messages[1:]] == ["在吗"]
    assert "不吃辣" not in script.requests[-1].messages[0]["content"]


def test_a_summary_is_of_its_own_chat():
    kept, chat = Tried(), [Exchange("一", "壹"), Exchange("二", "贰")]
    kept.begins(chat)
    asyncio.run(kept.sum_up(Summary("一二", 1)))
    assert [one.number for one in kept.begins([*chat, Exchange("三", "叁")])] == [1, 2, 3]
    assert kept.summary == Summary("一二", 1)
    kept.begins([Exchange("另一个", "好")])
    assert kept.summary is None


async def test_a_flow_that_waits_is_tried_out_with_answers_decisions_and_lateness(studio):
    add(
        studio,
        {"type": "ask", "id": "ask", "fields": [{"name": "n", "title": "几位", "type": "number"}]},
        {"type": "approve", "id": "ok", "question": "{{ ask.fields.n }} 位？"},
        {**SAY, "text": "订好 {{ ask.fields.n }} 位"},
    )
    history = []
    for text, answer in (
        ("订座", "几位？"),
        ("三位", "已提交"),
        ("/approve", "订好 3 位"),
        ("订座", "几位？"),
        ("取消", "好的"),
        ("订座", "几位？"),
        ("/cancel", "好的"),
    ):
        turn = await talk(studio, text, list(history))
        [said] = [m for m in turn.transcript.messages() if m["metadata"]["id"] == "answer"]
        assert said["content"].startswith(answer)
        history.append(Exchange(text, said["content"]))
        waits = [m["content"] for m in turn.transcript.messages() if m["metadata"]["id"] == "waits"]
        assert bool(waits) == (answer in ("几位？", "已提交"))
        assert [one.value for text in waits for one in read(text)[1]] == PLAYED.get(answer, [])


class Chatted:
    """A chat as the page holds it."""

    def __init__(self, studio):
        self.studio, self.said = studio, []

    async def say(self, text):
        """What is shown then: the answer, the phone's note instead of a bubble, and what waits, by kind."""
        turn = await talk(self.studio, text, playground_chat.exchanges(self.said))
        question = {"role": "user", "content": text}
        if turn.played:
            told = {"id": "played", "log": text}
            question = {"role": "user", "content": turn.played.words.zh, "metadata": told}
        self.said += [question, *turn.transcript.messages()]
        ends = ("answer", "failed", "silent")
        [end] = [m for m in turn.transcript.messages() if m["metadata"]["id"] in ends]
        waits = None if turn.waits is None else [one.wait.wait for one in turn.waits]
        return end["content"], (turn.preview or {}).get("note", ""), waits


BACK = '{"to": "{{ callback.url }}"}'
CALLED = {
    "type": "http_request",
    "method": "POST",
    "url": "https://erp.example/",
    "body": BACK,
    "callback": 5,
}


class Erp:
    """Implements Http: takes what it is sent, and answers later."""

    async def fetch(self, method, url, **_):
        return Fetched("", 202, "", "queued")


async def test_the_others_are_played_each_way_a_flow_may_wait(studio, script):
    add(
        studio,
        {"type": "branch", "id": "b", "cases": [
            {"when": "'假' in message.text", "flow": [
                {"type": "approve", "id": "ok", "question": "{{ message.text }}"},
                {**SAY, "id": "r", "text": "准了 {{ ok.note }}：{{ message.text }}"}]},
        ], "otherwise": [
            {"type": "ask", "id": "ask", "fields": [{"name": "n", "title": "几位", "type": "number"}]},
            {**SAY, "text": "订好 {{ ask.fields.n }} 位"}]},
        keywords=[{"words": ["价格"], "match": "contains", "text": "十元"}],
    )  # fmt: skip
    chat = Chatted(studio)
    assert (await chat.say("/approve"))[::2] == ("几位？", ["message"])  # nothing waits for it: it is a line
    chat = Chatted(studio)
    assert (await chat.say("请假"))[2] == ["decision"]
    assert (await chat.say("订座"))[::2] == ("几位？", ["decision", "message"])
    answer, note, waits = await chat.say("/approve 去吧")
    assert (answer, note, waits) == ("准了 去吧：请假", "同意（去吧）", ["message"])
    assert await chat.say("三位") == ("订好 3 位", "", [])
    shown = playground_chat.previews(chat.said, "wechat")
    assert [(one["asked"], one.get("note")) for one in shown][2] == ("", "同意（去吧）")


async def test_what_another_system_posts_later_is_typed_as_json_also_where_nobody_can_reach_us(studio):
    studio.services = replace(studio.services, http=Erp())
    tool = {"type": "tool", "id": "t", "tool": CALLED, "arguments": {}}
    add(studio, tool, {**SAY, "text": "{{ t.error if t.failed else t.result.state }}", "id": "s"})
    for line, answer in (('/call {"state": "装车了"}', "装车了"), ("/late", "没有回话")):
        chat = Chatted(studio)
        assert (await chat.say("发货"))[2] == ["call"]
        assert playground_chat.waiting(studio, "shop", chat.said)[0]["kind"] == "call"
        assert answer in (await chat.say(line))[0]
        assert playground_chat.waiting(studio, "shop", chat.said) == []


async def test_starts_are_played_by_the_same_engine_for_the_person_of_the_playground(studio, script):
    def start(on, id, text, **more):
        return {"on": on, "id": id, "flow": [{**SAY, "id": f"say_{id}", "text": text}], **more}

    add(
        studio,
        ASK,
        starts=[
            start("schedule", "weekly", "周报 {{ event.start }}", cron="0 9 * * 1", to="robot"),
            start("webhook", "paid", "收到 {{ event.body.money }}", **{"for": "person"}),
            start("event", "scanned", "码 {{ event.value }}", event="scanned"),
            {**start("webhook", "quiet", ""), "flow": [{"type": "set", "id": "q", "values": {"x": "1"}}]},
        ],
    )
    offered = {one["id"]: one for one in playground.agent(studio, "shop")["starts"]}
    assert (offered["weekly"]["to"], offered["paid"]["given"]) == ("robot", '{"person": "playground"}')
    chat = Chatted(studio)
    answer, note, _ = await chat.say("/start weekly")
    assert (answer, "robot" in note) == ("周报 weekly", True)
    assert (await chat.say('/start paid {"person": "li", "money": 3}'))[0] == "收到 3"
    assert "看不懂" in (await chat.say("/start paid {"))[0]
    assert "为谁" in (await chat.say("/start paid {}"))[0]
    assert (await chat.say("/start scanned table-7"))[0] == "码 table-7"
    assert "没说" in (await chat.say("/start quiet {}"))[0]
    await chat.say("在吗")
    # as the gateway has it: what was for nobody, and events, are in no conversation
    assert [m["content"] for m in script.requests[-1].messages[1:]] == ["[定时]", "收到 3", "在吗"]
    await chat.say("/start nobody")
    assert script.requests[-1].messages[-1]["content"] == "/start nobody"
