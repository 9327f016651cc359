"""What operators, bases and people say is right leaves as lines that a model is tuned by."""

import re
import time
from argparse import Namespace
from dataclasses import replace

import pytest

from judged_world import JudgedWorld, lines
from runtime.access.actor import OWNER
from runtime.cli.feedback import export
from runtime.knowledge.sources.answers import learn
from runtime.knowledge.sources.bases import Bases
from runtime.lessons.exporting import exported
from runtime.lessons.hidden import Hiding
from runtime.lessons.lessons import _without, lessons, scored
from runtime.lessons.tried import tried_lessons
from runtime.message import Exchange
from runtime.settings import Settings
from runtime.store.messages.insights import Insights
from runtime.store.messages.people import Face
from runtime.testing.forgetting import Forgetting
from runtime.trying.kept_chat import KeptChat, Turn
from runtime.trying.kept_chats import KeptChats
from runtime.trying.rated import Rated


def told(world, form, knows=lambda text: ""):
    """The lines of everything."""
    with Insights(world.home / "data" / "messages.db").reading() as db:
        found = lessons(db, [one.id for one in world.control.publications()], 0.0, 1e12, knows)
    return "\n".join(exported(found, form, Hiding(world.control)))


@pytest.fixture
def world(tmp_path):
    return JudgedWorld(tmp_path)


@pytest.mark.usefixtures("engine")
def test_an_operators_words_are_right_and_the_agents_own_are_what_they_stand_instead_of(world):
    world.asked("你好", "您好")
    asked = world.asked("几点关门？", "不关门。")
    world.corrected(asked, "九点关门。", "周日八点。")
    before = [{"role": "user", "content": "你好"}, {"role": "assistant", "content": "您好"}]
    prompt = [*before, {"role": "user", "content": "几点关门？"}]
    right = {"role": "assistant", "content": "九点关门。\n周日八点。"}
    assert lines(told(world, "sft")) == [{"messages": [*prompt, right]}]
    wrong = {"role": "assistant", "content": "不关门。"}
    assert lines(told(world, "dpo")) == [{"prompt": prompt, "chosen": [right], "rejected": [wrong]}]


@pytest.mark.parametrize(
    ("verdicts", "knows", "sft", "dpo"),
    [
        (["good"], "", "不关门。", None),
        (["bad"], "", None, None),
        (["bad"], "九点。", "九点。", "不关门。"),
        (["bad"], "不关门。", "不关门。", None),
        (["bad", "good"], "九点。", "不关门。", None),
        (["good", "bad"], "", None, None),
        (["good", "none"], "", None, None),
    ],
)
def test_what_was_liked_is_right_and_what_was_disliked_is_where_a_table_says_better(
    world, verdicts, knows, sft, dpo
):
    asked = world.asked("几点关门？", "不关门。")
    for one in verdicts:
        world.judged(asked, one)
    talks, pairs = (lines(told(world, form, lambda text: knows)) for form in ("sft", "dpo"))
    assert [one["messages"][-1]["content"] for one in talks] == ([sft] if sft else [])
    assert [one["rejected"][0]["content"] for one in pairs] == ([dpo] if dpo else [])


@pytest.mark.usefixtures("engine")
def test_points_leave_with_the_conversation_they_are_of_and_nobodys_number(tmp_path):
    world = JudgedWorld(tmp_path, ["phone"])
    world.asked("你好", "您好")
    world.scored(world.asked("几点关门？", "不关门。"), 2, "打 13812345678 没人接")
    world.scored(world.asked("几点关门？", "九点。", sender="bob"), 5, sender="bob")
    with Insights(world.home / "data" / "messages.db").reading() as db:
        found = scored(db, ["shop-1"], 0.0, 1e12)
    text = "\n".join(exported(found, "scored", Hiding(world.control)))
    assert "138" not in text
    first, second = lines(text)
    assert (first["score"], first["messages"][-1]["content"], len(first["messages"])) == (2, "不关门。", 4)
    assert "没人接" in first["note"]
    assert (second["score"], "note" in second) == (5, False)


def test_what_was_thought_in_the_playground_says_so_and_shows_nobody(tmp_path):
    world = JudgedWorld(tmp_path)
    talk = [Exchange("我是 13812345678", "好")]
    one = Rated("shop", "ann", "c", "t", 1.0, True, "", "几点？", "九点，问 13812345678", "", talk)
    bad = replace(one, good=False, question="几点关门？", answer="不关门。", before=())
    same = tried_lessons([replace(bad, answer="九点。")], "", lambda text: "九点。")
    assert [lesson.instead for lesson in same] == [""]
    other = replace(one, agent="other")
    found = tried_lessons([one, bad, other], "shop", lambda text: "九点。" if "关门" in text else "")
    told = {form: "\n".join(exported(found, form, Hiding(world.control))) for form in ("sft", "dpo")}
    assert "138" not in told["sft"]
    assert {one["from"] for form in told for one in lines(told[form])} == {"playground"}
    answers = [one["messages"][-1]["content"][:2] for one in lines(told["sft"])]
    assert answers == ["九点", "九点"]
    assert [len(one["messages"]) for one in lines(told["sft"])] == [2, 4]
    assert [one["rejected"][0]["content"] for one in lines(told["dpo"])] == ["不关门。"]


HANDED = "update messages set handoff=1"
FAILED = "update moments set detail='model' where what='answered'"


