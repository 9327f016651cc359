"""Reminders: a time that people say, checked by us; what is promised is told as it is."""

from datetime import datetime, timedelta

import pytest

from runtime.errors import ToolFailed
from runtime.time_zones import zone
from runtime.tools import Env, Promise, registry
from runtime.turn.keeping import RemindersHere

NOW = datetime(2026, 11, 29, 13, 0, tzinfo=zone("Asia/Shanghai"))


class Promising(RemindersHere):
    def __init__(self, promise):
        super().__init__()
        self.promise = promise

    async def set(self, at, text, once):
        await super().set(at, text, once)
        return self.promise


async def remind(reminders, **arguments):
    env = Env(None, NOW, {}, once="k", reminders=reminders)
    return await registry()["remind"](type="remind").call(arguments, env)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-11-30T09:00", "2026-11-30T09:00+08:00"),
        ("2026-11-30 09:00:30", "2026-11-30T09:00+08:00"),
        ("2026-11-30T01:00Z", "2026-11-30T09:00+08:00"),
        ("2026-11-29T13:00", "passed"),
        ("2026-11-29T12:59+08:00", "passed"),
        ("2028-01-01T09:00", "year ahead"),
        ("9999-12-31T23:59-12:00", ""),
        ("2026-11-30", "Write the time"),
        ("明天早上9点", "Write the time"),
        ("{{ now }}", "Write the time"),
        ("", "Write the time"),
        ("x" * 40, "Write the time"),
    ],
)
async def test_a_time_is_one_that_is_to_come_within_a_year_or_the_model_is_told(at, due):
    reminders = RemindersHere()
    if due.startswith("20"):
        assert (await remind(reminders, at=at, text="开会"))["at"] == due
        return
    with pytest.raises(ToolFailed) as failed:
        await remind(reminders, at=at, text="开会")
    assert due in failed.value.text.en
    assert await reminders.all() == []


@pytest.mark.parametrize(
    ("promise", "told"),
    [
        (Promise(1, "then"), "will be sent"),
        (Promise(1, "when_they_write", (NOW + timedelta(hours=48)).timestamp()), "Until 2026-12-01T13:00"),
        (Promise(1, "never"), "trial"),
    ],
)
async def test_what_is_promised_is_told_as_it_is(promise, told):
    answer = await remind(Promising(promise), at="2026-11-30T09:00", text="开会")
    assert told in answer["delivery"]


async def test_a_person_lists_and_cancels_their_own():
    reminders = RemindersHere()
    await remind(reminders, at="2026-11-30T09:00", text="开会")
    listed = await remind(reminders, action="list")
    assert [(one["id"], one["text"], one["weekday"]) for one in listed["reminders"]] == [
        (1, "开会", "Monday")
    ]
    assert await remind(reminders, action="cancel", id=1) == {"cancelled": 1}
    for wrong in (
        {"action": "cancel", "id": 1},
        {"action": "cancel"},
        {"at": "2026-11-30T09:00", "text": " "},
    ):
        with pytest.raises(ToolFailed):
            await remind(reminders, **wrong)
    with pytest.raises(ToolFailed):
        await remind(None, at="2026-11-30T09:00", text="开会")
