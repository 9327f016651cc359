"""Underscores and tildes in an answer: which are marks, and how each chat that has such marks shows them."""

import pytest

from runtime import channels

SHOWN = {
    "_重要_ 和 ~~作废~~": "<i>重要</i> 和 <s>作废</s>",
    "原价~~199元~~现价99": "原价<s>199元</s>现价99",
    "~~$199~~, now (_only_) $99": "<s>$199</s>, now (<i>only</i>) $99",
    "see _[the list](https://a.example/b_c_d)_": 'see <i><a href="https://a.example/b_c_d">the list</a></i>',
    "**_both_** and **~~gone~~**": "<b><i>both</i></b> and <b><s>gone</s></b>",
    "<del>old</del> new": "<s>old</s> new",
    "_a_b_": "<i>a_b</i>",
    "**a ~~b** c~~": "<b>a <s>b</s></b><s> c</s>",
}
LEFT = [
    "snake_case_name, user_id, _id and __init__.py ___",
    "https://a.example/_x_y_/~~z~~",
    "他_说_了",
    "太好了~~我们走吧~~ 好的~~ 明天见~~",
    "^_^ 你好 ^_^ -_- T_T (_ _)",
    "a _ b _ c ~~ d ~~ e",
    "~~~",
    "_over\ntwo lines_",
]


@pytest.mark.parametrize("written", SHOWN)
def test_what_is_marked_is_shown_so(written):
    assert channels.registry()["telegram"].render(written) == [SHOWN[written]]


@pytest.mark.parametrize("written", LEFT)
def test_what_is_no_mark_stays_as_it_was_written(written):
    assert channels.registry()["telegram"].render(written) == [written]
    assert channels.registry()["wechat"].render(written) == [written]


@pytest.mark.parametrize(
    ("name", "written", "shown"),
    [
        ("slack", "_so_ ~~gone~~", "_so_ ~gone~"),
        ("whatsapp", "_so_ ~~gone~~", "_so_ ~gone~"),
        ("slack", "原价~~199元~~现价", "原价~~199元~~现价"),
        ("whatsapp", "**~~gone~~**", "~gone~"),
        ("wechat", "_so_ ~~gone~~ <s>too</s>", "_so_ ~~gone~~ ~~too~~"),
    ],
)
def test_what_was_struck_out_never_reads_as_if_it_stood(name, written, shown):
    assert channels.registry()[name].render(written) == [shown]


def test_what_is_struck_stays_so_in_both_halves_of_a_cut():
    first, second = channels.registry()["telegram"].render(f"{'字' * 3400}（~~{'划' * 400}~~）")
    assert first.endswith("划</s>")
    assert second.startswith("<s>划")
