"""Fields in what people write: found by patterns, and read from what models answer."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from cost import cpu_seconds
from runtime.turn.fields.field import Field, schema_of
from runtime.turn.fields.heard import Asked, by_words
from runtime.turn.fields.reading import NO_OBJECT, read
from runtime.turn.fields.spotted import spotted

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
"""A Wednesday."""
DAY, TIME, COUNT, PHONE, MAIL = (
    Field(name=name, type=name) for name in ("date", "time", "number", "phone", "email")
)
NAME = Field(name="name", title="姓名")
SIZE = Field(name="size", type="choice", choices=["大杯", "中杯", "特大杯"])
SURE = Field(name="sure", type="yes_no")
THINGS = Field(name="things", title="要买的", type="list")


SAID = [
    ("3月5号下午三点半，两位", {"date": "2026-03-05", "time": "15:30", "number": 2}),
    ("二〇二七年一月二日", {"date": "2027-01-02"}),
    ("2月1日", {"date": "2027-02-01"}),
    ("明天晚上7:30", {"date": "2026-03-05", "time": "19:30"}),
    ("下周三", {"date": "2026-03-11"}),
    ("周五中午12点", {"date": "2026-03-06", "time": "12:00"}),
    ("March 9th at 3pm for 12 people", {"date": "2026-03-09", "time": "15:00", "number": 12}),
    ("next monday 14:05", {"date": "2026-03-09", "time": "14:05"}),
    ("2月30日", {"number": 2}),
    ("电话 138-1234-5678，邮箱 Ann@Example.com", {"phone": "13812345678", "email": "ann@example.com"}),
    ("想问一下十分简单的事", {}),
    ("共一千二百三十四块五", {"number": 1234.5}),
    ("一百二", {"number": 120}),
    ("三千五，一共", {"number": 3500}),
    ("一万二千元", {"number": 12000}),
    ("两万零五", {"number": 20005}),
    ("一百零二块", {"number": 102}),
    ("半天", {"number": 0.5}),
    ("两天半吧", {"number": 2.5}),
    ("3天半价", {"number": 3}),
    ("三块五毛", {"number": 3.5}),
    ("明早八点", {"date": "2026-03-05", "time": "08:00"}),
    ("明天三点半", {"date": "2026-03-05", "time": "03:30"}),
    ("半小时后", {"date": "2026-03-04", "time": "10:30"}),
    ("再过一个半小时叫我", {"date": "2026-03-04", "time": "11:30"}),
    ("十五个小时之后", {"date": "2026-03-05", "time": "01:00"}),
    ("三天后早上九点", {"date": "2026-03-07", "time": "09:00"}),
    ("两周后", {"date": "2026-03-18"}),
    ("in half an hour", {"date": "2026-03-04", "time": "10:30"}),
    ("in 20 minutes", {"date": "2026-03-04", "time": "10:20"}),
    ("Friday in 2 days", {"date": "2026-03-06", "number": 2}),
    ("超过30分钟", {"number": 30}),
    ("做了半天", {"number": 0.5}),
    ("-3.5 度", {"number": -3.5}),
    ("1,200 元", {"number": 1200}),
]


@pytest.mark.parametrize(("text", "found"), SAID, ids=[text for text, _ in SAID])
def test_what_has_a_form_of_its_own_is_found_without_a_model(text, found):
    assert spotted([DAY, TIME, COUNT, PHONE, MAIL], text, NOW) == found


def test_choices_answers_and_what_is_named_are_found_as_they_were_written():
    table = [
        (SIZE, "来个特大杯", "特大杯"),
        (SIZE, "大杯还是中杯好", None),
        (SURE, "好的", True),
        (SURE, "不用了谢谢", False),
        (SURE, "没问题", True),
        (SURE, "没错", True),
        (SURE, "没错了", True),
        (SURE, "没有", False),
        (SURE, "我想先看看你们的菜单再决定要不要订", None),
        (NAME, "姓名：张三丰，电话 13800000000", "张三丰"),
        (NAME, "name: Ann Lee", "Ann Lee"),
        (NAME, "我叫张三", None),
        (THINGS, "要买的：苹果、梨和桃", ["苹果", "梨", "桃"]),
    ]
    for field, text, value in table:
        assert spotted([field], text, NOW).get(field.name) == value, text


def test_two_fields_of_a_kind_take_what_is_named_for_each_and_no_number_twice():
    big = Field(name="adults", title="大人", type="number")
    small = Field(name="children", title="小孩", type="number")
    assert spotted([big, small], "小孩：1，大人：3", NOW) == {"adults": 3, "children": 1}
    assert spotted([big, small], "三个人", NOW) == {"adults": 3}


async def test_an_answer_is_read_whatever_stands_around_it_and_each_value_checked():
    order = Field(
        name="order",
        type="object",
        fields=[{"name": "item"}, {"name": "count", "type": "number"}],
    )
    lines = Field(name="lines", type="list", fields=[{"name": "sku"}, {"name": "n", "type": "number"}])
    fields = [DAY, COUNT, SIZE, SURE, order, lines, THINGS]
    said = """好的：```json
    {"date": "明天", "number": "三", "size": "来大杯", "sure": "不", "order": {"item": "茶", "count": 2},
     "lines": [{"sku": "a", "n": 1}, {"sku": 7, "n": "x"}], "things": ["a", null, 3], "extra": 1}```"""
    found = await read(fields, said, NOW)
    assert found.values == {
        "date": "2026-03-05",
        "number": 3,
        "size": "大杯",
        "sure": False,
        "order": {"item": "茶", "count": 2},
        "lines": [{"sku": "a", "n": 1}, {"sku": "7", "n": None}],
        "things": ["a", "3"],
    }
    assert found.wrong == ["lines.1.n: should be a number"]


async def test_what_is_no_answer_is_told_and_nothing_is_made_of_it():
    hostile = [
        "",
        "no json",
        "{broken",
        '{"a": ' * 5000 + "1" + "}" * 5000,
        "[1, 2]",
        'I was asked: {"type": "object", "properties": {"date": {"type": "string"}}}',
        '{"number": 1e999, "date": [1], "time": {"a": 1}, "sure": 7, "size": "巨大"}',
    ]
    fields = [DAY, TIME, COUNT, SIZE, SURE]
    for said in hostile:
        found = await read(fields, said, NOW)
        assert not any(found.values.values()), said[:40]
        assert found.wrong == [NO_OBJECT] if "sure" not in said else len(found.wrong) == 4


def test_the_schema_says_just_the_fields_and_each_may_be_null():
    schema = schema_of([COUNT, SIZE, THINGS])
    assert schema["properties"]["number"] == {"type": ["number", "null"]}
    assert schema["properties"]["size"]["enum"] == ["大杯", "中杯", "特大杯", None]
    assert schema["properties"]["things"]["description"] == "要买的"
    assert schema["additionalProperties"] is False


def test_a_field_that_nothing_can_fill_is_refused():
    nothing = {"name": "a", "type": "object"}
    twice = {"name": "a", "type": "list", "fields": [{"name": "x"}, {"name": "x"}]}
    for wrong in ({"name": "a", "type": "choice"}, nothing, twice):
        with pytest.raises(ValidationError):
            Field.model_validate(wrong)


def test_what_is_written_to_take_long_is_looked_through_at_once():
    words = "一 1 a@ a. 姓名： - 1,234 2026- 下 万 1: 十百千"
    pieces = [*words.split(), " ", "姓名   ", "\0", "jan "]
    fields = [DAY, TIME, COUNT, PHONE, MAIL, SIZE, SURE, NAME, THINGS]
    took = {piece: cpu_seconds(spotted, fields, piece * 50_000, NOW) for piece in pieces}
    assert max(took.values()) < 0.4, took


COUNTS = [
    ("天数", "days", "帮我安排一次旅行", None),
    ("天数", "days", "我们3个人去", None),
    ("天数", "days", "我们3个人去，玩4天", 4),
    ("天数", "days", "玩三天", 3),
    ("天数", "days", "3", 3),
    ("Days", "days", "a trip for 2 people", None),
    ("人数", "guests", "三位", 3),
    ("人数", "guests", "订 2 个小时，5 个大人", 5),
    ("数量", "amount", "来 2 份", 2),
    ("数量", "amount", "三个人", 3),
    ("小时", "hours", "2个小时", 2),
    ("人均预算", "budget", "300元", 300),
    ("月租", "rent", "改成 3000 块", 3000),
]


@pytest.mark.parametrize(("title", "name", "said", "number"), COUNTS)
def test_a_number_of_something_else_is_not_taken(title, name, said, number):
    assert spotted([Field(name=name, title=title, type="number")], said, NOW).get(name) == number


def test_who_counts_in_another_unit_is_asked_once_more():
    months = Field(name="months", title="租几个月", type="number")
    for tries, found in ((0, {}), (1, {"months": 90})):
        assert by_words([months], Asked(asked="months", tries=tries), "90天", NOW) == found
