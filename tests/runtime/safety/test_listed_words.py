"""Listed words are found in disguise, at their places; what only looks like them is not."""

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from bench.phrases import MADE_UP, SETS, is_found, phrases, unseen
from runtime.errors import BadSettings, Conflict, NotFound
from runtime.safety.chain import Chain
from runtime.safety.checks import Uses, registry
from runtime.safety.words.lists import MOST_WORDS, WordLists
from runtime.safety.words.matching import Matcher
from runtime.safety.words.spellings import pattern
from script import Script


def matcher(*words):
    listed = [pattern(word.lstrip("!="), allowed=word[0] == "!", as_written=word[0] == "=") for word in words]
    return Matcher(listed)


def found(text, *words):
    return [text[one.start : one.end] for one in matcher(*words).find(text)]


@pytest.mark.parametrize(
    ("word", "text", "there"),
    [
        ("赌博", "来赌​ 博吧", "赌​ 博"),
        ("赌博", "来賭博吧", "賭博"),
        ("赌博", "来睹博吧", "睹博"),
        ("赌博", "来du博吧", "du博"),
        ("加微信", "请加 ｗｅｉ 信。", "加 ｗｅｉ 信"),
        ("加微信", "jia wei xin 谢谢", "jia wei xin"),
        ("casino", "my c.a.s.i.n.o!", "c.a.s.i.n.o"),
        ("casino", "my CАS1NO.", "CАS1NO"),
        ("casino", "c̶a̶s̶i̶n̶o", "c̶a̶s̶i̶n̶o"),
        ("buy drugs", "Buy  Drugs now", "Buy  Drugs"),
        ("加vx", "加🅥x", "加🅥x"),
    ],
)
def test_a_disguised_word_is_found_at_its_place(word, text, there):
    assert found(text, word) == [there]


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("赌博", "他爱赌，博学的人"),
        ("赌博", "成都博物馆"),
        ("赌博", "读博士"),
        ("casino", "occasinos"),
        ("therapist", "the rapist"),
        ("can", "C. A. Newman"),
        ("=贱人", "见人就笑"),
    ],
)
def test_what_only_looks_like_it_is_not_found(word, text):
    assert found(text, word) == []


def test_what_is_allowed_is_no_match_and_neither_is_what_is_in_it():
    assert found("增加威信，加威信", "加微信", "!增加威信") == ["加威信"]


def test_of_the_phrases_nearly_all_are_found_and_nearly_none_that_are_harmless(tmp_path):
    lists = WordLists(tmp_path).matcher(["basic"], MADE_UP)
    known = phrases()
    meant, harmless = [one for one in known if one.is_meant], [one for one in known if not one.is_meant]
    assert len(meant) + len(harmless) >= 400
    assert len(harmless) >= 150
    missed = [one.text for one in meant if not lists.find(one.text)]
    stopped = [one.text for one in harmless if lists.find(one.text)]
    assert len(missed) <= 0.03 * len(meant), missed
    assert len(stopped) <= 0.01 * len(harmless), stopped


def test_a_list_is_a_file_that_counts_as_soon_as_it_is_written(tmp_path):
    lists = WordLists(tmp_path)
    saved = lists.save("mine", "# note\n蓝杉会\n!蓝杉会议\n".encode())
    assert (saved.words, saved.allowed, saved.is_given) == (1, 1, False)
    assert lists.matcher(["mine"]).find("蓝杉会")
    (tmp_path / "words" / "mine.txt").write_text("灰塔运动的人\n", encoding="utf-8")
    assert not lists.matcher(["mine"]).find("蓝杉会")
    token = lists.remove("mine")
    with pytest.raises(NotFound):
        lists.matcher(["mine"])
    assert lists.restore(token) == "mine"
    assert lists.names() == ["basic", "mine"]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("../up", b"word", BadSettings),
        ("basic", b"word", Conflict),
        ("mine", b"\xff\xfe", BadSettings),
        ("mine", b"# only a note", BadSettings),
        ("mine", b"!!!", BadSettings),
        ("mine", b"x" * 65, BadSettings),
        ("mine", b"\n".join(b"w%d" % i for i in range(MOST_WORDS + 1)), BadSettings),
    ],
)
def test_what_is_no_list_is_refused_and_leaves_nothing(tmp_path, name, content, error):
    with pytest.raises(error):
        WordLists(tmp_path).save(name, content)
    assert not list(tmp_path.rglob("*.txt"))


def test_a_list_that_is_compiled_keeps_nobody_waiting_whose_lists_are(tmp_path):
    known, went_on = [], threading.Event()

    def compiled(patterns):
        if known:
            asked = threading.Thread(target=lambda: lists.matcher(["basic"]) is known[0] and went_on.set())
            asked.start()
            asked.join(5)
        return Matcher(patterns)

    lists = WordLists(tmp_path, made=compiled)
    known.append(lists.matcher(["basic"]))
    lists.matcher(["basic"], ["更多"])
    assert went_on.is_set()


