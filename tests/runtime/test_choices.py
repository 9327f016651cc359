"""What a person may choose from, as it stands at the end of an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.choices import (
    LONGEST_TEXT,
    LONGEST_VALUE,
    MOST,
    MOST_READ,
    Choice,
    Choices,
    numbered,
    read,
    written,
)

words = st.text(min_size=1, max_size=LONGEST_TEXT).map(lambda text: " ".join(text.split())).filter(bool)
values = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=LONGEST_VALUE)
values = values.map(lambda text: " ".join(text.split())).filter(bool)
OFFER = [Choice("查订单", "orders"), Choice("退 [货]", "我要退货 (急)")]


@given(
    st.lists(
        st.builds(Choice, words.filter(lambda one: one.isprintable()), values), min_size=1, max_size=MOST
    )
)
def test_what_is_written_is_read(options):
    assert read(f"要什么？{written(options)}") == ("要什么？", options)


@pytest.mark.parametrize(
    ("answer", "before", "texts"),
    [
        ("选：\n- [A](menu:a)\n- [B](menu:b)", "选：", ["A", "B"]),
        ("选：\n\n1. [A](menu:a)\n2、 [B](menu:b)\n", "选：", ["A", "B"]),
        ("- [A](menu:a)", "", ["A"]),
        ("- [A](menu:a)\n后面还有话", "- [A](menu:a)\n后面还有话", []),
        ("- [A](https://a.example/)", "- [A](https://a.example/)", []),
        ("- [](menu:a)", "- [](menu:a)", []),
        ("- [A](menu:%20)", "- [A](menu:%20)", []),
        ("没有选项", "没有选项", []),
        ("", "", []),
    ],
)
def test_only_a_list_at_the_end_is_one(answer, before, texts):
    found, options = read(answer)
    assert (found, [one.text for one in options]) == (before, texts)


def test_more_than_can_be_offered_stays_text():
    answer = "选：" + "".join(f"\n- [{n}](menu:{n})" for n in range(MOST_READ + 1))
    assert read(answer) == (answer, [])
    long = f"选：\n- [A](menu:{'a' * (LONGEST_VALUE + 1)})"
    assert read(long) == (long, [])


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1", "orders"), ("２。", None), ("2.", "我要退货 (急)"), (" 2、 ", "我要退货 (急)"), ("３", None),
        ("0", None), ("查订单", "orders"), ("orders", "orders"), ("12", None), ("1 和 2", None), ("", None),
    ],
)  # fmt: skip
def test_a_number_or_the_words_choose(typed, value):
    found = Choices("?", OFFER).said_by(typed)
    assert (found and found.value) == value


def test_how_to_choose_is_told_in_the_language_of_the_words_and_of_the_question_where_there_are_none():
    for question, options, hint in (
        ("几点来？", ["10:00", "11:30"], "（回复数字选择）"),
        ("When?", ["10:00", "11:30"], "(Reply with a number)"),
        ("Which of 青禾's?", ["Haircut"], "(Reply with a number)"),
        ("Which?", ["剪发"], "（回复数字选择）"),
    ):
        assert numbered(question, [Choice(one, one) for one in options]).endswith(hint)
