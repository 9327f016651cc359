"""A case that its file does not name is called by its condition, in the reader's language."""

import pytest
from dify_files import START, answer, app, node, when

from runtime.elsewhere import imported
from runtime.elsewhere._branch_names import case_name

NAMES = {
    "'refund' in message.text": ("包含「refund」", "contains “refund”"),
    "'a' not in message.text": ("不含「a」", "without “a”"),
    "message.text|string == 'yes'": ("是「yes」", "is “yes”"),
    "not (message.text|string == 'yes')": ("不是「yes」", "not “yes”"),
    "score|float > 5": ("> 5", "> 5"),
    "message.text|length >= 3": ("长度 >= 3", "length >= 3"),
    "(message.text|string).startswith('a')": ("开头是「a」", "begins with “a”"),
    "not values.a": ("没有内容", "is empty"),
    "values.a": ("有内容", "has something"),
    "('a' in x) and ('b' in y)": ("包含「a」 等", "contains “a”, …"),
    "x|sum % 2 == y": ("情况 2", "Case 2"),
    "'{{ 7*7 }}' in x": ("包含「{{ 7*7 }}」", "contains “{{ 7*7 }}”"),
    f"x == '{'a' * 99}'": (f"是「{'a' * 24}」", f"is “{'a' * 24}”"),
}


@pytest.mark.parametrize("when", NAMES)
def test_it_is_named_by_its_condition(when):
    words = case_name(when, 2)
    assert (words.zh, words.en) == NAMES[when]


def test_a_branch_of_dify_reads_in_both_languages():
    cases = when(("a", ["sys", "query"], "contains", "退款"), ("b", ["sys", "query"], "contains", "退款"))
    flow = app(
        nodes=[START, node("how", "if-else", cases=cases), answer("end", "x")],
        edges=[("start", "how"), ("how", "end", "a")],
    )
    for lang, name in (("zh", "包含「退款」"), ("en", "contains “退款”")):
        branch = next(block for _, block in imported(flow, lang=lang).agent.walk() if block.type == "branch")
        assert [case.title for case in branch.cases] == [name, f"{name}′"]
