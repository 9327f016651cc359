"""What an operator said is put into a base from where it is looked at, by whoever may change bases."""

import asyncio
import sqlite3

import pytest
from insights_world import World, show

from builder.actions import bound, click
from builder.actions.teaching import teach
from builder.insights.desk import desk
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission
from runtime.knowledge.sources.answers import known
from runtime.knowledge.sources.bases import Bases


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.bases = Bases(tmp_path)
    made.bases.create("tea", "茶单")
    actions = bound(made.bases, teach)
    for name, value in {
        "bases": lambda: [("tea", "茶单")],
        "act": lambda name, args: asyncio.run(click(actions, {"action": name, "args": args}, made.who)),
        "lets": lambda name, args: name in actions and actions[name].lets(made.who, args),
    }.items():
        object.__setattr__(desk(), name, value)
    return made


def answers(world):
    return known(world.bases.get_folder("tea") / "sources" / "answers.csv")


def test_a_message_is_taught_as_it_stands_or_as_it_is_changed(world):
    seq = world.message(text="几点\n开门？", reply="不知道")
    page = show("message", id=seq)
    assert page.text_area(key=f"teach_question_{seq}").value == "几点 开门？"
    page.text_area(key=f"teach_answer_{seq}").set_value("九点。")
    page.button(key=f"teach_keep_{seq}").click().run()
    assert not page.exception
    assert answers(world) == [("几点 开门？", "九点。")]
    page.text_area(key=f"teach_answer_{seq}").set_value(" ")
    page.button(key=f"teach_keep_{seq}").click().run()
    assert answers(world) == [("几点 开门？", "九点。")]


def test_numbers_of_whoever_asked_are_left_out_of_the_question(world):
    seq = world.message(text="我是 13800138000，a@example.com，能退吗", reply="能，打 13900139000")
    page = show("message", id=seq)
    asked = page.text_area(key=f"teach_question_{seq}").value
    assert "能退吗" in asked
    assert not [one for one in ("13800138000", "a@example.com") if one in asked]
    assert "13900139000" in page.text_area(key=f"teach_answer_{seq}").value  # the shop's own


def test_of_a_ticket_the_words_that_answer_the_last_message_are_proposed(world):
    first, last = world.message(text="在吗", reply="在"), world.message(text="能退吗", reply="能")
    with sqlite3.connect(world.path) as db:
        values = ("shop-1", "o-secret-open-id", last, "shop", 1.0)
        id = db.execute("insert into tickets(publication, sender, seq, agent, at) values(?,?,?,?,?)", values)
        for text, seq in (("在的", first), ("七天内能退", last), ("带上小票", last)):
            line = (id.lastrowid, text, seq)
            sql = "insert into ticket_lines(ticket, kind, by, text, at, message) values(?,'said','c',?,1,?)"
            db.execute(sql, line)
    page = show("ticket", id=id.lastrowid)
    assert page.text_area(key="teach_question_ticket").value == "能退吗"
    assert page.text_area(key="teach_answer_ticket").value == "七天内能退\n带上小票"


def test_it_is_offered_to_nobody_who_may_not_and_where_no_base_is(world):
    seq = world.message()
    assert f"teach_keep_{seq}" in _keys(show("message", id=seq))
    world.who = Actor("reader", [Permission.CONVERSATIONS_READ])
    assert f"teach_keep_{seq}" not in _keys(show("message", id=seq))
    world.who = OWNER
    object.__setattr__(desk(), "bases", lambda: [])
    assert f"teach_keep_{seq}" not in _keys(show("message", id=seq))


def _keys(page):
    return [one.key for one in page.button]