@pytest.mark.parametrize("change", [HANDED, FAILED])
def test_what_handed_over_or_failed_is_no_bad_example(world, change):
    asked = world.asked("能退吗？", "我请同事来。")
    world.do(lambda messages: messages.database.write(lambda db: db.execute(change).rowcount))
    world.corrected(asked, "七天内能退。")
    assert "七天内能退" in told(world, "sft")
    assert told(world, "dpo") == ""


def test_nobody_judges_anothers_answer_nor_one_that_is_not_there(world):
    asked = world.asked("几点关门？", "九点。")
    world.judged((asked[0] + 50, asked[1]), "good")
    world.judged(asked, "good", of="1-000000000000")
    assert told(world, "sft") == ""


def test_of_somebody_who_was_forgotten_nothing_is_exported(world):
    world.judged(world.asked("我的秘密", "好"), "good")
    world.corrected(world.asked("又一个秘密", "不知道"), "知道了")
    world.judged(world.asked("几点", "九点", sender="bob"), "good", sender="bob")
    world.do(lambda messages: messages.remembered.erase(Face("shop-1", "ann"), world.now))
    assert [one["messages"][-1]["content"] for one in lines(told(world, "sft"))] == ["九点"]


def test_of_points_too_nothing_is_exported_of_somebody_who_was_forgotten(world):
    world.scored(world.asked("我的秘密", "好"), 2, "说了秘密")
    world.scored(world.asked("几点", "九点", sender="bob"), 5, sender="bob")
    world.do(lambda messages: messages.remembered.erase(Face("shop-1", "ann"), world.now))
    with Insights(world.home / "data" / "messages.db").reading() as db:
        assert [(one.sender, one.score) for one in scored(db, ["shop-1"], 0.0, 1e12)] == [("bob", 5)]


@pytest.mark.parametrize(("erased_at", "left"), [(99.0, 2), (100.0, 1), (None, 2)])
def test_what_was_rated_in_a_chat_that_plays_somebody_goes_with_them(world, capsys, erased_at, left):
    """What they said later, once they came back, stays."""
    data, mark = world.home / "data", "a" * 32
    chats = KeptChats(data, "shop", "owner")
    for n, made_of in enumerate(([{"who": mark, "at": 100.0}], [])):
        chat = KeptChat.new("shop", "owner", world.now)
        chat.made_of = made_of
        said = [
            {"role": "user", "content": f"问{n}"},
            {"role": "assistant", "content": f"答{n}", "metadata": {"id": "answer"}},
        ]
        chats.add(chat, Turn("t", "", world.now, said))
        chats.rate(chat.id, "t", True, "")
    if erased_at is not None:
        Forgetting(world.home / "agents", data).forget({mark: erased_at})
    world.now = time.time()
    assert len(lines(_printed(world, capsys, "sft", "")[0])) == left


def test_what_models_are_not_sent_is_in_no_line_and_the_same_is_the_same_in_one_conversation(tmp_path):
    world = JudgedWorld(tmp_path, kinds=["phone"])
    world.asked("我的电话是 13812345678", "记下了 13812345678")
    world.judged(world.asked("我的电话是多少？", "13812345678"), "good")
    world.judged(world.asked("我是 13812345678", "好，13812345678", sender="bob"), "good", sender="bob")
    text = told(world, "sft")
    assert "13812345678" not in text
    ann, bob = text.splitlines()
    assert len(set(re.findall(r"\[PHONE-\w+\]", ann))) == 1
    assert not set(re.findall(r"PHONE-\w+", ann)) & set(re.findall(r"PHONE-\w+", bob))
    assert text == told(world, "sft")


def test_of_a_version_that_is_gone_everything_is_hidden(world):
    world.judged(world.asked("写信给 ann@example.com", "好"), "good")
    assert "ann@example.com" in told(world, "sft")
    world.do(
        lambda messages: messages.database.write(
            lambda db: db.execute("update messages set version=99").rowcount
        )
    )
    assert "ann@example.com" not in told(world, "sft")


def test_the_command_prints_them_of_one_agent_with_the_tables_of_bases(world, capsys):
    bases = Bases(world.home)
    for base, answer in (("tea", "九点关门。"), ("tea-two", "问店里。")):  # the first one counts
        bases.create(base)
        learn(bases, base, "几点关门", answer)
    world.judged(world.asked("几点关门？", "不关门。"), "bad")
    printed = [_printed(world, capsys, form, agent) for form in ("sft", "dpo") for agent in ("shop", "other")]
    assert [len(lines(out)) for out, _ in printed] == [1, 0, 1, 0]
    assert "九点关门" in printed[2][0]
    assert "Nothing to export" in printed[1][1] or "没有可导出的" in printed[1][1]


def test_where_nobody_wrote_yet_there_is_nothing_to_export(world, capsys):
    assert _printed(world, capsys, "sft", "")[0] == ""


def _printed(world, capsys, form, agent):
    given = Namespace(form=form, agent=agent, days=90)
    export(given, Settings(home=world.home), OWNER, lambda: world.now)
    return capsys.readouterr()


@pytest.mark.parametrize("apart", ["\n", "\n\n"])
def test_what_the_agent_had_said_is_told_from_an_operators_words_old_and_new(apart):
    assert (
        _without(apart.join(["不关门。", "九点关门。", "周日八点。"]), ["九点关门。", "周日八点。"])
        == "不关门。"
    )
    assert _without(apart.join(["九点关门。", "周日八点。"]), ["九点关门。", "周日八点。"]) == ""
