"""What stands for what models are not sent: the same for the same, put back however it comes."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.safety.masking.personal import KINDS
from runtime.safety.masking.standing import LETTERS, NAMES, Growing, Standing

PHONE, MAIL = "13800138000", "li@example.com"
SAID = f"打 {PHONE} 或写 {MAIL}"


def standing(key=b"one conversation", kinds=KINDS):
    return Standing(key, frozenset(kinds))


def mark(one, value=PHONE):
    [found] = re.findall(r"\[[A-Z]+-[A-Z]{12}\]", one.hidden(value))
    return found


def test_the_same_is_the_same_mark_in_one_conversation_and_another_in_another():
    one = standing()
    ways = (PHONE, "１３８ ００１３ ８０００", "+86 138-0013-8000")
    assert {mark(one, way) for way in ways} == {mark(standing())}
    assert mark(one) != mark(one, "13900139000")
    assert mark(one) != mark(standing(b"another"))


def test_a_mark_says_nothing_and_is_no_number():
    assert re.fullmatch(rf"\[PHONE-[{LETTERS}]{{12}}\]", mark(standing()))
    assert len(LETTERS) ** 12 > 2**50


HOW = {
    "as it is": lambda said: said,
    "small letters": str.lower,
    "no brackets": lambda said: said.replace("[", "").replace("]", ""),
    "angles": lambda said: said.replace("[", "<").replace("]", ">"),
    "wide ones": lambda said: said.replace("[", "【").replace("]", "】"),
    "braces": lambda said: said.replace("[", "{").replace("]", "}"),
    "escaped": lambda said: said.replace("[", "\\[").replace("]", "\\]"),
    "a space": lambda said: said.replace("-", " "),
    "a low line": lambda said: said.replace("-", "_"),
    "an escaped low line": lambda said: said.replace("-", "\\_"),
    "a long dash": lambda said: said.replace("-", "–"),
    "spaces within": lambda said: said.replace("[", "[ ").replace("]", " ]"),
}


@pytest.mark.parametrize("how", HOW)
def test_what_a_model_made_of_a_mark_is_put_back(how):
    one = standing()
    assert one.shown(HOW[how](one.hidden(SAID))) == SAID


def test_round_brackets_around_it_are_the_sentence_s_own():
    one = standing()
    code = one.hidden(PHONE)[1:-1]
    assert one.shown(f"（{code}）({code})") == f"（{PHONE}）({PHONE})"


def test_a_mark_that_somebody_wrote_is_words():
    one = standing()
    theirs = mark(standing(b"another"))
    assert one.hidden(f"{theirs} 是谁", by_person=True) == "(PHONE) 是谁"
    assert one.shown(theirs) == theirs
    own = one.hidden(PHONE)
    assert one.hidden(own, by_person=True) == "(PHONE)"
    assert one.hidden(own) == own


def test_a_tool_gets_it_as_programs_want_it_and_json_stays_json():
    one = standing()
    assert one.shown(one.hidden("+86 138-0013-8000"), plainly=True) == PHONE
    assert one.shown(one.hidden("+1 (415) 555-2671"), plainly=True) == "+14155552671"
    one._written = {"BCDFGHJKLMNP": 'a "b"\n'}
    assert one.shown('{"to": "[PHONE-BCDFGHJKLMNP]"}', in_json=True) == '{"to": "a \\"b\\"\\n"}'


def test_what_one_text_says_of_a_number_counts_in_the_others():
    one = standing()
    one.learn("卡号 4111111111111112")
    assert one.hidden("查 4111111111111112 的余额") == f"查 {mark(one, '4111111111111112')} 的余额"


def test_more_than_anybody_has_is_hidden_and_not_put_back():
    one = standing()
    one._codes = {str(i): "" for i in range(5000)}
    assert one.hidden(PHONE) == "[PHONE]"


WORDS = st.lists(
    st.sampled_from(
        [PHONE, "一三八零零一三八零零零", MAIL, "[", "]", "<", "PH", "[PHONE-", "EMAIL-", "PHONE-BCDF",
         "好", "P", "\\", " ", "BANKCARD", "ID", "card-", "ADDRESS_", "（", "x-"]
    ),
    max_size=12,
)  # fmt: skip
CHANGED = st.sampled_from(sorted(HOW))


@given(WORDS, CHANGED, st.lists(st.integers(1, 9), max_size=60))
@settings(max_examples=400, deadline=None)
def test_however_it_is_cut_the_same_is_shown_and_no_mark_in_between(words, how, cuts):
    one = standing()
    said = HOW[how](one.hidden("|".join(words)))
    growing, shown, at = Growing(one), [], 0
    for length in cuts:
        shown.append(growing.take(said[at : at + length]))
        at += length
    shown += [growing.take(said[at:]), growing.end()]
    assert "".join(shown) == one.shown(said)
    codes = "|".join(one._written) or "nothing"
    assert not re.search(codes, "".join(shown), re.IGNORECASE)


@given(st.text(alphabet="PHONEIDCARBKMLS-_ []<>{}\\BCDFGHJKLMNP", max_size=80), st.lists(st.integers(1, 5)))
@settings(max_examples=300, deadline=None)
def test_whatever_comes_is_shown_alike_in_pieces(said, cuts):
    one = standing()
    one._written = {"BCDFGHJKLMNP": PHONE}
    growing, shown, at = Growing(one), [], 0
    for length in cuts:
        shown.append(growing.take(said[at : at + length]))
        at += length
    assert "".join([*shown, growing.take(said[at:]), growing.end()]) == one.shown(said)


def test_little_is_held_back():
    growing = Growing(standing())
    assert growing.take("普通的一句话，没有标记。") == "普通的一句话，没有标记。"
    assert growing.take("[" * 5000)[:4900] == "[" * 4900


def test_every_kind_has_a_name_of_its_own():
    assert set(NAMES) == set(KINDS)
