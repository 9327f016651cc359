"""The page of the week: beside the week before, of chosen publications, and sent every week from there."""

import asyncio
import time
from functools import partial

import pytest
from insights_world import World, drawn, show, words

from builder.actions import bound, click
from builder.actions.weekly import send_weekly, stop_weekly
from builder.insights.desk import desk
from builder.insights.mount import _week, _week_of
from runtime.access.actor import COMMAND_LINE, OWNER, Actor
from runtime.access.membership import Membership
from runtime.access.permissions import Permission
from runtime.access.users import Users
from runtime.publish.weekly import choose_report, planned
from runtime.store.control.records import Publication
from runtime.store.control.user_records import Given
from runtime.store.messages.insights import Insights

DAY = 86_400.0


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    actions = bound(made.control, send_weekly, stop_weekly)
    insights = Insights(made.path)
    for name, value in {
        "week": lambda back, ids: asyncio.run(_week(insights, made.control, back, ids, None)),
        "week_of": partial(_week_of, made.control),
        "announcing": lambda: ["group-1"],
        "act": lambda name, args: asyncio.run(click(actions, {"action": name, "args": args}, made.who)),
        "lets": lambda name, args: name in actions and actions[name].lets(made.who, args),
    }.items():
        object.__setattr__(desk(), name, value)
    return made


def test_the_last_whole_week_stands_beside_the_one_before(world):
    last, before = world_weeks(world)
    world.message(at=last.since + DAY, text="几点<b>开门")
    world.message(at=last.since + 2 * DAY, text="几点<b>开门", failure="model")
    world.message(at=before.since + DAY, text="能退吗")
    world.message(text="今天的")
    page = show("weekly")
    said, markup = words(page), drawn(page)
    assert "几点<b>开门" in said
    assert "<b>开门" not in markup
    assert "今天的" not in said
    assert "能退吗" not in said
    page.selectbox(key="week_back").set_value(1).run()
    assert "能退吗" in words(page)


def test_weeks_in_which_nobody_wrote_are_said_to_be_so_without_zeros(world):
    _, before = world_weeks(world)
    world.message(at=before.since - DAY)
    said = words(show("weekly"))
    assert "这一周和前一周都没有人写来" in said
    assert "最贵的" not in said
    world.message(at=before.since + DAY)
    assert "这一周和前一周都没有人写来" not in words(show("weekly"))


def group(world):
    """A publication that can write unasked."""
    made = Publication(id="group-1", agent="shop", channel="wecom_group", version=1, created_at=0)
    world.control.save_publication(made.model_copy(update={"settings": {"key": "0" * 36}}))
    world.control.freeze("group-1", {"id": "shop", "name": "茶铺"})


def test_it_is_sent_every_week_where_the_owner_says_and_not_any_more(world):
    group(world)
    world.message()
    page = show("weekly")
    page.text_input(key="weekly_at").set_value("25:00")
    page.button(key="start_weekly").click().run()
    assert world.control.options().report is None
    page.text_input(key="weekly_at").set_value("18：30")
    page.selectbox(key="weekly_day").set_value("fri")
    page.button(key="start_weekly").click().run()
    assert world.control.options().report.cron == "30 18 * * 5"
    assert "18:30" in words(show("weekly"))
    show("weekly").button(key="stop_weekly").click().run()
    assert world.control.options().report is None


def test_who_may_not_change_settings_is_offered_nothing(world):
    world.message()
    world.who = Actor("reader", [Permission.CONVERSATIONS_READ])
    assert "start_weekly" not in [one.key for one in show("weekly").button]


@pytest.mark.parametrize("may", [False, True])
def test_who_may_not_read_conversations_has_them_sent_nowhere(world, may):
    group(world)
    actions = bound(world.control, send_weekly)
    settings, reading = Permission.SETTINGS_EDIT, Permission.CONVERSATIONS_READ
    of_one = {reading: frozenset({"shop"})}  # of one agent alone
    who = Actor("settler", [settings, *([reading] if may else [])], of_one)
    args = {"publication": "group-1", "to": "", "day": "mon", "at": "09:00"}
    answer = asyncio.run(click(actions, {"action": "send_weekly", "args": args}, who))
    assert (reading.id in str(answer), world.control.options().report is not None) == (not may, may)


@pytest.mark.parametrize("role", ["admin", "viewer", ""])
def test_who_may_read_conversations_no_more_has_them_sent_no_more(world, role):
    group(world)
    control, members = world.control, Membership(world.control)
    Users(control).set_password("owner", "long enough")
    members.invite("ann", "", [Given(role="admin")], OWNER)
    choose_report(control, "group-1", "", "0 9 * * 1", 0.0, by=Users(control).actor("ann"))
    assert planned(control) is not None
    if role:
        members.give("ann", [Given(role=role)], OWNER)
    else:
        members.remove("ann", OWNER)
    assert (planned(control) is not None) == (role == "admin")
    choose_report(control, "group-1", "", "0 9 * * 1", 0.0, by=COMMAND_LINE)
    assert planned(control) is not None


def world_weeks(world):
    now = [_week_of(world.control, back) for back in (0, 1)]
    assert now[0].until <= time.time()
    return now
