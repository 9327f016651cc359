"""How old the newest backup is stands in /metrics: of a plan, by hand, and while none came to be."""

import pytest

from runtime.backups.plan import Last, Plan, Plans
from runtime.server.backup_age import BackupAge

NOW = 1_800_000_000.0
DAY = 86_400.0
PLAN = Plan(to="/b/", every="day", at="03:00", mark="0" * 8, since=NOW - 3 * DAY)


@pytest.mark.parametrize(
    ("plan", "last", "by_hand", "told"),
    [
        (None, None, 0.0, {}),
        (None, None, NOW - DAY, {"none": DAY}),
        (PLAN, None, 0.0, {"day": 3 * DAY}),
        (PLAN, None, NOW - 5 * DAY, {"day": 5 * DAY}),
        (PLAN, Last(good_at=NOW - 2 * DAY, failures=2), 0.0, {"day": 2 * DAY}),
        (PLAN, Last(good_at=NOW - 2 * DAY), NOW - DAY, {"day": DAY}),
        (PLAN.model_copy(update={"every": "week"}), Last(good_at=NOW + DAY), 0.0, {"week": 0.0}),
    ],
    ids=["nothing", "by hand", "planned", "planned later", "fails", "by hand beside", "a clock put right"],
)
async def test_it_is_the_newest_s_age(tmp_path, plan, last, by_hand, told):
    plans, looks = Plans(tmp_path), list[object]()
    if plan:
        plans.decide(plan)
    if last:
        plans.note(last)
    age = BackupAge(tmp_path, lambda: NOW, lambda path: looks.append(path) or by_hand)
    for _ in range(3):
        await age.look()
    assert {labels[0]: seconds for labels, seconds in age.counted()} == told
    assert len(looks) == 1  # asking often costs nothing


async def test_a_plan_that_cannot_be_read_takes_no_other_number_along(tmp_path):
    age = BackupAge(tmp_path)
    await age.look()
    (tmp_path / "control" / "backups").mkdir(parents=True)
    (tmp_path / "control" / "backups" / "plan.json").write_text("{", encoding="utf-8")
    assert list(age.counted()) == []
