"""What was thought of answers, in the insights: listed, counted by version, opened, made a test."""

import asyncio
import json
import time

import pytest
from insights_world import World, drawn, show, words

from builder.actions import bound, click
from builder.actions.judging import ask_scores, switch_thumbs
from builder.actions.taken_cases import Talks, keep_rated
from builder.actions.whose import ByStore
from builder.insights.desk import desk
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission
from runtime.errors import BadSettings
from runtime.publish import changing
from runtime.store.control.records import Publication
from runtime.store.messages.ratings import answer_mark
from runtime.testing.suites import Suites
from runtime.trying.kept_chat import new_turn
from runtime.trying.kept_chats import KeptChats
from runtime.trying.rated import rated


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    object.__setattr__(desk(), "tried", lambda since, until: rated(tmp_path / "data", since, until))
    return made


def tried(folder, question, answer, good, note="", by=OWNER.id, **of):
    """A rated turn of the playground, behind another that nobody rated: (its chat, its id)."""
    kept = KeptChats(folder / "data", "shop", by)
    chat = kept.begin()
    for said in ("先前问的", question):
        turn = new_turn(chat.tip, [{"role": "user", "content": said}], time.time())
        turn.said.append({"role": "assistant", "content": answer, "metadata": {"id": "answer"}})
        turn.tried, turn.events = dict(of), [{"type": "replied", "text": answer}]
        kept.add(chat, turn)
        chat = kept.find(chat.id)
    kept.rate(chat.id, turn.id, good, note)
    return chat.id, turn.id


def test_ratings_of_the_playground_stand_beside_real_ones_counted_by_version(world, tmp_path):
    chat, turn = tried(tmp_path, "几点<b>关门", "不知道", good=False, note="要答九点", name="v3")
    tried(tmp_path, "几点开门", "九点", good=True, by="somebody")
    seq = world.message(text="有货吗", reply="没有", version=2, key="k")
    mark = answer_mark("shop-1", "o-secret-open-id", "k", seq)
    told = {"data": {"event": "rated", "of": mark, "verdict": "bad"}}
    world.message(kind="event", state="silent", text="太敷衍", message=json.dumps(told))
    page = show("feedback")
    said, markup = words(page), drawn(page)
    for expected in ("几点<b>关门", "要答九点", "几点开门", "太敷衍", "v3", "v2", "当时的编排"):
        assert expected in said, expected
    assert "先前问的" not in said
    assert f"chat={chat}" in markup
    assert markup.count("../play?") == 1  # another's chat is not opened
    assert turn in markup
    page.selectbox(key="feedback_verdict").set_value("good").run()
    rows = words(page).split("逐条")[1]
    assert "几点开门" in rows
    assert "关门" not in rows


@pytest.mark.parametrize("shown", ["feedback", "overview"])
def test_an_agent_is_called_by_its_name(world, tmp_path, shown):
    object.__setattr__(desk(), "agent_name", {"shop": "一叶茶铺"}.get)
    mark = answer_mark("shop-1", "o-secret-open-id", "k", world.message(text="有货吗", reply="没有", key="k"))
    told = {"data": {"event": "rated", "of": mark, "verdict": "bad"}}
    world.message(kind="event", state="silent", message=json.dumps(told))
    table = drawn(show(shown)).partition("不满意")[2]
    assert "一叶茶铺" in table
    assert ">shop<" not in table


def test_nothing_is_told_where_nothing_was_rated(world):
    assert "这段时间没有评价" in words(show("feedback"))
    assert "No feedback" in words(show("feedback", lang="en"))


