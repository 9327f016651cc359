"""What every channel owes on which something can be chosen by a tap; and the others, which show lines."""

import pytest
from test_contract import claiming, rows

from runtime.channels import ApiAnswer, Channel, ChoiceLimits, Chooses, Frame, WebResponse
from runtime.choices import Choice, Choices, written

QUESTION = "要办什么？"
OPTIONS = [Choice("查订单", "orders"), Choice("退货", "return")]
MANY = [Choice(f"第 {n} 个", f"v{n}") for n in range(1, 11)]
LONG = [Choice("很长很长的一个选项，没有哪个按钮放得下它这么多字" * 2, "a"), Choice("短", "b")]


@claiming(Channel)
@pytest.mark.parametrize("options", [OPTIONS, MANY, LONG], ids=["few", "many", "long"])
def test_an_answer_that_offers_something_ends_in_a_part_that_has_it(tables, options):
    *before, last = tables.channel.parts(f"第一段。\n\n{QUESTION}{written(options)}")
    assert last.kind == "choices"
    assert [Choice(**one) for one in last.data["options"]] == options
    assert tables.channel.limits.size(last.text) <= tables.channel.limits.room
    said = "".join(part.text for part in (*before, last))
    assert all(f"{n}. {one.text}" in said for n, one in enumerate(options, 1))
    assert said.count(QUESTION) == said.count("第一段。") == 1
    assert "menu:" not in said


@claiming(Chooses)
def test_what_is_offered_is_something_to_tap_within_its_limits(tables):
    limits = tables.channel.choice_limits
    assert isinstance(limits, ChoiceLimits)
    assert limits.fit(Choices(QUESTION, OPTIONS))
    assert not limits.fit(Choices(QUESTION, [Choice(f"{n}", f"{n}") for n in range(limits.most + 1)]))
    assert not limits.fit(Choices(QUESTION, [Choice("字" * (limits.text + 1), "a")]))
    assert not limits.fit(Choices(QUESTION, [Choice("a", "字" * limits.value)]))
    assert not limits.fit(Choices("", OPTIONS))
    assert not limits.fit(Choices(QUESTION, [*OPTIONS, OPTIONS[0]])), "two say the same"


@rows(Chooses, "offered")
def test_what_is_offered_becomes(tables, row):
    channel = tables.channel
    if row.greeting:
        assert channel.greet_choices(row.choices, row.greeting, "k1") == row.request
        return
    assert channel.push_choices(row.choices, tables.to, "k1", row.after) == row.request
    assert channel.push_choices(row.choices, tables.to, "k1", row.after) == row.request


@rows(Chooses, "tapped")
def test_what_shows_that_it_was_tapped(tables, row):
    shown = tables.channel.chosen(row.message, row.offered, tables.now)
    assert (tables.opened(shown) if isinstance(shown, WebResponse) else shown) == row.shown
    assert not isinstance(shown, Frame) or shown.key


@claiming(Chooses)
def test_a_message_that_is_no_tap_changes_nothing_shown(tables):
    for row in tables.incoming:
        for message in row.messages:
            if message.data.get("event") != "menu":
                assert tables.channel.chosen(message, None, tables.now) is None


@rows(Chooses, "settled")
def test_what_leaves_nothing_to_tap_on_what_was_sent(tables, row):
    handle = tables.channel.handle(row.answer)
    assert bool(handle) == (row.request is not None)
    assert not handle or tables.channel.settle(handle, row.words, tables.to) == row.request


@claiming(Chooses)
def test_what_gave_nothing_to_settle_it_by_is_left_as_it_is(tables):
    for told in ({}, {"errcode": 0, "response_code": 7}, {"response_code": "x" * 5000}):
        assert tables.channel.handle(ApiAnswer(200, told)) == ""
