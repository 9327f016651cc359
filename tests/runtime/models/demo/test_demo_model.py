import json
from dataclasses import dataclass

import pytest

from runtime.models.demo import answers


def function(name, description="", required=(), **properties):
    parameters = {"type": "object", "properties": properties, "required": list(required)}
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": parameters},
    }


TEXT = {"type": "string"}
TOOLS = [
    function("calculator", "Evaluate an arithmetic expression.", ["expression"], expression=TEXT),
    function("clock", "Tell the current date and time in a timezone.", timezone=TEXT),
    function("web_page", "Read a web page as text.", ["url"], url=TEXT),
    function("get_order", "查询订单的物流状态", ["order_id"], order_id=TEXT),
    function("get_weather", "查询一个城市的天气", ["city"], city=TEXT),
    function("web_search", "Search the web.", ["query"], query=TEXT),
    function("send_mail", "Send a mail.", ["email", "subject"], email=TEXT, subject=TEXT),
]


def ask(text, *, system="", tools=(), more=()):
    prompt = [{"role": "system", "content": system}] if system else []
    return answers.answer([*prompt, {"role": "user", "content": text}, *more], tools)


@dataclass(frozen=True)
class Case:
    id: str
    message: str
    name: str = ""
    arguments: str = "{}"


CALLS = [
    Case("sum", "帮我算一下 12×(3+4) 等于多少", "calculator", '{"expression": "12*(3+4)"}'),
    Case("sum in words", "3乘以4是多少", "calculator", '{"expression": "3*4"}'),
    Case("sum in English", "what is 1.5 x 4?", "calculator", '{"expression": "1.5*4"}'),
    Case("difference", "100-37=?", "calculator", '{"expression": "100-37"}'),
    Case("time", "现在几点了？", "clock"),
    Case("date in English", "What time is it in Europe/Paris?", "clock", '{"timezone": "Europe/Paris"}'),
    Case(
        "address",
        "总结一下 https://example.com/a-1?b=2，谢谢",
        "web_page",
        '{"url": "https://example.com/a-1?b=2"}',
    ),
    Case("order", "我的订单A20240117到哪了", "get_order", '{"order_id": "A20240117"}'),
    Case("order with hyphen", "Where is my order TEA-10086?", "get_order", '{"order_id": "TEA-10086"}'),
    Case("weather", "杭州今天天气怎么样", "get_weather", '{"city": "杭州"}'),
    Case("weather in English", "What's the weather in New York", "get_weather", '{"city": "New York"}'),
    Case("search", "帮我搜索龙井茶的产地", "web_search", '{"query": "帮我搜索龙井茶的产地"}'),
    Case("small talk", "你好，介绍一下你自己"),
    Case("a date is no sum", "2024-05-01 开门吗"),
    Case("a phone number is no sum", "请打 010-62345678"),
    Case("a marker is no order", "Q123456E 你好"),
    Case("half of what a tool needs", "write to tea@example.com"),
]


@pytest.mark.parametrize("case", CALLS, ids=lambda case: case.id)
def test_a_tool_is_called_when_the_message_obviously_fits(case):
    calls = ask(case.message, tools=TOOLS).tool_calls
    assert [call.name for call in calls] == ([case.name] if case.name else [])
    if calls:
        assert json.loads(calls[0].arguments) == json.loads(case.arguments)


def test_a_number_that_the_tool_does_not_take_is_not_meant_for_it():
    days = {"type": "integer", "minimum": 1, "maximum": 7}
    tool = {"name": "forecast", "description": "x", "parameters": {"properties": {"days": days}}}
    for message, called in (("386", 0), ("3", 1)):
        assert len(ask(message, tools=[{"function": tool}]).tool_calls) == called


