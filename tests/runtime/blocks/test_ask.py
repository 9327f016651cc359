"""What people are asked for is taken in whatever order and words it comes, once, and never acts."""

import pytest

from runtime.turn.events import Waited
from runtime.turn.waiting import Came
from script import DOWN, Script, says
from tests.runtime.turn.test_waiting import conversation, say

TABLE = {
    "type": "ask",
    "id": "ask",
    "text": "好的，帮您订座。",
    "fields": [
        {"name": "day", "title": "日期", "type": "date"},
        {"name": "guests", "title": "人数", "type": "number", "question": "一共几位？",
         "check": "value > 0 and value <= 20", "retry": "最多 20 位，您说的是 {{ value }}。"},
        {"name": "phone", "title": "电话", "type": "phone"},
    ],
}  # fmt: skip
ONE = {"type": "ask", "id": "ask", "heard": False}
DONE = say("{{ ask.text }}|{{ ask.fields.guests }}")


def field(kind, **more):
    return {**ONE, "fields": [{"name": "x", "title": "这项", "type": kind, **more}]}


async def asked(block, *messages, done=None, **more):
    flow = [block, done or say("得到 {{ ask.fields.x }}")]
    return [end.text for end in await conversation(flow, *messages, **more)]


async def test_only_what_is_missing_is_asked_in_any_order_and_corrected():
    said = await asked(TABLE, "订 2026-12-01 的座位", "电话 13800000000", "三位", done=say("{{ ask.text }}"))
    assert said == [
        "好的，帮您订座。\n一共几位？",
        "一共几位？",
        "日期：2026-12-01\n人数：3\n电话：13800000000",
    ]
    said = await asked(TABLE, "2026-12-01，三位", "不对，是四个人", "13800000000", done=DONE)
    assert said[0].endswith("电话？")
    assert said[-1] == "日期：2026-12-01\n人数：4\n电话：13800000000|4"


async def test_what_is_wrong_is_told_and_asked_again_so_often_then_the_other_way_is_taken():
    block = {**TABLE, "attempts": 2, "otherwise": [say("没问到：{{ ask.why }}", "out")]}
    said = await asked(block, "2026-12-01，13800000000", "一百位", "不知道", done=DONE)
    assert said[1] == "最多 20 位，您说的是 100。\n一共几位？"
    assert said[-1] == "没问到：tries"


CASES = [
    ("text", {}, "张三", "张三"),
    ("number", {}, "大概 2.5 吧", "2.5"),
    ("time", {}, "晚上七点半", "19:30"),
    ("time", {}, "7:15 pm", "19:15"),
    ("email", {}, "我的是 a@example.com", "a@example.com"),
    ("yes_no", {}, "好的", "True"),
    ("yes_no", {}, "不要", "False"),
    ("choice", {"choices": ["红茶", "绿茶"]}, "来绿茶", "绿茶"),
    ("choice", {"choices": ["红茶", "绿茶"]}, "2", "绿茶"),
    ("choice", {"choices": ["10:00", "15:00"]}, "下午三点", "15:00"),
    ("text", {"required": False}, "跳过", ""),
    ("text", {}, "{{ secret.key }}{% for x in y %}", "{{ secret.key }}{% for x in y %}"),
    ("text", {}, "\x00<b>" + "长" * 100_000, None),
]


async def test_an_answer_is_understood_by_its_type_and_stays_data():
    for kind, more, answer, value in CASES:
        said = await asked(field(kind, **more), "开始", answer)
        right = len(said[1]) < 2100 if value is None else said[1] == f"得到 {value}".strip()
        assert right, (answer[:50], said[1][:100])


async def test_it_is_confirmed_at_the_end_and_may_be_changed_there():
    block = {**TABLE, "confirm": True}
    said = await asked(block, "2026-12-01，三位，13800000000", "人数改成5", "不对", "对", done=DONE)
    assert "人数：3" in said[0]
    assert "(menu:" in said[0]
    assert "人数：5" in said[1]
    assert said[2].startswith("哪里不对？")
    assert said[3].endswith("|5")


async def test_a_model_understands_and_patterns_do_where_it_fails():
    told = Script([says('{"x": 3}'), DOWN])
    [first] = await asked({**field("number"), "heard": True, "model": "m"}, "我们仨", models=told)
    assert first == "得到 3"
    said = await asked({**field("number"), "model": "m"}, "开始", "3 位", models=told)
    assert said[1] == "得到 3"