async def test_one_click_makes_a_test_of_it_with_what_was_before_in_ones_own_chat_alone(world, tmp_path):
    (tmp_path / "agents").mkdir(exist_ok=True)
    talks = Talks(world.control, tmp_path / "data")
    talks.agents.mkdir(parents=True, exist_ok=True)
    flow = [{"type": "reply", "id": "say", "text": "好"}]
    (talks.agents / "shop.json").write_text(json.dumps({"id": "shop", "name": "店", "flow": flow}), "utf-8")
    for by, lines in ((OWNER.id, ["先前问的", "问"]), ("somebody", ["问"])):
        chat, turn = tried(tmp_path, "问", "答", good=False, by=by)
        asked = {"action": "keep_rated", "args": {"agent": "shop", "chat": chat, "turn": turn}}
        made = await click(bound(talks, keep_rated), asked, OWNER)
        assert made["ok"], made
        suite = Suites(talks.agents, tmp_path / "data").open("shop")[0]
        case = next(one for one in suite.cases if one.id == made["value"]["case"])
        assert [one.says for one in case.lines] == lines
    looks = Actor("looks", frozenset({Permission.AGENTS_EDIT}))
    assert not (await click(bound(talks, keep_rated), asked, looks))["ok"]
    gone = {"action": "keep_rated", "args": {"agent": "shop", "chat": chat, "turn": "gone"}}
    assert not (await click(bound(talks, keep_rated), gone, OWNER))["ok"]


def test_points_are_counted_by_version_and_operator_with_what_people_wrote(world):
    said = "等了<b>一小时"
    for n, (points, by) in enumerate(((5, ""), (4, ""), (1, "ann"))):
        seq = world.message(text="有货吗", reply="没有", version=2, key=f"k{n}")
        asked = {"data": {"score": seq, "by": by}}
        key = f"score {seq}"
        question = world.message(kind="start", reply="满意吗", key=key, message=json.dumps(asked))
        mark = answer_mark("shop-1", "o-secret-open-id", key, question)
        told = {"data": {"event": "scored", "of": mark, "score": points}}
        text = said if by else ""
        world.message(kind="event", state="silent", text=text, message=json.dumps(told))
    page = show("feedback")
    for expected in ("平均 3.3 分，3 次打分", said, "ann", "4.5", "1.0"):
        assert expected in words(page), expected
    assert "<b>一" not in drawn(page)


def test_typed_thumbs_and_questions_are_switched_where_somebody_may_publish(world):
    actions = bound(world.control, switch_thumbs, ask_scores, whose=ByStore(world.control, world.path))
    desk_now = desk()
    object.__setattr__(desk_now, "lets", lambda name, args: actions[name].lets(world.who, args))

    def done(name, args):
        return asyncio.run(click(actions, {"action": name, "args": args}, world.who))

    object.__setattr__(desk_now, "act", done)
    for expected in (True, False):
        show("feedback").button(key="thumbs_shop-1").click().run()
        assert world.control.publication("shop-1").judged is expected
    for after in (60, 0):
        page = show("feedback")
        if after:
            page.selectbox(key="scores_after").set_value(after).run()
        page.button(key="scores_shop-1").click().run()
        assert world.control.publication("shop-1").score_after == after
    world.who = Actor("reader", [Permission.CONVERSATIONS_READ])
    buttons = [one.key for one in show("feedback").button]
    assert not {"thumbs_shop-1", "scores_shop-1"} & set(buttons)


def test_where_programs_ask_no_switch_is_offered_and_none_is_thrown(world):
    world.control.save_publication(
        Publication(id="asked-1", agent="shop", channel="api", version=1, created_at=0)
    )
    object.__setattr__(desk(), "lets", lambda name, args: True)
    keys = {one.key for one in show("feedback").button}
    assert {"thumbs_shop-1", "scores_shop-1"} <= keys
    assert not {"thumbs_asked-1", "scores_asked-1"} & keys
    for turn in (lambda: changing.let_judge(world.control, "asked-1", judged=True),
                 lambda: changing.ask_scores(world.control, "asked-1", 30)):  # fmt: skip
        with pytest.raises(BadSettings):
            turn()
    assert changing.let_judge(world.control, "asked-1", judged=False).judged is False
