"""When a backup is due, what of the older ones stays, and how it goes by itself."""

import asyncio
import json
import os
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from backup_world import filled, tree

from beside_server import until
from runtime.backups.key_files import make_key
from runtime.backups.plan import AGAIN, Last, Plan, Plans, due_at, to_go
from runtime.backups.planned import run_due
from runtime.backups.watching import Watching
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.locks import alone_or_not

pytestmark = pytest.mark.of_files
MARK, DAY = "0123abcd", 24 * 3600
SHANGHAI = "Asia/Shanghai"


def at(text, place=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(place)).timestamp()


NOW = at("2026-11-30 12:00")
GOOD = {"ended": 1.0, "good_at": 1.0}


def good(day):
    return Last(begun=at(f"{day} 03:00"), **GOOD)


def plan(**values):
    given = {"to": "/b/", "every": "day", "at": "03:00", "mark": MARK, "since": at("2026-11-01 12:00")}
    return Plan.model_validate(given | values)


DUE = {
    "the first, the next night": ({"since": NOW}, Last(), NOW, SHANGHAI, "2026-12-01 03:00"),
    "the next one": ({}, good("2026-11-30"), NOW, SHANGHAI, "2026-12-01 03:00"),
    "missed while it was off": ({}, good("2026-11-20"), NOW, SHANGHAI, "2026-11-21 03:00"),
    "on Sundays": ({"every": "week"}, good("2026-11-29"), NOW, SHANGHAI, "2026-12-06 03:00"),
    "in another zone": (
        {"since": NOW}, Last(), NOW, "Europe/Berlin", at("2026-12-01 03:00", "Europe/Berlin"),
    ),
    "at an hour that the change leaves out": (
        {"at": "02:30", "since": at("2026-03-28 12:00", "Europe/Berlin")}, Last(),
        at("2026-03-28 13:00", "Europe/Berlin"), "Europe/Berlin", at("2026-03-29 03:00", "Europe/Berlin"),
    ),
    "a clock that was ahead": ({}, Last(begun=NOW + 900 * DAY, **GOOD), NOW, SHANGHAI, "2026-12-01 03:00"),
    "failed": ({}, Last(begun=NOW - 60, ended=NOW - 50, failures=2), NOW, SHANGHAI, NOW - 60 + AGAIN),
    "died": ({}, Last(begun=NOW - 60), NOW, SHANGHAI, NOW - 60 + AGAIN),
    "failed before it was decided anew": (
        {"since": NOW}, Last(begun=NOW - 60, ended=NOW - 50, failures=2), NOW, SHANGHAI, "2026-12-01 03:00",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DUE)
def test_when_the_next_is_due(case):
    values, last, now, place, due = DUE[case]
    assert due_at(plan(**values), last, place, now) == (at(due) if isinstance(due, str) else due)


def name(day, mark=MARK, end=".tar.gz.age"):
    return f"hongyan-{mark}-{day}T190000Z{end}"


OURS = [name(f"202611{day:02}") for day in range(1, 31)]
BY_HAND, PLAIN = "hongyan-20200101T000000Z.tar.gz", name("20261101", end=".tar.gz")
OTHERS = name("20200101", "f" * 8)
GOES = {
    "the newest seven stay": ({}, OURS, OURS[:-7]),
    "and one a week": ({"keep": 2, "keep_weeks": 3}, OURS, [*OURS[:21], *OURS[22:28]]),
    "fewer than that": ({}, OURS[:5], []),
    "others' are nobody's business": ({"keep": 1}, [OTHERS, "x.gz", BY_HAND, OURS[0]], []),
    "a name that only looks so": (
        {"keep": 1}, [OURS[3], f"{OURS[1]}.part", f"../{OURS[1]}", name("20261399")], [],
    ),
    "from a future that was none": ({"keep": 1}, [name("20990101"), OURS[1], OURS[2]], [OURS[1]]),
    "plain ones count alike": ({"keep": 1}, [PLAIN, OURS[1]], [PLAIN]),
}  # fmt: skip


@pytest.mark.parametrize("case", GOES)
def test_what_is_let_go(case):
    values, names, gone = GOES[case]
    assert sorted(to_go(names, plan(**values), NOW)) == sorted(gone)


@pytest.fixture
async def home(tmp_path):
    home = await filled(tmp_path / "home")
    make_key(tmp_path / "key")
    given = {"to": f"{tmp_path}/out/", "key_file": str(tmp_path / "key"), "keep": 2, "since": NOW - DAY}
    Plans(home / "data").decide(plan(**given))
    return home


async def test_what_is_due_is_made_checked_and_the_oldest_goes(home, tmp_path):
    made = []
    for day in range(4):
        outcome = run_due(home, SHANGHAI, lambda day=day: NOW + day * DAY)
        assert run_due(home, SHANGHAI, lambda day=day: NOW + day * DAY + 60).last is None  # not due again
        made.append(outcome.last.file)
        assert (outcome.last.good_at, outcome.gone) == (NOW + day * DAY, int(day > 1))
    assert sorted(str(path) for path in (tmp_path / "out").iterdir()) == made[2:]
    assert not [path for path in (home / "data").iterdir() if path.name.startswith(".checking-")]


async def test_one_of_several_makes_it(home):
    with alone_or_not(home / "data" / "backup.lock"):
        assert run_due(home, SHANGHAI, lambda: NOW).last is None
    assert run_due(home, SHANGHAI, lambda: NOW).last.failures == 0


async def test_one_that_fails_keeps_the_older_ones_and_is_tried_again(home, tmp_path):
    good = run_due(home, SHANGHAI, lambda: NOW).last
    before = tree(tmp_path / "out")
    key = (tmp_path / "key").read_bytes()
    (tmp_path / "key").unlink()
    for number in (1, 2):
        failed = run_due(home, SHANGHAI, lambda number=number: NOW + DAY + number * AGAIN).last
        assert (failed.failures, failed.good_at, failed.file) == (number, NOW, good.file)
        assert "cannot be read" in failed.why.en
    assert run_due(home, SHANGHAI, lambda: NOW + DAY + 2 * AGAIN + 60).last is None
    assert tree(tmp_path / "out") == before
    (tmp_path / "key").write_bytes(key)
    assert run_due(home, SHANGHAI, lambda: NOW + DAY + 4 * AGAIN).last.failures == 0


async def test_one_that_does_not_come_back_whole_takes_nobodys_place(home, tmp_path):
    def broken(*given):
        raise BadSettings(Text("坏的", "It does not come back."))

    run_due(home, SHANGHAI, lambda: NOW)
    before = tree(tmp_path / "out")
    for number in (1, 2, 3):
        last = run_due(home, SHANGHAI, lambda number=number: NOW + DAY + number * AGAIN, broken).last
        assert (last.failures, last.why.en) == (number, "It does not come back.")
    assert tree(tmp_path / "out") == before


async def test_a_place_that_is_away_is_told(home, tmp_path):
    (tmp_path / "out").write_text("a file stands in its way")
    assert run_due(home, SHANGHAI, lambda: NOW).last.failures == 1


def script(home, last, code=0):
    """A process that notes that, and ends so."""
    rows = json.dumps({"records": {"1": last.model_dump(mode="json")}})
    return (
        "/bin/sh",
        "-c",
        f"printf '%s' \"$0\" > '{home}/data/control/backups/last.json'; exit {code}",
        rows,
    )


async def rung(watching, now):
    again = await watching.run_due(now)
    if watching._running:
        await watching._running
    return again


async def test_the_owner_is_told_when_it_fails_once_and_when_it_is_over(home):
    told = []
    watching = Watching(home, lambda: SHANGHAI, lambda text: told.append(text.en), ())
    failed = {"ended": 9.0, "trouble": {"zh": "满了", "en": "The disk is full."}}
    later, well = NOW + 26 * AGAIN, NOW + 28 * AGAIN
    steps = [
        (NOW, script(home, Last(begun=NOW, failures=1, **failed), 2), "The disk is full."),
        (NOW + AGAIN, script(home, Last(begun=NOW + AGAIN, failures=2, **failed), 2), ""),
        (later, script(home, Last(begun=later, failures=3, **failed), 2), "The disk is full."),
        (well, script(home, Last(begun=well, ended=10.0, file="/b/x"), 0), "well again"),
        (NOW + 60 * AGAIN, ("/bin/false",), "ended unexpectedly"),
    ]  # fmt: skip
    for now, program, words in steps:
        watching._program = program
        told.clear()
        await rung(watching, now)
        assert bool(told) == bool(words), (now, told)
        assert words in "".join(told)


async def test_it_is_started_once_and_not_before_its_time(home, tmp_path):
    began = tmp_path / "began"
    watching = Watching(home, lambda: SHANGHAI, print, ("/bin/sh", "-c", f"echo x >> '{began}'"))
    assert await rung(watching, NOW - 20 * 3600) > NOW - 20 * 3600
    assert not began.exists()
    for seconds in (0, 5, 10):  # another instance is at it: this one looks again after a while
        await rung(watching, NOW + seconds)
    assert began.read_text() == "x\n"
    Plans(home / "data").end()
    assert await watching.run_due(NOW + 9000) is None


HANGS = ("/bin/sh", "-c", "exec sleep 50")


@pytest.mark.parametrize(
    ("program", "words"), [(HANGS, "not done after"), (("/no/such/program",), "cannot be started")]
)
async def test_one_that_hangs_or_cannot_begin_is_told_and_tried_again(home, program, words):
    told = []
    tell = lambda text: told.append(text.en)  # noqa: E731 # shorter
    watching = Watching(home, lambda: SHANGHAI, tell, program, longest=0.05)
    await rung(watching, NOW)
    assert len(told) == 1
    assert words in told[0]
    before = watching._running
    await rung(watching, NOW + AGAIN)
    assert watching._running is not before
    assert len(told) == 1


async def test_a_clock_that_was_ahead_delays_none(home, tmp_path):
    began = tmp_path / "began"
    watching = Watching(home, lambda: SHANGHAI, print, ("/bin/sh", "-c", f"echo x >> '{began}'"))
    for now in (NOW + 365 * 24 * 3600, NOW, NOW + 5):
        await rung(watching, now)
    assert began.read_text() == "x\nx\n"


async def test_with_the_program_its_process_ends(home, tmp_path):
    began = tmp_path / "began"
    program = ("/bin/sh", "-c", f"echo $$ > '{began}.new'; mv '{began}.new' '{began}'; exec sleep 50")
    watching = Watching(home, lambda: SHANGHAI, print, program)
    await watching.run_due(NOW)
    await until(began.exists)
    watching._running.cancel()
    await asyncio.gather(watching._running, return_exceptions=True)
    with pytest.raises(ProcessLookupError):
        os.kill(int(began.read_text()), 0)
