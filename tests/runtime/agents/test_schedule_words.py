"""A schedule reads as people say it, and what has no words stays as it is written."""

import random
from datetime import UTC, datetime

import pytest

from runtime.agents.schedule import checked, upcoming
from runtime.agents.schedule_words import in_words
from runtime.errors import Wrong

SAID = [
    ("0 9 * * *", "每天 09:00", "daily at 09:00"),
    ("0 9,18 * * *", "每天 09:00、18:00", "daily at 09:00, 18:00"),
    ("0 8,10,12 * * *", "每天 08:00、10:00、12:00", "daily at 08:00, 10:00, 12:00"),
    ("0,30 8,10,12 * * *", "每天 08:00、08:30、10:00、10:30、12:00、12:30",
     "daily at 08:00, 08:30, 10:00, 10:30, 12:00, 12:30"),
    ("30 17 * * 5", "每周五 17:30", "every Friday at 17:30"),
    ("30 17 * * FRI", "每周五 17:30", "every Friday at 17:30"),
    ("0 9 * * 1-5", "周一到周五 09:00", "Monday to Friday at 09:00"),
    ("0 9 * * MON-FRI", "周一到周五 09:00", "Monday to Friday at 09:00"),
    ("0 10 * * 6,7", "周六、周日 10:00", "Saturday and Sunday at 10:00"),
    ("0 10 * * 0,2", "每周二、周日 10:00", "every Tuesday, Sunday at 10:00"),
    ("0 10 * * 0-6", "每天 10:00", "daily at 10:00"),
    ("0 8 1,15 * *", "每月 1、15 日 08:00", "on day 1, 15 of each month at 08:00"),
    ("0 8 1 1 *", "每年 1 月 1 日 08:00", "on day 1 of January at 08:00"),
    ("0 8 1 JAN,jul *", "每年 1 月、7 月 1 日 08:00", "on day 1 of January, July at 08:00"),
    ("0 8 * 6 *", "6 月的每天 08:00", "daily in June at 08:00"),
    ("0 8 1 * 1", "每月 1 日和每周一 08:00", "on day 1 of each month and every Monday at 08:00"),
    ("* * * * *", "每分钟", "every minute"),
    ("*/15 * * * *", "每 15 分钟", "every 15 minutes"),
    ("5 * * * *", "每小时的第 05 分", "every hour at minute 05"),
    ("0 */2 * * *", "每 2 小时的第 00 分", "every 2 hours at minute 00"),
    ("*/30 9-17 * * 1-5", "周一到周五，9 到 17 点之间每 30 分钟",
     "Monday to Friday, every 30 minutes from 9:00 to 17:59"),
    ("0 8-20 * * *", "8 到 20 点之间每小时的第 00 分", "every hour at minute 00 from 8:00 to 20:59"),
]  # fmt: skip
AS_WRITTEN = [
    "*/7 * * * *",  # not alike over the hour
    "0 */5 * * *",
    "0 0,2,4,6,8,10,13 * * *",
    "0 9 L * *",
    "0 9 * * 1#2",
    "0 9 1 1 1",
    "0 9 */2 * 1",
    "0 9 * *",
    "",
    "{n} 9 * * *",
    "soon",
    "99 9 * * *",
    "0 9 * * 8",
    "0 9 5-1 * *",
    "0/0 9 * * *",
]


@pytest.mark.parametrize(("cron", "zh", "en"), SAID)
def test_it_is_said_in_words(cron, zh, en):
    checked(cron.upper())
    assert (in_words(cron).zh, in_words(cron).en) == (zh, en)


@pytest.mark.parametrize("cron", AS_WRITTEN)
def test_what_has_no_words_stays_as_it_is(cron):
    assert in_words(cron).zh == in_words(cron).en == cron


def test_two_that_are_due_at_different_times_never_read_alike():
    chance, read = random.Random(5), {}
    for _ in range(400):
        cron = " ".join(chance.choice(some) for some in FIELDS)
        try:
            due = upcoming(checked(cron), None, START, 25)
        except Wrong:
            continue
        said = in_words(cron).en
        assert read.setdefault(said, (due, cron))[0] == due, (said, cron, read[said][1])
    assert len(read) > 150


START = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
FIELDS = (
    ("0", "5", "30", "*/15", "*", "0,30", "*/7"),
    ("9", "0", "9,18", "*", "*/2", "9-17", "8,12", "*/5"),
    ("*", "*", "*", "1", "1,15", "*/2", "1-7"),
    ("*", "*", "*", "1", "6,7", "JAN"),
    ("*", "*", "*", "1", "1-5", "0", "7", "MON", "6,0", "*/2", "2-4"),
)