def test_within_a_turn_lists_stay_as_they_were_when_it_began(tmp_path):
    lists = WordLists(tmp_path)
    lists.save("own", "赌博".encode())
    check = registry()["words"].model_validate({"type": "words", "lists": ["own"]})
    turn = Uses(Script(), lists)
    assert check.found("赌博", turn)
    lists.save("own", "毒品".encode())
    assert check.found("赌博", replace(turn, seconds=1))
    assert not check.found("赌博", Uses(Script(), lists))


@pytest.mark.parametrize(
    ("text", "words", "there"),
    [
        ("a ᴄᴀꜱɪɴᴏ b", ["casino"], ["ᴄᴀꜱɪɴᴏ"]),
        ("ϲаѕıոօ", ["casino"], ["ϲаѕıոօ"]),
        ("ᑕᗩᔕIᑎO Ꮯasino", ["casino"], ["ᑕᗩᔕIᑎO", "Ꮯasino"]),
        ("caaasiiinooo caaasiiinooos", ["casino"], ["caaasiiinooo"]),
        ("(asino (casino) f(x)", ["casino"], ["(asino", "casino"]),
        ("赌〇博 赌丶博 赌㊙博 赌ㅤ博", ["赌博"], ["赌〇博", "赌丶博", "赌㊙博", "赌ㅤ博"]),
        ("du3bo2 du3 bo2 dubo3x", ["赌博"], ["du3bo2", "du3 bo2"]),
        ("d.u.b.o平台 d u b o ad.u.b.o d.u.b.ox", ["赌博"], ["d.u.b.o", "d u b o"]),
        ("二〇二五 dd3 u.s.a. a.b.c", ["赌博", "casino"], []),
    ],
)
def test_ways_to_hide_a_word(text, words, there):
    assert found(text, *words) == there


@pytest.mark.parametrize("among", SETS, ids=lambda one: one.file)
def test_of_what_the_rules_were_not_made_by_most_is_found_and_little_else(among):
    words = WordLists(Path("nowhere")).matcher(["basic"], MADE_UP)
    meant = [one for one in unseen(among) if one.is_meant]
    harmless = [one for one in unseen(among) if not one.is_meant]
    missed = [one.text for one in meant if not is_found(words, one.text)]
    wrong = [one.text for one in harmless if is_found(words, one.text)]
    assert len(missed) <= (1 - among.least) * len(meant), missed
    assert len(wrong) <= 1, wrong


def _held(tmp_path):
    """Lists that are compiled once it is set."""
    gate = threading.Event()

    def compiled(patterns):
        assert gate.wait(20)
        return Matcher(patterns)

    return WordLists(tmp_path, made=compiled, patience=0.05), gate


async def _judged(lists, text, policy="pass"):
    check = registry()["words"].model_validate({"type": "words", "lists": ["own"], "on_failure": policy})
    through = Chain([check], 0.1, Uses(Script(), lists), "zh")
    await through.prepare()
    return await through.judge("in", text)


@pytest.mark.parametrize("policy", ["pass", "block"])
async def test_a_turn_waits_for_its_first_lists_as_long_as_checks_may_take(tmp_path, policy):
    lists, gate = _held(tmp_path)
    lists.save("own", "赌博".encode())
    try:
        outcome = await _judged(lists, "来赌博", policy)
        [decision] = outcome.decisions
        assert decision.failed
        assert outcome.action == ("" if policy == "pass" else "block")
    finally:
        gate.set()
    await asyncio.to_thread(lists.matcher, ["own"])
    assert (await _judged(lists, "来赌博")).action == "block"


async def test_a_list_that_is_changed_is_in_force_once_it_is_compiled_and_the_old_one_until_then(tmp_path):
    lists, gate = _held(tmp_path)
    lists.save("own", "赌博".encode())
    gate.set()
    await asyncio.to_thread(lists.matcher, ["own"])
    assert (await _judged(lists, "来赌博")).action == "block"
    gate.clear()
    lists.save("own", "# another\n毒品\n".encode())
    try:
        for _ in range(2):
            assert (await _judged(lists, "来赌博")).action == "block"
            assert (await _judged(lists, "毒品")).action == ""
    finally:
        gate.set()
    await asyncio.to_thread(lists.matcher, ["own"])
    assert (await _judged(lists, "毒品")).action == "block"
    assert (await _judged(lists, "来赌博")).action == ""


def test_of_many_words_the_first_and_the_last_are_found():
    many = [f"word{'abcdefghij'[n % 10]}{n:04}x" for n in range(5_000)]
    assert found(f"a {many[0]} b {many[2500]} c {many[-1]} d", *many) == [many[0], many[2500], many[-1]]