def test_numbers_and_choices_are_taken_from_the_message():
    tool = function(
        "book_table",
        "预订座位",
        ["people", "room"],
        people={"type": "integer"},
        room={"type": "string", "enum": ["大厅", "包间"]},
    )
    (call,) = ask("帮我预订 4 位，要包间", tools=[tool]).tool_calls
    assert json.loads(call.arguments) == {"people": 4, "room": "包间"}


def assistant(said):
    """The message that goes back with the tool's result."""
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in said.tool_calls
    ]
    return {"role": "assistant", "content": said.text, "tool_calls": calls}


def test_a_tool_is_called_once_and_then_its_result_is_told():
    question = "现在几点了？"
    called = ask(question, tools=TOOLS)
    result = {"role": "tool", "tool_call_id": called.tool_calls[0].id, "content": "2025-11-21 09:40"}
    answer = ask(question, tools=TOOLS, more=[assistant(called), result])
    assert not answer.tool_calls
    assert "工具 **clock** 的结果：2025-11-21 09:40" in answer.text


def test_an_earlier_turn_s_tool_result_is_not_told_again():
    before = [{"role": "tool", "tool_call_id": "x", "content": "OLD"}, {"role": "user", "content": "谢谢"}]
    answer = ask("现在几点了？", more=before)
    assert "OLD" not in answer.text
    assert "第 2 条消息" in answer.text


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("你好 Q17E\n第二行", ["演示模型", "> 你好 Q17E\n> 第二行", "「模型」页"]),
        ("Hello Q17E", ["demo model", "> Hello Q17E", "Models page"]),
    ],
    ids=["zh", "en"],
)
def test_the_answer_quotes_the_message_in_its_language_and_says_how_to_get_a_real_model(question, expected):
    text = ask(question).text
    for part in expected:
        assert part in text
    assert text.count("**") >= 2
    assert "\n- " in text


def test_quotation_marks_in_the_prompt_become_inner_ones():
    assert "「你是『一叶茶铺』的客服」" in ask("在吗", system="你是「一叶茶铺」的客服。").text


def test_the_answer_says_in_a_few_words_what_prompt_it_was_given():
    text = ask("在吗", system="你是一叶茶铺的客服。回答要简短。").text
    assert "「你是一叶茶铺的客服」" in text
    assert "回答要简短" not in text


NOTES = """你是一叶茶铺的客服。

资料：
- 满 99 元包邮，新疆和西藏除外。
- 龙井每斤 300 元，铁观音每斤 260 元。
Shipping takes three days. Returns are accepted within seven days."""


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("龙井多少钱一斤", "龙井每斤 300 元，铁观音每斤 260 元。"),
        ("多少钱可以包邮？我在新疆", "满 99 元包邮，新疆和西藏除外。"),
        ("Are returns accepted later?", "Returns are accepted within seven days."),
        ("明天下雨吗", ""),
    ],
)
def test_the_closest_sentence_of_the_notes_is_quoted(question, sentence):
    assert answers.closest(NOTES, question) == sentence
    assert f"**{sentence}**" in ask(question, system=NOTES).text or not sentence


def test_the_tools_on_offer_are_listed_when_none_fits():
    text = ask("你好", tools=TOOLS).text
    assert "`calculator`" in text
    assert "`get_order`" in text


def test_of_a_picture_with_words_the_words_are_quoted():
    parts = [{"type": "text", "text": "这是什么茶"}, {"type": "image_url", "image_url": {"url": "https://x"}}]
    assert "> 这是什么茶" in ask(parts).text


@pytest.mark.parametrize(
    "messages", [[], [{"role": "system", "content": "x"}]], ids=["nothing", "no question"]
)
def test_it_answers_even_without_a_question(messages):
    assert answers.answer(messages, []).text


def test_streamed_pieces_make_the_same_answer():
    answer = ask("你好" * 50)
    assert "".join(piece.text for piece in answer.pieces()) == answer.text == answer.whole().text


def test_the_same_question_gets_the_same_answer():
    assert ask("你好", system=NOTES, tools=TOOLS) == ask("你好", system=NOTES, tools=TOOLS)