async def test_in_english_and_left_by_a_word():
    block = {**ONE, "fields": [{"name": "x", "title": "How many", "type": "number"}]}
    ends = await conversation([block, say("got {{ ask.fields.x }}")], "start", "three or 4", language="en")
    assert [end.text for end in ends] == ["How many?", "got 4"]
    assert isinstance(ends[0], Waited)
    ends = await conversation([block, say("no")], "start", (Came("cancelled"), "cancel"), language="en")
    assert ends[1].text == "All right, cancelled."


@pytest.mark.parametrize(
    ("language", "words", "told"),
    [
        ("zh", ["取消", "cancel"], "没看懂，请再说一次。要做别的，先回复「取消」。\n人数？"),
        ("en", ["取消", "cancel"], "…say it again. For anything else, reply “cancel” first.\n人数?"),
        ("en", ["退出"], "…say it again. For anything else, reply “退出” first.\n人数?"),
        ("zh", [], "没看懂，请再说一次。\n人数？"),
    ],
)
async def test_whoever_is_not_understood_learns_how_to_leave_it(language, words, told):
    block = {**ONE, "fields": [{"name": "x", "title": "人数", "type": "number"}]}
    more = {"language": language, "waiting": {"cancel": words}}
    ends = await conversation([block, say("no")], "start", "几点营业", **more)
    assert ends[1].text.endswith(told.strip("…"))


async def test_what_answered_one_question_is_not_taken_for_the_answer_to_the_next():
    """Neither by another ask, nor by the same one in the next round."""
    leaves = {**ONE, "id": "leaves", "heard": True, "fields": [{"name": "day", "type": "date"}]}
    arrives = {**leaves, "id": "arrives"}
    said = say("{{ arrives.fields.day }} {{ leaves.fields.day }}")
    ends = await conversation([arrives, leaves, said], "订房", "2026-12-01", "2026-12-03")
    assert ends[-1].text == "2026-12-01 2026-12-03"
    each = {"type": "repeat", "id": "each", "over": "甲\n乙", "flow": [arrives]}
    each["collect"] = "{{ arrives.fields.day }}"
    said = say("{{ each['items'] | join(' ') }}")
    ends = await conversation([each, said], "订房", "2026-12-01", "2026-12-03")
    assert ends[-1].text == "2026-12-01 2026-12-03"


BOOKING = {
    "type": "ask", "id": "ask",
    "fields": [
        {"name": "day", "title": "日期", "type": "date"},
        {"name": "time", "title": "时段", "type": "choice", "choices": ["10:00", "13:00", "15:00"],
         "check": "day is not defined or (day ~ ' ' ~ value) not in taken", "retry": "{{ value }} 约满了。"},
    ],
}  # fmt: skip
TAKEN = ["2026-12-01 10:00", "2026-12-02 10:00", "2026-12-02 13:00", "2026-12-02 15:00"]


async def test_only_choices_that_are_right_are_offered_and_what_leaves_none_is_asked_again():
    known = {"type": "set", "id": "taken", "values": {"x": "1"}}
    block = {**BOOKING, "fields": [BOOKING["fields"][0], {**BOOKING["fields"][1]}]}
    block["fields"][1]["check"] = block["fields"][1]["check"].replace("taken", f"{TAKEN!r}")
    talk = ["约 2026-12-02 三点", "2026-12-01", "10:00", "2"]
    said = [end.text for end in await conversation([known, block, say("{{ ask.text }}")], *talk)]
    assert said[0] == "「2026-12-02」没有可选的时段了。\n日期？"
    assert said[1] == "时段？\n- [13:00](menu:13:00)\n- [15:00](menu:15:00)"
    assert said[2].startswith("10:00 约满了。")
    assert said[3] == "日期：2026-12-01\n时段：15:00"  # the second of those that were offered


async def test_words_of_the_agents_own_leave_it_for_the_other_way():
    block = {
        **ONE, "fields": [{"name": "x", "title": "单号"}], "leave": "'人工' in message.text",
        "otherwise": [say("{{ ask.why }}：{{ message.text }}", "other")],
    }  # fmt: skip
    ends = await conversation([block, say("{{ ask.fields.x }}")], "人工帮我查", "给我转人工吧")
    assert isinstance(ends[0], Waited), "what led here does not leave it at once"
    assert ends[1].text == "cancelled：给我转人工吧"
    ends = await conversation([block, say("{{ ask.fields.x }}")], "查", "A1")
    assert ends[1].text == "A1"
