"""Feet of pages that were pasted along are no text, and what they cut in two is whole again."""

import pytest

from runtime.knowledge.cutting import cut
from runtime.knowledge.feet import without_feet

LONG = "滤芯每十二个月更换一次，更换前请先关闭进水阀并拔下电源插头，待管路泄压后再打开前盖取出旧的滤芯"


def pages(foot, many=5):
    return "\n".join(f"{LONG} {n}。\n\n{foot.format(n=n, m=many)}\n" for n in range(1, many + 1))


@pytest.mark.parametrize(
    "foot",
    [
        "清泉家居产品与服务手册　　— {n} —",
        "滨江国际广场运维手册（2025 版）　　第 {n} 页",
        "第 {n} 页 共 {m} 页",
        "Page {n} of {m}",
        "User manual, p. {n}",
        "- {n} -",
        "{n} / {m}",
    ],
)
def test_a_line_that_counts_the_pages_is_gone(foot):
    assert without_feet(pages(foot)).strip().split("\n\n") == [f"{LONG} {n}。" for n in range(1, 6)]
    assert all(passage.text.startswith(LONG) for passage in cut(pages(foot)))


@pytest.mark.parametrize(
    "text",
    [
        pages("第 {n} 课"),  # a heading
        pages("第 {n} 页", 2),  # too few to know
        "\n".join(f"参见第 {n} 页" for n in (7, 3, 99, 12)),  # it does not count
        "\n".join(f"{n}" for n in range(1, 9)),  # a column of a table
        "\n".join(f"{LONG}{LONG}第 {n} 页" for n in range(1, 9)),  # no line of its own
        "",
    ],
)
def test_what_only_looks_like_it_stays(text):
    assert without_feet(text) == text


def test_a_sentence_that_a_page_ends_in_goes_on():
    feet = [f"— {n} —" for n in (1, 2, 3)]
    text = f"{LONG}\n\n{feet[0]}\n\n放进新的。\n\n{feet[1]}\n\n短标题\n\n{feet[2]}\n\n{LONG}。"
    assert without_feet(text) == f"{LONG}\n放进新的。\n\n短标题\n\n{LONG}。"
