"""However an answer is cut into pieces, what is shown in the end is the same, and never what is blocked."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from runtime.safety.chain import Chain
from runtime.safety.checks import Uses
from runtime.safety.settings import Safety
from runtime.safety.showing import Showing
from runtime.safety.words.lists import WordLists

MASKED = {"type": "words", "words": ["赌博", "加微信", "!增加威信", "casino", "buy drugs"], "action": "mask"}
LINKS = {"type": "links", "deny": ["evil.com"], "action": "replace", "instead": "[-]"}
BLOCKED = {"type": "words", "words": ["毒品"], "action": "block"}
PARTS = [
    "赌博", "睹 博", "加微信", "增加威信", "jia wei xin", "du博", "c.a.s.i.n.o", "cas1no", "casinos",
    "buy drugs", "http://evil.com/a?b=c", "see evil。com ok", "https://good.com", "bit.ly/x", "你好，",
    "hello ", "微", "赌", "c", " ", "\u200b", "。", "1", "@", "$", "I", "毒", "品",
    "evil[.]com", "e\u200bvil.com", "evil(dot)com", "(", "[", "www.evil.com", "\u200b" * 30, "\u0301" * 9,
    "d.u.b.o", "d u b o", "d.", ".", "du3bo2", "du3", "caaasinooo", "ooo", "(asino", "赌〇博", "㊙",
    "\x1f", "\x0c", "\x85", "O", "caaasinooo O",
]  # fmt: skip


def chain(tmp_path, *checks):
    safety = Safety.model_validate({"checks": checks})
    uses = Uses(models=None, lists=WordLists(tmp_path))
    return Chain(safety.checks, 5, uses, "zh")


def shown(through, text, cuts):
    """What stands there in the end; None when it is void."""
    showing, ends = Showing(through), [0, *sorted(cuts), len(text)]
    pieces = [showing.take(text[a:b]) for a, b in itertools.pairwise(ends)] + [showing.end()]
    return None if None in pieces else "".join(pieces)


TEXTS = some.lists(some.sampled_from(PARTS) | some.text(max_size=3), max_size=12).map("".join)


@settings(max_examples=200, deadline=None)
@given(text=TEXTS, cuts=some.lists(some.integers(0, 60), max_size=12))
def test_it_is_that_of_the_whole(tmp_path_factory, text, cuts):
    through = chain(tmp_path_factory.getbasetemp(), MASKED, LINKS, BLOCKED)
    cuts = [min(cut, len(text)) for cut in cuts]
    assert shown(through, text, cuts) == shown(through, text, [])


@pytest.mark.parametrize("word", ["毒品", "毒 品", "毐品", "du品"])
def test_nothing_of_what_is_blocked_is_shown_before_it_is_known(tmp_path, word):
    showing = Showing(chain(tmp_path, BLOCKED))
    came = [showing.take(sign) for sign in f"我说{word}。"]
    assert None in [*came, showing.end()]
    assert "".join(piece or "" for piece in came) == "我说"


def test_no_more_is_held_back_than_may_be_a_word(tmp_path):
    showing = Showing(chain(tmp_path, MASKED))
    assert showing.take("今天天气") == "今天天气"
    assert showing.take("加微") == ""
    assert showing.take("笑了吧") == "加微笑了吧"


@pytest.mark.parametrize("sign", ["\u200b", "\u0301", "\ufe0f", "\u00ad", "\u202e"])
def test_a_flood_of_what_nobody_sees_is_not_held(tmp_path, sign):
    showing = Showing(chain(tmp_path, BLOCKED, LINKS))
    came = [showing.take("我说毒")]
    for _ in range(3000):
        came.append(showing.take(sign))
        assert len(showing) < 300
    came += [showing.take("品。"), showing.end()]
    assert None in came
    assert "毒" not in "".join(one or "" for one in came)


async def test_what_is_shown_piece_by_piece_is_what_is_judged_as_a_whole_in_a_flood(tmp_path):
    through = chain(tmp_path, MASKED)
    text = "加" + "\u200b" * 500 + "微信和" + "\u0301" * 99 + "好"
    outcome = await through.judge("out", text)
    assert outcome.text == shown(through, text, [7, 90, 300, 301, 502])


def test_where_a_check_is_broken_that_must_not_be_passed_nothing_is_shown(tmp_path):
    gone = {"type": "words", "lists": ["gone"], "on_failure": "block"}
    assert Showing(chain(tmp_path, gone)).take("你好") is None
    assert Showing(chain(tmp_path, {**gone, "on_failure": "pass"})).take("你好") == "你好"
